"""Benjamini and Hochberg, by the definition and by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.algorithms import hotspots
from gridmap.errors import InvalidInput

PROBABILITIES = st.lists(
    st.one_of(st.floats(0, 1), st.sampled_from([0.001, 0.01, 0.01, 0.5, 1.0])), max_size=40
)


@given(PROBABILITIES, st.sampled_from([0.01, 0.05, 0.1, 0.5]))
def test_named_are_those_of_the_step_up_rule(values, level):
    found = hotspots.benjamini_hochberg(values, level=level)
    ranked = sorted(values)
    passing = [p for rank, p in enumerate(ranked, 1) if p <= level * rank / len(values)]
    limit = max(passing, default=-1.0)
    # q divides and the rule multiplies: at the very border they may round differently.
    assert all(
        (q <= level) == (p <= limit) or abs(q - level) < 1e-12
        for p, q in zip(values, found.q, strict=True)
    )
    assert hotspots.discovery_threshold(values, level=level) == max(limit, 0.0)


@given(PROBABILITIES)
def test_q_is_monotone_in_p_and_not_smaller(values):
    q = hotspots.benjamini_hochberg(values).q
    order = np.argsort(values, kind="stable")
    assert (np.diff(q[order]) >= -1e-15).all()
    assert (q >= np.array(values) - 1e-15).all()
    assert (q <= 1).all()


def test_places_without_a_test_are_not_counted():
    found = hotspots.benjamini_hochberg([0.02, np.nan, 0.9, np.nan])
    assert found.tests == 2
    assert found.q[0] == 0.04
    assert np.isnan(found.q[[1, 3]]).all()
    assert (found.found, found.threshold) == (1, 0.02)


def test_the_share_of_false_ones_stays_within_the_level():
    rng = np.random.default_rng(12)
    shares = []
    for _ in range(400):
        p = rng.random(200)
        p[:40] = rng.beta(0.05, 4, 40)
        named = hotspots.benjamini_hochberg(p, level=0.1).q <= 0.1
        shares.append(named[40:].sum() / max(named.sum(), 1))
    assert np.mean(shares) < 0.1


def test_classes_count_levels_with_a_sign():
    high = np.array([1e-9, 0.5, 1.0, 0.02, np.nan])
    low = np.array([1.0, 0.5, 1e-9, 0.98, np.nan])
    assert hotspots.confidence_classes(high, low).tolist() == [3, 0, -3, 1, 0]


def test_what_is_not_a_probability_is_refused():
    with pytest.raises(InvalidInput):
        hotspots.benjamini_hochberg([0.1, 1.5])
    with pytest.raises(InvalidInput):
        hotspots.benjamini_hochberg([0.1], level=5)
