"""Weekly patrols: whose turn it is, and who is on duty on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from gridmap.algorithms.rotas import go_round, monday_of, place_in_cycle
from gridmap.errors import Conflict, Fault, InvalidInput
from gridmap.store import audit, database, events, places, rotas
from gridmap.store.database import Connection, Engine


def make_rota(
    engine: Engine,
    place: str,
    *,
    name: str,
    begins: date,
    until: date | None = None,
    teams: Sequence[str],
    weekdays: Sequence[int],
    at_once: int = 1,
    hours: tuple[time, time],
    actor: str,
) -> dict[str, Any]:
    """Let teams take turns from the week of a day on, each as often as every other.

    Raises
    ------
    NotFound
        No such place.
    InvalidInput
        A team that is not there, hours or a period that end before they begin, or turns that no
        cycle of a year holds.
    Conflict
        The place has a rota of this name.
    """
    begins = monday_of(begins)
    faults = []
    if until is not None and until <= begins:
        faults.append(Fault("not after the beginning", field="until"))
    if hours[1] <= hours[0]:
        faults.append(Fault("not after the beginning", field="to_time"))
    turns = go_round(teams, weekdays=weekdays, at_once=at_once)
    with database.transaction(engine, actor=actor) as connection:
        places.read_meridian(connection, place)
        known = {item["team"] for item in events.read_teams(connection, place)}
        faults += [
            Fault(f"there is no team {team!r}", row=row, field="teams")
            for row, team in enumerate(teams, start=1)
            if team not in known
        ]
        if faults:
            raise InvalidInput("The rota cannot be made", faults=tuple(faults))
        number = rotas.insert_rota(
            connection,
            place=place,
            name=name,
            begins=begins,
            until=until,
            hours=hours,
            turns=[(turn.week, turn.weekday, turn.team) for turn in turns],
        )
        _record(connection, actor, "make rota", number, {"name": name, "teams": list(teams)})
        return rotas.read_rotas(connection, rota_id=number)[0]


def list_rotas(engine: Engine, place: str) -> list[dict[str, Any]]:
    """Rotas of a place.

    Raises
    ------
    NotFound
        No such place.
    """
    with database.translated(), engine.connect() as connection:
        places.read_meridian(connection, place)
        return rotas.read_rotas(connection, place=place)


def on_duty(engine: Engine, place: str, *, day: date | None, days: int = 1) -> dict[str, Any]:
    """Who is on duty on a day and the days after it: shifts with their teams and members.

    A day is one of the place's time zone, today when not given; `here` of a member is false when
    the person is absent at noon.

    Raises
    ------
    NotFound
        No such place.
    """
    with database.translated(), engine.connect() as connection:
        zone = ZoneInfo(places.read_time_zone(connection, place))
        listed = rotas.read_rotas(connection, place=place)
        teams = {name for item in listed for name in _names(item)}
        members = events.read_members(connection, place, sorted(teams))
    first = day or datetime.now(UTC).astimezone(zone).date()
    return {
        "place": place,
        "days": [
            {
                "day": each,
                "shifts": [
                    {
                        "rota_id": item["id"],
                        "rota": item["name"],
                        "from_time": item["from_time"],
                        "to_time": item["to_time"],
                        "team": team,
                        "instead_of": turn if turn != team else None,
                        "members": [
                            {
                                "id": person["id"],
                                "name": person["name"],
                                "here": not _is_absent(person["absent"], each, zone),
                            }
                            for person in members[team]
                        ],
                    }
                    for item in listed
                    for turn, team in _shift(item, each)
                ],
            }
            for each in (first + timedelta(days=n) for n in range(days))
        ],
    }


def stand_in(
    engine: Engine, rota_id: int, *, day: date, team: str, instead: str | None, actor: str
) -> dict[str, Any]:
    """Let another team stand in on a day; None takes that back.

    Raises
    ------
    NotFound
        No such rota.
    InvalidInput
        The team has no turn that day, or there is no such other team.
    Conflict
        The other team is on duty that day already.
    """
    with database.transaction(engine, actor=actor) as connection:
        rota = rotas.lock_rota(connection, rota_id)
        shift = dict(_shift(rota, day))
        if team not in shift:
            raise InvalidInput(
                f"{team} has no turn on {day}", faults=(Fault("has no turn", field="team"),)
            )
        if instead == team:
            instead = None
        known = {item["team"] for item in events.read_teams(connection, rota["place"])}
        if instead is not None and instead not in known:
            raise InvalidInput(
                f"There is no team {instead!r}", faults=(Fault("not there", field="instead"),)
            )
        others = {name for turn, now in shift.items() if turn != team for name in (turn, now)}
        if instead in others:
            raise Conflict(f"{instead} is on duty on {day} already", hint="Choose another team.")
        rotas.write_swap(connection, rota_id, day=day, team=team, instead=instead)
        detail = {"day": day.isoformat(), "team": team, "instead": instead}
        _record(connection, actor, "stand in", rota_id, detail)
        return rotas.read_rotas(connection, rota_id=rota_id)[0]


def delete_rota(engine: Engine, rota_id: int, *, revision: int, actor: str) -> None:
    """Take a rota away.

    Raises
    ------
    NotFound
        No such rota.
    Conflict
        It was changed meanwhile.
    """
    with database.transaction(engine, actor=actor) as connection:
        rota = rotas.lock_rota(connection, rota_id, revision)
        rotas.delete_rota(connection, rota_id)
        _record(connection, actor, "delete rota", rota_id, {"name": rota["name"]})


def _shift(rota: dict[str, Any], day: date) -> list[tuple[str, str]]:
    """Teams whose turn it is on a day, each with the one that comes."""
    if day < rota["begins"] or (rota["until"] is not None and day >= rota["until"]):
        return []
    week, weekday = place_in_cycle(day, begins=rota["begins"], weeks=rota["weeks"])
    instead = {item["team"]: item["instead"] for item in rota["swaps"] if item["day"] == day}
    return [
        (turn["team"], instead.get(turn["team"], turn["team"]))
        for turn in rota["turns"]
        if (turn["week"], turn["weekday"]) == (week, weekday)
    ]


def _names(rota: dict[str, Any]) -> set[str]:
    return {turn["team"] for turn in rota["turns"]} | {item["instead"] for item in rota["swaps"]}


def _is_absent(absent: Any, day: date, zone: ZoneInfo) -> bool:
    return absent is not None and datetime.combine(day, time(12), zone) in absent


def _record(
    connection: Connection, actor: str, action: str, rota_id: int, detail: dict[str, Any]
) -> None:
    audit.record(
        connection, actor=actor, action=action, noun="rota", noun_id=str(rota_id), detail=detail
    )
