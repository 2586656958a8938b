"""Steps, clocks, and before against after."""

from __future__ import annotations

import datetime as dt
import math

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


@given(st.integers(0, 40), st.integers(0, 40), st.floats(0.2, 5))
def test_before_and_after_is_the_binomial_test(before, after, exposure):
    found = hotspots.compare_counts(before, after, exposure_after=exposure)
    n, share = before + after, exposure / (1 + exposure)
    chance = [math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(n + 1)]
    assert found.p == pytest.approx(
        sum(c for c in chance if c <= chance[after] * (1 + 1e-9)), abs=1e-9
    )
    assert found.p_fall == pytest.approx(sum(chance[: after + 1]), abs=1e-9)
    assert found.p_rise == pytest.approx(sum(chance[after:]), abs=1e-9)
    assert 0 <= found.p <= 1
    if n:
        assert found.low <= found.ratio <= found.high


def test_an_interval_excludes_1_when_the_change_is_clear():
    fewer = hotspots.compare_counts(60, 30)
    assert fewer.ratio == 0.5
    assert fewer.high < 1
    assert fewer.p < 0.01
    more = hotspots.compare_counts(10, 12, exposure_before=365, exposure_after=90)
    assert more.low > 1
    assert more.p_rise < 0.001
    nothing = hotspots.compare_counts(0, 0)
    assert math.isnan(nothing.ratio)
    assert nothing.p == 1
    assert hotspots.compare_counts(0, 5).ratio == math.inf


def test_negative_counts_and_windows_without_length_are_refused():
    with pytest.raises(InvalidInput):
        hotspots.compare_counts(-1, 2)
    with pytest.raises(InvalidInput):
        hotspots.compare_counts(1, 2, exposure_after=0)
