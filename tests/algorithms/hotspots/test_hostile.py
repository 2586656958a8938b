"""Whatever arrays a method is given: an answer, or an error in words. Nothing else comes out."""

from __future__ import annotations

import contextlib
import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gridmap.algorithms import hotspots as h
from gridmap.errors import GridmapError

BOX = (0.0, 0.0, 1000.0, 1000.0)
NUMBERS = st.one_of(
    st.integers(0, 5).map(float),
    st.floats(0, 1000),
    st.sampled_from([np.nan, np.inf, -np.inf, -1.0, 1e300, 0.0, 500.0]),
)
COLUMNS = st.lists(NUMBERS, max_size=12)
COUNTS = st.lists(st.integers(0, 9), max_size=12)


def line(n: int) -> h.Neighbours:
    """A street of n cells; the last one is an island."""
    first = np.arange(max(n - 2, 0))
    both = np.concatenate((first, first + 1)), np.concatenate((first + 1, first))
    return h.neighbours_from_pairs(n, *both)


POINTS = {
    "arcgis_search_radius": h.arcgis_search_radius,
    "scott_bandwidths": h.scott_bandwidths,
    "silverman_bandwidth": h.silverman_bandwidth,
    "diggle_bandwidth": lambda x, y: h.diggle_bandwidth(x, y, BOX),
    "likelihood_bandwidth": lambda x, y: h.likelihood_bandwidth(x, y, BOX),
    "cronie_van_lieshout_bandwidth": lambda x, y: h.cronie_van_lieshout_bandwidth(x, y, BOX),
    "ripley_k": lambda x, y: h.ripley_k(x, y, BOX),
    "dbscan": lambda x, y: h.dbscan(x, y, radius_m=50, min_points=2),
    "st_dbscan": lambda x, y: h.st_dbscan(x, y, x, radius_m=50, delay=3, min_points=2),
    "hdbscan": lambda x, y: h.hdbscan(x, y, min_cluster_size=2),
    "density_surface": lambda x, y: h.density_surface(x, y, BOX, sigma_m=90, columns=9, rows=7),
    "density_at": lambda x, y: h.density_at(x, y, [5.0], [5.0], sigma_m=90),
    "density_at_points": lambda x, y: h.density_at_points(x, y, sigma_m=90),
    "knox_table": lambda x, y: h.knox_table(
        x, y, x, distance_bands=[9], delay_bands=[2], shuffles=3, seed=1
    ),
    "nearest_neighbours": lambda x, y: h.nearest_neighbours(x, y, 2),
    "neighbours_within": lambda x, y: h.neighbours_within(x, y, 50),
    "count_in_cells": lambda x, y: h.count_in_cells(h.tessellate(BOX, 100), x, y),
    "kernel_share_inside": lambda x, y: h.kernel_share_inside(x, y, BOX, sigma_m=90),
    "poisson_scan": lambda x, y: h.poisson_scan(x, y, x, y, replicates=3, seed=1),
    "bernoulli_scan": lambda x, y: h.bernoulli_scan(x, y, x, y, replicates=3, seed=1),
}
VALUES = {
    "getis_ord": lambda v, w: h.getis_ord(v, line(len(v)), seed=1, permutations=9),
    "local_moran": lambda v, w: h.local_moran(v, line(len(v)), seed=1, permutations=9),
    "moran": lambda v, w: h.moran(v, line(len(v))),
    "general_g": lambda v, w: h.general_g(v, line(len(v))),
    "permutation_tails": lambda v, w: h.permutation_tails(v, line(len(v)), permutations=9, seed=1),
    "mann_kendall": lambda v, w: h.mann_kendall(v),
    "theil_sen": lambda v, w: h.theil_sen(v),
    "benjamini_hochberg": lambda v, w: h.benjamini_hochberg(v),
    "discovery_threshold": lambda v, w: h.discovery_threshold(v),
    "two_sided": h.two_sided,
    "confidence_classes": h.confidence_classes,
    "raw_rates": h.raw_rates,
    "smooth_rates": h.smooth_rates,
    "smooth_rates_locally": lambda v, w: h.smooth_rates_locally(v, w, line(len(v))),
    "probability_map": h.probability_map,
    "relative_risks": h.relative_risks,
    "expected_by_strata": lambda v, w: h.expected_by_strata([v], [w]),
    "change_map": h.change_map,
    "score_map": h.score_map,
    "score_table": lambda v, w: h.score_table([v], w),
    "recapture_rate": lambda v, w: h.recapture_rate(v, w, np.array(v) > 2),
    "poisson_likelihood_ratio": lambda v, w: h.poisson_likelihood_ratio(v, w, 9),
    "bernoulli_likelihood_ratio": lambda v, w: h.bernoulli_likelihood_ratio(v, w, 9, 99),
    "emerging_hotspots": lambda v, w: h.emerging_hotspots(np.outer(v, [1, 3, 2]), line(len(v))),
    "classify_emerging": lambda v, w: h.classify_emerging(np.sign([v]), [0]),
    "build_cube": lambda v, w: h.build_cube(np.array(v, int), np.array(w, int)),
    "space_time_permutation_scan": lambda v, w: h.space_time_permutation_scan(
        v, v, np.outer(v, [1, 2]), replicates=3, seed=1
    ),
    "space_time_poisson_scan": lambda v, w: h.space_time_poisson_scan(
        v, v, np.outer(v, [1, 2]), w, replicates=3, seed=1
    ),
}
HOSTILE = settings(
    max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)


def answered(call) -> None:
    """An answer without a warning, or an error of the domain that says what to do."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with contextlib.suppress(GridmapError):
            call()


@pytest.mark.parametrize("name", sorted(POINTS))
@HOSTILE
@given(pairs=st.lists(st.tuples(NUMBERS, NUMBERS), max_size=12))
def test_points_that_are_none_twice_or_nowhere(name, pairs):
    x, y = np.array(pairs, float).reshape(-1, 2).T
    answered(lambda: POINTS[name](x, y))


@pytest.mark.parametrize("name", sorted(POINTS))
@pytest.mark.parametrize("size", [0, 1, 2, 7])
def test_points_all_at_one_place(name, size):
    answered(lambda: POINTS[name](np.full(size, 5.0), np.full(size, 5.0)))


@pytest.mark.parametrize("name", sorted(VALUES))
@HOSTILE
@given(pairs=st.lists(st.tuples(NUMBERS, NUMBERS), max_size=12))
def test_values_that_are_not_finite_negative_or_missing(name, pairs):
    v, w = np.array(pairs, float).reshape(-1, 2).T
    if name == "build_cube" and not (np.abs([v, w]) < 1e9).all():
        return  # codes are whole numbers before they come here
    answered(lambda: VALUES[name](v, w))


@pytest.mark.parametrize("name", sorted(VALUES))
@HOSTILE
@given(pairs=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12))
def test_small_counts_with_ties_zeros_and_an_island(name, pairs):
    v, w = np.array(pairs, int).reshape(-1, 2).T
    answered(lambda: VALUES[name](v, w))


@pytest.mark.parametrize("name", sorted(VALUES))
def test_different_lengths(name):
    answered(lambda: VALUES[name](np.ones(3), np.ones(4)))
