"""Areas hang together, have the number that was asked for, and count what they should."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridmap.demo.division import Ground, IndivisibleError, Range, divide
from gridmap.demo.networks import (
    coarsened,
    divide_in_range,
    divide_to_total,
    is_whole,
    part_of,
    shares,
)
from gridmap.geometry.adjacency import broken_groups, shared_edges


def ground_of(columns, rows, weights):
    squares = np.array(
        [
            shapely.box(40 * x, 40 * y, 40 * x + 40, 40 * y + 40)
            for y in range(rows)
            for x in range(columns)
        ]
    )
    edges = shared_edges(squares)
    return Ground(
        np.asarray(weights, dtype=float), shapely.area(squares), edges, np.ones(len(edges.first))
    )


TOWN = ground_of(14, 12, np.random.default_rng(1).integers(0, 20, 168))


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 24), st.integers(0, 1000))
def test_areas_are_contiguous_and_as_many_as_asked_for(parts, seed):
    labels = divide(TOWN, parts, Range(0, 1e9), np.random.default_rng(seed))
    assert np.array_equal(np.unique(labels), np.arange(parts))
    assert broken_groups(TOWN.edges, labels).tolist() == []


@pytest.mark.parametrize("parts", [6, 12, 20])
def test_counts_are_in_range_and_outlines_compact(parts):
    mean = TOWN.weight.sum() / parts
    bounds = Range(mean * 0.75, mean * 1.3)
    labels = divide_in_range(TOWN, parts, bounds, np.random.default_rng(3))
    weight = np.bincount(labels, TOWN.weight)
    assert weight.min() >= bounds.low
    assert weight.max() <= bounds.high
    size = np.bincount(labels, TOWN.area)
    inner = labels[TOWN.edges.first] != labels[TOWN.edges.second]
    outline = np.bincount(labels, TOWN.edges.outer)
    for side in (TOWN.edges.first, TOWN.edges.second):
        outline += np.bincount(labels[side][inner], TOWN.edges.length[inner], minlength=parts)
    assert (4 * np.pi * size / outline**2).mean() > 0.45


def test_more_areas_than_atoms_are_refused():
    with pytest.raises(IndivisibleError):
        divide(ground_of(2, 1, [5, 5]), 3, Range(0, 10), np.random.default_rng(0))


def test_several_grounds_make_a_total_though_one_does_not_go_evenly():
    coarse, fine = ground_of(3, 1, [33, 33, 33]), ground_of(10, 10, np.full(100, 2))
    found = divide_to_total(
        [coarse, fine], np.array([2, 6]), Range(20, 60), np.random.default_rng(2)
    )
    counts = [int(labels.max()) + 1 for labels in found]
    assert sum(counts) == 8
    for ground, labels in zip((coarse, fine), found, strict=True):
        weight = np.bincount(labels, ground.weight)
        assert 20 <= weight.min() <= weight.max() <= 60


@given(
    st.lists(st.floats(50, 2000), min_size=1, max_size=12),
    st.integers(1, 40),
)
def test_shares_are_whole_sum_to_the_total_and_follow_the_weights(weights, more):
    total = len(weights) + more
    counts = shares(np.array(weights), total, Range(1e-9, 1e9))
    assert counts.sum() == total
    assert counts.min() >= 1


def test_shares_that_cannot_be_in_range_are_refused():
    with pytest.raises(AssertionError, match="do not fit"):
        shares(np.array([100.0, 100.0]), 7, Range(90, 200))


def test_a_part_keeps_its_outer_edges_and_a_coarse_ground_its_sums():
    atoms = np.arange(28)  # the two lowest rows
    part = part_of(TOWN, atoms)
    assert part.weight.sum() == TOWN.weight[:28].sum()
    outline = part.edges.outer.sum()
    assert outline == pytest.approx(2 * (14 * 40 + 2 * 40))
    labels = np.repeat(np.arange(12), 14)
    rows = coarsened(TOWN, labels)
    assert rows.weight.sum() == TOWN.weight.sum()
    assert rows.edges.length.tolist() == [14 * 40.0] * 11
    assert rows.edges.outer.sum() == pytest.approx(TOWN.edges.outer.sum())


def test_what_falls_apart_is_not_whole():
    assert is_whole(TOWN, np.array([0, 1, 2]))
    assert not is_whole(TOWN, np.array([0, 2]))
    assert not is_whole(TOWN, np.array([], dtype=np.int64))
