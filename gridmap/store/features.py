"""Features of a layer as GeoJSON text, made by the database: pages, counts, single ones.

A page is found by its first id, never by an offset: the ten-thousandth page costs what the first
one does. Column names come from the registry of layers only, values are parameters only.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import asyncpg

from gridmap.model import Layer, Property, PropertyType
from gridmap.store import database
from gridmap.store.layers import condition_on, is_dated

Pool = asyncpg.Pool  # for the layers above, which do not know whose it is
Box = tuple[float, float, float, float]
Crs = Literal["CRS84", "4326", "4490", "3857"]

# The bounding boxes of `&&` and `@` have single precision: at 180° one step is 1.5e-5°. What lies
# inside by more than some steps needs no exact test, and that is nearly everything.
_INSIDE_DEG = 1e-4

_GEOMETRY: dict[Crs, str] = {
    "CRS84": "ST_AsGeoJSON(geom, 9, 0)",
    # In these two, latitude stands first (OGC API – Features Part 2, 7.1).
    "4326": "ST_AsGeoJSON(ST_FlipCoordinates(geom), 9, 0)",
    "4490": "ST_AsGeoJSON(ST_FlipCoordinates(geom), 9, 0)",
    "3857": "ST_AsGeoJSON(mercator, 3, 0)",
}

_CASTS: dict[PropertyType, str] = {
    "string": "text",
    "integer": "bigint",
    "number": "double precision",
    "boolean": "boolean",
    "datetime": "timestamptz",
    "array": "text",
}


@dataclass(frozen=True)
class Selection:
    """Which features of a layer: all conditions hold at once.

    Parameters
    ----------
    boxes
        West, south, east, north in degrees; a feature intersects one of them at least. Two boxes
        are one window across the antimeridian.
    during
        First and last instant, both included, of the layer's time, or of the last change where the
        layer has no time of its own; None is open.
    equal
        Properties and the values that they have; an array has the value among others.
    days
        For layers whose features have a period: first and last day, both included, on one of which
        a feature is valid; None is open. Without it, what is valid today.
    """

    boxes: tuple[Box, ...] = ()
    during: tuple[datetime | None, datetime | None] = (None, None)
    equal: tuple[tuple[Property, Any], ...] = ()
    days: tuple[date | None, date | None] | None = None


@dataclass(frozen=True)
class Version:
    """What a layer looked like: it changes with its table's revision, and some layers daily."""

    revision: int
    day: date | None


@asynccontextmanager
async def snapshot(pool: asyncpg.Pool) -> AsyncIterator[asyncpg.Connection]:
    """Read several statements from one state of the database.

    A plan that PostgreSQL keeps for any parameters takes the primary key for a window of the whole
    city and for a window of one house alike, 2,000 times too slow for one of them; so every
    statement is planned with its own values.
    """
    async with database.reading(pool) as connection:
        # By hand, because it is one round trip; `connection.transaction()` and a setting are two.
        await connection.execute(
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"
            " SET LOCAL plan_cache_mode = force_custom_plan;"
            # One page is not worth starting processes for, and there are other clients.
            " SET LOCAL max_parallel_workers_per_gather = 0"
        )
        try:
            yield connection
        finally:
            if not connection.is_closed():
                await connection.execute("ROLLBACK")


async def read_version(connection: asyncpg.Connection, layer: Layer) -> Version:
    """Read the version of a layer; equal versions have equal features."""
    row = await connection.fetchrow(
        "SELECT revision, current_date AS day FROM layer_revision WHERE source = $1", layer.table
    )
    return _version(layer, row)


async def read_page(
    connection: asyncpg.Connection,
    layer: Layer,
    selection: Selection,
    *,
    after: int,
    most: int,
    crs: Crs = "CRS84",
) -> list[tuple[int, str]]:
    """Read up to `most` features with ids above `after`, in the order of ids: id and GeoJSON."""
    values: list[Any] = []
    where = _where(layer, selection, values)
    if after > 0:
        values.append(after)
        where += f" AND id > ${len(values)}"
    values.append(most)
    rows = await connection.fetch(
        f"SELECT id, {_feature(crs)} AS feature"
        f" FROM (SELECT * FROM {layer.table} WHERE {where} ORDER BY id LIMIT ${len(values)}) AS t,"
        f" LATERAL (SELECT {_columns(layer)}) AS p ORDER BY id",
        *values,
    )
    return [(row[0], row[1]) for row in rows]


