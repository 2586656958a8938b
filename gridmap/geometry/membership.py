"""Which area is a point in, and which area is nearest, for many points at once.

An area is taken with its boundary, and so a point on a shared boundary is in two. Everything here
gives all of them; `first_of_each` then decides by what the caller thinks important, at last by the
id, so that the same point gets the same area every time, in any order and in any batch.

Points are arrays of shape (n, 2) in degrees, longitude before latitude; areas are polygons in
degrees.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Coordinates = NDArray[np.float64]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# Areas that share a boundary have it from the same vertices, but not always all of them: where one
# area has a vertex more, rounding to nine decimals leaves a crack of less than a tenth of a
# millimetre. A point in there belongs to who is nearest.
CRACK_DEG = 1e-8

# GRS 80: semi-major axis in metres, first eccentricity squared.
_SEMI_MAJOR_M = 6378137.0
_ECCENTRICITY_2 = 0.00669438002290


def find_members(points: Coordinates, areas: Any) -> tuple[Ints, Ints, Floats]:
    """Find all pairs of a point and an area that has it.

    Returns
    -------
    points, areas, gaps
        Numbers of points and areas, pair by pair, and how far in degrees the point is outside: 0,
        but for points that are in no area and in a crack beside one.
    """
    areas = np.asarray(areas, dtype=object)
    tree = shapely.STRtree(shapely.points(points))
    # The areas are the question: each is prepared once and asked about all points in its box.
    area, point = tree.query(areas, predicate="intersects")
    missing = np.setdiff1d(np.arange(len(points)), point)
    near = np.empty((2, 0), dtype=np.int64)
    if len(missing):
        crack = shapely.STRtree(shapely.points(points[missing]))
        near = crack.query(areas, predicate="dwithin", distance=CRACK_DEG)
    gaps = shapely.distance(shapely.points(points[missing[near[1]]]), areas[near[0]])
    return (
        np.concatenate((point, missing[near[1]])),
        np.concatenate((area, near[0])),
        np.concatenate((np.zeros(len(point)), gaps)),
    )


def find_near(points: Coordinates, areas: Any, most_m: float) -> tuple[Ints, Ints, Floats]:
    """Find all pairs of a point and an area that are at most `most_m` metres apart.

    The distance is measured on the plane that touches the ellipsoid at the point: at 100 m it is
    right to a millimetre.

    Returns
    -------
    points, areas, metres
        Numbers of points and areas, pair by pair, and how far they are apart.
    """
    areas = np.asarray(areas, dtype=object)
    if not len(points) or not len(areas):
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    scale = metres_per_degree(points[:, 1])
    reach = most_m / scale
    low, high = points - reach, points + reach
    boxes = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
    point, area = shapely.STRtree(areas).query(boxes)
    metres = _distances(points, point, areas, area, scale)
    metres[shapely.intersects_xy(areas[area], points[point, 0], points[point, 1])] = 0.0
    kept = metres <= most_m
    return point[kept], area[kept], metres[kept]


def _distances(
    points: Coordinates, point: Ints, areas: Any, area: Ints, scale: Coordinates
) -> Floats:
    """Distance in metres from the point to the boundary of the area, pair by pair.

    Segment by segment with numpy: each area is taken apart once, however many points are near it.
    """
    parts, part_area = shapely.get_parts(areas, return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    starts = np.flatnonzero(ring[1:] == ring[:-1])
    per_area = np.bincount(part_area[ring_part[ring[starts]]], minlength=len(areas))
    first = np.concatenate(([0], np.cumsum(per_area)[:-1]))
    # The segments of each pair one after the other.
    count = per_area[area]
    pair = np.repeat(np.arange(len(point)), count)
    begins = np.cumsum(count) - count
    segment = starts[first[area][pair] + np.arange(len(pair)) - begins[pair]]
    origin, stretch = points[point[pair]], scale[point[pair]]
    from_ = (corners[segment] - origin) * stretch
    along = (corners[segment + 1] - origin) * stretch - from_
    length2 = (along**2).sum(axis=1)
    share = -(from_ * along).sum(axis=1) / np.where(length2 > 0, length2, 1.0)
    nearest = from_ + np.clip(share, 0.0, 1.0)[:, None] * along
    metres = np.full(len(point), np.inf)
    filled = np.flatnonzero(count)  # an empty area has no segment and is nowhere
    if len(filled):
        squared = np.minimum.reduceat((nearest**2).sum(axis=1), begins[filled])
        metres[filled] = np.sqrt(squared)
    return metres


def first_of_each(points: Ints, *keys: NDArray[Any]) -> Ints:
    """Choose one pair for each point: the least by the first key, then by the second, and so on.

    Returns
    -------
    numbers
        Positions in the arrays given, one for each point that has a pair, in the order of points.
    """
    order = np.lexsort((*reversed(keys), points))
    _, firsts = np.unique(points[order], return_index=True)
    chosen: Ints = order[firsts]
    return chosen


def metres_per_degree(latitude: Floats) -> Coordinates:
    """Metres on the ellipsoid of a degree of longitude and of latitude, as an (n, 2) array.

    The radii of curvature of the parallel and of the meridian, times one degree.
    """
    phi = np.radians(latitude)
    flat = 1.0 - _ECCENTRICITY_2 * np.sin(phi) ** 2
    parallel_m = _SEMI_MAJOR_M / np.sqrt(flat) * np.cos(phi)
    meridian_m = _SEMI_MAJOR_M * (1.0 - _ECCENTRICITY_2) / (flat * np.sqrt(flat))
    # At the poles a degree of longitude has no length; a window there would have no end.
    both: Coordinates = np.radians(np.column_stack((np.maximum(parallel_m, 1.0), meridian_m)))
    return both
