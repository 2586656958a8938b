"""Grids become a plan that covers its territory exactly, or the rows that do not fit are named."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
import shapely
import sqlalchemy as sa

from gridmap.errors import Conflict, InvalidInput
from gridmap.geometry.atoms import OUTLINE_STEP_M
from gridmap.geometry.crs import LocalCRS
from gridmap.services import plans
from gridmap.services.transfer import ImportRefused

CRS = LocalCRS(102)
ORIGIN = (480_000.0, 2_900_000.0)
CODES = iter(range(1, 1000))


@pytest.fixture
def community() -> str:
    """A code of 12 digits that no other test has."""
    return f"532325102{next(CODES):03d}"


def board(
    columns: int, rows: int, *, cell: float = 128.0, drop: tuple[int, ...] = ()
) -> np.ndarray:
    """Areas in degrees, row by row from the south-west, with bent edges that neighbours share."""
    rng = np.random.default_rng(columns * 100 + rows)
    x, y = np.meshgrid(np.arange(columns + 1) * cell, np.arange(rows + 1) * cell)
    node = np.stack([x, y], 2) + rng.uniform(-15, 15, (rows + 1, columns + 1, 2)) + ORIGIN
    areas = [
        shapely.Polygon([node[i, j], node[i, j + 1], node[i + 1, j + 1], node[i + 1, j]])
        for i in range(rows)
        for j in range(columns)
    ]
    return CRS.publish(np.delete(np.array(areas, dtype=object), drop))


def scalar(engine: sa.Engine, sql: str, **values: Any) -> Any:
    with engine.connect() as connection:
        return connection.scalar(sa.text(sql), values)


def residue(engine: sa.Engine, plan_id: int) -> int:
    """Segments that the database's own proof finds uncancelled."""
    return scalar(engine, "SELECT count(*) FROM plan_residue(:plan)", plan=plan_id)


def test_grids_without_codes_get_a_plan_a_territory_and_numbers(
    engine, vector, load, rows, community
) -> None:
    path = vector("grids.gpkg", board(4, 3), 名称=[f"第{i + 1}网格" for i in range(12)])
    report = load(path, layer="grids", place="board", territory=community)
    assert report.plan["state"] == "draft"
    assert report.plan["levels"] == {"2": 12}
    assert report.plan["territory"] == {"code": community, "created": True}
    assert residue(engine, report.plan["id"]) == 0
    grids = rows("grid", f"plan_id = {report.plan['id']}", "code")
    assert [grid["code"] for grid in grids] == [f"{community}{i + 1:03d}" for i in range(12)]
    # From north to south, and in each band from west to east.
    assert [grid["name"] for grid in grids][:4] == ["第9网格", "第10网格", "第11网格", "第12网格"]
    assert all(grid["lowest"] and grid["parent"] == community for grid in grids)
    assert all(grid["valid"] is None for grid in grids)
    area = scalar(
        engine, "SELECT ST_Area(geom::geography) FROM territory WHERE code = :code", code=community
    )
    assert sum(grid["area_m2"] for grid in grids) == pytest.approx(area, rel=1e-9)
    # Later lines end at vertices of the outline, which never moves again: there are enough of them.
    longest = scalar(
        engine,
        "SELECT max(ST_Length(edge.geom::geography)) FROM territory, "
        "ST_DumpSegments(ST_Boundary(territory.geom)) edge WHERE code = :code",
        code=community,
    )
    assert longest < OUTLINE_STEP_M + 0.1


def test_grids_on_both_sides_of_a_border_of_zones_keep_their_bits(
    engine, vector, load, community
) -> None:
    # At 121.5 degrees: most grids lie west of it, the middle of their outline east of it.
    edges = np.append(np.linspace(121.490, 121.495, 6), 121.515)
    areas = np.array([shapely.box(a, 31.23, b, 31.24) for a, b in itertools.pairwise(edges)])
    areas = np.array([shapely.segmentize(area, 0.0007) for area in areas], dtype=object)
    report = load(vector("border.gpkg", areas), layer="grids", place="border", territory=community)
    assert report.place["meridian"] == 120
    assert residue(engine, report.plan["id"]) == 0
    assert plans.check(engine, report.plan["id"]) == []


