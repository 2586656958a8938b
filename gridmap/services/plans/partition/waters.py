"""Water that a grid does not reach over."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.algorithms.partition import Neighbours
from gridmap.algorithms.partition.problem import join

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

LANE_M = 7.0  # water up to this width is stepped over like a lane


def wide_water(areas: NDArray[np.object_]) -> Any:
    """What is wider than a lane of areas of water in metres, as one geometry."""
    water = shapely.union_all(areas)
    core = shapely.buffer(water, -LANE_M / 2)
    # Grown by a little more than it was shrunk, so that banks with corners are met too.
    return shapely.intersection(shapely.buffer(core, LANE_M), water)


def bar_water(
    polygons: NDArray[np.object_],
    households: Ints,
    edges: Neighbours,
    wet: Flags,
    water: Any,
    minimum: int,
) -> Neighbours:
    """Make water a barrier between its banks, as far as no piece of ground falls short by it.

    A face of water goes with one bank: the one that it has the longest edge with. Bridges are
    ignored. A piece that the water cuts off with fewer than `minimum` households could be no grid:
    its longest edge across the water is opened.

    Parameters
    ----------
    polygons, households
        Of each face, in metres.
    edges
        Who touches whom; what is a barrier stays one.
    wet
        Per edge: all of it lies in the water or on its bank.
    water
        What `wide_water` gives.
    minimum
        Least households of a grid.
    """
    shapely.prepare(water)
    covered = np.zeros(len(polygons))
    near = np.flatnonzero(shapely.intersects(polygons, water))
    covered[near] = shapely.area(shapely.intersection(polygons[near], water))
    is_water = covered > 0.5 * shapely.area(polygons)
    first, second = edges.first, edges.second
    mixed = is_water[first] != is_water[second]
    barred = (wet & ~is_water[first] & ~is_water[second]) | (is_water[first] & is_water[second])
    bank = np.where(is_water[first], second, first)
    face = np.where(is_water[first], first, second)
    dry = ~edges.barrier & ~barred & ~mixed
    for number in np.flatnonzero(is_water).tolist():
        around = np.flatnonzero(mixed & (face == number))
        if len(around) == 0:  # in the middle of the sea
            continue
        banks = np.unique(bank[around])
        linked = dry & np.isin(first, banks) & np.isin(second, banks)
        side = join(
            len(banks),
            np.searchsorted(banks, first[linked]),
            np.searchsorted(banks, second[linked]),
        )[np.searchsorted(banks, bank[around])]
        usable = np.where(edges.barrier[around], 0.0, edges.length[around])
        length = np.bincount(side, usable, minlength=1)
        barred[around] = side != int(np.argmax(length))
    barred &= ~edges.barrier
    _open_pockets(households, edges, barred, minimum)
    return replace(edges, barrier=edges.barrier | barred)


def _open_pockets(households: Ints, edges: Neighbours, barred: Flags, minimum: int) -> None:
    """Open the longest barred edge of every piece that is too small, until none can grow."""
    while True:
        through = ~edges.barrier & ~barred
        piece = join(len(households), edges.first[through], edges.second[through])
        total = np.bincount(piece, households)
        one, other = piece[edges.first], piece[edges.second]
        small = barred & (one != other) & ((total[one] < minimum) | (total[other] < minimum))
        if not small.any():
            return
        # The smallest piece first: what it is joined to may suffice for both.
        least = np.minimum(total[one], total[other]).astype(np.float64)
        order = np.lexsort((-edges.length, np.where(small, least, np.inf)))
        barred[order[0]] = False
