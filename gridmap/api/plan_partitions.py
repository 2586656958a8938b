"""`/plans/{id}/partition`: a draft's grids cut anew, as a job with alternatives."""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from gridmap.api.plans import Actor, Database, GridId, PlanId
from gridmap.services.plans import partition as plan_partition
from gridmap.services.plans.partition import Jobs
from gridmap.services.plans.partition.proposing import MOST_ALTERNATIVES

router = APIRouter(prefix="/plans/{plan_id}/partition", tags=["Plans"])

Households = Annotated[int, Field(ge=1, le=1_000_000)]
JobId = Annotated[str, Path(max_length=40, pattern=r"^[0-9a-f]+-[0-9]+$")]
Number = Annotated[int, Path(ge=1, le=MOST_ALTERNATIVES, description="Of the alternative.")]


def _jobs(request: Request) -> Jobs:
    jobs: Jobs = request.app.state.partitions
    return jobs


Register = Annotated[Jobs, Depends(_jobs)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewPartition(_Body):
    """How a draft is to be cut."""

    minimum: Annotated[Households, Field(description="Least households of a grid.")]
    maximum: Annotated[Households, Field(description="Most households of a grid.")]
    grids: Annotated[
        int | None,
        Field(ge=1, le=100_000, description="Exactly so many, those that stay included."),
    ] = None
    level: Annotated[int | None, Field(ge=1, le=9, description="Of the grids; 2 by default.")] = (
        None
    )
    keep: Annotated[
        list[GridId],
        Field(max_length=10_000, description="Grids that stay, beside locked and special ones."),
    ] = []
    micro_minimum: Households | None = None
    micro_maximum: Annotated[
        Households | None, Field(description="Of micro-grids, where the plan has them below.")
    ] = None
    seed: Annotated[int, Field(ge=0, le=2**31)] = 1
    seconds: Annotated[float, Field(gt=0, le=600, description="The longest time in all.")] = 60.0
    alternatives: Annotated[int, Field(ge=1, le=MOST_ALTERNATIVES)] = 3


class Acceptance(_Body):
    """Make one alternative the draft's."""

    alternative: Annotated[int, Field(ge=1, le=MOST_ALTERNATIVES)]
    revision: Annotated[int, Field(ge=0, description="The revision that the editor saw.")]


@router.post("", status_code=202)
def start_partition(
    plan_id: PlanId,
    body: NewPartition,
    request: Request,
    response: Response,
    jobs: Register,
    engine: Database,
    actor: Actor,
) -> dict[str, Any]:
    """Start to cut a draft anew; nothing is stored until an alternative is accepted."""
    given = body.model_dump() | {"keep": tuple(body.keep)}
    job = jobs.start(engine, plan_id, plan_partition.Wanted(**given), actor=actor)
    response.headers["Location"] = f"{request.url.path}/{job.id}"
    return job.summary()


@router.get("/{job}")
def read_partition(
    plan_id: PlanId,
    job: JobId,
    jobs: Register,
    wait: Annotated[
        float, Query(ge=0, le=10, description="Seconds to wait for the end, at most.")
    ] = 0.0,
) -> dict[str, Any]:
    """State, progress, and the alternatives with their figures when it is done."""
    found = jobs.find(plan_id, job)
    found.ended.wait(wait)
    return found.summary()


@router.delete("/{job}")
def cancel_partition(plan_id: PlanId, job: JobId, jobs: Register) -> dict[str, Any]:
    """Stop a job within moments; one that has ended stays as it is."""
    return jobs.cancel(plan_id, job).summary()


@router.get("/{job}/alternatives/{number}")
def read_alternative(plan_id: PlanId, job: JobId, number: Number, jobs: Register) -> dict[str, Any]:
    """The grids of one alternative as GeoJSON, with their figures and what they miss."""
    return {
        "type": "FeatureCollection",
        "features": jobs.proposal(plan_id, job).features(number - 1),
    }


@router.post("/{job}/accept")
def accept_partition(
    plan_id: PlanId,
    job: JobId,
    body: Acceptance,
    jobs: Register,
    engine: Database,
    actor: Actor,
) -> dict[str, Any]:
    """Store one alternative as one edit of the draft, which undo takes back."""
    outcome = plan_partition.accept(
        engine,
        jobs.proposal(plan_id, job),
        body.alternative - 1,
        revision=body.revision,
        actor=actor,
    )
    # Not `asdict`: it would copy every coordinate of every area.
    return {item.name: getattr(outcome, item.name) for item in fields(outcome)}
