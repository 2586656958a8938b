"""Scans of grid-shaped windows against a look at every rectangle."""

from __future__ import annotations

import numpy as np
import pytest

from gridmap.algorithms import hotspots
from gridmap.errors import InvalidInput

ASPECTS = ((1, 1), (1, 2), (2, 1))


def lattice(side=9, step=100.0):
    x, y = (part.ravel() * step for part in np.meshgrid(np.arange(side), np.arange(side)))
    return x, y


def every_rectangle(x, y, cases, expected, share=0.5):
    """Largest ratio over all rectangles round all sites, each looked at by itself."""
    total, best = cases.sum(), 0.0
    expected = expected * (total / expected.sum())
    for centre in range(x.size):
        east, north = np.abs(x - x[centre]), np.abs(y - y[centre])
        for wide, high in ASPECTS:
            distance = np.maximum(east * wide, north * high)
            for limit in np.unique(distance):
                inside = distance <= limit + 1e-3
                if expected[inside].sum() <= share * total * (1 + 1e-9):
                    ratio = hotspots.poisson_likelihood_ratio(
                        cases[inside].sum(), expected[inside].sum(), total
                    )
                    best = max(best, float(ratio))
    return best


def test_the_best_rectangle_is_found_as_by_looking_at_every_one():
    rng = np.random.default_rng(3)
    for _ in range(5):
        x, y = rng.uniform(0, 1000, (2, 40))
        cases, expected = rng.poisson(3, 40), rng.uniform(1, 5, 40)
        found = hotspots.poisson_scan(x, y, cases, expected, windows="rectangles", replicates=0)
        best = found.clusters[0].log_likelihood_ratio
        assert best == pytest.approx(every_rectangle(x, y, cases, expected), rel=1e-9)


@pytest.mark.parametrize("cells", [(5, 5), (5, 3), (3, 7)])
def test_a_block_of_cells_is_given_as_it_was_planted(cells):
    x, y = lattice(15)
    wide, high = cells
    planted = (np.abs(x - 700) <= wide // 2 * 100) & (np.abs(y - 700) <= high // 2 * 100)
    cases = np.where(planted, 12, 2)
    first = hotspots.poisson_scan(
        x, y, cases, np.ones(x.size), windows="rectangles", replicates=99, seed=1
    ).clusters[0]
    assert (first.centre, first.p) == (112, 0.01)
    if wide == high:
        assert set(first.sites.tolist()) == set(np.flatnonzero(planted).tolist())
        assert (first.half_width_m, first.half_height_m) == (200, 200)
    assert (first.half_width_m > first.half_height_m) == (wide > high)


def test_clusters_of_rectangles_do_not_overlap_and_answers_are_seeded():
    rng = np.random.default_rng(5)
    x, y = lattice()
    steps = rng.poisson(2, (x.size, 6))
    one, other = (
        hotspots.space_time_permutation_scan(
            x, y, steps, windows="rectangles", replicates=19, seed=4
        )
        for _ in range(2)
    )
    assert (one.maxima == other.maxima).all()
    sites = np.concatenate([cluster.sites for cluster in one.clusters])
    assert len(sites) == len(set(sites.tolist()))


def test_bernoulli_and_space_time_scans_take_rectangles_too():
    x, y = lattice()
    inside = (x <= 200) & (y <= 200)
    share = hotspots.bernoulli_scan(
        x, y, np.where(inside, 8, 2), np.full(x.size, 10), windows="rectangles", replicates=0
    )
    assert set(share.clusters[0].sites.tolist()) == set(np.flatnonzero(inside).tolist())
    table = np.full((x.size, 8), 2)
    table[inside, 2:4] = 10
    burst = hotspots.space_time_poisson_scan(
        x, y, table, np.ones(x.size), windows="rectangles", replicates=0
    ).clusters[0]
    assert (burst.first_step, burst.end_step) == (2, 4)
    assert set(burst.sites.tolist()) == set(np.flatnonzero(inside).tolist())


def test_other_windows_are_refused():
    with pytest.raises(InvalidInput, match="circles or rectangles"):
        hotspots.poisson_scan([0, 1], [0, 1], [1, 1], [1, 1], windows="stars", replicates=0)
