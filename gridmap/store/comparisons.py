"""What two plans are compared by: their place in time, land that moves, who is affected."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa


def find_counterpart(connection: sa.Connection, plan_id: int) -> int | None:
    """The plan that another one is best compared with, or None.

    The one whose period ends where this one's begins; for a draft, the one in force, or else the
    one that it was copied from.
    """
    found = connection.scalar(
        sa.text("""
            SELECT coalesce(
              (SELECT o.id FROM plan o WHERE o.network_id = p.network_id
                 AND upper(o.valid) = lower(p.valid)),
              (SELECT o.id FROM plan o WHERE o.network_id = p.network_id AND o.id <> p.id
                 AND p.valid IS NULL AND o.valid @> current_date),
              CASE WHEN p.valid IS NULL THEN p.based_on END)
            FROM plan p WHERE p.id = :plan
        """),
        {"plan": plan_id},
    )
    return None if found is None else int(found)


def count_incidents(
    connection: sa.Connection, old: int, new: int
) -> dict[tuple[int, int], tuple[int, int]]:
    """Incidents that lie in a grid of each plan, of one level: all of them, and the open ones."""
    rows = connection.execute(
        sa.text("""
            SELECT o.id AS old, n.id AS new, count(*) AS incidents,
                   count(*) FILTER (WHERE i.closed_at IS NULL) AS open
            FROM grid o JOIN incident i ON i.geom && o.geom AND ST_Intersects(o.geom, i.geom)
            JOIN grid n ON n.plan_id = :new AND n.level = o.level AND n.geom && i.geom
                       AND ST_Intersects(n.geom, i.geom)
            WHERE o.plan_id = :old GROUP BY o.id, n.id
        """),
        {"old": old, "new": new},
    )
    return {(row.old, row.new): (row.incidents, row.open) for row in rows}


def read_common_land(
    connection: sa.Connection, pairs: Sequence[tuple[int, int]]
) -> dict[tuple[int, int], dict[str, Any]]:
    """The land that pairs of grids have in common, as GeoJSON geometries."""
    rows = connection.execute(
        sa.text("""
            SELECT o.id AS old, n.id AS new, ST_AsGeoJSON(ST_CollectionExtract(
                     ST_Intersection(o.geom, n.geom), 3), 8)::json AS land
            FROM unnest(CAST(:old AS bigint[]), CAST(:new AS bigint[])) AS pair (old, new)
            JOIN grid o ON o.id = pair.old JOIN grid n ON n.id = pair.new
        """),
        {"old": [old for old, _ in pairs], "new": [new for _, new in pairs]},
    )
    return {(row.old, row.new): row.land for row in rows}


def read_posts(connection: sa.Connection, grids: Sequence[int]) -> list[dict[str, Any]]:
    """Who holds a post on some grids, now or later."""
    rows = connection.execute(
        sa.text("""
            SELECT g.id AS grid_id, g.code, g.name AS grid_name, s.name, a.role,
                   r.name AS role_name, r.name_en AS role_name_en
            FROM assignment a JOIN staff s ON s.id = a.staff_id JOIN role r ON r.key = a.role
            JOIN grid g ON g.id = a.grid_id
            WHERE a.grid_id = ANY(:grids) AND (upper_inf(a.period) OR upper(a.period) > now())
            ORDER BY g.code, r.rank, s.code, a.id
        """),
        {"grids": list(grids)},
    )
    return [row._asdict() for row in rows]


def read_labels(connection: sa.Connection, plan_id: int) -> dict[int, dict[str, Any]]:
    """Level, code, names, kind and counts of the grids of a plan, by id."""
    rows = connection.execute(
        sa.text(
            "SELECT id, level, code, name, name_en, kind, households, residents, area_m2 "
            "FROM grid WHERE plan_id = :plan ORDER BY level, code"
        ),
        {"plan": plan_id},
    )
    return {row.id: row._asdict() for row in rows}


def find_plans_in_force(
    connection: sa.Connection, place: str, network: str, day: date | None
) -> list[tuple[int, int]]:
    """Plans of a network of a place on a day (None is today): id, and the place's meridian."""
    rows = connection.execute(
        sa.text("""
            SELECT p.id, pl.meridian FROM plan p JOIN network n ON n.id = p.network_id
            JOIN place pl ON pl.key = n.place
            WHERE n.place = :place AND n.key = :network
              AND p.valid @> coalesce(CAST(:day AS date), current_date) ORDER BY p.id
        """),
        {"place": place, "network": network, "day": day},
    )
    return [(row.id, row.meridian) for row in rows]
