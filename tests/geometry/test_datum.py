"""GCJ-02 and BD-09 agree with two independent packages, and come back to below a millimetre."""

from __future__ import annotations

import time
import warnings

import coord_convert.transform as coord_convert
import hypothesis.strategies as st
import numpy as np
import prcoords
import pytest
from hypothesis import given

from gridmap.geometry import datum

METRES_A_DEGREE = 111_320.0
# Not within a kilometre or two of the box's edge, where the shift begins abruptly.
inside = st.tuples(
    st.floats(72.1, 137.7, allow_subnormal=False), st.floats(0.9, 55.7, allow_subnormal=False)
)
PAIRS = [
    (datum.wgs84_to_gcj02, datum.gcj02_to_wgs84),
    (datum.gcj02_to_bd09, datum.bd09_to_gcj02),
    (datum.wgs84_to_bd09, datum.bd09_to_wgs84),
]


def points(count: int) -> np.ndarray:
    rng = np.random.default_rng(20261031)
    return np.column_stack((rng.uniform(73, 137, count), rng.uniform(1, 55, count)))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (datum.wgs84_to_gcj02, coord_convert.wgs2gcj),
        (datum.wgs84_to_bd09, coord_convert.wgs2bd),
        (datum.gcj02_to_bd09, coord_convert.gcj2bd),
    ],
)
def test_forward_agrees_with_coord_convert(ours, theirs) -> None:
    lonlat = points(500)
    expected = np.array(
        [theirs(float(longitude), float(latitude)) for longitude, latitude in lonlat]
    )
    np.testing.assert_allclose(ours(lonlat), expected, rtol=0, atol=1e-10)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (datum.wgs84_to_gcj02, prcoords.wgs_gcj),
        (datum.wgs84_to_bd09, prcoords.wgs_bd),
        (datum.gcj02_to_bd09, prcoords.gcj_bd),
    ],
)
def test_forward_agrees_with_prcoords(ours, theirs) -> None:
    lonlat = points(500)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # prcoords warns about borders
        expected = np.array([theirs((float(lat), float(lon)))[::-1] for lon, lat in lonlat])
    np.testing.assert_allclose(ours(lonlat), expected, rtol=0, atol=1e-10)


def test_the_iterated_inverse_agrees_with_that_of_prcoords() -> None:
    lonlat = points(200)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = np.array(
            [prcoords.gcj_wgs_bored((float(lat), float(lon)))[::-1] for lon, lat in lonlat]
        )
    # prcoords stops a centimetre away; ours goes on.
    np.testing.assert_allclose(datum.gcj02_to_wgs84(lonlat), expected, rtol=0, atol=1e-7)


@pytest.mark.parametrize(("forward", "inverse"), PAIRS)
@given(lonlat=st.lists(inside, min_size=1, max_size=5))
def test_the_round_trip_is_below_a_millimetre(forward, inverse, lonlat) -> None:
    there = np.array(lonlat)
    error = np.abs(inverse(forward(there)) - there) * METRES_A_DEGREE
    assert error.max() < 1e-3


@pytest.mark.parametrize(("forward", "inverse"), PAIRS)
@pytest.mark.parametrize("place", [(-0.13, 51.5), (151.2, -33.9), (72.0, 30.0), (100.0, 56.0)])
def test_outside_china_nothing_moves(forward, inverse, place) -> None:
    there = np.array([place])
    assert np.array_equal(forward(there), there)
    assert np.array_equal(inverse(there), there)


def test_the_shift_is_the_known_one_at_the_bund() -> None:
    shift = datum.wgs84_to_gcj02(np.array([[121.4905, 31.2405]])) - [[121.4905, 31.2405]]
    east, north = shift[0] * METRES_A_DEGREE * [np.cos(np.radians(31.24)), 1.0]
    assert 400 < east < 450
    assert -230 < north < -190


def test_by_name_every_datum_goes_there_and_back() -> None:
    lonlat = points(50)
    for name in datum.DATUMS:
        back = datum.to_wgs84(datum.from_wgs84(lonlat, name), name)
        np.testing.assert_allclose(back, lonlat, rtol=0, atol=1e-9)


def test_at_least_300_000_points_a_second() -> None:
    shifted = datum.wgs84_to_bd09(points(100_000))
    spent = []
    for _ in range(3):
        started = time.process_time()
        datum.bd09_to_wgs84(shifted)
        spent.append(time.process_time() - started)
    assert 100_000 / min(spent) > 300_000
