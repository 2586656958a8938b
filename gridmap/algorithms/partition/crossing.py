"""The better half of two plans, block by block.

Two plans of one ground have *blocks* in common: sets of whole grids of the one that cover exactly
the atoms of whole grids of the other. A plan may be taken block by block from either, because cost
is a sum over grids and the boundaries of a block are boundaries in both. So a search that warms a
plan up and cools it down again keeps what became better in one part of town, whatever became of
the others.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gridmap.algorithms.partition.problem import join

if TYPE_CHECKING:
    from gridmap.algorithms.partition.kernels.arrays import Graph, State, Terms

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_RAGGED = 0.4
_SAME = 1e-9
_SPREAD = 20


def grid_costs(state: State, graph: Graph, terms: Terms) -> Floats:
    """Cost of each grid, its half of the boundaries off streets included; 0 for unused numbers."""
    used = state.atoms > 0
    compactness = 4 * math.pi * state.area / np.where(used, state.perimeter, 1.0) ** 2
    cost = terms.ragged * np.maximum(_RAGGED - compactness, 0.0) ** 2 - compactness
    missing = np.maximum(terms.minimum - state.households, 0.0)
    missing += np.maximum(state.households - terms.maximum, 0.0)
    cost += terms.outside * missing / terms.minimum + terms.outside_once * (missing > 0)
    cost += terms.hole * state.holes
    cut = state.grid[graph.source] != state.grid[graph.neighbour]
    inner = np.bincount(state.grid[graph.source[cut]], graph.inner[cut], minlength=len(used))
    return np.where(used, cost + 0.5 * terms.inner * inner, 0.0)


def combine(
    first: State,
    second: State,
    graph: Graph,
    terms: Terms,
    wanted: int | None,
    wrong_count: float,
) -> tuple[Ints, bool]:
    """Take each block from the plan that has it better; say whether any comes from the second.

    With a number of grids that is wanted, the blocks are chosen by a dynamic programme over them so
    that it comes out; missing it costs `wrong_count` times the square. Without one, they are chosen
    so that the mean grid is best.
    """
    size = len(first.atoms)
    pairs = np.unique(first.grid * np.int64(size + len(second.atoms)) + second.grid)
    one, other = np.divmod(pairs, size + len(second.atoms))
    block = join(size + len(second.atoms), one, size + other)
    count = int(block.max()) + 1
    costs = np.concatenate((-grid_costs(first, graph, terms), grid_costs(second, graph, terms)))
    change = np.bincount(block, costs, minlength=count).astype(np.float64)
    number = np.concatenate((-(first.atoms > 0).astype(np.int64), second.atoms > 0))
    more = np.bincount(block, number, minlength=count).astype(np.int64)
    if wanted is None:
        mean = float(grid_costs(first, graph, terms).sum()) / int((first.atoms > 0).sum())
        taken = change - mean * more < -_SAME
    else:
        taken = _choose(change, more, wanted - int((first.atoms > 0).sum()), wrong_count)
    differs = taken & ((np.abs(change) > _SAME) | (more != 0))
    grid = np.where(taken[block[first.grid]], size + second.grid, first.grid)
    return _relabel(grid, first.pinned), bool(differs.any())


def _choose(change: Floats, more: Ints, lacking: int, wrong_count: float) -> NDArray[np.bool_]:
    """Blocks to exchange: least cost among those that bring `lacking` more grids, or nearly so."""
    spread = _SPREAD + abs(lacking)
    cost = np.full(2 * spread + 1, np.inf)
    cost[spread] = 0.0
    chosen = np.zeros((len(change), 2 * spread + 1), dtype=bool)
    for i in np.flatnonzero((change < -_SAME) | (more != 0)).tolist():
        step = int(more[i])
        exchanged = np.full_like(cost, np.inf)
        if abs(step) > 2 * spread:
            continue
        if step >= 0:
            exchanged[step:] = cost[: len(cost) - step] + change[i]
        else:
            exchanged[:step] = cost[-step:] + change[i]
        chosen[i] = exchanged < cost - _SAME
        cost = np.where(chosen[i], exchanged, cost)
    off = np.arange(-spread, spread + 1) - lacking
    at = int(np.argmin(cost + wrong_count * off**2.0))
    taken = np.zeros(len(change), dtype=bool)
    for i in range(len(change) - 1, -1, -1):
        if chosen[i, at]:
            taken[i] = True
            at -= int(more[i])
    return taken


def _relabel(grid: Ints, pinned: Ints) -> Ints:
    """Number grids without gaps; those with pinned atoms by the number that these name."""
    kept = int(pinned.max()) + 1
    labels, at = np.unique(grid, return_inverse=True)
    at = at.reshape(-1)
    final = np.full(len(labels), -1, dtype=np.int64)
    held = pinned >= 0
    final[at[held]] = pinned[held]
    final[final < 0] = np.arange(kept, kept + int((final < 0).sum()))
    return final[at]
