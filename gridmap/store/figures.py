"""The figures of a plan: what each grid holds, how compact it is, and what is wrong with it.

Compactness is measured in the stored web-mercator twin: the projection is conformal and its scale
varies by less than 10⁻⁴ over a grid, and ratios of areas and lengths do not feel a scale.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import shapely
import sqlalchemy as sa

# A boundary along a wall takes a hand's breadth of a building; with more on either side it cuts.
CUT_BUILDING_M2 = 1.0

_SHAPE = """
    round((4 * pi() * ST_Area(g.mercator) / nullif(ST_Perimeter(g.mercator) ^ 2, 0))::numeric, 4)
      ::double precision AS polsby_popper,
    round((ST_Area(g.mercator) / nullif(pi() * (ST_MinimumBoundingRadius(h.hull)).radius ^ 2, 0)
      )::numeric, 4)::double precision AS reock,
    round((ST_Area(g.mercator) / nullif(ST_Area(h.hull), 0))::numeric, 4)
      ::double precision AS hull_ratio,
    coalesce(ST_NumGeometries(g.geom), 0) AS parts
"""

# Households above the most (positive) or below the least (negative); none where nothing is asked.
_DEVIATION = """
    CASE WHEN g.lowest AND g.kind = 'comprehensive' THEN
      greatest(g.households - n.households_max, 0) - greatest(n.households_min - g.households, 0)
    END
"""

_CUT = """
    SELECT g.id AS grid_id, touched.id AS building_id,
           least(ST_Area(s.shape::geography), ST_Area(ST_Difference(b.geom, s.shape)::geography))
             AS area_m2,
           ST_X(ST_PointOnSurface(b.geom)) AS lon, ST_Y(ST_PointOnSurface(b.geom)) AS lat
    -- Piece by piece of the boundary, so that few buildings of a large grid are looked at.
    FROM grid g
    CROSS JOIN LATERAL (
      SELECT DISTINCT b.id FROM ST_Subdivide(ST_Boundary(g.geom), 40) AS edge
      JOIN building b ON ST_Intersects(b.geom, edge)
    ) AS touched
    JOIN building b ON b.id = touched.id
    CROSS JOIN LATERAL (SELECT ST_Intersection(b.geom, g.geom) AS shape) AS s
    WHERE g.plan_id = :plan
      AND CASE WHEN CAST(:ids AS bigint[]) IS NULL THEN g.lowest ELSE g.id = ANY(:ids) END
"""

_FIGURES = sa.text(f"""
    SELECT g.id, g.level, g.code, g.name, g.name_en, g.kind, g.parent_id, g.lowest, g.locked,
           g.households, g.residents, g.buildings, g.dossiers, g.area_m2, {_SHAPE},
           {_DEVIATION} AS deviation
    FROM grid g JOIN plan p ON p.id = g.plan_id JOIN network n ON n.id = p.network_id
    -- The enclosing circle of the hull is that of the grid, at a fraction of the cost.
    CROSS JOIN LATERAL (SELECT ST_ConvexHull(g.mercator) AS hull OFFSET 0) AS h
    WHERE g.plan_id = :plan AND (CAST(:ids AS bigint[]) IS NULL OR g.id = ANY(:ids))
    ORDER BY g.level, g.code
""")

_TOTALS = sa.text(f"""
    SELECT level, count(*) AS grids, sum(households) AS households, sum(residents) AS residents,
           sum(buildings) AS buildings, sum(dossiers) AS dossiers, sum(area_m2) AS area_m2,
           round(avg(4 * pi() * ST_Area(mercator) / nullif(ST_Perimeter(mercator) ^ 2, 0))::numeric,
                 4)::double precision AS polsby_popper,
           count(*) FILTER (WHERE ST_NumGeometries(geom) > 1) AS non_contiguous,
           count(*) FILTER (WHERE deviation <> 0) AS off_size,
           coalesce(sum(abs(deviation)), 0) AS deviation,
           coalesce(sum(households) FILTER (WHERE kind = 'unassigned'), 0) AS unassigned
    FROM (
      SELECT g.*, {_DEVIATION} AS deviation
      FROM grid g JOIN plan p ON p.id = g.plan_id JOIN network n ON n.id = p.network_id
      WHERE g.plan_id = :plan
    ) AS every GROUP BY level ORDER BY level
""")


def read_figures(
    connection: sa.Connection, plan_id: int, ids: Sequence[int] | None = None
) -> dict[int, dict[str, Any]]:
    """Figures of a plan's grids by id: of some, for before and after, or of all.

    Beside counts and area (m²): `polsby_popper`, `reock` and `hull_ratio` (0 to 1), `parts` (1 for
    a grid that hangs together) and `deviation` (households outside of the size profile, signed;
    None where none is asked for).
    """
    asked = None if ids is None else list(ids)
    rows = connection.execute(_FIGURES, {"plan": plan_id, "ids": asked})
    figures = {}
    for row in rows:
        told = row._asdict()
        figures[told.pop("id")] = told
    return figures


def count_cut_buildings(
    connection: sa.Connection, plan_id: int, grids: Sequence[int]
) -> dict[int, int]:
    """How many buildings the boundary of each of some grids, of any level, passes through."""
    cut = find_cut_buildings(connection, plan_id, grids)
    return dict.fromkeys(grids, 0) | Counter(item["grid_id"] for item in cut)


def read_totals(connection: sa.Connection, plan_id: int) -> list[dict[str, Any]]:
    """What the grids of each level are together, the highest level first.

    `polsby_popper` is their mean; `off_size` counts those outside of the size profile, `deviation`
    the households by which they miss it; `unassigned` counts households in land that is given to
    nobody.
    """
    return [row._asdict() for row in connection.execute(_TOTALS, {"plan": plan_id})]


def joined(
    features: Sequence[dict[str, Any]], figures: Mapping[int, dict[str, Any]]
) -> list[dict[str, Any]]:
    """GeoJSON features of grids with their figures among the properties."""
    return [
        feature | {"properties": feature["properties"] | figures[feature["id"]]}
        for feature in features
    ]


def find_cut_buildings(
    connection: sa.Connection, plan_id: int, grids: Sequence[int] | None = None
) -> list[dict[str, Any]]:
    """Buildings that a boundary of some grids passes through, of all lowest ones by default.

    Each with the grid, a place in degrees, and the area (m²) of the smaller part, where that is
    more than `CUT_BUILDING_M2`.
    """
    rows = connection.execute(
        sa.text(
            f"SELECT * FROM ({_CUT}) AS c WHERE area_m2 > :least ORDER BY building_id, grid_id"
        ),
        {
            "plan": plan_id,
            "ids": None if grids is None else list(grids),
            "least": CUT_BUILDING_M2,
        },
    )
    return [row._asdict() for row in rows]


def read_shapes(connection: sa.Connection, plan_id: int) -> dict[int, Any]:
    """The polygon of each grid of a plan in degrees, by id."""
    rows = connection.execute(
        sa.text(
            "SELECT id, ST_AsBinary(geom) AS geom FROM grid "
            "WHERE plan_id = :plan AND geom IS NOT NULL ORDER BY level, code"
        ),
        {"plan": plan_id},
    ).all()
    shapes = shapely.from_wkb([bytes(row.geom) for row in rows])
    return {row.id: shape for row, shape in zip(rows, shapes, strict=True)}
