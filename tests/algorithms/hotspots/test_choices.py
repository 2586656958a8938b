"""Defaults that the data choose."""

from __future__ import annotations

import numpy as np
import pytest

from gridmap.algorithms import hotspots
from gridmap.errors import InvalidInput
from gridmap.geometry import cells


@pytest.mark.parametrize("shape", ["hexagon", "square"])
def test_two_incidents_fall_into_a_cell_on_average(shape):
    size = hotspots.choose_cell_size(5000, 2e6, shape=shape)
    cell = cells.tessellate((0, 0, 1000, 1000), size, shape=shape).cell_area_m2
    assert cell * 5000 / 2e6 == pytest.approx(2)


@pytest.fixture(scope="module")
def window():
    return cells.tessellate((0, 0, 4000, 4000), 100)


def test_rings_reach_as_far_as_the_clusters(window):
    middle = cells.centres(window)
    rng = np.random.default_rng(0)
    rate = np.ones(window.count)
    for x, y in rng.uniform(500, 3500, (6, 2)):
        rate[np.hypot(middle[:, 0] - x, middle[:, 1] - y) < 420] = 6
    wide = hotspots.choose_rings(rng.poisson(rate), window, most=6)
    assert wide.rings >= 3
    rate = np.ones(window.count)
    for x, y in rng.uniform(300, 3700, (25, 2)):
        rate[np.hypot(middle[:, 0] - x, middle[:, 1] - y) < 110] = 12
    narrow = hotspots.choose_rings(rng.poisson(rate), window, most=6)
    assert (narrow.rings, narrow.reason) == (1, "first_peak")


def test_nothing_clustered_takes_one_ring(window):
    rng = np.random.default_rng(1)
    assert hotspots.choose_rings(np.ones(window.count), window).reason == "nothing_clustered"
    found = hotspots.choose_rings(rng.permutation(np.arange(window.count) % 4), window)
    assert (found.rings, found.reason) == (1, "nothing_clustered")


def test_nothing_to_choose_by_is_refused(window):
    with pytest.raises(InvalidInput):
        hotspots.choose_cell_size(0, 1e6)
    with pytest.raises(InvalidInput):
        hotspots.choose_rings([1, 2], window)
    with pytest.raises(InvalidInput):
        hotspots.choose_rings(np.ones(window.count), window, most=0)
