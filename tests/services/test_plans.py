"""A draft is drawn on, taken back and published; the coverage is exact after every step."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
import shapely
import sqlalchemy as sa

from gridmap.errors import Conflict, InvalidInput
from gridmap.services import plans

PLACES = ("nanjie",)


@pytest.fixture(scope="module")
def nanjie(engine: sa.Engine) -> sa.Engine:
    return engine


@pytest.fixture
def draft(nanjie: sa.Engine) -> int:
    published = one(
        nanjie,
        "SELECT p.id FROM plan p JOIN network n ON n.id = p.network_id "
        "WHERE n.key = 'governance' AND p.state = 'published'",
    )
    return plans.make_draft(nanjie, based_on=published, name="draft", actor="ann")


def one(engine: sa.Engine, question: str, **values: Any) -> Any:
    with engine.connect() as connection:
        return connection.scalar(sa.text(question), values)


def rows(engine: sa.Engine, question: str, **values: Any) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(sa.text(question), values))


def state(engine: sa.Engine, plan: int) -> tuple[Any, ...]:
    """Everything that a plan is, polygons and atoms bit for bit."""
    return (
        rows(
            engine,
            "SELECT id, level, lowest, code, name, parent_id, parent, households, residents, buildings,"
            " dossiers, ST_AsBinary(ST_Normalize(geom)) FROM grid WHERE plan_id = :plan ORDER BY id",
            plan=plan,
        ),
        rows(
            engine,
            "SELECT atom_id, grid_id, ST_AsBinary(geom) FROM plan_atom JOIN atom a ON a.id = atom_id "
            "WHERE plan_id = :plan ORDER BY 1",
            plan=plan,
        ),
    )


def neighbours(engine: sa.Engine, plan: int, level: int) -> list[tuple[int, int, Any]]:
    """Pairs of grids of a level with the line that they share."""
    found = rows(
        engine,
        "SELECT a.id, b.id, ST_AsBinary(ST_LineMerge(ST_CollectionExtract("
        "ST_Intersection(a.geom, b.geom), 2))) FROM grid a JOIN grid b ON a.id < b.id "
        "AND a.geom && b.geom AND a.plan_id = b.plan_id AND a.level = b.level "
        "WHERE a.plan_id = :plan AND a.level = :level AND ST_Intersects(a.geom, b.geom) ORDER BY 1, 2",
        plan=plan,
        level=level,
    )
    listed = []
    for first, second, line in found:
        parts = [
            part
            for part in shapely.get_parts(shapely.from_wkb(bytes(line)))
            if part.length > 0.0006
        ]
        if parts:
            listed.append((first, second, max(parts, key=lambda part: part.length)))
    return listed


def sloppy(line: Any, rng: np.random.Generator, off: float = 0.00008) -> shapely.LineString:
    """The middle of a boundary, drawn again some metres off."""
    ends = [line.interpolate(share, normalized=True) for share in (0.1, 0.35, 0.65, 0.9)]
    points = [shapely.get_coordinates(point)[0] for point in ends]
    return shapely.LineString(
        [points[0], *[p + rng.normal(0, off, 2) for p in points[1:3]], points[3]]
    )


def exact(engine: sa.Engine, plan: int) -> bool:
    """The proof, and every level's polygons and households made of those below."""
    broken = one(
        engine,
        "SELECT count(*) FROM grid p JOIN (SELECT parent_id, sum(households) AS households, "
        "sum(area_m2) AS area FROM grid WHERE plan_id = :plan GROUP BY parent_id) c "
        "ON c.parent_id = p.id WHERE p.plan_id = :plan "
        "AND (p.households <> c.households OR abs(p.area_m2 - c.area) > 0.01)",
        plan=plan,
    )
    return not plans.check(engine, plan) and broken == 0


