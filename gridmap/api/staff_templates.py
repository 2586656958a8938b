"""`/staffing/templates`: which roles an area of each level needs, as data."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from gridmap.api.plans import Actor, Database
from gridmap.services import staffing

router = APIRouter(prefix="/staffing/templates", tags=["Staffing"])

PlaceKey = Annotated[str, Path(min_length=1, max_length=100)]
TemplateKey = Annotated[str, Path(min_length=1, max_length=100, description="Such as 1+1+N.")]
Text = Annotated[str, Field(min_length=1, max_length=100)]
Number = Annotated[int, Field(ge=0, le=10_000)]
Revision = Annotated[int, Field(ge=1, le=2**31 - 1)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AreaLevel(_Body):
    """The areas that are complete or not."""

    network: Annotated[str, Field(max_length=100)] = ""
    level: Text


class Role(_Body):
    """How many people of a role each thing of a level needs."""

    level: Annotated[Text, Field(description="A grid level, building, unit, street or point.")]
    network: Annotated[
        str, Field(max_length=100, description="Of a grid level; empty: the authoritative one.")
    ] = ""
    role: Text
    minimum: Number
    maximum: Number | None = None
    several_areas: bool = False
    full_time: bool = False
    least_households: Annotated[int, Field(ge=0, le=1_000_000)] = 1
    kinds: Annotated[list[Text], Field(max_length=100)] = []
    skills: Annotated[
        list[Text],
        Field(max_length=20, description="Skills or languages that the post demands, all of them."),
    ] = []


class Template(_Body):
    """A template, and the revision that the writer saw; none for a new one."""

    name: Text
    name_en: Text | None = None
    area: AreaLevel | None = None
    roles: Annotated[list[Role], Field(min_length=1, max_length=100)]
    revision: Revision | None = None


@router.get("")
def list_templates(
    engine: Database, place: Annotated[str, Query(min_length=1, max_length=100)]
) -> dict[str, Any]:
    """Templates of a place, with the roles, networks, levels and skills that they may name."""
    return staffing.list_templates(engine, place)


@router.put("/{place}/{key}")
def put_template(
    place: PlaceKey, key: TemplateKey, body: Template, engine: Database, actor: Actor
) -> dict[str, Any]:
    """Store a template; 409 when somebody else changed it meanwhile."""
    data = body.model_dump(exclude={"revision"}) | {"key": key}
    return staffing.put_template(engine, place, data, revision=body.revision, actor=actor)


@router.delete("/{place}/{key}", status_code=204)
def delete_template(
    place: PlaceKey,
    key: TemplateKey,
    revision: Annotated[int, Query(ge=1, le=2**31 - 1)],
    engine: Database,
    actor: Actor,
) -> None:
    """Take a template away; what people hold stays."""
    staffing.delete_template(engine, place, key, revision=revision, actor=actor)
