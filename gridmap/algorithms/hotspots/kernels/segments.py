"""The nearest of many straight segments, by boxes of a grid."""

from __future__ import annotations

import math

import numpy as np

from gridmap.algorithms.hotspots.arrays import Floats, Integers
from gridmap.algorithms.hotspots.kernels.compiler import compiled


@compiled
def _span(first: float, second: float, low: float, side: float, count: int) -> tuple[int, int]:
    """Boxes between two coordinates, those at the ends included."""
    begin = int((min(first, second) - low) / side)
    end = int((max(first, second) - low) / side)
    return max(begin, 0), min(end, count - 1)


@compiled
def _square_to(x: float, y: float, segment: Floats) -> tuple[float, float]:
    """Square of the distance to a segment (x0, y0, x1, y1), and where on it from 0 to 1."""
    dx, dy = segment[2] - segment[0], segment[3] - segment[1]
    length = dx * dx + dy * dy
    along = 0.0
    if length > 0.0:
        along = ((x - segment[0]) * dx + (y - segment[1]) * dy) / length
    # At an end its own coordinates: streets that meet there are equally near to the last bit.
    if along <= 0.0:
        away_x, away_y = x - segment[0], y - segment[1]
    elif along >= 1.0:
        away_x, away_y = x - segment[2], y - segment[3]
    else:
        away_x, away_y = x - (segment[0] + along * dx), y - (segment[1] + along * dy)
    return away_x * away_x + away_y * away_y, min(max(along, 0.0), 1.0)


@compiled
def fill_boxes(
    segments: Floats, low: tuple[float, float], side: float, shape: tuple[int, int]
) -> tuple[Integers, Integers]:
    """Segments of each box (row by row): where they start, and their numbers, ascending.

    A segment is in the boxes of its bounds that its line passes within half a diagonal.
    """
    rows, columns = shape
    starts = np.zeros(rows * columns + 1, np.int64)
    members = np.empty(0, np.int64)
    half = side * (math.sqrt(2) / 2 + 1e-9)
    for filling in range(2):
        if filling:
            for box in range(rows * columns):
                starts[box + 1] += starts[box]
            members = np.empty(starts[-1], np.int64)
            place = starts[:-1].copy()
        for number in range(len(segments)):
            segment = segments[number]
            left, right = _span(segment[0], segment[2], low[0], side, columns)
            bottom, top = _span(segment[1], segment[3], low[1], side, rows)
            for row in range(bottom, top + 1):
                for column in range(left, right + 1):
                    x, y = low[0] + (column + 0.5) * side, low[1] + (row + 0.5) * side
                    if _square_to(x, y, segment)[0] > half * half:
                        continue
                    box = row * columns + column
                    if filling:
                        members[place[box]] = number
                        place[box] += 1
                    else:
                        starts[box + 1] += 1
    return starts, members


@compiled
def find_nearest(
    x: Floats,
    y: Floats,
    segments: Floats,
    boxes: tuple[Integers, Integers],
    low: tuple[float, float],
    side: float,
    shape: tuple[int, int],
    reach: float,
) -> tuple[Integers, Floats, Floats]:
    """Nearest segment of each point (-1 for none), where on it (0 to 1), and the squared distance.

    Of equally near ones that of the lowest owner, and of those the first. Rings of boxes are looked
    through round a point until what is left lies farther away than what was found.
    """
    rows, columns = shape
    starts, members = boxes
    found = np.full(x.size, -1, np.int64)
    places, squares = np.zeros(x.size), np.zeros(x.size)
    for i in range(x.size):
        if not (
            -reach <= x[i] - low[0] <= columns * side + reach
            and -reach <= y[i] - low[1] <= rows * side + reach
        ):
            continue
        column, row = (
            math.floor((x[i] - low[0]) / side),
            math.floor((y[i] - low[1]) / side),
        )
        best, nearest, place = reach * reach, -1, 0.0
        ring = 0
        # Boxes of a ring are at least (ring - 1) sides away, wherever in its box the point lies.
        while (max(ring - 1, 0) * side) ** 2 <= best:
            for r in range(max(row - ring, 0), min(row + ring, rows - 1) + 1):
                edge = r in (row - ring, row + ring)
                step = 1 if edge or ring == 0 else 2 * ring
                for c in range(column - ring, column + ring + 1, step):
                    if c < 0 or c >= columns:
                        continue
                    for m in range(starts[r * columns + c], starts[r * columns + c + 1]):
                        number = members[m]
                        square, along = _square_to(x[i], y[i], segments[number])
                        if square > best:
                            continue
                        # Owners ascend with the numbers of their segments.
                        if square < best or nearest < 0 or number < nearest:
                            best, nearest, place = square, number, along
            ring += 1
        found[i], places[i], squares[i] = nearest, place, best
    return found, places, squares
