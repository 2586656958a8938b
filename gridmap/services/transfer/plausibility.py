"""Is the whole file where it says it is? Swapped axes, metres read as degrees, another zone.

What is wrong with most rows is wrong with the file, or with what was said about it, and is answered
once, with the option that mends it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.errors import InvalidInput
from gridmap.services.transfer.pages import Geometries
from gridmap.services.transfer.references import Reference
from gridmap.services.transfer.screening import MOST_DISTANCE_KM, Bounds, distances_km

Floats = NDArray[np.float64]
_WEST, _SOUTH, _EAST, _NORTH = 73.0, 3.0, 136.0, 54.0  # China


def check_whole(geometry: Geometries, reference: Reference, near: Bounds | None) -> None:
    """Refuse a file whose first page is mostly somewhere else.

    Parameters
    ----------
    geometry
        As it was read, in the file's coordinates.
    reference
        What the coordinates were taken for.
    near
        West, south, east, north of the place, where it has anything yet.

    Raises
    ------
    InvalidInput
        With the option that would mend it.
    """
    given = reference.as_read(geometry)
    centres = _centres(given)
    if not len(centres):
        return
    x, y = np.median(centres, axis=0)
    if reference.is_degrees:
        outside = (np.abs(centres[:, 0]) > 180) | (np.abs(centres[:, 1]) > 90)
        if np.mean(outside) > 0.5:
            raise _not_degrees(float(x), float(y), reference)
        if _in_china(y, x) and not _in_china(x, y) and y > 72:
            raise _swapped(float(x), float(y))
    elif abs(x) <= 180 and abs(y) <= 90:
        raise InvalidInput(
            f"The coordinates ({x:.6g}, {y:.6g}) look like degrees, but {reference.name} is in "
            "metres",
            hint="Name what they are with --crs EPSG:4326 or with --datum.",
        )
    if near is not None:
        _check_place(given, reference, near, (float(x), float(y)))


def _centres(geometry: Geometries) -> Floats:
    bounds = shapely.bounds(geometry)
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    return np.column_stack(((bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2))


def _in_china(longitude: float, latitude: float) -> bool:
    return _WEST < longitude < _EAST and _SOUTH < latitude < _NORTH


def _swapped(x: float, y: float) -> InvalidInput:
    return InvalidInput(
        f"The axes look swapped: {x:.6g}, {y:.6g} is no place, {y:.6g}, {x:.6g} is one in China",
        hint="Give --swap-axes if the file has latitude before longitude.",
    )


def _not_degrees(x: float, y: float, reference: Reference) -> InvalidInput:
    if abs(y) <= 180 and abs(x) <= 90:
        return InvalidInput(
            f"The axes look swapped: latitude {y:.6g} is none, longitude {y:.6g} and latitude "
            f"{x:.6g} are",
            hint="Give --swap-axes if the file has latitude before longitude.",
        )
    return InvalidInput(
        f"The coordinates ({x:,.10g}, {y:,.10g}) are no degrees of {reference.name}; they look "
        "like metres or feet of a projection",
        hint=f"Name the projection with --crs EPSG:…{_guess(x, y)}.",
    )


def _guess(x: float, y: float) -> str:
    """Which projections coordinates like these have."""
    zone, rest = divmod(x, 1e6)
    if 300_000 < y < 6_100_000 and 100_000 < rest < 900_000:
        if 25 <= zone <= 45:
            return f"; with zone number {zone:.0f} CGCS2000 is EPSG:{4513 + int(zone) - 25}"
        if 13 <= zone <= 23:
            return f"; with zone number {zone:.0f} CGCS2000 is EPSG:{4491 + int(zone) - 13}"
        if zone == 0:
            return ", for CGCS2000 in three-degree zones EPSG:4534 to 4554"
    if 8.1e6 < x < 15.2e6 and 3e5 < y < 7.2e6:
        return "; web mercator is EPSG:3857"
    return ""


def _check_place(
    given: Geometries, reference: Reference, near: Bounds, middle: tuple[float, float]
) -> None:
    if _far(reference, given, near) <= 0.5:
        return
    away = _median_distance(reference, given, near)
    if reference.is_degrees and _far(reference, _turned(given), near) < 0.1:
        raise InvalidInput(
            f"The axes look swapped: {middle[0]:.6g}, {middle[1]:.6g} lies {away:,.0f} km away "
            "from the place; latitude first it lies in it",
            hint="Give --swap-axes if the file has latitude before longitude.",
        )
    raise InvalidInput(
        f"Most of the file lies {away:,.0f} km away from the place",
        hint="Is it another place, or another reference system (--crs)? "
        f"It was taken as {reference.name}.",
    )


def _turned(geometry: Geometries) -> Any:
    return shapely.transform(geometry, lambda xy: xy[:, ::-1])


def _kilometres(reference: Reference, geometry: Geometries, near: Bounds) -> Floats:
    there = geometry[~shapely.is_missing(geometry) & ~shapely.is_empty(geometry)]
    bounds = shapely.bounds(reference.to_wgs84(reference.to_degrees(shapely.force_2d(there))))
    return distances_km(bounds[np.isfinite(bounds).all(axis=1)], near)


def _far(reference: Reference, geometry: Geometries, near: Bounds) -> float:
    distances = _kilometres(reference, geometry, near)
    return float(np.mean(distances > MOST_DISTANCE_KM)) if len(distances) else 0.0


def _median_distance(reference: Reference, geometry: Geometries, near: Bounds) -> float:
    return float(np.median(_kilometres(reference, geometry, near)))
