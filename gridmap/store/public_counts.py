"""Incidents per grid and month, as they are published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

# The plan of a month is the one in force at its end, or the first one after it: a month that is
# published is never counted again in other borders, or two answers could be subtracted.
_COUNTS = """
WITH candidate AS (
  SELECT g.id, g.code, g.name, g.name_en, g.households, g.geom, g.valid, g.level
  FROM grid g JOIN plan p ON p.id = g.plan_id JOIN network n ON n.id = p.network_id
  WHERE g.place = :place AND n.authoritative AND g.kind = 'comprehensive' AND g.geom IS NOT NULL
), day AS (
  SELECT CASE WHEN bool_or(valid @> CAST(:last AS date)) THEN CAST(:last AS date)
              ELSE min(lower(valid)) FILTER (WHERE lower(valid) > CAST(:last AS date)) END AS at
  FROM candidate
), current AS (
  SELECT * FROM candidate, day WHERE valid @> day.at
), area AS (
  SELECT * FROM current WHERE level = least(2, (SELECT max(level) FROM current))
), placed AS (
  -- On a border between two grids: the one with the lower code, so that each counts once.
  SELECT i.id, min(a.code) AS code
  FROM incident i LEFT JOIN area a ON ST_Covers(a.geom, i.geom)
  WHERE i.place = :place AND i.reported_at >= :begins AND i.reported_at < :ends
  GROUP BY i.id
), counted AS (
  SELECT code, count(*) AS incidents FROM placed GROUP BY code
)
SELECT a.code, a.name, a.name_en, a.households, ST_AsGeoJSON(a.geom, 7) AS geometry,
       coalesce(c.incidents, 0) AS incidents
FROM area a LEFT JOIN counted c ON c.code = a.code
UNION ALL
SELECT NULL, NULL, NULL, 0, NULL, incidents FROM counted WHERE code IS NULL
ORDER BY 1 NULLS LAST
"""


@dataclass(frozen=True)
class AreaCount:
    """Incidents of a grid; `code` and `geometry` (GeoJSON) are None for what lies in no grid."""

    code: str | None
    name: str | None
    name_en: str | None
    households: int
    geometry: str | None
    incidents: int


def read_counts(
    connection: sa.Connection, place: str, begins: datetime, ends: datetime, last_day: date
) -> list[AreaCount]:
    """Count the incidents of a month by grid, in the borders that belong to it.

    Parameters
    ----------
    connection, place
        Where.
    begins, ends
        The month; its end is excluded.
    last_day
        Its last day at the place, whose plan it is.
    """
    rows = connection.execute(
        sa.text(_COUNTS), {"place": place, "begins": begins, "ends": ends, "last": last_day}
    )
    return [
        AreaCount(
            row.code, row.name, row.name_en, int(row.households or 0), row.geometry, row.incidents
        )
        for row in rows
    ]
