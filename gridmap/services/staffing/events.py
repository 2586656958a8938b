"""Events of one day: every team goes to a grid of its own, by walk and by where help is wanted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np

from gridmap.algorithms import staffing
from gridmap.errors import Conflict, Fault, InvalidInput, NotFound
from gridmap.geometry.crs import LocalCRS
from gridmap.store import audit, database, events, places
from gridmap.store.database import Connection, Engine

# In metre-equivalents. All teams go out: no walk is worth leaving one at home.
_STAY_AT_HOME = 10_000_000
_A_MONTH_UNVISITED, _MOST_MONTHS = 400, 12
_AN_INCIDENT = 50
_NO_LIMIT_M = 200_000


def list_teams(engine: Engine, place: str) -> dict[str, Any]:
    """Teams of a place with how many belong to them, and its day of the month for events.

    `volunteers` marks the teams that go when none is named.

    Raises
    ------
    NotFound
        No such place.
    """
    with database.translated(), engine.connect() as connection:
        facts = places.read_facts(connection, place)
        teams = events.read_teams(connection, place)
    return {
        "place": place,
        "activity_day": facts.get("activity_day"),
        "teams": [
            {name: item[name] for name in ("team", "members", "volunteers")} for item in teams
        ],
    }


def list_events(
    engine: Engine, place: str, *, since: date | None = None, until: date | None = None
) -> list[dict[str, Any]]:
    """Events of a place by day.

    Raises
    ------
    NotFound
        No such place.
    """
    with database.translated(), engine.connect() as connection:
        places.read_meridian(connection, place)
        return events.read_events(connection, place=place, since=since, until=until)


def read_event(engine: Engine, event_id: int) -> dict[str, Any]:
    """One event.

    Raises
    ------
    NotFound
        No such event.
    """
    with database.translated(), engine.connect() as connection:
        return _one(connection, event_id)


def plan_event(
    engine: Engine,
    place: str,
    *,
    name: str,
    day: date,
    teams: Sequence[str] | None = None,
    network: str = "",
    level: int | None = None,
    fixed: Mapping[str, int] | None = None,
    actor: str,
) -> dict[str, Any]:
    """Send teams to different grids on a day, and store it.

    The assignment is the cheapest there is: a walk costs its metres from the middle of the
    members' homes, a grid is the more worth the longer nobody came (400 m a month) and the more
    was reported there in 90 days (50 m an incident).

    Parameters
    ----------
    teams
        Those that go; when not given, all teams of volunteers without another event that day.
    network, level
        Of the grids; the authoritative network, and the first level with enough of them.
    fixed
        Grids, by id, of teams that are placed by hand.

    Raises
    ------
    NotFound
        No such place.
    InvalidInput
        A team or a grid that is not there, or fewer grids than teams.
    Conflict
        A team is in another event that day, or the name is taken.
    """
    fixed = dict(fixed or {})
    with database.transaction(engine, actor=actor) as connection:
        crs = LocalCRS(places.read_meridian(connection, place))
        known = {item["team"]: item for item in events.read_teams(connection, place)}
        busy = events.read_busy_teams(connection, place, day)
        going = list(teams) if teams is not None else _free_volunteers(known, busy)
        _check_teams(going, known, busy, fixed)
        areas = _areas_for(events.read_areas(connection, place, day, network=network), level, going)
        placed = _place(going, known, areas, fixed, crs, day)
        number = events.insert_event(
            connection, place=place, day=day, name=name, teams=list(placed.items())
        )
        _record(connection, actor, "plan event", number, {"teams": placed})
        return _one(connection, number)


def move_team(
    engine: Engine,
    event_id: int,
    *,
    team: str,
    grid_id: int,
    swap: bool,
    revision: int,
    actor: str,
) -> dict[str, Any]:
    """Send a team of an event to another grid; with `swap`, who is there takes its grid.

    Raises
    ------
    NotFound
        No such event, or no such team in it.
    InvalidInput
        The grid is not of this place and day.
    Conflict
        Another team is there, which is named; or the event was changed meanwhile.
    """
    with database.transaction(engine, actor=actor) as connection:
        held = events.lock_event(connection, event_id, revision)
        now = {item["team"]: item for item in _one(connection, event_id)["teams"]}
        if team not in now:
            raise NotFound(f"{team} is not in this event")
        area = next(
            (
                item
                for item in events.read_areas(
                    connection, held["place"], held["day"], network=now[team]["network"]
                )
                if item["id"] == grid_id
            ),
            None,
        )
        if area is None:
            raise InvalidInput(
                "There is no such grid on that day",
                faults=(Fault("not a grid of the day", field="grid_id"),),
            )
        there = next((item["team"] for item in now.values() if item["grid_id"] == grid_id), None)
        moves = {team: grid_id}
        if there not in (None, team):
            if not swap:
                raise Conflict(
                    f"{there} goes to {area['name']} already",
                    hint="Let the two change places, or choose another grid.",
                )
            moves[str(there)] = now[team]["grid_id"]
        events.place_teams(connection, event_id, moves)
        _record(connection, actor, "move team", event_id, {"teams": moves})
        return _one(connection, event_id)


def delete_event(engine: Engine, event_id: int, *, revision: int, actor: str) -> None:
    """Call an event off.

    Raises
    ------
    NotFound
        No such event.
    Conflict
        It was changed meanwhile.
    """
    with database.transaction(engine, actor=actor) as connection:
        events.lock_event(connection, event_id, revision)
        before = _one(connection, event_id)
        events.delete_event(connection, event_id)
        teams = {item["team"]: item["grid_id"] for item in before["teams"]}
        detail = {"name": before["name"], "day": before["day"].isoformat(), "teams": teams}
        _record(connection, actor, "delete event", event_id, detail)


def _free_volunteers(known: Mapping[str, Mapping[str, Any]], busy: Mapping[str, str]) -> list[str]:
    return [team for team, of in known.items() if of["volunteers"] and team not in busy]


def _check_teams(
    going: Sequence[str],
    known: Mapping[str, Any],
    busy: Mapping[str, str],
    fixed: Mapping[str, int],
) -> None:
    if not going:
        raise InvalidInput("No team is free on that day", hint="Register teams, or name them.")
    faults = [
        Fault(f"there is no team {team!r}", row=row, field="teams")
        for row, team in enumerate(going, start=1)
        if team not in known
    ]
    faults += [
        Fault(f"{team} is named twice", field="teams")
        for team, count in Counter(going).items()
        if count > 1
    ]
    faults += [Fault(f"{team} does not go", field="fixed") for team in fixed if team not in going]
    if len(set(fixed.values())) < len(fixed):
        faults.append(Fault("two teams have one grid", field="fixed"))
    if faults:
        raise InvalidInput("The teams cannot go", faults=tuple(faults))
    taken = [team for team in going if team in busy]
    if taken:
        raise Conflict(
            f"{taken[0]} is in {busy[taken[0]]} on that day",
            hint="Leave the team out, or choose another day.",
        )


def _areas_for(
    areas: Sequence[dict[str, Any]], level: int | None, going: Sequence[str]
) -> list[dict[str, Any]]:
    """The grids of a level; without one, of the first that has a grid for each team."""
    count = Counter(item["level"] for item in areas)
    if level is None:
        level = min((of for of in count if count[of] >= len(going)), default=None)
    if level is None or count[level] < len(going):
        most = max(count.values(), default=0) if level is None else count[level]
        raise InvalidInput(
            f"{len(going)} teams need as many different grids; there are {most}",
            hint="Let fewer teams go, or choose a lower level.",
        )
    return [item for item in areas if item["level"] == level]


def _place(
    going: Sequence[str],
    known: Mapping[str, Mapping[str, Any]],
    areas: Sequence[Mapping[str, Any]],
    fixed: Mapping[str, int],
    crs: LocalCRS,
    day: date,
) -> dict[str, int]:
    number = {item["id"]: i for i, item in enumerate(areas)}
    unknown = [team for team, grid in fixed.items() if grid not in number]
    if unknown:
        raise InvalidInput(
            f"{unknown[0]} cannot go to grid {fixed[unknown[0]]}: it is none of these",
            faults=(Fault("not one of the grids", field="fixed"),),
        )
    there = crs.to_metres(np.array([(item["lon"], item["lat"]) for item in areas]))
    # A team of unknown homes starts in the middle of the place, the same for all grids around.
    middle = there.mean(axis=0)
    homes = np.array([
        middle
        if known[team]["lon"] is None
        else crs.to_metres(np.array([[known[team]["lon"], known[team]["lat"]]]))[0]
        for team in going
    ])  # fmt: skip
    locked = np.full(len(areas), -1, dtype=np.int64)
    for team, grid in fixed.items():
        locked[number[grid]] = going.index(team)
    answer = staffing.assign(
        staffing.Posts(
            role=np.zeros(len(areas), dtype=np.int64),
            xy=there,
            unfilled=np.array([_STAY_AT_HOME + _worth(item, day) for item in areas]),
            locked_to=locked,
        ),
        staffing.People(
            role=np.zeros(len(going), dtype=np.int64),
            xy=homes,
            capacity=np.ones(len(going), dtype=np.int64),
        ),
        staffing.Costs(max_walk_m=_NO_LIMIT_M),
    )
    return {
        going[person]: areas[area]["id"]
        for area, person in enumerate(answer.person.tolist())
        if person >= 0
    }


def _worth(area: Mapping[str, Any], day: date) -> int:
    """What a visit is worth, in metre-equivalents."""
    visited: date | None = area["visited"]
    months = _MOST_MONTHS if visited is None else min((day - visited).days // 28, _MOST_MONTHS)
    return int(months * _A_MONTH_UNVISITED + area["incidents"] * _AN_INCIDENT)


def _one(connection: Connection, event_id: int) -> dict[str, Any]:
    found = events.read_events(connection, event_id=event_id)
    if not found:
        raise NotFound(f"There is no event {event_id}")
    return found[0]


def _record(
    connection: Connection, actor: str, action: str, event_id: int, detail: dict[str, Any]
) -> None:
    audit.record(
        connection,
        actor=actor,
        action=action,
        noun="event",
        noun_id=str(event_id),
        detail=detail,
    )
