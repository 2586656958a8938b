"""Incidents as they leave the database: rows of a month, read in the form of COPY."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import sql

from gridmap.errors import NotFound
from gridmap.store import points

COLUMNS = (
    "id",
    "code",
    "reported_at",
    "closed_at",
    "category",
    "severity",
    "channel",
    "state",
    "lon",
    "lat",
)
_ROWS = """
COPY (
  SELECT id, code, (extract(epoch FROM reported_at) * 1000000)::bigint,
         (extract(epoch FROM closed_at) * 1000000)::bigint,
         category, severity, channel, state, ST_X(geom), ST_Y(geom)
  FROM incident
  WHERE place = {place} AND reported_at >= {begins} AND reported_at < {ends}
  ORDER BY id
) TO STDOUT (FORMAT csv)
"""


@dataclass(frozen=True)
class PlaceRecord:
    """A place whose incidents are exported; `ground` is WKB in degrees, or None."""

    key: str
    name: str
    meridian: int
    time_zone: str
    ground: bytes | None
    first: datetime | None
    last: datetime | None


def read_places(connection: sa.Connection, keys: tuple[str, ...] = ()) -> list[PlaceRecord]:
    """Places with the times of their first and last incident, ordered by key; all by default.

    Raises
    ------
    NotFound
        No such place.
    """
    rows = connection.execute(
        sa.text(
            "SELECT key, name, meridian, time_zone FROM place "
            "WHERE :all OR key = ANY(:keys) ORDER BY key"
        ),
        {"all": not keys, "keys": list(keys)},
    ).all()
    missing = set(keys) - {row.key for row in rows}
    if missing:
        raise NotFound(f"There is no place {', '.join(sorted(missing))}")
    made = []
    for row in rows:
        first, last = connection.execute(
            sa.text("SELECT min(reported_at), max(reported_at) FROM incident WHERE place = :key"),
            {"key": row.key},
        ).one()
        ground = points.read_ground(connection, row.key)
        made.append(
            PlaceRecord(row.key, row.name, row.meridian, row.time_zone, ground, first, last)
        )
    return made


def read_rows(connection: sa.Connection, place: str, begins: datetime, ends: datetime) -> bytes:
    """Incidents of a half-open window as CSV without a header, in the order of `COLUMNS`.

    Times are microseconds since 1970 (UTC); numbers have the digits that give them back exactly.
    """
    question = sql.SQL(_ROWS).format(
        place=sql.Literal(place), begins=sql.Literal(begins), ends=sql.Literal(ends)
    )
    raw: Any = connection.connection.driver_connection
    if not isinstance(raw, psycopg.Connection):
        raise TypeError("COPY needs a connection of psycopg")
    with raw.cursor() as cursor, cursor.copy(question) as stream:
        return b"".join(bytes(block) for block in stream)
