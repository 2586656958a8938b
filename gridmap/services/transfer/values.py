"""Reading the values of a column: texts, counts, numbers, times, codes, lists, words.

Each reader takes a column and gives a column of the same length, and for the indices that cannot
be read a reason. The usual column is good as it is, so each reader looks at the whole before it
looks at single values.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from typing import Any

import numpy as np
from numpy.typing import NDArray

Column = Sequence[Any] | NDArray[Any]
Faults = dict[int, str]
Read = tuple[list[Any], Faults]

MOST_CHARACTERS = 10_000
_MOST_COUNT = 2**31 - 1
_SURROGATE = re.compile("[\ud800-\udfff]")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．－，", "0123456789.-,")
_UNIT = re.compile(r"\s*(m|米|meters?|metres?|户|层|人|個|个|栋|㎡)\.?$", re.IGNORECASE)
_THOUSANDS = re.compile(r"^-?\d{1,3}(,\d{3})+(\.\d+)?$")
_CHINESE_TIME = re.compile(
    r"^(\d{4})年(\d{1,2})月(\d{1,2})日?\s*(?:(\d{1,2})[时時点:](\d{1,2})?分?(?::?(\d{1,2})秒?)?)?$"
)
_LOOSE_TIME = re.compile(
    r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T\s]+(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.\d+)?)?)?$"
)
_SCIENTIFIC = re.compile(r"^\d(\.\d+)?[eE]\+?\d+$")


def read_texts(column: Column) -> Read:
    """Texts without spaces around them; empty ones are None."""
    values = _plain_list(column)
    faults: Faults = {}
    if not {*map(type, values)} <= {str, type(None)}:
        values = [_as_text(value) for value in values]
    together = "\n".join([value for value in values if value])
    if "\0" in together or (not together.isascii() and _SURROGATE.search(together)):
        for i, value in enumerate(values):
            if value and "\0" in value:
                faults[i] = "holds the character NUL"
            elif value and _SURROGATE.search(value):
                faults[i] = "holds characters that are none: its encoding is another one"
    words = together.split()
    # Mostly there is no space anywhere, which one look finds.
    read: list[Any] = (
        words if words == values else [value.strip() or None if value else None for value in values]
    )
    if len(together) > MOST_CHARACTERS:
        for i, value in enumerate(read):
            if value and len(value) > MOST_CHARACTERS:
                faults[i] = f"has {len(value):,} characters, more than {MOST_CHARACTERS:,}"
    return read, faults


def read_codes(column: Column) -> Read:
    """Codes: texts, and whole numbers written as texts."""
    read, faults = read_texts(column)
    if "".join([value for value in read if value]).isalnum():
        return read, faults
    for i, value in enumerate(read):
        if value is None or value.isalnum():
            continue
        if value.endswith(".0") and value[:-2].isdigit():
            read[i] = value[:-2]
        elif _SCIENTIFIC.match(value):
            faults[i] = f"{value} has lost its last digits in a spreadsheet; format it as text"
    return read, faults


def read_counts(column: Column) -> Read:
    """Whole numbers from 0; empty ones are None."""
    if isinstance(column, np.ndarray) and column.dtype.kind in "iu":
        values = column.tolist()
        faults = {
            int(i): f"{column[i]} is no count"
            for i in np.flatnonzero((column < 0) | (column > _MOST_COUNT))
        }
        return values, faults
    return _each(column, _count)


def read_numbers(column: Column) -> Read:
    """Finite numbers from 0; empty ones are None."""
    return _each(column, _number)


def read_times(column: Column, zone: tzinfo) -> Read:
    """Times with a zone; those without one are in `zone`."""
    return _each(column, lambda value: _time(value, zone))


def read_lists(column: Column) -> Read:
    """Lists of texts; a text is split at semicolons and Chinese commas."""
    return _each(column, _list)


def translate(
    column: Column, words: Mapping[str, str]
) -> tuple[list[str | None], list[str | None]]:
    """Give gridmap's word for each value, and the values that there is no word for.

    A value is looked up once, however often it occurs.
    """
    values = _plain_list(column)
    try:
        distinct = set(values)
    except TypeError:  # lists and objects of JSON
        values = [value if value is None else str(value) for value in values]
        distinct = set(values)
    found = {value: _translated(_as_text(value), words) for value in distinct}
    return [found[value][0] for value in values], [found[value][1] for value in values]


def _translated(value: str | None, words: Mapping[str, str]) -> tuple[str | None, str | None]:
    plain = re.sub(r"\s+", "_", value.strip().casefold()) if value else ""
    if not plain or "\0" in plain or _SURROGATE.search(plain):
        return None, None
    # OpenStreetMap lists several values with semicolons; the first is the main one.
    for candidate in (plain, plain.split(";")[0].strip("_")):
        if candidate in words:
            return words[candidate] or None, None
    other = words.get("*")
    if other == "*":
        return plain.replace("_", "-")[:60], None
    return other, None if other else plain[:60]


def _plain_list(column: Column) -> list[Any]:
    if isinstance(column, np.ndarray):
        if column.dtype.kind == "f":
            return [None if math.isnan(value) else value for value in column.tolist()]
        return column.tolist()  # type: ignore[no-any-return]
    return column if isinstance(column, list) else list(column)


def _as_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def _each(column: Column, read: Callable[[Any], Any]) -> Read:
    faults: Faults = {}
    values: list[Any] = []
    for i, value in enumerate(_plain_list(column)):
        try:
            values.append(None if value is None or value == "" else read(value))
        except (ValueError, OverflowError) as error:
            faults[i] = str(error)
            values.append(None)
    return values, faults


def _number(value: Any) -> float | None:
    if isinstance(value, str):
        text = _UNIT.sub("", value.translate(_FULL_WIDTH).strip())
        if not text:
            return None
        if _THOUSANDS.match(text):
            text = text.replace(",", "")
        try:
            number = float(text)
        except ValueError:
            raise ValueError(f"{value[:40]!r} is no number") from None
    elif isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{str(value)[:40]!r} is no number")  # noqa: TRY004 - a row is refused
    else:
        number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{value} is no finite number")
    if number < 0:
        raise ValueError(f"{value} is negative")
    return number


def _count(value: Any) -> int | None:
    number = _number(value)
    if number is None:
        return None
    if not number.is_integer():
        raise ValueError(f"{value} is no whole number")
    if number > _MOST_COUNT:
        raise ValueError(f"{value} is no count")
    return int(number)


def _time(value: Any, zone: tzinfo) -> datetime | None:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=zone)
    if not isinstance(value, str):
        raise ValueError(f"{str(value)[:40]!r} is no time")  # noqa: TRY004 - a row is refused
    text = value.translate(_FULL_WIDTH).strip()
    if not text:
        return None
    found = _CHINESE_TIME.match(text) or _LOOSE_TIME.match(text)
    try:
        if found:
            parts = [int(part) for part in found.groups(default="0")]
            time = datetime(*parts, tzinfo=zone)  # type: ignore[arg-type, misc]
        else:
            time = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(
            f"{value[:40]!r} is no time; write 2026-10-31T08:00:00+08:00 or 2026-10-31 08:00"
        ) from None
    time = time if time.tzinfo else time.replace(tzinfo=zone)
    if not 1900 <= time.astimezone(UTC).year <= 2200:
        raise ValueError(f"{value[:40]!r} is not of our time")
    return time


def _list(value: Any) -> list[str]:
    if isinstance(value, str):
        items = re.split(r"[;；、，|]", value)
    elif isinstance(value, list | tuple | np.ndarray):
        items = [str(item) for item in value]
    else:
        raise ValueError(f"{str(value)[:40]!r} is no list")  # noqa: TRY004 - a row is refused
    texts, faults = read_texts([item for item in items if item.strip()])
    if faults:
        raise ValueError(next(iter(faults.values())))
    return [text for text in texts if text]
