"""A draft's grids are cut anew: alternatives, one edit, undone bit for bit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
import sqlalchemy as sa

from gridmap.errors import Conflict, InvalidInput, NotFound
from gridmap.services import plans
from gridmap.services.plans import partition
from gridmap.services.plans.partition import Wanted
from tests.services.test_plans import one, rows, state

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


@pytest.fixture(scope="module")
def first_cut(nanjie: sa.Engine) -> int:
    """A draft of the blocks between streets and water, cut into grids once."""
    wanted = plans.NewPlan("nanjie", "new", "blocks", "blocks", "nobody")
    plan = plans.make_plan(nanjie, wanted, actor="ann")
    partition.accept(nanjie, propose(nanjie, plan), 0, revision=0, actor="ann")
    return plan


@pytest.fixture
def small(nanjie: sa.Engine, first_cut: int) -> int:
    """A copy of it to draw on."""
    return plans.make_draft(nanjie, based_on=first_cut, name="small", actor="ann")


def quick(**asked: Any) -> Wanted:
    return Wanted(**({"minimum": 200, "maximum": 500, "alternatives": 1, "seconds": 60} | asked))


def propose(engine: sa.Engine, plan: int, **asked: Any) -> partition.Proposal:
    return partition.propose(engine, plan, quick(**asked), progress=lambda _: None)


def grids_of(engine: sa.Engine, plan: int, level: int = 2) -> list[Any]:
    return rows(
        engine,
        "SELECT id, code, name, households, locked, ST_AsBinary(geom) AS geom, parent_id "
        "FROM grid WHERE plan_id = :plan AND level = :level ORDER BY code",
        plan=plan,
        level=level,
    )


def test_an_accepted_alternative_is_one_edit_and_undone_bit_for_bit(
    nanjie: sa.Engine, draft: int
) -> None:
    before = state(nanjie, draft)
    households = sum(row.households for row in grids_of(nanjie, draft))
    proposal = propose(nanjie, draft)
    assert state(nanjie, draft) == before
    outcome = partition.accept(nanjie, proposal, 0, revision=0, actor="ann")
    assert outcome.revision == 1
    assert plans.check(nanjie, draft) == []
    found = proposal.alternatives[0].plan
    grids = grids_of(nanjie, draft)
    assert sorted(row.households for row in grids) == sorted(found.figures.households.tolist())
    assert sum(row.households for row in grids) == households
    micro = grids_of(nanjie, draft, 3)
    assert {row.parent_id for row in micro} == {row.id for row in grids}
    assert all(len(shapely.get_parts(shapely.from_wkb(bytes(row.geom)))) == 1 for row in micro)
    plans.undo(nanjie, draft, revision=1, actor="ann")
    assert state(nanjie, draft) == before
    plans.redo(nanjie, draft, revision=2, actor="ann")
    assert [row.households for row in grids_of(nanjie, draft)] == [row.households for row in grids]


def test_blocks_become_grids_and_those_too_large_are_split_between_buildings(
    nanjie: sa.Engine,
) -> None:
    question = (
        "SELECT count(DISTINCT b.id) FROM plan_atom pa JOIN atom a ON a.id = pa.atom_id "
        "JOIN building b ON ST_Overlaps(a.geom, b.geom) WHERE pa.plan_id = :plan"
    )
    wanted = plans.NewPlan("nanjie", "other", "blocks", "blocks", "nobody")
    plan = plans.make_plan(nanjie, wanted, actor="ann")
    before = state(nanjie, plan)
    cut = one(nanjie, question, plan=plan)
    proposal = propose(nanjie, plan)
    assert proposal.ground.faces.replaced.any()
    assert proposal.alternatives[0].plan.misses == ()
    partition.accept(nanjie, proposal, 0, revision=0, actor="ann")
    assert plans.check(nanjie, plan) == []
    assert one(nanjie, question, plan=plan) == cut
    grids = grids_of(nanjie, plan)
    assert [row.code[-3:] for row in grids] == [f"{n:03d}" for n in range(1, len(grids) + 1)]
    plans.undo(nanjie, plan, revision=1, actor="ann")
    assert state(nanjie, plan) == before


def test_grids_that_are_locked_or_chosen_stay_as_they_are(nanjie: sa.Engine, small: int) -> None:
    first, second, *_ = grids_of(nanjie, small)
    with nanjie.begin() as connection:
        connection.execute(
            sa.text("UPDATE grid SET locked = true WHERE id = :id"), {"id": first.id}
        )
    proposal = propose(nanjie, small, keep=(second.id,))
    partition.accept(nanjie, proposal, 0, revision=0, actor="ann")
    after = {row.id: row for row in grids_of(nanjie, small)}
    for row in (first, second):
        assert shapely.equals(
            shapely.from_wkb(bytes(row.geom)), shapely.from_wkb(bytes(after[row.id].geom))
        )
        assert (row.code, row.name, row.households) == (
            after[row.id].code,
            after[row.id].name,
            after[row.id].households,
        )
    assert plans.check(nanjie, small) == []


def test_exactly_so_many_grids_as_were_asked_for(nanjie: sa.Engine, small: int) -> None:
    now = len(grids_of(nanjie, small))
    proposal = propose(nanjie, small, minimum=50, maximum=900, grids=now + 1)
    partition.accept(nanjie, proposal, 0, revision=0, actor="ann")
    found = grids_of(nanjie, small)
    assert len(found) == now + 1
    assert len({row.code for row in found}) == now + 1


def test_present_grids_keep_their_codes_where_they_go_on(nanjie: sa.Engine, small: int) -> None:
    before = {row.id for row in grids_of(nanjie, small)}
    proposal = propose(nanjie, small, minimum=50, maximum=900, grids=len(before))
    partition.accept(nanjie, proposal, 0, revision=0, actor="ann")
    assert len(before & {row.id for row in grids_of(nanjie, small)}) > len(before) / 2


def test_what_misses_the_range_says_why_and_the_same_seed_gives_the_same(
    nanjie: sa.Engine, small: int
) -> None:
    one_, other = (propose(nanjie, small, minimum=300, maximum=310) for _ in "ab")
    found = one_.alternatives[0].plan
    assert np.array_equal(found.grid, other.alternatives[0].plan.grid)
    assert all(miss.reason for miss in found.misses)
    features = one_.features(0)
    assert len(features) == len(found.figures.grid)
    assert {item["properties"]["number"] for item in features} == set(found.figures.grid.tolist())


def test_a_draft_that_was_changed_meanwhile_refuses(nanjie: sa.Engine, small: int) -> None:
    proposal = propose(nanjie, small)
    grid = grids_of(nanjie, small)[0]
    plans.rename_grid(nanjie, small, grid=grid.id, name="另一个", revision=0, actor="bob")
    with pytest.raises(Conflict, match="revision 1"):
        partition.accept(nanjie, proposal, 0, revision=1, actor="ann")
    with pytest.raises(NotFound, match="alternative 4"):
        partition.accept(nanjie, proposal, 3, revision=1, actor="ann")


def test_questions_that_cannot_be_are_refused(nanjie: sa.Engine, small: int) -> None:
    with pytest.raises(InvalidInput, match="cannot make 5000"):
        propose(nanjie, small, grids=5000)
    with pytest.raises(NotFound, match="no grid 1 of"):
        propose(nanjie, small, keep=(1,))
    with pytest.raises(InvalidInput, match="level 9"):
        propose(nanjie, small, level=9)
    with pytest.raises(InvalidInput, match="alternatives"):
        quick(alternatives=99)
    published = one(nanjie, "SELECT min(id) FROM plan WHERE state = 'published'")
    with pytest.raises(Conflict, match="is published"):
        propose(nanjie, published)


def test_a_building_above_the_maximum_is_the_reason_of_its_grid(
    nanjie: sa.Engine, draft: int
) -> None:
    holder, largest = rows(
        nanjie,
        "SELECT g.id, b.households FROM building b JOIN grid g ON g.plan_id = :plan AND g.level = 2 "
        "AND ST_Intersects(g.geom, ST_PointOnSurface(b.geom)) ORDER BY b.households DESC LIMIT 1",
        plan=draft,
    )[0]
    others = tuple(row.id for row in grids_of(nanjie, draft) if row.id != holder)
    proposal = propose(nanjie, draft, minimum=1, maximum=largest - 1, keep=others)
    reasons = [miss.reason for miss in proposal.alternatives[0].plan.misses]
    assert f"one building has {largest} households alone; no cut passes through a building" in (
        reasons
    )
    assert "it is locked as it is" in reasons


def test_no_grid_of_a_draft_reaches_over_a_wide_river(nanjie: sa.Engine) -> None:
    west, south, east, north = shapely.from_wkb(
        bytes(
            one(
                nanjie,
                "SELECT ST_AsBinary(ST_Extent(geom)::geometry) FROM grid WHERE level = 2",
            )
        )
    ).bounds
    middle = (south + north) / 2
    river = shapely.box(west - 0.01, middle - 0.0001, east + 0.01, middle + 0.0001)  # 22 m wide
    with nanjie.begin() as connection:
        added = connection.scalar(
            sa.text(
                "INSERT INTO water (place, kind, geom) "
                "VALUES ('nanjie', 'river', ST_GeomFromText(:wkt, 4326)) RETURNING id"
            ),
            {"wkt": river.wkt},
        )
    try:
        wanted = plans.NewPlan("nanjie", "parted", "parted", "blocks", "nobody")
        proposal = propose(nanjie, plans.make_plan(nanjie, wanted, actor="ann"))
    finally:
        with nanjie.begin() as connection:
            connection.execute(sa.text("DELETE FROM water WHERE id = :id"), {"id": added})
    grids = [shapely.geometry.shape(feature["geometry"]) for feature in proposal.features(0)]
    assert len(grids) > 10
    upper = shapely.box(west, middle + 0.0001, east, north)
    lower = shapely.box(west, south, east, middle - 0.0001)
    whole = shapely.area(grids)
    both = np.minimum(
        shapely.area(shapely.intersection(grids, upper)),
        shapely.area(shapely.intersection(grids, lower)),
    )
    # A strip between the bank and a street beside it goes with the water; a block is far larger.
    assert (both < 0.05 * whole).all()
