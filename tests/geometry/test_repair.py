"""A polygon is mended where that keeps what it says, and given back where it does not."""

from __future__ import annotations

import time

import numpy as np
import pytest
import shapely
from hypothesis import example, given
from hypothesis import strategies as st

from gridmap.geometry.repair import are_valid, crossings, mend


def star(points: int, step: int, radius: float = 100.0) -> shapely.Polygon:
    angle = np.arange(points) * step * 2 * np.pi / points
    return shapely.Polygon(np.column_stack((np.cos(angle), np.sin(angle))) * radius)


def test_a_tiny_loop_at_a_corner_is_mended_and_the_place_is_named() -> None:
    looped = shapely.Polygon([(0, 0), (100, 0), (100, 100), (0.1, 100), (0.1, 100.1), (0, 100)])
    crossed = shapely.Polygon(
        [(0, 0), (100, 0), (100, 100), (50.1, 100), (50, 100.1), (50.1, 100.1), (50, 100), (0, 100)]
    )
    assert looped.is_valid
    mended = mend(crossed)
    assert mended.geometry is not None
    assert mended.geometry.is_valid
    assert mended.reason == "self-intersection"
    assert mended.place == pytest.approx((50.05, 100.05))
    assert mended.area_after == pytest.approx(mended.area_before, rel=1e-4)


def test_a_bow_tie_is_given_back_with_the_place_of_its_crossing() -> None:
    mended = mend(shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)]))
    assert mended.geometry is None
    assert mended.place == (5, 5)


def test_a_hole_outside_its_shell_is_given_back() -> None:
    hole = [(20, 20), (30, 20), (30, 30), (20, 30)]
    assert mend(shapely.Polygon([(0, 0), (10, 0), (10, 10), (0, 10)], [hole])).geometry is None


def test_a_spike_without_area_is_cut_off() -> None:
    mended = mend(shapely.Polygon([(0, 0), (10, 0), (20, 0), (10, 0), (10, 10), (0, 10)]))
    assert mended.geometry is not None
    assert mended.geometry.equals(shapely.box(0, 0, 10, 10))


def test_a_pinched_ring_becomes_two_parts() -> None:
    mended = mend(shapely.Polygon([(0, 0), (5, 5), (10, 0), (10, 10), (5, 5), (0, 10)]))
    assert mended.geometry is not None
    assert mended.geometry.geom_type == "MultiPolygon"
    assert mended.area_after == mended.area_before == 50


def test_a_scribble_of_many_vertices_is_given_back_at_once() -> None:
    rng = np.random.default_rng(5)
    scribble = shapely.Polygon(rng.uniform(0, 1, (100_000, 2)))
    started = time.process_time()
    assert mend(scribble).geometry is None
    assert time.process_time() - started < 2


def test_crossings_are_exact_for_small_outlines() -> None:
    assert crossings(shapely.box(0, 0, 1, 1)) == 0
    assert crossings(shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])) == 1
    assert crossings(star(5, 2)) == 5
    assert crossings(shapely.MultiPolygon([star(5, 2)])) == 5


# A crossing of this one is rounded to the wrong side of an edge.
@example([(39, 4), (39, 44), (24, 49), (39, 4), (34, 30), (30, 15), (50, 48), (0, 34), (24, 49)])
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=3, max_size=12))
def test_what_is_given_is_valid_and_has_the_area_of_its_outline(points) -> None:
    mended = mend(shapely.Polygon(points))
    if mended.geometry is not None:
        assert mended.geometry.is_valid
        assert abs(mended.area_after - mended.area_before) <= 1e-3 * mended.area_after


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3, max_size=5),
        min_size=1,
        max_size=8,
    )
)
def test_what_is_seen_at_a_glance_is_what_a_closer_look_finds(rings) -> None:
    shapes = np.array([shapely.Polygon(ring) for ring in rings] + [None, shapely.Point(0, 0)])
    assert are_valid(shapes).tolist() == shapely.is_valid(shapes).tolist()


def test_all_turns_of_four_corners_are_looked_at() -> None:
    square = [(0, 0), (1, 0), (1, 1), (0, 1)]
    dart = [(0, 0), (2, 1), (0, 2), (1, 1)]
    bow_tie = [(0, 0), (1, 1), (1, 0), (0, 1)]
    flat = [(0, 0), (1, 0), (2, 0), (1, 0)]
    shapes = np.array(
        [shapely.Polygon(ring) for ring in (square, square[::-1], dart, bow_tie, flat)]
    )
    assert are_valid(shapes).tolist() == [True, True, True, False, False]
