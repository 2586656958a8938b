"""The plan that the search begins with: whole grids, as many as asked for, of any shape."""

from __future__ import annotations

import heapq

import numpy as np
from numpy.typing import NDArray

from gridmap.algorithms.partition.problem import Atoms
from gridmap.errors import Fault, InvalidInput

Ints = NDArray[np.int64]


def neighbour_lists(atoms: Atoms) -> list[list[int]]:
    """Per atom, the atoms that it is contiguous with."""
    lists: list[list[int]] = [[] for _ in range(len(atoms))]
    edges = atoms.neighbours
    open_ = ~edges.barrier
    for a, b in zip(edges.first[open_].tolist(), edges.second[open_].tolist(), strict=True):
        lists[a].append(b)
        lists[b].append(a)
    return lists


def join_locked(lists: list[list[int]], locked: Ints, names: dict[int, int]) -> Ints:
    """Connect the atoms that are locked to one grid by shortest paths over free atoms.

    Parameters
    ----------
    locked
        Per atom the number of its grid, or -1.
    names
        Number of a grid → the planner's number, for errors.

    Returns
    -------
    numpy.ndarray
        Like `locked`, with the atoms of the paths.

    Raises
    ------
    InvalidInput
        There is no path: the atoms of a grid lie on both sides of a barrier or of other grids.
    """
    grid = locked.copy()
    for label in np.unique(locked[locked >= 0]).tolist():
        members = np.flatnonzero(grid == label).tolist()
        reached = _reach(lists, grid, members[0], label)
        while True:
            missing = [v for v in members if v not in reached]
            if not missing:
                break
            path = _path(lists, grid, reached, label)
            if path is None:
                raise InvalidInput(
                    f"The atoms locked to grid {names[label]} cannot hang together",
                    hint="A barrier or another locked grid lies between them: lock fewer atoms.",
                    faults=(Fault("detached from the grid", row=missing[0] + 1, field="locked"),),
                )
            grid[path] = label
            reached = _reach(lists, grid, members[0], label)
    return grid


def _reach(lists: list[list[int]], grid: Ints, start: int, label: int) -> set[int]:
    met, todo = {start}, [start]
    while todo:
        for u in lists[todo.pop()]:
            if grid[u] == label and u not in met:
                met.add(u)
                todo.append(u)
    return met


def _path(lists: list[list[int]], grid: Ints, reached: set[int], label: int) -> list[int] | None:
    """Free atoms between what is reached and the nearest other atom of the grid."""
    came: dict[int, int] = dict.fromkeys(reached, -1)
    todo = sorted(reached)
    for v in todo:  # grows while it is walked: breadth first
        for u in lists[v]:
            if u in came:
                continue
            if grid[u] == label:
                path = []
                while came[v] >= 0:
                    path.append(v)
                    v = came[v]  # noqa: PLW2901 - back along the way
                return path
            if grid[u] < 0:
                came[u] = v
                todo.append(u)
    return None


def grow(
    atoms: Atoms,
    lists: list[list[int]],
    fixed: Ints,
    counts: Ints,
    rng: np.random.Generator,
) -> Ints:
    """Give every atom a grid: from seeds, the grid with the fewest households takes the next atom.

    Parameters
    ----------
    fixed
        Per atom the number of the grid that it must be in, or -1; numbered from 0.
    counts
        Grids of each piece.
    """
    grid = fixed.copy()
    number = int(fixed.max()) + 1 if len(fixed) else 0
    pieces = atoms.pieces
    households = atoms.households
    weight = households + max(float(households.sum()), 1.0) / len(atoms) * 0.01
    for piece, wanted in enumerate(counts.tolist()):
        inside = np.flatnonzero(pieces == piece)
        more = wanted - len(np.unique(grid[inside][grid[inside] >= 0]))
        open_ = inside[grid[inside] < 0]
        if more <= 0 or len(open_) == 0:
            continue
        chance = weight[open_] / weight[open_].sum()
        seeds = rng.choice(open_, size=min(more, len(open_)), replace=False, p=chance)
        grid[seeds] = np.arange(number, number + len(seeds))
        number += len(seeds)
    sums = np.bincount(grid[grid >= 0], households[grid >= 0], minlength=number).tolist()
    turn = rng.permutation(len(atoms)).tolist()
    heap: list[tuple[float, int, int, int]] = [
        (sums[grid[v]], turn[u], int(grid[v]), u)
        for v in np.flatnonzero(grid >= 0).tolist()
        for u in lists[v]
        if grid[u] < 0
    ]
    heapq.heapify(heap)
    while heap:
        known, order, g, v = heapq.heappop(heap)
        if grid[v] >= 0:
            continue
        if sums[g] > known:  # it has grown meanwhile
            heapq.heappush(heap, (sums[g], order, g, v))
            continue
        grid[v] = g
        sums[g] += float(households[v]) + 1e-3
        for u in lists[v]:
            if grid[u] < 0:
                heapq.heappush(heap, (sums[g], turn[u], g, u))
    return grid
