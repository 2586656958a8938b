"""Points sorted into square boxes, so that neighbours are found without looking at everybody."""

from __future__ import annotations

import numpy as np

from gridmap.algorithms.hotspots.arrays import Floats, Integers
from gridmap.algorithms.hotspots.kernels.compiler import compiled


@compiled
def sort_into_boxes(
    x: Floats, y: Floats, reach: float
) -> tuple[Integers, Integers, float, int, int]:
    """Sort points into boxes at least as wide as `reach`, row by row from the south-west.

    Returns the order of the points, where each box starts in it, the side of the boxes, and their
    columns and rows. Boxes are made larger where there would be many more of them than points.
    """
    west, south = x.min(), y.min()
    width, height = x.max() - west, y.max() - south
    limit = 4.0 * x.size + 64.0
    side = reach
    # Also for a reach of 0, and for points on one line.
    side = max(side, np.sqrt(width * height / limit), (width + height) / limit)
    if side == 0.0:
        side = 1.0
    columns = int(width / side) + 1
    rows = int(height / side) + 1
    box = np.empty(x.size, np.int64)
    starts = np.zeros(columns * rows + 1, np.int64)
    for i in range(x.size):
        column = min(int((x[i] - west) / side), columns - 1)
        row = min(int((y[i] - south) / side), rows - 1)
        box[i] = row * columns + column
        starts[box[i] + 1] += 1
    for b in range(columns * rows):
        starts[b + 1] += starts[b]
    order = np.empty(x.size, np.int64)
    fill = starts[:-1].copy()
    for i in range(x.size):
        order[fill[box[i]]] = i
        fill[box[i]] += 1
    return order, starts, side, columns, rows
