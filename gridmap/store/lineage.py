"""Lineage of published plans, and what follows it: who looks after the new grids."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import shapely
import sqlalchemy as sa
from numpy.typing import NDArray

from gridmap.geometry.lineage import Shares
from gridmap.store.loading import copy_rows

Ints = NDArray[np.int64]
SLIVER = 0.005  # a neighbour that got less, by a line that was snapped, is no heir
CLEAR_HEIR = 0.5  # an assignment follows when more than this share of its grid goes to one heir


def read_links(connection: sa.Connection, plan_id: int) -> tuple[Ints, Ints, NDArray[np.object_]]:
    """Atom ids, lowest grid ids and polygons (degrees) of a plan."""
    rows = connection.execute(
        sa.text(
            "SELECT a.id, pa.grid_id, ST_AsBinary(a.geom) AS geom FROM plan_atom pa "
            "JOIN atom a ON a.id = pa.atom_id WHERE pa.plan_id = :plan ORDER BY a.id"
        ),
        {"plan": plan_id},
    ).all()
    return (
        np.array([row.id for row in rows], dtype=np.int64),
        np.array([row.grid_id for row in rows], dtype=np.int64),
        np.asarray(shapely.from_wkb([bytes(row.geom) for row in rows]), dtype=object),
    )


def read_buildings(connection: sa.Connection, plan_id: int) -> dict[int, tuple[int, int, int]]:
    """Lowest grid, households and residents of each building that a plan holds."""
    rows = connection.execute(
        sa.text("""
            SELECT DISTINCT ON (b.id) b.id, pa.grid_id, b.households, b.residents
            FROM plan_atom pa JOIN atom a ON a.id = pa.atom_id
            JOIN building b ON b.geom && a.geom AND ST_Intersects(a.geom, ST_PointOnSurface(b.geom))
            WHERE pa.plan_id = :plan ORDER BY b.id, a.id
        """),
        {"plan": plan_id},
    )
    return {row.id: (row.grid_id, row.households, row.residents) for row in rows}


def insert_shares(connection: sa.Connection, shares: Shares) -> None:
    """Store the lineage between two plans."""
    copy_rows(
        connection,
        "lineage",
        ("old_grid_id", "new_grid_id", "households", "residents", "area_m2", "share"),
        zip(
            shares.old.tolist(),
            shares.new.tolist(),
            shares.households.tolist(),
            shares.residents.tolist(),
            shares.area_m2.tolist(),
            shares.of_old().tolist(),
            strict=True,
        ),
    )


def read_lineage(connection: sa.Connection, plan_id: int) -> list[dict[str, Any]]:
    """What became of the grids of the plan before `plan_id`, with shares and names."""
    rows = connection.execute(
        sa.text("""
            SELECT o.level, o.id AS old_id, o.code AS old_code, o.name AS old_name, n.id AS new_id,
                   n.code AS new_code, n.name AS new_name, l.households, l.residents, l.area_m2,
                   l.share
            FROM lineage l JOIN grid o ON o.id = l.old_grid_id JOIN grid n ON n.id = l.new_grid_id
            WHERE n.plan_id = :plan ORDER BY o.level, o.code, l.share DESC, n.code
        """),
        {"plan": plan_id},
    )
    return [row._asdict() for row in rows]


def carry_assignments_over(connection: sa.Connection, plan_id: int, starts: date) -> int:
    """Let assignments follow to the heirs of their grids from the day a plan starts.

    An assignment follows where one heir has more than half of its grid. What has no clear heir
    stays with the old grid, open, and is listed by `read_orphans`: nothing is dropped.
    """
    moved = connection.execute(
        sa.text("""
            WITH heir AS (
              SELECT DISTINCT ON (l.old_grid_id) l.old_grid_id, l.new_grid_id
              FROM lineage l JOIN grid n ON n.id = l.new_grid_id
              WHERE n.plan_id = :plan AND l.share > :clear
              ORDER BY l.old_grid_id, l.share DESC
            ), place_time AS (
              SELECT CAST(:starts AS timestamp) AT TIME ZONE pl.time_zone AS begins
              FROM plan p JOIN network n ON n.id = p.network_id JOIN place pl ON pl.key = n.place
              WHERE p.id = :plan
            ), following AS (
              SELECT a.*, heir.new_grid_id, place_time.begins
              FROM assignment a JOIN heir ON heir.old_grid_id = a.grid_id, place_time
              WHERE upper_inf(a.period) OR upper(a.period) > place_time.begins
            ), ended AS (
              UPDATE assignment a SET period = tstzrange(lower(a.period), f.begins)
              FROM following f WHERE a.id = f.id AND lower(a.period) < f.begins RETURNING a.id
            ), moved_whole AS (
              -- What begins later than the plan simply points to the new grid.
              UPDATE assignment a SET grid_id = f.new_grid_id
              FROM following f WHERE a.id = f.id AND lower(a.period) >= f.begins RETURNING a.id
            )
            SELECT f.staff_id, f.role, f.new_grid_id, f.link, f.full_time, f.locked, f.begins,
                   upper(f.period) AS ends
            FROM following f WHERE lower(f.period) < f.begins
        """),
        {"plan": plan_id, "clear": CLEAR_HEIR, "starts": starts},
    ).all()
    # In a statement of its own: the exclusion constraint sees the ended periods only now.
    copy_rows(
        connection,
        "assignment",
        ("staff_id", "role", "grid_id", "link", "full_time", "locked", "period"),
        (
            (
                row.staff_id, row.role, row.new_grid_id, row.link, row.full_time, row.locked,
                (row.begins, row.ends),
            )
            for row in moved
        ),
    )  # fmt: skip
    return len(moved)


def read_orphans(connection: sa.Connection, place: str) -> list[dict[str, Any]]:
    """Assignments that are open on grids which no plan has any more, with the heirs' shares."""
    rows = connection.execute(
        sa.text("""
            SELECT a.id, a.role, r.name AS role_name, r.name_en AS role_name_en, a.staff_id,
                   s.name AS staff_name, a.link, a.locked, g.id AS grid_id, g.level, g.network,
                   g.code, g.name, g.name_en, upper(g.valid) AS ended,
                   (SELECT json_agg(json_build_object('id', n.id, 'code', n.code, 'name', n.name,
                           'name_en', n.name_en, 'share', l.share) ORDER BY l.share DESC)
                    FROM lineage l JOIN grid n ON n.id = l.new_grid_id
                    WHERE l.old_grid_id = g.id AND l.share >= :sliver) AS heirs
            FROM assignment a JOIN staff s ON s.id = a.staff_id JOIN grid g ON g.id = a.grid_id
            JOIN role r ON r.key = a.role JOIN place p ON p.key = g.place
            WHERE g.place = :place AND upper(g.valid) IS NOT NULL
              AND (upper_inf(a.period)
                   OR upper(a.period) > upper(g.valid)::timestamp AT TIME ZONE p.time_zone)
            ORDER BY g.code, a.id
        """),
        {"place": place, "sliver": SLIVER},
    )
    return [row._asdict() for row in rows]
