"""Every kind of edit is stored exactly, tells its consequences, and is taken back bit for bit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import shapely
import sqlalchemy as sa

from gridmap.errors import Conflict, InvalidInput, NotFound
from gridmap.geometry.edits import RefusedEdit
from gridmap.services import plans
from tests.services.test_plans import draft, exact, nanjie, neighbours, one, rows, state

__all__ = ["draft", "nanjie"]

PLACES = ("nanjie",)
ANN: dict[str, Any] = {"revision": None, "actor": "ann"}
Edit = Callable[[sa.Engine, int], plans.Outcome]


def largest(engine: sa.Engine, plan: int, level: int = 2) -> int:
    return int(
        one(
            engine,
            "SELECT id FROM grid WHERE plan_id = :p AND level = :l ORDER BY households DESC, id",
            p=plan,
            l=level,
        )
    )


def inside(engine: sa.Engine, grid: int) -> shapely.Point:
    found = one(
        engine, "SELECT ST_AsBinary(ST_PointOnSurface(geom)) FROM grid WHERE id = :g", g=grid
    )
    return shapely.from_wkb(bytes(found))


def evenly(engine: sa.Engine, plan: int) -> plans.Outcome:
    return plans.split_grid_evenly(engine, plan, grid=largest(engine, plan), parts=3, **ANN)


def by_streets(engine: sa.Engine, plan: int) -> plans.Outcome:
    return plans.split_grid_by_streets(engine, plan, grid=largest(engine, plan), **ANN)


def block(engine: sa.Engine, plan: int) -> plans.Outcome:
    to, other, _ = neighbours(engine, plan, 2)[4]
    return plans.transfer_block(engine, plan, to=to, point=inside(engine, other), **ANN)


def micro_grid(engine: sa.Engine, plan: int) -> plans.Outcome:
    to, other, _ = neighbours(engine, plan, 2)[4]
    child = one(engine, "SELECT min(id) FROM grid WHERE parent_id = :g", g=other)
    return plans.transfer_grid(engine, plan, to=to, grid=child, **ANN)


def brush(engine: sa.Engine, plan: int) -> plans.Outcome:
    to, _, line = neighbours(engine, plan, 2)[4]
    return plans.paint(engine, plan, to=to, line=line, width_m=10, **ANN)


def building(engine: sa.Engine, plan: int) -> plans.Outcome:
    to, other, line = neighbours(engine, plan, 2)[4]
    beside = rows(
        engine,
        "SELECT b.id FROM building b JOIN grid g ON g.id = :g AND ST_Contains(g.geom, b.geom) "
        "ORDER BY ST_Distance(b.geom, ST_GeomFromText(:line, 4326)) LIMIT 12",
        g=other,
        line=line.wkt,
    )
    for (number,) in beside:
        try:
            return plans.transfer_building(engine, plan, to=to, building=number, **ANN)
        except RefusedEdit:
            continue
    raise AssertionError("no building beside the boundary can be given")


def school(engine: sa.Engine, plan: int) -> plans.Outcome:
    area = inside(engine, largest(engine, plan)).buffer(0.0003)
    return plans.cut_out_special(engine, plan, level=2, name="第一小学", area=area, **ANN)


def corner(engine: sa.Engine, plan: int) -> plans.Outcome:
    node = rows(
        engine,
        "SELECT x, y FROM (SELECT ST_X(p.geom) AS x, ST_Y(p.geom) AS y, g.id FROM grid g, "
        "LATERAL ST_DumpPoints(g.geom) AS p WHERE g.plan_id = :p AND g.level = 2) AS v "
        "GROUP BY x, y HAVING count(DISTINCT id) > 2 ORDER BY x, y LIMIT 1",
        p=plan,
    )[0]
    to = shapely.Point(node.x + 0.00015, node.y + 0.00008)
    return plans.move_node(engine, plan, level=2, node=shapely.Point(node), to=to, **ANN)


def numbers(engine: sa.Engine, plan: int) -> plans.Outcome:
    plans.merge_grids(
        engine, plan, grids=[neighbours(engine, plan, 2)[4][1]],
        into=neighbours(engine, plan, 2)[4][0], **ANN,
    )  # fmt: skip
    return plans.renumber(engine, plan, level=2, **ANN)


@pytest.mark.parametrize(
    "edit",
    [evenly, by_streets, block, micro_grid, brush, building, school, corner, numbers],
    ids=lambda edit: edit.__name__,
)
def test_an_edit_keeps_the_proof_and_is_taken_back_bit_for_bit(
    nanjie: sa.Engine, draft: int, edit: Edit
) -> None:
    before = state(nanjie, draft)
    done = edit(nanjie, draft)
    assert exact(nanjie, draft)
    after = state(nanjie, draft)
    assert after != before
    assert {item["level"] for item in done.totals} == {1, 2, 3}
    for _ in range(done.revision):
        plans.undo(nanjie, draft, **ANN)
    assert state(nanjie, draft) == before
    for _ in range(done.revision):
        plans.redo(nanjie, draft, **ANN)
    assert state(nanjie, draft) == after


def test_even_parts_have_about_as_many_households(nanjie: sa.Engine, draft: int) -> None:
    done = evenly(nanjie, draft)
    held = [
        item["after"]["households"]
        for item in done.grids
        if item["after"]["level"] == 2 and item["after"]["households"] > 0
    ]
    assert len(held) == 3
    assert max(held) - min(held) <= 0.2 * sum(held) / 3
    assert done.buildings_cut == 0
    assert done.staff > 0


def test_a_locked_grid_refuses_edits_of_itself_and_of_its_edge(
    nanjie: sa.Engine, draft: int
) -> None:
    to, other, line = neighbours(nanjie, draft, 2)[4]
    plans.lock_grids(nanjie, draft, grids=[other], locked=True, **ANN)
    for refused in (
        lambda: plans.rename_grid(nanjie, draft, grid=other, name="x", **ANN),
        lambda: plans.merge_grids(nanjie, draft, grids=[other], into=to, **ANN),
        lambda: plans.paint(nanjie, draft, to=to, line=line, width_m=10, **ANN),
    ):
        with pytest.raises(Conflict, match="locked"):
            refused()
    plans.lock_grids(nanjie, draft, grids=[other], locked=False, **ANN)
    assert plans.paint(nanjie, draft, to=to, line=line, width_m=10, **ANN).revision == 3


def test_the_check_names_pieces_apart_sizes_and_cut_buildings_with_their_places(
    nanjie: sa.Engine, draft: int
) -> None:
    assert [item.kind for item in plans.inspect(nanjie, draft).findings] == []
    number, place = rows(
        nanjie,
        "SELECT b.id, ST_AsBinary(b.geom) FROM building b JOIN grid g ON g.id = :g "
        "AND ST_Contains(g.geom, b.geom) ORDER BY ST_Area(b.geom) DESC",
        g=largest(nanjie, draft),
    )[0]
    west, south, east, north = shapely.from_wkb(bytes(place)).bounds
    half = shapely.box(west, south, (west + east) / 2, north).buffer(0.00005, cap_style="square")
    plans.cut_out_special(nanjie, draft, level=3, name="半栋楼", area=half, **ANN)
    far = largest(nanjie, draft, 3)
    away = one(
        nanjie,
        "SELECT a.id FROM grid a JOIN grid b ON b.id = :g WHERE a.plan_id = b.plan_id "
        "AND a.level = b.level ORDER BY ST_Distance(a.geom, b.geom) DESC",
        g=far,
    )
    plans.merge_grids(nanjie, draft, grids=[away], into=far, **ANN)
    report = plans.inspect(nanjie, draft)
    assert report.exact
    kinds = {item.kind for item in report.findings}
    assert {"cut building", "non-contiguous", "size"} <= kinds
    assert all(item.area_m2 > 0 and item.grid is not None for item in report.findings)
    assert number


def test_figures_tell_shape_and_totals(nanjie: sa.Engine, draft: int) -> None:
    told = plans.read_areas(nanjie, draft)
    some = told["features"][40]["properties"]
    for name in ("polsby_popper", "reock", "hull_ratio"):
        assert 0 < some[name] <= 1
    assert (some["parts"], some["buildings_cut"], some["deviation"]) == (1, 0, 0)
    assert [item["grids"] for item in told["totals"]] == [1, 27, 247]


def test_what_is_not_there_is_not_edited(nanjie: sa.Engine, draft: int) -> None:
    grid = largest(nanjie, draft)
    with pytest.raises(NotFound):
        plans.transfer_building(nanjie, draft, to=grid, building=2**40, **ANN)
    with pytest.raises(InvalidInput, match="one area"):
        plans.cut_out_special(nanjie, draft, level=2, name="x", **ANN)
    with pytest.raises(InvalidInput, match="Nothing of the plan"):
        plans.transfer_block(nanjie, draft, to=grid, point=shapely.Point(0, 0), **ANN)
