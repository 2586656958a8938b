"""Two plans compared, and two networks of a place laid over each other."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query

from gridmap.api.plans import Database, PlanId
from gridmap.services import plans

router = APIRouter(tags=["Plans"])

Key = Annotated[str, Query(max_length=40)]
Level = Annotated[int | None, Query(ge=1, le=9)]


@router.get("/plans/{plan_id}/comparison")
def compare(
    plan_id: PlanId,
    engine: Database,
    other: Annotated[
        int | None,
        Query(alias="with", ge=1, le=2**62, description="By default the plan before it."),
    ] = None,
) -> dict[str, Any]:
    """Which grids changed from another plan to this one, the land that moves, who is affected."""
    return plans.compare(engine, plan_id, other)


@router.get("/crosswalk")
def cross_networks(
    engine: Database,
    place: Key,
    one: Key,
    other: Key,
    one_level: Level = None,
    other_level: Level = None,
    at: Annotated[date | None, Query(description="The day; today without it.")] = None,
) -> dict[str, Any]:
    """The share matrix of two networks, grids that are not covered, and grids that are cut."""
    return plans.cross_networks(
        engine,
        place=place,
        one=one,
        other=other,
        one_level=one_level,
        other_level=other_level,
        day=at,
    )