async def read_item(
    pool: asyncpg.Pool, layer: Layer, number: int, *, crs: Crs = "CRS84"
) -> tuple[Version, str | None]:
    """Read one feature by its id as GeoJSON, None when it is not there, and the layer's version.

    An id names a feature of one plan for ever, so it is found in the past too. One statement: it is
    one state of the database, and any plan for an id is a good one.
    """
    values: list[Any] = [number, layer.table]
    where = condition_on(layer, "valid IS NOT NULL")
    async with database.reading(pool) as connection:
        row = await connection.fetchrow(
            f"SELECT r.revision, current_date AS day, f.feature FROM layer_revision AS r"
            f" LEFT JOIN (SELECT {_feature(crs)} AS feature"
            f" FROM (SELECT * FROM {layer.table} WHERE id = $1 AND {where}) AS t,"
            f" LATERAL (SELECT {_columns(layer)}) AS p) AS f ON true WHERE r.source = $2",
            *values,
        )
    return _version(layer, row), row["feature"]


async def count(connection: asyncpg.Connection, layer: Layer, selection: Selection) -> int:
    """Count the features of a selection, exactly."""
    values: list[Any] = []
    where = _where(layer, selection, values)
    counted: int = await connection.fetchval(
        f"SELECT count(*) FROM {layer.table} WHERE {where}", *values
    )
    return counted


async def read_extent(
    connection: asyncpg.Connection, layer: Layer
) -> tuple[Box | None, tuple[datetime | None, datetime | None]]:
    """Read the bounding box of a layer (None when it is empty), and first and last of its time."""
    time = _time_column(layer)
    times = f"min({time}), max({time})" if layer.time else "NULL::timestamptz, NULL::timestamptz"
    where = _where(layer, Selection(), [])
    *box, first, last = await connection.fetchrow(
        "SELECT ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box), first, last FROM"
        f" (SELECT ST_Extent(geom), {times} FROM {layer.table} WHERE {where})"
        " AS t (box, first, last)"
    )
    west, south, east, north = box
    return (None if west is None else (west, south, east, north)), (first, last)


def _version(layer: Layer, row: asyncpg.Record) -> Version:
    return Version(row["revision"], row["day"] if layer.condition else None)


def _time_column(layer: Layer) -> str:
    found = layer.property(layer.time or "updated_at")
    assert found, "every layer has the time of its last change"
    return found.column


def _columns(layer: Layer) -> str:
    return ", ".join(f't.{item.column} AS "{item.name}"' for item in layer.properties)


def _feature(crs: Crs) -> str:
    """SQL of one GeoJSON feature."""
    geometry = _GEOMETRY[crs]
    return (
        """'{"type":"Feature","id":' || id || ',"geometry":' || coalesce("""
        f"""{geometry}, 'null') || ',"properties":' || row_to_json(p)::text || '}}'"""
    )


def _where(layer: Layer, selection: Selection, values: list[Any]) -> str:
    """SQL of a selection; its values are appended to `values`, whose places it names."""

    def place(value: Any, kind: str) -> str:
        values.append(value)
        return f"${len(values)}::{kind}"

    conditions = [f"({layer.condition})"] if layer.condition else []
    if selection.days is not None and is_dated(layer):
        ends = ", ".join(place(day, "date") for day in selection.days)
        in_force = f"valid && daterange({ends}, '[]')"
        conditions = [f"({condition_on(layer, in_force)})"]
    if selection.boxes:
        conditions.append(f"({' OR '.join(_touches(box, place) for box in selection.boxes)})")
    first, last = selection.during
    time = _time_column(layer)
    if first is not None:
        conditions.append(f"{time} >= {place(first, 'timestamptz')}")
    if last is not None:
        conditions.append(f"{time} <= {place(last, 'timestamptz')}")
    for item, value in selection.equal:
        wanted = place(value, _CASTS[item.type])
        conditions.append(
            f"{wanted} = ANY({item.column})"
            if item.type == "array"
            else f"{item.column} = {wanted}"
        )
    return " AND ".join(conditions) or "true"


def _touches(box: Box, place: Any) -> str:
    """SQL of a window: what certainly lies inside, and an exact test for the rest."""
    west, south, east, north = box
    corners = [place(side, "float8") for side in box]
    if west < east and south < north:
        envelope = f"ST_MakeEnvelope({', '.join(corners)}, 4326)"
    else:
        # A polygon without an area is not valid, and meets what it pleases.
        w, s, e, n = corners
        line = f"ST_MakeLine(ST_MakePoint({w}, {s}), ST_MakePoint({e}, {n}))"
        if (west, south) == (east, north):
            line = f"ST_PointN({line}, 1)"
        envelope = f"ST_SetSRID({line}, 4326)"
    inner = (
        west + _INSIDE_DEG, south + _INSIDE_DEG, east - _INSIDE_DEG, north - _INSIDE_DEG
    )  # fmt: skip
    exact = f"ST_Intersects(geom, {envelope})"
    if inner[0] < inner[2] and inner[1] < inner[3]:
        inside = f"ST_MakeEnvelope({', '.join(place(side, 'float8') for side in inner)}, 4326)"
        # "IS TRUE" keeps the planner from asking the index twice.
        exact = f"((geom @ {inside}) IS TRUE OR {exact})"
    return f"(geom && {envelope} AND {exact})"
