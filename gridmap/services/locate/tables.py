"""A table of points as CSV: the same table comes back with its codes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from gridmap.errors import InvalidInput, TooLarge, UnreadableFile
from gridmap.geometry.datum import Datum
from gridmap.services.locate.batch import MOST_POINTS
from gridmap.services.locate.points import free_names, locate_good, why_not_a_point
from gridmap.store.database import Engine

# The first that is there counts; names are compared in lower case without blanks around.
LON_NAMES = ("lon", "lng", "long", "longitude", "x", "经度", "經度", "东经", "坐标x", "point_x")
LAT_NAMES = ("lat", "latitude", "y", "纬度", "緯度", "北纬", "坐标y", "point_y")
ENCODINGS = (
    "utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk", "gb2312", "big5", "windows-1252",
    "iso-8859-1", "us-ascii",
)  # fmt: skip
_DELIMITERS = ",;\t"
_MOST_COLUMNS = 1000
_LONGEST_LINE = 1_000_000
# A spreadsheet takes a cell that begins with one of these for a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class _Table:
    header: list[str]
    rows: list[list[str]]
    delimiter: str
    encoding: str


def locate_table(
    engine: Engine,
    body: bytes,
    *,
    charset: str | None = None,
    lon_column: str | None = None,
    lat_column: str | None = None,
    datum: Datum = "wgs84",
    network: str = "governance",
    day: date | None = None,
) -> tuple[bytes, str]:
    """Add the codes to a CSV file with a header.

    Rows and columns stay as they are and in their order; a row that has no usable point has the
    reason in the column `error`. Lines without anything are left out.

    Parameters
    ----------
    body
        The file; comma, semicolon or tab, as its header has it.
    charset
        Its encoding; without it UTF-8, or GB 18030 (which Excel in China writes) if it is no UTF-8.
    lon_column, lat_column
        Names of the columns; without them the usual names are looked for.

    Returns
    -------
    body, encoding
        The file in the encoding in which it came.

    Raises
    ------
    UnreadableFile
        Not in its encoding, or no CSV.
    InvalidInput
        No header, or no columns for longitude and latitude.
    TooLarge
        More than 100,000 rows.
    """
    table = _read(body, charset)
    lon_at = _find(table.header, lon_column, LON_NAMES, "longitude")
    lat_at = _find(table.header, lat_column, LAT_NAMES, "latitude")
    points = [_point(row, lon_at, lat_at, len(table.header)) for row in table.rows]
    located = locate_good(engine, points, datum=datum, network=network, day=day)
    return _write(table, located), table.encoding


def _read(body: bytes, charset: str | None) -> _Table:
    text, encoding = _decode(body, charset)
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(_lines(text), delimiter=delimiter, strict=True):
            if row:
                # What is too much shows as one value too much, and is not kept.
                rows.append(row[: len(rows[0]) + 1] if rows else row)
            if len(rows) > MOST_POINTS + 1:
                raise TooLarge(f"More than {MOST_POINTS:,} rows", hint="Send the file in parts.")
            if len(rows[0]) > _MOST_COLUMNS:
                raise TooLarge(f"More than {_MOST_COLUMNS:,} columns")
    except csv.Error as error:
        raise UnreadableFile(
            f"The CSV cannot be read after row {len(rows)}: {error}",
            hint="Most often a quotation mark is opened and not closed.",
        ) from error
    if not rows:
        raise InvalidInput("The CSV is empty", hint="The first line names the columns.")
    return _Table(rows[0], rows[1:], delimiter, encoding)


def _lines(text: str) -> Iterator[str]:
    for line in io.StringIO(text, newline=""):
        if len(line) > _LONGEST_LINE:
            raise TooLarge(f"A line of more than {_LONGEST_LINE:,} characters")
        yield line


def _decode(body: bytes, charset: str | None) -> tuple[str, str]:
    if charset:
        choices = [charset.lower()] if charset.lower() in ENCODINGS else []
    elif body.startswith((b"\xff\xfe", b"\xfe\xff")):
        choices = ["utf-16"]
    else:
        # What is read as GB 18030 is written as the same bytes, were it another encoding in truth.
        choices = ["utf-8-sig" if body.startswith(b"\xef\xbb\xbf") else "utf-8", "gb18030"]
    for encoding in choices:
        try:
            return body.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(
        f"The file cannot be read as {charset or ' or '.join(choices)}",
        hint=f"Name its encoding in Content-Type: text/csv; charset=… ({', '.join(ENCODINGS)}).",
    )


def _find(header: list[str], named: str | None, usual: tuple[str, ...], what: str) -> int:
    names = [name.strip().lower() for name in header]
    for wanted in (named.strip().lower(),) if named else usual:
        if wanted in names:
            return names.index(wanted)
    looked_for = repr(named) if named else ", ".join(usual)
    raise InvalidInput(
        f"The CSV has no column for the {what}; its columns are {', '.join(header)[:500]}",
        hint=f"Looked for: {looked_for}. Another one is named by lon_column= and lat_column=.",
    )


def _point(row: list[str], lon_at: int, lat_at: int, width: int) -> tuple[float, float] | str:
    if len(row) > width:
        return f"more than {width} values; those too many are left out"
    if len(row) <= max(lon_at, lat_at):
        return f"{len(row)} values for {width} columns"
    numbers = []
    for text in (row[lon_at].strip(), row[lat_at].strip()):
        if not text:
            return "a coordinate is empty"
        try:
            numbers.append(float(text.replace("_", "?")))  # Python would take 1_000
        except ValueError:
            return f"{text[:40]!r} is not a number"
    lon, lat = numbers
    return why_not_a_point(lon, lat) or (lon, lat)


def _write(table: _Table, located: list[tuple[Any, ...]]) -> bytes:
    width = len(table.header)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=table.delimiter)
    writer.writerow([*table.header, *free_names(set(table.header))])
    for row, added in zip(table.rows, located, strict=True):
        padding = [""] * (width - len(row))
        writer.writerow([*row[:width], *padding, *map(_cell, added)])
    return out.getvalue().encode(table.encoding, "replace")


def _cell(value: Any) -> Any:
    """Take the power of a formula from a text that we add; numbers are only numbers."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value
