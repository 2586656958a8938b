"""`/staffing` over time: who held what, what ends, what a redraw left; and moving and pairing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from gridmap.api.plans import Actor, Database
from gridmap.api.staffing import At, Id, Key, Kind, Target
from gridmap.services import staffing

router = APIRouter(prefix="/staffing", tags=["Staffing"])

Number = Annotated[int, Path(ge=1, le=2**62)]
YEAR = timedelta(days=365)


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Move(_Body):
    """Where an assignment goes on, and from when."""

    target: Target
    at: AwareDatetime | None = None


class Pairing(_Body):
    """A person and a household of a building."""

    staff_id: Id
    building_id: Id
    role: Annotated[str, Field(min_length=1, max_length=100)] = "volunteer"
    begins: AwareDatetime | None = None
    ends: AwareDatetime | None = None


def _now(given: datetime | None) -> datetime:
    return given or datetime.now(UTC)


@router.get("/history/{kind}/{target_id}")
def history(engine: Database, kind: Kind, target_id: Number) -> dict[str, Any]:
    """Everybody who held a target, the latest first."""
    return {"assignments": staffing.history(engine, (kind, target_id))}


@router.get("/people/{staff_id}/history")
def history_of_person(engine: Database, staff_id: Number) -> dict[str, Any]:
    """All that one person held, the latest first."""
    return staffing.history_of_person(engine, staff_id)


@router.get("/changes")
def changes(engine: Database, place: Key, since: At = None, until: At = None) -> dict[str, Any]:
    """What began and what ended at a place, the latest first; without times, in the last year."""
    end = _now(until)
    return staffing.changes(engine, place, since=since or end - YEAR, until=end)


@router.get("/ending")
def ending(
    engine: Database,
    place: Key,
    at: At = None,
    days: Annotated[int, Query(ge=1, le=3660)] = 30,
) -> dict[str, Any]:
    """Assignments that ended lately or end soon, and whether somebody goes on."""
    return staffing.ending(engine, place, at=_now(at), days=days)


@router.get("/orphans")
def orphans(engine: Database, place: Key) -> dict[str, Any]:
    """Open assignments on grids that a published plan ended, with the heirs and their shares."""
    return {"orphans": staffing.orphans(engine, place)}


@router.post("/assignments/{assignment_id}/move")
def move(assignment_id: Number, body: Move, engine: Database, actor: Actor) -> dict[str, Any]:
    """Let somebody go on at another target from a moment."""
    to = (body.target.kind, body.target.id)
    return {
        "assignments": [staffing.move(engine, assignment_id, to=to, at=_now(body.at), actor=actor)]
    }


@router.get("/pairs")
def list_pairs(
    engine: Database, building_id: Annotated[int, Query(ge=1, le=2**62)], at: At = None
) -> dict[str, Any]:
    """Pairs with households of a building that are on or to come."""
    return {"pairs": staffing.pairs(engine, building_id, at=_now(at))}


@router.post("/pairs", status_code=201)
def pair(body: Pairing, engine: Database, actor: Actor) -> dict[str, Any]:
    """Pair somebody with a household, which has a number at its building and no name."""
    household, made = staffing.pair(
        engine,
        staff_id=body.staff_id,
        role=body.role,
        building_id=body.building_id,
        begins=_now(body.begins),
        ends=body.ends,
        actor=actor,
    )
    return {"household_id": household, "assignments": [made]}
