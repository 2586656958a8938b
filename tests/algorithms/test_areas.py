"""Points are cut into balanced areas that do not overlap."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridmap.algorithms.areas import cut_points
from gridmap.errors import InvalidInput


@given(st.integers(1, 60), st.integers(1, 6), st.integers(0, 10))
@settings(max_examples=80, deadline=None)
def test_every_point_is_in_one_area_and_the_sizes_differ_by_one(n: int, k: int, seed: int) -> None:
    k = min(n, k)
    xy = np.random.default_rng(seed).normal(0, 500, (n, 2))
    found = cut_points(xy, k, seed=seed)
    sizes = np.bincount(found.area, minlength=k)
    assert sizes.sum() == n
    assert sizes.max() - sizes.min() <= 1


@given(st.integers(4, 60), st.integers(2, 6), st.integers(0, 10))
@settings(max_examples=60, deadline=None)
def test_the_cells_do_not_overlap_fill_the_ground_and_hold_their_points(
    n: int, k: int, seed: int
) -> None:
    k = min(n, k)
    xy = np.random.default_rng(seed).normal(0, 500, (n, 2))
    ground = shapely.MultiPoint(xy).convex_hull.buffer(100)
    found = cut_points(xy, k, seed=seed)
    cells = found.cells(ground)
    assert sum(cell.area for cell in cells) == pytest.approx(ground.area, rel=1e-9)
    for one, other in itertools.combinations(cells, 2):
        # On a grid of a micrometre: without one, overlay of edges that nearly coincide may fail.
        assert shapely.intersection(one, other, grid_size=1e-6).area < 1e-2
    for number, cell in enumerate(cells):
        assert shapely.dwithin(shapely.points(xy[found.area == number]), cell, 0.01).all()


def test_the_same_seed_gives_the_same_areas() -> None:
    xy = np.random.default_rng(3).random((50, 2)) * 1000
    one, other = cut_points(xy, 3, seed=7), cut_points(xy, 3, seed=7)
    assert one.area.tolist() == other.area.tolist()
    assert one.weight.tolist() == other.weight.tolist()


@pytest.mark.parametrize("k", [0, 6, -1])
def test_an_impossible_number_of_areas_is_refused(k: int) -> None:
    with pytest.raises(InvalidInput, match="cannot be cut"):
        cut_points(np.zeros((5, 2)), k)


def test_points_on_one_spot_are_cut_all_the_same() -> None:
    assert np.bincount(cut_points(np.zeros((5, 2)), 2).area).tolist() in ([2, 3], [3, 2])


def test_a_point_without_a_place_is_named() -> None:
    with pytest.raises(InvalidInput) as caught:
        cut_points(np.array([[0.0, 0], [np.inf, 1]]), 1)
    assert caught.value.faults[0].row == 2
