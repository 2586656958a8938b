"""`/staffing`: candidates, what people carry, and one person for many things at once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, FiniteFloat

from gridmap.api.plans import Actor, Database
from gridmap.errors import Fault, InvalidInput
from gridmap.services import compact_areas, staffing

router = APIRouter(prefix="/staffing", tags=["Staffing"])

Id = Annotated[int, Field(ge=1, le=2**62)]
Key = Annotated[str, Query(min_length=1, max_length=100)]
Text = Annotated[str, Field(min_length=1, max_length=100)]
At = Annotated[
    AwareDatetime | None, Query(description="A time with its zone; now when it is not given.")
]
Corner = tuple[
    Annotated[FiniteFloat, Field(ge=-180, le=180)], Annotated[FiniteFloat, Field(ge=-90, le=90)]
]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Lasso(_Body):
    """A ring (longitude, latitude) and what is looked for in it."""

    place: Text
    kind: Literal["grid", "building"]
    ring: Annotated[list[Corner], Field(min_length=3, max_length=1001)]
    network: Annotated[str, Field(max_length=100)] = ""
    level: Annotated[int, Field(ge=0, le=20)] = 0


class BulkTarget(_Body):
    """One of the things that somebody is given."""

    kind: Literal["grid", "building", "unit", "street", "point"]
    id: Id


class Bulk(_Body):
    """One person in a role on many things."""

    place: Text
    staff_id: Id
    role: Text
    targets: Annotated[list[BulkTarget], Field(min_length=1, max_length=2000)]
    at: AwareDatetime | None = None
    beyond_capacity: bool = False
    only_check: bool = False


def _at(given: datetime | None) -> datetime:
    return given or datetime.now(UTC)


@router.get("/candidates")
def candidates(
    engine: Database,
    place: Key,
    role: Key,
    lon: Annotated[float, Query(ge=-180, le=180)],
    lat: Annotated[float, Query(ge=-90, le=90)],
    at: At = None,
    skill: Annotated[list[str] | None, Query(max_length=20)] = None,
    *,
    full_time: bool = False,
    max_walk_m: Annotated[int, Query(ge=50, le=50_000)] = 2_000,
) -> dict[str, Any]:
    """Who could take a post at a point, the nearest first, and why others cannot."""
    if lon != lon or lat != lat:  # noqa: PLR0124 - NaN passes every comparison above
        raise InvalidInput("A coordinate is no number", faults=(Fault("no number", field="lon"),))
    found = staffing.candidates(
        engine,
        place,
        role=role,
        lon=lon,
        lat=lat,
        at=_at(at),
        skills=skill or (),
        full_time=full_time,
        max_walk_m=max_walk_m,
    )
    return {"candidates": found}


@router.get("/loads")
def loads(engine: Database, place: Key, at: At = None) -> dict[str, Any]:
    """What each person carries – posts, households, open incidents – and how far it is."""
    return staffing.loads(engine, place, at=_at(at))


@router.post("/inside")
def inside(body: Lasso, engine: Database) -> dict[str, Any]:
    """Grids of a level, or buildings, inside a drawn ring; stores nothing."""
    found = staffing.list_inside(
        engine,
        body.place,
        kind=body.kind,
        ring=body.ring,
        network=body.network,
        level=body.level,
    )
    return {"targets": found}


@router.post("/bulk")
def assign_many(body: Bulk, engine: Database, actor: Actor, response: Response) -> dict[str, Any]:
    """Give somebody many posts at once: a result for each; all are stored, or none."""
    answer = staffing.assign_many(
        engine,
        body.place,
        staff_id=body.staff_id,
        role=body.role,
        targets=[(target.kind, target.id) for target in body.targets],
        at=_at(body.at),
        beyond_capacity=body.beyond_capacity,
        only_check=body.only_check,
        actor=actor,
    )
    if answer["stored"]:
        response.status_code = 201
    return answer


@router.get("/areas")
def areas(
    engine: Database,
    place: Key,
    category: Key,
    k: Annotated[int, Query(ge=1, le=100)],
    seed: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
) -> dict[str, Any]:
    """Cut the resource points of a category into k compact areas of balanced size."""
    return compact_areas.cut(engine, place, category=category, k=k, seed=seed)
