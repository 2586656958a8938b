"""Files that nobody should send: each is answered by a sentence, and nothing of it is stored.

A case makes a file and names the options of its import; `says` must occur in the message, in its
hint or in a reason of the report.
"""

from __future__ import annotations

import sqlite3
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from gridmap.errors import GridmapError, InvalidInput
from gridmap.services.transfer import ImportRefused

POINT = '{"type":"Point","coordinates":[101.24,25.5]}'
GOOD = shapely.box(101.24, 25.5, 101.2401, 25.5001)


@dataclass(frozen=True)
class Case:
    """One file and what the answer says."""

    name: str
    make: Callable[[Path], Path]
    says: str
    options: dict[str, Any] = field(default_factory=dict)


def feature(geometry: str, properties: str = "{}") -> str:
    return f'{{"type":"Feature","properties":{properties},"geometry":{geometry}}}'


def collection(*features: str) -> Callable[[Path], Path]:
    return text('{"type":"FeatureCollection","features":[' + ",".join(features) + "]}")


def text(content: str | bytes, name: str = "file.geojson") -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(
            content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
        )
        return path

    return make


def area(*ring: tuple[float, float]) -> str:
    return feature(f'{{"type":"Polygon","coordinates":[{[list(point) for point in ring]}]}}')


def around(longitude: float, latitude: float, size: float = 1e-4) -> str:
    return area(
        (longitude, latitude), (longitude + size, latitude), (longitude + size, latitude + size),
        (longitude, latitude + size), (longitude, latitude),
    )  # fmt: skip


def archive(*members: tuple[str, bytes], **changes: Any) -> Callable[[Path], Path]:
    """A zip whose last member is changed in the directory as `changes` say."""

    def make(folder: Path) -> Path:
        path = folder / "file.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, content in members:
                info = zipfile.ZipInfo(name)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = changes.get("attributes", 0o644 << 16)
                packed.writestr(info, content)
        raw = bytearray(path.read_bytes())
        directory = raw.rindex(b"PK\x01\x02")
        if "size" in changes:
            struct.pack_into("<I", raw, directory + 24, changes["size"])
        if "flags" in changes:
            struct.pack_into("<H", raw, directory + 8, changes["flags"])
        path.write_bytes(raw)
        return path

    return make


def shapefile(folder: Path, **options: Any) -> Path:
    import pyogrio

    pyogrio.raw.write(
        folder / "houses.shp",
        shapely.to_wkb(np.array([GOOD])),
        [np.array(["中文"], dtype=object)],
        ["name"],
        geometry_type="Polygon",
        crs="EPSG:4326",
        encoding=options.get("encoding", "UTF-8"),
    )
    return folder / "houses.shp"


def without_prj(folder: Path) -> Path:
    path = shapefile(folder)
    path.with_suffix(".prj").unlink()
    return path


def without_dbf(folder: Path) -> Path:
    path = shapefile(folder)
    path.with_suffix(".dbf").unlink()
    return path


def lying_dbf(folder: Path) -> Path:
    path = shapefile(folder)
    raw = bytearray(path.with_suffix(".dbf").read_bytes())
    struct.pack_into("<I", raw, 4, 4_000_000_000)
    path.with_suffix(".dbf").write_bytes(raw)
    return path


def lying_shx(folder: Path) -> Path:
    path = shapefile(folder)
    raw = bytearray(path.with_suffix(".shx").read_bytes())
    struct.pack_into(">i", raw, 100, 2_000_000_000)
    path.with_suffix(".shx").write_bytes(raw)
    return path


def lying_cpg(folder: Path) -> Path:
    path = shapefile(folder, encoding="GBK")
    path.with_suffix(".cpg").write_text("UTF-8")
    return path


def without_cpg(folder: Path) -> Path:
    path = shapefile(folder, encoding="GBK")
    path.with_suffix(".cpg").unlink()
    return path


