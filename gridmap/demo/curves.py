"""Curves and cuts in the plane, in metres."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import affinity, ops

Floats = NDArray[np.float64]


def smooth(points: Floats, *, step_m: float = 12.0) -> Floats:
    """Bend a line through its points: a centripetal Catmull–Rom spline, thinned to 0.6 m.

    Centripetal knots keep the curve free of loops where points lie at uneven distances
    (Yuksel, Schaefer & Keyser 2011).
    """
    if len(points) < 3:
        return points
    closed = bool(np.allclose(points[0], points[-1]))
    if closed:
        padded = np.vstack((points[-2], points, points[1]))
    else:
        padded = np.vstack((2 * points[0] - points[1], points, 2 * points[-1] - points[-2]))
    pieces = []
    for i in range(1, len(padded) - 2):
        p = padded[i - 1 : i + 3]
        t = np.concatenate(([0.0], np.cumsum(np.sqrt(np.linalg.norm(np.diff(p, axis=0), axis=1)))))
        count = max(2, int(np.linalg.norm(p[2] - p[1]) / step_m))
        s = np.linspace(t[1], t[2], count, endpoint=False)[:, None]
        a = [((t[j + 1] - s) * p[j] + (s - t[j]) * p[j + 1]) / (t[j + 1] - t[j]) for j in range(3)]
        b = [((t[j + 2] - s) * a[j] + (s - t[j]) * a[j + 1]) / (t[j + 2] - t[j]) for j in range(2)]
        pieces.append(((t[2] - s) * b[0] + (s - t[1]) * b[1]) / (t[2] - t[1]))
    line = np.vstack((*pieces, points[-1:]))
    return np.asarray(shapely.get_coordinates(shapely.simplify(shapely.linestrings(line), 0.6)))


def grain(polygon: Any) -> float:
    """Angle between -45° and 45° that the nearer of a polygon's two sides makes with east."""
    box = shapely.oriented_envelope(polygon)
    xy = shapely.get_coordinates(box)
    if len(xy) < 4:
        return 0.0
    sides = np.diff(xy[:3], axis=0)
    side = sides[np.argmax(np.linalg.norm(sides, axis=1))]
    angle = math.degrees(math.atan2(side[1], side[0]))
    return (angle + 45.0) % 90.0 - 45.0


def long_axis(polygon: Any) -> tuple[float, float, float]:
    """Angle in degrees of the long side of the smallest box, its length and the short side's."""
    xy = shapely.get_coordinates(shapely.oriented_envelope(polygon))
    if len(xy) < 4:
        return 0.0, 0.0, 0.0
    sides = np.diff(xy[:3], axis=0)
    lengths = np.linalg.norm(sides, axis=1)
    side = sides[int(np.argmax(lengths))]
    return math.degrees(math.atan2(side[1], side[0])), float(lengths.max()), float(lengths.min())


def turned(polygon: Any, angle: float, origin: tuple[float, float]) -> Any:
    """Turn by `angle` degrees, counterclockwise, about `origin`."""
    return affinity.rotate(polygon, angle, origin=origin)


def polygons_of(geometry: Any) -> list[Any]:
    """The polygons of any geometry, largest first."""
    parts = [
        part
        for part in shapely.get_parts(geometry, return_index=False)
        if part.geom_type == "Polygon" and not part.is_empty
    ]
    nested = [
        inner
        for part in shapely.get_parts(geometry)
        if part.geom_type in {"MultiPolygon", "GeometryCollection"}
        for inner in polygons_of(part)
    ]
    return sorted(parts + nested, key=lambda part: -part.area)


def cut(polygon: Any, line: Any) -> list[Any]:
    """The pieces of a polygon on the sides of a line that crosses it or ends on its outline."""
    return [part for part in ops.split(polygon, _longer(line)).geoms if part.geom_type == "Polygon"]


def _longer(line: Any) -> Any:
    """The line with its ends drawn out by 1 cm: an end that lies on an outline then crosses it."""
    xy = shapely.get_coordinates(line)
    first, last = xy[0] - xy[1], xy[-1] - xy[-2]
    xy[0] += 0.01 * first / np.linalg.norm(first)
    xy[-1] += 0.01 * last / np.linalg.norm(last)
    return shapely.linestrings(xy)


def bowed(start: Floats, end: Floats, sag_m: float) -> Any:
    """A line from start to end that bows out by `sag_m` to the left."""
    along = end - start
    length = float(np.linalg.norm(along))
    left = np.array([-along[1], along[0]]) / max(length, 1e-9)
    count = 2 if abs(sag_m) < 0.5 else max(3, int(length / 25))
    t = np.linspace(0, 1, count)[:, None]
    return shapely.linestrings(start + along * t + left * (4 * sag_m * t * (1 - t)))