def test_micro_grids_build_the_levels_above_them(engine, vector, load, rows, community) -> None:
    codes, parents = [], []
    for i in range(6):
        for j in range(6):
            parents.append(f"{community}{(i // 3) * 3 + j // 2 + 1:03d}")
            codes.append(f"{parents[-1]}{(i % 3) * 2 + j % 2 + 1:03d}")
    path = vector(
        "micro.gpkg", board(6, 6), 编码=codes, 上级编码=parents, 总网格=[f"{community}000"] * 36
    )
    report = load(path, layer="micro-grids", place="nested", publish=True)
    assert report.plan["levels"] == {"1": 1, "2": 6, "3": 36}
    assert report.plan["state"] == "published"
    grids = rows("grid", f"plan_id = {report.plan['id']}", "level, code")
    assert {grid["level"]: grid["lowest"] for grid in grids} == {1: False, 2: False, 3: True}
    by_id = {grid["id"]: grid for grid in grids}
    for grid in grids:
        above = by_id.get(grid["parent_id"])
        assert (above is None) == (grid["level"] == 1)
        assert grid["parent"] == (above["code"] if above else community)
    for level in (2, 3):
        members = [shapely.from_wkt(grid["wkt"]) for grid in grids if grid["level"] == level]
        assert shapely.union_all(members).equals(shapely.from_wkt(grids[0]["wkt"]))
    with engine.connect() as connection:
        plan = connection.execute(
            sa.text("SELECT * FROM plan WHERE id = :id"), {"id": report.plan["id"]}
        ).one()
        network = connection.execute(
            sa.text("SELECT * FROM network WHERE id = :id"), {"id": plan.network_id}
        ).one()
    assert plan.certificate["defects"] == 0
    assert plan.author == "tester"
    assert (network.key, network.authoritative) == ("governance", True)
    assert [level["name"] for level in network.levels] == ["总网格", "网格", "微网格"]


def test_counts_are_those_of_the_buildings_inside(geojson, vector, load, rows, community) -> None:
    areas = board(2, 1)
    homes = [
        (shapely.centroid(areas[0]).buffer(1e-5), {"households": 10, "residents": 25}),
        (shapely.transform(shapely.centroid(areas[0]), lambda xy: xy + 2e-4).buffer(1e-5),
         {"households": 5, "residents": 9}),
        (shapely.centroid(areas[1]).buffer(1e-5), {"households": 7, "residents": 20}),
    ]  # fmt: skip
    load(geojson(*homes), layer="buildings", place="counted")
    path = vector(
        "two.gpkg", areas, code=[f"{community}001", f"{community}002"], households=[900, 1]
    )
    report = load(path, layer="grids", place="counted")
    assert (report.plan["buildings"], report.plan["households"]) == (3, 22)
    grids = rows("grid", f"plan_id = {report.plan['id']}", "code")
    assert [(grid["buildings"], grid["households"], grid["residents"]) for grid in grids] == [
        (2, 15, 34),
        (1, 7, 20),
    ]
    # What the file said is kept, and does not count.
    assert grids[0]["properties"] == {"households": 900}


