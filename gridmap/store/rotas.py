"""Weekly rotas of patrols: a cycle of weeks, its turns, and who stands in on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from gridmap.errors import Conflict, NotFound
from gridmap.store import tables


def insert_rota(
    connection: sa.Connection,
    *,
    place: str,
    name: str,
    begins: date,
    until: date | None,
    hours: tuple[time, time],
    turns: Sequence[tuple[int, int, str]],
) -> int:
    """Store a rota and its turns: week of the cycle from 0, weekday from 1, team.

    `begins` is a Monday, `until` the first day after it.

    Raises
    ------
    Conflict
        The place has a rota of this name.
    """
    rota = tables.rota
    taken = sa.select(rota.c.id).where(rota.c.place == place, rota.c.name == name)
    if connection.scalar(taken) is not None:
        raise Conflict(f"There is a rota named {name}", hint="Give it another name.")
    number = connection.execute(
        sa.insert(rota)
        .values(
            place=place,
            name=name,
            begins=begins,
            until=until,
            weeks=max(week for week, _, _ in turns) + 1,
            from_time=hours[0],
            to_time=hours[1],
        )
        .returning(rota.c.id)
    ).scalar_one()
    connection.execute(
        sa.insert(tables.rota_turn),
        [
            {"rota_id": number, "week": week, "weekday": weekday, "team": team}
            for week, weekday, team in turns
        ],
    )
    return int(number)


def read_rotas(
    connection: sa.Connection, *, place: str | None = None, rota_id: int | None = None
) -> list[dict[str, Any]]:
    """Rotas with their turns and with who stands in on which day."""
    rota, turn, swap = tables.rota, tables.rota_turn, tables.rota_swap
    question = sa.select(rota).order_by(rota.c.begins, rota.c.id)
    if place is not None:
        question = question.where(rota.c.place == place)
    if rota_id is not None:
        question = question.where(rota.c.id == rota_id)
    found = [row._asdict() for row in connection.execute(question)]
    ids = [item["id"] for item in found]
    turns = connection.execute(
        sa.select(turn)
        .where(turn.c.rota_id.in_(ids))
        .order_by(turn.c.week, turn.c.weekday, turn.c.team)
    ).all()
    swaps = connection.execute(
        sa.select(swap).where(swap.c.rota_id.in_(ids)).order_by(swap.c.day, swap.c.team)
    ).all()
    for item in found:
        del item["updated_at"]
        item["turns"] = [
            {"week": row.week, "weekday": row.weekday, "team": row.team}
            for row in turns
            if row.rota_id == item["id"]
        ]
        item["swaps"] = [
            {"day": row.day, "team": row.team, "instead": row.instead}
            for row in swaps
            if row.rota_id == item["id"]
        ]
    return found


def lock_rota(
    connection: sa.Connection, rota_id: int, revision: int | None = None
) -> dict[str, Any]:
    """A rota as it is, kept from others until the end of the transaction.

    Raises
    ------
    NotFound
        No such rota.
    Conflict
        Its revision is another one.
    """
    connection.execute(
        sa.select(tables.rota.c.id).where(tables.rota.c.id == rota_id).with_for_update()
    )
    found = read_rotas(connection, rota_id=rota_id)
    if not found:
        raise NotFound(f"There is no rota {rota_id}")
    if revision is not None and found[0]["revision"] != revision:
        raise Conflict(
            f"The rota was changed meanwhile; its revision is {found[0]['revision']} now",
            hint="Look at the new one and change it again.",
        )
    return found[0]


def write_swap(
    connection: sa.Connection, rota_id: int, *, day: date, team: str, instead: str | None
) -> None:
    """Let a team stand in for another on a day; None takes that back."""
    swap, rota = tables.rota_swap, tables.rota
    if instead is None:
        connection.execute(
            sa.delete(swap).where(swap.c.rota_id == rota_id, swap.c.day == day, swap.c.team == team)
        )
    else:
        connection.execute(
            insert(swap)
            .values(rota_id=rota_id, day=day, team=team, instead=instead)
            .on_conflict_do_update(
                index_elements=["rota_id", "day", "team"], set_={"instead": instead}
            )
        )
    connection.execute(
        sa.update(rota)
        .where(rota.c.id == rota_id)
        .values(revision=rota.c.revision + 1, updated_at=sa.func.now())
    )


def delete_rota(connection: sa.Connection, rota_id: int) -> None:
    """Delete a rota."""
    connection.execute(sa.delete(tables.rota).where(tables.rota.c.id == rota_id))
