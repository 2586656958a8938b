"""Kernels that run along streets."""

from __future__ import annotations

import heapq

import numpy as np

from gridmap.algorithms.hotspots.arrays import Floats, Integers
from gridmap.algorithms.hotspots.kernels.compiler import compiled
from gridmap.algorithms.hotspots.kernels.density import kernel_value

Graph = tuple[Integers, Floats, Integers, Integers]


@compiled
def _reach_from(
    start: int,
    without: int,
    graph: Graph,
    radius: float,
    split: bool,  # noqa: FBT001 - compiled functions have no keywords
    distance: Floats,
    share: Floats,
) -> tuple[list[int], list[int]]:
    """Fill in how far nodes are from one of them, and which share of what leaves it arrives.

    Streets are walked without one of them. Returns the nodes that were touched and the streets
    that were reached.
    """
    ends, lengths, node_starts, node_edges = graph
    distance[start], share[start] = 0.0, 1.0
    touched = [start]
    reached = [without]
    heap = [(0.0, start)]
    while heap:
        away, node = heapq.heappop(heap)
        if away > distance[node] or away >= radius:
            continue
        degree = node_starts[node + 1] - node_starts[node]
        if split and degree > 1:
            share[node] /= degree - 1
        for k in range(node_starts[node], node_starts[node + 1]):
            edge = node_edges[k]
            if edge == without:
                continue
            reached.append(edge)
            other = ends[edge, 1] if ends[edge, 0] == node else ends[edge, 0]
            there = away + lengths[edge]
            if there < distance[other]:
                distance[other], share[other] = there, share[node]
                touched.append(other)
                heapq.heappush(heap, (there, other))
    return touched, reached


@compiled
def spread_along_streets(
    ends: Integers,
    lengths: Floats,
    node_starts: Integers,
    node_edges: Integers,
    lixel_starts: Integers,
    event_edge: Integers,
    event_offset: Floats,
    weights: Floats,
    kernel: int,
    scale: float,
    radius: float,
    split: bool,  # noqa: FBT001 - compiled functions have no keywords
) -> Floats:
    """Sum weight · kernel(distance) over events at the middle of each lixel.

    `ends` has the two nodes of each edge, shape (edges, 2); edges of node n are
    node_edges[node_starts[n]:node_starts[n + 1]]; edge e has the lixels from lixel_starts[e] on;
    `event_edge` ascends. With `split` what arrives at a crossing is shared equally among the other
    streets. Ways out of a street are looked for once from each of its ends, for all its events.
    """
    nodes = node_starts.size - 1
    total = np.zeros(lixel_starts[-1])
    # Of nodes and lixels, from the first end of the street in hand and from the second.
    distance = np.full((2, nodes), np.inf)
    share = np.zeros((2, nodes))
    seen = np.full(lengths.size, -1, np.int64)
    graph = (ends, lengths, node_starts, node_edges)
    lixels = np.empty(lixel_starts[-1], np.int64)
    away = np.empty((2, lixel_starts[-1]))
    part = np.empty((2, lixel_starts[-1]))
    begin = 0
    while begin < event_edge.size:
        own = event_edge[begin]
        stop = begin
        while stop < event_edge.size and event_edge[stop] == own:
            stop += 1
        length = lengths[own]
        own_lixels = lixel_starts[own + 1] - lixel_starts[own]
        own_width = length / own_lixels
        count = 0
        nodes_0, edges_0 = _reach_from(
            ends[own, 0], own, graph, radius, split, distance[0], share[0]
        )
        nodes_1, edges_1 = _reach_from(
            ends[own, 1], own, graph, radius, split, distance[1], share[1]
        )
        for edges in (edges_0, edges_1):
            for edge in edges:
                if seen[edge] == own:
                    continue
                seen[edge] = own
                first, second = ends[edge, 0], ends[edge, 1]
                pieces = lixel_starts[edge + 1] - lixel_starts[edge]
                width = lengths[edge] / pieces
                for k in range(pieces):
                    place = (k + 0.5) * width
                    for side in range(2):
                        there = distance[side, first] + place
                        back = distance[side, second] + lengths[edge] - place
                        closer = second if back < there else first
                        away[side, count] = min(there, back)
                        part[side, count] = share[side, closer]
                    lixels[count] = lixel_starts[edge] + k
                    count += 1
        for event in range(begin, stop):
            offset, weight = event_offset[event], weights[event]
            rest = length - offset
            # The lixels of its own street come first: there the straight way may be the shortest.
            for k in range(count):
                there, back = offset + away[0, k], rest + away[1, k]
                near, shared = there, part[0, k]
                if back < there:
                    near, shared = back, part[1, k]
                if k < own_lixels:
                    straight = abs((k + 0.5) * own_width - offset)
                    if straight <= near:
                        near, shared = straight, 1.0
                if near < radius:
                    total[lixels[k]] += weight * shared * kernel_value(kernel, (near / scale) ** 2)
        for side in range(2):
            for node in nodes_0 if side == 0 else nodes_1:
                distance[side, node] = np.inf
        begin = stop
    return total
