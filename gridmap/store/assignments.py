"""Posts, who holds them, and who could: what templates ask for against assignments on a day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import Range

from gridmap.errors import Conflict, Fault, InvalidInput, NotFound
from gridmap.store import tables

# The columns of an assignment by the kind of its target, and where the target's name stands.
TARGETS = {
    "grid": ("grid_id", "grid"),
    "building": ("building_id", "building"),
    "unit": ("unit_id", "unit"),
    "street": ("street_id", "street"),
    "point": ("resource_point_id", "resource_point"),
    "household": ("household_point_id", "household_point"),
}


def read_people(connection: sa.Connection, place: str, at: datetime) -> list[dict[str, Any]]:
    """Staff of a place with homes in degrees and how many posts they hold at a time."""
    rows = connection.execute(
        sa.text("""
            SELECT s.id, s.code, s.name, s.roles, s.skills, s.teams, s.employer, s.capacity,
                   coalesce(s.absent @> CAST(:at AS timestamptz), false) AS absent,
                   lower(s.absent) AS absent_from, upper(s.absent) AS absent_until,
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
                WHEN a.street_id IS NOT NULL THEN 'street'
                WHEN a.household_point_id IS NOT NULL THEN 'household' ELSE 'point' END AS kind,
           coalesce(a.grid_id, a.building_id, a.unit_id, a.street_id, a.resource_point_id,
                    a.household_point_id) AS target_id,
           coalesce(g.code, b.code, ub.code || '-' || u.number, q.code, h.code) AS target_code,
           coalesce(g.name, b.name, ub.name || u.number || '单元', st.name, q.name,
                    hb.name || '结对户') AS target_name,
           coalesce(g.name_en, b.name_en, ub.name_en || ' unit ' || u.number, st.name_en,
                    q.name_en, 'paired household at ' || hb.name_en) AS target_name_en,
           g.level AS target_level, g.network AS target_network
    FROM assignment a JOIN staff s ON s.id = a.staff_id JOIN role r ON r.key = a.role
    LEFT JOIN grid g ON g.id = a.grid_id LEFT JOIN building b ON b.id = a.building_id
    LEFT JOIN unit u ON u.id = a.unit_id LEFT JOIN building ub ON ub.id = u.building_id
    LEFT JOIN street st ON st.id = a.street_id
    LEFT JOIN resource_point q ON q.id = a.resource_point_id
    LEFT JOIN household_point h ON h.id = a.household_point_id
    LEFT JOIN building hb ON hb.id = h.building_id
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


def read_staff(
    connection: sa.Connection, staff_id: int, *, booking: bool = False
) -> dict[str, Any]:
    """One person; who books waits here for another booking of the same person.

    Without that, two writers of an exclusion constraint can wait for each other until PostgreSQL
    ends one of them after a second.

    Raises
    ------
    NotFound
        No such person.
    """
    staff = tables.staff
    question = sa.select(
        staff.c.id, staff.c.place, staff.c.name, staff.c.roles, staff.c.capacity
    ).where(staff.c.id == staff_id)
    if booking:
        question = question.with_for_update(key_share=True)
    row = connection.execute(question).one_or_none()
    if row is None:
        raise NotFound(f"There is nobody with the number {staff_id}")
    return row._asdict()


def book(connection: sa.Connection, staff_ids: Collection[int]) -> None:
    """Let other bookings of these people wait until this transaction ends.

    In the order of their numbers, so that no two transactions wait for each other.
    """
    connection.execute(
        sa.text("SELECT id FROM staff WHERE id = ANY(:ids) ORDER BY id FOR NO KEY UPDATE"),
        {"ids": list(staff_ids)},
    )


def _check(
    connection: sa.Connection,
    *,
    staff_id: int,
    role: str,
    target: tuple[str, int],
    period: tuple[datetime, datetime | None],
    full_time: bool,
) -> None:
    """Refuse in words, in one question, what the constraints would refuse without them."""
    kind, target_id = target
    table = TARGETS[kind][1]
    lies_in = (
        "building b ON b.id = t.building_id" if kind == "unit" else f"{table} b ON b.id = t.id"
    )
    found = connection.execute(
        sa.text(f"""
            SELECT b.place AS there, s.place AS here,
                   EXISTS (SELECT FROM role WHERE key = :role) AS has_role,
                   :full_time AND EXISTS (
                     SELECT FROM assignment a WHERE a.staff_id = :staff AND a.full_time
                       AND a.period && tstzrange(:begins, :ends)) AS clashes
            FROM {table} t JOIN {lies_in} CROSS JOIN staff s
            WHERE t.id = :target AND s.id = :staff
        """),
        {
            "target": target_id,
            "staff": staff_id,
            "role": role,
            "full_time": full_time,
            "begins": period[0],
            "ends": period[1],
        },
    ).one_or_none()
    if found is None:
        raise NotFound(f"There is no {kind} {target_id}")
    if not found.has_role:
        raise NotFound(f"There is no role {role!r}")
    if found.there is not None and found.there != found.here:
        raise InvalidInput(
            f"The person is of {found.here}, and the {kind} lies in {found.there}",
            faults=(Fault("lies in another place", field="targets"),),
        )
    if found.clashes:
        raise _clash(connection, staff_id, *period)


