"""Cutting atoms along lines: faces, what separates them, and what hangs together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gridmap.geometry.adjacency import sums_by
from gridmap.geometry.crs import LATTICE_M
from gridmap.geometry.edits.lines import NEAR_M
from gridmap.geometry.edits.patch import (
    SMALLEST_PIECE_M2,
    Change,
    Ints,
    Patch,
    Polygons,
    RefusedEdit,
)
from gridmap.geometry.segments import directed_segments

ON_LINE_M = 0.012  # an edge this near to a drawn line lies on it, lattice rounding allowed for


@dataclass(frozen=True)
class Faces:
    """A patch after a cut: its faces, where each came from, and what separates them."""

    polygons: Polygons
    origin: Ints  # index of the atom that a face is a part of
    replaced: NDArray[np.bool_]  # per atom: its vertices or pieces changed
    first: Ints
    second: Ints
    barred: NDArray[np.bool_]  # per pair of neighbours: they touch along a barrier only
    length: NDArray[np.float64]  # per pair: of the edge that they share


def cut(
    patch: Patch, lines: Polygons, *, barriers: Polygons | None = None, width_m: float = ON_LINE_M
) -> Faces:
    """Cut atoms along lines; their neighbours get the new vertices, so that edges stay shared.

    Parameters
    ----------
    lines
        As `gridmap.geometry.edits.lines` prepares them; none cuts nothing.
    barriers
        Lines that separate faces along them: by default those of the cut.
    width_m
        How far from a barrier an edge may lie and still be on it.

    Raises
    ------
    RefusedEdit
        A line runs so near to the rim of what was given that it would bend it.
    """
    barriers = lines if barriers is None else barriers
    if not len(lines):
        whole = np.arange(len(patch.atoms))
        found = neighbours(patch.atoms, barriers, width_m)
        return Faces(patch.atoms, whole, np.zeros(len(whole), dtype=bool), *found)
    tree = shapely.STRtree(patch.atoms)
    near = np.unique(tree.query(lines, predicate="dwithin", distance=NEAR_M)[1])
    atoms = patch.atoms[near]
    edges = shapely.get_parts(shapely.boundary(atoms))
    noded = shapely.union_all(np.concatenate((edges, lines)), grid_size=LATTICE_M)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    face, host = shapely.STRtree(atoms).query(
        shapely.point_on_surface(faces), predicate="intersects"
    )
    face, once = np.unique(face, return_index=True)
    faces, host = faces[face], host[once]
    _refuse_moved_rim(atoms, faces, lines)
    replaced = np.zeros(len(patch.atoms), dtype=bool)
    same = np.zeros(len(near), dtype=bool)
    counts = np.bincount(host, minlength=len(near))
    for number, (piece, of) in enumerate(zip(faces, host, strict=True)):
        if counts[of] == 1 and shapely.equals_exact(
            shapely.normalize(piece), shapely.normalize(atoms[of]), 0.0
        ):
            faces[number] = atoms[of]
            same[of] = True
    replaced[near[~same]] = True
    rest = np.setdiff1d(np.arange(len(patch.atoms)), near)
    polygons = np.concatenate((patch.atoms[rest], faces))
    origin = np.concatenate((rest, near[host]))
    return Faces(polygons, origin, replaced, *neighbours(polygons, barriers, width_m))


def _refuse_moved_rim(before: Polygons, after: Polygons, lines: Polygons) -> None:
    """Refuse a cut that would bend an edge which somebody else or the territory shares."""
    if not np.array_equal(_rim(before), _rim(after)):
        raise RefusedEdit(
            "The line runs along an edge that cannot move",
            place=lines[0],
            hint="Keep a metre away from the outline, or end the line there.",
        )


def _rim(polygons: Polygons) -> NDArray[np.float64]:
    """Directed segments that no other polygon of the set meets, in an order of their own."""
    segments = directed_segments(polygons, unit=LATTICE_M)
    open_ = ~np.isin(segments.forward_keys, segments.backward_keys)
    ends = np.column_stack(
        (
            segments.coordinates(segments.start[open_]),
            segments.coordinates(segments.end[open_]),
        )
    )
    return ends[np.lexsort(ends.T)]


def neighbours(
    polygons: Polygons, barriers: Polygons, width_m: float = ON_LINE_M
) -> tuple[Ints, Ints, NDArray[np.bool_], NDArray[np.float64]]:
    """Pairs of neighbours, whether they touch along barriers only, and for how many metres."""
    segments = directed_segments(polygons, unit=LATTICE_M)
    order = np.argsort(segments.forward_keys, kind="stable")
    keys = segments.forward_keys[order]
    at = np.minimum(np.searchsorted(keys, segments.backward_keys), max(len(keys) - 1, 0))
    other = segments.owner[order[at]]
    met = (keys[at] == segments.backward_keys) & (segments.owner < other)
    a = segments.coordinates(segments.start[met])
    b = segments.coordinates(segments.end[met])
    drawn = shapely.union_all(barriers)
    shapely.prepare(drawn)
    on_line = np.ones(len(a), dtype=bool)
    for point in ((a + b) / 2, a, b):  # most edges are far away, which one point tells
        on_line[on_line] = shapely.dwithin(shapely.points(point[on_line]), drawn, width_m)
    pair = segments.owner[met] * np.int64(len(polygons)) + other[met]
    pairs, number = np.unique(pair, return_inverse=True)
    open_ = np.zeros(len(pairs), dtype=bool)
    np.logical_or.at(open_, number.reshape(-1), ~on_line)
    total = sums_by(number.reshape(-1), np.hypot(*(b - a).T), len(pairs))
    first, second = np.divmod(pairs, np.int64(len(polygons)))
    return first, second, ~open_, total


def pieces_in(faces: Faces, chosen: NDArray[np.bool_]) -> list[Ints]:
    """Connected pieces of chosen faces, where the drawn line separates."""
    return connected(faces, chosen, ~faces.barred)


def connected(faces: Faces, chosen: NDArray[np.bool_], open_: NDArray[np.bool_]) -> list[Ints]:
    """Connected pieces of chosen faces over those pairs of neighbours that are open."""
    usable = open_ & chosen[faces.first] & chosen[faces.second]
    size = len(faces.polygons)
    graph = coo_array(
        (np.ones(int(usable.sum())), (faces.first[usable], faces.second[usable])),
        shape=(size, size),
    )
    _, labels = connected_components(graph, directed=False)
    numbers = np.flatnonzero(chosen)
    return [numbers[labels[numbers] == label] for label in np.unique(labels[numbers])]


def without_slips(faces: Faces, before: Ints, after: Ints) -> Ints:
    """Leave where they were the pieces that are too small to be meant."""
    changed = np.flatnonzero(before != after)
    area = shapely.area(faces.polygons)
    meant = after.copy()
    for to in np.unique(after[changed]):
        chosen = (before != after) & (after == to)
        for piece in connected(faces, chosen, np.ones(len(faces.first), dtype=bool)):
            if area[piece].sum() < SMALLEST_PIECE_M2:
                meant[piece] = before[piece]
    return meant


def change_of(patch: Patch, faces: Faces, after: Ints) -> Change:
    """Write down what became of each atom; pieces of one atom that stay together are joined."""
    removed = np.flatnonzero(faces.replaced)
    of_removed = faces.replaced[faces.origin]
    key = np.column_stack((faces.origin[of_removed], after[of_removed]))
    groups, number = np.unique(key, axis=0, return_inverse=True)
    number = number.reshape(-1)
    pieces = faces.polygons[of_removed]
    added: list[Any] = []
    added_from: list[int] = []
    added_owner: list[int] = []
    for group, (origin, owner) in enumerate(groups):
        for part in shapely.get_parts(shapely.coverage_union_all(pieces[number == group])):
            added.append(shapely.normalize(part))
            added_from.append(int(origin))
            added_owner.append(int(owner))
    whole = ~of_removed
    moved = faces.origin[whole][after[whole] != patch.owners[faces.origin[whole]]]
    moved_to = after[whole][after[whole] != patch.owners[faces.origin[whole]]]
    return Change(
        removed,
        np.array(added, dtype=object),
        np.array(added_from, dtype=np.int64),
        np.array(added_owner, dtype=np.int64),
        moved,
        moved_to,
    )
