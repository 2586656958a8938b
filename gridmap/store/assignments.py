"""Posts, who holds them, and who could: what templates ask for against assignments on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import Range

from gridmap.errors import Conflict, InvalidInput, NotFound
from gridmap.store import tables

# The columns of an assignment by the kind of its target, and where the target's name stands.
TARGETS = {
    "grid": ("grid_id", "grid"),
    "building": ("building_id", "building"),
    "unit": ("unit_id", "unit"),
    "street": ("street_id", "street"),
    "point": ("resource_point_id", "resource_point"),
}


@dataclass(frozen=True)
class Need:
    """What a template asks for on one target, and how many there are."""

    template: str
    role: str
    minimum: int
    maximum: int | None
    several_areas: bool
    full_time: bool
    kind: str
    target_id: int
    level: str
    code: str | None
    name: str | None
    held: int
    lon: float
    lat: float
    households: int


_NEEDS = sa.text("""
    WITH post AS (
      SELECT t.key AS template, r.role, r.minimum, r.maximum, r.several_areas, r.full_time, r.level
      FROM template t JOIN template_role r ON r.template_id = t.id WHERE t.place = :place
    ), target AS (
      SELECT 'grid' AS kind, g.id, g.level::text AS level, g.code, g.name,
             ST_PointOnSurface(g.geom) AS point, g.households
      FROM grid g JOIN plan p ON p.id = g.plan_id JOIN network n ON n.id = p.network_id
      WHERE g.place = :place AND g.valid @> CAST(:day AS date)
        AND (n.authoritative OR NOT EXISTS (
          SELECT FROM network o WHERE o.place = :place AND o.authoritative))
      UNION ALL
      SELECT 'building', b.id, 'building', b.code, b.name, ST_PointOnSurface(b.geom), b.households
      FROM building b WHERE b.place = :place AND b.households > 0
      UNION ALL
      SELECT 'unit', u.id, 'unit', b.code || '-' || u.number, b.name || u.number || '单元',
             ST_PointOnSurface(b.geom), u.households
      FROM unit u JOIN building b ON b.id = u.building_id WHERE b.place = :place
      UNION ALL
      SELECT 'street', s.id, 'street', NULL, s.name, ST_LineInterpolatePoint(
             ST_GeometryN(s.geom, 1), 0.5), 0
      FROM street s WHERE s.place = :place AND s.name IS NOT NULL AND s.kind IN ('lane', 'street')
      UNION ALL
      SELECT 'point', q.id, 'point', q.code, q.name, q.geom, 0
      FROM resource_point q WHERE q.place = :place
    )
    SELECT post.*, target.kind, target.id AS target_id, target.code, target.name,
           ST_X(target.point) AS lon, ST_Y(target.point) AS lat, target.households,
           (SELECT count(*) FROM assignment a WHERE a.role = post.role AND a.link = 'duty'
              AND a.period @> CAST(:at AS timestamptz)
              AND CASE target.kind WHEN 'grid' THEN a.grid_id WHEN 'building' THEN a.building_id
                  WHEN 'unit' THEN a.unit_id WHEN 'street' THEN a.street_id
                  ELSE a.resource_point_id END = target.id) AS held
    FROM post JOIN target ON target.level = post.level
    ORDER BY post.template, target.level, target.code, post.role
""")


def read_needs(connection: sa.Connection, place: str, at: datetime) -> list[Need]:
    """Everything that the templates of a place ask for, with how many hold it at a time."""
    rows = connection.execute(_NEEDS, {"place": place, "at": at, "day": at.date()})
    return [Need(**row._asdict()) for row in rows]


def read_people(connection: sa.Connection, place: str, at: datetime) -> list[dict[str, Any]]:
    """Staff of a place with homes in degrees and how many posts they hold at a time."""
    rows = connection.execute(
        sa.text("""
            SELECT s.id, s.code, s.name, s.roles, s.skills, s.teams, s.employer, s.capacity,
                   coalesce(s.absent @> CAST(:at AS timestamptz), false) AS absent,
                   ST_X(s.geom) AS lon, ST_Y(s.geom) AS lat,
                   (SELECT count(*) FROM assignment a WHERE a.staff_id = s.id AND a.link = 'duty'
                      AND a.period @> CAST(:at AS timestamptz)) AS posts
            FROM staff s WHERE s.place = :place ORDER BY s.id
        """),
        {"place": place, "at": at},
    )
    return [row._asdict() for row in rows]


_ASSIGNMENTS = """
    SELECT a.id, a.staff_id, s.name AS staff_name, s.code AS staff_code, a.role,
           r.name AS role_name, r.name_en AS role_name_en, a.link, a.full_time, a.locked,
           lower(a.period) AS begins, upper(a.period) AS ends,
           CASE WHEN a.grid_id IS NOT NULL THEN 'grid'
                WHEN a.building_id IS NOT NULL THEN 'building'
                WHEN a.unit_id IS NOT NULL THEN 'unit'
                WHEN a.street_id IS NOT NULL THEN 'street' ELSE 'point' END AS kind,
           coalesce(a.grid_id, a.building_id, a.unit_id, a.street_id, a.resource_point_id)
             AS target_id,
           coalesce(g.code, b.code, ub.code || '-' || u.number, q.code) AS target_code,
           coalesce(g.name, b.name, ub.name || u.number || '单元', st.name, q.name) AS target_name,
           g.level AS target_level
    FROM assignment a JOIN staff s ON s.id = a.staff_id JOIN role r ON r.key = a.role
    LEFT JOIN grid g ON g.id = a.grid_id LEFT JOIN building b ON b.id = a.building_id
    LEFT JOIN unit u ON u.id = a.unit_id LEFT JOIN building ub ON ub.id = u.building_id
    LEFT JOIN street st ON st.id = a.street_id
    LEFT JOIN resource_point q ON q.id = a.resource_point_id
