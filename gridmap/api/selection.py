"""The parameters of a page of features, read as OGC API – Features defines them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, get_args

from gridmap.api.deps import (
    Parameters,
    parse_day,
    parse_instant,
    parse_integer,
    parse_number,
)
from gridmap.model import Layer, Property, PropertyType
from gridmap.store.features import Box, Crs, Selection
from gridmap.store.layers import is_dated

Period = tuple[datetime | None, datetime | None]
Days = tuple[date | None, date | None]

DEFAULT_LIMIT = 100
MOST = 10_000

_OGC = "http://www.opengis.net/def/crs"
CRS_URIS: dict[Crs, str] = {
    "CRS84": f"{_OGC}/OGC/1.3/CRS84",
    "4326": f"{_OGC}/EPSG/0/4326",
    "4490": f"{_OGC}/EPSG/0/4490",
    "3857": f"{_OGC}/EPSG/0/3857",
}
_EARTH_M = 6378137.0  # the sphere of EPSG:3857
_MERCATOR_EDGE_M = math.pi * _EARTH_M
CURSOR_PATTERN = r"^after-[0-9]{1,18}$"
_LIMIT = re.compile(r"[0-9]{1,100}")
_CURSOR = re.compile(CURSOR_PATTERN)


_ALWAYS: Period = (None, None)


@dataclass(frozen=True)
class PageQuery:
    """One request for a page."""

    selection: Selection
    after: int
    limit: int
    crs: Crs
    hits_only: bool


def read_page_query(parameters: Parameters, layer: Layer) -> PageQuery:
    """Read all parameters of a page of a layer.

    Raises
    ------
    InvalidQuery
        One is unknown or cannot be used.
    """
    take_format(parameters)
    limit = parameters.take("limit", parse_limit, DEFAULT_LIMIT)
    bbox_crs = take_crs(parameters, "bbox-crs")
    boxes: tuple[Box, ...] = parameters.take("bbox", lambda value: parse_bbox(value, bbox_crs), ())
    during, days = _ALWAYS, None
    if is_dated(layer):
        days = parameters.take("datetime", parse_days, None)
    else:
        during = parameters.take("datetime", parse_interval, _ALWAYS)
    after = parameters.take("cursor", parse_cursor, 0)
    hits_only = parameters.choice("resultType", ("results", "hits"), "results") == "hits"
    crs = take_crs(parameters, "crs")
    equal = []
    for item in layer.properties:
        value = parameters.take(item.name, _parser(item), None)
        if value is not None:
            equal.append((item, value))
    parameters.finish()
    selection = Selection(boxes, during, tuple(equal), days)
    return PageQuery(selection, after, limit, crs, hits_only)


def take_format(parameters: Parameters) -> None:
    """Take `f`: everything here is JSON."""
    parameters.choice("f", ("json",), "json")


def take_crs(parameters: Parameters, name: str) -> Crs:
    """Take a coordinate reference system by its URI."""

    def parse(value: str) -> Crs:
        for crs in get_args(Crs):
            if CRS_URIS[crs] == value:
                found: Crs = crs
                return found
        raise ValueError(f"not one of {', '.join(CRS_URIS.values())}")

    return parameters.take(name, parse, "CRS84")


def _parser(item: Property) -> Callable[[str], Any]:
    parsers: dict[PropertyType, Callable[[str], Any]] = {
        "string": str,
        "array": str,
        "integer": parse_integer,
        "number": parse_number,
        "boolean": _parse_boolean,
        "datetime": parse_instant,
    }
    return parsers[item.type]


def _parse_boolean(value: str) -> bool:
    if value not in {"true", "false"}:
        raise ValueError("neither true nor false")
    return value == "true"


def parse_limit(value: str) -> int:
    """Read how many features at most; more than a page can have is a whole page (7.15.2, C)."""
    if not _LIMIT.fullmatch(value) or int(value) == 0:
        raise ValueError("not a whole number from 1")
    return min(int(value), MOST)


def parse_bbox(value: str, crs: Crs = "CRS84") -> tuple[Box, ...]:
    """Read a window of four numbers, or of six with heights, which nothing here has.

    In geographic systems a west side east of the east side is a window across the antimeridian
    (7.15.3 of Part 1): it comes back as two boxes in degrees.
    """
    parts = value.split(",")
    if len(parts) not in {4, 6}:
        raise ValueError("not four numbers (west, south, east, north), nor six with heights")
    numbers = [parse_number(part.strip()) for part in parts]
    if len(numbers) == 6:
        if numbers[2] > numbers[5]:
            raise ValueError("the lowest height is above the highest one")
        del numbers[5], numbers[2]
    if crs in {"4326", "4490"}:
        south, west, north, east = numbers
    else:
        west, south, east, north = numbers
    if crs == "3857":
        west, south, east, north = _from_mercator(west, south, east, north)
    if not (-180 <= west <= 180 and -180 <= east <= 180):
        raise ValueError("a longitude is not from -180 to 180")
    if not (-90 <= south <= 90 and -90 <= north <= 90):
        raise ValueError("a latitude is not from -90 to 90")
    if south > north:
        raise ValueError("the south side is north of the north side")
    if west > east:
        return (west, south, 180.0, north), (-180.0, south, east, north)
    return ((west, south, east, north),)


def _from_mercator(west: float, south: float, east: float, north: float) -> Box:
    if max(abs(west), abs(south), abs(east), abs(north)) > _MERCATOR_EDGE_M + 1:
        raise ValueError("a coordinate is beyond the edge of EPSG:3857")
    if west > east:
        raise ValueError("the west side is east of the east side")

    def longitude(x: float) -> float:
        return max(-180.0, min(180.0, math.degrees(x / _EARTH_M)))

    def latitude(y: float) -> float:
        return math.degrees(math.atan(math.sinh(y / _EARTH_M)))

    return longitude(west), latitude(south), longitude(east), latitude(north)


def parse_interval(value: str) -> Period:
    """Read an instant, or two with a slash between, of which one may be open (`..` or empty)."""
    first, slash, last = value.partition("/")
    if not slash:
        instant = parse_instant(first)
        return instant, instant
    start = None if first in {"", ".."} else parse_instant(first)
    end = None if last in {"", ".."} else parse_instant(last)
    if start is None and end is None:
        raise ValueError("open at both ends")
    if start is not None and end is not None and start > end:
        raise ValueError("ends before it begins")
    return start, end


def parse_days(value: str) -> Days:
    """Read a day, or two with a slash between, as days or date-times: the written day counts."""
    first, slash, last = value.partition("/")
    if not slash:
        day = parse_day(first)
        return day, day
    start = None if first in {"", ".."} else parse_day(first)
    end = None if last in {"", ".."} else parse_day(last)
    if start is None and end is None:
        raise ValueError("open at both ends")
    if start is not None and end is not None and start > end:
        raise ValueError("ends before it begins")
    return start, end


def make_cursor(last: int) -> str:
    """Make the mark of a page that begins after feature `last`."""
    return f"after-{last}"


def parse_cursor(value: str) -> int:
    """Read a mark of `make_cursor`."""
    if not _CURSOR.fullmatch(value):
        raise ValueError("not a cursor of a next link")
    return int(value.removeprefix("after-"))
