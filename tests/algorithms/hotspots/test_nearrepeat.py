"""Knox's table."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.algorithms import hotspots
from gridmap.errors import InvalidInput


@pytest.fixture(scope="module")
def burkitt(read_table):
    table = read_table("burkitt_knox/burkitt.csv")
    return table["X"], table["Y"], table["T"]


def test_burkitt_equals_pointpats_and_surveillance(burkitt):
    found = hotspots.knox_table(*burkitt, distance_bands=[20], delay_bands=[5], shuffles=0)
    seen = int(found.observed[0, 0])
    rest = (
        int(found.soon[0]) - seen,
        int(found.close[0]) - seen,
        found.pairs - int(found.soon[0]) - int(found.close[0]) + seen,
    )
    # pointpats prints close in time only, close in space only, neither.
    assert (seen, *sorted(rest)) == (13, 39, 3416, 14_110)
    assert found.p_poisson[0, 0] == pytest.approx(0.1462456, abs=1e-7)


@pytest.mark.parametrize(("near", "soon", "seen"), [(5, 30, 7), (10, 60, 40), (2.5, 60, 4)])
def test_other_limits_equal_pointpats(burkitt, near, soon, seen):
    found = hotspots.knox_table(*burkitt, distance_bands=[near], delay_bands=[soon], shuffles=0)
    assert found.observed[0, 0] == seen


@given(st.integers(2, 40), st.integers(0, 2**31), st.booleans())
def test_every_pair_is_in_one_band(count, seed, fractions):
    rng = np.random.default_rng(seed)
    x, y = rng.integers(0, 12, (2, count)).astype(float)
    t = rng.integers(0, 15, count) + (rng.random(count) if fractions else 0.0)
    near, soon = [0, 3, 5], [1, 2, 7]
    found = hotspots.knox_table(x, y, t, distance_bands=near, delay_bands=soon, shuffles=5, seed=1)
    i, j = np.triu_indices(count, 1)
    band = np.searchsorted(near, np.hypot(x[i] - x[j], y[i] - y[j]), side="left")
    span = np.searchsorted(soon, np.abs(t[i] - t[j]), side="left")
    for b in range(3):
        assert found.close[b] == (band == b).sum()
        assert found.soon[b] == (span == b).sum()
        for s in range(3):
            assert found.observed[b, s] == ((band == b) & (span == s)).sum()
    assert ((found.p > 0) & (found.p <= 1)).all()


def test_shuffles_are_those_of_the_seed_and_estimate_the_expectation():
    rng = np.random.default_rng(2)
    x, y = rng.uniform(0, 1000, (2, 3000))
    t = rng.integers(0, 365, 3000)
    options = {"distance_bands": [50, 100], "delay_bands": [7, 14], "shuffles": 199, "seed": 3}
    found = hotspots.knox_table(x, y, t, **options)
    again = hotspots.knox_table(x, y, t, **options)
    assert (found.p == again.p).all()
    assert np.allclose(found.median, found.expected, rtol=0.05)
    assert (found.p95 > found.median).all()
    order = rng.permutation(3000)
    shuffled = hotspots.knox_table(x[order], y[order], t[order], **options)
    assert (shuffled.observed == found.observed).all()


def test_planted_repeats_are_found_in_their_band():
    rng = np.random.default_rng(6)
    x, y = rng.uniform(0, 5000, (2, 2000))
    t = rng.uniform(0, 365, 2000)
    again = rng.choice(2000, 200, replace=False)
    x = np.r_[x, x[again] + rng.normal(0, 20, 200)]
    y = np.r_[y, y[again] + rng.normal(0, 20, 200)]
    t = np.r_[t, t[again] + rng.uniform(0, 5, 200)]
    found = hotspots.knox_table(
        x, y, t, distance_bands=[100, 200, 400], delay_bands=[7, 14, 28], seed=1
    )
    assert found.p[0, 0] == 0.01
    assert found.ratio[0, 0] > 2
    assert (found.p[1:, 1:] > 0.01).all()


def test_datetimes_are_counted_in_days():
    times = np.array(["2026-01-01T00:00", "2026-01-02T12:00", "2026-02-01T00:00"], "datetime64[s]")
    found = hotspots.knox_table(
        [0, 0, 0], [0, 1, 1], times, distance_bands=[0, 5], delay_bands=[1.5, 2], shuffles=0
    )
    assert found.observed.tolist() == [[0, 0], [1, 0]]
    assert np.isnan(found.p).all()


def test_bands_that_are_none_and_a_missing_seed_are_refused():
    with pytest.raises(InvalidInput):
        hotspots.knox_table([0], [0], [0], distance_bands=[5, 5], delay_bands=[1], shuffles=0)
    with pytest.raises(InvalidInput, match="seed"):
        hotspots.knox_table([0], [0], [0], distance_bands=[5], delay_bands=[1])
    with pytest.raises(InvalidInput, match="missing"):
        hotspots.knox_table(
            [0, 0],
            [0, 0],
            np.array(["NaT", "2026-01-01"], "datetime64[s]"),
            distance_bands=[5],
            delay_bands=[1],
            shuffles=0,
        )
