"""Rows in the binary form of COPY, packed column by column without a connection.

https://www.postgresql.org/docs/15/sql-copy.html, "Binary Format": a row is the number of its
fields, a field the length of its value and the value, all big-endian. It is less work than the text
form for who sends and who receives: no geometry in hexadecimal digits, nothing escaped.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import repeat
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
import sqlalchemy as sa
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import JSONB

from gridmap.errors import InvalidInput

SRID = 4326
NULL = (-1).to_bytes(4, "big", signed=True)
# What a stream of rows begins and ends with: signature, no flags, no extension; no further field.
BEGIN = b"PGCOPY\n\xff\r\n\0" + bytes(8)
END = (-1).to_bytes(2, "big", signed=True)

# EWKB: the highest byte of the type has the flag that the SRID follows.
_SRID = b"\x20" + SRID.to_bytes(4, "little")


@dataclass(frozen=True)
class Whole:
    """A multi-geometry of one part: what is written before that part, and the part's type."""

    head: bytes
    part: int


def _of_one(number: int, part: int) -> Whole:
    return Whole(b"\1" + number.to_bytes(3, "little") + _SRID + b"\1\0\0\0", part)


_WHOLES = {
    "MULTIPOINT": _of_one(4, 1),
    "MULTILINESTRING": _of_one(5, 2),
    "MULTIPOLYGON": _of_one(6, 3),
}
_LENGTHS = [length.to_bytes(4, "big") for length in range(4096)]
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_TEXT_OID = 25
_ARRAY_HEAD = struct.Struct(">iiIii")
_INTEGERS = {sa.SmallInteger: 2, sa.BigInteger: 8}

Pack = Callable[[Any], bytes]


def pack_rows(table: sa.Table, columns: Mapping[str, Any], count: int) -> list[bytes]:
    """Pack `count` rows that are given by column.

    Parameters
    ----------
    table
        Whose columns they are.
    columns
        Name of a column → a list or array of `count` values, or one value for all rows. Values are
        as Python has them: texts, numbers, datetimes with a zone, lists of texts, anything that
        JSON can hold for `jsonb`, None for NULL; geometries of shapely (longitude, latitude; a
        single one also for a column of multi-geometries) or their WKB, little-endian and plane.

    Returns
    -------
    list
        The fields of each row, without their number: rows that were packed apart are put together
        by adding them.

    Raises
    ------
    InvalidInput
        A text that no database can hold (NUL, a lone surrogate), or a value that JSON cannot.
    """
    packed = [_column(table.c[name], values, count) for name, values in columns.items()]
    return list(map(b"".join, zip(*packed, strict=False)))


def _column(column: sa.Column[Any], values: Any, count: int) -> Iterable[bytes]:
    if values is None:
        return repeat(NULL, count)
    if isinstance(values, np.ndarray | list) and len(values) != count:
        raise ValueError(f"{column.name}: {len(values)} values for {count} rows")
    if isinstance(column.type, Geometry):
        if not isinstance(values, np.ndarray):
            values = np.array([values] * count, dtype=object)
        return _geometries(values, _WHOLES.get(_kind(column)))
    pack, is_hashable = _packer(column.type)
    if isinstance(values, np.ndarray):
        values = values.tolist()
    if not isinstance(values, list):
        return repeat(_sized(pack(values)), count)
    if not is_hashable:
        return [NULL if value is None else _sized(pack(value)) for value in values]
    # A value is packed once, however often it occurs.
    distinct = set(values)
    if len(distinct) == len(values) and None not in distinct:
        return _texts_of(values) if pack is _text else [_sized(pack(value)) for value in values]
    table = {value: _sized(pack(value)) for value in distinct if value is not None}
    table[None] = NULL
    return [table[value] for value in values]


def _sized(value: bytes) -> bytes:
    length = len(value)
    return (_LENGTHS[length] if length < len(_LENGTHS) else length.to_bytes(4, "big")) + value


