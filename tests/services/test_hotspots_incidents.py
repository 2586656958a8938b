"""Incidents that are kept in memory are those that would be read, until any of them changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa

from gridmap.geometry.crs import LocalCRS, meridian_of
from gridmap.services.hotspots import Question, crowds, find_hotspots
from gridmap.services.hotspots.case import read_case
from gridmap.services.hotspots.incidents import Incidents
from gridmap.store import database, points

PLACES = ("nanjie",)
YEAR = (
    datetime.fromisoformat("2025-11-01T00:00:00+08:00"),
    datetime.fromisoformat("2026-11-01T00:00:00+08:00"),
)
QUESTION = Question("nanjie", *YEAR)


def read(engine: sa.Engine, question: Question) -> Incidents:
    with engine.connect() as connection:
        return read_case(connection, question).incidents


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Windows that were read from the database since the test began."""
    seen: list[tuple[Any, ...]] = []
    real = points.read_incidents

    def spy(connection: Any, place: str, begins: datetime, ends: datetime, **filters: Any) -> Any:
        seen.append((begins, ends))
        return real(connection, place, begins, ends, **filters)

    monkeypatch.setattr(points, "read_incidents", spy)
    return seen


@pytest.fixture
def fresh(database_url: str) -> Any:
    """A connection pool for which nothing is kept yet."""
    engine = database.connect_engine(database_url)
    yield engine
    engine.dispose()


def test_a_part_of_a_window_is_answered_from_memory_as_if_it_were_read(
    engine: sa.Engine, fresh: sa.Engine, reads: list[Any]
) -> None:
    whole = read(fresh, QUESTION)
    assert read(fresh, QUESTION) is whole
    assert len(reads) == 1
    moment = YEAR[0] + timedelta(days=60, microseconds=1)
    part = replace(QUESTION, begins=moment, ends=moment + timedelta(days=99))
    kept = read(fresh, part)
    assert len(reads) == 1
    other = database.connect_engine(fresh.url)
    again = read(other, part)
    other.dispose()
    assert len(reads) == 2
    assert 0 < len(kept) < len(whole)
    for name in ("xy", "at", "id"):
        assert np.array_equal(getattr(kept, name), getattr(again, name))


def test_other_categories_and_wider_windows_are_read(fresh: sa.Engine, reads: list[Any]) -> None:
    read(fresh, replace(QUESTION, begins=YEAR[0] + timedelta(days=30)))
    read(fresh, QUESTION)
    some = read(fresh, replace(QUESTION, categories=("dispute",)))
    severe = read(fresh, replace(QUESTION, least_severity=3))
    assert len(reads) == 4
    assert max(len(some), len(severe)) < len(read(fresh, QUESTION))


def test_a_change_of_any_incident_is_seen_at_once(fresh: sa.Engine) -> None:
    before = read(fresh, QUESTION)
    with database.transaction(fresh, actor="test") as connection:
        connection.execute(
            sa.text("UPDATE incident SET geom = ST_Translate(geom, 0.001, 0) WHERE id = :id"),
            {"id": int(before.id[0])},
        )
    after = read(fresh, QUESTION)
    moved = after.xy[:, 0] - before.xy[:, 0]
    assert moved[0] > 50
    assert not moved[1:].any()


def test_a_box_finds_those_inside_with_its_rim() -> None:
    rng = np.random.default_rng(4)
    xy = np.round(rng.uniform(-900, 900, (2_000, 2)))
    made = Incidents(xy, np.zeros(2_000, "datetime64[s]"), np.arange(2_000))
    for west, south, east, north in ((-100, -100, 50, 70), (-5_000, -50, 5_000, 0), (3, 3, 3, 900)):
        inside = (xy >= (west, south)).all(axis=1) & (xy <= (east, north)).all(axis=1)
        assert sorted(made.within(west, south, east, north)) == np.flatnonzero(inside).tolist()
    squares = {(x // 200, y // 200) for x, y in xy}
    assert made.occupied_squares == len(squares)
    assert made.chosen(np.zeros(2_000, bool)).within(0, 0, 1, 1).size == 0


def test_nested_clusters_of_very_many_are_of_a_sample_and_say_so(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = replace(QUESTION, method="hdbscan")
    exact = find_hotspots(engine, question)
    monkeypatch.setattr(crowds, "_MOST_NESTED", 100)
    monkeypatch.setattr(crowds, "_NESTED_SAMPLE", 9 * exact["incidents"] // 10)
    sampled = find_hotspots(engine, question)
    assert "sample" not in exact["explanation"]["en"]
    assert "seeded sample" in sampled["explanation"]["en"]
    assert sampled == find_hotspots(engine, question)
    first, other = (found["hotspots"][0]["centre"] for found in (exact, sampled))
    away = np.diff(LocalCRS(meridian_of(first[0])).to_metres(np.array([first, other])), axis=0)[0]
    assert np.hypot(*away) < 100
