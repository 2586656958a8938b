"""Make single geometries valid, where that does not change what they say.

A polygon that touches or crosses itself in a tiny loop means what its outline says: it is mended.
A bow-tie means nothing that a program could know: it is given back with the place of the crossing.
The measure is the area: the outline's own (by the shoelace formula, where a reversed lobe counts
negative) against that of the valid form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

# A repair that changes the area by more than this share is a guess.
MOST_AREA_CHANGE = 1e-3
# Crossings of an outline with itself above which a repair is not tried: the cost of a repair grows
# with them, to minutes for a scribble, and its area would never be the outline's.
_MOST_CROSSINGS = 500
_SAMPLED_SEGMENTS = 256
_AREA = 2
_POLYGON = 3
_CLOSED_QUADRILATERAL = 5
_PLACE = re.compile(r"\[(\S+) (\S+)\]")


# Sine of the least turn at a corner that is surely a turn, far above the error of its computation.
_SURE_TURN = 1e-9


@dataclass(frozen=True)
class Mended:
    """What became of a polygon that was not valid.

    Parameters
    ----------
    geometry
        The valid form, or None where there is none that says the same.
    reason
        What was wrong, in words.
    place
        Where, in the polygon's coordinates.
    area_before, area_after
        Area of the outline and of the valid form, in square units of the coordinates.
    """

    geometry: Any | None
    reason: str
    place: tuple[float, float] | None
    area_before: float
    area_after: float


def are_valid(geometries: NDArray[Any]) -> NDArray[np.bool_]:
    """Say which geometries are valid, as `shapely.is_valid` does; None is not.

    Most buildings are convex and have four corners, which is seen from their turns alone, in a
    quarter of the time: four turns to the same side make one round.
    """
    simple = (shapely.get_type_id(geometries) == _POLYGON) & (
        shapely.get_num_coordinates(geometries) == _CLOSED_QUADRILATERAL
    )
    valid = np.zeros(len(geometries), dtype=bool)
    valid[simple] = _are_convex(shapely.get_coordinates(geometries[simple]))
    valid[~valid] = shapely.is_valid(geometries[~valid])
    return valid


def _are_convex(xy: NDArray[np.float64]) -> NDArray[np.bool_]:
    edges = np.diff(xy.reshape(-1, _CLOSED_QUADRILATERAL, 2), axis=1)
    after = np.roll(edges, -1, axis=1)
    turns = edges[..., 0] * after[..., 1] - edges[..., 1] * after[..., 0]
    length = np.hypot(edges[..., 0], edges[..., 1])
    least = _SURE_TURN * length * np.roll(length, -1, axis=1)
    return np.asarray((turns > least).all(axis=1) | (turns < -least).all(axis=1))


def mend(polygon: Any, *, most_change: float = MOST_AREA_CHANGE) -> Mended:
    """Make a polygon or multipolygon valid if its area stays within `most_change` of itself.

    Parameters
    ----------
    polygon
        Polygon or multipolygon, finite coordinates, plane.
    most_change
        Largest change of the area, as a share of the larger of the two.
    """
    said = shapely.is_valid_reason(polygon)
    found = _PLACE.search(said)
    place = (float(found[1]), float(found[2])) if found else None
    reason = _PLACE.sub("", said).strip().casefold()
    before = abs(float(shapely.area(polygon)))
    if crossings(polygon) > _MOST_CROSSINGS:
        return Mended(None, f"{reason}, hundreds of times", place, before, 0.0)
    # Rings are made valid one by one, then holes are taken from shells: an outline that runs over
    # its own inside twice keeps that inside.
    valid = shapely.make_valid(polygon, method="structure", keep_collapsed=False)
    geometry = _areas_of(valid)
    if not shapely.is_valid(geometry):
        # A crossing was rounded to the wrong side of an edge; to unite the parts nodes them again.
        geometry = _areas_of(shapely.union_all(shapely.get_parts(geometry)))
    after = float(shapely.area(geometry))
    if after == 0 or abs(after - before) > most_change * max(after, before):
        return Mended(None, reason, place, before, after)
    if not shapely.is_valid(geometry):
        return Mended(None, reason, place, before, before)
    return Mended(geometry, reason, place, before, after)


def _areas_of(geometry: Any) -> Any:
    """What a geometry has of areas: a polygon, or a multipolygon of several or none."""
    parts = shapely.get_parts(geometry)
    parts = parts[shapely.get_dimensions(parts) == _AREA]
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)


def crossings(geometry: Any) -> int:
    """Estimate how often the outlines of a geometry cross themselves and each other.

    Up to a few hundred segments are compared with all others, spread evenly: exact for a small
    outline, an estimate for a large one, never slow.
    """
    xy, ring = shapely.get_coordinates(
        shapely.get_rings(shapely.get_parts(geometry)), return_index=True
    )
    inside = ring[1:] == ring[:-1]
    start, end = xy[:-1][inside], xy[1:][inside]
    if not len(start):
        return 0
    chosen = np.unique(np.linspace(0, len(start) - 1, _SAMPLED_SEGMENTS).astype(np.int64))
    hits = sum(int(np.count_nonzero(_cross(start[i], end[i], start, end))) for i in chosen)
    # Each crossing is met from both of its segments.
    return round(hits * len(start) / len(chosen) / 2)


def _cross(
    a: NDArray[np.float64],
    b: NDArray[np.float64],
    starts: NDArray[np.float64],
    ends: NDArray[np.float64],
) -> NDArray[np.bool_]:
    """Which segments cross the segment a–b properly: each has its ends on both sides."""
    along = _turn(a, b, starts) * _turn(a, b, ends)
    across = _turn(starts, ends, a) * _turn(starts, ends, b)
    return (along < 0) & (across < 0)


def _turn(
    origin: NDArray[np.float64], target: NDArray[np.float64], point: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Sign of the turn origin → target → point: left is positive."""
    step, away = target - origin, point - origin
    return np.asarray(
        np.sign(step[..., 0] * away[..., 1] - step[..., 1] * away[..., 0]), dtype=np.float64
    )
