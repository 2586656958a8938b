"""What the loops work on: plain arrays, bundled by name.

Atoms are numbered from 0. The neighbours of atom ``v`` stand at ``first[v]:first[v + 1]``; each
pair of neighbours stands there twice, once from each side. *Corners* are the points where three or
more outlines meet, *arcs* the pieces of outline between them: with both, a grid's holes are counted
by Euler's formula without any geometry.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, ParamSpec, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

_P = ParamSpec("_P")
_R = TypeVar("_R")

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def compiled(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Compile at the first call and keep the machine code; the same numbers on every machine."""
    try:
        made = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:  # numba's word for: no folder of its cache can be written
        made = numba.njit(nogil=True, error_model="numpy")(function)
    return cast("Callable[_P, _R]", made)


class Graph(NamedTuple):
    """The atoms and who touches whom; never changed."""

    x: Floats
    y: Floats
    households: Floats
    area: Floats
    perimeter: Floats
    first: Ints
    source: Ints  # per entry: the atom whose neighbour it is
    neighbour: Ints
    length: Floats
    inner: Floats  # the length if the edge is not along a street, else 0
    barrier: Flags
    arcs: Ints
    corner_first: Ints
    corner: Ints
    atom_first: Ints
    atom: Ints  # atoms at each corner
    euler: Ints  # 1 - holes of each atom


class State(NamedTuple):
    """A plan and the sums of its grids, kept up to date with every change."""

    grid: Ints  # per atom
    pinned: Ints  # per atom: the grid that it must stay in, or -1
    area: Floats  # per grid, here and below
    perimeter: Floats
    households: Floats
    atoms: Ints
    holes: Ints
    member: Ints  # any atom of the grid
    free: Ints  # stack of unused grid numbers
    free_count: Ints
    random: NDArray[np.uint64]


class Scratch(NamedTuple):
    """Working memory, so that nothing is allocated inside the loops."""

    mark: Ints  # per atom: the last walk that met it
    stamp: Ints  # number of the last walk
    queue: Ints
    order: Ints
    heap: Ints
    side: Ints
    parent: Ints
    part: Ints
    key: Floats
    corner_mark: Ints


class Terms(NamedTuple):
    """What a plan costs, in units of one grid's compactness.

    Parameters
    ----------
    minimum, maximum
        Range of households of a grid.
    outside, outside_once
        Cost of missing the range by `minimum` households, and of missing it at all.
    inner
        Cost of a metre of boundary that is not along a street.
    hole
        Cost of a grid that encloses another.
    ragged
        Weight of (0.4 - compactness)² for grids that are less compact than 0.4.
    """

    minimum: float
    maximum: float
    outside: float
    outside_once: float
    inner: float
    hole: float
    ragged: float
