"""One person to many things at once: every target has its own answer, and all or none is stored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from gridmap.errors import Conflict, Fault, GridmapError, InvalidInput
from gridmap.services.staffing.walking import BY_LINE, BY_STREETS, Meter, open_meter
from gridmap.store import assignments, audit, database, places
from gridmap.store.database import Connection, Engine
from gridmap.store.needs import Need, read_needs
from gridmap.store.workloads import read_duties, read_holders, read_inside, read_spots

MOST_TARGETS = 2_000
MOST_CORNERS = 1_000


def list_inside(
    engine: Engine,
    place: str,
    *,
    kind: str,
    ring: Sequence[tuple[float, float]],
    network: str = "",
    level: int = 0,
) -> list[dict[str, Any]]:
    """Grids of a level, or buildings, whose inner point lies in a drawn ring.

    Parameters
    ----------
    ring
        Longitude and latitude of each corner; closed if it is not.

    Raises
    ------
    InvalidInput
        The ring has less than three corners, or too many.
    NotFound
        No such place.
    """
    corners = list(dict.fromkeys(ring))
    if not 3 <= len(corners) <= MOST_CORNERS:
        raise InvalidInput(
            f"A ring has 3 to {MOST_CORNERS} corners",
            faults=(Fault(f"{len(corners)} corners", field="ring"),),
        )
    with database.translated(), engine.connect() as connection:
        places.read_meridian(connection, place)
        return read_inside(
            connection,
            place,
            kind=kind,
            ring=[*corners, corners[0]],
            network=network,
            level=level,
            most=MOST_TARGETS,
        )


def assign_many(
    engine: Engine,
    place: str,
    *,
    staff_id: int,
    role: str,
    targets: Sequence[tuple[str, int]],
    at: datetime,
    beyond_capacity: bool = False,
    only_check: bool = False,
    actor: str,
) -> dict[str, Any]:
    """Give somebody many posts in one transaction; if one cannot be given, none is.

    Parameters
    ----------
    beyond_capacity
        Give more posts than the person's capacity; who does that by hand knows why.
    only_check
        Store nothing; say what would be.

    Returns
    -------
    `stored`: whether the posts were given; `results`: for each target `assignment_id`, the reason
    why not, the holders now, and the walk in metres.

    Raises
    ------
    NotFound
        The person or the place is not there.
    InvalidInput
        The person has not this role.
    """
    if not 1 <= len(targets) <= MOST_TARGETS:
        raise InvalidInput(f"1 to {MOST_TARGETS} targets can be given at once")
    with database.translated(), engine.connect() as connection:
        meter = open_meter(engine, place, connection)
        people = {one["id"]: one for one in assignments.read_people(connection, place, at)}
        needs = {
            (need.kind, need.target_id, need.role): need
            for need in read_needs(connection, place, at)
        }
    person = people.get(staff_id)
    if person is None or role not in person["roles"]:
        with engine.connect() as connection:
            name = assignments.read_staff(connection, staff_id)["name"]
        raise InvalidInput(
            f"{name} is no {role}" if person else f"{name} belongs to another place",
            faults=(Fault("not a role of this person", field="role"),),
        )
    try:
        with database.transaction(engine, actor=actor) as connection:
            assignments.book(connection, [staff_id])
            results = _give(
                connection, place, person, role, targets, needs, at, beyond_capacity=beyond_capacity
            )
            _measure(meter, person, results)
            if only_check or any(item["reason"] for item in results):
                raise _NothingStored(results)  # noqa: TRY301 - the way out of a transaction
            audit.record(
                connection,
                actor=actor,
                action="assign in bulk",
                noun="assignment",
                noun_id=",".join(str(item["assignment_id"]) for item in results[:20]),
                detail={"count": len(results), "staff": staff_id, "role": role},
            )
    except _NothingStored as nothing:
        for item in nothing.results:
            item["assignment_id"] = None
        return {"stored": False, "results": nothing.results}
    return {"stored": True, "results": results}


class _NothingStored(Exception):  # noqa: N818 - ends the transaction, and is no error of anybody's
    def __init__(self, results: list[dict[str, Any]]) -> None:
        super().__init__("nothing stored")
        self.results = results


def _give(
    connection: Connection,
    place: str,
    person: dict[str, Any],
    role: str,
    targets: Sequence[tuple[str, int]],
    needs: dict[tuple[str, int, str], Need],
    at: datetime,
    *,
    beyond_capacity: bool,
) -> list[dict[str, Any]]:
    held = sum(duty.staff_id == person["id"] for duty in read_duties(connection, place, at))
    holders = {
        kind: read_holders(connection, kind, [i for of, i in targets if of == kind], role, at)
        for kind in {kind for kind, _ in targets}
    }
    spots = {
        (kind, target_id): spot
        for kind in holders
        for target_id, spot in read_spots(
            connection, kind, [i for of, i in targets if of == kind]
        ).items()
    }
    results = []
    seen: set[tuple[str, int]] = set()
    for kind, target_id in targets:
        need = needs.get((kind, target_id, role))
        now = holders[kind].get(target_id, [])
        spot = spots.get((kind, target_id), {})
        item: dict[str, Any] = {
            "kind": kind,
            "id": target_id,
            "name": spot.get("name"),
            "code": spot.get("code"),
            "holders": [name for _, name in now],
            "lon": spot.get("lon"),
            "lat": spot.get("lat"),
            "walk_m": None,
            "walk_by": None,
            "assignment_id": None,
            "reason": None,
        }
        results.append(item)
        if (kind, target_id) in seen:
            item["reason"] = "twice"
        elif any(who == person["id"] for who, _ in now):
            item["reason"] = "held"
        elif person["absent"]:
            item["reason"] = "absent"
        elif need is not None and need.maximum is not None and len(now) >= need.maximum:
            item["reason"] = "full"
        elif held >= person["capacity"] and not beyond_capacity:
            item["reason"] = "capacity"
        else:
            _give_one(connection, person, role, item, at, full_time=bool(need and need.full_time))
        seen.add((kind, target_id))
        held += item["reason"] is None
    return results


def _give_one(
    connection: Connection,
    person: dict[str, Any],
    role: str,
    item: dict[str, Any],
    at: datetime,
    *,
    full_time: bool,
) -> None:
    try:
        item["assignment_id"] = assignments.insert_assignment(
            connection,
            staff_id=person["id"],
            role=role,
            target=(item["kind"], item["id"]),
            begins=at,
            ends=None,
            full_time=full_time,
        )
    except Conflict as refusal:
        item["reason"], item["detail"] = "full-time", refusal.message
    except GridmapError as refusal:
        item["reason"], item["detail"] = "refused", refusal.message


def _measure(meter: Meter, person: dict[str, Any], results: Sequence[dict[str, Any]]) -> None:
    known = [item for item in results if item["lon"] is not None]
    if person["lon"] is None or not known:
        return
    found = meter.walk(
        meter.metres([(item["lon"], item["lat"]) for item in known]),
        meter.metres([(person["lon"], person["lat"])]),
    )
    for item, metres, by_street in zip(
        known, found.metres[:, 0].tolist(), found.by_street[:, 0].tolist(), strict=True
    ):
        item["walk_m"], item["walk_by"] = metres, BY_STREETS if by_street else BY_LINE
