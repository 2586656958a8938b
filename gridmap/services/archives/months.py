"""Months of a place's own time, as moments: microseconds since 1970 (UTC)."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
from numpy.typing import NDArray

from gridmap.errors import InvalidInput


def zone_of(name: str) -> ZoneInfo:
    """A time zone by its name in the tz database.

    Raises
    ------
    InvalidInput
        There is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InvalidInput(
            f"There is no time zone {name!r}", hint="Name one as in Asia/Shanghai."
        ) from error


def months_between(first: date, last: date) -> list[date]:
    """First days of the months from that of `first` to that of `last`, both included."""
    start, end = (day.year * 12 + day.month - 1 for day in (first, last))
    return [date(number // 12, number % 12 + 1, 1) for number in range(start, end + 1)]


def after(month: date) -> date:
    """First day of the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The beginning of a day."""
    return datetime.combine(day, time(), zone)


def microseconds(moment: datetime) -> int:
    """A moment with its zone as microseconds since 1970, exactly."""
    whole = int(moment.replace(microsecond=0).timestamp())
    return whole * 1_000_000 + moment.microsecond


def borders(begins: date, ends: date, zone: ZoneInfo) -> NDArray[np.int64]:
    """Borders of the steps of a window [begins, ends): its two ends and the months between.

    A window that begins or ends within a month has a shorter first or last step.
    """
    inner = [month for month in months_between(begins, ends) if begins < month < ends]
    days = [begins, *inner, ends]
    return np.array([microseconds(midnight(day, zone)) for day in days], np.int64)
