"""The same five buildings in every format become the same five rows."""

from __future__ import annotations

import sqlite3
import struct
import zipfile
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
import sqlalchemy as sa

from gridmap.errors import InvalidInput, UnreadableFile

COLUMNS = {
    "code": ["B1", "B2", "B3", "B4", "B5"],
    "name": ["甲楼", "乙楼", "东\t楼", None, "号 \\楼"],
    "floors": [1, 2, 3, 4, 33],
    "households": [0, 8, 12, 16, 264],
    "note": ["x", None, "y", None, "z"],
}


@pytest.fixture
def file(request, tmp_path: Path, vector, geojson, houses) -> Path:  # noqa: PLR0911 - by format
    shapes = houses(5)
    kind = request.param
    if kind in {"gpkg", "fgb"}:
        return vector(f"houses.{kind}", shapes, **COLUMNS)
    if kind in {"shp", "shp.zip", "gbk.zip"}:
        made = vector(
            "房屋.shp", shapes, encoding="GBK" if kind == "gbk.zip" else "UTF-8", **COLUMNS
        )
        if kind == "shp":
            return made
        parts = list(tmp_path.glob("房屋.???"))
        packed = tmp_path / "房屋.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in parts:
                archive.write(part, f"资料/{part.name}")
        return packed
    features = [
        (shape, {name: values[i] for name, values in COLUMNS.items()})
        for i, shape in enumerate(shapes)
    ]
    if kind == "geojson":
        return geojson(*features)
    if kind == "lines":
        path = geojson(*features)
        text = path.read_text(encoding="utf-8")
        lines = text[text.index("[") + 1 : text.rindex("]")].replace("},\n", "}\n")
        path = tmp_path / "houses.geojsonl"
        path.write_text(lines + "\n", encoding="utf-8")
        return path
    if kind == "parquet":
        frame = geopandas.GeoDataFrame(COLUMNS, geometry=list(shapes), crs="EPSG:4326")
        frame.to_parquet(tmp_path / "houses.parquet")
        return tmp_path / "houses.parquet"
    assert kind == "csv"
    header = [*COLUMNS, "wkt"]
    body = [
        ["" if COLUMNS[name][i] is None else f'"{COLUMNS[name][i]}"' for name in COLUMNS]
        + [f'"{shape.wkt}"']
        for i, shape in enumerate(shapes)
    ]
    path = tmp_path / "houses.csv"
    path.write_text("\n".join(",".join(row) for row in [header, *body]), encoding="utf-8-sig")
    return path


FORMATS = ["gpkg", "fgb", "shp", "shp.zip", "gbk.zip", "geojson", "lines", "parquet", "csv"]


@pytest.mark.parametrize("file", FORMATS, indirect=True, ids=FORMATS)
def test_every_format_gives_the_same_rows(request, file, load, rows, houses) -> None:
    place = "f" + request.node.callspec.id.replace(".", "-")
    report = load(file, layer="buildings", place=place, datum="wgs84")
    assert (report.accepted, report.repaired, report.refused) == (5, 0, 0)
    stored = rows("building", f"place = '{place}'", "code")
    assert [row["code"] for row in stored] == COLUMNS["code"]
    assert [row["name"] for row in stored] == COLUMNS["name"]
    assert [row["floors"] for row in stored] == COLUMNS["floors"]
    assert [row["households"] for row in stored] == COLUMNS["households"]
    assert [row["properties"].get("note") for row in stored] == COLUMNS["note"]
    shapes = shapely.from_wkt([row["wkt"] for row in stored])
    assert [shape.geom_type for shape in shapes] == ["MultiPolygon"] * 5
    assert np.abs(shapely.bounds(shapes) - shapely.bounds(houses(5))).max() < 1e-12
    # The stored twin for tiles is there too.
    assert all(row["mercator"] for row in stored)


@pytest.mark.parametrize(
    ("header", "separator"),
    [
        ("lon,lat", ","),
        ("经度;纬度", ";"),
        ("x\ty", "\t"),
        ("LNG,LATITUDE", ","),
        ("东经,北纬", ","),
    ],
)
def test_columns_of_coordinates_are_found_by_their_names(
    header, separator, tmp_path, load, rows
) -> None:
    path = tmp_path / "points.csv"
    path.write_text(
        f"{header}{separator}名称{separator}类别\n"
        + separator.join(("101.24", "25.5", "便民服务站", "便民服务中心"))
        + "\n",
        encoding="utf-8",
    )
    place = f"c{abs(hash(header)) % 10**8}"
    load(path, layer="resource-points", place=place, datum="cgcs2000")
    (point,) = rows("resource_point", f"place = '{place}'")
    assert (point["wkt"], point["name"], point["category"]) == (
        "POINT(101.24 25.5)",
        "便民服务站",
        "service-centre",
    )


