"""Geometries of a page: checked, turned into WGS 84, and given the form of their layer.

Every test works on the whole page; a geometry that fails one is refused with that reason and not
tested further.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.geometry.repair import MOST_AREA_CHANGE, are_valid, mend
from gridmap.services.transfer.pages import Geometries, Page
from gridmap.services.transfer.references import Reference

MOST_VERTICES = 250_000
METRES_A_DEGREE = 111_320.0
_LEAST_AREA_M2 = 0.01
_LEAST_LENGTH_M = 0.01
# (0, 0) is what "no position" becomes in many programs.
_NULL_ISLAND_DEG = 0.01
# The largest buildings of the world cover 2 km².
_MOST_AREA_M2 = {"building": 5e6}
_WIDEST_DEG = 30.0
MOST_DISTANCE_KM = 100.0

Shape = Literal["Point", "LineString", "Polygon", "Geometry"]
Bounds = tuple[float, float, float, float]
_DIMENSIONS = {"Point": {0}, "LineString": {1}, "Polygon": {2}, "Geometry": {1, 2}}
_IN_WORDS = {
    "Point": "points",
    "LineString": "lines",
    "Polygon": "areas",
    "Geometry": "lines and areas",
}


@dataclass
class Screened:
    """What came through.

    Parameters
    ----------
    geometry
        In WGS 84 and in the form of the table's column; None where refused.
    degrees
        The same in the file's own datum: what the comparison with other layers starts from.
    refused
        Index → reason and place (WGS 84).
    repaired
        Index → what was done, change of the area in m², and place.
    flattened
        How many had heights or measures, which were dropped.
    """

    geometry: Geometries
    degrees: Geometries
    refused: dict[int, tuple[str, tuple[float, float] | None]] = field(default_factory=dict)
    repaired: dict[int, tuple[str, float | None, tuple[float, float] | None]] = field(
        default_factory=dict
    )
    flattened: int = 0


def screen(
    page: Page,
    *,
    shape: Shape,
    table: str,
    reference: Reference,
    near: Bounds | None,
    most_change: float = MOST_AREA_CHANGE,
) -> Screened:
    """Check the geometries of a page.

    Parameters
    ----------
    page
        As it was read.
    shape, table
        What the layer holds, and its table.
    reference
        What the coordinates are.
    near
        West, south, east, north of where features belong; those more than 100 km away are refused.
    most_change
        Largest change of an area, as a share of it, that making it valid may cause.
    """
    given = reference.as_read(page.geometry)
    work = _Work(given)
    work.refuse_each(page.faults)
    for index, what in page.repairs.items():
        work.repaired[index] = (what, None, None)
    work.refuse(shapely.is_missing(given), "has no geometry")
    work.refuse(shapely.is_empty(given), "its geometry is empty")
    _check_coordinates(work)
    deep = shapely.has_z(work.geometry) | shapely.has_m(work.geometry)
    work.geometry[deep] = shapely.force_2d(work.geometry[deep])
    counts = shapely.get_num_coordinates(work.geometry)
    work.refuse(
        counts > MOST_VERTICES, lambda i: f"has {counts[i]:,} vertices, more than {MOST_VERTICES:,}"
    )
    raw = work.geometry
    work.geometry = np.asarray(reference.to_degrees(work.geometry))
    _check_degrees(work, reference, raw)
    degrees = np.array(work.geometry, dtype=object)
    work.geometry = np.array(reference.to_wgs84(work.geometry), dtype=object)
    _check_position(work, near)
    _conform(work, shape)
    if shape != "Point":
        _make_valid(work, most_change)
        _check_size(work, table)
    degrees[shapely.is_missing(work.geometry)] = None
    return Screened(
        work.geometry,
        degrees,
        work.refused,
        work.repaired,
        int(np.count_nonzero(deep)),
    )


class _Work:
    """The geometries that are left, and what became of the others."""

    def __init__(self, geometry: Geometries) -> None:
        self.geometry = np.array(geometry, dtype=object)
        self.refused: dict[int, tuple[str, tuple[float, float] | None]] = {}
        self.repaired: dict[int, tuple[str, float | None, tuple[float, float] | None]] = {}

    def refuse(self, which: NDArray[np.bool_], reason: Any) -> None:
        """Refuse those that are not refused yet; `reason` is a text or makes one of an index."""
        for i in np.flatnonzero(which).tolist():
            if i not in self.refused:
                text = reason(i) if callable(reason) else reason
                self.refused[i] = (text, self._place(i))
                self.geometry[i] = None

    def refuse_each(self, reasons: dict[int, str]) -> None:
        """Refuse single ones."""
        for i, reason in reasons.items():
            self.refused.setdefault(i, (reason, None))
            self.geometry[i] = None

    def _place(self, index: int) -> tuple[float, float] | None:
        west, south, east, north = shapely.bounds(self.geometry[index])
        longitude, latitude = (west + east) / 2, (south + north) / 2
        if not (abs(longitude) <= 180 and abs(latitude) <= 90):
            return None
        return (round(float(longitude), 7), round(float(latitude), 7))


def _check_coordinates(work: _Work) -> None:
    if np.isfinite(shapely.get_coordinates(work.geometry)).all():
        return
    xy, owner = shapely.get_coordinates(work.geometry, return_index=True)
    wrong = np.zeros(len(work.geometry), dtype=bool)
    wrong[owner[~np.isfinite(xy).all(axis=1)]] = True
    work.refuse(wrong, "has a coordinate that is no finite number")


def _check_degrees(work: _Work, reference: Reference, raw: Geometries) -> None:
    bounds = shapely.bounds(work.geometry)
    there = ~shapely.is_missing(work.geometry)
    if not reference.is_degrees:
        lost = there & ~np.isfinite(bounds).all(axis=1)
        work.refuse(lost, lambda i: f"{_shown(raw[i])} is outside of what {reference.name} covers")
    with np.errstate(invalid="ignore"):
        longitude = there & ((bounds[:, 0] < -180) | (bounds[:, 2] > 180))
        latitude = there & ((bounds[:, 1] < -90) | (bounds[:, 3] > 90))
    work.refuse(longitude, lambda i: f"longitude {_extreme(bounds[i, 0], bounds[i, 2])} is none")
    work.refuse(latitude, lambda i: f"latitude {_extreme(bounds[i, 1], bounds[i, 3])} is none")


def _shown(geometry: Any) -> str:
    x, y = shapely.get_coordinates(geometry)[0]
    return f"{x:.10g} {y:.10g}"


def _extreme(low: float, high: float) -> str:
    return f"{max(low, high, key=abs):.10g}"


def _check_position(work: _Work, near: Bounds | None) -> None:
    bounds = shapely.bounds(work.geometry)
    with np.errstate(invalid="ignore"):
        null_island = np.all(np.abs(bounds) < _NULL_ISLAND_DEG, axis=1)
    work.refuse(null_island, "lies at 0° 0°, where a position is missing")
    if near is not None:
        away = distances_km(bounds, near)
        with np.errstate(invalid="ignore"):
            far = away > MOST_DISTANCE_KM
        work.refuse(far, lambda i: f"lies {away[i]:,.0f} km away from the place")


def distances_km(bounds: NDArray[np.float64], near: Bounds) -> NDArray[np.float64]:
    """Distance of bounding boxes (rows of west, south, east, north) from a box, in km.

    Plane, at the mean latitude: good to a few percent where it matters.
    """
    west, south, east, north = near
    with np.errstate(invalid="ignore"):
        x = np.maximum(0.0, np.maximum(west - bounds[:, 2], bounds[:, 0] - east))
        x = np.minimum(x, np.abs(360.0 - x))  # the other way round the earth
        y = np.maximum(0.0, np.maximum(south - bounds[:, 3], bounds[:, 1] - north))
        middle = np.radians((south + north + bounds[:, 1] + bounds[:, 3]) / 4)
    return np.asarray(np.hypot(x * np.cos(middle), y) * METRES_A_DEGREE / 1000)


def _conform(work: _Work, shape: Shape) -> None:
    """Points for layers of points, lines for lines, areas for areas."""
    _open_collections(work, shape)
    kinds = shapely.get_type_id(work.geometry)
    dimensions = shapely.get_dimensions(work.geometry)
    there = kinds >= 0
    wrong = there & ~np.isin(dimensions, list(_DIMENSIONS[shape]))
    names = {0: "a point", 1: "a line", 2: "an area"}
    wanted = _IN_WORDS[shape]
    work.refuse(wrong, lambda i: f"is {names[int(dimensions[i])]} in a layer of {wanted}")
    several = kinds == 4
    work.refuse(several & (shapely.get_num_geometries(work.geometry) > 1), "is several points")
    work.geometry[several] = shapely.get_geometry(work.geometry[several], 0)


def _open_collections(work: _Work, shape: Shape) -> None:
    for i in np.flatnonzero(shapely.get_type_id(work.geometry) == 7).tolist():
        parts = shapely.get_parts(shapely.get_parts(work.geometry[i]))
        dimensions = set(shapely.get_dimensions(parts).tolist())
        if len(dimensions) != 1 or not dimensions <= _DIMENSIONS[shape]:
            work.refuse_each({i: f"is a collection in a layer of {_IN_WORDS[shape]}"})
        elif dimensions == {2}:
            work.geometry[i] = shapely.multipolygons(parts)
        elif dimensions == {1}:
            work.geometry[i] = shapely.multilinestrings(parts)
        else:
            work.geometry[i] = shapely.multipoints(parts)


def _make_valid(work: _Work, most_change: float) -> None:
    areal = shapely.get_dimensions(work.geometry) == 2
    invalid = areal & ~are_valid(work.geometry)
    for i in np.flatnonzero(invalid).tolist():
        mended = mend(work.geometry[i], most_change=most_change)
        place = mended.place
        if mended.geometry is None:
            share = _change(mended.area_before, mended.area_after)
            work.refused[i] = (f"is no valid area: {mended.reason}{share}", place)
            work.geometry[i] = None
            continue
        scale = METRES_A_DEGREE**2 * np.cos(np.radians(place[1] if place else 0.0))
        change = round(float((mended.area_after - mended.area_before) * scale), 3)
        work.repaired[i] = (f"{mended.reason} mended", change, place)
        work.geometry[i] = mended.geometry


def _change(before: float, after: float) -> str:
    larger = max(before, after)
    if after == 0 or larger == 0:
        return ""
    return f"; mending it would change its area by {abs(after - before) / larger:.1%}"


def _check_size(work: _Work, table: str) -> None:
    bounds = shapely.bounds(work.geometry)
    dimensions = shapely.get_dimensions(work.geometry)
    with np.errstate(invalid="ignore"):
        squeeze = np.cos(np.radians((bounds[:, 1] + bounds[:, 3]) / 2))
        wide = np.maximum(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
        area = shapely.area(work.geometry) * METRES_A_DEGREE**2 * squeeze
        work.refuse(wide > _WIDEST_DEG, lambda i: f"is {wide[i]:.0f}° wide")
        work.refuse((dimensions == 2) & (area < _LEAST_AREA_M2), "has no area")
        lines, length = dimensions == 1, np.full(len(dimensions), np.inf)
        length[lines] = shapely.length(work.geometry[lines]) * METRES_A_DEGREE
        work.refuse(length < _LEAST_LENGTH_M, "has no length")
        largest = _MOST_AREA_M2.get(table, np.inf)
        work.refuse(area > largest, lambda i: f"covers {area[i] / 1e6:,.1f} km²: no {table}")
