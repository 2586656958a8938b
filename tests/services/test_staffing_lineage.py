"""When a plan is published, posts follow their grids; what has no clear heir is listed."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest
import shapely
import sqlalchemy as sa

from gridmap.services import plans, staffing

PLACES = ("wenyuan",)
STARTS = date(2027, 3, 1)
CODE = "150621005003010"
MIDNIGHT = datetime(2027, 2, 28, 16, tzinfo=UTC)  # where the place is
BEFORE = datetime(2027, 2, 28, 12, tzinfo=UTC)
AFTER = datetime(2027, 3, 2, 12, tzinfo=UTC)


def rows(engine: sa.Engine, question: str, **values: Any) -> Any:
    with engine.connect() as connection:
        return connection.execute(sa.text(question), values).all()


@pytest.fixture(scope="module")
def redrawn(engine: sa.Engine) -> tuple[sa.Engine, int]:
    """Wenyuan with grid 10 cut in three from a day on, none of them half of it; its old grid."""
    ((plan, grid, south, north),) = rows(
        engine,
        "SELECT plan_id, id, ST_YMin(geom), ST_YMax(geom) FROM grid"
        " WHERE code = :code AND network = 'governance'",
        code=CODE,
    )
    homes = rows(
        engine,
        "SELECT ST_X(ST_PointOnSurface(b.geom)), b.households FROM building b JOIN grid g"
        " ON ST_Intersects(g.geom, ST_PointOnSurface(b.geom))"
        " WHERE g.id = :grid AND b.households > 0 ORDER BY 1",
        grid=grid,
    )
    sums = np.cumsum([households for _, households in homes]) / sum(h for _, h in homes)
    draft = plans.make_draft(engine, based_on=plan, name="three", actor="ann")
    for revision, share in enumerate((1 / 3, 2 / 3)):
        number = int(np.searchsorted(sums, share))
        lon = (homes[number][0] + homes[number + 1][0]) / 2
        line = shapely.LineString([(lon, south - 0.0005), (lon, north + 0.0005)])
        ((piece,),) = rows(
            engine,
            "SELECT g.id FROM grid g, grid o WHERE g.plan_id = :plan AND o.id = :grid AND g.level = 2"
            " AND ST_Intersects(g.geom, o.geom) AND ST_Area(ST_Intersection(g.geom, o.geom)) > 0"
            " ORDER BY ST_Length(ST_Intersection(g.geom, CAST(:line AS geometry))) DESC LIMIT 1",
            plan=draft,
            grid=grid,
            line=f"SRID=4326;{line.wkt}",
        )
        plans.split_grid(engine, draft, grid=piece, line=line, revision=revision, actor="ann")
    plans.submit(engine, draft, revision=2, actor="ann")
    plans.publish(engine, draft, starts=STARTS, revision=2, actor="bob")
    return engine, grid


def test_every_post_of_other_grids_follows_and_nobody_is_dropped(
    redrawn: tuple[sa.Engine, int],
) -> None:
    engine, grid = redrawn

    def held(at: datetime) -> dict[int, set[int]]:
        grids: dict[int, set[int]] = defaultdict(set)
        for item in staffing.roster(engine, "wenyuan", at=at)["assignments"]:
            if item["kind"] == "grid" and item["target_network"] == "governance":
                grids[item["staff_id"]].add(item["target_id"])
        return grids

    before, after = held(BEFORE), held(AFTER)
    assert before.keys() == after.keys()
    stays = {person for person in before if before[person] == after[person]}
    assert stays == {person for person in before if before[person] == {grid}}


def test_what_has_no_clear_heir_is_listed_with_its_heirs_and_follows_by_hand(
    redrawn: tuple[sa.Engine, int],
) -> None:
    engine, grid = redrawn
    orphans = staffing.orphans(engine, "wenyuan")
    assert {(item["grid_id"], item["role"]) for item in orphans} == {
        (grid, "grid-worker"),
        (grid, "medical-worker"),
    }
    orphan = next(item for item in orphans if item["role"] == "grid-worker")
    assert orphan["ended"] == STARTS
    assert len(orphan["heirs"]) == 3
    assert sum(heir["share"] for heir in orphan["heirs"]) == pytest.approx(1)
    assert max(heir["share"] for heir in orphan["heirs"]) <= 0.5
    vacant = {
        item["target_id"]
        for item in staffing.completeness(engine, "wenyuan", at=AFTER)["vacancies"]
        if item["role"] == "grid-worker"
    }
    assert vacant == {heir["id"] for heir in orphan["heirs"]}
    heir = orphan["heirs"][0]["id"]
    made = staffing.move(engine, orphan["id"], to=("grid", heir), at=MIDNIGHT, actor="ann")
    left = staffing.orphans(engine, "wenyuan")
    assert {item["role"] for item in left} == {"medical-worker"}
    assert [item["id"] for item in staffing.history(engine, ("grid", heir))] == [made]
    (past,) = [i for i in staffing.history(engine, ("grid", grid)) if i["id"] == orphan["id"]]
    assert past["ends"] == MIDNIGHT
