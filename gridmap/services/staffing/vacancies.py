"""What is complete and what is missing, and who could fill it."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

import numpy as np

from gridmap.errors import NotFound
from gridmap.geometry.crs import LocalCRS
from gridmap.store import assignments, database, places
from gridmap.store.assignments import Need
from gridmap.store.database import Engine

DETOUR = 1.3  # walk over straight line, where no street network is used
MOST_WALK_M = 2_000


def completeness(engine: Engine, place: str, *, at: datetime) -> dict[str, Any]:
    """Compare what a place's templates ask for with who holds it.

    Returns
    -------
    `templates`: for each, targets and complete ones, by level; `vacancies`: what is missing, with
    target and place; `double_posts`: people with more posts than their capacity.

    Raises
    ------
    NotFound
        No such place.
    """
    with database.translated(), engine.connect() as connection:
        if not places.has_place(connection, place):
            raise NotFound(f"There is no place {place!r}")
        needs = assignments.read_needs(connection, place, at)
        people = assignments.read_people(connection, place, at)
    missing: dict[tuple[str, str, int], int] = defaultdict(int)
    levels: dict[tuple[str, str], set[int]] = defaultdict(set)
    for need in needs:
        levels[need.template, need.level].add(need.target_id)
        missing[need.template, need.level, need.target_id] += max(need.minimum - need.held, 0)
    summary: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for (template, level), targets in sorted(levels.items()):
        complete = sum(missing[template, level, target] == 0 for target in targets)
        summary[template].append({"level": level, "targets": len(targets), "complete": complete})
    return {
        "place": place,
        "at": at.isoformat(),
        "templates": [{"key": key, "levels": rows} for key, rows in summary.items()],
        "vacancies": [_vacancy(need) for need in needs if need.held < need.minimum],
        "over_capacity": [
            {"staff_id": person["id"], "name": person["name"], "posts": person["posts"]}
            for person in people
            if person["posts"] > person["capacity"]
        ],
    }


def _vacancy(need: Need) -> dict[str, Any]:
    return {
        "template": need.template,
        "role": need.role,
        "kind": need.kind,
        "target_id": need.target_id,
        "level": need.level,
        "code": need.code,
        "name": need.name,
        "missing": need.minimum - need.held,
        "lon": need.lon,
        "lat": need.lat,
        "households": need.households,
        "full_time": need.full_time,
    }


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
