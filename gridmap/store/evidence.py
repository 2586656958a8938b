"""What incidents are counted in and divided by: grids, buildings and streets of a place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
import sqlalchemy as sa
from numpy.typing import NDArray

SOURCES = ("incident", "territory", "grid", "building", "street", "resource_point")


@dataclass(frozen=True)
class Areas:
    """Areas or lines, in degrees, with what they are called; one row each."""

    id: NDArray[np.int64]
    code: list[str]
    name: list[str]
    geom: NDArray[np.object_]


@dataclass(frozen=True)
class Homes:
    """A point inside each building, in degrees, and who lives there."""

    lonlat: NDArray[np.float64]
    households: NDArray[np.float64]
    residents: NDArray[np.float64]


def read_revisions(connection: sa.Connection) -> tuple[int, ...]:
    """Revisions of everything that an answer may depend on, in the order of `SOURCES`."""
    rows = connection.execute(sa.text("SELECT source, revision FROM layer_revision"))
    known: dict[str, int] = {row.source: row.revision for row in rows}
    return tuple(int(known.get(source, 0)) for source in SOURCES)


def read_grids(connection: sa.Connection, place: str, network: str | None, level: int) -> Areas:
    """Grids of today's plan: of one level, or the lowest one there is where that is higher up.

    Without a network, those of the authoritative one of each territory.
    """
    rows = connection.execute(
        sa.text("""
            WITH current AS (
              SELECT g.id, g.code, g.name, g.level, ST_AsBinary(g.geom) AS geom
              FROM grid g JOIN plan p ON p.id = g.plan_id JOIN network n ON n.id = p.network_id
              WHERE g.place = :place AND g.valid @> current_date AND g.geom IS NOT NULL
                AND g.kind = 'comprehensive'
                AND (n.key = :network OR (CAST(:network AS text) IS NULL AND n.authoritative))
            )
            SELECT id, code, name, geom FROM current
            WHERE level = least(:level, (SELECT max(level) FROM current)) ORDER BY code
        """),
        {"place": place, "network": network, "level": level},
    )
    return _areas(rows)


def read_buildings(connection: sa.Connection, place: str) -> Areas:
    """All buildings of a place."""
    rows = connection.execute(
        sa.text("""
            SELECT id, coalesce(code, '') AS code, coalesce(name, address, code, '') AS name,
                   ST_AsBinary(geom) AS geom
            FROM building WHERE place = :place ORDER BY id
        """),
        {"place": place},
    )
    return _areas(rows)


def read_streets(connection: sa.Connection, place: str) -> Areas:
    """Streets that people walk or drive on; no railways."""
    rows = connection.execute(
        sa.text("""
            SELECT id, '' AS code, coalesce(name, '') AS name, ST_AsBinary(geom) AS geom
            FROM street WHERE place = :place AND kind <> 'railway' ORDER BY id
        """),
        {"place": place},
    )
    return _areas(rows)


def read_homes(connection: sa.Connection, place: str) -> Homes:
    """Buildings as points, with their households and residents."""
    rows = connection.execute(
        sa.text("""
            SELECT ST_X(p), ST_Y(p), households, residents
            FROM building b, LATERAL ST_PointOnSurface(b.geom) AS p
            WHERE place = :place ORDER BY b.id
        """),
        {"place": place},
    ).all()
    table = np.array([tuple(row) for row in rows], np.float64).reshape(-1, 4)
    return Homes(table[:, :2], table[:, 2], table[:, 3])


def read_stations(
    connection: sa.Connection, place: str, categories: tuple[str, ...]
) -> list[dict[str, Any]]:
    """Resource points of a place, of some categories or of all."""
    rows = connection.execute(
        sa.text("""
            SELECT id, name, name_en, category, ST_X(geom) AS lon, ST_Y(geom) AS lat
            FROM resource_point
            WHERE place = :place AND (category = ANY(:categories) OR :all) ORDER BY id
        """),
        {"place": place, "categories": list(categories), "all": not categories},
    )
    return [row._asdict() for row in rows]


def read_name(connection: sa.Connection, place: str) -> tuple[str, str]:
    """The name of a place, and its English one (or the same)."""
    row = connection.execute(
        sa.text("SELECT name, coalesce(name_en, name) FROM place WHERE key = :place"),
        {"place": place},
    ).one()
    return row[0], row[1]


def read_latest(connection: sa.Connection, place: str) -> date | None:
    """The day of the latest incident of a place, by its own clocks."""
    latest: date | None = connection.scalar(
        sa.text("""
            SELECT (max(i.reported_at) AT TIME ZONE max(p.time_zone))::date
            FROM incident i JOIN place p ON p.key = i.place WHERE i.place = :place
        """),
        {"place": place},
    )
    return latest


def read_versions(
    connection: sa.Connection, place: str, network: str | None, level: int
) -> list[dict[str, Any]]:
    """Grids of one level in every plan that was ever valid: the plan, its days, the grid."""
    rows = connection.execute(
        sa.text("""
            SELECT p.id AS plan, p.name AS plan_name, lower(p.valid) AS begins,
                   upper(p.valid) AS ends, g.id, g.code, g.name, ST_AsBinary(g.geom) AS geom,
                   p.valid @> current_date AS current
            FROM grid g JOIN plan p ON p.id = g.plan_id JOIN network n ON n.id = p.network_id
            WHERE g.place = :place AND g.level = :level AND g.geom IS NOT NULL
              AND p.state IN ('published', 'superseded')
              AND (n.key = :network OR (CAST(:network AS text) IS NULL AND n.authoritative))
            ORDER BY lower(p.valid) NULLS FIRST, p.id, g.code
        """),
        {"place": place, "network": network, "level": level},
    )
    return [row._asdict() for row in rows]


def read_heirs(connection: sa.Connection, grids: list[int]) -> list[tuple[int, int, float]]:
    """Lineage between grids: (old, new, share of the old one that went into the new one)."""
    rows = connection.execute(
        sa.text("""
            SELECT old_grid_id, new_grid_id, share
            FROM lineage WHERE old_grid_id = ANY(:grids) ORDER BY 1, 2
        """),
        {"grids": grids},
    )
    return [(int(old), int(new), float(share)) for old, new, share in rows]


def _areas(rows: Iterable[Any]) -> Areas:
    listed = list(rows)
    geom = np.empty(len(listed), object)
    if listed:
        geom[:] = shapely.from_wkb([bytes(row.geom) for row in listed])
    return Areas(
        np.array([row.id for row in listed], np.int64),
        [row.code for row in listed],
        [row.name for row in listed],
        geom,
    )