def test_a_second_network_lies_over_the_first_one_exactly(engine, vector, load, community) -> None:
    areas = board(4, 4)
    first = vector("first.gpkg", areas, code=[f"{community}{i:03d}" for i in range(16)])
    load(first, layer="grids", place="overlay", publish=True)
    halves = np.array([shapely.union_all(areas[:8]), shapely.union_all(areas[8:])])
    second = vector("second.gpkg", halves, code=["P1", "P2"])
    report = load(second, layer="grids", place="overlay", network="police")
    assert report.plan["territory"] == {"code": community, "created": False}
    assert residue(engine, report.plan["id"]) == 0


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda areas: np.delete(areas, 4), "leaves a gap beside row 4 (None4)"),
        (lambda areas: _grown(areas, 4), "overlaps row"),
        (lambda areas: np.append(areas, areas[4:5]), "overlaps row"),
    ],
    ids=["a gap", "an overlap", "the same area twice"],
)
def test_what_does_not_fit_is_refused_with_both_rows_and_the_place(
    change, says, vector, load, everything, community
) -> None:
    areas = change(board(3, 3))
    path = vector("bad.gpkg", areas, code=[f"{community}{i:03d}" for i in range(len(areas))])
    before = everything()
    with pytest.raises(ImportRefused) as refused:
        load(path, layer="grids", place="bad", publish=True)
    said = [fault.reason for fault in refused.value.faults]
    assert any(says.split(" (")[0] in reason for reason in said), said
    assert shapely.Point(refused.value.faults[0].place).within(
        shapely.box(*shapely.total_bounds(areas))
    )
    assert everything() == before


def _grown(areas: np.ndarray, index: int) -> np.ndarray:
    areas = areas.copy()
    areas[index] = areas[index].buffer(1e-4, join_style="mitre")
    return areas


def test_edges_drawn_twice_are_settled_within_the_tolerance_and_reported(
    engine, vector, load, community
) -> None:
    rng = np.random.default_rng(7)

    def shake(xy: np.ndarray) -> np.ndarray:
        moved = xy + rng.uniform(-3e-6, 3e-6, xy.shape)  # about 0.3 m
        moved[-1] = moved[0]
        return moved

    clean = board(4, 3)
    load(
        vector("outline.gpkg", [shapely.union_all(clean)], code=[community], name=["某社区"]),
        layer="territories",
        place="shaky",
    )
    shaken = np.array([shapely.transform(area, shake) for area in clean])
    path = vector("shaken.gpkg", shaken, code=[f"{community}{i:03d}" for i in range(12)])
    report = load(path, layer="grids", place="shaky")
    assert report.refused == 0
    assert report.repaired > 0
    assert any("given to row" in repair.what for repair in report.repairs)
    assert residue(engine, report.plan["id"]) == 0
    with pytest.raises(ImportRefused):
        load(path, layer="grids", place="shaky", network="strict", tolerance_m=0.05)


def test_upper_areas_of_the_file_must_be_the_union_of_the_lower_ones(
    vector, load, community
) -> None:
    areas = board(2, 2)
    upper = [f"{community}001", f"{community}002"]

    def file(name: str, second: Any):
        return vector(
            name,
            np.array([shapely.union_all(areas[:2]), second, *areas], dtype=object),
            level=[2, 2, 3, 3, 3, 3],
            code=[*upper, *[f"{upper[i // 2]}{i:03d}" for i in range(4)]],
            parent=[community, community, *[upper[i // 2] for i in range(4)]],
        )

    good = load(file("good.gpkg", shapely.union_all(areas[2:])), layer="micro-grids", place="upper")
    assert good.plan["levels"] == {"2": 2, "3": 4}
    with pytest.raises(ImportRefused) as refused:
        load(
            file("bad.gpkg", areas[2].buffer(5e-4)), layer="micro-grids", place="upper", network="x"
        )
    assert any("differs from the union" in fault.reason for fault in refused.value.faults)


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"code": ["1", "1", "2", "3"]}, "the code 1 occurs twice"),
        ({"code": ["1", None, "2", "3"]}, "has no code, as other rows do"),
        (
            {"code": list("1234"), "parent": ["a", None, "a", "a"]},
            "names no parent, as other rows do",
        ),
        ({"code": list("1234"), "level": [2, 2, 2, 12]}, "level 12 is none"),
        ({"code": list("1234"), "kind": ["x"] * 4}, "is none of comprehensive, special"),
    ],
)
def test_rows_that_contradict_each_other_are_named(columns, says, vector, load, community) -> None:
    path = vector("rows.gpkg", board(2, 2), **columns)
    with pytest.raises(ImportRefused) as refused:
        load(path, layer="grids", place="contradict", territory=community)
    assert any(says in fault.reason for fault in refused.value.faults)


