"""A real town and a real extract, with their real numbers."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest
import sqlalchemy as sa


@pytest.fixture(scope="module")
def lujiazui(shared: Path) -> Path:
    path = shared / "data" / "shanghai-lujiazui-osm.gpkg"
    if not path.exists():
        pytest.skip(f"{path} is not here")
    return path


@pytest.fixture(scope="module")
def karhula() -> Path:
    try:
        files = metadata.files("pyrosm") or []
    except metadata.PackageNotFoundError:
        pytest.skip("the package pyrosm is not here")
    found = [file for file in files if file.name == "test.osm.pbf"]
    if not found:
        pytest.skip("the package pyrosm has no extract")
    return Path(str(found[0].locate()))


@pytest.mark.parametrize(
    ("layer", "source_layer", "table", "count"),
    [
        ("streets", None, "street", 1078),
        ("buildings", None, "building", 1321),
        ("resource-points", "pois", "resource_point", 493),
        ("water", None, "water", 8),
        ("land-use", None, "land_use", 49),
    ],
)
def test_all_of_lujiazui_arrives(lujiazui, load, rows, layer, source_layer, table, count) -> None:
    report = load(
        lujiazui, layer=layer, place="lujiazui", place_name="陆家嘴", source_layer=source_layer
    )
    assert (report.accepted, report.refused) == (count, 0)
    stored = rows(table, "place = 'lujiazui'")
    assert len(stored) == count
    named = [row["name"] for row in stored if row["name"]]
    assert any(not name.isascii() for name in named)


def test_the_shanghai_tower_is_there_with_its_height_and_both_names(lujiazui, load, rows) -> None:
    load(lujiazui, layer="buildings", place="pudong")
    stored = rows("building", "place = 'pudong'")
    assert sum(row["height_m"] is not None for row in stored) == 583
    assert sum(row["name"] is not None for row in stored) == 219
    (tower,) = [row for row in stored if row["height_m"] == 632]
    assert (tower["name"], tower["name_en"]) == ("上海中心大厦", "Shanghai Tower")
    assert tower["address"] == "银城中路501"


def test_an_extract_gives_all_its_layers_in_one_go(karhula, load, rows, engine) -> None:
    report = load(karhula, place="karhula", time_zone="Europe/Helsinki")
    counts = {name: ledger.accepted for name, ledger in report.layers.items()}
    # pyrosm counts 2,171 buildings and 313 streets in the same file.
    assert counts == {
        "buildings": 2171, "streets": 313, "water": 0, "land-use": 46, "resource-points": 9,
    }  # fmt: skip
    assert report.refused == 0
    left_out = report.layers["buildings"].left_out
    assert sum(left_out.values()) == 48  # cut by the edge of the extract
    assert report.place["meridian"] == 27
    buildings = rows("building", "place = 'karhula'")
    assert {"residential", "industrial", "public", "commercial", "school"} <= {
        row["usage"] for row in buildings
    }
    streets = rows("street", "place = 'karhula'")
    assert {"motorway", "arterial", "street", "lane", "path", "railway"} >= {
        row["kind"] for row in streets
    }
    with engine.connect() as connection:
        runs = connection.scalar(sa.text("SELECT count(*) FROM import_run WHERE place = 'karhula'"))
    assert runs == 5


def test_one_layer_of_an_extract_can_be_had_alone(karhula, load) -> None:
    report = load(karhula, layer="streets", place="streets-only")
    assert {name: ledger.accepted for name, ledger in report.layers.items()} == {"streets": 313}


def test_real_counties_fit_to_the_codes_of_12_digits(shared: Path, load, rows) -> None:
    path = shared / "data" / "cn-seed-counties-4490.gpkg"
    if not path.exists():
        pytest.skip(f"{path} is not here")
    report = load(path, layer="territories")
    assert (report.accepted, report.reference["crs"]) == (5, "EPSG:4490")
    stored = rows("territory", "kind = 'county'")
    assert len(stored) == 5
    assert all(len(row["code"]) == 12 and row["code"].endswith("000000") for row in stored)
    assert all(row["properties"]["gb"].startswith("156") for row in stored)


def test_the_projects_own_files_come_back_as_they_are(load, rows) -> None:
    folder = Path(__file__).resolve().parents[3] / "data" / "geojson" / "nanjie"
    for layer, table in (
        ("buildings", "building"),
        ("incidents", "incident"),
        ("streets", "street"),
    ):
        report = load(folder / f"{layer}.geojson", layer=layer, place="nanjie-again")
        assert report.refused == 0
        stored = rows(table, "place = 'nanjie-again'")
        assert len(stored) == report.rows
    assert sum(row["households"] for row in rows("building", "place = 'nanjie-again'")) > 0
