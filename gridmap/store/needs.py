"""What the templates of a place ask for, on which things, and how many people hold it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

# Who has a duty at a thing or belongs to it as a member fills a post there. A home grid says only
# where somebody lives, and a pair is with one household.
FILLING_LINKS = ("duty", "resident", "working", "mobile")


@dataclass(frozen=True)
class Area:
    """An area that is complete or not; nothing is known of it where it is the whole place."""

    id: int | None
    code: str | None
    name: str | None
    name_en: str | None


@dataclass(frozen=True)
class Need:
    """What a template asks for on one target, and who holds it.

    `lon`, `lat` are degrees: a point inside of an area, the middle of a line. `held_by` are the
    numbers of people; `away` are those of them who are absent, `unskilled` those who lack a skill
    that is asked for. `network` is that of a grid, empty for other targets.
    """

    template: str
    role: str
    role_name: str
    role_name_en: str
    minimum: int
    maximum: int | None
    several_areas: bool
    full_time: bool
    kind: str
    target_id: int
    level: str
    network: str
    code: str | None
    name: str | None
    name_en: str | None
    lon: float
    lat: float
    households: int
    held_by: tuple[int, ...]
    away: tuple[int, ...]
    skills: tuple[str, ...]
    unskilled: tuple[int, ...]
    area: Area

    @property
    def held(self) -> int:
        """How many people hold it."""
        return len(self.held_by)

    @property
    def missing(self) -> int:
        """How many people are missing."""
        return max(self.minimum - self.held, 0)


# The networks of a place that an empty name means: the authoritative ones, or all if none is.
_IS_MEANT = """
    CASE WHEN {name} <> '' THEN {network}.key = {name}
         ELSE {network}.authoritative OR NOT EXISTS (
           SELECT FROM network o WHERE o.place = :place AND o.authoritative) END