def test_a_draft_is_a_copy_that_shares_its_atoms(nanjie: sa.Engine, draft: int) -> None:
    counts = rows(
        nanjie, "SELECT level, count(*) FROM grid WHERE plan_id = :p GROUP BY 1 ORDER BY 1", p=draft
    )
    assert counts == [(1, 1), (2, 27), (3, 247)]
    assert exact(nanjie, draft)


def test_a_preview_tells_the_consequences_and_stores_nothing(nanjie: sa.Engine, draft: int) -> None:
    before = state(nanjie, draft)
    first, second, line = neighbours(nanjie, draft, 2)[3]
    drawn = sloppy(line, np.random.default_rng(1), 0.0002)
    seen = plans.redraw_boundary(
        nanjie, draft, one=first, other=second, line=drawn, revision=0, actor="ann", preview=True
    )
    assert seen.revision == 0
    assert {item["id"] for item in seen.grids} >= {first, second}
    assert state(nanjie, draft) == before
    done = plans.redraw_boundary(
        nanjie, draft, one=first, other=second, line=drawn, revision=0, actor="ann"
    )
    assert done.households_moved == seen.households_moved
    assert [
        (item["after"] or {}).get("households")
        for item in done.grids
        if item["id"] in {first, second}
    ] == [
        (item["after"] or {}).get("households")
        for item in seen.grids
        if item["id"] in {first, second}
    ]


@pytest.mark.parametrize("level", [2, 3])
def test_drawing_keeps_the_proof_and_undoing_all_gives_the_first_state_bit_for_bit(
    nanjie: sa.Engine, draft: int, level: int
) -> None:
    rng = np.random.default_rng(level)
    states = [state(nanjie, draft)]
    pairs = neighbours(nanjie, draft, level)
    for number in rng.permutation(len(pairs))[:12]:
        first, second, line = pairs[number]
        try:
            plans.redraw_boundary(
                nanjie,
                draft,
                one=first,
                other=second,
                line=sloppy(line, rng),
                revision=None,
                actor="ann",
            )
        except InvalidInput:
            continue
        assert exact(nanjie, draft)
        states.append(state(nanjie, draft))
    assert len(states) > 8
    for expected in reversed(states[:-1]):
        plans.undo(nanjie, draft, revision=None, actor="ann")
        assert state(nanjie, draft) == expected
    with pytest.raises(Conflict, match="nothing to undo"):
        plans.undo(nanjie, draft, revision=None, actor="ann")
    for expected in states[1:]:
        plans.redo(nanjie, draft, revision=None, actor="bob")
        assert state(nanjie, draft) == expected


def test_a_split_and_a_merger_take_each_other_back(nanjie: sa.Engine, draft: int) -> None:
    grid, box = rows(
        nanjie,
        "SELECT id, ST_AsBinary(ST_Envelope(geom)) FROM grid WHERE plan_id = :p AND level = 2 "
        "ORDER BY households DESC",
        p=draft,
    )[0]
    west, south, east, north = shapely.from_wkb(bytes(box)).bounds
    across = shapely.LineString(
        [(west - 0.0001, (south + north) / 2), (east + 0.0001, (south + north) / 2)]
    )
    done = plans.split_grid(nanjie, draft, grid=grid, line=across, revision=None, actor="ann")
    made = [
        item["id"] for item in done.grids if item["before"] is None and item["after"]["level"] == 2
    ]
    assert len(made) >= 1
    assert exact(nanjie, draft)
    assert one(
        nanjie, "SELECT count(*) FROM grid WHERE plan_id = :p AND level = 2", p=draft
    ) == 27 + len(made)
    plans.merge_grids(nanjie, draft, grids=made, into=grid, revision=None, actor="ann")
    assert exact(nanjie, draft)
    assert one(nanjie, "SELECT count(*) FROM grid WHERE plan_id = :p AND level = 2", p=draft) == 27


def test_a_lasso_gives_blocks_to_a_neighbour(nanjie: sa.Engine, draft: int) -> None:
    first, second, line = neighbours(nanjie, draft, 2)[5]
    middle = line.interpolate(0.5, normalized=True)
    lasso = middle.buffer(0.0015)
    done = plans.transfer_area(nanjie, draft, to=first, lasso=lasso, revision=0, actor="ann")
    assert done.revision == 1
    assert exact(nanjie, draft)
    assert second