def test_grids_need_a_place_and_a_code_for_their_territory(vector, load) -> None:
    path = vector("grids.gpkg", board(2, 2))
    with pytest.raises(InvalidInput, match="belong to a place"):
        load(path, layer="grids")
    with pytest.raises(InvalidInput, match="has no territory") as refused:
        load(path, layer="grids", place="nameless")
    assert "--territory CODE" in (refused.value.hint or "")
    with pytest.raises(InvalidInput, match="not for grids"):
        load(path, layer="grids", place="nameless", replace=True)


def test_a_published_network_is_not_replaced_behind_its_reviewers_back(
    vector, load, community
) -> None:
    codes = [f"{community}{i:03d}" for i in range(4)]
    load(vector("one.gpkg", board(2, 2), code=codes), layer="grids", place="kept", publish=True)
    again = vector("two.gpkg", board(2, 2), code=codes, name=list("abcd"))
    with pytest.raises(Conflict, match="has a published plan"):
        load(again, layer="grids", place="kept", publish=True)
    assert load(again, layer="grids", place="kept").plan["state"] == "draft"


def test_grids_elsewhere_than_the_places_territories_are_refused(vector, load, community) -> None:
    load(
        vector(
            "land.gpkg", [shapely.box(101.9, 26.3, 101.91, 26.31)], code=[community], name=["a"]
        ),
        layer="territories",
        place="elsewhere",
    )
    path = vector("grids.gpkg", board(2, 2))
    with pytest.raises(InvalidInput, match="lie in no territory of the place: 0%"):
        load(path, layer="grids", place="elsewhere")


def test_places_of_the_project_come_back_with_their_numbers(load, geojson, tmp_path, rows) -> None:
    import json
    from pathlib import Path

    folder = Path(__file__).resolve().parents[3] / "data" / "geojson" / "nanjie"
    load(folder / "territories.geojson", layer="territories", place="nanjie")
    load(folder / "buildings.geojson", layer="buildings", place="nanjie")
    features = json.loads((folder / "grids.geojson").read_text(encoding="utf-8"))["features"]
    path = tmp_path / "governance.geojson"
    chosen = [item for item in features if item["properties"]["network"] == "governance"]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": chosen}))
    report = load(path, layer="grids", place="nanjie", publish=True)
    assert report.plan["levels"] == {"1": 1, "2": 27, "3": 247}
    assert report.repaired == 0
    stated = {item["properties"]["code"]: item["properties"]["households"] for item in chosen}
    counted = {row["code"]: row["households"] for row in rows("grid", "place = 'nanjie'")}
    assert counted == stated


@pytest.mark.parametrize("side", [30, pytest.param(174, marks=pytest.mark.slow)])
def test_thirty_thousand_micro_grids_in_three_thousand_grids(side, engine, vector, load) -> None:
    grids = -(-side // 3)
    row, column = np.divmod(np.arange(side * side), side)
    parent = (row // 3) * grids + column // 3
    codes = [f"530000000000{number:05d}" for number in parent]
    path = vector(
        "county.fgb",
        board(side, side),
        parent=codes,
        code=[
            f"{code}{i % 9:01d}" for code, i in zip(codes, row % 3 * 3 + column % 3, strict=True)
        ],
    )
    report = load(
        path,
        layer="micro-grids",
        place=f"county{side}",
        territory=f"530{side:03d}000000",
        publish=True,
    )
    assert report.plan["levels"] == {"2": grids**2, "3": side**2}
    assert residue(engine, report.plan["id"]) == 0
