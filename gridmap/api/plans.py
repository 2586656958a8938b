"""`/plans`: drafts are made, drawn on, taken back, checked and published."""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated, Any, Literal

import shapely
from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

from gridmap.api.deps import get_engine
from gridmap.services import plans
from gridmap.store.database import Engine

router = APIRouter(prefix="/plans", tags=["Plans"])

MOST_VERTICES = 5_000
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


class _Edit(_Body):
    revision: Annotated[int, Field(ge=0, description="The revision that the editor saw.")]
    preview: bool = False


class Redraw(_Edit):
    """Make a drawn line the boundary between two grids of one level."""

    kind: Literal["redraw"]
    grids: tuple[GridId, GridId]
    line: Line


class Split(_Edit):
    """Split a grid along a drawn line; the largest piece keeps its code."""

    kind: Literal["split"]
    grid: GridId
    line: Line


class Merge(_Edit):
    """Merge grids of one level into one of them."""

    kind: Literal["merge"]
    grids: Annotated[list[GridId], Field(min_length=1, max_length=1000)]
    into: GridId


class Transfer(_Edit):
    """Give every block whose middle lies in a lasso to a grid."""

    kind: Literal["transfer"]
    to: GridId
    lasso: Ring


class Rename(_Edit):
    """Give a grid another name."""

    kind: Literal["rename"]
    grid: GridId
    name: Name


Edit = Annotated[Redraw | Split | Merge | Transfer | Rename, Field(discriminator="kind")]


class Step(_Body):
    """Undo or redo from a revision."""

    revision: Annotated[int, Field(ge=0)]


def _actor(request: Request) -> str:
    actor: str = request.scope["state"]["actor"] if "state" in request.scope else "local"
    return actor


Actor = Annotated[str, Depends(_actor)]


def _rendered(outcome: plans.Outcome) -> dict[str, Any]:
    # Not `asdict`: it would copy every coordinate of every area.
    return {item.name: getattr(outcome, item.name) for item in fields(outcome)}


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


@router.post("/{plan_id}/edits")
def edit(plan_id: PlanId, body: Edit, engine: Database, actor: Actor) -> dict[str, Any]:
    """Carry out one edit, or tell its consequences (`preview`) and store nothing."""
    common: dict[str, Any] = {"revision": body.revision, "actor": actor}
    if isinstance(body, Rename):
        outcome = plans.rename_grid(engine, plan_id, grid=body.grid, name=body.name, **common)
        return _rendered(outcome)
    common["preview"] = body.preview
    if isinstance(body, Redraw):
        one, other = body.grids
        line = shapely.LineString(body.line)
        outcome = plans.redraw_boundary(engine, plan_id, one=one, other=other, line=line, **common)
    elif isinstance(body, Split):
        line = shapely.LineString(body.line)
        outcome = plans.split_grid(engine, plan_id, grid=body.grid, line=line, **common)
    elif isinstance(body, Merge):
        outcome = plans.merge_grids(engine, plan_id, grids=body.grids, into=body.into, **common)
    else:
        lasso = shapely.Polygon(body.lasso)
        outcome = plans.transfer_area(engine, plan_id, to=body.to, lasso=lasso, **common)
    return _rendered(outcome)


@router.post("/{plan_id}/undo")
def undo(plan_id: PlanId, body: Step, engine: Database, actor: Actor) -> dict[str, Any]:
    """Take the last edit back that is not taken back yet, whoever made it."""
    return _rendered(plans.undo(engine, plan_id, revision=body.revision, actor=actor))


@router.post("/{plan_id}/redo")
def redo(plan_id: PlanId, body: Step, engine: Database, actor: Actor) -> dict[str, Any]:
    """Make the last undone edit again."""
    return _rendered(plans.redo(engine, plan_id, revision=body.revision, actor=actor))


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
    """Prove the coverage, or list its defects with their places."""
    defects = plans.check(engine, plan_id)
    return {
        "exact": not defects,
        "defects": [
            {"kind": item.kind, "place": item.place, "area_m2": round(item.area, 3)}
            for item in defects
        ],
    }
