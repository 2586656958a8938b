"""Sums of kernels over points."""

from __future__ import annotations

import math

import numpy as np

from gridmap.algorithms.hotspots.arrays import Floats, Integers
from gridmap.algorithms.hotspots.kernels.boxes import sort_into_boxes
from gridmap.algorithms.hotspots.kernels.compiler import compiled

GAUSSIAN, QUARTIC, EPANECHNIKOV, TRIANGULAR, UNIFORM = range(5)


@compiled
def bin_linearly(
    x: Floats,
    y: Floats,
    weights: Floats,
    west: float,
    south: float,
    pixel: tuple[float, float],
    shape: tuple[int, int],
) -> Floats:
    """Share each point among its four nearest pixel centres; one pixel of margin all round.

    `weights` may be empty for 1 each. Points outside the box are left out.
    """
    rows, columns = shape
    grid = np.zeros((rows + 2, columns + 2))
    weighted = weights.size > 0
    across, up = 1.0 / pixel[0], 1.0 / pixel[1]
    for i in range(x.size):
        # In pixels from the centre of the margin's south-west pixel.
        u = (x[i] - west) * across + 0.5
        v = (y[i] - south) * up + 0.5
        if not (u >= 0.5 and v >= 0.5 and u <= columns + 0.5 and v <= rows + 0.5):
            continue
        column, row = int(u), int(v)
        right, top = u - column, v - row
        if weighted:
            weight = weights[i]
            above, below = top * weight, (1.0 - top) * weight
        else:
            above, below = top, 1.0 - top
        grid[row, column] += below * (1.0 - right)
        grid[row, column + 1] += below * right
        grid[row + 1, column] += above * (1.0 - right)
        grid[row + 1, column + 1] += above * right
    return grid


@compiled
def kernel_value(kernel: int, square: float) -> float:
    """Kernel at a squared distance in units of its radius (Gaussian: of sigma), not normalised."""
    if kernel == GAUSSIAN:
        return math.exp(-0.5 * square)
    if square > 1.0:
        return 0.0
    if kernel == QUARTIC:
        return (1.0 - square) * (1.0 - square)
    if kernel == EPANECHNIKOV:
        return 1.0 - square
    if kernel == TRIANGULAR:
        return 1.0 - math.sqrt(square)
    return 1.0


@compiled
def sum_kernels(
    x: Floats,
    y: Floats,
    weights: Floats,
    at_x: Floats,
    at_y: Floats,
    kernel: int,
    scale: float,
    reach: float,
    skip_same: bool,  # noqa: FBT001 - compiled functions have no keywords
) -> Floats:
    """Sum weight · kernel(distance / scale) over the points within `reach` of each place.

    With `skip_same` the place number i is the point number i, which is left out.
    """
    order, starts, side, columns, rows = sort_into_boxes(x, y, reach)
    west, south = x.min(), y.min()
    px, py, pw = x[order], y[order], weights[order]
    total = np.zeros(at_x.size)
    limit = reach * reach
    inverse = 1.0 / (scale * scale)
    for i in range(at_x.size):
        column = math.floor((at_x[i] - west) / side)
        row = math.floor((at_y[i] - south) / side)
        left, right = max(column - 1, 0), min(column + 1, columns - 1)
        if left > right:
            continue
        for r in range(max(row - 1, 0), min(row + 1, rows - 1) + 1):
            for j in range(starts[r * columns + left], starts[r * columns + right + 1]):
                dx, dy = px[j] - at_x[i], py[j] - at_y[i]
                square = dx * dx + dy * dy
                if square <= limit and not (skip_same and order[j] == i):
                    total[i] += pw[j] * kernel_value(kernel, square * inverse)
    return total


