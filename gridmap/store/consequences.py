"""Who and what an edit of a draft concerns: households, posts, open incidents."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from gridmap.store.drafts import Difference, Draft

# After these nothing is left to do.
_CLOSED = ("resolved", "verified", "closed", "rejected")

_SIDES = """
    side AS (
      SELECT 0 AS after, atom_id, grid_id
      FROM unnest(CAST(:a0 AS bigint[]), CAST(:g0 AS bigint[])) AS x(atom_id, grid_id)
      UNION ALL
      SELECT 1, atom_id, grid_id
      FROM unnest(CAST(:a1 AS bigint[]), CAST(:g1 AS bigint[])) AS x(atom_id, grid_id)
    )
"""


def _sides(change: Difference) -> dict[str, list[int]]:
    return {
        "a0": [atom for atom, _ in change.unlinked],
        "g0": [owner for _, owner in change.unlinked],
        "a1": [atom for atom, _ in change.linked],
        "g1": [owner for _, owner in change.linked],
    }


def count_moved_households(connection: sa.Connection, change: Difference) -> int:
    """Households whose lowest grid is another one after a change than before it."""
    if not change.linked:
        return 0
    found = connection.scalar(
        sa.text(f"""
            WITH {_SIDES}, located AS (
              SELECT DISTINCT ON (s.after, b.id) s.after, b.id, b.households, s.grid_id
              FROM side s JOIN atom a ON a.id = s.atom_id
              JOIN building b ON b.geom && a.geom
                AND ST_Intersects(a.geom, ST_PointOnSurface(b.geom))
              ORDER BY s.after, b.id, a.id
            )
            SELECT coalesce(sum(n.households), 0) FROM located o JOIN located n USING (id)
            WHERE o.after = 0 AND n.after = 1 AND o.grid_id <> n.grid_id
        """),
        _sides(change),
    )
    return int(found or 0)


def count_open_incidents(connection: sa.Connection, change: Difference) -> int:
    """Incidents that are not done and whose lowest grid is another one after a change."""
    if not change.linked:
        return 0
    found = connection.scalar(
        sa.text(f"""
            WITH {_SIDES}, near AS MATERIALIZED (
              -- One look into each month, not one for each atom.
              SELECT i.id, i.geom FROM incident i
              WHERE i.geom && (SELECT ST_SetSRID(ST_Extent(a.geom), 4326)
                               FROM side s JOIN atom a ON a.id = s.atom_id)
                AND i.state <> ALL(:closed)
            ), located AS (
              SELECT DISTINCT ON (s.after, i.id) s.after, i.id, s.grid_id
              FROM side s JOIN atom a ON a.id = s.atom_id
              JOIN near i ON ST_Intersects(a.geom, i.geom)
              ORDER BY s.after, i.id, a.id
            )
            SELECT count(*) FROM located o JOIN located n USING (id)
            WHERE o.after = 0 AND n.after = 1 AND o.grid_id <> n.grid_id
        """),
        _sides(change) | {"closed": list(_CLOSED)},
    )
    return int(found or 0)


def count_staff(connection: sa.Connection, draft: Draft, grids: Sequence[int]) -> int:
    """People with a post today in a published grid that some grids of a draft stand for.

    A grid of a draft stands for those of its level, in the plan of its network that is in force,
    that the middle of one of the two lies in.
    """
    if not grids:
        return 0
    found = connection.scalar(
        sa.text("""
            SELECT count(DISTINCT a.staff_id)
            FROM grid d
            JOIN grid g ON g.level = d.level AND g.geom && d.geom AND g.network = d.network
              AND g.place = d.place AND g.valid @> CURRENT_DATE
            JOIN plan p ON p.id = g.plan_id AND p.network_id = :network
            JOIN assignment a ON a.grid_id = g.id AND a.period @> now()
            WHERE d.id = ANY(:grids) AND (
              ST_Intersects(g.geom, ST_PointOnSurface(d.geom))
              OR ST_Intersects(d.geom, ST_PointOnSurface(g.geom)))
        """),
        {"grids": list(grids), "network": draft.network_id},
    )
    return int(found or 0)
