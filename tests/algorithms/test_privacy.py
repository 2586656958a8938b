"""What is hidden stays hidden, whoever subtracts."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.algorithms.privacy import (
    LEAST_HOUSEHOLDS,
    LEAST_INCIDENTS,
    public_month,
    shown_areas,
)
from gridmap.errors import InvalidInput

TABLES = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 40)), max_size=25)


@given(TABLES)
def test_no_count_that_is_shown_or_can_be_subtracted_is_of_few(table):
    counts, homes = np.array(table, np.int64).reshape(-1, 2).T
    shown = shown_areas(counts, homes)
    assert (counts[shown] >= LEAST_INCIDENTS).all()
    assert (homes[shown] >= LEAST_HOUSEHOLDS).all()
    hidden = ~shown
    if shown.any() and hidden.any():
        # The total minus what is shown: a sum of several areas, as large as one that is shown.
        assert hidden.sum() >= 2
        assert counts[hidden].sum() >= LEAST_INCIDENTS
        assert homes[hidden].sum() >= LEAST_HOUSEHOLDS


@given(TABLES, st.integers(0, 24))
def test_two_tables_that_differ_by_one_incident_never_show_a_small_one(table, at):
    counts, homes = np.array([*table, (4, 20)], np.int64).T
    more = counts.copy()
    more[at % counts.size] += 1
    for values in (counts, more):
        shown = shown_areas(values, homes)
        assert (values[shown] >= LEAST_INCIDENTS).all()


@given(TABLES)
def test_no_more_is_hidden_than_must_be(table):
    counts, homes = np.array(table, np.int64).reshape(-1, 2).T
    shown = shown_areas(counts, homes)
    few = (counts < LEAST_INCIDENTS) | (homes < LEAST_HOUSEHOLDS)
    extra = ~shown & ~few
    if not few.any():
        assert shown.all()
    elif shown.any() and extra.any():
        assert counts[extra].max() <= counts[shown].max()
        # Without the last one that was hidden the rule would be broken.
        last = np.flatnonzero(extra)[np.lexsort((homes[extra], counts[extra]))[-1]]
        hidden = ~shown
        hidden[last] = False
        assert (
            hidden.sum() < 2
            or counts[hidden].sum() < LEAST_INCIDENTS
            or homes[hidden].sum() < LEAST_HOUSEHOLDS
        )


def test_one_hidden_area_takes_the_smallest_other_with_it():
    assert shown_areas([9, 3, 7, 30], [20, 20, 20, 20]).tolist() == [True, False, False, True]


def test_a_lone_area_is_not_shown_beside_a_small_remainder():
    assert shown_areas([50, 1], [100, 100]).tolist() == [False, False]


def test_nothing_is_hidden_where_all_are_many():
    assert shown_areas([5, 6], [8, 9]).all()
    assert shown_areas([], []).size == 0


@pytest.mark.parametrize(
    ("counts", "households"), [([1], [1, 2]), ([-1], [9]), ([1.5], [9]), ([np.nan], [9])]
)
def test_what_is_no_count_is_refused(counts, households):
    with pytest.raises(InvalidInput):
        shown_areas(counts, households)


def test_only_months_that_are_over_are_told():
    assert public_month("2026-02", date(2026, 3, 1)) == (date(2026, 2, 1), date(2026, 3, 1))
    assert public_month("2025-12", date(2026, 3, 1)) == (date(2025, 12, 1), date(2026, 1, 1))
    with pytest.raises(InvalidInput, match="not over"):
        public_month("2026-02", date(2026, 2, 28))
    for text in (
        "2026",
        "2026-13",
        "2026-3",
        "2026-03-01",
        "2026-W1",
        "",
        "9999-12",
        "２０２６-03",
    ):
        with pytest.raises(InvalidInput):
            public_month(text, date(2026, 3, 1))
