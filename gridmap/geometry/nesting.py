"""Micro-grids make their grid exactly, also after an edit of the grid.

An edit of an upper level gives faces from one grid to another. A micro-grid that went over as a
whole goes with its faces; a part of one joins the neighbour in its new grid with the longest shared
edge; what an edit tore in two keeps its largest piece and hands the rest to a neighbour.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.geometry.adjacency import SharedEdges, components, shared_edges

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Nesting:
    """Lowest grids after an edit of an upper level.

    Parameters
    ----------
    leaf
        Lowest grid of each face; numbers from `first_new` on stand for grids to be made.
    parent
        Upper grid of each lowest grid that has a face.
    """

    leaf: Ints
    parent: dict[int, int]


def settle(faces: NDArray[np.object_], leaf: Ints, upper: Ints, *, first_new: int) -> Nesting:
    """Give every face a lowest grid inside its upper grid.

    Parameters
    ----------
    faces
        An exact coverage in metres.
    leaf
        Lowest grid of each face before the edit.
    upper
        Upper grid of each face after the edit.
    first_new
        Number of the first lowest grid that is to be made, where an upper grid holds none.
    """
    leaf = leaf.copy()
    edges = shared_edges(faces)
    area = shapely.area(faces)
    parent = _homes(leaf, upper, area)
    homeless = np.array([parent[int(of)] for of in leaf], dtype=np.int64) != upper
    leaf, parent = _house(leaf, upper, parent, homeless, edges, area, first_new)
    leaf = _mend(leaf, upper, edges, area)
    return Nesting(leaf, {int(of): parent[int(of)] for of in np.unique(leaf)})


def _homes(leaf: Ints, upper: Ints, area: NDArray[np.float64]) -> dict[int, int]:
    """The upper grid that has most of each lowest one."""
    homes = {}
    for of in np.unique(leaf):
        chosen = leaf == of
        grids, number = np.unique(upper[chosen], return_inverse=True)
        share = np.bincount(number.reshape(-1), area[chosen])
        homes[int(of)] = int(grids[np.argmax(share)])
    return homes


def _house(
    leaf: Ints,
    upper: Ints,
    parent: dict[int, int],
    homeless: NDArray[np.bool_],
    edges: SharedEdges,
    area: NDArray[np.float64],
    first_new: int,
) -> tuple[Ints, dict[int, int]]:
    """Let faces whose lowest grid lies elsewhere join a neighbour, nearest ones first."""
    leaf, parent, waiting = leaf.copy(), dict(parent), homeless.copy()
    while waiting.any():
        gained = _longest_neighbour(leaf, upper, edges, waiting)
        settled = np.flatnonzero(waiting & (gained >= 0))
        if not len(settled):
            # An upper grid without any lowest one, or a piece apart: it becomes one itself.
            begin = np.flatnonzero(waiting)[np.argmax(area[waiting])]
            settled = np.array([begin])
            gained[begin] = first_new
            parent[first_new] = int(upper[begin])
            first_new += 1
        leaf[settled] = gained[settled]
        waiting[settled] = False
    return leaf, parent


def _longest_neighbour(
    leaf: Ints, upper: Ints, edges: SharedEdges, waiting: NDArray[np.bool_]
) -> Ints:
    """For each waiting face the settled lowest grid with the longest shared edge, or -1."""
    first = np.concatenate((edges.first, edges.second))
    second = np.concatenate((edges.second, edges.first))
    length = np.tile(edges.length, 2)
    usable = waiting[first] & ~waiting[second] & (upper[first] == upper[second])
    first, neighbour, length = first[usable], leaf[second[usable]], length[usable]
    pairs, number = np.unique(np.column_stack((first, neighbour)), axis=0, return_inverse=True)
    total = np.bincount(number.reshape(-1), length, minlength=len(pairs))
    gained = np.full(len(leaf), -1, dtype=np.int64)
    for at in np.argsort(total, kind="stable"):
        gained[pairs[at, 0]] = pairs[at, 1]
    return gained


def _mend(leaf: Ints, upper: Ints, edges: SharedEdges, area: NDArray[np.float64]) -> Ints:
    """Hand over pieces that are apart from the largest piece of their lowest grid."""
    leaf = leaf.copy()
    labels = components(edges, leaf)
    for of in np.unique(leaf):
        pieces = np.unique(labels[leaf == of])
        if len(pieces) < 2:
            continue
        sizes = [area[labels == piece].sum() for piece in pieces]
        apart = np.isin(labels, np.delete(pieces, int(np.argmax(sizes))))
        while apart.any():
            gained = _longest_neighbour(leaf, upper, edges, apart)
            taken = apart & (gained >= 0)
            if not taken.any():
                break  # nobody of the same upper grid touches it: it stays, and the check names it
            leaf[taken] = gained[taken]
            apart &= ~taken
    return leaf
