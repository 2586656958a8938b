"""Neighbour lists as compressed rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.algorithms import hotspots
from gridmap.errors import InvalidInput
from gridmap.geometry import cells


def rows_of(neighbours):
    return [
        neighbours.members[start:end].tolist()
        for start, end in zip(neighbours.starts[:-1], neighbours.starts[1:], strict=True)
    ]


@given(
    shape=st.sampled_from(["hexagon", "square"]),
    rings=st.integers(1, 3),
    south=st.floats(-300, 300),
)
def test_neighbours_of_cells_are_those_whose_centres_are_near(shape, rings, south):
    window = cells.tessellate((0, south, 800, south + 700), 100, shape=shape)
    found = rows_of(hotspots.cell_neighbours(window, rings=rings))
    centres = cells.centres(window)
    apart = np.abs(centres[:, None] - centres)
    if shape == "square":
        near = apart.max(axis=2) < 100 * rings + 1
    else:
        # Rings of hexagons are hexagons: the distance in three directions.
        up = apart[..., 1] / window.row_height_m
        near = np.maximum(up, apart[..., 0] / 100 + up / 2) < rings + 0.1
    expected = [
        [j for j in np.flatnonzero(near[i]).tolist() if j != i] for i in range(window.count)
    ]
    assert found == expected


def test_rook_neighbours_do_not_touch_at_corners():
    window = cells.tessellate((0, 0, 400, 400), 100, shape="square")
    degrees = hotspots.cell_neighbours(window, corners=False).degrees
    assert degrees.max() == 4
    assert degrees.min() == 2


def test_cells_that_take_part_in_any_order():
    window = cells.tessellate((0, 0, 800, 700), 100)
    rng = np.random.default_rng(2)
    some = rng.permutation(window.count)[:30]
    whole = rows_of(hotspots.cell_neighbours(window))
    part = rows_of(hotspots.cell_neighbours(window, some))
    at = {int(cell): place for place, cell in enumerate(some)}
    assert part == [sorted(at[j] for j in whole[cell] if j in at) for cell in some.tolist()]


def test_sums_take_weights_and_empty_rows():
    lists = hotspots.neighbours_from_pairs(4, [0, 2, 2], [2, 0, 3], [0.5, 2.0, 3.0])
    assert lists.sums(np.array([1.0, 10.0, 100.0, 1000.0])).tolist() == [50, 0, 3002, 0]
    assert lists.degrees.tolist() == [1, 0, 2, 0]
    plain = hotspots.Neighbours(lists.starts, lists.members)
    sums = plain.sums(np.array([1, 10, 100, 1000]))
    assert sums.tolist() == [100, 0, 1001, 0]
    assert sums.dtype.kind == "i"


def test_row_standardised_weights_sum_to_one_or_nothing():
    lists = hotspots.neighbours_from_pairs(4, [0, 2, 2], [2, 0, 3])
    assert hotspots.row_standardised(lists).weight_sums()[0].tolist() == [1, 0, 1, 0]


@given(st.integers(0, 2**31), st.integers(2, 60), st.floats(1, 60))
def test_neighbours_within_a_distance_are_all_of_them(seed, count, distance):
    x, y = np.random.default_rng(seed).integers(0, 50, (2, count)).astype(float)
    apart = np.hypot(x[:, None] - x, y[:, None] - y)
    near = (apart <= distance) & ~np.eye(count, dtype=bool)
    assert rows_of(hotspots.neighbours_within(x, y, distance)) == [
        np.flatnonzero(row).tolist() for row in near
    ]


@given(st.integers(0, 2**31), st.integers(3, 60), st.integers(1, 5))
def test_nearest_neighbours_are_the_nearest(seed, count, k):
    k = min(k, count - 1)
    x, y = np.random.default_rng(seed).random((2, count))
    apart = np.hypot(x[:, None] - x, y[:, None] - y) + np.diag(np.full(count, np.inf))
    expected = [sorted(row.argsort()[:k].tolist()) for row in apart]
    assert rows_of(hotspots.nearest_neighbours(x, y, k)) == expected


@pytest.mark.parametrize(
    ("first", "second"), [([0], [0]), ([0, 0], [1, 1]), ([0], [9]), ([-1], [0]), ([0, 1], [1])]
)
def test_pairs_that_make_no_list_are_refused(first, second):
    with pytest.raises(InvalidInput):
        hotspots.neighbours_from_pairs(3, first, second)


def test_rings_and_counts_have_limits():
    window = cells.tessellate((0, 0, 400, 400), 100)
    with pytest.raises(InvalidInput):
        hotspots.cell_neighbours(window, rings=0)
    with pytest.raises(InvalidInput):
        hotspots.nearest_neighbours([0, 1], [0, 1], 2)
    with pytest.raises(InvalidInput):
        hotspots.neighbours_within([0, 1], [0, 1], -1)
