"""Posts are given, ended and handed over, each in one transaction and with its history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from gridmap.errors import Fault, InvalidInput
from gridmap.store import assignments, audit, database, staffing
from gridmap.store.database import Connection, Engine

MOST_AT_ONCE = 2_000


def assign(
    engine: Engine,
    *,
    staff_id: int,
    role: str,
    targets: Sequence[tuple[str, int]],
    begins: datetime,
    ends: datetime | None = None,
    link: str = "duty",
    full_time: bool = False,
    actor: str,
) -> list[int]:
    """Give somebody one post or several at once; all or none.

    Raises
    ------
    NotFound
        The person, the role or a target is not there.
    InvalidInput
        The person has not this role.
    Conflict
        A full-time post clashes with another; the message names it.
    """
    if not 1 <= len(targets) <= MOST_AT_ONCE:
        raise InvalidInput(f"1 to {MOST_AT_ONCE} targets can be given at once")
    with database.transaction(engine, actor=actor) as connection:
        person = assignments.read_staff(connection, staff_id, booking=True)
        if role not in person["roles"]:
            raise InvalidInput(
                f"{person['name']} is no {role}",
                hint=f"Roles of this person: {', '.join(person['roles'])}.",
                faults=(Fault("not a role of this person", field="role"),),
            )
        made = [
            assignments.insert_assignment(
                connection,
                staff_id=staff_id,
                role=role,
                target=target,
                begins=begins,
                ends=ends,
                link=link,
                full_time=full_time,
            )
            for target in targets
        ]
        _record(connection, actor, "assign", made)
    return made


def end(engine: Engine, assignment_id: int, *, at: datetime, actor: str) -> None:
    """End an assignment at a time; it stays in the history."""
    with database.transaction(engine, actor=actor) as connection:
        assignments.end_assignment(connection, assignment_id, at)
        _record(connection, actor, "end", [assignment_id])


def hand_over(engine: Engine, assignment_id: int, *, to: int, at: datetime, actor: str) -> int:
    """End an assignment and give the same post to somebody else from the same moment."""
    with database.transaction(engine, actor=actor) as connection:
        held = assignments.read_assignment(connection, assignment_id)
        assignments.book(connection, {held["staff_id"], to})
        heir = assignments.read_staff(connection, to)
        if held["role"] not in heir["roles"]:
            raise InvalidInput(f"{heir['name']} is no {held['role_name_en']}")
        assignments.end_assignment(connection, assignment_id, at)
        made = assignments.insert_assignment(
            connection,
            staff_id=to,
            role=held["role"],
            target=(held["kind"], held["target_id"]),
            begins=at,
            ends=held["ends"],
            link=held["link"],
            full_time=held["full_time"],
        )
        _record(connection, actor, "hand over", [assignment_id, made])
    return made


def move(
    engine: Engine, assignment_id: int, *, to: tuple[str, int], at: datetime, actor: str
) -> int:
    """Let somebody go on elsewhere: the assignment ends, and the same one begins at a target.

    Raises
    ------
    NotFound
        No such assignment or target.
    Conflict
        The assignment is locked or ended.
    """
    with database.transaction(engine, actor=actor) as connection:
        held = assignments.read_assignment(connection, assignment_id)
        assignments.book(connection, {held["staff_id"]})
        assignments.end_assignment(connection, assignment_id, at)
        made = assignments.insert_assignment(
            connection,
            staff_id=held["staff_id"],
            role=held["role"],
            target=to,
            begins=at,
            ends=held["ends"],
            link=held["link"],
            full_time=held["full_time"],
        )
        _record(connection, actor, "move", [assignment_id, made])
    return made


def pair(
    engine: Engine,
    *,
    staff_id: int,
    role: str,
    building_id: int,
    begins: datetime,
    ends: datetime | None = None,
    actor: str,
) -> tuple[int, int]:
    """Pair somebody with a household of a building; give the household and the assignment.

    The household has a number at its building and no name.

    Raises
    ------
    NotFound
        No such person, or no such building in the person's place.
    InvalidInput
        The person has not this role.
    """
    with database.transaction(engine, actor=actor) as connection:
        person = assignments.read_staff(connection, staff_id, booking=True)
        if role not in person["roles"]:
            raise InvalidInput(f"{person['name']} is no {role}")
        household = staffing.insert_household(connection, person["place"], building_id)
        made = assignments.insert_assignment(
            connection,
            staff_id=staff_id,
            role=role,
            target=("household", household),
            begins=begins,
            ends=ends,
            link="pair",
        )
        _record(connection, actor, "pair", [made])
    return household, made


def lock(engine: Engine, assignment_id: int, *, locked: bool, actor: str) -> None:
    """Lock an assignment against proposals and ends, or unlock it."""
    with database.transaction(engine, actor=actor) as connection:
        assignments.lock_assignment(connection, assignment_id, locked=locked)
        _record(connection, actor, "lock" if locked else "unlock", [assignment_id])


def roster(
    engine: Engine, place: str, *, at: datetime, staff_id: int | None = None
) -> dict[str, Any]:
    """Staff of a place with what they hold at a time."""
    with database.translated(), engine.connect() as connection:
        people = assignments.read_people(connection, place, at)
        held = assignments.read_assignments(connection, place, at, staff_id=staff_id)
    return {"at": at.isoformat(), "staff": people, "assignments": held}


def _record(connection: Connection, actor: str, action: str, numbers: Sequence[int]) -> None:
    audit.record(
        connection,
        actor=actor,
        action=action,
        noun="assignment",
        noun_id=",".join(str(number) for number in numbers[:20]),
        detail={"count": len(numbers)},
    )
