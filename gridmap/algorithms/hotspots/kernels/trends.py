"""Series of cells: sums over neighbours in space and time, ranks, slopes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gridmap.algorithms.hotspots.arrays import Floats, Integers
from gridmap.algorithms.hotspots.kernels.compiler import compiled

Signs = npt.NDArray[np.int8]


@compiled
def space_time_sums(counts: Integers, starts: Integers, members: Integers, back: int) -> Integers:
    """Sum each cell and its neighbours over a step and the `back` steps before it."""
    cells, steps = counts.shape
    sums = np.empty((cells, steps), np.int64)
    around = np.empty(steps, np.int64)
    for cell in range(cells):
        around[:] = counts[cell]
        for m in range(starts[cell], starts[cell + 1]):
            other = members[m]
            for step in range(steps):
                around[step] += counts[other, step]
        running = 0
        for step in range(steps):
            running += around[step]
            if step > back:
                running -= around[step - back - 1]
            sums[cell, step] = running
    return sums


@compiled
def standard_scores(
    sums: Integers, degrees: Integers, means: Floats, widths: Floats, scales: Floats
) -> Floats:
    """(sum - W · mean) · scale with W = (degree + 1) · steps in the window; scale by degree."""
    cells, steps = sums.shape
    scores = np.empty((cells, steps))
    for cell in range(cells):
        degree = degrees[cell]
        for step in range(steps):
            away = sums[cell, step] - (degree + 1) * widths[step] * means[step]
            scores[cell, step] = away * scales[degree, step]
    return scores


@compiled
def count_questions(
    counts: Integers, sums: Integers, degrees: Integers, back: int, top: int, span: int
) -> Integers:
    """Count the bins with each number of neighbours, own count and sum of the neighbours.

    The slot is (neighbours · top + own) · span + sum of the others.
    """
    cells, steps = counts.shape
    most = (degrees.max() + 1) * min(steps, back + 1)
    table = np.zeros(most * top * span, np.int64)
    for cell in range(cells):
        for step in range(steps):
            size = (degrees[cell] + 1) * min(step + 1, back + 1) - 1
            own = counts[cell, step]
            table[(size * top + own) * span + sums[cell, step] - own] += 1
    return table


@compiled
def look_up_signs(
    counts: Integers, sums: Integers, degrees: Integers, back: int, span: int, answers: Signs
) -> Signs:
    """Sign of each bin from the answers to all questions, shape (neighbours, own, sum) flat."""
    cells, steps = counts.shape
    top = answers.size // (span * (degrees.max() + 1) * min(steps, back + 1))
    signs = np.empty((cells, steps), np.int8)
    for cell in range(cells):
        for step in range(steps):
            size = (degrees[cell] + 1) * min(step + 1, back + 1) - 1
            own = counts[cell, step]
            signs[cell, step] = answers[(size * top + own) * span + sums[cell, step] - own]
    return signs


@compiled
def rank_trends(series: Floats) -> tuple[Integers, Floats, Integers]:
    """Kendall's S of each row, its variance corrected for ties, and the number of values.

    NaN is left out.
    """
    rows, steps = series.shape
    score = np.zeros(rows, np.int64)
    variance = np.zeros(rows)
    sizes = np.zeros(rows, np.int64)
    for row in range(rows):
        values = series[row]
        total, equal, missing = 0, 0, 0
        for i in range(steps):
            first = values[i]
            more, less = 0, 0
            for j in range(i + 1, steps):
                more += values[j] > first
                less += values[j] < first
            total += more - less
            missing += first != first  # noqa: PLR0124 - NaN
            equal += steps - 1 - i - more - less
        n = steps - missing
        spread = float(n * (n - 1) * (2 * n + 5))
        # Pairs with NaN are neither more nor less; without any of them `equal` counts ties.
        if equal:
            for i in range(steps):
                same = 0
                for j in range(steps):
                    same += values[j] == values[i]
                # Each of t tied values: together t (t - 1) (2 t + 5).
                spread -= (same - 1) * (2 * same + 5) if same else 0
        score[row] = total
        variance[row] = spread / 18.0
        sizes[row] = n
    return score, variance, sizes


@compiled
def median_slopes(series: Floats, times: Floats) -> tuple[Floats, Floats]:
    """Median of the slopes of all pairs of each row, and the intercept; NaN is left out."""
    rows, steps = series.shape
    slopes = np.full(rows, np.nan)
    intercepts = np.full(rows, np.nan)
    found = np.empty(steps * (steps - 1) // 2)
    rest = np.empty(steps)
    for row in range(rows):
        values = series[row]
        count = 0
        for i in range(steps):
            for j in range(i + 1, steps):
                slope = (values[j] - values[i]) / (times[j] - times[i])
                if slope == slope:  # noqa: PLR0124 - not NaN
                    found[count] = slope
                    count += 1
        if count == 0:
            continue
        slopes[row] = np.median(found[:count])
        known = 0
        for i in range(steps):
            if values[i] == values[i]:
                rest[known] = values[i] - slopes[row] * times[i]
                known += 1
        intercepts[row] = np.median(rest[:known])
    return slopes, intercepts
