"""GCJ-02 and BD-09 that were read as WGS 84 are found out by what is stored around them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from gridmap.errors import InvalidInput
from gridmap.geometry import datum
from gridmap.services.transfer import references
from gridmap.services.transfer.datum_check import check_datum

WEST, SOUTH = 121.48, 31.23
SHIFTS = {"gcj02": datum.wgs84_to_gcj02, "bd09": datum.wgs84_to_bd09, "wgs84": lambda xy: xy}


@pytest.fixture(scope="module")
def town() -> dict[str, np.ndarray]:
    """Irregular streets, and houses that stand between them."""
    rng = np.random.default_rng(4)
    x = WEST + np.cumsum(rng.uniform(0.0008, 0.0018, 22))
    y = SOUTH + np.cumsum(rng.uniform(0.0006, 0.0014, 22))
    lines = [shapely.LineString([(at, a), (at, b)]) for at in x for a, b in pairwise(y)]
    lines += [shapely.LineString([(a, at), (b, at)]) for at in y for a, b in pairwise(x)]
    streets = np.array(lines, dtype=object)
    houses = []
    for i in range(len(x) - 1):
        for j in range(len(y) - 1):
            low = np.array([x[i], y[j]]) + 0.0001
            high = np.array([x[i + 1], y[j + 1]]) - 0.0001
            for part in range(3):
                corner = low + (high - low) * [part / 3, rng.uniform(0, 0.6)]
                houses.append(shapely.box(*corner, *(corner + rng.uniform(1e-4, 3e-4, 2))))
    footprints = np.array(houses, dtype=object)
    points = shapely.transform(
        shapely.centroid(footprints), lambda xy: xy + rng.normal(0, 3e-5, xy.shape)
    )
    return {"street": streets, "building": footprints, "incident": points}


def look(
    town: dict[str, np.ndarray],
    table: str,
    stored: str,
    shift: str,
    said: str | None = None,
    **more,
):
    reference = references.resolve("EPSG:4326", format_="test", crs=None, datum=said)

    def read_near(name: str, bounds: tuple[float, float, float, float]) -> np.ndarray:
        if name != stored:
            return np.empty(0, dtype=object)
        found = town[name]
        return found[shapely.intersects(found, shapely.box(*bounds))]

    return check_datum(
        np.asarray(shapely.transform(town[table], SHIFTS[shift])),
        table=table,
        reference=reference,
        territory=more.get("territory"),
        read_near=read_near,
    )


@pytest.mark.parametrize(
    ("table", "stored"),
    [
        ("street", "street"), ("street", "building"), ("building", "street"),
        ("building", "building"), ("incident", "building"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("shift", ["gcj02", "bd09"])
def test_a_shifted_layer_is_refused_with_its_shift_and_the_option(
    town, table, stored, shift
) -> None:
    with pytest.raises(InvalidInput) as refused:
        look(town, table, stored, shift)
    name = {"gcj02": "GCJ-02", "bd09": "BD-09"}[shift]
    assert f"looks like {name} read as WGS 84: it lies" in refused.value.message
    assert f"--datum {shift}" in (refused.value.hint or "")
    distance = float(refused.value.message.split(" m off")[0].split()[-1].replace(",", ""))
    known = SHIFTS[shift](np.array([[WEST, SOUTH]])) - [[WEST, SOUTH]]
    expected = np.hypot(*(known[0] * 111_320 * [np.cos(np.radians(SOUTH)), 1]))
    assert distance == pytest.approx(expected, abs=60)


@pytest.mark.parametrize("stored", ["street", "building"])
@pytest.mark.parametrize("table", ["street", "building", "incident"])
def test_a_right_layer_is_left_alone(town, table, stored) -> None:
    assert look(town, table, stored, "wgs84")["verdict"] == "no sign of another datum"
    assert look(town, table, stored, "gcj02", "gcj02")["verdict"] == "no sign of another datum"
    assert look(town, table, stored, "bd09", "bd09")["verdict"] == "no sign of another datum"


def test_the_users_word_wins_and_the_report_says_so(town) -> None:
    found = look(town, "building", "street", "gcj02", "wgs84")
    assert (found["verdict"], found["looks_like"]) == ("overridden", "gcj02")
    # WGS 84 that somebody calls GCJ-02 is seen as well.
    found = look(town, "building", "street", "wgs84", "gcj02")
    assert (found["verdict"], found["looks_like"]) == ("overridden", "wgs84")


def test_points_that_lie_in_the_territory_only_after_unshifting_are_refused(town) -> None:
    territory = shapely.box(*shapely.total_bounds(town["incident"])).buffer(1e-4)
    with pytest.raises(InvalidInput, match="territory of the place"):
        look(town, "incident", "nothing", "gcj02", territory=territory)
    found = look(town, "incident", "nothing", "wgs84", territory=territory)
    assert found["verdict"] == "no sign of another datum"


def test_neighbours_of_a_territory_are_not_taken_for_shifted(town) -> None:
    west, south, _, north = shapely.total_bounds(town["incident"])
    # The points of the next community lie where a shift of this one would put them.
    beside = shapely.box(west - 0.02, south, west, north)
    found = look(town, "incident", "nothing", "wgs84", territory=beside)
    assert found["verdict"] == "no sign of another datum"


def test_where_nothing_is_stored_nothing_is_said(town) -> None:
    assert look(town, "building", "nothing", "gcj02")["verdict"] == "nothing to compare with"


def test_few_features_say_nothing(town) -> None:
    few = {"building": town["building"][:5], "street": town["street"]}
    assert look(few, "building", "street", "gcj02")["verdict"] == "too few to compare"


def test_what_has_nothing_to_do_with_what_is_stored_is_left_alone(town) -> None:
    rng = np.random.default_rng(9)
    scattered = shapely.points(WEST + rng.uniform(0, 0.025, 800), SOUTH + rng.uniform(0, 0.02, 800))
    other = town | {"incident": np.asarray(scattered)}
    for stored in ("street", "building"):
        assert look(other, "incident", stored, "wgs84")["verdict"] == "no sign of another datum"


def test_real_buildings_in_gcj02_are_refused_over_real_streets(
    shared: Path, load, everything, tmp_path
) -> None:
    source = shared / "data" / "shanghai-lujiazui-osm.gpkg"
    if not source.exists():
        pytest.skip("the real town is not here")
    load(source, layer="streets", place="lujiazui")
    meta, _, wkb, values = pyogrio.raw.read(source, layer="buildings")
    shifted = shapely.transform(shapely.from_wkb(wkb), datum.wgs84_to_gcj02)
    path = tmp_path / "amap.fgb"
    pyogrio.raw.write(
        path,
        shapely.to_wkb(shifted),
        values,
        meta["fields"],
        geometry_type="Polygon",
        crs="EPSG:4326",
    )
    before = everything()
    with pytest.raises(InvalidInput, match=r"GCJ-02 read as WGS 84: it lies 4[5-9]\d m off"):
        load(path, layer="buildings", place="lujiazui")
    assert everything() == before
    report = load(path, layer="buildings", place="lujiazui", datum="gcj02")
    assert report.accepted == 1321
    report = load(source, layer="buildings", place="lujiazui")
    assert report.datum_check["buildings"]["verdict"] == "no sign of another datum"
    assert report.datum_check["buildings"]["comparisons"][0]["fits"]["wgs84"] == pytest.approx(1.0)
