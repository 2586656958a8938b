"""Who carries how much: posts, households, open incidents, and the way from home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from gridmap.services.staffing.candidates import carried
from gridmap.services.staffing.walking import BY_LINE, BY_STREETS, IN_WORDS, Meter, open_meter
from gridmap.store import assignments, database
from gridmap.store.database import Engine
from gridmap.store.workloads import Duty, read_duties


def loads(engine: Engine, place: str, *, at: datetime) -> dict[str, Any]:
    """What each person of a place carries at a time, and each post with the way from home.

    Returns
    -------
    `people`: numbers of posts, households, open incidents and the longest walk in metres;
    `posts`: every duty with its holder, its walk and whether it is locked; `distance`: how walks
    were measured.

    Raises
    ------
    NotFound
        No such place.
    """
    with database.translated(), engine.connect() as connection:
        meter = open_meter(engine, place, connection)
        people = assignments.read_people(connection, place, at)
        duties = read_duties(connection, place, at)
    homes = {
        person["id"]: (person["lon"], person["lat"])
        for person in people
        if person["lon"] is not None
    }
    walks = _walks(meter, duties, homes)
    load = carried(duties)
    longest: dict[int, int] = {}
    for duty in duties:
        if duty.assignment_id in walks:
            metres = walks[duty.assignment_id][0]
            longest[duty.staff_id] = max(longest.get(duty.staff_id, 0), metres)
    names = {person["id"]: person["name"] for person in people}
    return {
        "place": place,
        "at": at.isoformat(),
        "distance": IN_WORDS[meter.method],
        "people": [
            {
                "staff_id": person["id"],
                "name": person["name"],
                "roles": person["roles"],
                "posts": person["posts"],
                "capacity": person["capacity"],
                "absent": person["absent"],
                "households": load["households"][person["id"]],
                "incidents": load["incidents"][person["id"]],
                "walk_m": longest.get(person["id"]),
                "home": homes.get(person["id"]),
            }
            for person in people
        ],
        "posts": [
            {
                "assignment_id": duty.assignment_id,
                "staff_id": duty.staff_id,
                "staff_name": names.get(duty.staff_id),
                "role": duty.role,
                "kind": duty.kind,
                "target_id": duty.target_id,
                "level": duty.level,
                "code": duty.code,
                "name": duty.name,
                "full_time": duty.full_time,
                "locked": duty.locked,
                "lon": duty.lon,
                "lat": duty.lat,
                "walk_m": walks.get(duty.assignment_id, (None, None))[0],
                "walk_by": walks.get(duty.assignment_id, (None, None))[1],
            }
            for duty in duties
        ],
    }


def _walks(
    meter: Meter, duties: Sequence[Duty], homes: dict[int, tuple[float, float]]
) -> dict[int, tuple[int, str]]:
    """Walk and method of each duty whose holder's home is known."""
    known = [duty for duty in duties if duty.staff_id in homes]
    people = {who: i for i, who in enumerate(sorted({duty.staff_id for duty in known}))}
    spots = {spot: i for i, spot in enumerate(sorted({(duty.lon, duty.lat) for duty in known}))}
    found = meter.walk(meter.metres(list(spots)), meter.metres([homes[who] for who in people]))
    walks = {}
    for duty in known:
        cell = spots[duty.lon, duty.lat], people[duty.staff_id]
        by = BY_STREETS if found.by_street[cell] else BY_LINE
        walks[duty.assignment_id] = (int(found.metres[cell]), by)
    return walks
