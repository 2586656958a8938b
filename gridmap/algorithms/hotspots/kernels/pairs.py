"""Pairs of points that are close in space and time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gridmap.algorithms.hotspots.arrays import Floats, Integers
from gridmap.algorithms.hotspots.kernels.boxes import sort_into_boxes
from gridmap.algorithms.hotspots.kernels.compiler import compiled

AnyFloats = npt.NDArray[np.float32] | npt.NDArray[np.float64]


@compiled
def count_close_pairs(
    x: Floats, y: Floats, times: AnyFloats, distances: Floats, delays: AnyFloats
) -> tuple[Integers, Integers]:
    """Count pairs by band of distance, and of those the ones up to each delay.

    `times` has the shape (points, variants): the times themselves and shuffled ones. The first
    answer has the shape (bands,), the second (bands, delays, variants), cumulative over delays.
    """
    bands, spans, variants = distances.size, delays.size, times.shape[1]
    near = np.zeros(bands, np.int64)
    both = np.zeros((bands, spans, variants), np.int64)
    part = np.zeros((bands, spans, variants), np.int32)
    order, starts, _, columns, rows = sort_into_boxes(x, y, distances[-1])
    px, py, pt = x[order], y[order], times[order]
    limits = distances * distances
    for row in range(rows):
        # 32-bit counters fill twice as many lanes; they are emptied before they could overflow.
        for column in range(columns):
            box = row * columns + column
            for i in range(starts[box], starts[box + 1]):
                for step in range(2):
                    if step == 0:
                        # The rest of this box and the next one in this row …
                        first, last = (
                            i + 1,
                            starts[row * columns + min(column + 1, columns - 1) + 1],
                        )
                    elif row + 1 < rows:
                        # … and the three boxes above: each pair once.
                        above = (row + 1) * columns
                        first = starts[above + max(column - 1, 0)]
                        last = starts[above + min(column + 1, columns - 1) + 1]
                    else:
                        continue
                    for j in range(first, last):
                        dx, dy = px[j] - px[i], py[j] - py[i]
                        square = dx * dx + dy * dy
                        if square > limits[bands - 1]:
                            continue
                        band = 0
                        while square > limits[band]:
                            band += 1
                        near[band] += 1
                        one, other = pt[i], pt[j]
                        for span in range(spans):
                            limit = delays[span]
                            counts = part[band, span]
                            for variant in range(variants):
                                counts[variant] += abs(one[variant] - other[variant]) <= limit
                        if near[band] & 0x3FFFFFFF == 0:
                            both += part
                            part[:] = 0
    return near, both + part


@compiled
def count_soon_pairs(times: AnyFloats, delays: AnyFloats) -> Integers:
    """Count all pairs with a delay of at most each limit; `times` ascend."""
    counts = np.zeros(delays.size, np.int64)
    for span in range(delays.size):
        first = 0
        for j in range(times.size):
            while times[j] - times[first] > delays[span]:
                first += 1
            counts[span] += j - first
    return counts
