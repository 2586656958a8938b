"""Roles, staff and assignments as they are loaded, households, and who is absent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import Range, insert

from gridmap.errors import NotFound
from gridmap.store import tables
from gridmap.store.loading import copy_rows, reserve_ids

# key → 中文, English, rank: who answers first for a place has the lowest rank.
ROLES: dict[str, tuple[str, str, int]] = {
    "grid-head": ("网格长", "grid head", 1),
    "micro-grid-worker": ("微网格员", "micro-grid worker", 2),
    "grid-worker": ("网格员", "grid worker", 3),
    "unit-head": ("单元长", "unit head", 4),
    "building-head": ("楼栋长", "building head", 5),
    "building-group-head": ("楼栋党小组组长", "building group head", 6),
    "resident-group-head": ("居民小组长", "resident group head", 7),
    "lane-head": ("街巷长", "lane head", 8),
    "party-branch-secretary": ("网格党支部书记", "party branch secretary", 9),
    "police-officer": ("民警", "police officer", 10),
    "enforcement-officer": ("执法队员", "enforcement officer", 11),
    "mediator": ("调解员", "mediator", 12),
    "medical-worker": ("医务工作者", "medical worker", 13),
    "volunteer": ("志愿者", "volunteer", 14),
}


def ensure_roles(connection: sa.Connection) -> None:
    """Store the roles of the glossary where they are missing; what a user changed stays."""
    rows = [
        {"key": key, "name": name, "name_en": name_en, "rank": rank}
        for key, (name, name_en, rank) in ROLES.items()
    ]
    connection.execute(insert(tables.role).on_conflict_do_nothing(), rows)


def insert_households(
    connection: sa.Connection, place: str, households: Sequence[tuple[int, str]]
) -> list[int]:
    """Store points of households, each of a building's id and a code; give their ids."""
    ids: list[int] = reserve_ids(connection, "household_point", len(households)).tolist()
    copy_rows(
        connection,
        "household_point",
        ("id", "place", "building_id", "code"),
        ((number, place, *household) for number, household in zip(ids, households, strict=True)),
    )
    return ids


def insert_household(connection: sa.Connection, place: str, building_id: int) -> int:
    """Store a household at a building under the next free number; give its id.

    Raises
    ------
    NotFound
        The place has no such building.
    """
    # The building is locked, so that two households cannot take one number.
    building = connection.execute(
        sa.text("SELECT code FROM building WHERE id = :id AND place = :place FOR NO KEY UPDATE"),
        {"id": building_id, "place": place},
    ).one_or_none()
    if building is None:
        raise NotFound(f"{place} has no building {building_id}")
    return int(
        connection.execute(
            sa.text("""
                INSERT INTO household_point (place, building_id, code)
                SELECT :place, :building, :prefix || '-H' || (
                  SELECT count(*) + 1 FROM household_point WHERE building_id = :building)
                RETURNING id
            """),
            {
                "place": place,
                "building": building_id,
                "prefix": building.code or f"B{building_id}",
            },
        ).scalar_one()
    )


def insert_assignments(connection: sa.Connection, rows: Iterable[Sequence[Any]]) -> None:
    """Store assignments: staff id, role, six targets (all but one None), link, full time."""
    copy_rows(
        connection,
        "assignment",
        (
            "staff_id", "role", "grid_id", "building_id", "unit_id", "street_id",
            "resource_point_id", "household_point_id", "link", "full_time",
        ),
        rows,
    )  # fmt: skip


def write_absence(
    connection: sa.Connection, staff_id: int, begins: datetime | None, ends: datetime | None
) -> None:
    """Let somebody be absent in a time; without a beginning, present again."""
    absent: Range[datetime] | None = None if begins is None else Range(begins, ends)
    connection.execute(
        sa.update(tables.staff).where(tables.staff.c.id == staff_id).values(absent=absent)
    )
