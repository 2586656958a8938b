"""What was, what ends soon, and what a redraw left without a clear heir."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from gridmap.errors import InvalidInput, NotFound
from gridmap.store import assignments, database, lineage, places
from gridmap.store.database import Connection, Engine

MOST_CHANGES = 500


def history(engine: Engine, target: tuple[str, int]) -> list[dict[str, Any]]:
    """Everybody who held a target, the latest first."""
    with database.translated(), engine.connect() as connection:
        return assignments.read_history(connection, target)


def history_of_person(engine: Engine, staff_id: int) -> dict[str, Any]:
    """All that one person held, the latest first.

    Raises
    ------
    NotFound
        No such person.
    """
    with database.translated(), engine.connect() as connection:
        person = assignments.read_staff(connection, staff_id)
        return {
            "person": person,
            "assignments": assignments.read_history(connection, staff_id=staff_id),
        }


def pairs(engine: Engine, building_id: int, *, at: datetime) -> list[dict[str, Any]]:
    """Pairs of staff with households of a building that are on or to come, by household.

    Raises
    ------
    NotFound
        No such building.
    """
    with database.translated(), engine.connect() as connection:
        return assignments.read_pairs(connection, building_id, at)


def changes(engine: Engine, place: str, *, since: datetime, until: datetime) -> dict[str, Any]:
    """What began and what ended at a place in a time, the latest 500 first.

    Raises
    ------
    NotFound
        No such place.
    InvalidInput
        The time ends before it begins.
    """
    if until < since:
        raise InvalidInput("The time ends before it begins")
    with database.translated(), engine.connect() as connection:
        _check_place(connection, place)
        found = assignments.read_changes(connection, place, since, until, most=MOST_CHANGES + 1)
    return {
        "since": since.isoformat(),
        "until": until.isoformat(),
        "changes": found[:MOST_CHANGES],
        "truncated": len(found) > MOST_CHANGES,
    }


def ending(engine: Engine, place: str, *, at: datetime, days: int) -> dict[str, Any]:
    """Assignments that ended in so many days before a time or end in as many after it.

    `followed` says whether somebody goes on; what nobody follows is a vacancy from that moment.

    Raises
    ------
    NotFound
        No such place.
    """
    span = timedelta(days=days)
    with database.translated(), engine.connect() as connection:
        _check_place(connection, place)
        found = assignments.read_ending(connection, place, at - span, at + span)
    return {
        "at": at.isoformat(),
        "days": days,
        "ended": [item for item in found if item["ends"] <= at],
        "ending": [item for item in found if item["ends"] > at],
    }


def orphans(engine: Engine, place: str) -> list[dict[str, Any]]:
    """Open assignments on grids that a published plan ended, with the heirs and their shares.

    Raises
    ------
    NotFound
        No such place.
    """
    with database.translated(), engine.connect() as connection:
        _check_place(connection, place)
        return lineage.read_orphans(connection, place)


def _check_place(connection: Connection, place: str) -> None:
    if not places.has_place(connection, place):
        raise NotFound(f"There is no place {place!r}")
