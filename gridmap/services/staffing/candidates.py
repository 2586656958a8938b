"""Who could take a post, the best first, and why others cannot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from gridmap.services.staffing.walking import BY_LINE, BY_STREETS, open_meter
from gridmap.store import assignments, database
from gridmap.store.database import Engine
from gridmap.store.workloads import Duty, read_duties

MOST_WALK_M = 2_000


def candidates(
    engine: Engine,
    place: str,
    *,
    role: str,
    lon: float,
    lat: float,
    at: datetime,
    skills: Sequence[str] = (),
    full_time: bool = False,
    max_walk_m: int = MOST_WALK_M,
) -> list[dict[str, Any]]:
    """Everybody of a place, those who could take a post at a point first, the nearest first.

    Each has the walk in metres and how it was measured (`streets` or `line`), the load (posts,
    households, open incidents), and the reasons why not: `role`, `skills`, `absent`, `capacity`,
    `full-time` (a second full-time post) and `distance`.

    Raises
    ------
    NotFound
        No such place.
    """
    with database.translated(), engine.connect() as connection:
        meter = open_meter(engine, place, connection)
        people = assignments.read_people(connection, place, at)
        duties = read_duties(connection, place, at)
    homes = [person for person in people if person["lon"] is not None]
    found = meter.walk(
        meter.metres([(lon, lat)]), meter.metres([(home["lon"], home["lat"]) for home in homes])
    )
    walk = {
        person["id"]: (int(metres), BY_STREETS if by_street else BY_LINE)
        for person, metres, by_street in zip(
            homes, found.metres[0].tolist(), found.by_street[0].tolist(), strict=True
        )
    }
    load = carried(duties)
    full = {duty.staff_id for duty in duties if duty.full_time}
    wanted = set(skills)
    listed = []
    for person in people:
        walk_m, walk_by = walk.get(person["id"], (None, None))
        reasons = [
            reason
            for reason, holds in (
                ("role", role not in person["roles"]),
                ("skills", not wanted <= set(person["skills"])),
                ("absent", person["absent"]),
                ("capacity", person["posts"] >= person["capacity"]),
                ("full-time", full_time and person["id"] in full),
                ("distance", walk_m is not None and walk_m > max_walk_m),
            )
            if holds
        ]
        listed.append(
            {
                "staff_id": person["id"],
                "name": person["name"],
                "roles": person["roles"],
                "is_second_role": role in person["roles"][1:],
                "skills": person["skills"],
                "teams": person["teams"],
                "posts": person["posts"],
                "capacity": person["capacity"],
                "households": load["households"][person["id"]],
                "incidents": load["incidents"][person["id"]],
                "walk_m": walk_m,
                "walk_by": walk_by,
                "home": None if walk_m is None else [person["lon"], person["lat"]],
                "reasons": reasons,
            }
        )
    # Somebody without the role is farther from a post than anybody who has it.
    return sorted(
        listed,
        key=lambda item: (
            len(item["reasons"]),
            "role" in item["reasons"],
            item["walk_m"] is None,
            item["walk_m"],
        ),
    )


def carried(duties: Sequence[Duty]) -> dict[str, Counter[int]]:
    """Households and open incidents of each person.

    Of grids, buildings and units only the kind that has most counts: a household is not counted
    again because its building is looked after by the same person as its grid.
    """
    by_kind: Counter[tuple[int, str]] = Counter()
    incidents: Counter[int] = Counter()
    seen: set[tuple[int, str, int]] = set()
    for duty in duties:
        key = (duty.staff_id, duty.kind, duty.target_id)
        if key not in seen:
            seen.add(key)
            by_kind[duty.staff_id, duty.kind] += duty.households
            incidents[duty.staff_id] += duty.incidents
    households: Counter[int] = Counter()
    for (who, _), count in by_kind.items():
        households[who] = max(households[who], count)
    return {"households": households, "incidents": incidents}
