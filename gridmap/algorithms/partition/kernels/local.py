"""Chance, cost, and the smallest change: one atom goes over to a neighbouring grid."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from gridmap.algorithms.partition.kernels.arrays import Graph, Scratch, State, Terms, compiled

_FOUR_PI = 4.0 * math.pi
_RAGGED = 0.4


@compiled
def draw(random: NDArray[np.uint64]) -> np.uint64:
    """64 random bits (splitmix64: Steele, Lea and Flood, 2014)."""
    random[0] += np.uint64(0x9E3779B97F4A7C15)
    z = random[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.uint64(z ^ (z >> np.uint64(31)))


@compiled
def below(random: NDArray[np.uint64], limit: int) -> int:
    """A whole number from 0 to `limit` - 1."""
    return int(((draw(random) >> np.uint64(32)) * np.uint64(limit)) >> np.uint64(32))


@compiled
def uniform(random: NDArray[np.uint64]) -> float:
    """A number between 0 and 1, never either."""
    return (float(draw(random) >> np.uint64(11)) + 0.5) * (1.0 / 9007199254740992.0)


@compiled
def shape_cost(area: float, perimeter: float, terms: Terms) -> float:
    """Cost of a grid's shape: minus its Polsby-Popper compactness, more if it is ragged."""
    compactness = _FOUR_PI * area / (perimeter * perimeter)
    if compactness < _RAGGED:
        return terms.ragged * (_RAGGED - compactness) ** 2 - compactness
    return -compactness


@compiled
def range_cost(households: float, grids: int, terms: Terms) -> float:
    """Cost of as many households for so many grids; 0 inside the range."""
    if households < grids * terms.minimum:
        missing = (grids * terms.minimum - households) / terms.minimum
        return terms.outside_once + terms.outside * missing
    if households > grids * terms.maximum:
        missing = (households - grids * terms.maximum) / terms.minimum
        return terms.outside_once + terms.outside * missing
    return 0.0


@compiled
def euler_change(v: int, grid: int, graph: Graph, state: State) -> int:
    """Change of corners - arcs + faces of a grid when atom v joins its other atoms.

    0 when they touch in one piece of outline, -1 when v closes a ring, 1 when it fills one.
    """
    corners = 0
    for j in range(graph.corner_first[v], graph.corner_first[v + 1]):
        c = graph.corner[j]
        for i in range(graph.atom_first[c], graph.atom_first[c + 1]):
            u = graph.atom[i]
            if u != v and state.grid[u] == grid:
                corners += 1
                break
    arcs = 0
    for e in range(graph.first[v], graph.first[v + 1]):
        if state.grid[graph.neighbour[e]] == grid:
            arcs += graph.arcs[e]
    return int(graph.euler[v] - corners + arcs)


@compiled
def stays_whole(v: int, graph: Graph, state: State, scratch: Scratch) -> bool:
    """Say whether v's grid hangs together without v.

    Walks from one of v's neighbours until the others are met: mostly a few steps.
    """
    grid = state.grid[v]
    start = -1
    missing = 0
    for e in range(graph.first[v], graph.first[v + 1]):
        if state.grid[graph.neighbour[e]] == grid and not graph.barrier[e]:
            if start < 0:
                start = graph.neighbour[e]
            else:
                missing += 1
    if start < 0:
        return False
    if missing == 0:
        return True
    mark, queue = scratch.mark, scratch.queue
    wanted = scratch.stamp[0] + 1
    met = wanted + 1
    scratch.stamp[0] = met
    for e in range(graph.first[v], graph.first[v + 1]):
        if state.grid[graph.neighbour[e]] == grid and not graph.barrier[e]:
            mark[graph.neighbour[e]] = wanted
    mark[v] = met
    mark[start] = met
    queue[0] = start
    head, tail = 0, 1
    while head < tail:
        t = queue[head]
        head += 1
        for e in range(graph.first[t], graph.first[t + 1]):
            u = graph.neighbour[e]
            if graph.barrier[e] or state.grid[u] != grid or mark[u] == met:
                continue
            if mark[u] == wanted:
                missing -= 1
                if missing == 0:
                    return True
            mark[u] = met
            queue[tail] = u
            tail += 1
    return False


@compiled
def flip(
    entry: int, graph: Graph, state: State, scratch: Scratch, terms: Terms, heat: float
) -> bool:
    """Let the atom of an entry of the neighbour lists go over to that neighbour's grid.

    Accepted by Metropolis' rule at temperature `heat`. What is cheap is asked first: most proposals
    fail by their cost, few need the walk that proves contiguity.
    """
    v = graph.source[entry]
    old = state.grid[v]
    new = state.grid[graph.neighbour[entry]]
    if old == new or graph.barrier[entry] or state.pinned[v] >= 0:
        return False
    old_length = new_length = old_inner = new_inner = 0.0
    for e in range(graph.first[v], graph.first[v + 1]):
        grid = state.grid[graph.neighbour[e]]
        if grid == old:
            old_length += graph.length[e]
            old_inner += graph.inner[e]
        elif grid == new:
            new_length += graph.length[e]
            new_inner += graph.inner[e]
    if old_length <= 0.0:
        return False
    old_area = state.area[old] - graph.area[v]
    old_perimeter = state.perimeter[old] - graph.perimeter[v] + 2.0 * old_length
    new_area = state.area[new] + graph.area[v]
    new_perimeter = state.perimeter[new] + graph.perimeter[v] - 2.0 * new_length
    change = (
        shape_cost(old_area, old_perimeter, terms)
        + shape_cost(new_area, new_perimeter, terms)
        - shape_cost(state.area[old], state.perimeter[old], terms)
        - shape_cost(state.area[new], state.perimeter[new], terms)
        + terms.inner * (old_inner - new_inner)
    )
    moved = graph.households[v]
    if moved > 0.0:
        change += (
            range_cost(state.households[old] - moved, 1, terms)
            + range_cost(state.households[new] + moved, 1, terms)
            - range_cost(state.households[old], 1, terms)
            - range_cost(state.households[new], 1, terms)
        )
    room = -heat * math.log(uniform(state.random))
    if change > room:
        return False
    opened = euler_change(v, old, graph, state)
    filled = euler_change(v, new, graph, state)
    if change + terms.hole * (opened - filled) > room:
        return False
    if not stays_whole(v, graph, state, scratch):
        return False
    if state.member[old] == v:
        for e in range(graph.first[v], graph.first[v + 1]):
            if state.grid[graph.neighbour[e]] == old:
                state.member[old] = graph.neighbour[e]
    state.grid[v] = new
    state.area[old], state.area[new] = old_area, new_area
    state.perimeter[old], state.perimeter[new] = old_perimeter, new_perimeter
    state.households[old] -= moved
    state.households[new] += moved
    state.atoms[old] -= 1
    state.atoms[new] += 1
    state.holes[old] += opened
    state.holes[new] -= filled
    return True