def database(*statements: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        import pyogrio

        path = folder / "file.gpkg"
        pyogrio.raw.write(
            path, shapely.to_wkb(np.array([GOOD])), [np.array(["a"], dtype=object)], ["name"],
            geometry_type="Polygon", crs="EPSG:4326", SPATIAL_INDEX="NO",
        )  # fmt: skip
        with sqlite3.connect(path) as connection:
            for statement in statements:
                connection.execute(statement)
        connection.close()
        return path

    return make


def disguised(folder: Path) -> Path:
    return database(
        "CREATE VIRTUAL TABLE spy USING fts5(a)",
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = 'CREATE/**/VIRTUAL TABLE spy USING fts5(a)' "
        "WHERE name = 'spy'",
    )(folder)


def entangled(folder: Path) -> Path:
    """A small file with endless rows: every page that names others names the same one."""
    path = database(
        "CREATE TABLE many AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
        "WHERE i < 5000) SELECT n.i AS other, file.* FROM n, file",
        "DELETE FROM file",
        "INSERT INTO file (geom, name) SELECT geom, name FROM many",
    )(folder)
    with sqlite3.connect(path) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'file'")
        (page,) = root.fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    raw = bytearray(path.read_bytes())
    start = (page - 1) * size
    assert raw[start] == 5  # an inner page of a table: header of 12 bytes, then cells' offsets
    cells = struct.unpack_from(">H", raw, start + 3)[0]
    offsets = struct.unpack_from(f">{cells}H", raw, start + 12)
    first = raw[start + offsets[0] : start + offsets[0] + 4]
    for offset in offsets:
        raw[start + offset : start + offset + 4] = first
    path.write_bytes(raw)
    return path


def sqlite(folder: Path) -> Path:
    with sqlite3.connect(folder / "file.gpkg") as connection:
        connection.execute("CREATE TABLE secrets (a)")
    connection.close()
    return folder / "file.gpkg"


def parquet(folder: Path) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"a": [1]}), folder / "file.parquet")
    return folder / "file.parquet"


def scribble(vertices: int) -> str:
    rng = np.random.default_rng(1)
    ring = rng.uniform(0, 0.001, (vertices, 2)) + np.array((101.24, 25.5))
    return area(*map(tuple, [*ring.round(7).tolist(), ring[0].round(7).tolist()]))


# The header of a GeoPackage's geometry, and a CIRCULARSTRING of three points.
ARC = f"x'{(b'GP' + struct.pack('<BBiBII6d', 0, 1, 4326, 1, 8, 3, 0, 0, 1, 1, 2, 0)).hex()}'"
VRT = (
    '<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/etc/passwd</SrcDataSource>'
    "</OGRVRTLayer></OGRVRTDataSource>"
)
KML = (
    '<?xml version="1.0"?><!DOCTYPE k [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>&x;</Document></kml>'
)
CSV = {"datum": "wgs84", "layer": "resource-points"}

