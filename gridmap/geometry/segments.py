"""The directed segments of polygons' rings, as arrays of whole numbers.

Shells run counterclockwise and holes clockwise, so that the inside is always on the left. Points
are compared as whole numbers of a `unit` (the lattice in metres, or 10⁻⁹ degrees): equality of
coordinates is then exact and needs no tolerance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Segments:
    """Directed segments: point numbers of start and end, and the polygon that each belongs to."""

    start: Ints
    end: Ints
    owner: Ints
    points: Ints  # (n, 2) whole numbers of the unit, relative to `origin`
    origin: Ints
    unit: float

    def coordinates(self, numbers: Ints) -> NDArray[np.float64]:
        """Coordinates of points by number, as they were given."""
        whole = self.points[numbers] + self.origin
        return whole.astype(np.float64) * self.unit

    @property
    def forward_keys(self) -> Ints:
        """One number for each ordered pair of points."""
        return self.start * np.int64(len(self.points)) + self.end

    @property
    def backward_keys(self) -> Ints:
        """The key of each segment's reverse."""
        return self.end * np.int64(len(self.points)) + self.start

    def lengths(self) -> NDArray[np.float64]:
        """Lengths in the unit of the coordinates."""
        delta = (self.points[self.end] - self.points[self.start]) * self.unit
        return np.asarray(np.hypot(delta[:, 0], delta[:, 1]), dtype=np.float64)


def directed_segments(polygons: Any, *, unit: float) -> Segments:
    """Take polygons or multipolygons apart into directed segments.

    Parameters
    ----------
    polygons
        One-dimensional array of polygonal geometries; rings may run in any direction.
    unit
        Size of the grid that all coordinates lie on, in their own unit.
    """
    polygons = np.atleast_1d(np.asarray(polygons, dtype=object))
    parts, part_owner = shapely.get_parts(shapely.orient_polygons(polygons), return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    xy, point_ring = shapely.get_coordinates(rings, return_index=True)
    whole = np.round(xy / unit).astype(np.int64)
    origin = whole.min(axis=0) if len(whole) else np.zeros(2, dtype=np.int64)
    points, number = np.unique(whole - origin, axis=0, return_inverse=True)
    number = number.reshape(-1).astype(np.int64)
    same_ring = point_ring[1:] == point_ring[:-1]
    start, end = number[:-1][same_ring], number[1:][same_ring]
    owner = part_owner[ring_part[point_ring[:-1][same_ring]]].astype(np.int64)
    moved = start != end
    return Segments(start[moved], end[moved], owner[moved], points, origin, unit)
