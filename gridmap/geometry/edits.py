"""One edit of a plan: which atoms are cut, which change hands, and nothing else.

A plan is an exact coverage by atoms, each of which belongs to one grid of the lowest level. An edit
never moves an outline; it cuts atoms along a drawn line and gives atoms to other grids. So whatever
is drawn, the result covers the territory without gap and overlap.

All geometry is in metres on the lattice of the place (`gridmap.geometry.crs`).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gridmap.errors import Fault, InvalidInput
from gridmap.geometry.adjacency import components, shared_edges
from gridmap.geometry.crs import LATTICE_M, snap
from gridmap.geometry.segments import directed_segments

Polygons = NDArray[np.object_]
Ints = NDArray[np.int64]

REACH_M = 5.0  # how far an end of a drawn line is moved to meet an edge
SMALLEST_PIECE_M2 = 4.0  # a smaller piece is a slip of the hand
_NEAR_M = 0.02  # farther than snap rounding on the lattice can move anything
_ON_LINE_M = 0.012
NEW = -1


class RefusedEdit(InvalidInput):
    """A line or choice that cannot be carried out: why, and where (metres)."""

    def __init__(self, reason: str, *, place: Any = None, hint: str | None = None) -> None:
        where = None if place is None else tuple(shapely.get_coordinates(place)[0].tolist())
        super().__init__(reason, hint=hint, faults=(Fault(reason, place=where),))


@dataclass(frozen=True)
class Patch:
    """The part of a plan that an edit may touch.

    Parameters
    ----------
    atoms
        Polygons: all of the grids that the edit names, and all others within reach of its line.
    owners
        Number of the lowest grid of each atom.
    outline
        Boundary lines of the territory, which no edit moves.
    """

    atoms: Polygons
    owners: Ints
    outline: Any


@dataclass(frozen=True)
class Change:
    """What an edit does to a patch.

    Parameters
    ----------
    removed
        Indices of atoms that are replaced.
    added
        The atoms that replace them.
    added_from
        For each added atom, the index of the atom that it was a part of.
    added_owner
        For each added atom its grid; `NEW`, `NEW - 1`, … stand for grids to be made.
    moved
        Indices of atoms that stay as they are and change hands.
    moved_to
        Their new grids.
    """

    removed: Ints
    added: Polygons
    added_from: Ints
    added_owner: Ints
    moved: Ints
    moved_to: Ints

    def apply(self, patch: Patch) -> Patch:
        """The patch after the edit."""
        owners = patch.owners.copy()
        owners[self.moved] = self.moved_to
        kept = np.ones(len(owners), dtype=bool)
        kept[self.removed] = False
        return Patch(
            np.concatenate((patch.atoms[kept], self.added)),
            np.concatenate((owners[kept], self.added_owner)),
            patch.outline,
        )


@dataclass(frozen=True)
class _Faces:
    """A patch after a cut: its faces, where each came from, and what separates them."""

    polygons: Polygons
    origin: Ints  # index of the atom that a face is a part of
    replaced: NDArray[np.bool_]  # per atom: its vertices or pieces changed
    first: Ints
    second: Ints
    barred: NDArray[np.bool_]  # per pair of neighbours: they touch along the line only


def redraw_boundary(patch: Patch, line: Any, one: int, other: int) -> Change:
    """Make a drawn line the boundary between two neighbouring grids.

    What the line cuts off from one of them and what lies on the other's side goes to the other. A
    line may replace the whole boundary, or a part of it that both its ends lie on; it may cross the
    old boundary as often as it likes.

    Parameters
    ----------
    patch
        With all atoms of both grids.
    line
        LineString in metres.
    one, other
        The two grids.

    Raises
    ------
    RefusedEdit
        The line crosses itself, ends inside a grid, separates nothing, or would leave one of the
        grids in two pieces.
    """
    region = np.isin(patch.owners, (one, other))
    if not np.all(np.isin((one, other), patch.owners)):
        raise RefusedEdit("One of the two grids has no area")
    drawn = prepare_line(line, patch, region)
    faces = _cut(patch, drawn)
    owner = patch.owners[faces.origin]
    pieces = [_pieces(faces, owner == grid) for grid in (one, other)]
    if len(pieces[0]) < 2 and len(pieces[1]) < 2:
        raise RefusedEdit(
            "The line separates nothing from either grid",
            place=line,
            hint="Draw it from edge to edge, or with both ends on the boundary between the grids.",
        )
    area = shapely.area(faces.polygons)
    sizes = [[float(area[piece].sum()) for piece in of_grid] for of_grid in pieces]
    choices = sorted(
        product(range(len(pieces[0])), range(len(pieces[1]))),
        key=lambda kept: -(sizes[0][kept[0]] + sizes[1][kept[1]]),
    )
    for kept in choices:
        after = owner.copy()
        for grid, to, of_grid, stays in (
            (one, other, pieces[0], kept[0]),
            (other, one, pieces[1], kept[1]),
        ):
            for number, piece in enumerate(of_grid):
                after[piece] = grid if number == stays else to
        after = _without_slips(faces, owner, after)
        if np.array_equal(after, owner):
            continue
        if all(_hangs_together(faces, after == grid) for grid in (one, other)):
            return _change(patch, faces, after)
    raise RefusedEdit(
        "The line would leave one of the grids in two pieces",
        place=line,
        hint="Draw along one side of the old boundary, or move the pieces one by one.",
    )


def split(patch: Patch, line: Any, grid: int) -> Change:
    """Split a grid along a drawn line; the largest piece keeps its number.

    Raises
    ------
    RefusedEdit
        The line crosses itself or leaves the grid in one piece.
    """
    region = patch.owners == grid
    drawn = prepare_line(line, patch, region)
    faces = _cut(patch, drawn)
    owner = patch.owners[faces.origin]
    pieces = _pieces(faces, owner == grid)
    if len(pieces) < 2:
        raise RefusedEdit(
            "The line does not split the grid", place=line, hint="Draw it from edge to edge."
        )
    area = shapely.area(faces.polygons)
    pieces.sort(key=lambda piece: -float(area[piece].sum()))
    after = owner.copy()
    for number, piece in enumerate(pieces):
        after[piece] = grid if number == 0 else NEW - (number - 1)
    after = _without_slips(faces, owner, after)
    if np.array_equal(after, owner):
        raise RefusedEdit(f"Every piece is smaller than {SMALLEST_PIECE_M2:.0f} m²", place=line)
    return _change(patch, faces, after)


def transfer(patch: Patch, chosen: Ints, to: int) -> Change:
    """Give whole atoms to another grid: a building's, a block's, or those under a lasso."""
    chosen = np.asarray(chosen, dtype=np.int64)
    moved = chosen[patch.owners[chosen] != to]
    return _moves(moved, np.full(len(moved), to, dtype=np.int64))


def merge(patch: Patch, grids: Ints, into: int) -> Change:
    """Give everything that some grids have to one of them."""
    return transfer(patch, np.flatnonzero(np.isin(patch.owners, grids)), into)


def pieces_of(patch: Patch, grid: int) -> list[Ints]:
    """The connected pieces of a grid, as indices of atoms, the largest first."""
    chosen = np.flatnonzero(patch.owners == grid)
    labels = components(shared_edges(patch.atoms[chosen]), np.zeros(len(chosen), dtype=np.int64))
    found = [chosen[labels == label] for label in np.unique(labels)]
    return sorted(found, key=lambda piece: -float(shapely.area(patch.atoms[piece]).sum()))


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
    parts = [part for part in inside if part.geom_type == "LineString" and part.length > _NEAR_M]
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
        if shapely.distance(tip, outline) < _NEAR_M:
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


def _cut(patch: Patch, lines: Polygons) -> _Faces:
    """Cut atoms along lines; their neighbours get the new vertices, so that edges stay shared."""
    tree = shapely.STRtree(patch.atoms)
    near = np.unique(tree.query(lines, predicate="dwithin", distance=_NEAR_M)[1])
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
    first, second, barred = _neighbours(polygons, lines)
    return _Faces(polygons, origin, replaced, first, second, barred)


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


def _neighbours(polygons: Polygons, lines: Polygons) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """Pairs of neighbours, and whether they touch along the drawn line only."""
    segments = directed_segments(polygons, unit=LATTICE_M)
    order = np.argsort(segments.forward_keys, kind="stable")
    keys = segments.forward_keys[order]
    at = np.minimum(np.searchsorted(keys, segments.backward_keys), max(len(keys) - 1, 0))
    other = segments.owner[order[at]]
    met = (keys[at] == segments.backward_keys) & (segments.owner < other)
    a = segments.coordinates(segments.start[met])
    b = segments.coordinates(segments.end[met])
    drawn = shapely.union_all(lines)
    shapely.prepare(drawn)
    on_line = np.ones(len(a), dtype=bool)
    for point in (a, b, (a + b) / 2):
        on_line &= shapely.dwithin(shapely.points(point), drawn, _ON_LINE_M)
    pair = segments.owner[met] * np.int64(len(polygons)) + other[met]
    pairs, number = np.unique(pair, return_inverse=True)
    open_ = np.zeros(len(pairs), dtype=bool)
    np.logical_or.at(open_, number.reshape(-1), ~on_line)
    return pairs // len(polygons), pairs % len(polygons), ~open_


def _pieces(faces: _Faces, chosen: NDArray[np.bool_]) -> list[Ints]:
    """Connected pieces of chosen faces, where the drawn line separates."""
    return _connected(faces, chosen, ~faces.barred)


def _hangs_together(faces: _Faces, chosen: NDArray[np.bool_]) -> bool:
    return len(_connected(faces, chosen, np.ones(len(faces.first), dtype=bool))) == 1


def _connected(faces: _Faces, chosen: NDArray[np.bool_], open_: NDArray[np.bool_]) -> list[Ints]:
    usable = open_ & chosen[faces.first] & chosen[faces.second]
    size = len(faces.polygons)
    graph = coo_array(
        (np.ones(int(usable.sum())), (faces.first[usable], faces.second[usable])),
        shape=(size, size),
    )
    _, labels = connected_components(graph, directed=False)
    numbers = np.flatnonzero(chosen)
    return [numbers[labels[numbers] == label] for label in np.unique(labels[numbers])]


def _without_slips(faces: _Faces, before: Ints, after: Ints) -> Ints:
    """Leave where they were the pieces that are too small to be meant."""
    changed = np.flatnonzero(before != after)
    area = shapely.area(faces.polygons)
    meant = after.copy()
    for to in np.unique(after[changed]):
        chosen = (before != after) & (after == to)
        for piece in _connected(faces, chosen, np.ones(len(faces.first), dtype=bool)):
            if area[piece].sum() < SMALLEST_PIECE_M2:
                meant[piece] = before[piece]
    return meant


def _change(patch: Patch, faces: _Faces, after: Ints) -> Change:
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


def _moves(moved: Ints, to: Ints) -> Change:
    none = np.empty(0, dtype=np.int64)
    return Change(none, np.empty(0, dtype=object), none, none, moved, to)
