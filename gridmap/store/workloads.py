"""How much people carry: households and open incidents of what they look after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from gridmap.store.assignments import TARGETS
from gridmap.store.needs import FILLING_LINKS

DONE = ("resolved", "verified", "closed")


@dataclass(frozen=True)
class Duty:
    """One post that somebody holds, where it is (degrees), and what there is to look after."""

    assignment_id: int
    staff_id: int
    role: str
    kind: str
    target_id: int
    code: str | None
    name: str | None
    level: int | None
    full_time: bool
    locked: bool
    lon: float
    lat: float
    households: int
    incidents: int


_DUTIES = sa.text("""
    WITH held AS (
      SELECT a.id AS assignment_id, a.staff_id, a.role, a.full_time, a.locked,
             CASE WHEN a.grid_id IS NOT NULL THEN 'grid'
                  WHEN a.building_id IS NOT NULL THEN 'building'
                  WHEN a.unit_id IS NOT NULL THEN 'unit'
                  WHEN a.street_id IS NOT NULL THEN 'street' ELSE 'point' END AS kind,
             coalesce(a.grid_id, a.building_id, a.unit_id, a.street_id, a.resource_point_id)
               AS target_id
      FROM assignment a JOIN staff s ON s.id = a.staff_id
      WHERE s.place = :place AND a.link = ANY(:links) AND a.period @> CAST(:at AS timestamptz)
    ), busy AS (
      SELECT geom FROM incident
      WHERE place = :place AND state <> ALL(:done) AND reported_at <= CAST(:at AS timestamptz)
    ), target AS (
      SELECT 'grid' AS kind, g.id, g.code, g.name, g.level::int AS level, g.households,
             ST_PointOnSurface(g.geom) AS point,
             (SELECT count(*) FROM busy WHERE ST_Covers(g.geom, busy.geom)) AS incidents
      FROM grid g WHERE g.id IN (SELECT target_id FROM held WHERE kind = 'grid')
      UNION ALL
      SELECT 'building', b.id, b.code, b.name, NULL, b.households, ST_PointOnSurface(b.geom), 0
      FROM building b WHERE b.id IN (SELECT target_id FROM held WHERE kind = 'building')
      UNION ALL
      SELECT 'unit', u.id, b.code || '-' || u.number, b.name || u.number || '单元', NULL,
             u.households, ST_PointOnSurface(b.geom), 0
      FROM unit u JOIN building b ON b.id = u.building_id
      WHERE u.id IN (SELECT target_id FROM held WHERE kind = 'unit')
      UNION ALL
      SELECT 'street', t.id, NULL, t.name, NULL, 0,
             ST_LineInterpolatePoint(ST_GeometryN(t.geom, 1), 0.5), 0
      FROM street t WHERE t.id IN (SELECT target_id FROM held WHERE kind = 'street')
      UNION ALL
      SELECT 'point', q.id, q.code, q.name, NULL, 0, q.geom, 0
      FROM resource_point q WHERE q.id IN (SELECT target_id FROM held WHERE kind = 'point')
    )
    SELECT held.assignment_id, held.staff_id, held.role, held.kind, held.target_id, target.code,
           target.name, target.level, held.full_time, held.locked, ST_X(target.point) AS lon,
           ST_Y(target.point) AS lat, target.households, target.incidents
    FROM held JOIN target ON target.kind = held.kind AND target.id = held.target_id
    ORDER BY held.staff_id, held.assignment_id
