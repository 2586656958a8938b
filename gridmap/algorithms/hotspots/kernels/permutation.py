"""Conditional permutations of local statistics."""

from __future__ import annotations

import numpy as np

from gridmap.algorithms.hotspots.arrays import Floats, Integers
from gridmap.algorithms.hotspots.kernels.compiler import compiled


@compiled
def count_extremes(
    values: Floats, starts: Integers, weights: Floats, seen: Floats, samples: Integers
) -> tuple[Integers, Integers]:
    """Count samples whose weighted sum is at least, and at most, the one seen.

    `samples` holds places 0 … n - 2 without the cell itself: those from the cell on are one higher.
    """
    cells = starts.size - 1
    high = np.zeros(cells, np.int64)
    low = np.zeros(cells, np.int64)
    largest = np.abs(values).max()
    for cell in range(cells):
        first = starts[cell]
        degree = starts[cell + 1] - first
        scale = 0.0
        for m in range(degree):
            scale += abs(weights[first + m])
        # Sums of the same numbers in another order are equal up to rounding.
        slack = 1e-12 * scale * largest
        for row in range(samples.shape[0]):
            total = 0.0
            for m in range(degree):
                place = samples[row, m]
                total += weights[first + m] * values[place + (place >= cell)]
            high[cell] += total >= seen[cell] - slack
            low[cell] += total <= seen[cell] + slack
    return high, low
