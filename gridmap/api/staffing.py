"""`/staffing`: rosters, vacancies, assignments and proposals."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from gridmap.api.plans import Actor, Database
from gridmap.services import staffing

router = APIRouter(prefix="/staffing", tags=["Staffing"])

Id = Annotated[int, Field(ge=1, le=2**62)]
Key = Annotated[str, Query(min_length=1, max_length=100)]
Kind = Literal["grid", "building", "unit", "street", "point", "household"]
Link = Literal["duty", "home", "resident", "working", "mobile", "pair"]
At = Annotated[
    AwareDatetime | None, Query(description="A time with its zone; now when it is not given.")
]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Target(_Body):
    """What is looked after."""

    kind: Kind
    id: Id


class NewAssignment(_Body):
    """A person in a role on one target or several, over a period."""

    staff_id: Id
    role: Annotated[str, Field(min_length=1, max_length=100)]
    targets: Annotated[list[Target], Field(min_length=1, max_length=2000)]
    begins: AwareDatetime | None = None
    ends: AwareDatetime | None = None
    link: Link = "duty"
    full_time: bool = False


class Ending(_Body):
    """When an assignment ends, and who goes on, if anybody."""

    at: AwareDatetime | None = None
    to: Id | None = None


class Absence(_Body):
    """When somebody is absent: from a time, until another if it is known; no times: present."""

    begins: AwareDatetime | None = None
    ends: AwareDatetime | None = None


class Lock(_Body):
    """Whether an assignment is locked."""

    locked: bool


def _at(given: datetime | None) -> datetime:
    return given or datetime.now(UTC)


@router.get("/completeness")
def completeness(engine: Database, place: Key, at: At = None) -> dict[str, Any]:
    """What the templates of a place ask for against who holds it, and every vacancy."""
    return staffing.completeness(engine, place, at=_at(at))


@router.get("/roster")
def roster(engine: Database, place: Key, at: At = None) -> dict[str, Any]:
    """Staff of a place and what they hold."""
    return staffing.roster(engine, place, at=_at(at))


@router.post("/assignments", status_code=201)
def assign(body: NewAssignment, engine: Database, actor: Actor) -> dict[str, Any]:
    """Give somebody one post or several; all or none."""
    made = staffing.assign(
        engine,
        staff_id=body.staff_id,
        role=body.role,
        targets=[(target.kind, target.id) for target in body.targets],
        begins=_at(body.begins),
        ends=body.ends,
        link=body.link,
        full_time=body.full_time,
        actor=actor,
    )
    return {"assignments": made}


@router.post("/assignments/{assignment_id}/end")
def end(
    assignment_id: Annotated[int, Path(ge=1, le=2**62)],
    body: Ending,
    engine: Database,
    actor: Actor,
) -> dict[str, Any]:
    """End an assignment, or hand it over to somebody else at the same moment."""
    if body.to is None:
        staffing.end(engine, assignment_id, at=_at(body.at), actor=actor)
        return {"assignments": []}
    made = staffing.hand_over(engine, assignment_id, to=body.to, at=_at(body.at), actor=actor)
    return {"assignments": [made]}


@router.post("/assignments/{assignment_id}/lock")
def lock(
    assignment_id: Annotated[int, Path(ge=1, le=2**62)],
    body: Lock,
    engine: Database,
    actor: Actor,
) -> dict[str, Any]:
    """Lock an assignment against proposals and ends, or unlock it."""
    staffing.lock(engine, assignment_id, locked=body.locked, actor=actor)
    return {"locked": body.locked}


@router.put("/people/{staff_id}/absence")
def set_absence(
    staff_id: Annotated[int, Path(ge=1, le=2**62)],
    body: Absence,
    engine: Database,
    actor: Actor,
) -> dict[str, Any]:
    """Say when somebody is absent; the posts stay, and nobody new is given to them meanwhile."""
    return staffing.set_absence(engine, staff_id, begins=body.begins, ends=body.ends, actor=actor)
