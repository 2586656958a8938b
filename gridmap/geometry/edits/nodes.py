"""A point where three grids or more meet is moved; all of them follow."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import shapely

from gridmap.geometry.crs import snap
from gridmap.geometry.edits.cutting import change_of, connected, cut, without_slips
from gridmap.geometry.edits.lines import ALONG_M
from gridmap.geometry.edits.patch import REACH_M, Change, Patch, RefusedEdit

_SWING = 1.5  # how much of each boundary follows, in lengths of the move

Point = tuple[float, float]


def move_node(patch: Patch, node: Any, to: Any) -> Change:
    """Move the point where three grids or more meet.

    Of each boundary that ends there the last stretch, about one and a half times as long as the
    move, becomes a straight line to the new point.

    Parameters
    ----------
    patch
        With all atoms of the grids that meet there.
    node, to
        Points in metres; the node within `REACH_M` of where the grids meet.

    Raises
    ------
    RefusedEdit
        No three grids meet there, the point lies on the territory's outline, or the new boundaries
        would cross others.
    """
    areas = {
        int(grid): shapely.coverage_union_all(patch.atoms[patch.owners == grid])
        for grid in np.unique(patch.owners)
    }
    at, meeting = _find(areas, node)
    if shapely.dwithin(shapely.Point(at), patch.outline, ALONG_M):
        raise RefusedEdit("A point on the outline cannot be moved", place=node)
    target = snap(to)
    if not any(shapely.intersects(areas[grid], target) for grid in meeting):
        raise _crossing(to)
    swing = max(_SWING * shapely.distance(shapely.Point(at), target), 4 * REACH_M)
    stretches = _stretches({grid: areas[grid] for grid in meeting}, at, swing)
    goal = tuple(shapely.get_coordinates(target)[0].tolist())
    wanted = {grid: _swung(areas[grid], at, goal, stretches[grid], node) for grid in meeting}
    lines = np.array(
        sorted(
            {
                shapely.LineString([anchor, goal])
                for before, after in stretches.values()
                for anchor in (before[-1], after[-1])
            },
            key=lambda line: line.coords[0],
        ),
        dtype=object,
    )
    faces = cut(patch, lines)
    owner = patch.owners[faces.origin]
    inner = shapely.point_on_surface(faces.polygons)
    after = owner.copy()
    region = np.isin(owner, meeting)
    claims = np.array([shapely.intersects(wanted[grid], inner) for grid in meeting])
    if np.any(claims.sum(axis=0)[region] != 1) or np.any(claims[:, ~region]):
        raise _crossing(to)
    after[region] = np.array(meeting)[np.argmax(claims[:, region], axis=0)]
    after = without_slips(faces, owner, after)
    everywhere = np.ones(len(faces.first), dtype=bool)
    for grid in meeting:
        if len(connected(faces, after == grid, everywhere)) > len(
            connected(faces, owner == grid, everywhere)
        ):
            raise RefusedEdit("The move would leave a grid in two pieces", place=to)
    if np.array_equal(after, owner):
        raise RefusedEdit("The point was hardly moved", place=to)
    return change_of(patch, faces, after)


def _crossing(to: Any) -> RefusedEdit:
    return RefusedEdit(
        "The new boundaries would cross others", place=to, hint="Move the point less far."
    )


def _find(areas: dict[int, Any], node: Any) -> tuple[Point, list[int]]:
    """The vertex near a point in which most grids meet, and those grids."""
    corners: dict[Point, set[int]] = {}
    for grid, area in areas.items():
        for x, y in shapely.get_coordinates(area).tolist():
            corners.setdefault((x, y), set()).add(grid)
    x, y = shapely.get_coordinates(node)[0].tolist()
    near = {
        corner: grids
        for corner, grids in corners.items()
        if np.hypot(corner[0] - x, corner[1] - y) <= REACH_M and len(grids) > 2
    }
    if not near:
        raise RefusedEdit("No three grids meet here", place=node, hint="Take hold of a corner.")
    at = min(near, key=lambda corner: np.hypot(corner[0] - x, corner[1] - y))
    return at, sorted(near[at])


def _stretches(
    areas: dict[int, Any], at: Point, swing: float
) -> dict[int, tuple[list[Point], list[Point]]]:
    """For each grid the vertices of its ring before and after the node, up to the anchors.

    An anchor is a vertex, because two grids share it; it lies where another boundary begins at the
    latest.
    """
    rings = {grid: _ring_at(area, at) for grid, area in areas.items()}
    # Each boundary is walked once, from the grid that has it ahead, and belongs to two of them.
    behind = {
        (tuple(end), tuple(start)): grid
        for grid, ring in rings.items()
        for start, end in pairwise([*ring, ring[0]])
    }
    found: dict[int, tuple[list[Point], list[Point]]] = {}
    ahead: dict[int, list[Point]] = {}
    for grid, ring in rings.items():
        neighbour = behind.get((ring[0], ring[1]))
        path, length = [ring[0]], 0.0
        for start, end in pairwise(ring):
            if behind.get((start, end)) != neighbour or length >= swing:
                break
            path.append(end)
            length += float(np.hypot(end[0] - start[0], end[1] - start[1]))
        ahead[grid] = path
    for grid, ring in rings.items():
        # What lies behind this grid is ahead of the one on the other side.
        other = behind.get((ring[-1], ring[0]))
        if other is None:
            raise RefusedEdit("A point on the outline cannot be moved", place=shapely.Point(at))
        found[grid] = (ahead[other], ahead[grid])
    return found


def _ring_at(area: Any, at: Point) -> list[Point]:
    """The vertices of the ring through a point, counterclockwise (holes clockwise), from it on."""
    parts = shapely.get_parts(shapely.orient_polygons(area))
    for ring in shapely.get_rings(parts):
        points = [tuple(point) for point in shapely.get_coordinates(ring)[:-1].tolist()]
        if at in points:
            start = points.index(at)
            return points[start:] + points[:start]
    raise RefusedEdit("No three grids meet here", place=shapely.Point(at))


def _swung(
    area: Any, at: Point, goal: Point, stretches: tuple[list[Point], list[Point]], node: Any
) -> Any:
    """An area whose corner at the node has moved."""
    before, after = stretches
    ring = _ring_at(area, at)
    kept = ring[len(after) - 1 : len(ring) - (len(before) - 2)]
    rings = []
    for part in shapely.get_parts(shapely.orient_polygons(area)):
        for each in shapely.get_rings(part):
            points = [tuple(point) for point in shapely.get_coordinates(each)[:-1].tolist()]
            rings.append([goal, *kept] if at in points else points)
    if any(len(points) < 3 for points in rings):
        raise RefusedEdit("The move would swallow a grid", place=node, hint="Move it less far.")
    if not all(shapely.LinearRing(points).is_simple for points in rings):
        raise _crossing(shapely.Point(goal))
    holes = [shapely.Polygon(points) for points in rings if not _is_shell(points)]
    shells = [shapely.Polygon(points) for points in rings if _is_shell(points)]
    return shapely.difference(shapely.union_all(shells), shapely.union_all(holes))


def _is_shell(points: list[Point]) -> bool:
    return bool(shapely.is_ccw(shapely.LinearRing(points)))
