"""`/staffing` together: teams, events of one day, and weekly rotas."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from gridmap.api.plans import Actor, Database
from gridmap.services.staffing import events, rotas

router = APIRouter(prefix="/staffing", tags=["Staffing"])

Number = Annotated[int, Path(ge=1, le=2**62)]
PlaceKey = Annotated[str, Query(min_length=1, max_length=100)]
Text = Annotated[str, Field(min_length=1, max_length=100)]
Team = Annotated[str, Path(min_length=1, max_length=100)]
Teams = Annotated[list[Text], Field(min_length=1, max_length=200)]
Id = Annotated[int, Field(ge=1, le=2**62)]
Revision = Annotated[int, Field(ge=1, le=2**31 - 1)]
RevisionQuery = Annotated[int, Query(ge=1, le=2**31 - 1)]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2200, 1, 1))]
DayQuery = Annotated[date | None, Query(ge=date(1900, 1, 1), le=date(2200, 1, 1))]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewEvent(_Body):
    """Teams that go to different grids on a day; all free volunteer teams when none is named."""

    place: Text
    name: Text
    day: Day
    teams: Teams | None = None
    network: Annotated[str, Field(max_length=100)] = ""
    level: Annotated[int, Field(ge=1, le=9)] | None = None
    fixed: Annotated[
        dict[str, Id], Field(max_length=200, description="Grids of teams that are placed by hand.")
    ] = {}


class TeamMove(_Body):
    """Another grid for a team; with `swap`, the team that is there takes its grid."""

    grid_id: Id
    swap: bool = False
    revision: Revision


class NewRota(_Body):
    """Teams that take turns in their order on weekdays, 1 is Monday."""

    place: Text
    name: Text
    begins: Day
    until: Day | None = None
    teams: Teams
    weekdays: Annotated[list[Annotated[int, Field(ge=1, le=7)]], Field(min_length=1, max_length=7)]
    at_once: Annotated[int, Field(ge=1, le=200)] = 1
    from_time: time
    to_time: time


class StandIn(_Body):
    """Who comes instead."""

    team: Text


@router.get("/teams")
def list_teams(engine: Database, place: PlaceKey) -> dict[str, Any]:
    """Teams of a place, and its day of the month for events where it has one."""
    return events.list_teams(engine, place)


@router.get("/events")
def list_events(
    engine: Database, place: PlaceKey, since: DayQuery = None, until: DayQuery = None
) -> dict[str, Any]:
    """Events by day, each with where its teams go."""
    return {"events": events.list_events(engine, place, since=since, until=until)}


@router.post("/events", status_code=201)
def plan_event(body: NewEvent, engine: Database, actor: Actor) -> dict[str, Any]:
    """Send teams to different grids on a day, by walk and by where help is wanted."""
    return events.plan_event(engine, **body.model_dump(), actor=actor)


@router.get("/events/{event_id}")
def read_event(event_id: Number, engine: Database) -> dict[str, Any]:
    """One event."""
    return events.read_event(engine, event_id)


@router.put("/events/{event_id}/teams/{team}")
def move_team(
    event_id: Number, team: Team, body: TeamMove, engine: Database, actor: Actor
) -> dict[str, Any]:
    """Send a team to another grid; 409 names the team that is there."""
    return events.move_team(engine, event_id, team=team, **body.model_dump(), actor=actor)


@router.delete("/events/{event_id}", status_code=204)
def delete_event(event_id: Number, revision: RevisionQuery, engine: Database, actor: Actor) -> None:
    """Call an event off."""
    events.delete_event(engine, event_id, revision=revision, actor=actor)


@router.get("/rotas")
def list_rotas(engine: Database, place: PlaceKey) -> dict[str, Any]:
    """Rotas with their turns."""
    return {"rotas": rotas.list_rotas(engine, place)}


@router.post("/rotas", status_code=201)
def make_rota(body: NewRota, engine: Database, actor: Actor) -> dict[str, Any]:
    """Let teams take turns by the week, each as often as every other."""
    asked = body.model_dump(exclude={"from_time", "to_time"})
    hours = (body.from_time.replace(tzinfo=None), body.to_time.replace(tzinfo=None))
    return rotas.make_rota(engine, **asked, hours=hours, actor=actor)


@router.delete("/rotas/{rota_id}", status_code=204)
def delete_rota(rota_id: Number, revision: RevisionQuery, engine: Database, actor: Actor) -> None:
    """Take a rota away."""
    rotas.delete_rota(engine, rota_id, revision=revision, actor=actor)


@router.put("/rotas/{rota_id}/days/{day}/teams/{team}")
def stand_in(
    rota_id: Number, day: date, team: Team, body: StandIn, engine: Database, actor: Actor
) -> dict[str, Any]:
    """Let another team come on one day instead; the team itself takes that back."""
    return rotas.stand_in(engine, rota_id, day=day, team=team, instead=body.team, actor=actor)


@router.get("/on-duty")
def on_duty(
    engine: Database,
    place: PlaceKey,
    day: DayQuery = None,
    days: Annotated[int, Query(ge=1, le=366)] = 1,
) -> dict[str, Any]:
    """Who is on duty on a day, today when not given, and on the days after it."""
    return rotas.on_duty(engine, place, day=day, days=days)