def test_a_csv_of_excel_in_chinese_is_read_by_its_known_columns(tmp_path, load, rows) -> None:
    path = tmp_path / "gbk.csv"
    path.write_bytes("经度,纬度,名称,类别\n101.24,25.5,图书馆,图书馆\n".encode("gb18030"))
    report = load(path, layer="resource-points", place="excel", datum="wgs84")
    assert any("GB18030" in note for note in report.notes)
    assert rows("resource_point", "place = 'excel'")[0]["category"] == "library"


def test_a_csv_of_an_unknown_encoding_is_not_guessed(tmp_path, load) -> None:
    path = tmp_path / "unknown.csv"
    path.write_bytes("lon,lat,title\n101.24,25.5,图书馆\n".encode("gb18030"))
    with pytest.raises(UnreadableFile, match="no UTF-8"):
        load(path, layer="resource-points", place="guess", datum="wgs84")
    report = load(
        path,
        layer="resource-points",
        place="guess",
        datum="wgs84",
        encoding="GBK",
        mapped={"title": "category"},
    )
    assert report.accepted == 1


def test_a_csv_without_a_datum_is_refused_because_nothing_says_which(tmp_path, load) -> None:
    path = tmp_path / "points.csv"
    path.write_text("lon,lat,name,category\n101.24,25.5,a,clinic\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match="does not say what its coordinates are") as refused:
        load(path, layer="resource-points", place="datum")
    assert "gcj02" in (refused.value.hint or "")


def test_the_layer_of_a_geopackage_is_chosen_by_name_or_by_the_user(
    vector, load, houses, rows
) -> None:
    path = vector("two.gpkg", houses(3), layer="buildings", name=["a", "b", "c"])
    vector("two.gpkg", houses(2), layer="sheds", name=["d", "e"])
    assert load(path, layer="buildings", place="two").accepted == 3
    assert load(path, layer="buildings", place="two", source_layer="sheds").accepted == 2
    with pytest.raises(InvalidInput, match="no layer 'barns'"):
        load(path, layer="buildings", place="two", source_layer="barns")
    with pytest.raises(InvalidInput, match="several layers"):
        load(path, layer="land-use", place="two")


@pytest.mark.parametrize(
    ("crs", "x", "y"),
    [
        ("EPSG:4490", 101.24, 25.5),  # latitude first in the authority's order
        ("EPSG:4543", 423_700, 2_821_500),  # three-degree zone of 102° E, northing first
        ("EPSG:3857", 11_270_000, 2_938_000),
        ("EPSG:32648", 122_000, 2_827_000),
    ],
)
def test_files_in_other_systems_arrive_in_the_same_town(vector, load, rows, crs, x, y) -> None:
    size = 1e-4 if crs == "EPSG:4490" else 10
    path = vector("town.gpkg", [shapely.box(x, y, x + size, y + size)], crs=crs, name=["a"])
    place = "crs" + crs[5:]
    report = load(path, layer="buildings", place=place)
    assert report.reference["crs"] == crs
    (building,) = rows("building", f"place = '{place}'")
    longitude, latitude = shapely.from_wkt(building["wkt"]).centroid.coords[0]
    assert longitude == pytest.approx(101.24, abs=0.02)
    assert latitude == pytest.approx(25.5, abs=0.02)


def test_curves_become_lines(vector, load, rows) -> None:
    path = vector("round.gpkg", [shapely.box(101, 25, 101.0001, 25.0001)], name=["tower"])
    # CURVEPOLYGON with one CIRCULARSTRING of five points: a circle.
    x, y, r = 101.0, 25.0, 1e-4
    circle = (x - r, y, x, y + r, x + r, y, x, y - r, x - r, y)
    wkb = struct.pack("<BIIBII10d", 1, 10, 1, 1, 8, 5, *circle)
    with sqlite3.connect(path) as connection:
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'round'"
        ).fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute(
            "UPDATE round SET geom = ?", (b"GP\0\1" + struct.pack("<i", 4326) + wkb,)
        )
        connection.execute(
            "INSERT INTO gpkg_extensions VALUES ('round', 'geom', 'gpkg_geom_CURVEPOLYGON', "
            "'http://www.geopackage.org/spec120/#extension_geometry_types', 'read-write')"
        )
    connection.close()
    assert load(path, layer="buildings", place="round").accepted == 1
    (tower,) = rows("building", "place = 'round'")
    assert shapely.from_wkt(tower["wkt"]).area == pytest.approx(np.pi * r * r, rel=0.01)


