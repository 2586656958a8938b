"""The metric plane of a place, and the lattice that every boundary lies on.

A place measures in a transverse Mercator projection of its own: scale 1 on the central meridian
``3·round(longitude/3)``, false easting 500 km, ellipsoid GRS80. Between 75° and 135° east that is
the three-degree Gauss–Krüger zone of CGCS2000 (EPSG 4534 and following) without the zone number in
the easting. Geometries come and go as longitude, latitude and x (east), y (north), in this order.

Boundaries lie on a lattice of 2⁻⁷ m = 7.8125 mm. A power of two is exact in binary floating point,
so snapping a snapped coordinate changes no bit, here or in PostGIS. Published coordinates have
9 decimals (0.11 mm at the equator): far below half a lattice step, so a reader who projects and
snaps gets the same lattice point back, bit for bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

LATTICE_M = 2.0**-7
DECIMALS = 9

Coordinates = NDArray[np.float64]


def meridian_of(longitude: float) -> int:
    """Central meridian in degrees of the three-degree zone that a longitude falls into."""
    return 3 * round(longitude / 3)


@dataclass(frozen=True)
class LocalCRS:
    """The metric plane whose central meridian is `meridian` degrees east."""

    meridian: int

    @cached_property
    def proj4(self) -> str:
        """The projection in PROJ's words."""
        return (
            f"+proj=tmerc +lat_0=0 +lon_0={self.meridian} +k=1 +x_0=500000 +y_0=0 "
            "+ellps=GRS80 +units=m +no_defs"
        )

    @cached_property
    def _proj(self) -> pyproj.Proj:
        return pyproj.Proj(self.proj4)

    def to_metres(self, lonlat: Coordinates) -> Coordinates:
        """Project an (n, 2) array of degrees, longitude first, to metres, easting first."""
        x, y = self._proj(lonlat[:, 0], lonlat[:, 1])
        return np.column_stack((x, y))

    def to_degrees(self, xy: Coordinates) -> Coordinates:
        """Invert `to_metres`; good to a nanometre within the zone."""
        longitude, latitude = self._proj(xy[:, 0], xy[:, 1], inverse=True)
        return np.column_stack((longitude, latitude))

    def project(self, geometries: Any) -> Any:
        """Project a geometry, or an array of them, from degrees to metres."""
        return shapely.transform(geometries, self.to_metres)

    def unproject(self, geometries: Any) -> Any:
        """Project a geometry, or an array of them, from metres to degrees."""
        return shapely.transform(geometries, self.to_degrees)

    def publish(self, geometries: Any, *, decimals: int = DECIMALS) -> Any:
        """Degrees as they are written to files and tables: rounded to `decimals`."""
        return shapely.transform(geometries, lambda xy: np.round(self.to_degrees(xy), decimals))

    def receive(self, geometries: Any) -> Any:
        """Metres on the lattice, from published degrees: the inverse of `publish`."""
        return shapely.transform(geometries, lambda lonlat: snap_xy(self.to_metres(lonlat)))

    def areal_scale(self, xy: Coordinates) -> NDArray[np.float64]:
        """Area on the plane over area on the ellipsoid at points of the plane, ≥ 1."""
        lonlat = self.to_degrees(xy)
        factors = self._proj.get_factors(lonlat[:, 0], lonlat[:, 1])
        return np.asarray(factors.areal_scale, dtype=float)


def local_crs(longitude: float) -> LocalCRS:
    """The metric plane of a place at `longitude` degrees."""
    return LocalCRS(meridian_of(longitude))


def snap_xy(xy: Coordinates) -> Coordinates:
    """Move coordinates in metres to the nearest lattice points."""
    return np.round(xy / LATTICE_M) * LATTICE_M


def snap(geometries: Any) -> Any:
    """Move every vertex of one or many metric geometries to the lattice.

    The number of vertices is unchanged: what collapses is for the caller to see.
    """
    return shapely.transform(geometries, snap_xy)
