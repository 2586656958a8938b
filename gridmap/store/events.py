"""Teams, and the events at which each goes to a grid of its own."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from gridmap.errors import Conflict, NotFound
from gridmap.store import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

RECENT_DAYS = 90  # incidents of so many days say where help is wanted


def read_teams(connection: sa.Connection, place: str) -> list[dict[str, Any]]:
    """Teams of a place with their size and the middle of their members' homes in degrees.

    It is the middle of at least three homes, or nothing: of fewer it would say where somebody
    lives. `volunteers` says whether all members are volunteers.
    """
    rows = connection.execute(
        sa.text("""
            SELECT team, count(*) AS members, bool_and('volunteer' = ANY(s.roles)) AS volunteers,
                   CASE WHEN count(s.geom) >= 3 THEN avg(ST_X(s.geom)) END AS lon,
                   CASE WHEN count(s.geom) >= 3 THEN avg(ST_Y(s.geom)) END AS lat
            FROM staff s, unnest(s.teams) AS team WHERE s.place = :place
            GROUP BY team ORDER BY min(s.id), team
        """),
        {"place": place},
    )
    return [row._asdict() for row in rows]


def read_members(
    connection: sa.Connection, place: str, teams: Sequence[str]
) -> dict[str, list[dict[str, Any]]]:
    """Who belongs to each of some teams."""
    rows = connection.execute(
        sa.text("""
            SELECT team, s.id, s.name, s.absent FROM staff s, unnest(s.teams) AS team
            WHERE s.place = :place AND team = ANY(:teams) ORDER BY team, s.id
        """),
        {"place": place, "teams": list(teams)},
    )
    found: dict[str, list[dict[str, Any]]] = {team: [] for team in teams}
    for row in rows:
        found[row.team].append({"id": row.id, "name": row.name, "absent": row.absent})
    return found


def read_areas(
    connection: sa.Connection, place: str, day: date, *, network: str
) -> list[dict[str, Any]]:
    """Grids of a network on a day, with a point inside in degrees and why they want a visit.

    An empty network is the authoritative one. `incidents` are those of the last 90 days before the
    day; `visited` is the last day before it on which a team came to a grid of this code.
    """
    rows = connection.execute(
        sa.text("""
            SELECT g.id, g.level, g.network, g.code, g.name, g.name_en, g.households,
                   ST_X(ST_PointOnSurface(g.geom)) AS lon, ST_Y(ST_PointOnSurface(g.geom)) AS lat,
                   (SELECT count(*) FROM incident i WHERE i.place = :place
                      AND i.reported_at < CAST(:day AS date)
                      AND i.reported_at >= CAST(:day AS date) - :recent
                      AND i.geom && g.geom AND ST_Intersects(i.geom, g.geom)) AS incidents,
                   (SELECT max(t.day) FROM event_team t JOIN grid o ON o.id = t.grid_id
                    WHERE t.place = :place AND t.day < :day AND o.code = g.code
                      AND o.network = g.network AND o.level = g.level) AS visited
            FROM grid g JOIN plan p ON p.id = g.plan_id JOIN network n ON n.id = p.network_id
            WHERE g.place = :place AND g.valid @> CAST(:day AS date)
              AND CASE WHEN :network <> '' THEN n.key = :network
                       ELSE n.authoritative OR NOT EXISTS (
                         SELECT FROM network o WHERE o.place = :place AND o.authoritative) END
            ORDER BY g.level, g.code
        """),
        {"place": place, "day": day, "network": network, "recent": RECENT_DAYS},
    )
    return [row._asdict() for row in rows]


def read_busy_teams(connection: sa.Connection, place: str, day: date) -> dict[str, str]:
    """Teams that have an event on a day, and its name."""
    rows = connection.execute(
        sa.text(
            "SELECT t.team, e.name FROM event_team t JOIN event e ON e.id = t.event_id"
            " WHERE t.place = :place AND t.day = :day"
        ),
        {"place": place, "day": day},
    )
    return {row.team: row.name for row in rows}


def insert_event(
    connection: sa.Connection,
    *,
    place: str,
    day: date,
    name: str,
    teams: Sequence[tuple[str, int]],
) -> int:
    """Store an event and which team goes to which grid; give its id.

    Raises
    ------
    Conflict
        A team is in another event that day, two teams have one grid, or the name is taken.
    """
    with _in_words():
        number = connection.execute(
            sa.insert(tables.event)
            .values(place=place, day=day, name=name)
            .returning(tables.event.c.id)
        ).scalar_one()
        connection.execute(
            sa.insert(tables.event_team),
            [
                {"event_id": number, "place": place, "day": day, "team": team, "grid_id": grid}
                for team, grid in teams
            ],
        )
    return int(number)


def read_events(
    connection: sa.Connection,
    *,
    place: str | None = None,
    since: date | None = None,
    until: date | None = None,
    event_id: int | None = None,
) -> list[dict[str, Any]]:
    """Events by day with their teams; `ended` of a team says that its grid is gone by then."""
    rows = connection.execute(
        sa.text("""
            SELECT e.id, e.place, e.day, e.name, e.revision, (
              SELECT coalesce(json_agg(json_build_object(
                'team', t.team, 'grid_id', g.id, 'code', g.code, 'name', g.name,
                'name_en', g.name_en, 'level', g.level, 'network', g.network,
                'lon', ST_X(ST_PointOnSurface(g.geom)), 'lat', ST_Y(ST_PointOnSurface(g.geom)),
                'members', (SELECT count(*) FROM staff s
                            WHERE s.place = e.place AND t.team = ANY(s.teams)),
                'ended', NOT coalesce(g.valid @> e.day, false)
              ) ORDER BY g.code, t.team), '[]')
              FROM event_team t JOIN grid g ON g.id = t.grid_id WHERE t.event_id = e.id
            ) AS teams
            FROM event e
            WHERE (CAST(:place AS text) IS NULL OR e.place = :place)
              AND (CAST(:since AS date) IS NULL OR e.day >= :since)
              AND (CAST(:until AS date) IS NULL OR e.day <= :until)
              AND (CAST(:event AS bigint) IS NULL OR e.id = :event)
            ORDER BY e.day, e.id
        """),
        {"place": place, "since": since, "until": until, "event": event_id},
    )
    return [row._asdict() for row in rows]


def lock_event(connection: sa.Connection, event_id: int, revision: int) -> dict[str, Any]:
    """An event as it is, kept from others until the end of the transaction.

    Raises
    ------
    NotFound
        No such event.
    Conflict
        Somebody else changed it meanwhile.
    """
    row = connection.execute(
        sa.select(tables.event).where(tables.event.c.id == event_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no event {event_id}")
    if row.revision != revision:
        raise Conflict(
            f"The event was changed meanwhile; its revision is {row.revision} now",
            hint="Look at the new one and change it again.",
        )
    return row._asdict()


def place_teams(connection: sa.Connection, event_id: int, teams: dict[str, int]) -> None:
    """Send teams of an event to grids, in one statement so that two can change places.

    Raises
    ------
    Conflict
        Another team is there already.
    """
    with _in_words():
        connection.execute(
            sa.text("""
                UPDATE event_team t SET grid_id = new.grid_id
                FROM unnest(CAST(:teams AS text[]), CAST(:grids AS bigint[])) AS new (team, grid_id)
                WHERE t.event_id = :event AND t.team = new.team
            """),
            {"event": event_id, "teams": list(teams), "grids": list(teams.values())},
        )
        connection.execute(
            sa.update(tables.event)
            .where(tables.event.c.id == event_id)
            .values(revision=tables.event.c.revision + 1, updated_at=sa.func.now())
        )


def delete_event(connection: sa.Connection, event_id: int) -> None:
    """Delete an event."""
    connection.execute(sa.delete(tables.event).where(tables.event.c.id == event_id))


@contextmanager
def _in_words() -> Iterator[None]:
    """Say which of the constraints of events refuses."""
    sentences = {
        "uq_event_team_grid": ("Two teams of an event cannot have one grid", "Choose another."),
        "uq_event_team_day": (
            "A team is in another event on that day",
            "Leave the team out, or choose another day.",
        ),
        "uq_event_place_day_name": (
            "There is an event of this name on that day",
            "Give it another name.",
        ),
    }
    try:
        yield
    except sa.exc.IntegrityError as error:
        name = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
        if name not in sentences:
            raise
        sentence, hint = sentences[name]
        raise Conflict(sentence, hint=hint) from error