@compiled
def count_pairs_isotropic(
    x: Floats, y: Floats, box: tuple[float, float, float, float], step: float, bins: int
) -> Floats:
    """Sum Ripley's weights of ordered pairs by distance: (bin - 1) · step < d ≤ bin · step.

    A weight is 1 / share of the circle through j round i that lies in the box, at most 100.
    """
    west, south, east, north = box
    reach = step * (bins - 1)
    order, starts, side, columns, rows = sort_into_boxes(x, y, reach)
    px, py = x[order], y[order]
    first_x, first_y = px.min(), py.min()
    table = np.zeros(bins)
    for i in range(x.size):
        column = min(int((px[i] - first_x) / side), columns - 1)
        row = min(int((py[i] - first_y) / side), rows - 1)
        gaps = (px[i] - west, py[i] - south, east - px[i], north - py[i])
        for r in range(max(row - 1, 0), min(row + 1, rows - 1) + 1):
            left, right = max(column - 1, 0), min(column + 1, columns - 1)
            for j in range(starts[r * columns + left], starts[r * columns + right + 1]):
                if j == i:
                    continue
                distance = math.hypot(px[j] - px[i], py[j] - py[i])
                if distance <= reach:
                    at = min(math.ceil(distance / step), bins - 1)
                    table[at] += _circle_weight(gaps, distance)
    return table


@compiled
def _circle_weight(gaps: tuple[float, float, float, float], radius: float) -> float:
    """1 / share of a circle inside a box, given the distances from its centre to the four sides."""
    outside = 0.0
    for side in range(4):
        gap = gaps[side]
        if gap >= radius:
            continue
        # Half the arc beyond this side, cut where the neighbouring sides cut it already.
        half = math.acos(gap / radius)
        for turn in (1, 3):
            other = gaps[(side + turn) % 4]
            corner = math.atan2(other, gap) if gap > 0.0 or other > 0.0 else 0.25 * math.pi
            outside += min(half, corner)
    inside = 1.0 - outside / (2.0 * math.pi)
    return min(1.0 / inside, 100.0) if inside > 0.01 else 100.0


@compiled
def count_pairs_translation(
    x: Floats, y: Floats, box: tuple[float, float, float, float], step: float, bins: int
) -> Floats:
    """Sum translation weights |W| / |W ∩ (W + d)| of ordered pairs by distance."""
    west, south, east, north = box
    width, height = east - west, north - south
    reach = step * (bins - 1)
    order, starts, side, columns, rows = sort_into_boxes(x, y, reach)
    px, py = x[order], y[order]
    first_x, first_y = px.min(), py.min()
    table = np.zeros(bins)
    for i in range(x.size):
        column = min(int((px[i] - first_x) / side), columns - 1)
        row = min(int((py[i] - first_y) / side), rows - 1)
        left, right = max(column - 1, 0), min(column + 1, columns - 1)
        for r in range(max(row - 1, 0), min(row + 1, rows - 1) + 1):
            for j in range(starts[r * columns + left], starts[r * columns + right + 1]):
                dx, dy = abs(px[j] - px[i]), abs(py[j] - py[i])
                distance = math.hypot(dx, dy)
                if j != i and distance <= reach:
                    at = min(math.ceil(distance / step), bins - 1)
                    table[at] += width * height / ((width - dx) * (height - dy))
    return table


@compiled
def count_pairs_border(x: Floats, y: Floats, margin: Floats, step: float, bins: int) -> Integers:
    """Count ordered pairs with d ≤ r whose first point is at least r from the border, for each r.

    r is 0, step, 2 step … ; `margin` is the distance of each point to the border.
    """
    reach = step * (bins - 1)
    order, starts, side, columns, rows = sort_into_boxes(x, y, reach)
    px, py = x[order], y[order]
    first_x, first_y = px.min(), py.min()
    # A pair counts for the radii r with d ≤ r ≤ margin: a difference array over the bins.
    change = np.zeros(bins + 1, np.int64)
    for i in range(x.size):
        column = min(int((px[i] - first_x) / side), columns - 1)
        row = min(int((py[i] - first_y) / side), rows - 1)
        last = min(math.floor(margin[order[i]] / step), bins - 1)
        if last < 0:
            continue
        limit = min(margin[order[i]], reach)
        square_limit = limit * limit
        left, right = max(column - 1, 0), min(column + 1, columns - 1)
        for r in range(max(row - 1, 0), min(row + 1, rows - 1) + 1):
            for j in range(starts[r * columns + left], starts[r * columns + right + 1]):
                dx, dy = px[j] - px[i], py[j] - py[i]
                square = dx * dx + dy * dy
                if j != i and square <= square_limit:
                    at = math.ceil(math.sqrt(square) / step)
                    if at <= last:
                        change[at] += 1
                        change[last + 1] -= 1
    return np.cumsum(change)[:bins]
