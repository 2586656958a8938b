"""DBSCAN, ST-DBSCAN and HDBSCAN."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.algorithms import hotspots
from gridmap.errors import InvalidInput

sklearn_cluster = pytest.importorskip("sklearn.cluster")


@given(
    st.integers(1, 120),
    st.integers(0, 2**31),
    st.floats(0.3, 6),
    st.integers(1, 8),
    st.booleans(),
)
def test_labels_are_those_of_scikit_learn(count, seed, radius, least, lattice):
    rng = np.random.default_rng(seed)
    points = rng.integers(0, 15, (count, 2)).astype(float)
    if not lattice:
        points += rng.normal(0, 0.5, points.shape)
    found = hotspots.dbscan(*points.T, radius_m=radius, min_points=least)
    expected = sklearn_cluster.DBSCAN(eps=radius, min_samples=least, algorithm="brute").fit(points)
    assert (found.labels == expected.labels_).all()
    assert np.flatnonzero(found.core).tolist() == expected.core_sample_indices_.tolist()
    assert found.sizes.sum() == (found.labels >= 0).sum()


@given(st.integers(1, 80), st.integers(0, 2**31), st.integers(1, 6), st.floats(0.5, 4))
def test_space_time_labels_are_those_of_neighbours_in_both(count, seed, least, delay):
    rng = np.random.default_rng(seed)
    points = rng.integers(0, 8, (count, 2)).astype(float)
    times = rng.integers(0, 12, count).astype(float)
    found = hotspots.st_dbscan(*points.T, times, radius_m=1.5, delay=delay, min_points=least)
    apart = np.hypot(*(points[:, None] - points).T)
    later = np.abs(times[:, None] - times)
    distance = np.where((apart <= 1.5) & (later <= delay), 0.0, 1.0)
    expected = sklearn_cluster.DBSCAN(eps=0.5, min_samples=least, metric="precomputed").fit(
        distance
    )
    assert (found.labels == expected.labels_).all()


@given(st.integers(2, 80), st.integers(0, 2**31))
def test_core_points_fall_into_the_same_clusters_in_any_order(count, seed):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(0, 5, (2, count))
    order = rng.permutation(count)
    one = hotspots.dbscan(x, y, radius_m=2, min_points=4)
    other = hotspots.dbscan(x[order], y[order], radius_m=2, min_points=4)
    assert (one.core[order] == other.core).all()
    assert ((one.labels[order] < 0) == (other.labels < 0)).all()
    pairs = set(zip(one.labels[order][other.core], other.labels[other.core], strict=True))
    assert len(pairs) == one.count == other.count


def test_hdbscan_finds_clusters_of_different_density():
    rng = np.random.default_rng(0)
    x = np.r_[rng.normal(0, 10, 100), rng.normal(1000, 100, 100), rng.uniform(-500, 2000, 30)]
    y = np.r_[rng.normal(0, 10, 100), rng.normal(0, 100, 100), rng.uniform(500, 2000, 30)]
    found = hotspots.hdbscan(x, y, min_cluster_size=20)
    assert found.count == 2
    assert (found.labels[:100] == 0).mean() > 0.9
    assert (found.labels[100:200] == 1).mean() > 0.8
    assert found.strength.max() == 1
    assert found.strength[found.labels < 0].max(initial=0) == 0


def test_no_points_make_no_clusters():
    found = hotspots.dbscan([], [], radius_m=1, min_points=3)
    assert found.count == 0
    assert found.sizes.size == 0


def test_what_cannot_be_clustered_is_refused():
    with pytest.raises(InvalidInput):
        hotspots.dbscan([0], [0], radius_m=0, min_points=3)
    with pytest.raises(InvalidInput):
        hotspots.dbscan([0], [0], radius_m=1, min_points=0)
    with pytest.raises(InvalidInput, match="too small"):
        hotspots.dbscan([0, 1e12], [0, 1e12], radius_m=1e-6, min_points=1)
    with pytest.raises(InvalidInput):
        hotspots.hdbscan([0, 1], [0, 1], min_cluster_size=1)
