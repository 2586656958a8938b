"""From a change of a patch to atoms that are stored: micro-grids settled, loose pieces joined."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.geometry import nesting
from gridmap.geometry.adjacency import SharedEdges, components, shared_edges
from gridmap.geometry.edits.patch import SMALLEST_PIECE_M2, Change, Ints, Patch, Polygons
from gridmap.geometry.edits.tidying import tidy

Reserve = Callable[[int], Sequence[int]]


@dataclass(frozen=True)
class Adopted:
    """What becomes of the atoms of a patch.

    Parameters
    ----------
    gone
        Indices of atoms that are replaced.
    handed, handed_to
        Indices of atoms that stay and change hands, and their new lowest grids.
    polygons, roots, leaf
        The new atoms: polygons in metres, the atom that each was cut from once, its lowest grid.
    moves
        Pairs of the lowest grids that some ground had before and has now, each once.
    emptied
        Lowest grids of which the patch held ground before, and holds none now.
    parents
        Upper grid of lowest grids, after an edit of an upper level.
    """

    gone: Ints
    handed: Ints
    handed_to: Ints
    polygons: Polygons
    roots: Ints
    leaf: Ints
    moves: Ints
    emptied: list[int]
    parents: dict[int, int]


def adopt(
    patch: Patch,
    leaf: Ints,
    roots: Ints,
    change: Change,
    *,
    made: Ints,
    chosen: Ints,
    reserve: Reserve | None,
) -> Adopted:
    """Carry a change down to the lowest grids, and join what an edit left in pieces.

    Parameters
    ----------
    patch, leaf, roots
        The patch, and for each of its atoms the lowest grid and the atom that it was cut from once.
    change
        Of the patch, at the level of its owners.
    made
        Numbers of the grids that the change makes, for `NEW`, `NEW - 1`, … in this order.
    chosen
        Grids whose ground changes.
    reserve
        Gives so many unused numbers for lowest grids that are to be made, where an upper grid holds
        none; None where the owners of the patch are the lowest grids themselves.
    """
    faces = change.apply(patch)
    before, root = change.origins(leaf), change.origins(roots)
    upper = faces.owners.copy()
    for placeholder, number in zip(change.fresh, made, strict=True):
        upper[faces.owners == placeholder] = number
    inside = np.isin(upper, np.concatenate((chosen, made)))
    edges = shared_edges(faces.atoms)
    area = shapely.area(faces.atoms)
    # Ground of grids that are not seen as a whole stays what it is.
    outside = np.where(inside, -1, -2 - np.arange(len(upper)))
    upper = _without_remnants(upper, outside, edges, area)
    after = before.copy()
    parents: dict[int, int] = {}
    if reserve is None:
        after[inside] = upper[inside]
    else:
        after[inside], parents = _settled(
            faces.atoms[inside], before[inside], upper[inside], reserve
        )
        after = _without_remnants(after, np.where(inside, upper, outside), edges, area)
        parents = {of: up for of, up in parents.items() if of in after}
    kept = np.setdiff1d(np.arange(len(leaf)), change.removed)
    is_kept = np.arange(len(after)) < len(kept)
    joined = tidy(faces.atoms, after, root, ~is_kept | (after != before), edges=edges)
    alone = joined.group < 0
    first_of = [int(np.argmax(joined.group == number)) for number in range(len(joined.polygons))]
    fresh = np.flatnonzero(alone & ~is_kept)
    source = np.concatenate((fresh, np.array(first_of, dtype=np.int64))).astype(np.int64)
    stayed = kept[alone[: len(kept)]]
    now = after[: len(kept)][alone[: len(kept)]]
    handed = now != leaf[stayed]
    return Adopted(
        np.setdiff1d(np.arange(len(leaf)), stayed),
        stayed[handed],
        now[handed],
        np.concatenate((faces.atoms[fresh], joined.polygons)),
        root[source],
        after[source],
        np.unique(np.column_stack((before, after)), axis=0),
        np.setdiff1d(leaf, after).tolist(),
        parents,
    )


def _without_remnants(
    owners: Ints, within: Ints, edges: SharedEdges, area: NDArray[np.float64]
) -> Ints:
    """Give pieces that are too small to be meant to the neighbour with the longest shared edge.

    A handover of whole atoms may leave a grid with nothing but the slip of an earlier line.

    Parameters
    ----------
    within
        A piece stays with neighbours of its own number here, and other numbers keep theirs.
    """
    owners = owners.copy()
    label = components(edges, owners)
    small = np.bincount(label, area)[label] < SMALLEST_PIECE_M2
    if not small.any():
        return owners
    here = np.concatenate((edges.first, edges.second))
    there = np.concatenate((edges.second, edges.first))
    length = np.tile(edges.length, 2)
    usable = small[here] & ~small[there] & (within[here] == within[there])
    for piece in np.unique(label[here[usable]]):
        near = usable & (label[here] == piece)
        gained, number = np.unique(owners[there[near]], return_inverse=True)
        shared = np.bincount(number.reshape(-1), length[near])
        owners[label == piece] = gained[np.argmax(shared)]
    return owners


def _settled(
    faces: Polygons, leaf: Ints, upper: Ints, reserve: Reserve
) -> tuple[Ints, dict[int, int]]:
    """The lowest grid of each face and their parents, those that are made with numbers reserved."""
    first_new = int(leaf.max()) + 1
    settled = nesting.settle(faces, leaf, upper, first_new=first_new)
    wanted = sorted(number for number in settled.parent if number >= first_new)
    number_of = dict(zip(wanted, reserve(len(wanted)), strict=True))
    after = np.array([number_of.get(int(of), int(of)) for of in settled.leaf], dtype=np.int64)
    return after, {number_of.get(of, of): parent for of, parent in settled.parent.items()}
