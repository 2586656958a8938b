"""What lies at points: areas and buildings near windows, their chains, who is responsible."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, Literal

import numpy as np
import shapely
import sqlalchemy as sa
from numpy.typing import NDArray
from psycopg.rows import tuple_row

from gridmap.store import database

Boxes = NDArray[np.float64]
Kind = Literal["territory", "grid", "building"]

_LEAST_M_PER_DEGREE = 110_000.0  # of latitude, a little less than at the equator

# Only the lowest level is looked up by place: the levels above follow by links, and so a point on a
# boundary cannot get a micro-grid of one grid and the neighbouring grid.
_CURRENT: dict[Kind, str] = {
    "territory": "t.valid @> coalesce(%s::date, current_date)",
    "grid": "t.valid @> coalesce(%s::date, current_date) AND t.lowest",
    "building": "%s::date IS NULL OR true",
}


@contextmanager
def snapshot(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Read several statements from one state of the database."""
    with (
        database.translated(),
        engine.connect().execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        ) as connection,
    ):
        yield connection


def read_near(
    connection: sa.Connection,
    kind: Kind,
    boxes: Boxes,
    *,
    network: str | None = None,
    day: date | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """Read ids and geometries whose bounding boxes meet one of many windows.

    `boxes` has rows of west, south, east, north in degrees. Of grids come those of the lowest level
    of the plans in force on a day (None is today), of one network or of all.
    """
    condition = f"({_CURRENT[kind]})" + (" AND t.network = %s" if network else "")
    # The driver itself, in binary form: geometries as text take twice the time.
    driver = connection.connection.driver_connection
    assert driver is not None, "the connection is open"
    with driver.cursor(binary=True, row_factory=tuple_row) as cursor:
        cursor.execute(
            f"SELECT id, ST_AsBinary(geom) FROM {kind} WHERE id = ANY (ARRAY ("
            f"SELECT DISTINCT t.id FROM unnest(%s::float8[], %s::float8[], %s::float8[],"
            f" %s::float8[]) AS w (west, south, east, north)"
            f" JOIN {kind} AS t ON t.geom && ST_MakeEnvelope(west, south, east, north, 4326)"
            f" WHERE {condition}))",
            [*(side.tolist() for side in boxes.T), day, *([network] if network else [])],
        )
        rows = cursor.fetchall()
    ids = np.array([row[0] for row in rows], dtype=np.int64)
    return ids, shapely.from_wkb([row[1] for row in rows])


def read_territories(
    connection: sa.Connection, ids: Collection[int], *, day: date | None = None
) -> dict[int, dict[str, Any]]:
    """Read territories with all that they lie in on a day (None is today), by id."""
    rows = connection.execute(
        sa.text("""
            WITH RECURSIVE up AS (
              SELECT id, code, name, name_en, kind, parent, place FROM territory
              WHERE id = ANY(:ids)
              UNION
              SELECT t.id, t.code, t.name, t.name_en, t.kind, t.parent, t.place
              FROM territory AS t JOIN up ON t.code = up.parent
              WHERE t.valid @> coalesce(CAST(:day AS date), current_date)
            )
            SELECT * FROM up
        """),
        {"ids": list(map(int, ids)), "day": day},
    )
    return {row["id"]: dict(row) for row in rows.mappings()}


def read_grids(connection: sa.Connection, ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Read grids with all that they lie in, by id."""
    rows = connection.execute(
        sa.text("""
            WITH RECURSIVE up AS (
              SELECT id, parent_id FROM grid WHERE id = ANY(:ids)
              UNION
              SELECT g.id, g.parent_id FROM grid AS g JOIN up ON g.id = up.parent_id
            )
            SELECT g.id, g.parent_id, g.network, g.level, g.code, g.name, g.name_en, g.kind,
                   g.parent, g.households, g.residents, g.buildings, g.dossiers, g.area_m2
            FROM up JOIN grid AS g USING (id)
        """),
        {"ids": list(map(int, ids))},
    )
    return {row["id"]: dict(row) for row in rows.mappings()}


def read_buildings(connection: sa.Connection, ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Read buildings by id."""
    rows = connection.execute(
        sa.text("""
            SELECT id, code, name, name_en, address, usage, floors, units, households, residents,
                   dossiers
            FROM building WHERE id = ANY(:ids)
        """),
        {"ids": list(map(int, ids))},
    )
    return {row["id"]: dict(row) for row in rows.mappings()}


def read_responsible(
    connection: sa.Connection,
    *,
    grids: Collection[int],
    building: int | None,
    street: int | None = None,
    day: date | None = None,
) -> list[dict[str, Any]]:
    """Read who is in a post now, or at noon of a day, by rank of the role.

    On grids, on a building and its units, and on a street. Only duties make responsible: who only
    lives or is a member there, or is paired with a household, is not told. The name and the role
    are told; where somebody lives is not.
    """
    rows = connection.execute(
        sa.text("""
            SELECT a.role, r.name AS role_name, r.name_en AS role_name_en, s.name,
                   CASE WHEN g.id IS NOT NULL THEN 'grid' WHEN u.id IS NOT NULL THEN 'unit'
                        WHEN st.id IS NOT NULL THEN 'street' ELSE 'building' END AS kind,
                   coalesce(g.code, b.code) AS code,
                   coalesce(g.name, b.name, st.name) AS target_name,
                   coalesce(g.name_en, b.name_en, st.name_en) AS target_name_en,
                   g.network, g.level, u.number AS unit
            FROM assignment AS a
            JOIN staff AS s ON s.id = a.staff_id
            JOIN role AS r ON r.key = a.role
            LEFT JOIN grid AS g ON g.id = a.grid_id
            LEFT JOIN unit AS u ON u.id = a.unit_id
            LEFT JOIN building AS b ON b.id = coalesce(a.building_id, u.building_id)
            LEFT JOIN street AS st ON st.id = a.street_id
            JOIN place AS pl ON pl.key = s.place
            WHERE a.link = 'duty' AND a.period @> coalesce(
              (CAST(:day AS date) + time '12:00') AT TIME ZONE pl.time_zone, now()
            ) AND (
              a.grid_id = ANY(:grids) OR a.building_id = :building
              OR a.unit_id IN (SELECT id FROM unit WHERE building_id = :building)
              OR a.street_id = :street
            )
            ORDER BY r.rank, g.level DESC NULLS FIRST, u.number, s.code, a.id
        """),
        {"grids": list(map(int, grids)), "building": building, "street": street, "day": day},
    )
    return [dict(row) for row in rows.mappings()]


def read_street(connection: sa.Connection, lon: float, lat: float, within_m: float) -> int | None:
    """Read the id of the street whose middle line is nearest to a point, within so many metres."""
    west, south, east, north = _window(lon, lat, within_m)
    found: int | None = connection.scalar(
        sa.text("""
            SELECT id FROM (
              SELECT id, ST_Distance(
                geom::geography, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)::geography) AS apart_m
              FROM street
              WHERE geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)
            ) AS near WHERE apart_m <= :within ORDER BY apart_m, id LIMIT 1
        """),
        {
            "lon": lon,
            "lat": lat,
            "west": west,
            "south": south,
            "east": east,
            "north": north,
            "within": within_m,
        },
    )
    return found


def read_nearest_points(
    connection: sa.Connection,
    lon: float,
    lat: float,
    *,
    categories: Sequence[str],
    most: int,
) -> list[dict[str, Any]]:
    """Read the nearest resource points with their distances on the ellipsoid, the nearest first.

    The index knows degrees, and those of longitude are shorter. So the nearest in degrees give a
    radius on the ground, and what lies in the window around it is measured.
    """
    wanted = "AND category = ANY(:categories)" if categories else ""
    asked = {"lon": lon, "lat": lat, "categories": list(categories), "most": most}
    reach_m = connection.scalar(
        sa.text(f"""
            SELECT max(ST_Distance(geom::geography, point::geography)) FROM (
              SELECT geom, point
              FROM resource_point, (SELECT ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)) AS p (point)
              WHERE true {wanted} ORDER BY geom <-> point LIMIT :most
            ) AS near
        """),
        asked,
    )
    if reach_m is None:
        return []
    west, south, east, north = _window(lon, lat, reach_m)
    rows = connection.execute(
        sa.text(f"""
            SELECT id, code, name, name_en, category, opening_hours, organisation, place,
                   ST_X(geom) AS lon, ST_Y(geom) AS lat,
                   ST_Distance(
                     geom::geography, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)::geography
                   ) AS distance_m
            FROM resource_point
            WHERE geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326) {wanted}
            ORDER BY distance_m, id LIMIT :most
        """),
        asked | {"west": west, "south": south, "east": east, "north": north},
    )
    return [dict(row) for row in rows.mappings()]


def _window(lon: float, lat: float, reach_m: float) -> tuple[float, float, float, float]:
    """Degrees that hold everything within a distance; around a pole, all longitudes."""
    rise = reach_m / _LEAST_M_PER_DEGREE + 1e-6
    south, north = max(-90.0, lat - rise), min(90.0, lat + rise)
    if max(abs(south), abs(north)) > 89:
        return -180.0, south, 180.0, north
    run = rise / math.cos(math.radians(max(abs(south), abs(north))))
    if not -180 <= lon - run <= lon + run <= 180:
        return -180.0, south, 180.0, north
    return lon - run, south, lon + run, north


def read_nearest_territory(
    connection: sa.Connection, lon: float, lat: float
) -> dict[str, Any] | None:
    """Read the territory nearest to a point outside all, with its distance; None if there is none.

    Of the few that are nearest in degrees, the one that is nearest on the ellipsoid, and of a
    community and its street the community.
    """
    row = (
        connection.execute(
            sa.text("""
                SELECT code, name, name_en,
                       ST_Distance(geom::geography, point::geography) AS distance_m
                FROM (
                  SELECT code, name, name_en, geom, point
                  FROM territory, (SELECT ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)) AS p (point)
                  WHERE valid @> current_date ORDER BY geom <-> point LIMIT 5
                ) AS near
                ORDER BY distance_m, ST_Area(geom), code LIMIT 1
            """),
            {"lon": lon, "lat": lat},
        )
        .mappings()
        .one_or_none()
    )
    return dict(row) if row else None
