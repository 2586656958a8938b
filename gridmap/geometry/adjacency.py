"""Who touches whom along which length, and what hangs together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gridmap.geometry.crs import LATTICE_M
from gridmap.geometry.segments import directed_segments

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class SharedEdges:
    """Pairs of neighbours (`first` < `second`) and the length of the edge that they share."""

    first: Ints
    second: Ints
    length: NDArray[np.float64]
    outer: NDArray[np.float64]  # per area: length of its outline that no other area shares


def sums_by(number: Ints, values: Any, count: int) -> NDArray[np.float64]:
    """Sum values by the number that stands beside each, for numbers from 0 to `count` - 1."""
    return np.asarray(np.bincount(number, values, minlength=count), dtype=np.float64)


def shared_edges(polygons: Any, *, unit: float = LATTICE_M) -> SharedEdges:
    """Measure the edges that the areas of an exact coverage share.

    Two areas that touch at a point only are no neighbours. Lengths are in the unit of the
    coordinates: metres on the lattice.
    """
    segments = directed_segments(polygons, unit=unit)
    count = len(np.atleast_1d(polygons))
    forward, backward = segments.forward_keys, segments.backward_keys
    order = np.argsort(forward, kind="stable")
    at = np.searchsorted(forward[order], backward)
    at = np.minimum(at, max(len(order) - 1, 0))
    met = order[at]
    matched = forward[met] == backward
    lengths = segments.lengths()
    other = segments.owner[met]
    outer = sums_by(segments.owner[~matched], lengths[~matched], count)
    once = matched & (segments.owner < other)
    pair = segments.owner[once] * np.int64(count) + other[once]
    pairs, inverse = np.unique(pair, return_inverse=True)
    total = sums_by(inverse.reshape(-1), lengths[once], len(pairs))
    return SharedEdges(pairs // count, pairs % count, total, outer)


def components(edges: SharedEdges, groups: Ints) -> Ints:
    """Number the connected pieces of areas that belong to the same group.

    Returns one number per area; areas of one number are of one group and hang together by edges.
    """
    inside = groups[edges.first] == groups[edges.second]
    first, second = edges.first[inside], edges.second[inside]
    size = len(groups)
    graph = coo_array((np.ones(len(first)), (first, second)), shape=(size, size))
    _, labels = connected_components(graph, directed=False)
    return np.asarray(labels, dtype=np.int64)


def broken_groups(edges: SharedEdges, groups: Ints) -> Ints:
    """Groups that fall into more than one piece, in ascending order."""
    labels = components(edges, groups)
    pieces = np.unique(np.column_stack((groups, labels)), axis=0)
    group, count = np.unique(pieces[:, 0], return_counts=True)
    return np.asarray(group[count > 1], dtype=np.int64)
