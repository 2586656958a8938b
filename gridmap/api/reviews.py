"""The review of plans: submitted, commented on, sent back, published, certified."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field, model_validator

from gridmap.api.plans import Actor, Database, Latitude, Longitude, PlanId
from gridmap.services import plans

router = APIRouter(prefix="/plans/{plan_id}", tags=["Plans"])

CommentId = Annotated[int, Path(ge=1, le=2**62, description="Id of a comment.")]
Text = Annotated[str, Field(min_length=1, max_length=2000)]
Seen = Annotated[int, Field(ge=0, description="The revision that was looked at.")]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Submission(_Body):
    """Give a draft to review."""

    revision: Seen


class Return(_Body):
    """Send a plan back to its editors; the reason becomes a comment."""

    reason: Text | None = None


class Publication(_Body):
    """The day from which a plan is valid: today or later. Who publishes is the reviewer."""

    revision: Seen
    starts: date


class NewComment(_Body):
    """A comment, pinned to a place in degrees or on the plan as a whole."""

    text: Text
    lon: Longitude | None = None
    lat: Latitude | None = None

    @model_validator(mode="after")
    def _both_or_none(self) -> NewComment:
        if (self.lon is None) != (self.lat is None):
            raise ValueError("lon and lat belong together")
        return self


class Resolution(_Body):
    """Whether a comment is settled."""

    resolved: bool


@router.post("/submission")
def submit(plan_id: PlanId, body: Submission, engine: Database, actor: Actor) -> dict[str, Any]:
    """Give a draft to review; it is not edited until it is sent back."""
    plans.submit(engine, plan_id, revision=body.revision, actor=actor)
    return plans.read(engine, plan_id)


@router.post("/return")
def send_back(plan_id: PlanId, body: Return, engine: Database, actor: Actor) -> dict[str, Any]:
    """Send a plan back from review to its editors."""
    plans.send_back(engine, plan_id, reason=body.reason, actor=actor)
    return plans.read(engine, plan_id)


@router.post("/publication")
def publish(plan_id: PlanId, body: Publication, engine: Database, actor: Actor) -> dict[str, Any]:
    """Publish a plan that is in review from a day on, if its proof holds."""
    plans.publish(engine, plan_id, starts=body.starts, revision=body.revision, actor=actor)
    return plans.read(engine, plan_id)


@router.get("/certificate")
def read_certificate(plan_id: PlanId, engine: Database) -> dict[str, Any]:
    """What was proved when the plan was published, and whether its rows still hold it."""
    return plans.read_certificate(engine, plan_id)


@router.get("/comments")
def read_comments(plan_id: PlanId, engine: Database) -> dict[str, Any]:
    """The comments on a plan, the first one first."""
    return {"comments": plans.read_comments(engine, plan_id)}


@router.post("/comments", status_code=201)
def comment(plan_id: PlanId, body: NewComment, engine: Database, actor: Actor) -> dict[str, Any]:
    """Pin a comment to a place, or to the plan as a whole."""
    place = (body.lon, body.lat) if body.lon is not None and body.lat is not None else None
    return plans.comment(engine, plan_id, text=body.text, place=place, actor=actor)


@router.post("/comments/{comment_id}/resolution")
def resolve(
    plan_id: PlanId, comment_id: CommentId, body: Resolution, engine: Database, actor: Actor
) -> dict[str, Any]:
    """Say that a comment is settled, or open again."""
    return plans.resolve_comment(engine, plan_id, comment_id, resolved=body.resolved, actor=actor)
