"""How many grids there can be: bounds by counting, piece by piece."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gridmap.algorithms.partition.problem import SizeRange

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Bounds:
    """Least and most grids of one connected piece, and why it may have none in the range.

    The bounds are necessary: no plan in the range has fewer or more. Whether one with a number
    between them exists depends on who touches whom, and only a search shows it.
    """

    least: int
    most: int
    reason: str | None = None


def count_bounds(households: Ints, size: SizeRange) -> Bounds:
    """Bound the number of grids that a connected piece with these atoms can be cut into.

    Least: all households in full grids, and the bound L2 of bin packing (Martello and Toth, 1990):
    atoms of more than half a grid stand alone. Most: a grid needs `minimum` households, and of
    a large atom only `minimum` of them help (the bound of bin covering). An atom above the
    maximum counts as one full grid.
    """
    counted = np.minimum(households, size.maximum)
    total = int(counted.sum())
    if total < size.minimum:
        return Bounds(1, 1, f"the whole piece of ground has {int(households.sum())} households")
    least = max(-(-total // size.maximum), _large_atoms(counted, size.maximum))
    most = min(int(np.minimum(counted, size.minimum).sum()) // size.minimum, len(households))
    if least > most:
        return Bounds(
            most,
            least,
            f"the whole piece of ground has {int(households.sum())} households, "
            f"and no number of grids of {size.minimum} to {size.maximum} adds up to them",
        )
    return Bounds(least, most)


def _large_atoms(counted: Ints, maximum: int) -> int:
    """Bound L2: for every threshold, what is too large to share a grid."""
    best = 0
    for threshold in np.unique(counted[counted <= maximum // 2]):
        alone = counted > maximum - threshold
        half = (counted > maximum / 2) & ~alone
        small = (counted >= threshold) & (counted <= maximum / 2)
        room = int(half.sum()) * maximum - int(counted[half].sum())
        more = max(0, -(-(int(counted[small].sum()) - room) // maximum))
        best = max(best, int(alone.sum()) + int(half.sum()) + more)
    return max(best, int((counted > maximum / 2).sum()))


def allot(total: int, shares: Ints, bounds: list[Bounds], held: Ints) -> Ints:
    """Share out a number of grids over pieces by their households, within their bounds.

    Parameters
    ----------
    total
        Between the sums of the bounds.
    shares
        Households of each piece.
    held
        Grids that a piece must have because atoms are locked to them.
    """
    low = np.maximum([b.least for b in bounds], held)
    high = np.maximum([b.most for b in bounds], low)
    ideal = shares / max(int(shares.sum()), 1) * total
    given = np.clip(np.floor(ideal).astype(np.int64), low, high)
    while given.sum() < total and (given < high).any():
        given[np.argmax(np.where(given < high, ideal - given, -np.inf))] += 1
    while given.sum() > total and (given > low).any():
        given[np.argmax(np.where(given > low, given - ideal, -np.inf))] -= 1
    return given
