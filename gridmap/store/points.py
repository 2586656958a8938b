"""Incidents as arrays: a million of them in about a second.

Rows of a query whose columns are all of one width come over COPY's binary form with one stride, so
that numpy reads the whole stream without a loop.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import psycopg
import sqlalchemy as sa
from numpy.typing import NDArray
from psycopg import sql

_HEADER = 19  # signature, flags, length of the extension
_ROW = np.dtype(
    [
        ("columns", ">i2"),
        ("w1", ">i4"), ("lon", ">f8"),
        ("w2", ">i4"), ("lat", ">f8"),
        ("w3", ">i4"), ("at", ">f8"),
        ("w4", ">i4"), ("id", ">i8"),
    ]
)  # fmt: skip


@dataclass(frozen=True)
class IncidentPoints:
    """Where and when: degrees, seconds since 1970 (UTC), and ids, one row an incident."""

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    at: NDArray[np.float64]
    id: NDArray[np.int64]


def read_incidents(
    connection: sa.Connection,
    place: str,
    begins: datetime,
    ends: datetime,
    *,
    categories: tuple[str, ...] = (),
    channels: tuple[str, ...] = (),
    least_severity: int = 1,
) -> IncidentPoints:
    """Incidents of a place that were reported in a half-open window, ordered by id."""
    conditions = [
        sql.SQL("place = {}").format(sql.Literal(place)),
        sql.SQL("reported_at >= {}").format(sql.Literal(begins)),
        sql.SQL("reported_at < {}").format(sql.Literal(ends)),
        sql.SQL("severity >= {}").format(sql.Literal(least_severity)),
    ]
    for column, wanted in (("category", categories), ("channel", channels)):
        if wanted:
            conditions.append(
                sql.SQL("{} = ANY({})").format(sql.Identifier(column), sql.Literal(list(wanted)))
            )
    question = sql.SQL(
        "COPY (SELECT ST_X(geom), ST_Y(geom), extract(epoch FROM reported_at)::float8, id "
        "FROM incident WHERE {} ORDER BY id) TO STDOUT (FORMAT binary)"
    ).format(sql.SQL(" AND ").join(conditions))
    raw: Any = connection.connection.driver_connection
    if not isinstance(raw, psycopg.Connection):
        raise TypeError("COPY needs a connection of psycopg")
    with raw.cursor() as cursor, cursor.copy(question) as stream:
        data = b"".join(bytes(block) for block in stream)
    count = (len(data) - _HEADER - 2) // _ROW.itemsize
    rows = np.frombuffer(data, dtype=_ROW, offset=_HEADER, count=count)
    lon, lat, at = (np.ascontiguousarray(rows[name], np.float64) for name in ("lon", "lat", "at"))
    return IncidentPoints(lon, lat, at, np.ascontiguousarray(rows["id"], np.int64))


def read_ground(connection: sa.Connection, place: str) -> bytes | None:
    """The ground of a place as WKB in degrees: its territories together."""
    found = connection.scalar(
        sa.text("SELECT ST_AsBinary(ST_Union(geom)) FROM territory WHERE place = :place"),
        {"place": place},
    )
    return None if found is None else bytes(found)


def read_revision(connection: sa.Connection) -> int:
    """The revision of the incidents: another one, another answer."""
    return int(
        connection.execute(
            sa.text("SELECT revision FROM layer_revision WHERE source = 'incident'")
        ).scalar_one()
    )
