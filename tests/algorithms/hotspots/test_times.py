"""Steps, and counts by the clock and the calendar."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.algorithms import hotspots
from gridmap.errors import InvalidInput

MOMENTS = st.datetimes(dt.datetime(1969, 1, 1), dt.datetime(2030, 1, 1))  # noqa: DTZ001 - local


@given(st.lists(MOMENTS, max_size=30))
def test_the_clock_counts_weekdays_and_hours(moments):
    clock = hotspots.week_clock(np.array(moments, "datetime64[us]"))
    expected = np.zeros((7, 24), int)
    for moment in moments:
        expected[moment.weekday(), moment.hour] += 1
    assert (clock == expected).all()


@given(st.lists(MOMENTS, min_size=1, max_size=30))
def test_months_and_days_are_those_of_the_calendar(moments):
    times = np.array(moments, "datetime64[us]")
    months = hotspots.month_counts(times)
    assert months.tolist() == [sum(m.month == k for m in moments) for k in range(1, 13)]
    start, end = min(moments), max(moments)
    edges = hotspots.month_edges(start, end)
    steps = hotspots.steps_between(times, edges)
    first = start.year * 12 + start.month
    assert steps.tolist() == [m.year * 12 + m.month - first for m in moments]
    day = dt.timedelta(days=1)
    assert hotspots.day_counts(times, start, end + day).sum() == len(moments)
    assert hotspots.day_counts(times, start, start).size == 0


def test_steps_are_half_open():
    edges = hotspots.regular_edges("2026-03-08", np.timedelta64(7, "D"), 2)
    assert edges.astype("datetime64[D]").astype(str).tolist() == [
        "2026-02-22",
        "2026-03-01",
        "2026-03-08",
    ]
    times = [
        "2026-02-21T23:59",
        "2026-02-22",
        "2026-03-01",
        "2026-03-07T23:59",
        "2026-03-08",
        "NaT",
    ]
    assert hotspots.steps_between(times, edges).tolist() == [-1, 0, 1, 1, -1, -1]


def test_edges_that_are_none_are_refused():
    with pytest.raises(InvalidInput):
        hotspots.steps_between(["2026-01-01"], ["2026-01-01"])
    with pytest.raises(InvalidInput):
        hotspots.regular_edges("2026-01-01", np.timedelta64(1, "D"), 0)