"""


def read_assignments(
    connection: sa.Connection,
    place: str,
    at: datetime,
    *,
    staff_id: int | None = None,
    target: tuple[str, int] | None = None,
) -> list[dict[str, Any]]:
    """Who holds what at a time, of a place, one person or one target."""
    conditions = ["s.place = :place", "a.period @> CAST(:at AS timestamptz)"]
    values: dict[str, Any] = {"place": place, "at": at}
    if staff_id is not None:
        conditions.append("a.staff_id = :staff")
        values["staff"] = staff_id
    if target is not None:
        conditions.append(f"a.{TARGETS[target[0]][0]} = :target")
        values["target"] = target[1]
    rows = connection.execute(
        sa.text(f"{_ASSIGNMENTS} WHERE {' AND '.join(conditions)} ORDER BY a.id"), values
    )
    return [row._asdict() for row in rows]


def read_assignment(connection: sa.Connection, assignment_id: int) -> dict[str, Any]:
    """One assignment, whenever it is or was.

    Raises
    ------
    NotFound
        No such assignment.
    """
    row = connection.execute(
        sa.text(f"{_ASSIGNMENTS} WHERE a.id = :id"), {"id": assignment_id}
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no assignment {assignment_id}")
    return row._asdict()


def read_staff(connection: sa.Connection, staff_id: int) -> dict[str, Any]:
    """One person.

    Raises
    ------
    NotFound
        No such person.
    """
    staff = tables.staff
    row = connection.execute(
        sa.select(staff.c.id, staff.c.place, staff.c.name, staff.c.roles, staff.c.capacity).where(
            staff.c.id == staff_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is nobody with the number {staff_id}")
    return row._asdict()


def insert_assignment(
    connection: sa.Connection,
    *,
    staff_id: int,
    role: str,
    target: tuple[str, int],
    begins: datetime,
    ends: datetime | None,
    link: str = "duty",
    full_time: bool = False,
) -> int:
    """Give somebody a post; the database refuses a second full-time one in the same time.

    Raises
    ------
    NotFound
        No such target or role.
    Conflict
        The person holds a full-time post in this time; the message names it.
    InvalidInput
        The period ends before it begins.
    """
    kind, target_id = target
    column, table = TARGETS[kind]
    if ends is not None and ends <= begins:
        raise InvalidInput("An assignment ends after it begins")
    found = connection.scalar(
        sa.select(tables.metadata.tables[table].c.id).where(
            tables.metadata.tables[table].c.id == target_id
        )
    )
    if found is None:
        raise NotFound(f"There is no {kind} {target_id}")
    if connection.scalar(sa.select(tables.role.c.key).where(tables.role.c.key == role)) is None:
        raise NotFound(f"There is no role {role!r}")
    assignment = tables.assignment
    period: Range[datetime] = Range(begins, ends)
    try:
        with connection.begin_nested():
            return int(
                connection.execute(
                    sa.insert(assignment)
                    .values(
                        {
                            "staff_id": staff_id,
                            "role": role,
                            column: target_id,
                            "link": link,
                            "full_time": full_time,
                            "period": period,
                        }
                    )
                    .returning(assignment.c.id)
                ).scalar_one()
            )
    except sa.exc.IntegrityError as error:
        if getattr(error.orig, "sqlstate", "") != "23P01":
            raise
        clash = connection.execute(
            sa.text(
                f"{_ASSIGNMENTS} WHERE a.staff_id = :staff AND a.full_time "
                "AND a.period && tstzrange(:begins, :ends) LIMIT 1"
            ),
            {"staff": staff_id, "begins": begins, "ends": ends},
        ).one_or_none()
        held = "another full-time post" if clash is None else _post_in_words(clash)
        raise Conflict(
            f"This person already holds {held} in that time",
            hint="End that post first, hand it over, or choose somebody else.",
        ) from error


def _post_in_words(row: Any) -> str:
    until = "" if row.ends is None else f" to {row.ends:%Y-%m-%d}"
    return f"{row.role_name} of {row.target_name} ({row.begins:%Y-%m-%d}{until})"


def end_assignment(connection: sa.Connection, assignment_id: int, at: datetime) -> None:
    """End an assignment; what it was stays in the history.

    Raises
    ------
    NotFound
        No such assignment.
    Conflict
        It is locked, or ended before.
    """
    held = read_assignment(connection, assignment_id)
    if held["locked"]:
        raise Conflict("The assignment is locked", hint="Unlock it first.")
    if held["ends"] is not None and held["ends"] <= at:
        raise Conflict(f"The assignment ended on {held['ends']:%Y-%m-%d}")
    if at <= held["begins"]:
        raise Conflict("An assignment ends after it begins")
    connection.execute(
        sa.text("UPDATE assignment SET period = tstzrange(lower(period), :at) WHERE id = :id"),
        {"id": assignment_id, "at": at},
    )


def lock_assignment(connection: sa.Connection, assignment_id: int, *, locked: bool) -> None:
    """Lock an assignment against optimisers and ends, or unlock it."""
    read_assignment(connection, assignment_id)
    connection.execute(
        sa.update(tables.assignment)
        .where(tables.assignment.c.id == assignment_id)
        .values(locked=locked)
    )


def read_history(connection: sa.Connection, target: tuple[str, int]) -> list[dict[str, Any]]:
    """Everybody who held a target, the latest first."""
    rows = connection.execute(
        sa.text(
            f"{_ASSIGNMENTS} WHERE a.{TARGETS[target[0]][0]} = :target "
            "ORDER BY lower(a.period) DESC, a.id DESC"
        ),
        {"target": target[1]},
    )
    return [row._asdict() for row in rows]
