"""Incidents as arrays: a million of them in half a second.

The server glues the binary form of its values together, one text of bytes for each month's
partition, so that numpy reads them with one stride: COPY would give a million small messages, and
each of them costs Python more than the server needs for the row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import psycopg
import sqlalchemy as sa
from numpy.typing import NDArray
from psycopg import sql

_ROW = np.dtype([("lon", ">f8"), ("lat", ">f8"), ("at", ">i8"), ("id", ">i8")])
_POSTGRES_EPOCH_S = datetime(2000, 1, 1, tzinfo=UTC).timestamp()  # its clock counts from there


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
        "SELECT string_agg(float8send(ST_X(geom)) || float8send(ST_Y(geom)) "
        "|| timestamptz_send(reported_at) || int8send(id), ''::bytea) "
        "FROM incident WHERE {} GROUP BY tableoid"
    ).format(sql.SQL(" AND ").join(conditions))
    raw: Any = connection.connection.driver_connection
    if not isinstance(raw, psycopg.Connection):
        raise TypeError("reading bytes as they are needs a connection of psycopg")
    with raw.cursor(binary=True) as cursor:
        cursor.execute(question)
        rows = np.frombuffer(b"".join(row[0] for row in cursor), dtype=_ROW)
    ids = rows["id"].astype(np.int64)
    order = np.argsort(ids, kind="stable")
    lon, lat = (rows[name].astype(np.float64)[order] for name in ("lon", "lat"))
    at = rows["at"].astype(np.int64)[order] / 1e6 + _POSTGRES_EPOCH_S
    return IncidentPoints(lon, lat, at, ids[order])


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
