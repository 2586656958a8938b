"""The exact distribution of a neighbours' sum equals the enumeration of all samples."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.algorithms.hotspots import exact
from gridmap.errors import TooLarge


def enumerated(counts, cell, degree, seen):
    others = np.delete(counts, cell)
    sums = np.array([sum(sample) for sample in itertools.combinations(others.tolist(), degree)])
    return (sums >= seen).mean(), (sums <= seen).mean()


@given(
    st.lists(st.integers(0, 12), min_size=2, max_size=11),
    st.integers(0, 2**31),
    st.integers(0, 3),
)
def test_equal_to_full_enumeration(values, seed, offset):
    counts = np.array(values) + offset
    n = counts.size
    rng = np.random.default_rng(seed)
    degrees = rng.integers(0, n, n)
    sums = np.array([rng.permutation(np.delete(counts, i))[: degrees[i]].sum() for i in range(n)])
    high, low = exact.neighbour_sum_tails(counts, degrees, sums)
    for cell in range(n):
        if degrees[cell] == 0:
            assert np.isnan(high[cell])
            assert np.isnan(low[cell])
        else:
            expected = enumerated(counts, cell, degrees[cell], sums[cell])
            assert high[cell] == pytest.approx(expected[0], abs=1e-12)
            assert low[cell] == pytest.approx(expected[1], abs=1e-12)


def test_both_ways_to_the_polynomials_agree(monkeypatch):
    rng = np.random.default_rng(3)
    counts = rng.poisson(rng.gamma(0.5, 3.0, 600))
    degrees = rng.integers(1, 40, 600)
    sums = np.array(
        [rng.choice(np.delete(counts, i), degrees[i], replace=False).sum() for i in range(600)]
    )
    todo = exact.plan(counts, degrees)
    answers = [
        exact.neighbour_sum_tails(
            counts,
            degrees,
            sums,
            todo=exact.Plan(todo.largest, todo.length, todo.work, newton),
        )
        for newton in (True, False)
    ]
    assert np.abs(np.subtract(*answers)).max() < 1e-12


def test_many_neighbours_are_answered_too():
    # 150 of 300 others: Newton's identities would lose every digit here.
    rng = np.random.default_rng(4)
    counts = rng.integers(0, 3, 301)
    degrees = np.full(301, 150)
    sums = np.array(
        [rng.choice(np.delete(counts, i), 150, replace=False).sum() for i in range(301)]
    )
    assert not exact.plan(counts, degrees).newton
    high, low = exact.neighbour_sum_tails(counts, degrees, sums)
    # The normal curve with continuity correction is good to 1e-3 in the middle.
    from scipy.special import ndtr

    mean = (counts.sum() - counts) / 300 * 150
    variance = np.array([np.delete(counts, i).var() for i in range(301)]) * 150 * 150 / 299
    assert np.abs(high - ndtr((mean - sums + 0.5) / np.sqrt(variance))).max() < 2e-3
    assert np.abs(low - ndtr((sums - mean + 0.5) / np.sqrt(variance))).max() < 2e-3


@given(st.integers(0, 2**31))
def test_tails_overlap_in_what_was_seen_and_stay_above_one_sample(seed):
    rng = np.random.default_rng(seed)
    counts = rng.poisson(1.0, 50)
    degrees = rng.integers(1, 9, 50)
    sums = np.array(
        [rng.choice(np.delete(counts, i), degrees[i], replace=False).sum() for i in range(50)]
    )
    high, low = exact.neighbour_sum_tails(counts, degrees, sums)
    assert (high + low > 1).all()
    assert min(high.min(), low.min()) > 0
    assert max(high.max(), low.max()) <= 1


def test_what_would_take_too_long_is_refused_at_once():
    counts = np.random.default_rng(0).integers(0, 10_000_000, 5000)
    with pytest.raises(TooLarge) as refused:
        exact.neighbour_sum_tails(counts, np.full(5000, 400), counts * 400)
    assert refused.value.hint


def test_no_cells_give_no_answers():
    nothing = np.empty(0, np.int64)
    high, low = exact.neighbour_sum_tails(nothing, nothing, nothing)
    assert high.size == low.size == 0
