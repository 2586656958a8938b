"""From a line as a hand draws it to lines that an edit can cut along."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.ops import substring

from gridmap.geometry.crs import LATTICE_M, snap
from gridmap.geometry.edits.patch import REACH_M, Patch, Polygons, RefusedEdit

NEAR_M = 0.02  # farther than snap rounding on the lattice can move anything
ALONG_M = 0.25  # a street this near to an edge is the one that the edge was made of


def prepare_line(line: Any, patch: Patch, region: NDArray[np.bool_]) -> Polygons:
    """Bring a drawn line onto the lattice and its ends onto edges.

    Parameters
    ----------
    line
        LineString in metres.
    patch, region
        Which atoms the line is meant to cut; parts of the line elsewhere are left out.

    Returns
    -------
    The parts of the line inside the region. An end that lies within `REACH_M` of an edge of the
    region is moved there, one on the territory's outline to the outline's nearest vertex: the
    outline itself never gets a new one.

    Raises
    ------
    RefusedEdit
        Too short, no finite coordinates, crossing itself, away from the region, or ending inside.
    """
    if line.geom_type != "LineString" or shapely.get_num_coordinates(line) < 2:
        raise RefusedEdit("A line with at least two points is needed")
    if not np.isfinite(shapely.get_coordinates(line)).all():
        raise RefusedEdit("A coordinate of the line is no number")
    line = shapely.remove_repeated_points(snap(line))
    if line.length < LATTICE_M:
        raise RefusedEdit("The line has no length", place=line)
    if not line.is_simple and not line.is_closed:
        raise RefusedEdit("The line crosses itself", place=_crossing(line))
    ground = shapely.coverage_union_all(patch.atoms[region])
    edges = shapely.union_all(_borders(patch, region))
    line = _met(line, edges, 0)
    line = _met(line, edges, -1)
    inside = shapely.get_parts(shapely.line_merge(shapely.intersection(line, ground)))
    parts = [part for part in inside if part.geom_type == "LineString" and part.length > NEAR_M]
    if not parts:
        raise RefusedEdit("The line does not pass through the area", place=line)
    vertices = shapely.multipoints(shapely.get_coordinates(patch.outline))
    return np.array([_off_outline(part, patch.outline, vertices) for part in parts], dtype=object)


def _borders(patch: Patch, region: NDArray[np.bool_]) -> list[Any]:
    """Outlines of each grid of the region: what the ends of a line may meet."""
    return [
        shapely.coverage_union_all(patch.atoms[patch.owners == grid]).boundary
        for grid in np.unique(patch.owners[region])
    ]


def _met(line: Any, edges: Any, end: int) -> Any:
    """Move an end of a line to an edge within reach, or extend it to one."""
    xy = shapely.get_coordinates(line)
    tip = shapely.Point(xy[end])
    gap = shapely.distance(tip, edges)
    if gap == 0:
        return line
    if gap > REACH_M:
        return line  # it may still pass through the area and leave it
    nearest = shapely.get_coordinates(shapely.shortest_line(tip, edges))[-1]
    # A little beyond, so that the crossing is one: noding puts it exactly onto the edge.
    beyond = nearest + (nearest - xy[end]) / gap * 4 * LATTICE_M
    target = np.round(beyond / LATTICE_M) * LATTICE_M
    xy = np.vstack((target, xy)) if end == 0 else np.vstack((xy, target))
    return shapely.LineString(xy)


def _off_outline(part: Any, outline: Any, vertices: Any) -> Any:
    """Move ends that lie on the territory's outline to a vertex that the outline has."""
    xy = shapely.get_coordinates(part).copy()
    for end in (0, -1):
        tip = shapely.Point(xy[end])
        if shapely.distance(tip, outline) < NEAR_M:
            nearest = shapely.get_coordinates(shapely.shortest_line(tip, vertices))[-1]
            if np.hypot(*(nearest - xy[end])) > 2 * REACH_M:
                raise RefusedEdit("The line meets the outline far from any vertex", place=tip)
            xy[end] = nearest
    return snap(shapely.remove_repeated_points(shapely.LineString(xy)))


def _crossing(line: Any) -> Any:
    noded = shapely.node(line)
    ends = shapely.get_coordinates(shapely.get_parts(noded))
    points, times = np.unique(ends, axis=0, return_counts=True)
    return shapely.Point(points[np.argmax(times)])


