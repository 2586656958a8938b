"""The metric plane of a place, its lattice, and the way to published degrees and back."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gridmap.geometry.crs import LATTICE_M, LocalCRS, local_crs, meridian_of, snap, snap_xy

LONGITUDES = st.floats(73.5, 136.5)
LATITUDES = st.floats(3, 54)


@given(LONGITUDES, LATITUDES, st.integers(-200_000, 200_000), st.integers(-200_000, 200_000))
def test_nine_decimals_bring_back_the_same_lattice_point_bit_for_bit(lon, lat, east, north):
    crs = local_crs(lon)
    around = snap_xy(crs.to_metres(np.array([[lon, lat]])))
    point = shapely.points(around + np.array([[east, north]]) * LATTICE_M)
    published = crs.publish(point)
    assert shapely.get_coordinates(crs.receive(published)).tobytes() == (
        shapely.get_coordinates(point).tobytes()
    )
    written = [float(repr(float(value))) for value in shapely.get_coordinates(published)[0]]
    assert written == [round(value, 9) for value in written]


def test_seven_decimals_do_not():
    crs = local_crs(101.24)
    grid = np.stack(np.meshgrid(np.arange(60), np.arange(60)), axis=-1).reshape(-1, 2)
    centre = snap_xy(crs.to_metres(np.array([[101.24, 25.5]])))
    points = shapely.points(centre + grid * LATTICE_M * 7)
    back = crs.receive(crs.publish(points, decimals=7))
    assert np.any(shapely.get_coordinates(back) != shapely.get_coordinates(points))


@pytest.mark.parametrize(
    ("longitude", "meridian"),
    [(101.24, 102), (113.0, 114), (110.03, 111), (119.6, 120), (100.4, 99), (75.2, 75)],
)
def test_the_meridian_is_that_of_the_three_degree_zone(longitude, meridian):
    assert meridian_of(longitude) == meridian


@pytest.mark.parametrize("meridian", [75, 102, 114, 120, 135])
def test_the_plane_is_the_gauss_kruger_zone_of_cgcs2000(meridian):
    epsg = 4534 + (meridian - 75) // 3
    oracle = pyproj.Transformer.from_crs("EPSG:4490", f"EPSG:{epsg}", always_xy=True)
    lonlat = np.array([[meridian + 0.7, 25.5], [meridian - 1.4, 40.4], [meridian, 3.2]])
    expected = np.column_stack(oracle.transform(lonlat[:, 0], lonlat[:, 1]))
    assert np.allclose(LocalCRS(meridian).to_metres(lonlat), expected, atol=1e-6)


def test_longitude_comes_first_and_east_comes_first():
    crs = LocalCRS(102)
    west, east = crs.project(shapely.points([(101.9, 25.5), (102.1, 25.5)]))
    assert shapely.get_x(west) < 500_000 < shapely.get_x(east)
    assert 2.8e6 < shapely.get_y(west) < 2.9e6


def test_arrays_of_any_geometry_are_projected_and_come_back():
    crs = LocalCRS(120)
    shapes = np.array(
        [shapely.Point(119.6, 25.95), shapely.LineString([(119.6, 25.9), (119.7, 26)])]
    )
    back = crs.unproject(crs.project(shapes))
    assert shapely.equals_exact(back, shapes, tolerance=1e-11).all()


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 5e6)), min_size=1, max_size=20))
def test_snapping_what_is_snapped_changes_no_bit(points):
    once = snap(shapely.MultiPoint(points))
    assert shapely.get_coordinates(snap(once)).tobytes() == shapely.get_coordinates(once).tobytes()
    moved = np.abs(shapely.get_coordinates(once) - np.array(points))
    assert (moved <= LATTICE_M / 2).all()


def test_the_areal_scale_is_one_on_the_meridian_and_grows_away_from_it():
    crs = LocalCRS(114)
    scale = crs.areal_scale(crs.to_metres(np.array([[114.0, 25.8], [113.0, 25.8]])))
    assert scale[0] == pytest.approx(1, abs=1e-9)
    assert scale[1] == pytest.approx(1.000248, abs=1e-6)
