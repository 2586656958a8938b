"""Who answers for a point, for everybody: roles and service points, never a name or a count."""

from __future__ import annotations

from typing import Any

from gridmap.services.locate.point import locate_point
from gridmap.store.database import Engine

# Where somebody is to be found for whoever comes.
SERVICE_POINTS = ("service-centre", "station", "police-post", "legal-aid", "mediation-room")
NEAREST = 3


def read_public(engine: Engine, lon: float, lat: float) -> dict[str, Any]:
    """Tell which posts answer for a point in degrees (WGS 84), and where to go.

    A post is a role on a target, with how many people hold it. Names, homes and counts of
    households are left out; an open post is simply not told.
    """
    found = locate_point(engine, lon, lat, categories=SERVICE_POINTS, limit=NEAREST)
    posts: dict[tuple[Any, ...], dict[str, Any]] = {}
    for person in found["responsible"]:
        target = {name: value for name, value in person["target"].items() if name != "code"}
        post = posts.setdefault(
            (person["role"], *map(str, person["target"].values())),
            {
                "role": person["role"],
                "role_name": person["role_name"],
                "role_name_en": person["role_name_en"],
                "target": target,
                "people": 0,
            },
        )
        post["people"] += 1
    return {
        "lon": found["lon"],
        "lat": found["lat"],
        "territory": _named(found["territory"]),
        "grid": _named(found["grid"]),
        "micro_grid": _named(found["micro_grid"]),
        "posts": list(posts.values()),
        "service_points": [
            {
                name: point[name]
                for name in (
                    "name", "name_en", "category", "opening_hours", "lon", "lat", "distance_m",
                )
            }
            for point in found["resource_points"]
        ],
        **({"note": found["note"]} if "note" in found else {}),
    }  # fmt: skip


def _named(area: dict[str, Any] | None) -> dict[str, Any] | None:
    return area and {name: area[name] for name in ("code", "name", "name_en")}