"""

_NEEDS = sa.text(f"""
    WITH here AS (
      SELECT (CAST(:at AS timestamptz) AT TIME ZONE p.time_zone)::date AS day
      FROM place p WHERE p.key = :place
    ), held AS (
      SELECT a.role,
             CASE WHEN a.grid_id IS NOT NULL THEN 'grid'
                  WHEN a.building_id IS NOT NULL THEN 'building'
                  WHEN a.unit_id IS NOT NULL THEN 'unit'
                  WHEN a.street_id IS NOT NULL THEN 'street' ELSE 'point' END AS kind,
             coalesce(a.grid_id, a.building_id, a.unit_id, a.street_id, a.resource_point_id)
               AS target_id,
             array_agg(a.staff_id ORDER BY a.id) AS staff,
             array_agg(a.staff_id ORDER BY a.id)
               FILTER (WHERE s.absent @> CAST(:at AS timestamptz)) AS away
      FROM assignment a JOIN staff s ON s.id = a.staff_id
      WHERE s.place = :place AND a.link = ANY(:links) AND a.period @> CAST(:at AS timestamptz)
        AND a.household_point_id IS NULL
      GROUP BY 1, 2, 3
    ), asked AS (
      SELECT t.key AS template, t.area_network, r.*, role.name AS role_name,
             role.name_en AS role_name_en, role.rank,
             coalesce(t.area_level, min(r.level) FILTER (WHERE r.level ~ '^[0-9]')
               OVER (PARTITION BY t.id)) AS area_level
      FROM template t JOIN template_role r ON r.template_id = t.id JOIN role ON role.key = r.role
      WHERE t.place = :place
    )
    SELECT asked.template, asked.role, asked.role_name, asked.role_name_en, asked.minimum,
           asked.maximum, asked.several_areas, asked.full_time, target.kind,
           target.id AS target_id, asked.level, target.network, target.code, target.name,
           target.name_en, ST_X(target.point) AS lon, ST_Y(target.point) AS lat,
           target.households, coalesce(held.staff, '{{}}') AS held_by,
           coalesce(held.away, '{{}}') AS away, asked.skills,
           CASE WHEN asked.skills = '{{}}' THEN '{{}}' ELSE ARRAY(
             SELECT s.id FROM staff s WHERE s.id = ANY(held.staff) AND NOT s.skills @> asked.skills
             ORDER BY s.id) END AS unskilled,
           area.id AS area_id, area.code AS area_code, area.name AS area_name,
           area.name_en AS area_name_en
    FROM asked CROSS JOIN here CROSS JOIN LATERAL (
      SELECT 'grid' AS kind, g.id, g.network, g.code, g.name, g.name_en,
             ST_PointOnSurface(g.geom) AS point, g.households
      FROM grid g JOIN plan p ON p.id = g.plan_id JOIN network n ON n.id = p.network_id
      WHERE g.place = :place AND g.valid @> here.day AND g.level::text = asked.level
        AND {_IS_MEANT.format(name="asked.network", network="n")}
        AND (asked.kinds = '{{}}' OR g.kind = ANY(asked.kinds))
      UNION ALL
      SELECT 'building', b.id, '', b.code, b.name, b.name_en, ST_PointOnSurface(b.geom),
             b.households
      FROM building b
      WHERE asked.level = 'building' AND b.place = :place
        AND b.households >= asked.least_households
        AND (asked.kinds = '{{}}' OR b.usage = ANY(asked.kinds))
      UNION ALL
      SELECT 'unit', u.id, '', b.code || '-' || u.number, b.name || u.number || '单元',
             b.name_en || ' unit ' || u.number, ST_PointOnSurface(b.geom), u.households
      FROM unit u JOIN building b ON b.id = u.building_id
      WHERE asked.level = 'unit' AND b.place = :place AND u.households >= asked.least_households
        AND (asked.kinds = '{{}}' OR b.usage = ANY(asked.kinds))
      UNION ALL
      SELECT 'street', s.id, '', NULL, s.name, s.name_en,
             ST_LineInterpolatePoint(ST_GeometryN(s.geom, 1), 0.5), 0
      FROM street s
      WHERE asked.level = 'street' AND s.place = :place AND s.name IS NOT NULL
        AND s.kind = ANY(
          CASE WHEN asked.kinds = '{{}}' THEN '{{lane,street}}'::text[] ELSE asked.kinds END)
      UNION ALL
      SELECT 'point', q.id, '', q.code, q.name, q.name_en, q.geom, 0
      FROM resource_point q
      WHERE asked.level = 'point' AND q.place = :place
        AND (asked.kinds = '{{}}' OR q.category = ANY(asked.kinds))
    ) AS target
    LEFT JOIN held ON held.role = asked.role AND held.kind = target.kind
      AND held.target_id = target.id
    LEFT JOIN LATERAL (
      -- The nearest: a line may end outside of the place.
      SELECT a.id, a.code, a.name, a.name_en
      FROM grid a JOIN plan p ON p.id = a.plan_id JOIN network n ON n.id = p.network_id
      WHERE a.place = :place AND a.valid @> here.day AND a.level::text = asked.area_level
        AND {_IS_MEANT.format(name="asked.area_network", network="n")}
      ORDER BY a.geom <-> target.point, a.id LIMIT 1
    ) AS area ON true
    ORDER BY asked.template_id, asked.level, target.code, target.id, asked.rank, asked.role
""")


def read_requirements(connection: sa.Connection, place: str, at: datetime) -> list[Need]:
    """Everything that each template of a place asks for at a time, template by template.

    A day of the place decides which plans are valid.
    """
    rows = connection.execute(_NEEDS, {"place": place, "at": at, "links": list(FILLING_LINKS)})
    return [_need(row._asdict()) for row in rows]


def _need(row: dict[str, object]) -> Need:
    area = Area(*(row.pop(f"area_{name}") for name in ("id", "code", "name", "name_en")))  # type: ignore[arg-type]
    for name in ("held_by", "away", "skills", "unskilled"):
        row[name] = tuple(row[name])  # type: ignore[arg-type]
    return Need(**row, area=area)  # type: ignore[arg-type]


def read_needs(connection: sa.Connection, place: str, at: datetime) -> list[Need]:
    """What is asked for on each target and role, once, however many templates ask for it."""
    return merge(read_requirements(connection, place, at))


def merge(needs: Iterable[Need]) -> list[Need]:
    """One need for each target and role: the most that any template asks for."""
    found: dict[tuple[str, int, str], Need] = {}
    for need in needs:
        key = (need.kind, need.target_id, need.role)
        other = found.get(key)
        found[key] = need if other is None else _both(other, need)
    return list(found.values())


def _both(one: Need, other: Need) -> Need:
    limits = [need.maximum for need in (one, other) if need.maximum is not None]
    return replace(
        one,
        minimum=max(one.minimum, other.minimum),
        maximum=min(limits, default=None),
        several_areas=one.several_areas and other.several_areas,
        full_time=one.full_time or other.full_time,
        skills=tuple(dict.fromkeys(one.skills + other.skills)),
        unskilled=tuple(dict.fromkeys(one.unskilled + other.unskilled)),
    )
