"""Sixteen people draw on one draft at once: nothing overlaps, nothing is open, nothing is lost."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
import shapely
import sqlalchemy as sa
from shapely.geometry import shape

from gridmap.errors import Conflict, InvalidInput
from gridmap.services import plans
from gridmap.store import database

PLACES = ("nanjie",)
EDITORS = 16
REACH_DEG = 0.0007  # of a lasso: some blocks


@dataclass
class Account:
    """What an editor was told."""

    accepted: list[tuple[int, str, str]] = field(default_factory=list)  # revision, kind, actor
    stale: list[str] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    failures: list[BaseException] = field(default_factory=list)


@pytest.fixture(scope="module")
def draft(engine: sa.Engine) -> int:
    base = next(
        plan["id"]
        for plan in plans.list_plans(engine, place="nanjie", network="governance")
        if plan["in_force"]
    )
    return plans.make_draft(engine, based_on=base, name="together", actor="ann")


@pytest.mark.parametrize(
    "seconds", [6.0, pytest.param(60.0, marks=pytest.mark.long)], ids=["short", "a minute"]
)
def test_many_editors_at_once_lose_nothing(
    database_url: str, engine: sa.Engine, draft: int, seconds: float
) -> None:
    began = _revision(engine, draft)
    accounts = [Account() for _ in range(EDITORS)]
    # Each has a connection; nobody waits for one that another editor holds.
    many = database.connect_engine(database_url, pool_size=EDITORS)
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(target=_draw, args=(many, draft, number, until, account))
        for number, account in enumerate(accounts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    many.dispose()

    assert [error for account in accounts for error in account.failures] == []
    accepted = sorted(item for account in accounts for item in account.accepted)
    assert len(accepted) > 3, "some got through"
    log = [
        (entry["revision"], entry["kind"], entry["actor"])
        for entry in plans.read_log(engine, draft)
        if entry["revision"] > began
    ]
    assert log == accepted, "what was accepted is in the log, and nothing else"
    assert [revision for revision, _, _ in log] == list(range(began + 1, began + len(log) + 1)), (
        "one after the other"
    )
    stale = [text for account in accounts for text in account.stale]
    assert stale, "they were in each other's way"
    assert all(" by editor " in text for text in stale), "each learns what changed, and by whom"

    assert plans.check(engine, draft) == []
    with engine.connect() as connection:
        assert (
            connection.scalar(sa.text("SELECT count(*) FROM plan_residue(:plan)"), {"plan": draft})
            == 0
        )
        assert (
            connection.scalar(
                sa.text(
                    "SELECT count(*) FROM grid_residue("
                    "(SELECT array_agg(id) FROM grid WHERE plan_id = :plan))"
                ),
                {"plan": draft},
            )
            == 0
        ), "and every grid is what its atoms are"
        households = connection.execute(
            sa.text(
                "SELECT DISTINCT sum(households) FROM grid WHERE plan_id = :plan GROUP BY level"
            ),
            {"plan": draft},
        ).scalars()
        assert list(households) == [8349], "every household is in one grid of each level"


def _draw(engine: sa.Engine, draft: int, number: int, until: float, account: Account) -> None:
    rng = np.random.default_rng(number)
    actor = f"editor {number}"
    try:
        areas = plans.read_areas(engine, draft, level=2)["features"]
        while time.monotonic() < until:
            revision = _revision(engine, draft)
            kind = str(rng.choice(["rename", "transfer", "transfer", "undo", "redo"]))
            try:
                outcome = _edit(engine, draft, kind, rng, areas, revision, actor)
            except Conflict as conflict:
                if "revision" in conflict.message:
                    account.stale.append(conflict.message)
                else:
                    account.refused[conflict.message] += 1
            except InvalidInput as refused:
                account.refused[refused.message] += 1
            else:
                account.accepted.append((outcome.revision, kind, actor))
    except BaseException as error:  # noqa: BLE001 - told by the main thread
        account.failures.append(error)


def _revision(engine: sa.Engine, draft: int) -> int:
    with engine.connect() as connection:
        found: int = connection.scalar(
            sa.text("SELECT revision FROM plan WHERE id = :plan"), {"plan": draft}
        )
    return found


def _edit(
    engine: sa.Engine,
    draft: int,
    kind: str,
    rng: np.random.Generator,
    areas: list[dict[str, Any]],
    revision: int,
    actor: str,
) -> Any:
    common: dict[str, Any] = {"revision": revision, "actor": actor}
    if kind == "undo":
        return plans.undo(engine, draft, **common)
    if kind == "redo":
        return plans.redo(engine, draft, **common)
    grid = areas[int(rng.integers(len(areas)))]
    if kind == "rename":
        name = f"{actor} {rng.integers(1_000_000)}"
        return plans.rename_grid(engine, draft, grid=grid["id"], name=name, **common)
    edge = shape(grid["geometry"]).boundary
    at = edge.interpolate(rng.uniform(), normalized=True)
    lasso = shapely.Point(at.x, at.y).buffer(REACH_DEG, quad_segs=3)
    return plans.transfer_area(engine, draft, to=grid["id"], lasso=lasso, **common)
