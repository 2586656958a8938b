"""The proof that areas cover a territory exactly, and the union that keeps every vertex.

The proof is *segment cancellation*. Walk the rings of all areas with the inside on the left, and
the territory's outline with the inside on the right: if every directed segment is met by its
reverse exactly once, the boundaries sum to zero, so every point of the territory lies in exactly
one area and no area reaches outside (the winding numbers of a zero boundary are zero). This is
exact, linear, and needs no tolerance; it finds what pairwise overlap checks overlook.

An outline may have fewer vertices than the areas along it, so areas cancel against it by
stretches on the same straight line; among themselves they must share every vertex.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.geometry.crs import LATTICE_M
from gridmap.geometry.segments import Segments, directed_segments

DefectKind = Literal["gap", "overlap", "outside", "unshared vertex", "invalid"]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Defect:
    """One place where areas do not cover a territory exactly.

    Parameters
    ----------
    kind
        `gap` (in no area), `overlap` (in two or more), `outside` (in an area, not in the
        territory), `unshared vertex` (on the edge of two areas, a corner of one of them only),
        `invalid` (an area that crosses itself).
    place
        A point of the defect, in the coordinates of the areas.
    area
        In square units of the coordinates; 0 where nothing is missing or twice.
    areas
        Indices of the areas that have to do with it.
    geometry
        The gap or overlap itself, or a line or point.
    """

    kind: DefectKind
    place: tuple[float, float]
    area: float
    areas: tuple[int, ...]
    geometry: Any


def find_defects(areas: Any, territory: Any, *, unit: float = LATTICE_M) -> list[Defect]:
    """Prove that areas cover a territory, or say where they do not.

    Parameters
    ----------
    areas
        Polygons or multipolygons; an empty one covers nothing.
    territory
        Polygon or multipolygon with the frozen outline.
    unit
        Grid of the coordinates: the lattice for metres, 1e-9 for published degrees. Coordinates
        are compared as whole numbers of it, so snap first what does not lie on it.

    Returns
    -------
    The defects, largest first; none means that the coverage is exact.
    """
    areas = np.atleast_1d(np.asarray(areas, dtype=object))
    invalid = [_invalid(areas, int(i)) for i in np.flatnonzero(~shapely.is_valid(areas))]
    if invalid:
        return invalid
    segments = directed_segments(np.append(areas, territory), unit=unit)
    of_territory = segments.owner == len(areas)
    remaining = _uncancelled(segments, ~of_territory)
    outline = np.flatnonzero(of_territory)
    keys, times = np.unique(segments.forward_keys[remaining], return_counts=True)
    shared = np.intersect1d(keys[times == 1], segments.forward_keys[outline])
    remaining = remaining[np.isin(segments.forward_keys[remaining], shared, invert=True)]
    outline = outline[np.isin(segments.forward_keys[outline], shared, invert=True)]
    if not len(remaining) and not len(outline):
        return []
    bent, unshared = _compare_on_lines(segments, remaining, outline)
    defects = [_unshared(segments, int(i)) for i in unshared]
    if len(bent):
        defects += _faces_of(segments, bent, areas, territory)
    return sorted(defects, key=lambda defect: -defect.area)


def is_exact(areas: Any, territory: Any, *, unit: float = LATTICE_M) -> bool:
    """Whether areas cover a territory without gap or overlap, sharing every vertex."""
    return not find_defects(areas, territory, unit=unit)


def dissolve(atoms: Any, groups: Ints) -> NDArray[np.object_]:
    """Union the atoms of each group and keep every vertex on the outline.

    Parameters
    ----------
    atoms
        An exact coverage.
    groups
        Group number of each atom, from 0 without a gap; a negative number leaves an atom out.

    Returns
    -------
    One polygon, or multipolygon where a group has several pieces, for each group. Edges inside a
    group cancel segment by segment, so groups of the same atoms share their edges bit for bit.
    """
    atoms = np.atleast_1d(np.asarray(atoms, dtype=object))
    order = np.argsort(groups, kind="stable")
    order = order[groups[order] >= 0]
    count = int(groups.max(initial=-1)) + 1
    starts = np.searchsorted(groups[order], np.arange(count + 1))
    return np.array(
        [
            _plain(shapely.coverage_union_all(atoms[order[begin:end]]))
            for begin, end in pairwise(starts.tolist())
        ],
        dtype=object,
    )


def _plain(geometry: Any) -> Any:
    parts = shapely.get_parts(geometry)
    return shapely.normalize(parts[0] if len(parts) == 1 else geometry)


def _uncancelled(segments: Segments, chosen: NDArray[np.bool_]) -> Ints:
    """Chosen segments that are not met by exactly one reverse."""
    numbers = np.flatnonzero(chosen)
    forward, backward = segments.forward_keys[numbers], segments.backward_keys[numbers]
    keys, inverse, times = np.unique(forward, return_inverse=True, return_counts=True)
    at = np.minimum(np.searchsorted(keys, backward), max(len(keys) - 1, 0))
    met = np.where(keys[at] == backward, times[at], 0)
    cancelled = (met == 1) & (times[inverse.reshape(-1)] == 1)
    return np.asarray(numbers[~cancelled], dtype=np.int64)


def _compare_on_lines(segments: Segments, areas: Ints, outline: Ints) -> tuple[Ints, Ints]:
    """Cancel what lies on the same straight line, stretch by stretch.

    Returns the segments that bound a gap or an overlap, and those of areas that cancel against
    another area without sharing its vertices.
    """
    numbers = np.concatenate((areas, outline))
    sign = np.concatenate((np.ones(len(areas)), -np.ones(len(outline)))).astype(np.int64)
    of_area = sign > 0
    a, b = segments.points[segments.start[numbers]], segments.points[segments.end[numbers]]
    step = b - a
    if len(step) and np.abs(segments.points).max() >= 2**31:
        raise OverflowError("the areas span more than 2^31 units")
    step = step // np.gcd(step[:, 0], step[:, 1])[:, None]
    flip = np.where((step[:, 0] < 0) | ((step[:, 0] == 0) & (step[:, 1] < 0)), -1, 1)
    step = step * flip[:, None]
    offset = step[:, 0] * a[:, 1] - step[:, 1] * a[:, 0]
    axis = np.where(step[:, 0] != 0, 0, 1)
    rows = np.arange(len(numbers))
    low = np.minimum(a[rows, axis], b[rows, axis])
    high = np.maximum(a[rows, axis], b[rows, axis])
    _, line = np.unique(np.column_stack((step, offset)), axis=0, return_inverse=True)
    line = line.reshape(-1)
    # What is met by its reverse, only too often, shares its vertices.
    alone = np.isin(segments.backward_keys[numbers], segments.forward_keys[areas], invert=True)
    bent: list[int] = []
    unshared: list[int] = []
    order = np.argsort(line, kind="stable")
    for group in np.split(order, np.flatnonzero(np.diff(line[order])) + 1):
        cuts = np.unique(np.concatenate((low[group], high[group])))
        net = np.zeros(len(cuts), dtype=np.int64)
        forth = np.zeros(len(cuts), dtype=bool)
        back = np.zeros(len(cuts), dtype=bool)
        spans = np.searchsorted(cuts, low[group]), np.searchsorted(cuts, high[group])
        for i, begin, end in zip(group, *spans, strict=True):
            net[begin:end] += flip[i] * sign[i]
            if of_area[i]:
                (forth if flip[i] > 0 else back)[begin:end] = True
        for i, begin, end in zip(group, *spans, strict=True):
            if np.any(net[begin:end] != 0):
                bent.append(int(numbers[i]))
            elif of_area[i] and alone[i] and np.any(forth[begin:end] & back[begin:end]):
                unshared.append(int(numbers[i]))
    return np.array(bent, dtype=np.int64), np.array(unshared, dtype=np.int64)


def _faces_of(segments: Segments, bent: Ints, areas: Any, territory: Any) -> list[Defect]:
    """The gaps, overlaps and overshoots that uncancelled segments enclose."""
    ends = np.stack(
        (segments.coordinates(segments.start[bent]), segments.coordinates(segments.end[bent])),
        axis=1,
    )
    lines = shapely.linestrings(ends)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.union_all(lines))))
    inner = shapely.point_on_surface(faces)
    tree = shapely.STRtree(areas)
    face, area = tree.query(inner, predicate="intersects")
    covered = np.bincount(face, minlength=len(faces))
    wanted = shapely.intersects(territory, inner)
    near_face, near_area = tree.query(faces, predicate="intersects")
    defects = []
    for i, polygon in enumerate(faces):
        kind: DefectKind
        if covered[i] > 1:
            kind, who = "overlap", area[face == i]
        elif wanted[i] and not covered[i]:
            kind, who = "gap", near_area[near_face == i]
        elif covered[i] and not wanted[i]:
            kind, who = "outside", area[face == i]
        else:
            continue
        where = (float(shapely.get_x(inner[i])), float(shapely.get_y(inner[i])))
        size = float(shapely.area(polygon))
        defects.append(Defect(kind, where, size, tuple(sorted(who.tolist())), polygon))
    return defects


def _unshared(segments: Segments, number: int) -> Defect:
    ends = segments.coordinates(np.array([segments.start[number], segments.end[number]]))
    where = ends.mean(axis=0)
    return Defect(
        "unshared vertex",
        (float(where[0]), float(where[1])),
        0.0,
        (int(segments.owner[number]),),
        shapely.linestrings(ends),
    )


def _invalid(areas: Any, index: int) -> Defect:
    reason = shapely.is_valid_reason(areas[index])  # "Self-intersection[1 2]"
    x, y = reason[reason.index("[") + 1 : -1].split()[:2]
    return Defect(
        "invalid", (float(x), float(y)), 0.0, (index,), shapely.points(float(x), float(y))
    )
