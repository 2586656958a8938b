"""Who is whose neighbour: lists of neighbours as compressed rows.

Row *i* of a `Neighbours` is `members[starts[i]:starts[i + 1]]`, in ascending order and without *i*
itself; statistics that include the cell itself (Gi*) add it on their own. `weights` is None where
every neighbour counts 1: the case in which exact tests exist.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from gridmap.algorithms.hotspots.arrays import (
    Floats,
    Integers,
    as_points,
    as_positive,
    as_values,
    refuse,
)
from gridmap.geometry import cells


@dataclass(frozen=True)
class Neighbours:
    """Neighbour lists of n places.

    Parameters
    ----------
    starts
        Shape (n + 1,): where each row starts in `members`; the last one is the total.
    members
        Numbers of the neighbours, row after row.
    weights
        Weight of each member, or None where all are 1.
    """

    starts: Integers
    members: Integers
    weights: Floats | None = None

    def __len__(self) -> int:
        """Count the places."""
        return self.starts.size - 1

    @property
    def degrees(self) -> Integers:
        """Number of neighbours of each place."""
        return np.diff(self.starts)

    def sums(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Σ_j w_ij · values_j for each place; 0 where there is no neighbour.

        Whole numbers stay whole where the weights are 1.
        """
        taken = values[self.members]
        return self.row_sums(taken if self.weights is None else taken * self.weights)

    def row_sums(self, entries: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Sum, row by row, what stands beside each member."""
        total = np.zeros(len(self), entries.dtype)
        filled = self.starts[:-1] < self.starts[1:]
        if filled.any():
            # reduceat answers nonsense for empty rows; without them the others touch each other.
            total[filled] = np.add.reduceat(entries, self.starts[:-1][filled])
        return total

    def weight_sums(self) -> tuple[Floats, Floats]:
        """Σ_j w_ij and Σ_j w_ij² for each place."""
        if self.weights is None:
            degrees = self.degrees.astype(np.float64)
            return degrees, degrees
        return self.row_sums(self.weights), self.row_sums(self.weights**2)

    def rows(self) -> Integers:
        """Number of the place that each member belongs to."""
        return np.repeat(np.arange(len(self), dtype=np.int64), self.degrees)


def neighbours_from_pairs(
    count: int,
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
) -> Neighbours:
    """Neighbour lists from directed pairs (i, j): j is a neighbour of i.

    Parameters
    ----------
    count
        Number of places.
    first, second
        Numbers i and j, 0 … count - 1. Pairs with i = j and repeated pairs are refused.
    weights
        One weight a pair; None for 1.
    """
    i = np.asarray(first, np.int64).ravel()
    j = np.asarray(second, np.int64).ravel()
    given = None if weights is None else as_values(weights, "weights", size=i.size)
    if i.size != j.size:
        raise refuse(
            "A pair has two members.",
            field="second",
            reason=f"{i.size} and {j.size} numbers",
            hint="Give as many second as first members.",
        )
    if i.size and (min(i.min(), j.min()) < 0 or max(i.max(), j.max()) >= count):
        raise refuse(
            "A pair names a place that is not there.",
            field="first",
            reason=f"numbers go from 0 to {count - 1}",
            hint="Count places from 0.",
        )
    order = np.lexsort((j, i))
    i, j = i[order], j[order]
    if (i == j).any() or ((i[1:] == i[:-1]) & (j[1:] == j[:-1])).any():
        raise refuse(
            "A pair is repeated, or joins a place with itself.",
            field="second",
            reason="pairs are different and join different places",
            hint="Remove doubles and self-neighbours; Gi* adds the cell itself.",
        )
    return _compressed(count, i, j, None if given is None else given[order])


def _compressed(count: int, i: Integers, j: Integers, weights: Floats | None = None) -> Neighbours:
    starts = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(i, minlength=count), out=starts[1:])
    return Neighbours(starts, j, weights)


def cell_neighbours(
    tessellation: cells.Tessellation,
    numbers: npt.ArrayLike | None = None,
    *,
    rings: int = 1,
    corners: bool = True,
) -> Neighbours:
    """Neighbours of cells within a number of rings around each.

    A hexagon has 6, 18, 36 … neighbours in 1, 2, 3 … rings; a square has 8, 24, 48 … (4, 12, 24 …
    without those that touch at corners only).

    Parameters
    ----------
    tessellation
        The cells.
    numbers
        Cells that take part, all different (all cells of the window by default). Row *i* of the
        answer is the cell `numbers[i]`, and members are positions in `numbers`.
    rings
        How far neighbours reach.
    corners
        Squares only: whether touching at a corner counts (queen) or not (rook).
    """
    if rings < 1:
        raise refuse(
            "rings is at least 1.",
            field="rings",
            reason=f"{rings} is not at least 1",
            hint="1 is the cells that touch.",
        )
    column, row = cells.columns_and_rows(tessellation, numbers)
    position: Integers | None = None
    if numbers is not None:
        position = np.full(tessellation.count + 1, -1, np.int64)  # the last one answers for -1
        position[np.asarray(numbers, np.int64).ravel()] = np.arange(column.size)
    steps = _steps(tessellation.shape, rings, corners=corners)
    table = np.empty((column.size, len(steps)), np.int64)
    for place, (right, up) in enumerate(steps):
        across = column + right
        if tessellation.shape == "hexagon":
            # (right, up) is in half columns: odd rows stand half a cell further east.
            across = column + ((right + (row & 1) - ((row + up) & 1)) >> 1)
        found = cells.numbers_at(tessellation, across, row + up)
        table[:, place] = found if position is None else position[found]
    if position is not None and not (np.diff(np.asarray(numbers, np.int64).ravel()) > 0).all():
        table.sort(axis=1)  # steps are in the order of numbers; positions need not be
    there = table >= 0
    starts = np.zeros(column.size + 1, np.int64)
    np.cumsum(there.sum(axis=1), out=starts[1:])
    return Neighbours(starts, table[there])


def _steps(shape: cells.Shape, rings: int, *, corners: bool) -> list[tuple[int, int]]:
    """Steps (right, up) to the neighbours from south-west to north-east; hexagons in half cells."""
    reach = range(-rings, rings + 1)
    if shape == "square":
        return [
            (right, up)
            for up in reach
            for right in reach
            if (right, up) != (0, 0) and (corners or abs(right) + abs(up) <= rings)
        ]
    return [
        (right, up)
        for up in reach
        for right in range(-2 * rings + abs(up), 2 * rings - abs(up) + 1, 2)
        if (right, up) != (0, 0)
    ]


def neighbours_within(x: npt.ArrayLike, y: npt.ArrayLike, distance_m: float) -> Neighbours:
    """Neighbours within a distance (≤), straight-line, in metres.

    Parameters
    ----------
    x, y
        Coordinates in metres.
    distance_m
        Largest distance.
    """
    from scipy.spatial import KDTree  # noqa: PLC0415 - most callers have cells

    east, north = as_points(x, y)
    tree = KDTree(np.column_stack((east, north)))
    pairs = tree.query_pairs(as_positive(distance_m, "distance_m", "metres"), output_type="ndarray")
    i = np.concatenate((pairs[:, 0], pairs[:, 1])).astype(np.int64)
    j = np.concatenate((pairs[:, 1], pairs[:, 0])).astype(np.int64)
    order = np.lexsort((j, i))
    return _compressed(east.size, i[order], j[order])


def nearest_neighbours(x: npt.ArrayLike, y: npt.ArrayLike, count: int) -> Neighbours:
    """Find the `count` nearest other places of each place; not symmetric.

    Of places at exactly the same distance those with the smaller numbers are taken.
    """
    from scipy.spatial import KDTree  # noqa: PLC0415

    east, north = as_points(x, y)
    if not 1 <= count < east.size:
        raise refuse(
            f"There are {east.size} places.",
            field="count",
            reason=f"{count} is not between 1 and {east.size - 1}",
            hint="Ask for fewer neighbours.",
        )
    points = np.column_stack((east, north))
    # Some more than wanted, so that most ties at the end of a list are seen whole.
    wanted = min(east.size, count + 9)
    distances, members = KDTree(points).query(points, k=wanted)
    members = members.astype(np.int64)
    own = members == np.arange(east.size)[:, None]
    distances = np.where(own, np.inf, distances)
    order = np.lexsort((members, distances), axis=1)[:, :count]
    chosen = np.sort(np.take_along_axis(members, order, axis=1), axis=1)
    starts = np.arange(0, east.size * count + 1, count, dtype=np.int64)
    return Neighbours(starts, chosen.ravel())


def row_standardised(neighbours: Neighbours) -> Neighbours:
    """Weights divided by the sum of their row: each place's neighbours weigh 1 together."""
    sums, _ = neighbours.weight_sums()
    with np.errstate(divide="ignore"):
        share = (1 / sums)[neighbours.rows()]
    return replace(
        neighbours,
        weights=share if neighbours.weights is None else neighbours.weights * share,
    )
