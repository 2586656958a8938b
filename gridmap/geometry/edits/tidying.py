"""Lines that separate nothing any more go, and slivers with them.

Every cut leaves atoms behind, and after a thousand edits most of their edges would lie inside one
grid. So after each edit pieces that were one atom once, and that one grid has again, become one;
an atom that is too small to matter joins a neighbour of the same grid. Nothing else is touched:
edges of blocks stay where they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.geometry.adjacency import SharedEdges, components, shared_edges
from gridmap.geometry.edits.patch import Ints, Polygons

SLIVER_M2 = 25.0
SLIVER_WIDTH_M = 1.0


@dataclass(frozen=True)
class Joined:
    """Atoms that are one now.

    Parameters
    ----------
    group
        For each atom the number of the joined one that it is in, or -1 where it stays alone.
    polygons
        The joined ones.
    """

    group: Ints
    polygons: Polygons


def tidy(
    atoms: Polygons,
    owners: Ints,
    roots: Ints,
    fresh: NDArray[np.bool_],
    *,
    edges: SharedEdges | None = None,
) -> Joined:
    """Join what an edit left in pieces.

    Parameters
    ----------
    atoms
        An exact coverage in metres, all around the edit.
    owners
        Lowest grid of each.
    roots
        The atom that each was cut from once: of one root are the pieces of one block.
    fresh
        What the edit made or gave away; an atom that is not fresh is joined with a fresh one only.
    edges
        Those that the atoms share, where they are known already.
    """
    edges = shared_edges(atoms) if edges is None else edges
    _, root = np.unique(roots, return_inverse=True)
    together = owners * np.int64(len(atoms) + 1) + root.reshape(-1)
    area = shapely.area(atoms)
    sliver = fresh & ((area < SLIVER_M2) | (2 * area < SLIVER_WIDTH_M * shapely.length(atoms)))
    labels = components(edges, together)
    labels = _with_hosts(labels, sliver, owners, edges.first, edges.second, edges.length)
    touched = np.unique(labels[fresh])
    sizes = np.bincount(labels, minlength=len(atoms))
    wanted = touched[sizes[touched] > 1]
    group = np.full(len(atoms), -1, dtype=np.int64)
    polygons = []
    for number, label in enumerate(wanted):
        members = np.flatnonzero(labels == label)
        group[members] = number
        polygons.append(shapely.normalize(shapely.coverage_union_all(atoms[members])))
    return Joined(group, np.array(polygons, dtype=object))


def _with_hosts(
    labels: Ints,
    sliver: NDArray[np.bool_],
    owners: Ints,
    first: Ints,
    second: Ints,
    length: NDArray[np.float64],
) -> Ints:
    """Let a sliver that is alone join the neighbour of its grid with the longest shared edge."""
    labels = labels.copy()
    alone = sliver & (np.bincount(labels, minlength=len(labels))[labels] == 1)
    here = np.concatenate((first, second))
    there = np.concatenate((second, first))
    shared = np.tile(length, 2)
    for number in np.flatnonzero(alone):
        near = (here == number) & (owners[there] == owners[number])
        if near.any():
            host = there[near][np.argmax(shared[near])]
            labels[labels == labels[number]] = labels[host]
    return labels
