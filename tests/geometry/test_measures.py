"""Measures of areas against shapes whose measures are known."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gridmap.geometry import measures
from gridmap.geometry.crs import local_crs

SQUARE = shapely.box(0, 0, 100, 100)
DISC = shapely.Point(0, 0).buffer(100, quad_segs=90)


@given(st.floats(75, 135), st.floats(5, 53), st.floats(0.001, 0.03))
def test_the_area_on_the_plane_over_its_scale_is_the_geodesic_area(lon, lat, size):
    crs = local_crs(lon)
    degrees = shapely.segmentize(shapely.box(lon, lat, lon + size, lat + size), size / 8)
    plane = measures.ground_area_m2([crs.project(degrees)], crs)[0]
    assert plane == pytest.approx(measures.geodesic_area_m2([degrees])[0], rel=2e-6)


def test_the_direction_of_a_ring_does_not_matter_for_the_geodesic_area():
    box = shapely.box(113, 25.8, 113.01, 25.81)
    areas = measures.geodesic_area_m2([box, shapely.reverse(box)])
    assert areas[0] == pytest.approx(areas[1])
    assert areas[0] > 0


def test_a_disc_is_compact_and_a_square_less():
    assert measures.polsby_popper(DISC)[0] == pytest.approx(1, abs=1e-3)
    assert measures.polsby_popper(SQUARE)[0] == pytest.approx(np.pi / 4)
    assert measures.reock(DISC)[0] == pytest.approx(1, abs=1e-3)
    assert measures.reock(SQUARE)[0] == pytest.approx(2 / np.pi)


def test_bays_lower_the_hull_ratio_and_length_does_not():
    long = shapely.box(0, 0, 1000, 10)
    bay = SQUARE.difference(shapely.box(40, 50, 60, 100))
    assert measures.hull_ratio([long, bay]) == pytest.approx([1.0, 0.9])


def test_perimeters_count_holes():
    assert measures.perimeter_m([SQUARE, SQUARE.difference(shapely.box(40, 40, 60, 60))]) == (
        pytest.approx([400.0, 480.0])
    )


def test_deviation_is_zero_inside_the_range_and_a_share_of_the_bound_outside():
    found = measures.deviation([100, 200, 150, 80, 260], minimum=100, maximum=200)
    assert found == pytest.approx([0, 0, 0, 0.2, 0.3])
