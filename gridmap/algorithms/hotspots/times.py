"""When: steps of time, the clock of a week, counts by day and month.

Times are `datetime64` in the local time of the place: whoever calls turns zones into local time
first, because an hour of the day means nothing else. Windows are half-open: from ≤ t < to.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np
import numpy.typing as npt

from gridmap.algorithms.hotspots.arrays import Integers, refuse

Times = npt.NDArray[np.datetime64]
Instant = np.datetime64 | datetime | str


def steps_between(times: npt.ArrayLike, edges: npt.ArrayLike) -> Integers:
    """Number of the step [edge_i, edge_i+1) that each time lies in; -1 outside (and for NaT).

    Parameters
    ----------
    times
        Times of n incidents.
    edges
        Borders of the steps, ascending; one more than there are steps.
    """
    given = np.asarray(times, "datetime64[us]").ravel()
    borders = np.asarray(edges, "datetime64[us]").ravel()
    if borders.size < 2 or (np.diff(borders) <= np.timedelta64(0)).any():
        raise refuse(
            "The borders of steps are ascending times.",
            field="edges",
            reason="fewer than two, or not ascending",
            hint="Give one border more than there are steps.",
        )
    step = np.searchsorted(borders, given, side="right") - 1
    outside = (given >= borders[-1]) | np.isnat(given)
    return np.where(outside, -1, step)


def month_edges(start: Instant, end: Instant) -> Times:
    """Borders of calendar months, from that of `start` up to the end of that of `end`."""
    first, last = (int(np.asarray(at, "datetime64[M]").astype(int)) for at in (start, end))
    return np.arange(first, last + 2).astype("datetime64[M]").astype("datetime64[us]")


def regular_edges(end: Instant, length: np.timedelta64, steps: int) -> Times:
    """Borders of `steps` steps of equal length, of which the last one ends at `end`."""
    if steps < 1 or not length > np.timedelta64(0):
        raise refuse(
            "There is at least one step, and it has a length.",
            field="steps",
            reason=f"{steps} steps of {length}",
            hint="Say how many steps of how long.",
        )
    last = np.asarray(end, "datetime64[us]")
    edges: Times = np.subtract(last, length * np.arange(steps, -1, -1))
    return edges


def week_clock(times: npt.ArrayLike) -> Integers:
    """Count by weekday and hour: shape (7, 24), Monday first.

    Parameters
    ----------
    times
        Local times; NaT is left out.
    """
    given = np.asarray(times, "datetime64[us]").ravel()
    hours = given[~np.isnat(given)].astype("datetime64[h]").astype(np.int64)
    days = hours // 24
    # 1970-01-01 was a Thursday, the fourth day.
    slot = (days + 3) % 7 * 24 + hours % 24
    return np.bincount(slot, minlength=7 * 24).reshape(7, 24)


def month_counts(times: npt.ArrayLike) -> Integers:
    """Count by month of the year: shape (12,), January first."""
    given = np.asarray(times, "datetime64[us]").ravel()
    months = given[~np.isnat(given)].astype("datetime64[M]").astype(np.int64) % 12
    return np.bincount(months, minlength=12)


def day_counts(times: npt.ArrayLike, start: Instant, end: Instant) -> Integers:
    """Count by calendar day, from the day of `start` up to the day before `end`."""
    first, last = (int(np.asarray(at, "datetime64[D]").astype(int)) for at in (start, end))
    given = np.asarray(times, "datetime64[us]").ravel()
    days = given[~np.isnat(given)].astype("datetime64[D]").astype(np.int64) - first
    size = max(last - first, 0)
    return np.bincount(days[(days >= 0) & (days < size)], minlength=size)
