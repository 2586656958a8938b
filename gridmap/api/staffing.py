"""`/staffing`: rosters, vacancies, assignments and proposals."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from gridmap.api.plans import Actor, Database
from gridmap.errors import Fault, InvalidInput
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


class Lock(_Body):
    """Whether an assignment is locked."""

    locked: bool


class ProposalQuestion(_Body):
    """The place, and what a proposal weighs in metre-equivalents."""

    place: Annotated[str, Field(min_length=1, max_length=100)]
    at: AwareDatetime | None = None
    max_walk_m: Annotated[int, Field(ge=50, le=50_000)] = 2_000
    change: Annotated[int, Field(ge=0, le=100_000)] = 300
    second_role: Annotated[int, Field(ge=0, le=100_000)] = 200
    second_post: Annotated[int, Field(ge=0, le=100_000)] = 400
    required: Annotated[int, Field(ge=1, le=1_000_000)] = 20_000


class Change(_Body):
    """One change of a proposal, as the proposal gave it."""

    kind: Kind
    target_id: Id
    role: Annotated[str, Field(max_length=100)]
    full_time: bool
    assignment_id: Id | None
    before: Annotated[Id | None, Field(alias="from")]
    to: Id | None


class Acceptance(_Body):
    """The changes that are carried out, all or none."""

    place: Annotated[str, Field(min_length=1, max_length=100)]
    changes: Annotated[list[Change], Field(min_length=1, max_length=10_000)]
    at: AwareDatetime | None = None


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


@router.get("/candidates")
def candidates(
    engine: Database,
    place: Key,
    role: Key,
    lon: Annotated[float, Query(ge=-180, le=180)],
    lat: Annotated[float, Query(ge=-90, le=90)],
    at: At = None,
) -> dict[str, Any]:
    """Who could take a post at a point, the nearest first, and why others cannot."""
    if lon != lon or lat != lat:  # noqa: PLR0124 - NaN passes every comparison above
        raise InvalidInput("A coordinate is no number", faults=(Fault("no number", field="lon"),))
    found = staffing.candidates(engine, place, role=role, lon=lon, lat=lat, at=_at(at))
    return {"candidates": found}


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


@router.post("/proposals")
def propose(body: ProposalQuestion, engine: Database) -> dict[str, Any]:
    """The best staffing as a difference, with its proof and reasons for gaps; stores nothing."""
    options = staffing.Options(
        max_walk_m=body.max_walk_m,
        change=body.change,
        second_role=body.second_role,
        second_post=body.second_post,
        required=body.required,
    )
    return asdict(staffing.propose(engine, body.place, at=_at(body.at), options=options))


@router.post("/proposals/acceptance")
def accept(body: Acceptance, engine: Database, actor: Actor) -> dict[str, Any]:
    """Carry out chosen changes of a proposal, all or none."""
    changes = [change.model_dump(by_alias=True) for change in body.changes]
    done = staffing.accept(engine, body.place, changes=changes, at=_at(body.at), actor=actor)
    return {"accepted": done}
