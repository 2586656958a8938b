"""Vector tiles, drawn by the database: one statement for one layer of one tile.

Every statement gives the revision of the layer's table together with the bytes, so both come from
one snapshot and bytes can never be kept under a revision that they do not show. Geometry comes from
the stored web-mercator column; rows are found by the index of `geom`.

The statements are written for *generic* plans: values that hold for a whole tile
stand in scalar subqueries, which are computed once and not for each row, and planning is free.
"""

from __future__ import annotations

import hashlib
import math
from contextlib import AbstractAsyncContextManager
from datetime import date
from functools import cache
from typing import NamedTuple

from gridmap.errors import NotFound, Unavailable
from gridmap.model import Layer, Property
from gridmap.store import database
from gridmap.store.connections import Connections, borrowed
from gridmap.store.layers import LAYERS, condition_on, is_dated
from gridmap.store.zooms import BUFFER, CLUSTERS, DEEPEST, EXTENT, SQUARES, ZOOMS

WORLD_M = 40_075_016.685578488  # the side of the web-mercator square
_SQUARE_ZOOM = 20  # `square` counts in 2^20 × 2^20 squares of the world

# Properties that a request may filter by; only grids have them all. `at` is the day whose plans are
# drawn instead of today's, and means nothing to layers without a period.
FILTERS: dict[str, type[str | int | date]] = {
    "place": str, "network": str, "level": int, "at": date,
}  # fmt: skip

Chosen = tuple[tuple[str, str | int | date], ...]
Bounds = tuple[float, float, float, float]


class Tile(NamedTuple):
    """Zoom, column from the west, row from the north."""

    zoom: int
    column: int
    row: int

    def bounds(self) -> Bounds:
        """West, south, east and north in degrees, with the buffer around."""
        margin = BUFFER / EXTENT
        size = 1 << self.zoom
        west = (self.column - margin) / size * 360 - 180
        east = (self.column + 1 + margin) / size * 360 - 180
        return (
            west,
            _latitude((self.row + 1 + margin) / size),
            east,
            _latitude((self.row - margin) / size),
        )


def _latitude(down: float) -> float:
    """The latitude in degrees at a share of the world's height, from the north."""
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * down))))


class Drawn(NamedTuple):
    """One layer of one tile as it is at a revision, on a day (of UTC, counted from 2000-01-01)."""

    revision: int
    day: int
    mvt: bytes


class Survey(NamedTuple):
    """What layers hold as a whole.

    Parameters
    ----------
    bounds
        West, south, east and north in degrees; None when they are empty.
    credits
        What the licences of imported sources want to be shown, such as "© OpenStreetMap".
    """

    bounds: Bounds | None
    credits: tuple[str, ...]


def check(tile: Tile) -> Tile:
    """Give back a tile that exists.

    Raises
    ------
    NotFound
        The zoom is beyond the deepest one, or the column or row beyond the world's edge.
    """
    if not 0 <= tile.zoom <= DEEPEST:
        raise NotFound(f"There is no zoom {tile.zoom}", hint=f"Zooms go from 0 to {DEEPEST}.")
    last = (1 << tile.zoom) - 1
    if not (0 <= tile.column <= last and 0 <= tile.row <= last):
        raise NotFound(
            f"There is no tile {tile.zoom}/{tile.column}/{tile.row}",
            hint=f"At zoom {tile.zoom} columns and rows go from 0 to {last}.",
        )
    return tile


def open_connections(url: str, *, size: int = 4) -> AbstractAsyncContextManager[Connections]:
    """Open the connections that draw tiles, with generic plans only.

    A few more than the database has processors are enough: drawing is computing, and more would
    only wait there instead of here.
    """
    settings = {
        "plan_cache_mode": "force_generic_plan",
        # Rows are counted by hashing; the planner would sort them, because it cannot guess groups.
        "enable_sort": "off",
    }
    return borrowed(database.open_pool(url, size=size, settings=settings), size=size)


async def draw(connections: Connections, layer: Layer, tile: Tile, chosen: Chosen = ()) -> Drawn:
    """Draw one layer of one tile, of the rows whose properties have the chosen values.

    Raises
    ------
    Unavailable
        The database does not answer in time.
    """
    chosen = tuple(item for item in chosen if item[0] != "at" or is_dated(layer))
    sql = statement(layer.name, tile.zoom, tuple(name for name, _ in chosen))
    values = [value for _, value in chosen]
    found = await connections.fetchrow(sql, *tile, *tile.bounds(), *values)
    if found is None:
        raise Unavailable(f"The database has no revision of the table {layer.table!r}")
    return Drawn(*found)


