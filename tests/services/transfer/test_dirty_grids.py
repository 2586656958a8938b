"""Dirty areas become a draft: what can be decided is repaired, what cannot is nobody's and listed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
import shapely.affinity
import sqlalchemy as sa

from gridmap.errors import Conflict, InvalidInput
from gridmap.geometry.blocks import cut_blocks
from gridmap.geometry.coverage import dissolve
from gridmap.geometry.crs import LocalCRS
from gridmap.services import plans
from gridmap.services.transfer import ImportRefused

CRS = LocalCRS(123)
WARDS = 40
numbers = iter(range(1, 1000))


@pytest.fixture(scope="module")
def wards(shared: Path) -> np.ndarray:
    """Forty wards of Shanghai between real streets, in metres; some have several parts."""
    source = shared / "data" / "shanghai-lujiazui-osm.gpkg"
    if not source.is_file():
        pytest.skip("the extract of Shanghai is not here")
    _, _, wkb, _ = pyogrio.raw.read(source, layer="roads")
    roads = CRS.project(shapely.from_wkb(wkb))
    blocks = cut_blocks(
        shapely.box(*shapely.total_bounds(roads)).buffer(-100), roads, frozen=False
    ).atoms
    middle = shapely.get_coordinates(shapely.centroid(blocks))
    seeds = middle[np.random.default_rng(3).choice(len(middle), WARDS, replace=False)]
    nearest = ((middle[:, None] - seeds) ** 2).sum(2).argmin(1)
    return np.array(dissolve(blocks, np.unique(nearest, return_inverse=True)[1]), dtype=object)


def moved_each(areas: np.ndarray, metres: float) -> np.ndarray:
    """Each area drawn from another map, some metres off."""
    by = np.random.default_rng(1).uniform(-metres, metres, (len(areas), 2))
    return np.array(
        [shapely.affinity.translate(area, *off) for area, off in zip(areas, by, strict=True)],
        dtype=object,
    )


def redrawn_each(areas: np.ndarray, metres: float) -> np.ndarray:
    """Each area drawn again by hand, corner by corner."""

    def redraw(area: Any, seed: int) -> Any:
        def shake(xy: np.ndarray) -> np.ndarray:
            corners, which = np.unique(np.round(xy, 3), axis=0, return_inverse=True)
            off = np.random.default_rng(seed).uniform(-metres, metres, corners.shape)
            return xy + off[which.reshape(-1)]

        return shapely.make_valid(shapely.transform(shapely.simplify(area, metres / 2), shake))

    return np.array([redraw(area, seed) for seed, area in enumerate(areas)], dtype=object)


@pytest.fixture
def draft(engine: sa.Engine, vector: Any, load: Any, wards: np.ndarray) -> Any:
    """Import areas over the wards' own territory, and give the report and the grids."""

    def make(areas: np.ndarray, **options: Any) -> tuple[Any, list[dict[str, Any]]]:
        number = next(numbers)
        place, code = f"shanghai{number}", f"310115{number:06d}"
        outline = CRS.unproject(np.array([shapely.union_all(wards)], dtype=object))
        load(
            vector(f"{place}-t.gpkg", outline, code=[code], name=["陆家嘴"], kind=["street"]),
            layer="territories",
            place=place,
        )
        path = vector(
            f"{place}.gpkg",
            CRS.unproject(areas),
            name=[f"w{i}" for i in range(len(areas))],
        )
        report = load(path, layer="grids", place=place, territory=code, **{"leave": True} | options)
        features = plans.read_areas(engine, report.plan["id"])["features"]
        return report, [item["properties"] | {"id": item["id"]} for item in features]

    return make


def residue(engine: sa.Engine, plan: int) -> int:
    with engine.connect() as connection:
        found: int = connection.scalar(
            sa.text("SELECT count(*) FROM plan_residue(:plan)"), {"plan": plan}
        )
    return found


def unassigned_m2(grids: list[dict[str, Any]]) -> float:
    return sum(item["area_m2"] for item in grids if item["kind"] == "unassigned")


