"""Walks follow the streets, and say where they do not."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridmap.algorithms.streets import StreetGraph, build_graph, straight_walks

TOWN = np.array(
    [
        shapely.LineString([(0, 0), (1000, 0)]),
        shapely.LineString([(500, -400), (500, 400)]),  # crosses without a vertex there
        shapely.LineString([(1000, 1.5), (1000, 400)]),  # stops 1.5 m before the first street
        shapely.LineString([(5000, 5000), (5100, 5000)]),  # an island
    ]
)


@pytest.fixture(scope="module")
def town() -> StreetGraph:
    graph = build_graph(TOWN)
    assert graph is not None
    return graph


def metres(graph: StreetGraph, start: tuple[float, float], door: tuple[float, float]) -> int:
    return int(graph.walk(np.array([start]), np.array([door])).metres[0, 0])


def test_a_walk_turns_at_crossings_that_nobody_drew(town: StreetGraph) -> None:
    assert metres(town, (100.0, 0.0), (500.0, 300.0)) == 700


def test_an_end_just_before_another_street_meets_it(town: StreetGraph) -> None:
    assert metres(town, (900.0, 0.0), (1000.0, 301.5)) == pytest.approx(401, abs=1)


def test_doors_beside_the_street_walk_to_it(town: StreetGraph) -> None:
    assert metres(town, (100.0, 30.0), (300.0, -20.0)) == 250


def test_neighbours_in_one_block_need_no_street(town: StreetGraph) -> None:
    walks = town.walk(np.array([(200.0, 90.0)]), np.array([(210.0, 90.0)]))
    assert walks.metres[0, 0] == 13
    assert not walks.by_street[0, 0]


def test_an_island_and_a_far_door_are_measured_by_line(town: StreetGraph) -> None:
    walks = town.walk(np.array([(100.0, 0.0)]), np.array([(5050.0, 5000.0), (100.0, 1100.0)]))
    assert not walks.by_street.any()
    assert walks.metres[0, 1] == 1430


def test_nothing_to_walk_on_is_no_graph() -> None:
    assert build_graph(np.array([], dtype=object)) is None
    assert straight_walks(np.zeros((1, 2)), np.array([[100.0, 0.0]])).metres.tolist() == [[130]]


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_a_walk_is_the_same_back_and_never_shorter_than_the_line(data: st.DataObject) -> None:
    coordinate = st.integers(0, 40).map(lambda n: n * 25.0)
    corner = st.tuples(coordinate, coordinate)
    ends = data.draw(
        st.lists(st.tuples(corner, corner).filter(lambda e: e[0] != e[1]), min_size=1, max_size=8)
    )
    graph = build_graph(np.array([shapely.LineString(line) for line in ends]))
    assert graph is not None
    doors = np.array(data.draw(st.lists(corner, min_size=2, max_size=5)))
    walks = graph.walk(doors, doors)
    straight = np.hypot(*(doors[:, None, :] - doors[None, :, :]).transpose(2, 0, 1))
    assert (np.abs(walks.metres - walks.metres.T) <= 1).all()
    assert (walks.metres >= np.floor(straight - 1)).all()
