"""WGS 84 ↔ GCJ-02 ↔ BD-09, for arrays.

Web maps in China are drawn in GCJ-02 (Amap, Tencent) or BD-09 (Baidu), 300–700 m away from WGS 84.
PROJ knows neither. The forward formulae are the published ones (Krasovsky 1940 ellipsoid, a
polynomial and sines of longitude − 105°, latitude − 35°); an inverse is not published, so it is
found by fixed-point iteration on the forward formula. The usual one-step inverse leaves up to a few
metres, which misplaces one point in a hundred among small grids; the iterated one leaves less than
a micrometre.

Coordinates are arrays of shape (n, 2), longitude before latitude, in degrees. Outside China the
three agree. The rule for "outside" is that of the formula itself, a box: 72.004° < longitude <
137.8347° and 0.8293° < latitude < 55.8271°. It reaches into neighbouring countries; along its edge
the shift begins abruptly, so within a kilometre of that edge no inverse is exact. CGCS2000 is equal
to WGS 84 at this accuracy.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Coordinates = NDArray[np.float64]
Datum = Literal["wgs84", "cgcs2000", "gcj02", "bd09"]
DATUMS: tuple[Datum, ...] = get_args(Datum)

_WEST, _SOUTH, _EAST, _NORTH = 72.004, 0.8293, 137.8347, 55.8271
# Krasovsky 1940: semi-major axis in metres, first eccentricity squared.
_SEMI_MAJOR_M = 6378245.0
_ECCENTRICITY_2 = 0.00669342162296594323
# Baidu's own shift, in degrees.
_BD_LONGITUDE, _BD_LATITUDE = 0.0065, 0.006
_BD_WAVE = np.pi * 3000.0 / 180.0
# A degree of latitude is 111 km: 10⁻¹¹ of it is a micrometre. Each step gains two to three digits.
_ENOUGH_DEG = 1e-11
_MOST_STEPS = 20


def is_in_china(lonlat: Coordinates) -> NDArray[np.bool_]:
    """Say for each coordinate whether the formulae shift it (a box; see the module)."""
    longitude, latitude = lonlat[:, 0], lonlat[:, 1]
    return (longitude > _WEST) & (longitude < _EAST) & (latitude > _SOUTH) & (latitude < _NORTH)


def to_wgs84(lonlat: Coordinates, datum: Datum) -> Coordinates:
    """Turn longitude and latitude in `datum` into those in WGS 84."""
    if datum == "gcj02":
        return gcj02_to_wgs84(lonlat)
    if datum == "bd09":
        return bd09_to_wgs84(lonlat)
    return lonlat


def from_wgs84(lonlat: Coordinates, datum: Datum) -> Coordinates:
    """Turn longitude and latitude in WGS 84 into those in `datum`."""
    if datum == "gcj02":
        return wgs84_to_gcj02(lonlat)
    if datum == "bd09":
        return wgs84_to_bd09(lonlat)
    return lonlat


def wgs84_to_gcj02(lonlat: Coordinates) -> Coordinates:
    """Shift WGS 84 to GCJ-02."""
    return np.where(is_in_china(lonlat)[:, None], lonlat + _gcj02_shift(lonlat), lonlat)


def gcj02_to_wgs84(lonlat: Coordinates) -> Coordinates:
    """Find the WGS 84 coordinates that `wgs84_to_gcj02` shifts to `lonlat`."""
    found = _invert(lambda guess: guess + _gcj02_shift(guess), lonlat)
    return np.where(is_in_china(lonlat)[:, None], found, lonlat)


def gcj02_to_bd09(lonlat: Coordinates) -> Coordinates:
    """Shift GCJ-02 to BD-09."""
    return np.where(is_in_china(lonlat)[:, None], _bd09(lonlat), lonlat)


def bd09_to_gcj02(lonlat: Coordinates) -> Coordinates:
    """Find the GCJ-02 coordinates that `gcj02_to_bd09` shifts to `lonlat`."""
    return np.where(is_in_china(lonlat)[:, None], _invert(_bd09, lonlat), lonlat)


def wgs84_to_bd09(lonlat: Coordinates) -> Coordinates:
    """Shift WGS 84 to BD-09."""
    shifted = _bd09(lonlat + _gcj02_shift(lonlat))
    return np.where(is_in_china(lonlat)[:, None], shifted, lonlat)


def bd09_to_wgs84(lonlat: Coordinates) -> Coordinates:
    """Find the WGS 84 coordinates that `wgs84_to_bd09` shifts to `lonlat`."""
    in_gcj02 = _invert(_bd09, lonlat)
    found = _invert(lambda guess: guess + _gcj02_shift(guess), in_gcj02)
    return np.where(is_in_china(lonlat)[:, None], found, lonlat)


def _invert(forward: Callable[[Coordinates], Coordinates], shifted: Coordinates) -> Coordinates:
    guess = shifted
    for _ in range(_MOST_STEPS):
        step = forward(guess) - shifted
        guess = guess - step
        if not np.any(np.abs(step) > _ENOUGH_DEG):
            break
    return guess


def _gcj02_shift(lonlat: Coordinates) -> Coordinates:
    """What GCJ-02 adds to WGS 84, in degrees."""
    x, y = lonlat[:, 0] - 105.0, lonlat[:, 1] - 35.0
    # Both directions share the long waves along the longitude, and the cross terms.
    root, product = np.sqrt(np.abs(x)), x * y
    wave = 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * product + 0.2 * root
    north_m += (wave + 20.0 * np.sin(np.pi * y) + 40.0 * np.sin(np.pi / 3.0 * y)) * 2.0 / 3.0
    north_m += (160.0 * np.sin(np.pi / 12.0 * y) + 320.0 * np.sin(np.pi / 30.0 * y)) * 2.0 / 3.0
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * product + 0.1 * root
    east_m += (wave + 20.0 * np.sin(np.pi * x) + 40.0 * np.sin(np.pi / 3.0 * x)) * 2.0 / 3.0
    east_m += (150.0 * np.sin(np.pi / 12.0 * x) + 300.0 * np.sin(np.pi / 30.0 * x)) * 2.0 / 3.0
    latitude = np.radians(lonlat[:, 1])
    magic = 1.0 - _ECCENTRICITY_2 * np.sin(latitude) ** 2
    # Radii of curvature: of the meridian, and of the parallel.
    meridian_m = _SEMI_MAJOR_M * (1.0 - _ECCENTRICITY_2) / (magic * np.sqrt(magic))
    parallel_m = _SEMI_MAJOR_M / np.sqrt(magic) * np.cos(latitude)
    return np.degrees(np.column_stack((east_m / parallel_m, north_m / meridian_m)))


def _bd09(lonlat: Coordinates) -> Coordinates:
    longitude, latitude = lonlat[:, 0], lonlat[:, 1]
    radius = np.hypot(longitude, latitude) + 0.00002 * np.sin(latitude * _BD_WAVE)
    angle = np.arctan2(latitude, longitude) + 0.000003 * np.cos(longitude * _BD_WAVE)
    return np.column_stack(
        (radius * np.cos(angle) + _BD_LONGITUDE, radius * np.sin(angle) + _BD_LATITUDE)
    )
