"""`/plans`: drafts are made, drawn on, taken back, checked and published."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from gridmap.api.deps import get_engine
from gridmap.services import plans
from gridmap.store.database import Engine

router = APIRouter(prefix="/plans", tags=["Plans"])

MOST_VERTICES = 5_000
DEFECTS = ("gap", "overlap", "outside", "unshared vertex", "invalid")
Database = Annotated[Engine, Depends(get_engine)]
PlanId = Annotated[int, Path(ge=1, le=2**62, description="Id of a plan.")]
GridId = Annotated[int, Field(ge=1, le=2**62)]
Longitude = Annotated[FiniteFloat, Field(ge=-180, le=180)]
Latitude = Annotated[FiniteFloat, Field(ge=-90, le=90)]
Position = tuple[Longitude, Latitude]
Line = Annotated[list[Position], Field(min_length=2, max_length=MOST_VERTICES)]
Ring = Annotated[list[Position], Field(min_length=3, max_length=MOST_VERTICES)]
Name = Annotated[str, Field(min_length=1, max_length=100)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


def _actor(request: Request) -> str:
    actor: str = request.scope["state"]["actor"] if "state" in request.scope else "local"
    return actor


Actor = Annotated[str, Depends(_actor)]


@router.get("")
def list_plans(
    engine: Database,
    place: Annotated[str | None, Query(max_length=200)] = None,
    network: Annotated[str | None, Query(max_length=200)] = None,
) -> dict[str, Any]:
    """Plans of every state, the newest first."""
    return {"plans": plans.list_plans(engine, place=place, network=network)}


@router.get("/{plan_id}")
def read_plan(plan_id: PlanId, engine: Database) -> dict[str, Any]:
    """A plan with the figures of its grids."""
    return plans.read(engine, plan_id)


@router.get("/{plan_id}/grids")
def read_grids(
    plan_id: PlanId,
    engine: Database,
    level: Annotated[int | None, Query(ge=1, le=9)] = None,
) -> dict[str, Any]:
    """The grids of a plan as GeoJSON, drafts included."""
    return plans.read_areas(engine, plan_id, level=level)


@router.get("/{plan_id}/log")
def read_log(plan_id: PlanId, engine: Database) -> dict[str, Any]:
    """The edits of a plan: revision, kind, actor, time, and what each undoes."""
    return {"edits": plans.read_log(engine, plan_id)}


@router.get("/{plan_id}/lineage")
def read_lineage(plan_id: PlanId, engine: Database) -> dict[str, Any]:
    """What became of the grids of the plan before this one."""
    return {"lineage": plans.read_lineage(engine, plan_id)}


@router.get("/{plan_id}/check")
def check(plan_id: PlanId, engine: Database) -> dict[str, Any]:
    """Prove the coverage, and list everything that is wrong with its place and area.

    `defects` break the proof; `findings` are for the planner: pieces apart, slivers, sizes, cut
    buildings, land that is given to nobody. `tolerance` says what still counts as right.
    """
    report = plans.inspect(engine, plan_id)
    listed = [asdict(item) | {"area_m2": round(item.area_m2, 3)} for item in report.findings]
    return {
        "exact": report.exact,
        "tolerance": report.tolerance,
        "defects": [item for item in listed if item["kind"] in DEFECTS],
        "findings": [item for item in listed if item["kind"] not in DEFECTS],
    }
