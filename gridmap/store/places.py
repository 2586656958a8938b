"""Places and their territories."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from gridmap.errors import NotFound
from gridmap.store import tables


def has_place(connection: sa.Connection, key: str) -> bool:
    """Say whether a place is stored."""
    return (
        connection.scalar(sa.select(tables.place.c.key).where(tables.place.c.key == key))
        is not None
    )


def insert_place(
    connection: sa.Connection,
    *,
    key: str,
    name: str,
    meridian: int,
    code: str | None = None,
    name_en: str | None = None,
    time_zone: str = "Asia/Shanghai",
    demo: bool = False,
    properties: dict[str, Any] | None = None,
) -> None:
    """Store a place; `meridian` is the central one of its metric CRS, in degrees."""
    connection.execute(
        sa.insert(tables.place).values(
            key=key,
            code=code,
            name=name,
            name_en=name_en,
            meridian=meridian,
            time_zone=time_zone,
            demo=demo,
            properties=properties or {},
        )
    )


def delete_place(connection: sa.Connection, key: str) -> None:
    """Delete a place and all that lies in it; assignments go before what they point to."""
    staff, assignment = tables.staff, tables.assignment
    connection.execute(
        sa.delete(assignment).where(
            assignment.c.staff_id.in_(sa.select(staff.c.id).where(staff.c.place == key))
        )
    )
    connection.execute(
        sa.text(
            "DELETE FROM plan_atom USING plan p JOIN network n ON n.id = p.network_id "
            "WHERE plan_atom.plan_id = p.id AND n.place = :key"
        ),
        {"key": key},
    )
    connection.execute(sa.delete(tables.place).where(tables.place.c.key == key))


def read_meridian(connection: sa.Connection, key: str) -> int:
    """Central meridian of a place's metric CRS, in degrees.

    Raises
    ------
    NotFound
        No such place.
    """
    found = connection.scalar(sa.select(tables.place.c.meridian).where(tables.place.c.key == key))
    if found is None:
        raise NotFound(f"There is no place {key!r}")
    return int(found)


def read_time_zone(connection: sa.Connection, key: str) -> str:
    """The time zone of a place, by its name in the tz database.

    Raises
    ------
    NotFound
        No such place.
    """
    found = connection.scalar(sa.select(tables.place.c.time_zone).where(tables.place.c.key == key))
    if found is None:
        raise NotFound(f"There is no place {key!r}")
    return str(found)


def read_facts(connection: sa.Connection, key: str) -> dict[str, Any]:
    """What a place reports of itself, by name.

    Raises
    ------
    NotFound
        No such place.
    """
    row = connection.execute(
        sa.select(tables.place.c.properties).where(tables.place.c.key == key)
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no place {key!r}")
    facts: dict[str, Any] = row.properties.get("facts", {})
    return facts


def analyze(connection: sa.Connection) -> None:
    """Let the planner see what was written."""
    connection.execute(sa.text("ANALYZE"))
