"""Kernels that run along streets."""

from __future__ import annotations

import heapq

import numpy as np

from gridmap.algorithms.hotspots.arrays import Floats, Integers
from gridmap.algorithms.hotspots.kernels.compiler import compiled
from gridmap.algorithms.hotspots.kernels.density import kernel_value


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
    node_edges[node_starts[n]:node_starts[n + 1]]; edge e has the lixels from lixel_starts[e] on.
    With `split` what arrives at a crossing is shared equally among the other streets.
    """
    nodes = node_starts.size - 1
    total = np.zeros(lixel_starts[-1])
    distance = np.full(nodes, np.inf)
    share = np.zeros(nodes)
    seen_edge = np.full(lengths.size, -1, np.int64)
    for event in range(event_edge.size):
        own, offset = event_edge[event], event_offset[event]
        heap = [(offset, ends[own, 0])]
        heapq.heappush(heap, (lengths[own] - offset, ends[own, 1]))
        touched = [ends[own, 0]]
        touched.append(ends[own, 1])
        for side in range(2):
            away = offset if side == 0 else lengths[own] - offset
            node = ends[own, side]
            if away < distance[node]:
                distance[node], share[node] = away, 1.0
        reached = [own]
        seen_edge[own] = event
        while heap:
            away, node = heapq.heappop(heap)
            if away > distance[node] or away >= radius:
                continue
            degree = node_starts[node + 1] - node_starts[node]
            if split and degree > 1:
                share[node] /= degree - 1
            for k in range(node_starts[node], node_starts[node + 1]):
                edge = node_edges[k]
                if seen_edge[edge] != event:
                    seen_edge[edge] = event
                    reached.append(edge)
                other = ends[edge, 1] if ends[edge, 0] == node else ends[edge, 0]
                there = away + lengths[edge]
                if there < distance[other]:
                    distance[other], share[other] = there, share[node]
                    touched.append(other)
                    heapq.heappush(heap, (there, other))
        for edge in reached:
            first, second = ends[edge, 0], ends[edge, 1]
            count = lixel_starts[edge + 1] - lixel_starts[edge]
            width = lengths[edge] / count
            for k in range(count):
                place = (k + 0.5) * width
                away, part = distance[first] + place, share[first]
                back = distance[second] + lengths[edge] - place
                if back < away:
                    away, part = back, share[second]
                if edge == own and abs(place - offset) <= away:
                    away, part = abs(place - offset), 1.0
                if away < radius:
                    value = kernel_value(kernel, (away / scale) ** 2)
                    total[lixel_starts[edge] + k] += weights[event] * part * value
        for node in touched:
            distance[node] = np.inf
    return total