CASES = [
    # Not what it says it is
    Case("an empty file", text(b""), "is empty"),
    Case("a file of zeros", text(b"\0" * 4096), "is empty"),
    Case("no features", collection(), "has no rows"),
    Case("a PDF", text(b"%PDF-1.7 ...", "plan.geojson"), "is a PDF"),
    Case("a VRT that names another file", text(VRT, "file.vrt"), "is XML"),
    Case("KML with an external entity", text(KML, "file.kml"), "is XML"),
    Case("a pipeline of commands as JSON",
         text('{"type":"gdal_streamed_alg","command_line":"gdal vector pipeline ! read /etc/passwd"}'),
         "no GeoJSON: its type is 'gdal_streamed_alg'"),
    Case("an address", lambda _: Path("/vsicurl/http://127.0.0.1:1/a.geojson"), "opens no addresses"),
    Case("no such file", lambda folder: folder / "none.gpkg", "There is no file"),
    Case("a folder", lambda folder: folder, "is no file"),
    Case("broken JSON", text('{"type":"FeatureCollection","features":[{'), "JSON is broken"),
    Case("two GeoJSON files put together",
         text(2 * '{"type":"FeatureCollection","features":[]}'), "Behind the end of the GeoJSON"),
    Case("a feature and a remark behind it",
         text('{"type":"Feature","geometry":null,"properties":{}} // end'), "Behind the end"),
    Case("features twice",
         text('{"type":"FeatureCollection","features":[],"features":[]}'), "`features` twice"),
    Case("a comma behind the last feature",
         text('{"type":"FeatureCollection","features":[{},]}'), "JSON is broken"),
    Case("JSON nested 100,000 deep", text('{"type":' * 100_000), "nested too deep"),
    Case("a number of 5,000 digits",
         collection(feature(POINT, f'{{"a":{"9" * 5000}}}')), "JSON is broken"),
    Case("GeoJSON in GBK", text('{"type":"FeatureCollection","features":[{"name":"中'.encode("gbk")),
         "no UTF-8"),
    Case("SQLite that is no GeoPackage", sqlite, "no GeoPackage"),
    Case("a GeoPackage with a view", database("CREATE VIEW spy AS SELECT * FROM sqlite_master"),
         "has a view (spy)"),
    Case("a GeoPackage with a virtual table on another thing",
         database("CREATE VIRTUAL TABLE spy USING fts5(a)"), "has a virtual table (spy"),
    Case("a GeoPackage with a virtual table in disguise", disguised, "has a virtual table (spy"),
    Case("a GeoPackage whose pages name each other", entangled, "its rows are in no order"),
    Case("a GeoPackage whose geometry is a text",
         database("UPDATE file SET geom = 'POINT (1 1)'"), "the geometry cannot be read"),
    Case("a GeoPackage with bytes in a column of texts",
         database("UPDATE file SET name = x'ff00'"), "holds binary data in the column name"),
    Case("a GeoPackage with a text that is no text",
         database("UPDATE file SET name = CAST(x'fffe' AS TEXT)"), "The file is broken"),
    Case("a GeoPackage with an arc among the straight lines",
         database("UPDATE file SET geom = " + ARC), "is curved"),
    Case("Parquet without geometry", parquet, "without the metadata of GeoParquet"),
    Case("a broken GeoPackage", text(b"SQLite format 3\0" + b"\xff" * 500, "file.gpkg"),
         "broken SQLite file"),
    Case("a broken FlatGeobuf", text(b"fgb\x03fgb\x00" + b"\xff" * 100, "a.fgb"), "is broken"),
    Case("a broken extract", text(b"\0\0\0\x0d\n\x09OSMHeader" + b"\xff" * 99, "a.osm.pbf"),
         "broken extract", {"layer": None}),
    # Archives
    Case("2 GB claimed in a zip", archive(("a.csv", b"lon,lat\n"), size=3_000_000_000),
         "GB unpacked"),
    Case("a zip bomb", archive(("a.csv", b"0" * 50_000_000)), "a zip bomb"),
    Case("1,001 members", archive(*((f"{i}.txt", b"") for i in range(1_001))), "more than 1000 members"),
    Case("path traversal in a zip", archive(("../../etc/a.csv", b"lon,lat\n1,1\n")),
         "points out of the archive"),
    Case("an absolute path in a zip", archive(("/etc/a.csv", b"lon,lat\n1,1\n")), "an absolute path"),
    Case("a drive letter in a zip", archive(("C:\\a.csv", b"lon,lat\n1,1\n")), "an absolute path"),
    Case("a symbolic link in a zip", archive(("a.csv", b"/etc/passwd"), attributes=0o120777 << 16),
         "is a symbolic link"),
    Case("a zip in a zip", archive(("a.zip", b"PK\x05\x06")), "archive inside the archive"),
    Case("a password", archive(("a.csv", b"lon,lat\n"), flags=1), "is encrypted"),
    Case("a zip that lies about a size", archive(("a.csv", b"lon,lat\n1,1\n" * 99), size=20),
         "broken zip archive"),
    Case("a zip without data", archive(("readme.txt", b"hello")), "no dataset"),
    Case("a zip with two datasets", archive(("a.csv", b"lon,lat\n"), ("b.csv", b"lon,lat\n")),
         "several datasets: a.csv, b.csv"),
    Case("a cut zip", text(b"PK\x03\x04" + b"\0" * 200, "a.zip"), "broken zip archive"),
    # Shapefiles
    Case("a shapefile without .prj", without_prj, "no .prj"),
    Case("a shapefile without .dbf", without_dbf, ".dbf is missing"),
    Case("a .dbf of 4,000,000,000 records", lying_dbf, "claims 4,000,000,000 records"),
    Case("a .shx that points outside", lying_shx, "points behind the end"),
    Case("a .cpg that lies", lying_cpg, "the .cpg says utf-8, and row 1, column name does not fit"),
    Case("Chinese without a .cpg", without_cpg, "nothing says which encoding"),
    Case("an encoding that does not exist", shapefile, "does not exist", {"encoding": "klingon"}),
    Case("the .dbf alone", lambda folder: shapefile(folder).with_suffix(".dbf"), "part of a shapefile"),
    # Coordinates
    Case("wrong CRS: metres read as degrees", collection(around(500_000, 2_820_000, 10)),
         "for CGCS2000 in three-degree zones EPSG:4534 to 4554"),
    Case("metres with a zone number", collection(around(34_500_000, 2_820_000, 10)), "EPSG:4522"),
    Case("feet as degrees", collection(around(6_700_000, 9_300_000, 10)), "metres or feet"),
    Case("degrees read as metres", collection(around(101.24, 25.5)), "look like degrees",
         {"crs": "EPSG:4543"}),
    Case("swapped axes", collection(around(25.5, 101.24)), "--swap-axes"),
    Case("swapped axes in the far west", collection(around(37.1, 79.9)), "--swap-axes"),
    Case("GCJ-02 in a national projection", collection(around(101.24, 25.5)), "contradict each other",
         {"crs": "EPSG:4543", "datum": "gcj02"}),
    Case("a CRS that does not exist", collection(around(101.24, 25.5)), "no reference system",
         {"crs": "EPSG:999999"}),
    Case("a CRS that is a file", collection(around(101.24, 25.5)), "is no code", {"crs": "+init=/etc/a:b"}),
    Case("NaN", collection(feature(POINT.replace("25.5", "NaN"))), "no finite number",
         {"layer": "resource-points"}),
    Case("1e999", collection(feature(POINT.replace("25.5", "1e999"))), "no finite number",
         {"layer": "resource-points"}),
    Case("lon 5000 among good rows",
         collection(around(101.24, 25.5), around(101.25, 25.5), around(5000, 25.5)),
         "longitude 5000"),
    Case("lat 91 among good rows",
         collection(around(101.24, 25.5), around(101.25, 25.5), around(101.24, 91)), "latitude 91"),
    Case("null island", collection(feature('{"type":"Point","coordinates":[0,0]}', '{"category":"a"}')),
         "where a position is missing", {"layer": "resource-points"}),
    Case("a row in the ocean",
         collection(*[around(101.24, 25.5 + i / 1000) for i in range(5)], around(-150, -30)),
         "km away from the place"),
    # Geometries
    Case("a bow-tie", collection(area((101, 25), (101.001, 25.001), (101.001, 25), (101, 25.001), (101, 25))),
         "self-intersection"),
    Case("a spiral that crosses itself everywhere", collection(scribble(20_000)), "hundreds of times"),
    Case("a million vertices", collection(scribble(300_000)), "vertices, more than 250,000"),
    Case("no area", collection(area((101, 25), (101.001, 25), (101.002, 25), (101, 25))), "no valid area"),
    Case("the whole earth", collection(area((-180, -90), (180, -90), (180, 90), (-180, 90), (-180, -90))),
         "360° wide", {"layer": "land-use", "mapped": {}}),
    Case("a building of a hundred km²", collection(around(101, 25, 0.1)), "no building"),
    Case("no geometry", collection(feature("null")), "has no geometry"),
    Case("an empty geometry", collection(feature('{"type":"Polygon","coordinates":[]}')), "is empty"),
    Case("a point in a layer of areas", collection(feature(POINT)), "is a point in a layer of areas"),
    Case("an area in a layer of points", collection(around(101.24, 25.5)),
         "is an area in a layer of points", {"layer": "resource-points"}),
    Case("coordinates that are words",
         collection(feature('{"type":"Point","coordinates":["a","b"]}')), "cannot be read"),
    Case("features that are none", collection("5", "null", '"x"'), "is no GeoJSON feature"),
    Case("nested WKT", text("wkt,category\n" + '"' + "GEOMETRYCOLLECTION(" * 9_000 + '",x\n', "a.csv"),
         "nested too deep", CSV),
    Case("WKT that is none", text("wkt,category\nPOINT(1,x\n", "a.csv"), "no WKT", CSV),
    # Values
    Case("negative households", collection(feature(
        shapely.to_geojson(GOOD), '{"households":-3}')), "households -3 is negative"),
    Case("households that are words", collection(feature(
        shapely.to_geojson(GOOD), '{"户数":"很多"}')), "is no number"),
    Case("households of 1e300", collection(feature(
        shapely.to_geojson(GOOD), '{"households":1e300}')), "is no count"),
    Case("NUL in a name", collection(feature(
        shapely.to_geojson(GOOD), '{"name":"a\\u0000b"}')), "character NUL"),
    Case("half a surrogate pair", collection(feature(
        shapely.to_geojson(GOOD), '{"name":"a\\ud800b"}')), "characters that are none"),
    Case("NUL deep inside", collection(feature(
        shapely.to_geojson(GOOD), '{"more":{"a":["\\u0000"]}}')), "character NUL"),
    Case("NaN in a property", collection(feature(
        shapely.to_geojson(GOOD), '{"more":[NaN]}')), "not finite"),
    Case("a name of a megabyte", collection(feature(
        shapely.to_geojson(GOOD), f'{{"name":"{"x" * 1_000_000}"}}')), "1,000,000 characters"),
    Case("a column with NUL in its name", collection(feature(
        shapely.to_geojson(GOOD), '{"a\\u0000b":1}')), "name of a column"),
    Case("an incident without a time", collection(feature(POINT, '{"category":"fire"}')),
         "has no time of report", {"layer": "incidents"}),
    Case("an incident at no time", collection(feature(
        POINT, '{"category":"fire","reported_at":"31/12/2025"}')), "is no time", {"layer": "incidents"}),
    Case("an incident of no state", collection(feature(
        POINT, '{"category":"fire","reported_at":"2025-12-31","state":"gone"}')),
         "'gone' is none of reported", {"layer": "incidents"}),
    Case("an incident closed before it began", collection(feature(
        POINT, '{"category":"fire","reported_at":"2025-12-31","closed_at":"2025-12-30"}')),
         "before it was reported", {"layer": "incidents"}),
    Case("a territory without a code", collection(feature(
        shapely.to_geojson(GOOD), '{"name":"x"}')), "has no code", {"layer": "territories"}),
    Case("a territory of 11 digits", collection(feature(
        shapely.to_geojson(GOOD), '{"name":"x","code":"12345678901"}')),
         "no code of 12 digits", {"layer": "territories"}),
    Case("a code that a spreadsheet has eaten", collection(feature(
        shapely.to_geojson(GOOD), '{"name":"x","code":"5.32325E+11"}')),
         "lost its last digits", {"layer": "territories"}),
    Case("the same code twice", collection(*[feature(
        shapely.to_geojson(GOOD), '{"code":"B1"}')] * 2), "occurs twice"),
    # CSV
    Case("CSV without coordinates", text("a,b\n1,2\n", "a.csv"), "no columns of coordinates", CSV),
    Case("CSV with words as coordinates", text("lon,lat,category\neast,north,x\n", "a.csv"),
         "no number of degrees", CSV),
    Case("CSV with rows of another length", text("lon,lat,category\n101.24,25.5\n", "a.csv"),
         "2 fields where the header has 3", CSV),
    Case("CSV with a quote that never ends",
         text('lon,lat,category\n101.24,25.5,"' + "x" * 9_000_000, "a.csv"), "not closed", CSV),
    # Options
    Case("a place that is no key", collection(around(101.24, 25.5)), "place", {"place": "../etc"}),
    Case("a property that there is not", collection(around(101.24, 25.5)), "no property 'salary'",
         {"mapped": {"a": "salary"}}),
    Case("a column that there is not", collection(feature(shapely.to_geojson(GOOD), '{"b":1}')),
         "no column a", {"mapped": {"a": "name"}}),
    Case("a layer that there is not", collection(around(101.24, 25.5)), "layer", {"layer": "secrets"}),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_is_refused_in_words_and_nothing_is_stored(case, tmp_path, load, everything) -> None:
    path = case.make(tmp_path)
    before = everything()
    options = {"layer": "buildings", "place": "hostile"} | case.options
    with pytest.raises(GridmapError) as refused:
        load(path, **options)
    error = refused.value
    said = " ".join([error.message, error.hint or "", *(fault.reason for fault in error.faults)])
    said += " ".join(f"{fault.field} {fault.reason}" for fault in error.faults)
    assert case.says in said
    assert "Traceback" not in said
    assert everything() == before


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 20


def test_one_bad_row_keeps_the_good_ones_out_unless_it_is_skipped(
    load, tmp_path, everything
) -> None:
    path = collection(
        feature(shapely.to_geojson(GOOD), '{"code":"1"}'),
        feature(shapely.to_geojson(GOOD), '{"code":"2","households":-1}'),
        feature(shapely.to_geojson(GOOD), '{"code":"3"}'),
    )(tmp_path)
    before = everything()
    with pytest.raises(ImportRefused) as refused:
        load(path, layer="buildings", place="partly")
    assert (refused.value.report.accepted, refused.value.report.refused) == (2, 1)
    assert refused.value.faults[0].row == 2
    assert refused.value.faults[0].field == "households"
    assert refused.value.faults[0].place == pytest.approx((101.2401, 25.5), abs=1e-3)
    assert "--skip-bad" in (refused.value.hint or "")
    assert everything() == before
    report = load(path, layer="buildings", place="partly", skip_bad=True)
    assert (report.stored, report.accepted, report.refused) == (True, 2, 1)
    assert everything()["building"] == before["building"] + 2


def test_a_bad_row_behind_the_first_page_takes_the_pages_before_it_back(
    load, vector, everything
) -> None:
    x = 101.0 + np.arange(12_000) % 100 * 1e-3
    y = 25.0 + np.arange(12_000) // 100 * 1e-3
    counts = np.zeros(12_000, dtype=np.int64)
    counts[-1] = -1
    path = vector("long.fgb", shapely.box(x, y, x + 5e-4, y + 5e-4), households=counts)
    before = everything()
    with pytest.raises(ImportRefused):
        load(path, layer="buildings", place="late")
    assert everything() == before


def test_a_repair_is_named_with_its_row_and_change(load, tmp_path) -> None:
    looped = [
        (101, 25), (101.001, 25), (101.001, 25.001), (101.000501, 25.001), (101.0005, 25.001001),
        (101.000501, 25.001001), (101.0005, 25.001), (101, 25.001), (101, 25),
    ]  # fmt: skip
    unclosed = '{"type":"Polygon","coordinates":[[[101,25],[101.0001,25],[101.0001,25.0001]]]}'
    path = collection(around(101, 25), area(*looped), feature(unclosed))(tmp_path)
    report = load(path, layer="buildings", place="mended")
    assert (report.accepted, report.repaired, report.refused) == (3, 2, 0)
    loop, closed = report.repairs
    assert (loop.row, loop.what) == (2, "self-intersection mended")
    assert loop.place == pytest.approx((101.0005, 25.001), abs=1e-5)
    assert abs(loop.area_change_m2 or 0) < 0.1
    assert (closed.row, closed.what) == (3, "an outline that was not closed has been closed")


def test_data_of_persons_are_not_kept_unless_the_user_insists(load, tmp_path, rows) -> None:
    path = collection(
        feature(
            shapely.to_geojson(GOOD), '{"户主姓名":"张三","身份证号":"1","联系电话":"2","备注":"x"}'
        )
    )(tmp_path)
    report = load(path, layer="buildings", place="private", mapped={"联系电话": "properties"})
    assert rows("building", "place = 'private'")[0]["properties"] == {"联系电话": "2", "备注": "x"}
    uses = {use.column: use.used_as for use in report.layers["buildings"].columns}
    assert uses["身份证号"] == uses["户主姓名"] == "nothing"


def test_a_file_is_read_without_opening_any_connection(load, tmp_path, monkeypatch) -> None:
    import socket

    def refuse(*_: Any) -> None:
        raise AssertionError("a connection was opened")

    path = database()(tmp_path)
    load(path, layer="buildings", place="offline")  # the database's own connection is open now
    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert load(path, layer="buildings", place="offline", again=True).accepted == 1


def test_missing_pyarrow_is_said_with_the_command_to_install_it(
    load, tmp_path, monkeypatch
) -> None:
    import sys

    path = parquet(tmp_path)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InvalidInput, match="pyarrow, which is not installed") as refused:
        load(path, layer="buildings", place="arrow")
    assert refused.value.hint == "pip install 'gridmap[arrow]'"
