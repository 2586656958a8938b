"""Who could fill a vacancy, the nearest first, and why others cannot."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np

from gridmap.geometry.crs import LocalCRS
from gridmap.store import assignments, database, places
from gridmap.store.database import Engine

DETOUR = 1.3  # walk over straight line, where no street network is used
MOST_WALK_M = 2_000


def candidates(
    engine: Engine, place: str, *, role: str, lon: float, lat: float, at: datetime
) -> list[dict[str, Any]]:
    """Everybody of a place, those who could take a post at a point first, the nearest first.

    Each has the walk in metres (straight line × 1.3), the posts held, and the reasons why not.

    Raises
    ------
    NotFound
        No such place.
    """
    with database.translated(), engine.connect() as connection:
        meridian = places.read_meridian(connection, place)
        people = assignments.read_people(connection, place, at)
    crs = LocalCRS(meridian)
    here = crs.to_metres(np.array([[lon, lat]]))[0]
    listed = []
    for person in people:
        walk = None
        if person["lon"] is not None:
            home = crs.to_metres(np.array([[person["lon"], person["lat"]]]))[0]
            walk = round(float(np.hypot(*(home - here))) * DETOUR)
        reasons = [
            reason
            for reason, holds in (
                ("role", role not in person["roles"]),
                ("absent", person["absent"]),
                ("capacity", person["posts"] >= person["capacity"]),
                ("distance", walk is not None and walk > MOST_WALK_M),
            )
            if holds
        ]
        listed.append(
            {
                "staff_id": person["id"],
                "name": person["name"],
                "roles": person["roles"],
                "skills": person["skills"],
                "teams": person["teams"],
                "posts": person["posts"],
                "capacity": person["capacity"],
                "walk_m": walk,
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
