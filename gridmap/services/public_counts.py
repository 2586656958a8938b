"""What is told in public: incidents per grid and month, with small counts hidden."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from gridmap.algorithms.privacy import (
    LEAST_HOUSEHOLDS,
    LEAST_INCIDENTS,
    public_month,
    shown_areas,
)
from gridmap.errors import NotFound
from gridmap.store import database, places, public_counts
from gridmap.store.database import Engine

_RULE_ZH = (
    f"少于 {LEAST_HOUSEHOLDS} 户或少于 {LEAST_INCIDENTS} 件的网格不显示；"
    "为了不能用总数推算，另有网格一并不显示。"
)
_RULE_EN = (
    f"Grids with fewer than {LEAST_HOUSEHOLDS} households or {LEAST_INCIDENTS} incidents are "
    "hidden, and others with them, so that no total gives them away."
)


def count_in_public(
    engine: Engine, place: str, month: str, *, now: datetime | None = None
) -> dict[str, Any]:
    """Count the incidents of a month in each grid, and hide what could be somebody's.

    Parameters
    ----------
    engine, place
        Whose incidents.
    month
        A month that is over, such as `2026-03`, by the clock of the place.
    now
        The moment of asking, with a zone; the present one by default.

    Returns
    -------
    dict
        A FeatureCollection of grids; `incidents` and `per_100_households` are None where they are
        hidden. No position, name or category of an incident is in it.

    Raises
    ------
    NotFound
        No such place, or it has no grids.
    InvalidInput
        No month, or one that is not over.
    """
    with database.translated(), engine.connect() as connection:
        zone = ZoneInfo(places.read_time_zone(connection, place))
        today = (now or datetime.now(UTC)).astimezone(zone).date()
        first, following = public_month(month, today)
        begins, ends = (datetime.combine(day, time(), zone) for day in (first, following))
        areas = public_counts.read_counts(
            connection, place, begins, ends, following - timedelta(days=1)
        )
    if not any(area.code for area in areas):
        raise NotFound(f"{place} has no grids to count in")
    shown = shown_areas([area.incidents for area in areas], [area.households for area in areas])
    features = []
    for area, tell in zip(areas, shown, strict=True):
        if area.code is None or area.geometry is None:
            continue
        rate = round(100 * area.incidents / area.households, 1) if tell else None
        features.append(
            {
                "type": "Feature",
                "geometry": json.loads(area.geometry),
                "properties": {
                    "code": area.code,
                    "name": area.name,
                    "name_en": area.name_en,
                    "incidents": area.incidents if tell else None,
                    "per_100_households": rate,
                },
            }
        )
    total = sum(area.incidents for area in areas)
    return {
        "type": "FeatureCollection",
        "place": place,
        "month": month,
        # Of the whole place: as much as hidden and shown areas together, which the rule allows for.
        "incidents": total if total >= LEAST_INCIDENTS else None,
        "hidden": sum(feature["properties"]["incidents"] is None for feature in features),
        "rule": {"zh": _RULE_ZH, "en": _RULE_EN},
        "features": features,
    }
