"""Which area has a point, and which is near."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gridmap.geometry.membership import (
    CRACK_DEG,
    find_members,
    find_near,
    first_of_each,
    metres_per_degree,
)

SQUARES = [shapely.box(100 + x, 25 + y, 101 + x, 26 + y) for y in range(3) for x in range(3)]


def members(*points: tuple[float, float], areas: list = SQUARES) -> list[tuple[int, int]]:
    point, area, _ = find_members(np.array(points, dtype=float).reshape(-1, 2), areas)
    return sorted(zip(point.tolist(), area.tolist(), strict=True))


def test_a_point_inside_has_one_area() -> None:
    assert members((100.5, 25.5), (102.5, 27.5)) == [(0, 0), (1, 8)]


def test_a_point_on_a_shared_edge_has_both_and_on_a_corner_all_four() -> None:
    assert members((101, 25.5)) == [(0, 0), (0, 1)]
    assert members((101, 26)) == [(0, 0), (0, 1), (0, 3), (0, 4)]


def test_a_point_outside_has_none() -> None:
    assert members((99, 25.5), (100.5, 28 + 2 * CRACK_DEG)) == []


def test_a_hole_is_outside() -> None:
    ring = shapely.box(0, 0, 3, 3).difference(shapely.box(1, 1, 2, 2))
    assert members((1.5, 1.5), (0.5, 0.5), areas=[ring]) == [(1, 0)]


def test_no_points_or_no_areas_is_no_pair() -> None:
    assert members() == []
    assert members((1, 1), areas=[]) == []


def test_a_point_in_a_crack_belongs_to_who_is_beside_it() -> None:
    crack = CRACK_DEG / 4
    areas = [shapely.box(0, 0, 1, 1), shapely.box(1 + 2 * crack, 0, 2, 1)]
    point, area, gap = find_members(np.array([[1 + crack / 2, 0.5], [0.5, 0.5]]), areas)
    found = dict(zip(zip(point.tolist(), area.tolist(), strict=True), gap, strict=True))
    assert set(found) == {(0, 0), (0, 1), (1, 0)}
    assert found[0, 0] < found[0, 1]
    assert found[1, 0] == 0


@given(
    st.lists(
        st.tuples(st.integers(0, 12), st.integers(0, 12)).map(
            lambda corner: (100 + corner[0] / 4, 25 + corner[1] / 4)
        ),
        min_size=1,
        max_size=30,
    ),
    st.randoms(use_true_random=False),
)
def test_a_point_gets_the_same_area_in_any_batch_and_any_order(points, random) -> None:
    def choose(batch: list, order: list[int]) -> list[int]:
        areas = [SQUARES[number] for number in order]
        ids = np.array(order)
        point, area, gap = find_members(np.array(batch), areas)
        chosen = first_of_each(point, gap, ids[area])
        assert point[chosen].tolist() == list(range(len(batch))), "one area each, none without"
        return ids[area[chosen]].tolist()

    straight = choose(points, list(range(9)))
    assert straight == [choose([point], list(range(9)))[0] for point in points]
    shuffled = list(range(9))
    random.shuffle(shuffled)
    assert choose(points, shuffled) == straight


def test_first_of_each_goes_by_the_keys_in_turn() -> None:
    points = np.array([1, 0, 1, 0, 1])
    first = np.array([1, 2, 1, 1, 2])
    second = np.array([9, 1, 3, 4, 0])
    assert first_of_each(points, first, second).tolist() == [3, 2]


@pytest.mark.parametrize("latitude", [0.0, 25.5, 39.9, 53.5, -33.9])
def test_a_degree_has_its_length_on_the_ellipsoid(latitude: float) -> None:
    geod = pyproj.Geod(ellps="GRS80")
    east, north = metres_per_degree(np.array([latitude]))[0]
    step = 1e-4
    assert geod.inv(100, latitude, 100 + step, latitude)[2] == pytest.approx(east * step, rel=1e-7)
    half = step / 2
    assert geod.inv(100, latitude - half, 100, latitude + half)[2] == pytest.approx(
        north * step, rel=1e-7
    )


@pytest.mark.parametrize("latitude", [0.0, 25.5, 39.9, 53.5])
def test_a_distance_is_right_to_a_millimetre(latitude: float) -> None:
    geod = pyproj.Geod(ellps="GRS80")
    here = np.array([[101.24, latitude]])
    for azimuth in range(0, 360, 30):
        lon, lat, _ = geod.fwd(101.24, latitude, azimuth, 29.0)
        house = shapely.Point(lon, lat).buffer(1e-9)
        _, _, metres = find_near(here, [house], 30)
        assert metres == pytest.approx([29.0], abs=1e-3)
        assert len(find_near(here, [house], 28.9)[0]) == 0


def test_near_areas_are_those_within_reach_and_inside_is_zero() -> None:
    step = 1 / metres_per_degree(np.array([25.0]))[0]
    house = shapely.box(100, 25, 100 + 20 * step[0], 25 + 20 * step[1])
    points = np.array(
        [
            [100 + 10 * step[0], 25 + 10 * step[1]],
            [100 - 10 * step[0], 25 + 10 * step[1]],
            [100 - 31 * step[0], 25],
            [100 - 25 * step[0], 25 - 25 * step[1]],  # in the box, beyond the reach
        ]
    )
    point, area, metres = find_near(points, [house], 30)
    assert (point.tolist(), area.tolist()) == ([0, 1], [0, 0])
    assert metres == pytest.approx([0, 10], abs=1e-3)


def test_distances_are_those_of_geos_for_areas_of_any_shape() -> None:
    rng = np.random.default_rng(3)
    metre = 1 / metres_per_degree(np.array([25.0]))[0]
    place = np.array([100.0, 25.0])

    def blob(x: float, y: float, size: float) -> shapely.Polygon:
        ring = shapely.Point(x, y).buffer(size, quad_segs=3)
        return ring.difference(shapely.Point(x, y).buffer(size / 3, quad_segs=2))

    areas = [
        shapely.MultiPolygon([blob(x, y, 10), blob(x + 30, y, 5)])
        for x, y in rng.uniform(-50, 50, (20, 2))
    ]
    areas += [shapely.Polygon(), shapely.box(0, 0, 5, 5)]
    points = rng.uniform(-60, 60, (50, 2))
    expected = shapely.distance(shapely.points(points)[:, None], np.array(areas)[None, :])
    in_degrees = shapely.transform(np.array(areas, dtype=object), lambda xy: xy * metre + place)
    point, area, metres = find_near(points * metre + place, in_degrees, 30)
    found = np.full(expected.shape, np.inf)
    found[point, area] = metres
    near = np.nan_to_num(expected, nan=np.inf) <= 30 - 1e-3
    assert near.sum() > 100
    assert np.isfinite(found[near]).all()
    # The scale is that of the point's own latitude, some centimetres away from 25 degrees.
    assert np.abs(found[near] - expected[near]).max() < 1e-3
    assert (found[np.nan_to_num(expected, nan=np.inf) > 30 + 1e-3] == np.inf).all()


def test_the_areas_of_the_caller_stay_as_they_are() -> None:
    house = shapely.box(100, 25, 100.0001, 25.0001)
    before = house.wkb
    find_near(np.array([[100.0, 25.0]]), [house], 30)
    assert house.wkb == before
