"""Footprints lie on their parcel, clear of each other, and rows face south."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely import affinity

from gridmap.demo.curves import cut, grain, smooth
from gridmap.demo.layouts import fit, houses, lots, shops, slabs, towers
from gridmap.demo.subdivision import Habit, subdivide

PARCEL = affinity.rotate(shapely.box(0, 0, 230, 180), 12)
SLANTED = shapely.Polygon([(0, 0), (260, 30), (220, 190), (90, 160), (20, 210)])


def stand_apart(plans, metres):
    first, second = shapely.STRtree(plans).query(plans, predicate="dwithin", distance=metres)
    return np.array_equal(first, second)


@pytest.mark.parametrize("parcel", [PARCEL, SLANTED])
@pytest.mark.parametrize("seed", range(4))
def test_slabs_stand_on_the_parcel_in_rows_that_turn_with_it(parcel, seed):
    found, lanes = slabs(parcel, np.random.default_rng(seed), floors=(6, 7))
    plans = np.array([f.polygon for f in found])
    assert len(found) >= 4
    assert shapely.contains(parcel.buffer(0.01), plans).all()
    assert stand_apart(plans, 5)
    assert len({round(f.angle, 3) for f in found}) == 1
    assert abs(found[0].angle) <= 25
    for f in found:
        assert 2 <= f.units <= 5
        assert f.polygon.area == pytest.approx(f.units * 14 * 12.5, rel=0.16)
    assert not any(lane.intersects(plan) for lane in lanes for plan in plans)


def test_no_slab_has_more_units_than_asked_for():
    found, _ = slabs(PARCEL, np.random.default_rng(1), floors=(6, 6), most_units=3)
    assert max(f.units for f in found) == 3


def test_rows_of_high_slabs_stand_further_apart():
    low, _ = slabs(PARCEL, np.random.default_rng(2), floors=(5, 5))
    high, _ = slabs(PARCEL, np.random.default_rng(2), floors=(17, 17))
    assert len(high) < len(low)


def test_towers_stand_apart_and_have_one_stair():
    found = towers(PARCEL, np.random.default_rng(3), floors=(18, 24))
    plans = np.array([f.polygon for f in found])
    assert len(found) >= 6
    assert stand_apart(plans, 12)
    assert shapely.contains(PARCEL.buffer(0.01), plans).all()
    assert all(f.units == 1 and 18 <= f.floors <= 24 for f in found)


@pytest.mark.parametrize("yard", [0.0, 1.0])
def test_houses_fill_their_lots_and_never_touch(yard):
    rng = np.random.default_rng(4)
    found = houses(SLANTED, rng, lot_m2=200 + 300 * yard, floors=(2, 3), yard=yard)
    plans = np.array([f.polygon for f in found])
    assert len(found) > 25
    assert shapely.contains(SLANTED, plans).all()
    assert stand_apart(plans, 1.0)
    assert shapely.area(plans).min() >= 38


def test_lots_make_their_parcel():
    pieces = lots(SLANTED, 250, np.random.default_rng(5))
    assert sum(piece.area for piece in pieces) == pytest.approx(SLANTED.area, rel=1e-6)


def test_shops_line_the_street_and_leave_gaps():
    street = shapely.LineString([(-20, -25), (260, -25)])
    parcel = shapely.box(0, -10, 240, 120)
    found = shops(parcel, street, 20, np.random.default_rng(6))
    plans = np.array([f.polygon for f in found])
    assert len(found) >= 3
    assert stand_apart(plans, 5)
    assert all(street.distance(plan) < 25 for plan in plans)


def test_a_shape_goes_to_the_wanted_corner_and_keeps_clear():
    parcel = shapely.box(0, 0, 100, 100)
    hall = shapely.box(-15, -10, 15, 10)
    first = fit(parcel, hall, 0.0, [], towards=(1, 1))
    assert first.bounds[2] > 95
    assert first.bounds[3] > 95
    second = fit(parcel, hall, 0.0, [first], towards=(1, 1), clear_m=8)
    assert second.distance(first) >= 8 - 1e-9
    assert fit(parcel, shapely.box(-60, -60, 60, 60), 0.0, []) is None


@pytest.mark.parametrize("seed", range(6))
def test_subdivision_makes_its_face_again_and_leaves_no_narrow_piece(seed):
    face = affinity.rotate(shapely.box(0, 0, 420, 300), 20)
    habit = Habit(9000, narrow=50)
    pieces, lines = subdivide(face, habit, np.random.default_rng(seed))
    assert len(pieces) == len(lines) + 1 >= 6
    assert sum(piece.area for piece in pieces) == pytest.approx(face.area, rel=1e-6)
    for piece in pieces:
        xy = shapely.get_coordinates(shapely.oriented_envelope(piece))
        assert min(np.linalg.norm(np.diff(xy[:3], axis=0), axis=1)) >= 50


def test_a_spline_goes_through_its_points_and_keeps_its_ends():
    points = np.array([(0, 0), (100, 40), (180, -30), (300, 10)], dtype=float)
    line = shapely.LineString(smooth(points))
    assert all(line.distance(shapely.Point(p)) < 0.7 for p in points)
    assert line.coords[0] == (0, 0)
    assert line.coords[-1] == (300, 10)


def test_a_line_that_ends_on_the_outline_still_cuts():
    box = shapely.box(0, 0, 10, 10)
    assert len(cut(box, shapely.LineString([(0, 5), (10, 5)]))) == 2


def test_the_grain_of_a_turned_box_is_its_turn():
    assert grain(affinity.rotate(shapely.box(0, 0, 40, 10), 30)) == pytest.approx(30)
    assert grain(affinity.rotate(shapely.box(0, 0, 40, 10), 100)) == pytest.approx(10)