def test_heights_are_dropped(vector, load, rows) -> None:
    path = vector(
        "deep.gpkg", [shapely.Polygon([(101, 25, 7), (101.0001, 25, 7), (101, 25.0001, 7)])]
    )
    report = load(path, layer="buildings", place="deep")
    assert "Heights and measures of coordinates were dropped" in report.notes
    assert rows("building", "place = 'deep'")[0]["wkt"].startswith("MULTIPOLYGON(((")


def test_the_same_bytes_are_imported_once_unless_the_user_means_it(
    geojson, load, houses, everything
) -> None:
    from gridmap.errors import Conflict

    path = geojson((houses(1)[0], {"name": "a"}))
    load(path, layer="buildings", place="once")
    before = everything()
    with pytest.raises(Conflict, match=r"was imported into buildings on .* by tester"):
        load(path, layer="buildings", place="once")
    assert everything() == before
    load(path, layer="buildings", place="once", again=True)
    assert everything()["building"] == before["building"] + 1
    report = load(path, layer="buildings", place="once", replace=True)
    assert report.layers["buildings"].deleted == 2
    assert everything()["building"] == before["building"]


def test_an_import_leaves_a_run_and_an_act_in_the_audit(engine, geojson, load, houses) -> None:
    path = geojson((houses(1)[0], {"name": "审计"}), name="审计.geojson")
    report = load(path, layer="buildings", place="audited")
    with engine.connect() as connection:
        run = connection.execute(
            sa.text("SELECT * FROM import_run WHERE id = :id"),
            {"id": report.layers["buildings"].import_run},
        ).one()
        act = connection.execute(sa.text("SELECT * FROM audit ORDER BY id DESC LIMIT 1")).one()
    assert (run.actor, run.layer, run.place, run.source) == (
        "tester", "buildings", "audited", "审计.geojson",
    )  # fmt: skip
    assert (run.accepted, run.repaired, run.refused) == (1, 0, 0)
    assert run.sha256.hex() == report.sha256
    assert run.report["stored"] is True
    assert run.report["layers"][0]["columns"][0]["used_as"] == "name"
    assert (act.actor, act.action, act.noun) == ("tester", "import", "layer")


def test_without_a_place_features_get_the_one_of_their_territory(geojson, load, rows) -> None:
    land = shapely.box(103.0, 26.0, 103.02, 26.02)
    load(
        geojson((land, {"code": "530102001001", "name": "某社区"})),
        layer="territories",
        place="somewhere",
    )
    inside, outside = shapely.Point(103.01, 26.01), shapely.Point(103.5, 26.01)
    report = load(
        geojson(
            (inside, {"name": "in", "category": "clinic"}),
            (outside, {"name": "out", "category": "clinic"}),
            name="points.geojson",
        ),
        layer="resource-points",
    )
    assert report.place["how"] == "territory"
    assert "1 rows lie in no territory and have no place" in report.notes
    found = rows("resource_point", "name IN ('in', 'out')", "name")
    assert [row["place"] for row in found] == ["somewhere", None]


def test_a_new_place_takes_its_zone_from_the_data(engine, geojson, load, houses) -> None:
    report = load(
        geojson((houses(1, 87.6, 43.8)[0], {})),
        layer="buildings",
        place="urumqi",
        place_name="乌鲁木齐",
        time_zone="Asia/Urumqi",
    )
    assert report.place == {
        "key": "urumqi", "name": "乌鲁木齐", "how": "given", "created": True, "meridian": 87,
    }  # fmt: skip
    with engine.connect() as connection:
        place = connection.execute(sa.text("SELECT * FROM place WHERE key = 'urumqi'")).one()
    assert (place.name, place.meridian, place.time_zone) == ("乌鲁木齐", 87, "Asia/Urumqi")


def test_a_dry_run_says_all_and_stores_nothing(geojson, load, houses, everything) -> None:
    before = everything()
    report = load(
        geojson((houses(1)[0], {"name": "a"})), layer="buildings", place="dry", dry_run=True
    )
    assert (report.accepted, report.stored, report.why_not) == (1, False, "it was a dry run")
    assert everything() == before


def test_a_large_first_load_has_all_its_indexes_afterwards(engine, vector, load, houses) -> None:
    count = 60_000
    column = np.arange(count)
    shapes = shapely.box(
        110 + column % 250 * 1e-3, 30 + column // 250 * 1e-3,
        110.0005 + column % 250 * 1e-3, 30.0005 + column // 250 * 1e-3,
    )  # fmt: skip
    path = vector("many.gpkg", shapes, households=column % 90)

    def indexes() -> list[str]:
        with engine.connect() as connection:
            return sorted(
                connection.scalars(
                    sa.text("SELECT indexdef FROM pg_indexes WHERE tablename = 'building'")
                )
            )

    before = indexes()
    report = load(path, layer="buildings", place="many")
    assert report.accepted == count
    assert any("behind the rows" in note for note in report.notes)
    assert indexes() == before
