"""Counts per grid survive a redraw: exactly for points, by lineage for sums."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa

from gridmap.errors import NotFound
from gridmap.services import plans
from gridmap.services.hotspots import Question
from gridmap.services.hotspots.series import count_by_grid

PLACES = ("nanjie",)
YEAR = (
    datetime.fromisoformat("2025-11-01T00:00:00+08:00"),
    datetime.fromisoformat("2026-11-01T00:00:00+08:00"),
)


@pytest.fixture(scope="module")
def nanjie(engine: sa.Engine) -> sa.Engine:
    return engine


def series(engine: sa.Engine) -> dict[str, Any]:
    found = count_by_grid(engine, Question("nanjie", *YEAR, unit="grids"))
    for grid in found["grids"]:
        grid["total"] = sum(grid["exact"])
    return found


def test_a_merged_grid_has_the_counts_of_both_and_the_town_keeps_its_total(
    nanjie: sa.Engine,
) -> None:
    before = series(nanjie)
    assert len(before["grids"]) == 27
    assert sum(grid["total"] for grid in before["grids"]) == 1948
    assert len(before["months"]) == 12

    first, second = (grid["id"] for grid in before["grids"][:2])
    with nanjie.connect() as connection:
        plan = connection.scalar(sa.text("SELECT plan_id FROM grid WHERE id = :id"), {"id": first})
        today = connection.scalar(sa.text("SELECT current_date"))
    draft = plans.make_draft(nanjie, based_on=plan, name="one less", actor="ann")
    with nanjie.connect() as connection:
        ids = dict(
            connection.execute(
                sa.text("SELECT code, id FROM grid WHERE plan_id = :p AND level = 2"), {"p": draft}
            ).all()
        )
    codes = {grid["id"]: grid["code"] for grid in before["grids"]}
    into, other = ids[codes[first]], ids[codes[second]]
    plans.merge_grids(nanjie, draft, grids=[other], into=into, revision=0, actor="ann")
    plans.submit(nanjie, draft, revision=1, actor="ann")
    plans.publish(nanjie, draft, starts=today, revision=1, actor="bob")

    after = series(nanjie)
    assert len(after["versions"]) == 2
    assert len(after["grids"]) == 26
    assert sum(grid["total"] for grid in after["grids"]) == 1948
    merged = next(grid for grid in after["grids"] if grid["id"] == into)
    parts = [grid for grid in before["grids"] if grid["id"] in (first, second)]
    assert merged["exact"] == np.sum([grid["exact"] for grid in parts], axis=0).tolist()
    # Every month was under the plan before: its sums, carried over, are the same here.
    assert merged["by_lineage"] == pytest.approx(merged["exact"])
    assert {origin["share"] for origin in merged["from"]} == {1.0}
    for grid in after["grids"]:
        assert grid["by_lineage"] == pytest.approx(grid["exact"])


def test_a_place_without_a_plan_has_no_series(nanjie: sa.Engine) -> None:
    with pytest.raises(NotFound):
        count_by_grid(nanjie, Question("nanjie", *YEAR, unit="grids", network="none"))