def test_a_stale_revision_is_refused_with_what_changed(nanjie: sa.Engine, draft: int) -> None:
    grid = one(nanjie, "SELECT min(id) FROM grid WHERE plan_id = :p AND level = 2", p=draft)
    plans.rename_grid(nanjie, draft, grid=grid, name="新名", revision=0, actor="ann")
    with pytest.raises(Conflict, match="1: rename by ann"):
        plans.rename_grid(nanjie, draft, grid=grid, name="别名", revision=0, actor="bob")


def test_a_locked_grid_is_left_alone(nanjie: sa.Engine, draft: int) -> None:
    first, second, line = neighbours(nanjie, draft, 2)[0]
    with nanjie.begin() as connection:
        connection.execute(sa.text("UPDATE grid SET locked = true WHERE id = :id"), {"id": first})
    with pytest.raises(Conflict, match="locked"):
        plans.redraw_boundary(
            nanjie, draft, one=first, other=second, line=line, revision=None, actor="ann"
        )


def test_publishing_needs_another_person_and_ends_the_plan_before(
    nanjie: sa.Engine, draft: int
) -> None:
    first, second, line = neighbours(nanjie, draft, 2)[7]
    drawn = sloppy(line, np.random.default_rng(7))
    plans.redraw_boundary(
        nanjie, draft, one=first, other=second, line=drawn, revision=0, actor="ann"
    )
    starts = one(nanjie, "SELECT current_date + 30")
    with pytest.raises(Conflict, match="only a plan in review"):
        plans.publish(nanjie, draft, starts=starts, revision=1, actor="bob")
    plans.submit(nanjie, draft, revision=1, actor="ann")
    with pytest.raises(Conflict, match="somebody else"):
        plans.publish(nanjie, draft, starts=starts, revision=1, actor="ann")
    with pytest.raises(InvalidInput, match="past"):
        plans.publish(nanjie, draft, starts=date(2026, 1, 1), revision=1, actor="bob")
    plans.publish(nanjie, draft, starts=starts, revision=1, actor="bob")
    periods = rows(
        nanjie,
        "SELECT p.state, p.valid::text FROM plan p JOIN network n ON n.id = p.network_id "
        "WHERE n.key = 'governance' AND p.valid IS NOT NULL ORDER BY lower(p.valid)",
    )
    assert periods == [
        ("published", f"[2025-11-01,{starts})"),
        ("published", f"[{starts},)"),
    ], "until that day the plan before it is in force"
    ancestry = plans.read_lineage(nanjie, draft)
    for level in (1, 2, 3):
        of_level = [item for item in ancestry if item["level"] == level]
        assert sum(item["households"] for item in of_level) == one(
            nanjie, "SELECT sum(households) FROM grid WHERE plan_id = :p AND level = 1", p=draft
        )
        for old in {item["old_id"] for item in of_level}:
            assert sum(i["share"] for i in of_level if i["old_id"] == old) == pytest.approx(1)
    changed = [item for item in ancestry if item["level"] == 2 and 0 < item["share"] < 1]
    assert {item["old_code"] for item in changed} <= {
        code
        for (code,) in rows(nanjie, "SELECT code FROM grid WHERE id IN (:a, :b)", a=first, b=second)
    }
    posts = rows(
        nanjie,
        "SELECT g.plan_id, upper_inf(a.period), count(*) FROM assignment a JOIN grid g ON g.id = a.grid_id "
        "GROUP BY 1, 2 ORDER BY 1, 2",
    )
    ended, following = posts
    assert (ended[1], following[0], following[1]) == (False, draft, True)
    assert ended[2] == following[2]
    with pytest.raises(Conflict, match="only drafts"):
        plans.undo(nanjie, draft, revision=None, actor="ann")