def prepare_cuts(lines: Any, patch: Patch, region: NDArray[np.bool_]) -> Polygons:
    """Bring lines that were computed, not drawn, onto the lattice and into the region.

    Unlike a drawn line they may cross each other, and what ends inside an atom cuts nothing there.
    What runs along an edge that is there already is left to that edge.
    """
    near = np.zeros(len(region), dtype=bool)
    lines = np.atleast_1d(lines)
    reached = shapely.STRtree(patch.atoms).query(lines, predicate="dwithin", distance=2 * REACH_M)
    near[reached[-1]] = True
    if not np.any(near & region):
        return np.empty(0, dtype=object)
    ground = shapely.coverage_union_all(patch.atoms[near & region])
    edges = shapely.union_all(shapely.boundary(patch.atoms[near & region]))
    joined = shapely.line_merge(shapely.union_all(lines))
    inside = shapely.intersection(shapely.get_parts(joined), ground)
    fresh = shapely.get_parts(shapely.difference(inside, shapely.buffer(edges, ALONG_M)))
    fresh = fresh[(shapely.get_type_id(fresh) == 1) & (shapely.length(fresh) > REACH_M)]
    if not len(fresh):
        return np.empty(0, dtype=object)
    vertices = shapely.multipoints(shapely.get_coordinates(patch.outline))
    ready = [_met(_met(snap(part), edges, 0), edges, -1) for part in fresh]
    clipped = shapely.get_parts(shapely.intersection(np.array(ready, dtype=object), ground))
    clipped = clipped[(shapely.get_type_id(clipped) == 1) & (shapely.length(clipped) > NEAR_M)]
    ends = [_off_outline(part, patch.outline, vertices) for part in clipped]
    return np.array(ends, dtype=object)


def follow_streets(line: Any, streets: Polygons, edges: Any, *, reach_m: float = 15.0) -> Any:
    """Lay a drawn line onto the streets that it runs along.

    Parameters
    ----------
    line
        LineString in metres.
    streets
        Lines of streets near it.
    edges
        Edges of atoms: where one is the street's, the line takes its vertices bit for bit.
    reach_m
        How far a drawn point may lie from its street.

    Returns
    -------
    The line with every point within reach moved to its nearest street; between two points on one
    street it follows all bends of that street. Where no street is near it stays as it was drawn.
    """
    streets = shapely.get_parts(shapely.line_merge(shapely.union_all(streets)))
    xy = shapely.get_coordinates(line)
    if not len(streets):
        return line
    runs = _runs(line, streets, reach_m)
    path: list[Any] = []
    for number, (street, start, stop) in enumerate(runs):
        begin, end = start, stop
        if street is None:
            path.append(xy[int(begin)][None])
            continue
        before = runs[number - 1][0] if number else None
        after = runs[number + 1][0] if number + 1 < len(runs) else None
        if before is not None:
            begin = _crossing_at(streets[street], streets[before], begin, reach_m)
        if after is not None:
            end = _crossing_at(streets[street], streets[after], end, reach_m)
        path.append(shapely.get_coordinates(substring(streets[street], begin, end)))
    followed = shapely.remove_repeated_points(shapely.LineString(np.vstack(path)))
    if followed.length == 0 or not followed.is_simple:
        return line
    return shapely.snap(followed, edges, ALONG_M)


def _runs(line: Any, streets: Polygons, reach_m: float) -> list[tuple[int | None, float, float]]:
    """Stretches of a line: a street with where on it they begin and end, or one drawn point."""
    # Drawn points may stand far apart: the stretches between them are looked at as well.
    dense = shapely.get_coordinates(shapely.segmentize(line, reach_m))
    points, nearest = shapely.STRtree(streets).query_nearest(
        shapely.points(dense), max_distance=reach_m, all_matches=False
    )
    street_at = dict(zip(points.tolist(), nearest.tolist(), strict=True))
    drawn = {tuple(point): at for at, point in enumerate(shapely.get_coordinates(line).tolist())}
    runs: list[tuple[int | None, float, float]] = []
    for number, point in enumerate(dense):
        street = street_at.get(number)
        if street is None:
            at = drawn.get(tuple(point.tolist()))
            if at is not None:
                runs.append((None, at, at))
            continue
        along = float(shapely.line_locate_point(streets[street], shapely.Point(point)))
        if runs and runs[-1][0] == street:
            runs[-1] = (street, runs[-1][1], along)
        else:
            runs.append((street, along, along))
    # A street that is only crossed is not the one that was meant.
    meant = [run for run in runs if run[0] is None or abs(run[2] - run[1]) > reach_m]
    joined: list[tuple[int | None, float, float]] = []
    for run in meant or runs:
        if joined and run[0] is not None and joined[-1][0] == run[0]:
            joined[-1] = (run[0], joined[-1][1], run[2])
        else:
            joined.append(run)
    return joined


def _crossing_at(street: Any, other: Any, along: float, reach_m: float) -> float:
    """Where a street meets the next one, if that is near to where the line leaves it."""
    if shapely.distance(street, other) > ALONG_M:
        return along
    met = shapely.get_parts(shapely.intersection(street, shapely.buffer(other, ALONG_M)))
    found = shapely.line_locate_point(street, shapely.centroid(met))
    nearest = float(found[np.argmin(np.abs(found - along))])
    return nearest if abs(nearest - along) <= 3 * reach_m else along