def _clash(
    connection: sa.Connection, staff_id: int, begins: datetime, ends: datetime | None
) -> Conflict:
    # Names by subqueries: planning the join of everything for each refusal costs 4 ms.
    clash = connection.execute(
        sa.text("""
            SELECT r.name AS role_name, lower(a.period) AS begins, upper(a.period) AS ends,
                   coalesce(
                     (SELECT name FROM grid WHERE id = a.grid_id),
                     (SELECT name FROM building WHERE id = a.building_id),
                     (SELECT b.name || u.number || '单元' FROM unit u
                      JOIN building b ON b.id = u.building_id WHERE u.id = a.unit_id),
                     (SELECT name FROM street WHERE id = a.street_id),
                     (SELECT name FROM resource_point WHERE id = a.resource_point_id)
                   ) AS target_name
            FROM assignment a JOIN role r ON r.key = a.role
            WHERE a.staff_id = :staff AND a.full_time AND a.period && tstzrange(:begins, :ends)
            LIMIT 1
        """),
        {"staff": staff_id, "begins": begins, "ends": ends},
    ).one_or_none()
    held = "another full-time post" if clash is None else _post_in_words(clash)
    return Conflict(
        f"This person already holds {held} in that time",
        hint="End that post first, hand it over, or choose somebody else.",
    )


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
        The period ends before it begins, the target lies in another place, or it is a household
        and the link no pair.
    """
    kind, target_id = target
    column = TARGETS[kind][0]
    if ends is not None and ends <= begins:
        raise InvalidInput("An assignment ends after it begins")
    if kind == "household" and link != "pair":
        raise InvalidInput(
            "A household is looked after by pairing only",
            faults=(Fault("must be pair", field="link"),),
        )
    _check(
        connection,
        staff_id=staff_id,
        role=role,
        target=target,
        period=(begins, ends),
        full_time=full_time,
    )
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
        raise _clash(connection, staff_id, begins, ends) from error


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


def read_history(
    connection: sa.Connection, target: tuple[str, int] | None = None, *, staff_id: int | None = None
) -> list[dict[str, Any]]:
    """Everybody who held a target, or all that one person held, the latest first."""
    column, value = ("staff_id", staff_id) if target is None else (TARGETS[target[0]][0], target[1])
    rows = connection.execute(
        sa.text(
            f"{_ASSIGNMENTS} WHERE a.{column} = :value ORDER BY lower(a.period) DESC, a.id DESC"
        ),
        {"value": value},
    )
    return [row._asdict() for row in rows]


def read_pairs(connection: sa.Connection, building_id: int, at: datetime) -> list[dict[str, Any]]:
    """Pairs with households of a building that are on at a time or begin after it.

    Raises
    ------
    NotFound
        No such building.
    """
    known = sa.text("SELECT EXISTS (SELECT FROM building WHERE id = :building)")
    if not connection.execute(known, {"building": building_id}).scalar_one():
        raise NotFound(f"There is no building {building_id}")
    rows = connection.execute(
        sa.text(f"""
            {_ASSIGNMENTS} WHERE h.building_id = :building AND NOT isempty(a.period)
              AND (upper_inf(a.period) OR upper(a.period) > CAST(:at AS timestamptz))
            ORDER BY length(h.code), h.code, a.id
        """),
        {"building": building_id, "at": at},
    )
    return [row._asdict() for row in rows]


def read_ending(
    connection: sa.Connection, place: str, since: datetime, until: datetime
) -> list[dict[str, Any]]:
    """What ends in a time, the first to end first; `followed` says if somebody goes on there."""
    rows = connection.execute(
        sa.text(f"""
            SELECT held.*, EXISTS (
              SELECT FROM assignment n JOIN assignment o ON o.id = held.id
              WHERE n.id <> o.id AND n.role = o.role AND n.link = o.link
                AND n.grid_id IS NOT DISTINCT FROM o.grid_id
                AND n.building_id IS NOT DISTINCT FROM o.building_id
                AND n.unit_id IS NOT DISTINCT FROM o.unit_id
                AND n.street_id IS NOT DISTINCT FROM o.street_id
                AND n.resource_point_id IS NOT DISTINCT FROM o.resource_point_id
                AND n.household_point_id IS NOT DISTINCT FROM o.household_point_id
                AND n.period @> upper(o.period)
            ) AS followed
            FROM ({_ASSIGNMENTS} WHERE s.place = :place
              AND upper(a.period) >= :since AND upper(a.period) <= :until) AS held
            ORDER BY held.ends, held.id
        """),
        {"place": place, "since": since, "until": until},
    )
    return [row._asdict() for row in rows]


def read_changes(
    connection: sa.Connection, place: str, since: datetime, until: datetime, *, most: int
) -> list[dict[str, Any]]:
    """What began or ended in a time, the latest first: `what` is "began" or "ended", at `when`."""
    rows = connection.execute(
        sa.text(f"""
            SELECT * FROM (
              SELECT held.*, 'began' AS what, held.begins AS when FROM ({_ASSIGNMENTS}
                WHERE s.place = :place AND lower(a.period) BETWEEN :since AND :until) AS held
              UNION ALL
              SELECT held.*, 'ended', held.ends FROM ({_ASSIGNMENTS}
                WHERE s.place = :place AND upper(a.period) BETWEEN :since AND :until) AS held
            ) AS change ORDER BY change.when DESC, change.id DESC, change.what LIMIT :most
        """),
        {"place": place, "since": since, "until": until, "most": most},
    )
    return [row._asdict() for row in rows]