@cache  # at most layers × zooms × the eight combinations of filters
def statement(name: str, zoom: int, filters: tuple[str, ...] = ()) -> str:
    """Write the statement of a layer at a zoom.

    Its parameters: zoom, column, row; west, south, east, north in degrees; a value for each filter.
    """
    layer, zooms = LAYERS[name], ZOOMS[name]
    conditions = [layer.condition, zooms.condition(zoom)]
    for number, key in enumerate(filters, start=8):
        if key == "at":
            conditions[0] = _condition(layer, f"${number}")
            continue
        column = layer.property(key)
        if column is None:
            raise NotFound(f"The layer {name!r} has no property {key!r}")
        conditions.append(f"{column.column} = ${number}")
    condition = "".join(f" AND {item}" for item in conditions if item and item != "true")
    if zoom < zooms.first:
        drawing = _nothing()
    elif not zooms.is_merged(zoom):
        drawing = _each(layer, condition, small=zoom >= zooms.whole_from)
    elif zooms.merged_as == "squares":
        drawing = _squares(layer, condition, zoom, zooms.sums)
    else:
        drawing = _clusters(layer, condition, zoom)
    return (
        f"SELECT revision, current_date - DATE '2000-01-01', coalesce(({drawing}), ''::bytea)"
        f" FROM layer_revision WHERE source = '{layer.table}'"
    )


@cache
def fingerprint() -> str:
    """A short hash of how tiles are drawn: another program draws another tile of the same rows."""
    written = "".join(statement(name, zoom) for name in LAYERS for zoom in range(DEEPEST + 1))
    return hashlib.sha256(written.encode()).hexdigest()[:8]


_ENVELOPE = "(SELECT ST_TileEnvelope($1::int, $2::int, $3::int))"
_NEAR = "geom && (SELECT ST_MakeEnvelope($4::float8, $5::float8, $6::float8, $7::float8, 4326))"
_GEOMETRY = f"ST_AsMVTGeom(mercator, {_ENVELOPE}, {EXTENT}, {BUFFER}, true)"
# A pixel of 512 a tile, in metres of the projection.
_PIXEL = f"(SELECT {WORLD_M / 512} / (1 << $1::int))"
_VISIBLE = (
    f" AND (ST_XMax(mercator) - ST_XMin(mercator) >= {_PIXEL}"
    f" OR ST_YMax(mercator) - ST_YMin(mercator) >= {_PIXEL})"
)


def _column(item: Property, table: str = "") -> str:
    source = f"{table}{item.column}"
    if item.type == "datetime":  # a tile knows no times: seconds since 1970, UTC
        source = f"extract(epoch FROM {source})::bigint"
    return f"{source} AS {item.name}"


def _each(layer: Layer, condition: str, *, small: bool) -> str:
    columns = ", ".join(_column(item) for item in layer.properties if item.in_tiles)
    return (
        f"SELECT ST_AsMVT(t, '{layer.name}', {EXTENT}, 'geom', 'id') FROM ("
        f"SELECT id, {columns}, {_GEOMETRY} AS geom FROM {layer.table}"
        f" WHERE {_NEAR}{condition}{'' if small else _VISIBLE}) AS t"
    )


def _inside(zoom: int) -> str:
    """The condition that a row's square lies in the tile: one range of the index, and a filter."""
    up = _SQUARE_ZOOM - zoom
    return (
        f"square BETWEEN $3::bigint << {up + _SQUARE_ZOOM}"
        f" AND (($3::bigint + 1) << {up + _SQUARE_ZOOM}) - 1"
        f" AND (square & {2**_SQUARE_ZOOM - 1})::int >> {up} = $2::int"
        # Every parameter has its type in every statement.
        " AND $1::int IS NOT NULL AND $4::float8 <= $6::float8 AND $5::float8 <= $7::float8"
    )


