"""Straight cuts through a block, between its buildings and through none of them.

The boundaries inside a block follow the gaps that people see: between two rows of slabs, behind a
row of houses. A cut is taken where a straight line clears every building by a margin.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import ops

from gridmap.demo.curves import cut, grain, long_axis

CLEARANCE_M = 0.35


def cut_between(
    face: Any, buildings: NDArray[np.object_], weights: NDArray[np.float64], limit: float
) -> list[Any]:
    """Lines that cut a face into pieces of at most `limit`, each with a building.

    Parameters
    ----------
    face
        Polygon that holds all buildings.
    buildings, weights
        Footprints, and what each counts (households).
    limit
        A piece above it is cut again if it has two buildings with a gap between them.
    """
    if weights.sum() <= limit or len(buildings) < 2:
        return []
    found = _best_cut(face, buildings, weights) or _best_detour(face, buildings, weights)
    if found is None:
        return []
    line, pieces = found
    lines = [shapely.intersection(line, face)]
    inner = shapely.point_on_surface(buildings)
    for piece in pieces:
        here = shapely.intersects(piece, inner)
        lines += cut_between(piece, buildings[here], weights[here], limit)
    return lines


def _best_cut(
    face: Any, buildings: NDArray[np.object_], weights: NDArray[np.float64]
) -> tuple[Any, list[Any]] | None:
    """The line with the fairest halves and the shortest way, or None where no line passes."""
    centre = shapely.get_coordinates(shapely.centroid(face))[0]
    best: tuple[float, Any, list[Any]] | None = None
    for angle in _directions(face, buildings):
        turn = np.radians(angle)
        normal = np.array([-np.sin(turn), np.cos(turn)])
        along = np.array([np.cos(turn), np.sin(turn)])
        for position, share in _gaps(buildings, weights, normal, centre):
            foot = centre + normal * position
            reach = along * (long_axis(face)[1] + 20)
            line = shapely.linestrings([foot - reach, foot + reach])
            inside = shapely.length(shapely.intersection(line, face))
            score = abs(share - 0.5) * 2.2 + inside / np.sqrt(face.area) * 0.5
            if best is not None and score >= best[0]:
                continue
            pieces = cut(face, line)
            inner = shapely.point_on_surface(buildings)
            if len(pieces) < 2 or not all(np.any(shapely.intersects(p, inner)) for p in pieces):
                continue
            best = (score, line, pieces)
    return None if best is None else (best[1], best[2])


def _best_detour(
    face: Any, buildings: NDArray[np.object_], weights: NDArray[np.float64]
) -> tuple[Any, list[Any]] | None:
    """Where no straight line passes: one that turns aside around the buildings in its way."""
    centre = shapely.get_coordinates(shapely.centroid(face))[0]
    middles = shapely.get_coordinates(shapely.centroid(buildings))
    inner = shapely.point_on_surface(buildings)
    best: tuple[float, Any, list[Any]] | None = None
    for angle in _directions(face, buildings):
        turn = np.radians(angle)
        normal = np.array([-np.sin(turn), np.cos(turn)])
        reach = np.array([np.cos(turn), np.sin(turn)]) * (long_axis(face)[1] + 20)
        height = (middles - centre) @ normal
        order = np.argsort(height, kind="stable")
        before = np.cumsum(weights[order])[:-1] / weights.sum()
        for i in np.argsort(np.abs(before - 0.5), kind="stable")[:5]:
            foot = centre + normal * float(height[order[i : i + 2]].mean())
            straight = shapely.linestrings([foot - reach, foot + reach])
            in_the_way = buildings[shapely.intersects(buildings, straight.buffer(CLEARANCE_M))]
            line = _around(straight, in_the_way)
            if line is None or np.any(shapely.intersects(buildings, line)):
                continue
            pieces = cut(face, line)
            if len(pieces) != 2 or not all(np.any(shapely.intersects(p, inner)) for p in pieces):
                continue
            score = abs(before[i] - 0.5) * 2.2 + 0.1 * len(in_the_way)
            if best is None or score < best[0]:
                best = (float(score), line, pieces)
    return None if best is None else (best[1], best[2])


def _around(line: Any, obstacles: NDArray[np.object_]) -> Any:
    """Lead a line around obstacles on the shorter side; None where it meets one only in part."""
    for obstacle in obstacles:
        ring = obstacle.buffer(2 * CLEARANCE_M, join_style="mitre").exterior
        ends = sorted(
            (
                (line.project(point), ring.project(point))
                for point in shapely.get_parts(shapely.intersection(ring, line))
                if point.geom_type == "Point"
            ),
        )
        if len(ends) < 2:
            return None
        (enter, ring_enter), (leave, ring_leave) = ends[0], ends[-1]
        one = ops.substring(ring, ring_enter, ring_leave)
        low, high = sorted((ring_enter, ring_leave))
        outside = [ops.substring(ring, high, ring.length), ops.substring(ring, 0, low)]
        other = np.vstack([shapely.get_coordinates(part) for part in outside])
        if ring_enter < ring_leave:
            other = other[::-1]
        way = shapely.get_coordinates(one)
        if shapely.length(shapely.linestrings(other)) < shapely.length(one):
            way = other
        start = shapely.get_coordinates(ops.substring(line, 0, enter))
        end = shapely.get_coordinates(ops.substring(line, leave, line.length))
        line = shapely.linestrings(np.vstack((start, way, end)))
    return line if line.is_simple else None


def _directions(face: Any, buildings: NDArray[np.object_]) -> list[float]:
    """Along and across the block and its two largest buildings."""
    largest = np.argsort(-shapely.area(buildings), kind="stable")[:2]
    grains = [grain(buildings[i]) for i in largest] + [grain(face)]
    kept: list[float] = []
    for angle in grains:
        if all(abs(angle - other) > 0.7 for other in kept):
            kept.append(angle)
    return [angle + square for angle in kept for square in (0.0, 90.0)]


def _gaps(
    buildings: NDArray[np.object_],
    weights: NDArray[np.float64],
    normal: NDArray[np.float64],
    centre: NDArray[np.float64],
) -> list[tuple[float, float]]:
    """Positions along the normal where a line clears all buildings, with the weight before it."""
    xy, owner = shapely.get_coordinates(buildings, return_index=True)
    height = (xy - centre) @ normal
    starts = np.flatnonzero(np.concatenate(([True], owner[1:] != owner[:-1])))
    low = np.minimum.reduceat(height, starts)
    high = np.maximum.reduceat(height, starts)
    order = np.argsort(low, kind="stable")
    reach = np.maximum.accumulate(high[order])
    following = low[order][1:]
    open_ = following - reach[:-1] > 2 * CLEARANCE_M
    before = np.cumsum(weights[order])[:-1] / max(weights.sum(), 1e-9)
    middle = (following + reach[:-1]) / 2
    return [(float(m), float(s)) for m, s in zip(middle[open_], before[open_], strict=True)]
