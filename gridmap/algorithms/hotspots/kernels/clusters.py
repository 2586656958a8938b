"""Density clusters by boxes in which everybody is everybody's neighbour.

Boxes have the diagonal `radius` (and the depth `delay`): points of one box are neighbours without a
look, a box with `least` points holds core points only, and clusters are joined box by box. Points
are sorted by box, so that the boxes of one row within reach are one contiguous run of points.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gridmap.algorithms.hotspots.arrays import Flags, Floats, Integers
from gridmap.algorithms.hotspots.kernels.compiler import compiled

Runs = npt.NDArray[np.int32]


@compiled
def find_runs(keys: Integers, offsets: Integers, reach: int) -> tuple[Runs, Runs]:
    """Find the boxes within reach of each box: the first one of each row, and the one after it.

    `keys` of the occupied boxes ascend; the row at `offsets[o]` has the keys
    key + offset - reach … key + offset + reach.
    """
    boxes, rows = keys.size, offsets.size
    first = np.empty((boxes, rows), np.int32)
    last = np.empty((boxes, rows), np.int32)
    for o in range(rows):
        start, end = 0, 0
        for box in range(boxes):
            low = keys[box] + offsets[o] - reach
            while start < boxes and keys[start] < low:
                start += 1
            while end < boxes and keys[end] <= low + 2 * reach:
                end += 1
            first[box, o] = start
            last[box, o] = end
    return first, last


@compiled
def find_core_points(
    x: Floats,
    y: Floats,
    t: Floats,
    starts: Integers,
    runs: tuple[Runs, Runs],
    limits: tuple[float, float],
    least: int,
) -> Flags:
    """Say which points have at least `least` neighbours, themselves included."""
    first, last = runs
    square, delay = limits
    core = np.zeros(x.size, np.bool_)
    for box in range(starts.size - 1):
        begin, end = starts[box], starts[box + 1]
        if end - begin >= least:
            core[begin:end] = True
            continue
        for i in range(begin, end):
            xi, yi, ti = x[i], y[i], t[i]
            found = 0
            for row in range(first.shape[1]):
                for j in range(starts[first[box, row]], starts[last[box, row]]):
                    dx, dy = x[j] - xi, y[j] - yi
                    found += (dx * dx + dy * dy <= square) & (abs(t[j] - ti) <= delay)
                if found >= least:
                    break
            core[i] = found >= least
    return core


@compiled
def _root(parent: Integers, box: int) -> int:
    while parent[box] != box:
        parent[box] = parent[parent[box]]
        box = parent[box]
    return box


@compiled
def _touch(
    x: Floats,
    y: Floats,
    t: Floats,
    one: tuple[int, int],
    other: tuple[int, int],
    limits: tuple[float, float],
) -> bool:
    """Say whether two runs of points have a pair of neighbours."""
    square, delay = limits
    west, east, south, north = np.inf, -np.inf, np.inf, -np.inf
    for j in range(other[0], other[1]):
        west, east = min(west, x[j]), max(east, x[j])
        south, north = min(south, y[j]), max(north, y[j])
    for i in range(one[0], one[1]):
        dx = max(west - x[i], 0.0, x[i] - east)
        dy = max(south - y[i], 0.0, y[i] - north)
        if dx * dx + dy * dy > square:
            continue
        for j in range(other[0], other[1]):
            dx, dy = x[j] - x[i], y[j] - y[i]
            if dx * dx + dy * dy <= square and abs(t[j] - t[i]) <= delay:
                return True
    return False


@compiled
def join_boxes(
    x: Floats,
    y: Floats,
    t: Floats,
    starts: Integers,
    runs: tuple[Runs, Runs],
    limits: tuple[float, float],
) -> Integers:
    """Join boxes of core points that touch; the arrays hold core points only.

    Returns the root of each box; boxes without core points are their own.
    """
    first, last = runs
    boxes = starts.size - 1
    parent = np.arange(boxes)
    for box in range(boxes):
        begin, end = starts[box], starts[box + 1]
        if begin == end:
            continue
        for row in range(first.shape[1]):
            for other in range(max(first[box, row], box + 1), last[box, row]):
                if starts[other] == starts[other + 1]:
                    continue
                mine, theirs = _root(parent, box), _root(parent, other)
                if mine != theirs and _touch(
                    x, y, t, (begin, end), (starts[other], starts[other + 1]), limits
                ):
                    parent[max(mine, theirs)] = min(mine, theirs)
    for box in range(boxes):
        parent[box] = _root(parent, box)
    return parent


@compiled
def label_borders(
    x: Floats,
    y: Floats,
    t: Floats,
    core: Flags,
    labels: Integers,
    starts: Integers,
    runs: tuple[Runs, Runs],
    limits: tuple[float, float],
) -> None:
    """Give each other point the smallest label among the core points next to it, in place."""
    first, last = runs
    square, delay = limits
    for box in range(starts.size - 1):
        for i in range(starts[box], starts[box + 1]):
            if core[i]:
                continue
            best = -1
            for row in range(first.shape[1]):
                for j in range(starts[first[box, row]], starts[last[box, row]]):
                    if core[j] and (best < 0 or labels[j] < best):
                        dx, dy = x[j] - x[i], y[j] - y[i]
                        if dx * dx + dy * dy <= square and abs(t[j] - t[i]) <= delay:
                            best = labels[j]
            labels[i] = best
