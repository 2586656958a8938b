"""Counts in cells and sparse cubes."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.algorithms import hotspots
from gridmap.errors import InvalidInput
from gridmap.geometry import cells

INCIDENTS = st.lists(
    st.tuples(
        st.one_of(st.integers(-1, 5), st.sampled_from([2**61, 2**61 + 7])),
        st.integers(-1, 4),
        st.integers(0, 3),
        st.integers(0, 4),
    ),
    max_size=40,
)


def as_counter(cube):
    columns = (cube.cell, cube.step, cube.category, cube.severity, cube.count)
    return {tuple(row[:4]): row[4] for row in zip(*(c.tolist() for c in columns), strict=True)}


def built(rows):
    cell, step, category, severity = np.array(rows, np.int64).reshape(-1, 4).T
    return hotspots.build_cube(cell, step, category=category, severity=severity)


@given(INCIDENTS)
def test_a_cube_counts_combinations_inside_the_window(rows):
    cube = built(rows)
    inside = [row for row in rows if row[0] >= 0 and row[1] >= 0]
    assert as_counter(cube) == Counter(inside)
    assert cube.total == len(inside)
    assert list(as_counter(cube)) == sorted(set(inside))


@given(INCIDENTS, INCIDENTS, INCIDENTS)
def test_cubes_of_parts_add_up_in_any_order(one, two, three):
    whole = as_counter(built([*one, *two, *three]))
    parts = [built(one), built(two), built(three)]
    assert as_counter(hotspots.merge_cubes(parts)) == whole
    nested = hotspots.merge_cubes([parts[2], hotspots.merge_cubes(parts[1::-1])])
    assert as_counter(nested) == whole


def test_no_cubes_make_an_empty_cube():
    assert hotspots.merge_cubes([]).total == 0
    assert len(hotspots.merge_cubes([built([])])) == 0


def test_counts_of_points_and_weights():
    window = cells.tessellate((0, 0, 1000, 1000), 100)
    rng = np.random.default_rng(0)
    x, y = rng.uniform(-200, 1200, (2, 5000))
    counts = hotspots.count_in_cells(window, x, y)
    at = cells.assign(window, x, y)
    assert counts.sum() == (at >= 0).sum()
    assert counts.tolist() == [int((at == cell).sum()) for cell in range(window.count)]
    weights = rng.random(5000)
    sums = hotspots.count_in_cells(window, x, y, weights=weights)
    assert sums.sum() == pytest.approx(weights[at >= 0].sum())


@given(INCIDENTS)
def test_a_table_of_counts_keeps_the_sum_of_what_is_in_it(rows):
    cube = built(rows)
    table = hotspots.dense_counts(cube, 6, 5)
    expected = Counter((c, s) for c, s, _, _ in rows if 0 <= c < 6 and s >= 0)
    assert table.sum() == sum(expected.values())
    assert all(table[place] == count for place, count in expected.items())


def test_a_table_for_chosen_cells():
    cube = hotspots.build_cube([7, 7, 3, 9], [0, 1, 1, 0])
    table = hotspots.dense_counts(cube, 2, 2, numbers=[3, 7])
    assert table.tolist() == [[0, 1], [1, 1]]
    with pytest.raises(InvalidInput):
        hotspots.dense_counts(cube, 2, 2, numbers=[7, 3])


def test_one_category_of_a_cube():
    cube = hotspots.build_cube([1, 1, 2], [0, 0, 0], category=[4, 5, 4])
    assert cube.where(cube.category == 4).cell.tolist() == [1, 2]


def test_columns_of_different_lengths_and_wild_codes_are_refused():
    with pytest.raises(InvalidInput):
        hotspots.build_cube([1, 2], [0])
    with pytest.raises(InvalidInput):
        hotspots.build_cube([1, 2], [0, 0], category=[0, 40_000])
