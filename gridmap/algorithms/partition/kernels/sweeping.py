"""Cut a set of atoms in two connected parts along a front that sweeps over it."""

from __future__ import annotations

import math

import numpy as np

from gridmap.algorithms.partition.kernels.arrays import Graph, Ints, Scratch, State, Terms, compiled
from gridmap.algorithms.partition.kernels.local import (
    below,
    draw,
    range_cost,
    shape_cost,
    uniform,
)


@compiled
def push(heap: Ints, size: int, v: int, scratch: Scratch) -> int:
    """Put v into a binary heap with the least key on top; give the new size."""
    key = scratch.key
    p = size
    while p > 0 and key[heap[(p - 1) // 2]] > key[v]:
        heap[p] = heap[(p - 1) // 2]
        p = (p - 1) // 2
    heap[p] = v
    return size + 1


@compiled
def pop(heap: Ints, size: int, scratch: Scratch) -> int:
    """Close the gap after the top of the heap was taken; give the new size."""
    key = scratch.key
    size -= 1
    last = heap[size]
    p = 0
    while True:
        child = 2 * p + 1
        if child >= size:
            break
        if child + 1 < size and key[heap[child + 1]] < key[heap[child]]:
            child += 1
        if key[heap[child]] >= key[last]:
            break
        heap[p] = heap[child]
        p = child
    heap[p] = last
    return size


@compiled
def aim(members: Ints, graph: Graph, state: State, scratch: Scratch) -> int:
    """Give every member its place on the way of a random front; give the first member.

    The front is a line of any direction (half of all times), a circle or a square about a member.
    """
    random, key = state.random, scratch.key
    form = int(draw(random) & np.uint64(3))
    angle = uniform(random) * 2.0 * math.pi
    east, north = math.cos(angle), math.sin(angle)
    centre = members[below(random, len(members))]
    start = members[0]
    for v in members:
        dx, dy = graph.x[v] - graph.x[centre], graph.y[v] - graph.y[centre]
        if form < 2:
            key[v] = dx * east + dy * north
        elif form == 2:
            key[v] = math.hypot(dx, dy)
        else:
            key[v] = max(abs(dx * east + dy * north), abs(dy * east - dx * north))
        if key[v] < key[start]:
            start = v
    return int(start)


@compiled
def grow(start: int, mark: int, graph: Graph, scratch: Scratch) -> int:
    """Order the atoms with a mark from `start` on, nearest to the front first, none detached.

    They get a new mark, which is given back; `scratch.order` holds them.
    """
    heap, order = scratch.heap, scratch.order
    taken = int(scratch.stamp[0]) + 1
    scratch.stamp[0] = taken
    scratch.mark[start] = taken
    heap[0] = start
    size = 1
    count = 0
    while size > 0:
        v = heap[0]
        size = pop(heap, size, scratch)
        order[count] = v
        count += 1
        for e in range(graph.first[v], graph.first[v + 1]):
            u = graph.neighbour[e]
            if scratch.mark[u] == mark and not graph.barrier[e]:
                scratch.mark[u] = taken
                size = push(heap, size, u, scratch)
    return taken


@compiled
def root(parent: Ints, v: int) -> int:
    """Representative of v's set."""
    while parent[v] != v:
        parent[v] = parent[parent[v]]
        v = parent[v]
    return int(v)


@compiled
def count_rest(count: int, mark: int, graph: Graph, scratch: Scratch) -> None:
    """Write into each ordered atom's key how many pieces it and all behind it make."""
    order, parent, side = scratch.order, scratch.parent, scratch.side
    for j in range(count):
        side[order[j]] = 0
        parent[order[j]] = order[j]
    pieces = 0
    for j in range(count - 1, -1, -1):
        v = order[j]
        pieces += 1
        side[v] = 1
        for e in range(graph.first[v], graph.first[v + 1]):
            u = graph.neighbour[e]
            if graph.barrier[e] or scratch.mark[u] != mark or side[u] == 0:
                continue
            a, b = root(parent, v), root(parent, u)
            if a != b:
                parent[a] = b
                pieces -= 1
        scratch.key[v] = pieces


@compiled
def sweep(
    members: Ints,
    mark: int,
    rest_grids: int,
    graph: Graph,
    state: State,
    scratch: Scratch,
    terms: Terms,
    heat: float,
) -> int:
    """Cut members in two; the first part is the beginning of `scratch.order`.

    Every position of the front is priced; one is drawn by Boltzmann's weights at `heat`, or the
    cheapest at 0.

    Parameters
    ----------
    members
        A connected set of atoms, all of them marked with `mark`.
    rest_grids
        How many grids the second part is for.

    Returns
    -------
    int
        Size of the first part, 0 if no position leaves both parts connected.
    """
    count = len(members)
    area = households = outline = 0.0
    for v in members:
        area += graph.area[v]
        households += graph.households[v]
        outline += graph.perimeter[v]
        for e in range(graph.first[v], graph.first[v + 1]):
            if scratch.mark[graph.neighbour[e]] == mark:
                outline -= graph.length[e]
    mark = grow(aim(members, graph, state, scratch), mark, graph, scratch)
    count_rest(count, mark, graph, scratch)
    order, side = scratch.order, scratch.side
    area_1 = perimeter_1 = households_1 = front = inner = 0.0
    best = math.inf
    size = 0
    for j in range(count - 1):
        v = order[j]
        side[v] = 2
        area_1 += graph.area[v]
        perimeter_1 += graph.perimeter[v]
        households_1 += graph.households[v]
        for e in range(graph.first[v], graph.first[v + 1]):
            u = graph.neighbour[e]
            if scratch.mark[u] != mark:
                continue
            if side[u] == 2:
                perimeter_1 -= 2.0 * graph.length[e]
                front -= graph.length[e]
                inner -= graph.inner[e]
            else:
                front += graph.length[e]
                inner += graph.inner[e]
        if scratch.key[order[j + 1]] != 1:
            continue
        cost = (
            shape_cost(area_1, perimeter_1, terms)
            + shape_cost(area - area_1, outline + 2.0 * front - perimeter_1, terms)
            + range_cost(households_1, 1, terms)
            + range_cost(households - households_1, rest_grids, terms)
            + terms.inner * inner
        )
        if heat > 0.0:  # Gumbel noise makes the least of all a draw by Boltzmann's weights
            cost += heat * math.log(-math.log(uniform(state.random)))
        if cost < best:
            best = cost
            size = j + 1
    return size
