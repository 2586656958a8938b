"""A proposal is carried out, whole or in part: one transaction, refused before it breaks a rule."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from gridmap.errors import Conflict, Fault, InvalidInput
from gridmap.store import assignments, audit, database
from gridmap.store.database import Connection, Engine
from gridmap.store.needs import Need, read_needs
from gridmap.store.workloads import Duty, read_duties


def accept(
    engine: Engine, place: str, *, changes: Sequence[dict[str, Any]], at: datetime, actor: str
) -> int:
    """Carry out chosen changes of a proposal, all or none; give how many.

    Posts are left before they are taken, so a chain of swaps needs no order of its own.

    Raises
    ------
    Conflict
        A post is not as it was when the proposal was made; or the chosen part cuts a chain of
        swaps, and the message says which post its person has to leave with it.
    InvalidInput
        Somebody is given a post without having the role, or a post is named twice.
    """
    with database.transaction(engine, actor=actor) as connection:
        assignments.book(connection, {change["to"] for change in changes if change["to"]})
        needs = {
            (need.kind, need.target_id, need.role): need
            for need in read_needs(connection, place, at)
        }
        _check_fresh(connection, needs, changes, at)
        _check_people(connection, place, changes, at, needs)
        for change in changes:
            if change["assignment_id"] is not None:
                assignments.end_assignment(connection, change["assignment_id"], at)
        for change in changes:
            if change["to"] is not None:
                assignments.insert_assignment(
                    connection,
                    staff_id=change["to"],
                    role=change["role"],
                    target=(change["kind"], change["target_id"]),
                    begins=at,
                    ends=None,
                    full_time=needs[_key(change)].full_time,
                )
        audit.record(
            connection,
            actor=actor,
            action="accept proposal",
            noun="place",
            noun_id=place,
            detail={"changes": len(changes)},
        )
    return len(changes)


def _key(change: dict[str, Any]) -> tuple[str, int, str]:
    return change["kind"], change["target_id"], change["role"]


def _check_fresh(
    connection: Connection,
    needs: dict[tuple[str, int, str], Need],
    changes: Sequence[dict[str, Any]],
    at: datetime,
) -> None:
    """Refuse what was true when the proposal was made and is not any more."""
    faults = []
    named = Counter(change["assignment_id"] for change in changes if change["assignment_id"])
    if any(count > 1 for count in named.values()):
        raise InvalidInput("A post is named twice", hint="Send each change once.")
    fills: dict[tuple[str, int, str], int] = defaultdict(int)
    for change in changes:
        need = needs.get(_key(change))
        if need is None:
            faults.append(Fault("this post is not asked for any more", field=str(_key(change))))
        elif change["assignment_id"] is not None:
            held = assignments.read_assignment(connection, change["assignment_id"])
            is_over = held["ends"] is not None and held["ends"] <= at
            if is_over or held["staff_id"] != change["from"]:
                faults.append(Fault(f"{held['target_name']} has somebody else now"))
            elif held["locked"]:
                faults.append(Fault(f"{held['target_name']} was locked meanwhile"))
        else:
            fills[_key(change)] += 1
            if need.held + fills[_key(change)] > max(need.minimum, need.held):
                faults.append(Fault(f"{need.name or need.code} was filled meanwhile"))
    if faults:
        raise Conflict(
            f"{len(faults)} of {len(changes)} posts changed since the proposal was made",
            hint="Ask for a new proposal.",
            faults=tuple(faults[:50]),
        )


def _check_people(
    connection: Connection,
    place: str,
    changes: Sequence[dict[str, Any]],
    at: datetime,
    needs: dict[tuple[str, int, str], Need],
) -> None:
    """Refuse a part that would give people more than they can hold, naming what belongs to it."""
    people = {person["id"]: person for person in assignments.read_people(connection, place, at)}
    left = {change["assignment_id"] for change in changes}
    stays: dict[int, list[Duty]] = defaultdict(list)
    for duty in read_duties(connection, place, at):
        if duty.assignment_id not in left:
            stays[duty.staff_id].append(duty)
    gains: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for change in changes:
        if change["to"] is not None:
            gains[change["to"]].append(change)
    faults = [
        fault
        for who, gained in gains.items()
        if (fault := _fault_of(who, people.get(who), gained, stays[who], needs)) is not None
    ]
    if faults:
        raise Conflict(
            f"These changes cannot be made without others: {faults[0].reason}",
            hint="Accept the changes of those posts as well, or leave these out.",
            faults=tuple(faults[:50]),
        )


def _fault_of(
    who: int,
    person: dict[str, Any] | None,
    gained: Sequence[dict[str, Any]],
    kept: Sequence[Duty],
    needs: dict[tuple[str, int, str], Need],
) -> Fault | None:
    """Why somebody cannot take the posts that are given to them, beside those that they keep."""
    if person is None:
        raise InvalidInput(f"There is nobody with the number {who} in this place")
    for change in gained:
        if change["role"] not in person["roles"]:
            raise InvalidInput(f"{person['name']} is no {change['role']}")
    names = ", ".join(_name(needs[_key(change)]) for change in gained)
    full = [duty for duty in kept if duty.full_time]
    if full and any(needs[_key(change)].full_time for change in gained):
        return _belongs(person["name"], names, full)
    if len(kept) + len(gained) <= person["capacity"]:
        return None
    if kept:
        return _belongs(person["name"], names, kept)
    return Fault(f"{person['name']} cannot hold {names} at once")


def _name(need: Need) -> str:
    return need.name or need.code or f"{need.kind} {need.target_id}"


def _belongs(person: str, names: str, kept: Sequence[Duty]) -> Fault:
    held = ", ".join(duty.name or duty.code or str(duty.target_id) for duty in kept)
    return Fault(f"{person} can take {names} only when leaving {held}")