def _squares(layer: Layer, condition: str, zoom: int, sums: tuple[str, ...]) -> str:
    """Polygons of the tile's own raster; the box is made in tile units, so nothing is clipped."""
    up = _SQUARE_ZOOM - zoom - int(math.log2(SQUARES))
    unit = EXTENT // SQUARES
    summed = "".join(f", sum({name}) AS {name}" for name in sums)
    names = "".join(f", {name}" for name in sums)
    return (
        f"SELECT ST_AsMVT(t, '{layer.name}', {EXTENT}, 'geom') FROM ("
        # Exterior rings run clockwise as they are seen, with rows counted downwards.
        f"SELECT count{names}, ST_ForcePolygonCCW(ST_MakeEnvelope(x, y, x + {unit}, y + {unit}))"
        " AS geom FROM ("
        f"SELECT count(*) AS count{summed},"
        f" (((square & {2**_SQUARE_ZOOM - 1})::int >> {up}) - $2::int * {SQUARES}) * {unit} AS x,"
        f" (((square >> {_SQUARE_ZOOM})::int >> {up}) - $3::int * {SQUARES}) * {unit} AS y"
        f" FROM {layer.table} WHERE {_inside(zoom)}{condition} GROUP BY x, y) AS s) AS t"
    )


def _clusters(layer: Layer, condition: str, zoom: int) -> str:
    """Points in the middle of what they count; what is alone is drawn as itself, with its id."""
    up = _SQUARE_ZOOM - zoom - int(math.log2(CLUSTERS))
    unit = EXTENT / 2 ** (_SQUARE_ZOOM - zoom)
    columns = ", ".join(_column(item, "one.") for item in layer.properties if item.in_tiles)
    east, south = f"(square & {2**_SQUARE_ZOOM - 1})::int", f"(square >> {_SQUARE_ZOOM})::int"

    def middle(total: str, start: str) -> str:
        return f"round(({total}::float8 / n + 0.5) * {unit} - {start}::float8 * {EXTENT})"

    return (
        f"SELECT ST_AsMVT(t, '{layer.name}', {EXTENT}, 'geom', 'id') FROM ("
        f"SELECT one.id, CASE WHEN n > 1 THEN n END AS count, {columns},"
        f" CASE WHEN one.id IS NOT NULL THEN {_GEOMETRY} ELSE"
        f" ST_MakePoint({middle('east', '$2')}, {middle('south', '$3')}) END AS geom FROM ("
        f"SELECT count(*) AS n, min(id) AS alone, sum({east}) AS east, sum({south}) AS south"
        f" FROM {layer.table} WHERE {_inside(zoom)}{condition}"
        f" GROUP BY {east} >> {up}, {south} >> {up}) AS c"
        f" LEFT JOIN {layer.table} AS one ON n = 1 AND one.id = alone) AS t"
    )


def _nothing() -> str:
    return (
        "SELECT NULL::bytea WHERE $1::int + $2::int + $3::int IS NULL"
        " OR $4::float8 + $5::float8 + $6::float8 + $7::float8 IS NULL"
    )


# Data of OpenStreetMap are under the ODbL, which wants its contributors to be named.
_CREDITS = """
    SELECT CASE report ->> 'format' WHEN 'OpenStreetMap' THEN '© OpenStreetMap contributors'
           ELSE report ->> 'attribution' END AS credit
    FROM import_run WHERE layer = ANY($1::text[])
"""


def _condition(layer: Layer, day: str | None) -> str:
    """The rows of a layer today, or on the day that a parameter names."""
    if day is None:
        return layer.condition or "true"
    return condition_on(layer, f"valid @> {day}::date")


async def survey(
    connections: Connections, layers: tuple[Layer, ...], chosen: Chosen = ()
) -> Survey:
    """Look over all rows of some layers whose properties have the chosen values.

    Raises
    ------
    Unavailable
        The database does not answer in time.
    """
    if not any(map(is_dated, layers)):
        chosen = tuple(item for item in chosen if item[0] != "at")
    numbered = {name: f"${number}" for number, (name, _) in enumerate(chosen, start=2)}
    day = numbered.pop("at", None)
    conditions = [f"{name} = {parameter}" for name, parameter in numbered.items()]
    parts = " UNION ALL ".join(
        f"SELECT ST_Extent(geom) AS box FROM {layer.table}"
        f" WHERE {' AND '.join([_condition(layer, day), *conditions])}"
        for layer in layers
    )
    found = await connections.fetchrow(
        "SELECT min(ST_XMin(box)), min(ST_YMin(box)), max(ST_XMax(box)), max(ST_YMax(box)),"
        f" (SELECT array_agg(DISTINCT credit) FROM ({_CREDITS}) AS runs WHERE credit <> '')"
        f" FROM ({parts}) AS boxes",
        [layer.name for layer in layers],
        *(value for _, value in chosen),
    )
    *box, credits_ = found
    return Survey(None if box[0] is None else tuple(box), tuple(credits_ or ()))
