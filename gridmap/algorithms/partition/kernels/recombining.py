"""Larger changes: the atoms of up to three neighbouring grids are cut anew into up to three."""

from __future__ import annotations

import math

import numpy as np

from gridmap.algorithms.partition.kernels.arrays import Graph, Ints, Scratch, State, Terms, compiled
from gridmap.algorithms.partition.kernels.local import (
    below,
    range_cost,
    shape_cost,
    uniform,
)
from gridmap.algorithms.partition.kernels.sweeping import sweep

_TRIES = 30
_BEST_SHAPE = -0.9  # no grid of street blocks is rounder


@compiled
def gather(v: int, labels: Ints, graph: Graph, state: State, scratch: Scratch) -> int:
    """Collect v's grid and neighbouring ones, as many as `labels` holds, into the queue.

    Give the number of atoms, 0 if there are not so many neighbours; they carry the last stamp.
    """
    mark, queue = scratch.mark, scratch.queue
    stamp = scratch.stamp[0] + 1
    scratch.stamp[0] = stamp
    labels[0] = state.grid[v]
    found = 1
    mark[v] = stamp
    queue[0] = v
    head, tail = 0, 1
    while True:
        while head < tail:
            t = queue[head]
            head += 1
            for e in range(graph.first[t], graph.first[t + 1]):
                u = graph.neighbour[e]
                if graph.barrier[e] or mark[u] == stamp:
                    continue
                for i in range(found):
                    if state.grid[u] == labels[i]:
                        mark[u] = stamp
                        queue[tail] = u
                        tail += 1
                        break
        if found == len(labels):
            return tail
        added = False
        for _ in range(_TRIES):
            t = queue[below(state.random, tail)]
            degree = graph.first[t + 1] - graph.first[t]
            if degree == 0:
                continue
            e = graph.first[t] + below(state.random, degree)
            if not graph.barrier[e] and mark[graph.neighbour[e]] != stamp:
                labels[found] = state.grid[graph.neighbour[e]]
                added = True
                break
        if not added:
            return 0
        found += 1
        head = 0


@compiled
def cut(
    count: int, parts: int, graph: Graph, state: State, scratch: Scratch, terms: Terms, heat: float
) -> bool:
    """Number the gathered atoms by part in `scratch.part`; say whether that was possible."""
    queue, part, order = scratch.queue, scratch.part, scratch.order
    stamp = scratch.stamp[0]
    for j in range(count):
        part[queue[j]] = parts - 1
    done = 0
    for p in range(parts - 1):
        members = queue[done:count]
        size = sweep(members, stamp, parts - 1 - p, graph, state, scratch, terms, heat)
        if size == 0:
            return False
        stamp = scratch.stamp[0] + 1
        scratch.stamp[0] = stamp
        for j in range(count - done):
            queue[done + j] = order[j]
        for j in range(done, done + size):
            part[queue[j]] = p
        done += size
        for j in range(done, count):
            scratch.mark[queue[j]] = stamp
    return True


@compiled
def name_parts(count: int, parts: int, labels: Ints, state: State, scratch: Scratch) -> bool:
    """Order `labels` so that pinned atoms keep their grid; say whether that is possible."""
    for p in range(parts):
        wanted = -1
        for j in range(count):
            v = scratch.queue[j]
            if scratch.part[v] == p and state.pinned[v] >= 0:
                if wanted >= 0 and state.pinned[v] != wanted:
                    return False
                wanted = state.pinned[v]
        if wanted < 0:
            continue
        at = -1
        for i in range(len(labels)):
            if labels[i] == wanted:
                at = i
        # An earlier part that needed this grid, or one that took it for want of another.
        for j in range(count):
            v = scratch.queue[j]
            if scratch.part[v] < p and state.pinned[v] == wanted:
                return False
        labels[at], labels[p] = labels[p], labels[at]
    for j in range(count):  # a later swap may have moved an earlier part's grid
        v = scratch.queue[j]
        if state.pinned[v] >= 0 and labels[scratch.part[v]] != state.pinned[v]:
            return False
    return True


