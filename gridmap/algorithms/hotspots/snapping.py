"""Streets as a graph, and incidents on it: what `network_density` wants to know."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from gridmap.algorithms.hotspots import kernels
from gridmap.algorithms.hotspots.arrays import Floats, Integers, as_points, as_positive, refuse

_SAME_M = 0.01  # ends nearer than this are one crossing
_BOXES_PER_REACH = 4.0


@dataclass(frozen=True)
class StreetGraph:
    """Streets cut at every crossing; arrays of shape (streets,).

    Parameters
    ----------
    first, second
        Numbers of the crossings at both ends.
    length_m
        Length in metres.
    lines
        The streets as LineStrings, from `first` to `second`.
    """

    first: Integers
    second: Integers
    length_m: Floats
    lines: npt.NDArray[np.object_]


@dataclass(frozen=True)
class SnappedIncidents:
    """Incidents on their nearest streets.

    Parameters
    ----------
    incident
        Numbers of the m incidents that a street is near to, ascending.
    edge, offset_m
        Street of each, and how far along it in metres; shape (m,).
    distance_m
        How far each was moved, in metres; shape (m,).
    unsnapped
        Numbers of the incidents without a street within reach: a park, a field, a wrong address.
        They are in no density along streets, and an answer has to say how many they are.
    """

    incident: Integers
    edge: Integers
    offset_m: Floats
    distance_m: Floats
    unsnapped: Integers


def street_graph(lines: npt.ArrayLike) -> StreetGraph:
    """Cut streets where they meet, and number their crossings.

    Lines that cross are cut there, whether or not they share a vertex: a bridge counts as a
    crossing where the data do not say its level. Doubled stretches are kept once.

    Parameters
    ----------
    lines
        LineStrings or MultiLineStrings in metres.

    Raises
    ------
    InvalidInput
        Something else than lines, or coordinates that are not finite.
    """
    given = np.atleast_1d(np.asarray(lines, dtype=object)).ravel()
    kinds = shapely.get_type_id(given)
    if not np.isin(kinds, (1, 5)).all() or not np.isfinite(shapely.get_coordinates(given)).all():
        raise refuse(
            "Streets are lines in metres.",
            field="lines",
            reason="no line, or a coordinate that is not finite",
            hint="Give LineStrings; leave out what is empty or missing.",
        )
    parts = shapely.get_parts(shapely.union_all(given)) if given.size else given
    parts = parts[shapely.length(parts) > _SAME_M]
    ends = [shapely.get_coordinates(shapely.get_point(parts, at)) for at in (0, -1)]
    places = np.round(np.concatenate(ends) / _SAME_M) if parts.size else np.empty((0, 2))
    _, node = np.unique(places, axis=0, return_inverse=True)
    node = node.reshape(-1).astype(np.int64)
    return StreetGraph(node[: parts.size], node[parts.size :], shapely.length(parts), parts)


def snap_to_streets(
    x: npt.ArrayLike, y: npt.ArrayLike, lines: npt.ArrayLike, *, reach_m: float
) -> SnappedIncidents:
    """Move each incident to the nearest point of the nearest street within reach.

    Parameters
    ----------
    x, y
        Coordinates in metres.
    lines
        Streets as LineStrings in metres, such as `StreetGraph.lines`.
    reach_m
        How far an incident may lie from its street (≤), in metres. Of streets equally near, the
        first is taken.

    Raises
    ------
    InvalidInput
        Coordinates that are not finite, or a reach that is not positive.
    Unavailable
        numba is not installed.
    """
    east, north = as_points(x, y)
    reach = as_positive(reach_m, "reach_m", "metres")
    streets = np.atleast_1d(np.asarray(lines, dtype=object)).ravel()
    parts, of = shapely.get_parts(streets, return_index=True)
    corners, part = shapely.get_coordinates(parts, return_index=True)
    joined = np.flatnonzero(part[1:] == part[:-1])
    segments = np.hstack((corners[joined], corners[joined + 1]))
    if not len(segments):
        none = np.empty(0, np.int64)
        return SnappedIncidents(none, none, np.empty(0), np.empty(0), np.arange(east.size))
    low, high = corners.min(axis=0), corners.max(axis=0)
    area = float(np.prod(high - low))
    # Small boxes hold few segments; no more of them than segments and points can pay for.
    boxes = 4.0 * (len(segments) + east.size) + 64.0
    extent = float((high - low).sum())
    side = max(reach / _BOXES_PER_REACH, math.sqrt(area / boxes), extent / boxes)
    columns, rows = (((high - low) / side).astype(np.int64) + 1).tolist()
    corner, shape = (float(low[0]), float(low[1])), (rows, columns)
    loops = kernels.load("segments")
    held = loops.fill_boxes(segments, corner, side, shape)
    street = of[part[joined]]
    nearest, along, square = loops.find_nearest(
        east, north, segments, held, corner, side, shape, reach
    )
    incident = np.flatnonzero(nearest >= 0)
    on = nearest[incident]
    length = np.hypot(*(segments[:, 2:] - segments[:, :2]).T)
    before = np.cumsum(length) - length
    # From the first corner of the street: what its segments before this one are long together.
    first = np.searchsorted(street, np.arange(streets.size))
    offset = before[on] - before[first[street[on]]] + along[incident] * length[on]
    return SnappedIncidents(
        incident, street[on], offset, np.sqrt(square[incident]), np.flatnonzero(nearest < 0)
    )
