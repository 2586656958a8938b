"""`/staffing/proposals`: the proved best staffing as a difference, accepted whole or in part."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from gridmap.api.plans import Actor, Database
from gridmap.services import staffing

router = APIRouter(prefix="/staffing/proposals", tags=["Staffing"])

Id = Annotated[int, Field(ge=1, le=2**62)]
Text = Annotated[str, Field(min_length=1, max_length=100)]
Metres = Annotated[int, Field(ge=0, le=100_000)]
Kind = Literal["grid", "building", "unit", "street", "point"]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DemandTarget(_Body):
    """One thing whose posts demand skills."""

    kind: Kind
    id: Id


class Demand(_Body):
    """Skills or languages that posts of a role demand, on some targets or on all."""

    role: Text
    skills: Annotated[list[Text], Field(min_length=1, max_length=20)]
    targets: Annotated[list[DemandTarget], Field(max_length=2000)] = []


class ProposalQuestion(_Body):
    """The place, and what a proposal weighs in metre-equivalents."""

    place: Text
    at: AwareDatetime | None = None
    max_walk_m: Annotated[int, Field(ge=50, le=50_000)] = 2_000
    keep_far: Annotated[
        bool, Field(description="Whoever holds a post may keep it, however far it is.")
    ] = True
    change: Metres = 300
    second_role: Metres = 200
    second_post: Metres = 400
    further_post: Annotated[
        int, Field(ge=0, le=100_000, description="How much dearer each further post gets.")
    ] = 200
    required: Annotated[int, Field(ge=1, le=1_000_000)] = 20_000
    optional: Annotated[int, Field(ge=1, le=1_000_000)] = 1_500
    demands: Annotated[list[Demand], Field(max_length=200)] = []
    level_households: Annotated[
        int | None,
        Field(ge=1, le=100_000, description="Even out load above so many households a person."),
    ] = None
    household: Annotated[int, Field(ge=1, le=1_000, description="Price of one above.")] = 15


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

    place: Text
    changes: Annotated[list[Change], Field(min_length=1, max_length=10_000)]
    at: AwareDatetime | None = None


@router.post("")
def propose(body: ProposalQuestion, engine: Database) -> dict[str, Any]:
    """The best staffing as a difference, with its proof and reasons for gaps; stores nothing."""
    given = body.model_dump(exclude={"place", "at", "demands"})
    demands = tuple(
        staffing.Demand(
            demand.role,
            tuple(demand.skills),
            tuple((target.kind, target.id) for target in demand.targets),
        )
        for demand in body.demands
    )
    options = staffing.Options(**given, demands=demands)
    return asdict(staffing.propose(engine, body.place, at=_at(body.at), options=options))


@router.post("/acceptance")
def accept(body: Acceptance, engine: Database, actor: Actor) -> dict[str, Any]:
    """Carry out chosen changes of a proposal, all or none."""
    changes = [change.model_dump(by_alias=True) for change in body.changes]
    done = staffing.accept(engine, body.place, changes=changes, at=_at(body.at), actor=actor)
    return {"accepted": done}


def _at(given: datetime | None) -> datetime:
    return given or datetime.now(UTC)
