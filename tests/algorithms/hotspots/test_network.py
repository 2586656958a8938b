"""Density along streets."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.algorithms import hotspots
from gridmap.errors import InvalidInput

KERNELS = ["gaussian", "quartic", "epanechnikov", "triangular", "uniform"]


@pytest.mark.parametrize("kernel", KERNELS)
def test_one_long_street_is_a_density_on_a_line(kernel):
    found = hotspots.network_density(
        [0], [1], [2000.0], [0], [1000.0], sigma_m=50, kernel=kernel, lixel_m=2
    )
    middle = (found.start_m + found.end_m) / 2
    assert found.total == pytest.approx(1, rel=1e-2)
    variance = (found.density * (middle - 1000) ** 2).sum() / found.density.sum()
    assert np.sqrt(variance) == pytest.approx(50, rel=1e-2)


def test_a_street_in_pieces_is_the_same_street():
    whole = hotspots.network_density([0], [1], [1000.0], [0], [430.0], sigma_m=60, lixel_m=10)
    parts = hotspots.network_density(
        [0, 1, 2], [1, 2, 3], [300.0, 200.0, 500.0], [1], [130.0], sigma_m=60, lixel_m=10
    )
    assert np.allclose(whole.density, parts.density, atol=1e-15)


@given(
    st.sampled_from(KERNELS),
    st.integers(1, 12),
    st.integers(0, 2**31),
)
def test_crossings_share_what_arrives(kernel, branches, seed):
    """A tree of streets, long enough for the kernel to end in it: every incident counts once."""
    rng = np.random.default_rng(seed)
    # A tree: every new street starts at a node that is there; its leaves are made long.
    first = np.array([rng.integers(0, k + 1) for k in range(branches)])
    second = np.arange(1, branches + 1)
    length = rng.uniform(5, 60, branches)
    degree = np.bincount(np.concatenate((first, second)))
    leaf = (degree[second] == 1) | (degree[first] == 1)
    length[leaf] += 500
    edge = rng.integers(0, branches, 5)
    offset = rng.random(5) * length[edge]
    # Not at the far end of a long leaf, where the kernel would run out of street.
    outer = leaf[edge]
    offset[outer & (degree[second[edge]] == 1)] = 0
    both = outer & (degree[first[edge]] == 1)
    offset[both] = length[edge[both]] / 2 if branches == 1 else length[edge[both]]
    weights = rng.random(5)
    found = hotspots.network_density(
        first,
        second,
        length,
        edge,
        offset,
        sigma_m=40,
        kernel=kernel,
        lixel_m=0.5,
        weights=weights,
    )
    assert found.total == pytest.approx(weights.sum(), rel=0.03)


def test_without_sharing_a_crossing_multiplies():
    star = {"first": [0, 0, 0, 0], "second": [1, 2, 3, 4], "length_m": [400.0] * 4}
    options = {"event_edge": [0], "event_offset_m": [10.0], "sigma_m": 40, "lixel_m": 1}
    shared = hotspots.network_density(**star, **options)
    plain = hotspots.network_density(**star, **options, split=False)
    assert shared.total == pytest.approx(1, rel=1e-3)
    assert plain.total > 1.7
    # The three other streets have a third each.
    near = shared.start_m == 0
    assert np.allclose(shared.density[near][1:] * 3, plain.density[near][1:])


def test_distances_are_those_of_the_shortest_way_round():
    # A square of streets: the far corner is reached both ways.
    found = hotspots.network_density(
        [0, 1, 2, 3], [1, 2, 3, 0], [100.0] * 4, [0], [0.0], sigma_m=100, lixel_m=10, split=False
    )
    by_street = found.density.reshape(4, 10)
    assert np.allclose(by_street[0], by_street[3][::-1])
    assert np.allclose(by_street[1], by_street[2][::-1])


def test_streets_and_incidents_that_are_none_are_refused():
    good = {"first": [0], "second": [1], "length_m": [100.0], "sigma_m": 20}
    with pytest.raises(InvalidInput, match="not there"):
        hotspots.network_density(**good, event_edge=[1], event_offset_m=[0.0])
    with pytest.raises(InvalidInput, match="beyond the end"):
        hotspots.network_density(**good, event_edge=[0], event_offset_m=[101.0])
    with pytest.raises(InvalidInput, match="two nodes"):
        hotspots.network_density([0], [1], [0.0], sigma_m=20, event_edge=[0], event_offset_m=[0.0])
    with pytest.raises(InvalidInput, match="numbered from 0"):
        hotspots.network_density([-1], [1], [5.0], sigma_m=20, event_edge=[0], event_offset_m=[0.0])