@pytest.mark.parametrize("dirty", [moved_each, redrawn_each])
@pytest.mark.parametrize(("metres", "tolerance"), [(1.0, 6.0), (5.0, 10.0)])
def test_copies_some_metres_off_become_an_exact_plan(
    engine: sa.Engine, wards: np.ndarray, draft: Any, dirty: Any, metres: float, tolerance: float
) -> None:
    report, grids = draft(dirty(wards, metres), tolerance_m=tolerance)
    assert residue(engine, report.plan["id"]) == 0
    assert plans.check(engine, report.plan["id"]) == []
    assert len([item for item in grids if item["kind"] != "unassigned"]) == WARDS
    # The outline is the territory's, and next to nothing is left open.
    assert unassigned_m2(grids) < 0.001 * shapely.area(wards).sum()
    assert report.repairs
    for repair in report.repairs:
        assert repair.kind in {"gap", "overlap", "outside", "off vertex"}
        assert repair.place is not None
        assert (repair.given_to is not None) == (repair.kind in {"gap", "overlap"})


def test_missing_wards_are_nobodys_and_listed(wards: np.ndarray, draft: Any) -> None:
    missing = [3, 17]
    report, grids = draft(np.delete(wards, missing))
    assert unassigned_m2(grids) == pytest.approx(shapely.area(wards[missing]).sum(), rel=1e-3)
    gaps = [item for item in report.left if item.kind == "gap"]
    assert sum(item.area_m2 for item in gaps) == pytest.approx(unassigned_m2(grids), rel=1e-3)
    assert all(item.place and item.rows for item in gaps), "with its place and who is beside it"


def test_an_exclave_over_an_area_without_the_hole_keeps_its_land(
    wards: np.ndarray, draft: Any
) -> None:
    around, owner = 5, 6
    exclave = wards[around].centroid.buffer(60)
    areas = wards.copy()
    areas[owner] = shapely.union(areas[owner], exclave)
    report, grids = draft(areas)
    assert report.left == []
    (repair,) = report.repairs
    assert (repair.kind, repair.given_to) == ("overlap", f"w{owner}")
    assert repair.area_m2 == pytest.approx(exclave.area, rel=1e-3)
    by_name = {item["name"]: item["area_m2"] for item in grids}
    assert by_name[f"w{around}"] == pytest.approx(wards[around].area - exclave.area, rel=1e-3)


def test_an_overlap_as_wide_as_a_street_is_left_open(wards: np.ndarray, draft: Any) -> None:
    areas = wards.copy()
    areas[10] = areas[10].buffer(25)
    report, grids = draft(areas)
    assert {item.kind for item in report.left} <= {"overlap", "outside"}
    assert 0 < unassigned_m2(grids) < areas[10].area - wards[10].area + 1


def test_an_outline_that_crosses_itself_is_mended_and_named(
    engine: sa.Engine, wards: np.ndarray, draft: Any
) -> None:
    areas = wards.copy()
    west, south, east, north = areas[8].bounds
    areas[8] = shapely.Polygon([(west, south), (east, north), (east, south), (west, north)])
    report, _ = draft(areas)
    mended = [item for item in report.repairs if "mended" in item.what]
    assert [item.row for item in mended] == [9]
    assert mended[0].area_change_m2 > 1000
    assert residue(engine, report.plan["id"]) == 0


def test_an_area_twice_is_one_case_and_a_row_without_land(wards: np.ndarray, draft: Any) -> None:
    report, _ = draft(np.append(wards, wards[4:5]))
    assert {item.kind for item in report.left} == {"overlap", "nothing left"}


def test_without_the_wish_nothing_is_left_open(wards: np.ndarray, draft: Any) -> None:
    with pytest.raises(ImportRefused) as refused:
        draft(np.delete(wards, 3), leave=False)
    assert "--leave" in (refused.value.hint or "")


def test_a_plan_with_land_of_nobody_is_not_published(
    engine: sa.Engine, wards: np.ndarray, draft: Any
) -> None:
    report, _ = draft(np.delete(wards, 3))
    number = report.plan["id"]
    plans.submit(engine, number, revision=None, actor="test")
    with engine.connect() as connection:
        today = connection.scalar(sa.text("SELECT current_date"))
    with pytest.raises(InvalidInput, match="given to no grid") as refused:
        plans.publish(engine, number, starts=today, revision=None, actor="bob")
    assert refused.value.faults[0].place is not None
    with pytest.raises(Conflict):
        plans.undo(engine, number, revision=None, actor="ann")