""")


def read_duties(connection: sa.Connection, place: str, at: datetime) -> list[Duty]:
    """Every post that people of a place hold at a time; open incidents are counted in grids."""
    rows = connection.execute(
        _DUTIES, {"place": place, "at": at, "links": list(FILLING_LINKS), "done": list(DONE)}
    )
    return [Duty(**row._asdict()) for row in rows]


_INSIDE = {
    "grid": """
        SELECT 'grid' AS kind, t.id, t.code, t.name, t.name_en, t.households,
               NULL::json AS geometry
        FROM grid t JOIN plan p ON p.id = t.plan_id JOIN network n ON n.id = p.network_id
        WHERE t.place = :place AND t.level = :level AND n.key = :network
          AND t.valid @> current_date AND ST_Intersects(t.geom, ring.geom)
          AND ST_Covers(ring.geom, ST_PointOnSurface(t.geom))
    """,
    "building": """
        SELECT 'building' AS kind, t.id, t.code, coalesce(t.name, t.address) AS name, t.name_en,
               t.households, ST_AsGeoJSON(t.geom, 7)::json AS geometry
        FROM building t
        WHERE t.place = :place AND ST_Intersects(t.geom, ring.geom)
          AND ST_Covers(ring.geom, ST_PointOnSurface(t.geom))
    """,
}


def read_inside(
    connection: sa.Connection,
    place: str,
    *,
    kind: str,
    ring: Sequence[tuple[float, float]],
    network: str = "",
    level: int = 0,
    most: int,
) -> list[dict[str, Any]]:
    """Grids of a level, or buildings, whose inner point lies in a ring (degrees, closed).

    `geometry` is the footprint of a building; grids have theirs in the layer.
    """
    text = ", ".join(f"{lon!r} {lat!r}" for lon, lat in ring)
    rows = connection.execute(
        sa.text(f"""
            WITH ring AS (
              SELECT ST_MakeValid(ST_GeomFromText(:ring, 4326)) AS geom
            )
            SELECT found.* FROM ring CROSS JOIN LATERAL ({_INSIDE[kind]}) AS found
            ORDER BY found.code, found.id LIMIT :most
        """),
        {
            "place": place,
            "ring": f"POLYGON(({text}))",
            "network": network,
            "level": level,
            "most": most,
        },
    )
    return [row._asdict() for row in rows]


def read_holders(
    connection: sa.Connection, kind: str, targets: Sequence[int], role: str, at: datetime
) -> dict[int, list[tuple[int, str]]]:
    """Who holds a role on each of some targets at a time: numbers and names."""
    column = TARGETS[kind][0]
    rows = connection.execute(
        sa.text(f"""
            SELECT a.{column} AS target_id, s.id, s.name
            FROM assignment a JOIN staff s ON s.id = a.staff_id
            WHERE a.{column} = ANY(:targets) AND a.role = :role AND a.link = ANY(:links)
              AND a.period @> CAST(:at AS timestamptz)
            ORDER BY a.id
        """),
        {"targets": list(targets), "role": role, "links": list(FILLING_LINKS), "at": at},
    )
    found: dict[int, list[tuple[int, str]]] = {}
    for row in rows:
        found.setdefault(row.target_id, []).append((row.id, row.name))
    return found


_POINTS = {
    "grid": "grid t", "building": "building t", "street": "street t", "point": "resource_point t",
    "unit": "unit u JOIN building t ON t.id = u.building_id",
}  # fmt: skip


def read_spots(
    connection: sa.Connection, kind: str, targets: Sequence[int]
) -> dict[int, dict[str, Any]]:
    """Name, code and a point (degrees) of each of some targets that are there."""
    number = "u.id" if kind == "unit" else "t.id"
    name = "t.name || u.number || '单元'" if kind == "unit" else "t.name"
    code = "NULL::text" if kind == "street" else "t.code"
    rows = connection.execute(
        sa.text(f"""
            SELECT {number} AS id, {code} AS code, {name} AS name,
                   ST_X(p.point) AS lon, ST_Y(p.point) AS lat
            FROM {_POINTS[kind]} CROSS JOIN LATERAL (
              SELECT ST_PointOnSurface(t.geom) AS point
            ) AS p WHERE {number} = ANY(:targets)
        """),
        {"targets": list(targets)},
    )
    return {row.id: row._asdict() for row in rows}
