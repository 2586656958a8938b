"""Mann-Kendall and Theil-Sen."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from gridmap.algorithms import hotspots
from gridmap.errors import InvalidInput

SERIES = st.lists(
    st.one_of(st.integers(-3, 3).map(float), st.just(np.nan)), min_size=2, max_size=12
)


def test_the_variance_is_kendalls(read_answers):
    answers = read_answers("formula_checks/expected.json")
    found = hotspots.mann_kendall(np.arange(10.0))
    assert found.variance[0] == answers["mk_var_no_ties_n10"]
    rising = hotspots.mann_kendall(answers["mann_kendall"]["series"])
    assert rising.tau[0] > 0
    assert rising.p[0] < 1e-5


@given(SERIES)
def test_s_and_its_variance_with_ties(values):
    known = [value for value in values if not np.isnan(value)]
    n = len(known)
    score = sum(np.sign(b - a) for a, b in itertools.combinations(known, 2))
    ties = [known.count(value) for value in set(known)]
    variance = (n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in ties)) / 18
    found = hotspots.mann_kendall(values)
    assert found.score[0] == score
    assert found.variance[0] == pytest.approx(variance)
    expected = (score - np.sign(score)) / np.sqrt(variance) if variance > 0 else 0
    assert found.z[0] == pytest.approx(expected)
    assert 0 <= found.p[0] <= 1


def test_the_variance_is_that_of_all_orders():
    values = [1.0, 1.0, 2.0, 3.0, 3.0, 3.0]
    scores = [
        hotspots.mann_kendall(order).score[0] for order in set(itertools.permutations(values))
    ]
    assert hotspots.mann_kendall(values).variance[0] == pytest.approx(np.mean(np.square(scores)))


@given(st.lists(st.integers(-5, 5), min_size=2, max_size=15))
def test_slopes_equal_scipy(values):
    found = hotspots.theil_sen(values)
    expected = stats.theilslopes(values, method="joint")
    assert found.slope[0] == pytest.approx(expected.slope)
    assert found.intercept[0] == pytest.approx(expected.intercept)


def test_many_series_at_once_and_their_directions():
    rising, falling = np.arange(20.0), -np.arange(20.0)
    noise = np.tile([0.0, 1.0], 10)
    found = hotspots.mann_kendall([rising, falling, noise])
    assert found.directions().tolist() == [1, -1, 0]
    assert found.p_rise[0] < 1e-6 < found.p_fall[0]
    slopes = hotspots.theil_sen([rising, falling, noise], times=np.arange(20.0) * 2)
    assert slopes.slope.tolist()[:2] == [0.5, -0.5]


def test_series_that_are_none_are_refused():
    with pytest.raises(InvalidInput):
        hotspots.mann_kendall(np.zeros((2, 2, 2)))
    with pytest.raises(InvalidInput):
        hotspots.theil_sen([1, 2, 3], times=[0, 2, 1])
