"""Who touches whom, along which length, and what hangs together."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gridmap.geometry.adjacency import broken_groups, components, shared_edges

SQUARES = [
    shapely.box(10 * x, 10 * y, 10 * x + 10, 10 * y + 10) for y in range(2) for x in range(3)
]  # 0 1 2 below, 3 4 5 above


def test_squares_touch_along_their_sides_and_not_at_corners():
    edges = shared_edges(SQUARES)
    pairs = set(zip(edges.first.tolist(), edges.second.tolist(), strict=True))
    assert pairs == {(0, 1), (1, 2), (3, 4), (4, 5), (0, 3), (1, 4), (2, 5)}
    assert edges.length.tolist() == [10.0] * 7
    assert edges.outer.tolist() == [20.0, 10.0, 20.0, 20.0, 10.0, 20.0]


def test_several_stretches_of_one_pair_are_one_sum():
    ring = shapely.box(0, 0, 10, 10).difference(shapely.box(4, 4, 6, 6))
    edges = shared_edges([ring, shapely.box(4, 4, 6, 6)])
    assert edges.length.tolist() == [8.0]
    assert edges.outer.tolist() == [40.0, 0.0]


def test_lengths_and_outer_edges_make_the_perimeter():
    edges = shared_edges(SQUARES)
    inner = np.bincount(edges.first, edges.length, minlength=6)
    inner += np.bincount(edges.second, edges.length, minlength=6)
    assert inner + edges.outer == pytest.approx(np.full(6, 40.0))


def test_a_group_that_meets_at_a_corner_only_is_broken():
    edges = shared_edges(SQUARES)
    diagonal = np.array([0, 1, 1, 1, 0, 1])
    assert broken_groups(edges, diagonal).tolist() == [0, 1]
    assert broken_groups(edges, np.array([0, 0, 1, 0, 1, 1])).tolist() == []


def test_components_never_join_two_groups():
    labels = components(shared_edges(SQUARES), np.array([0, 0, 1, 1, 0, 1]))
    assert labels[0] == labels[1] == labels[4]
    assert labels[2] == labels[5]
    assert len(set(labels.tolist())) == 3


def test_one_area_alone_has_no_neighbour():
    edges = shared_edges([shapely.box(0, 0, 5, 5)])
    assert len(edges.first) == 0
    assert edges.outer.tolist() == [20.0]