def _packer(kind: sa.types.TypeEngine[Any]) -> tuple[Pack, bool]:
    """What packs a value of a type, and whether such values are hashable."""
    if isinstance(kind, sa.Integer):
        size = next((size for type_, size in _INTEGERS.items() if isinstance(kind, type_)), 4)
        return lambda value: int(value).to_bytes(size, "big", signed=True), True
    for type_, pack, is_hashable in _PACKERS:
        if isinstance(kind, type_):
            return pack, is_hashable
    raise TypeError(f"Values of {kind} are not packed")


def _text(value: str) -> bytes:
    try:
        text = value.encode()
    except UnicodeEncodeError as error:
        raise InvalidInput(
            "A text holds half of a surrogate pair, which is no character"
        ) from error
    if 0 in text:
        raise InvalidInput("A text holds the character NUL, which no database can store")
    return text


def _texts_of(values: list[str]) -> list[bytes]:
    """Many texts, no NULL among them; one that is none is named as `_text` does."""
    try:
        texts = list(map(str.encode, values))
    except UnicodeEncodeError:
        return [_sized(_text(value)) for value in values]
    if 0 in b"".join(texts) or max(map(len, texts)) >= len(_LENGTHS):
        return [_sized(_text(value)) for value in values]
    return [_LENGTHS[len(text)] + text for text in texts]


def _json(value: Any) -> bytes:
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    except ValueError as error:
        raise InvalidInput(f"A value cannot be written as JSON: {error}") from error
    return b"\1" + _text(text)  # the version of jsonb's form


def _texts(values: Iterable[str]) -> bytes:
    items = [_sized(_text(value)) for value in values]
    if not items:
        return _ARRAY_HEAD.pack(0, 0, _TEXT_OID, 0, 0)[:12]
    # Dimensions, no NULLs, type of the elements, how many there are, number of the first.
    return _ARRAY_HEAD.pack(1, 0, _TEXT_OID, len(items), 1) + b"".join(items)


def _time(value: datetime) -> bytes:
    if value.tzinfo is None:
        raise ValueError(f"{value} has no time zone")
    since = (value - _EPOCH) // timedelta(microseconds=1)
    return since.to_bytes(8, "big", signed=True)


_PACKERS: tuple[tuple[type, Pack, bool], ...] = (
    (JSONB, _json, False),
    (sa.ARRAY, _texts, False),
    (sa.DateTime, _time, True),
    (sa.Boolean, lambda value: b"\1" if value else b"\0", True),
    (sa.Float, struct.Struct(">d").pack, True),
    (sa.Text, _text, True),
)


def _geometries(values: npt.NDArray[Any], whole: Whole | None) -> list[bytes]:
    wkb = values.tolist()
    if {*map(type, wkb)} != {bytes}:
        shapes = [value for value in wkb if not isinstance(value, bytes)]
        written = iter(shapely.to_wkb(np.array(shapes, dtype=object), byte_order=1).tolist())
        wkb = [value if isinstance(value, bytes) else next(written) for value in wkb]
    if whole is None:
        return [NULL if blob is None else _sized(_with_srid(blob)) for blob in wkb]
    # The heads of what has the same length are equal.
    lengths = {len(blob) for blob in wkb if blob is not None}
    heads = {n: (n + len(whole.head)).to_bytes(4, "big") + whole.head for n in lengths}
    return [
        NULL
        if blob is None
        else heads[len(blob)] + blob
        if blob[1] == whole.part
        else _sized(_with_srid(blob))
        for blob in wkb
    ]


def write_ewkb(geometry: Any, column: sa.Column[Any]) -> bytes:
    """One geometry as a column takes it: flag and SRID are set in its WKB, which costs little."""
    wkb: bytes = shapely.to_wkb(geometry, byte_order=1)
    whole = _WHOLES.get(_kind(column))
    return whole.head + wkb if whole and wkb[1] == whole.part else _with_srid(wkb)


def _kind(column: sa.Column[Any]) -> str:
    assert isinstance(column.type, Geometry)
    return str(column.type.geometry_type).upper()


def _with_srid(wkb: bytes) -> bytes:
    return wkb[:4] + _SRID + wkb[5:]
