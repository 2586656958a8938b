"""What is asked of the partitioner: atoms, who touches whom, the range, and what is fixed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.errors import Fault, InvalidInput
from gridmap.geometry.segments import directed_segments

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_SAME_POINT_M = 1e-3
_LISTED = 20
_MOST = 1_000_000_000.0  # households; sums stay exact far beyond it


@dataclass(frozen=True)
class SizeRange:
    """Least and most households of a grid, both allowed.

    Raises
    ------
    InvalidInput
        Not 1 ≤ minimum ≤ maximum.
    """

    minimum: int
    maximum: int

    def __post_init__(self) -> None:
        """Refuse what is no range."""
        if self.minimum < 1:
            raise InvalidInput(
                f"A grid of at least {self.minimum} households is no range",
                hint="The minimum is 1 or more.",
                faults=(Fault("below 1", field="min"),),
            )
        if self.maximum < self.minimum:
            raise InvalidInput(
                f"No grid has at least {self.minimum} and at most {self.maximum} households",
                hint="The maximum is not below the minimum.",
                faults=(Fault("below the minimum", field="max"),),
            )


@dataclass(frozen=True)
class Neighbours:
    """Pairs of atoms that share an edge, by atom number; each pair once, in any direction.

    Parameters
    ----------
    first, second
        Atom numbers.
    length
        Metres of shared edge.
    off_street
        The edge is not along a street: a boundary there cuts a block.
    barrier
        The edge cannot be crossed (a river, a railway): it does not make its two sides contiguous.
    """

    first: Ints
    second: Ints
    length: Floats
    off_street: Flags
    barrier: Flags


@dataclass(frozen=True)
class Outlines:
    """Corners, where three or more outlines meet, and arcs, the pieces between them.

    Parameters
    ----------
    atom, corner
        Each corner of each atom once, sorted by atom.
    pair, arcs
        ``a·n + b`` for neighbours a and b out of n, both ways and sorted; how many arcs they share.
    holes
        Per atom, how many inner rings it has.
    """

    atom: Ints
    corner: Ints
    pair: Ints
    arcs: Ints
    holes: Ints


@dataclass(frozen=True)
class Atoms:
    """The faces that grids are made of.

    Parameters
    ----------
    households
        Whole numbers, not negative.
    area_m2, perimeter_m
        Of each atom, in the metric plane.
    centre
        (n, 2) metres, a point for each atom.
    neighbours
        Who touches whom.
    outlines
        Corners and arcs, so that a grid that encloses another is noticed; None where the outlines
        do not match vertex by vertex.

    Raises
    ------
    InvalidInput
        No atoms, or some with a negative count, without area, or with neighbours that are unknown,
        themselves, or named twice.
    """

    households: Ints
    area_m2: Floats
    perimeter_m: Floats
    centre: Floats
    neighbours: Neighbours
    outlines: Outlines | None = None

    def __post_init__(self) -> None:
        """Refuse what no plan can be made of."""
        count = len(self.households)
        if count == 0:
            raise InvalidInput("There are no atoms to make grids of", hint="Is the layer empty?")
        _refuse(self.households < 0, "negative households", "households")
        _refuse(self.households > _MOST, "more households than there are on earth", "households")
        bad = ~(np.isfinite(self.area_m2) & (self.area_m2 > 0))
        bad |= ~(np.isfinite(self.perimeter_m) & (self.perimeter_m > 0))
        bad |= ~np.isfinite(self.centre).all(axis=1)
        _refuse(bad, "no area", "geometry")
        edges = self.neighbours
        ends = np.column_stack((edges.first, edges.second))
        unknown = ((ends < 0) | (ends >= count)).any(axis=1)
        _refuse(np.atleast_1d(unknown), "unknown atom", "adjacency")
        _refuse(edges.first == edges.second, "an atom beside itself", "adjacency")
        _refuse(~(np.isfinite(edges.length) & (edges.length > 0)), "no length", "adjacency")
        pair = ends.min(axis=1) * count + ends.max(axis=1)
        _, at, times = np.unique(pair, return_index=True, return_counts=True)
        twice = np.zeros(len(pair), dtype=bool)
        twice[at[times > 1]] = True
        _refuse(twice, "a pair that stands here twice", "adjacency")

    def __len__(self) -> int:
        """Count the atoms."""
        return len(self.households)

    @cached_property
    def pieces(self) -> Ints:
        """Number of the connected piece that each atom lies in; barriers part pieces."""
        open_ = ~self.neighbours.barrier
        return join(len(self), self.neighbours.first[open_], self.neighbours.second[open_])


def _refuse(bad: Flags, reason: str, field: str) -> None:
    """Raise if any row is bad, naming the rows."""
    rows = np.flatnonzero(bad)
    if len(rows):
        raise InvalidInput(
            f"{len(rows)} rows of the {field} cannot be used: {reason}",
            faults=tuple(Fault(reason, row=int(row) + 1, field=field) for row in rows[:_LISTED]),
        )


def join(count: int, first: Ints, second: Ints) -> Ints:
    """Number the sets that things 0 to `count` - 1 fall into when each pair is joined."""
    parent = list(range(count))

    def root(v: int) -> int:
        while parent[v] != v:
            parent[v] = parent[parent[v]]
            v = parent[v]
        return v

    for a, b in zip(first.tolist(), second.tolist(), strict=True):
        parent[root(a)] = root(b)
    roots = np.array([root(v) for v in range(count)], dtype=np.int64)
    return np.unique(roots, return_inverse=True)[1].reshape(-1).astype(np.int64)


def trace_outlines(polygons: Any, neighbours: Neighbours) -> Outlines | None:
    """Find the corners and arcs of atoms in metres.

    None if two neighbours do not share their edge vertex by vertex, to a millimetre: then the atoms
    are no exact coverage and nothing can be said of holes.
    """
    count = len(polygons)
    segments = directed_segments(polygons, unit=_SAME_POINT_M)
    points = len(segments.points)
    low = np.minimum(segments.start, segments.end)
    high = np.maximum(segments.start, segments.end)
    undirected = low * np.int64(points) + high
    _, once = np.unique(undirected, return_index=True)
    degree = np.bincount(low[once], minlength=points) + np.bincount(high[once], minlength=points)
    is_corner = degree != 2
    # An island in another atom has an outline without a corner: any point of it serves.
    _, some = np.unique(segments.owner, return_index=True)
    cornered = np.zeros(count, dtype=bool)
    cornered[segments.owner[is_corner[segments.start]]] = True
    is_corner[segments.start[some[~cornered[segments.owner[some]]]]] = True

    at_corner = is_corner[segments.start]
    incidence = np.unique(
        np.column_stack((segments.owner[at_corner], segments.start[at_corner])), axis=0
    )
    corner = np.unique(incidence[:, 1], return_inverse=True)[1].reshape(-1).astype(np.int64)

    order = np.argsort(undirected, kind="stable")
    same = np.flatnonzero(undirected[order[1:]] == undirected[order[:-1]])
    one, other = order[same], order[same + 1]
    a, b = segments.owner[one], segments.owner[other]
    ends = is_corner[low[one]].astype(np.int64) + is_corner[high[one]]
    both_ways = np.concatenate((a * count + b, b * count + a))
    pair, inverse = np.unique(both_ways, return_inverse=True)
    arcs = np.bincount(inverse.reshape(-1), np.concatenate((ends, ends))).astype(np.int64) // 2
    wanted = neighbours.first * np.int64(count) + neighbours.second
    if not np.isin(wanted, pair[arcs > 0]).all():
        return None
    parts, owner = shapely.get_parts(polygons, return_index=True)
    holes = np.bincount(owner, shapely.get_num_interior_rings(parts), minlength=count)
    return Outlines(incidence[:, 0], corner, pair, arcs, holes.astype(np.int64))


@dataclass(frozen=True)
class Fixed:
    """What a planner keeps as it is.

    Parameters
    ----------
    grid
        Per atom, the number of the grid that it stays in, or -1. Numbers are the planner's own.
    complete
        Numbers of grids that are finished: no atom comes to them.
    """

    grid: Ints
    complete: frozenset[int] = frozenset()