@compiled
def count_holes(p: int, count: int, graph: Graph, scratch: Scratch) -> int:
    """Holes of a connected part: 1 - (corners - arcs + faces)."""
    stamp = scratch.stamp[0] + 1
    scratch.stamp[0] = stamp
    euler = 0
    for j in range(count):
        v = scratch.queue[j]
        if scratch.part[v] != p:
            continue
        euler += graph.euler[v]
        for i in range(graph.corner_first[v], graph.corner_first[v + 1]):
            if scratch.corner_mark[graph.corner[i]] == stamp:
                euler -= 1
            scratch.corner_mark[graph.corner[i]] = stamp
        for e in range(graph.first[v], graph.first[v + 1]):
            if scratch.mark[graph.neighbour[e]] == stamp:
                euler += graph.arcs[e]
        scratch.mark[v] = stamp
    return 1 - euler


@compiled
def recombine(
    v: int,
    before: int,
    after: int,
    graph: Graph,
    state: State,
    scratch: Scratch,
    terms: Terms,
    heat: float,
    count_cost: float,
) -> bool:
    """Cut v's grid and its neighbours, `before` in all, into `after` grids; Metropolis decides.

    `count_cost` is what the new number of grids costs beside their shapes.
    """
    if after > before and state.free_count[0] == 0:
        return False
    labels = np.empty(max(before, after), np.int64)
    count = gather(v, labels[:before], graph, state, scratch)
    if count < after:
        return False
    old = 0.0
    households = 0.0
    for i in range(before):
        g = labels[i]
        old += shape_cost(state.area[g], state.perimeter[g], terms)
        old += range_cost(state.households[g], 1, terms) + terms.hole * state.holes[g]
        households += state.households[g]
    room = -heat * math.log(uniform(state.random))
    least = after * _BEST_SHAPE + range_cost(households, after, terms) + count_cost - old
    if before != after and least > room:
        return False
    if not cut(count, after, graph, state, scratch, terms, heat):
        return False
    if after > before:
        labels[before] = state.free[state.free_count[0] - 1]

    stamp = scratch.stamp[0] + 1
    scratch.stamp[0] = stamp
    for j in range(count):
        scratch.mark[scratch.queue[j]] = stamp
    areas, perimeters, sums = np.zeros(after), np.zeros(after), np.zeros(after)
    atoms, holes = np.zeros(after, np.int64), np.zeros(after, np.int64)
    inner = 0.0
    for j in range(count):
        t = scratch.queue[j]
        p = scratch.part[t]
        areas[p] += graph.area[t]
        perimeters[p] += graph.perimeter[t]
        sums[p] += graph.households[t]
        atoms[p] += 1
        for e in range(graph.first[t], graph.first[t + 1]):
            u = graph.neighbour[e]
            if scratch.mark[u] != stamp:
                continue
            if scratch.part[u] == p:
                perimeters[p] -= graph.length[e]
            else:
                inner += graph.inner[e]
            if state.grid[u] != state.grid[t]:
                inner -= graph.inner[e]
    change = count_cost - old + 0.5 * terms.inner * inner
    for p in range(after):
        change += shape_cost(areas[p], perimeters[p], terms) + range_cost(sums[p], 1, terms)
    if change > room:
        return False
    for p in range(after):
        holes[p] = count_holes(p, count, graph, scratch)
        change += terms.hole * holes[p]
    if change > room or not name_parts(count, after, labels, state, scratch):
        return False

    if after > before:
        state.free_count[0] -= 1
    for i in range(after, before):
        g = labels[i]
        state.free[state.free_count[0]] = g
        state.free_count[0] += 1
        state.area[g] = state.perimeter[g] = state.households[g] = 0.0
        state.atoms[g] = state.holes[g] = 0
    for j in range(count):
        t = scratch.queue[j]
        g = labels[scratch.part[t]]
        state.grid[t] = g
        state.member[g] = t
    for p in range(after):
        g = labels[p]
        state.area[g], state.perimeter[g], state.households[g] = areas[p], perimeters[p], sums[p]
        state.atoms[g], state.holes[g] = atoms[p], holes[p]
    return True
