"""Before against after."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.algorithms import hotspots
from gridmap.errors import InvalidInput


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


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=20),
    st.floats(0.3, 3),
)
def test_a_map_is_the_same_test_in_every_cell(cells, exposure):
    before, after = np.array(cells).T
    found = hotspots.change_map(before, after, exposure_after=exposure)
    for cell, (first, second) in enumerate(cells):
        if first + second == 0:
            assert np.isnan(found.p[cell])
            continue
        one = hotspots.compare_counts(first, second, exposure_after=exposure)
        assert found.p_rise[cell] == pytest.approx(one.p_rise, abs=1e-12)
        assert found.p_fall[cell] == pytest.approx(one.p_fall, abs=1e-12)
        assert found.ratio[cell] == pytest.approx(one.ratio)


def test_a_fall_of_the_whole_town_is_no_change_of_its_cells():
    rng = np.random.default_rng(1)
    before, after = rng.poisson(40, 300), rng.poisson(20, 300)
    after[7] = 60
    plain = hotspots.change_map(before, after)
    relative = hotspots.change_map(before, after, relative=True)
    assert (plain.direction == -1).mean() > 0.5
    assert relative.direction[7] == 1
    assert np.count_nonzero(relative.direction) <= 3


def test_windows_of_different_maps_are_refused():
    with pytest.raises(InvalidInput):
        hotspots.change_map([1, 2], [1])
