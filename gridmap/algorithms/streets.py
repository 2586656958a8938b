"""Walks along streets: a graph of every crossing, and the shortest ways of SciPy on it.

Lines are cut where they cross or touch, so that a graph comes out of any street layer, whether its
lines end at crossings or run through them. A bridge over another street counts as a crossing: the
price of using layers that say nothing about levels. Only the largest connected part is walked on;
an island of streets that nobody drew the way to would be unreachable on paper only.

A walk goes straight from the door to the nearest street, along streets, and straight to the other
door. Two doors nearer to each other than to their streets are a block's neighbours: there it is the
straight line × `DETOUR`, as it is for a door that is farther than `MOST_ACCESS_M` from any street.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DETOUR = 1.3  # walk over straight line, where no street is used
MOST_ACCESS_M = 500.0
FAR = np.iinfo(np.int32).max
_STEP_M = 0.01  # ends of lines nearer than this are one crossing
_JOIN_M = 2.0  # an end that stops this near to another line was meant to meet it
_OVER_M = 0.1
_ROWS = 256  # starts at once: 256 × 40,000 doors are 80 MB


@dataclass(frozen=True)
class Walks:
    """Walks from each of n doors to each of m.

    Parameters
    ----------
    metres
        (n, m) whole metres.
    by_street
        (n, m) whether the walk goes along streets; else it is the straight line × `DETOUR`.
    """

    metres: NDArray[np.int32]
    by_street: NDArray[np.bool_]


@dataclass(frozen=True)
class _Access:
    """Where doors meet the streets: an edge, metres along it, metres to it; `far` ones do not."""

    edge: Ints
    along: Floats
    off: Floats
    far: NDArray[np.bool_]


@dataclass(frozen=True)
class StreetGraph:
    """Pieces of street between crossings.

    Parameters
    ----------
    lines
        The pieces, in metres of one plane.
    ends
        (n, 2) numbers of the crossings at the two ends of each piece.
    """

    lines: NDArray[np.object_]
    ends: Ints

    @property
    def length_m(self) -> float:
        """Metres of street that can be walked."""
        return float(shapely.length(self.lines).sum())

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.lines)

    @cached_property
    def _matrix(self) -> csr_array:
        count = int(self.ends.max()) + 1
        low, high = self.ends.min(axis=1), self.ends.max(axis=1)
        length = shapely.length(self.lines)
        # A sparse matrix would add up two ways between the same crossings: the shorter one stays.
        order = np.lexsort((length, high, low))
        low, high, length = low[order], high[order], length[order]
        first = np.ones(len(order), dtype=bool)
        first[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
        first &= low != high
        low, high, length = low[first], high[first], length[first]
        return csr_array(
            (
                np.concatenate((length, length)),
                (np.concatenate((low, high)), np.concatenate((high, low))),
            ),
            shape=(count, count),
        )

    def walk(self, starts: Floats, doors: Floats) -> Walks:
        """Measure the walk from each start to each door; both (n, 2) in metres."""
        metres = np.empty((len(starts), len(doors)), dtype=np.int32)
        by_street = np.empty(metres.shape, dtype=bool)
        here, there = self._access(starts), self._access(doors)
        for row in range(0, len(starts), _ROWS):
            part = slice(row, row + _ROWS)
            some = _Access(here.edge[part], here.along[part], here.off[part], here.far[part])
            straight = _straight(starts[part], doors)
            along = self._along(some, there)
            off = some.off[:, None] + there.off[None, :]
            uses = np.isfinite(along) & ~some.far[:, None] & ~there.far[None, :]
            uses &= straight > off
            by_street[part] = uses
            metres[part] = np.rint(np.where(uses, along + off, straight))
        return Walks(metres, by_street)

    def _access(self, points: Floats) -> _Access:
        doors = shapely.points(points)
        (_, edge), off = self._tree.query_nearest(doors, return_distance=True, all_matches=False)
        along = shapely.line_locate_point(self.lines[edge], doors)
        return _Access(edge, along, off, off > MOST_ACCESS_M)

    def _along(self, here: _Access, there: _Access) -> Floats:
        """Metres along streets between two lists of accesses."""
        sources, row = np.unique(self.ends[here.edge], return_inverse=True)
        row = row.reshape(-1, 2)
        if not len(sources):
            return np.empty((0, len(there.edge)))
        reached = dijkstra(self._matrix, indices=sources)
        length = shapely.length(self.lines)
        out = (here.along, length[here.edge] - here.along)
        back = (there.along, length[there.edge] - there.along)
        way = np.full((len(here.edge), len(there.edge)), np.inf)
        for one in range(2):
            for other in range(2):
                between = reached[row[:, one]][:, self.ends[there.edge, other]]
                np.minimum(way, out[one][:, None] + between + back[other][None, :], out=way)
        same = here.edge[:, None] == there.edge[None, :]
        direct = np.abs(here.along[:, None] - there.along[None, :])
        return np.where(same, np.minimum(way, direct), way)


def build_graph(lines: NDArray[np.object_]) -> StreetGraph | None:
    """Make a graph of street lines in metres; None where there is nothing to walk on."""
    if not len(lines):
        return None
    lines = shapely.get_parts(lines)
    lines = shapely.set_precision(np.concatenate((lines, _joints(lines))), _STEP_M)
    noded = shapely.union_all(lines, grid_size=_STEP_M)
    pieces = shapely.get_parts(noded)
    pieces = pieces[(shapely.get_type_id(pieces) == shapely.GeometryType.LINESTRING)]
    pieces = pieces[shapely.length(pieces) > 0]
    if not len(pieces):
        return None
    tips = np.concatenate(
        [
            shapely.get_coordinates(shapely.get_point(pieces, 0)),
            shapely.get_coordinates(shapely.get_point(pieces, -1)),
        ]
    )
    _, number = np.unique(np.rint(tips / _STEP_M).astype(np.int64), axis=0, return_inverse=True)
    ends = number.reshape(2, -1).T
    count = int(ends.max()) + 1
    links = csr_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(count, count))
    _, part = connected_components(links, directed=False)
    metres = np.bincount(part[ends[:, 0]], weights=shapely.length(pieces))
    kept = part[ends[:, 0]] == metres.argmax()
    _, number = np.unique(ends[kept], return_inverse=True)
    return StreetGraph(pieces[kept], number.reshape(-1, 2))


def _joints(lines: NDArray[np.object_]) -> NDArray[np.object_]:
    """Short lines from ends that stop just before, or just beside, another line to beyond it."""
    whose = np.tile(np.arange(len(lines)), 2)
    tips = np.concatenate((shapely.get_point(lines, 0), shapely.get_point(lines, -1)))
    tip, other = shapely.STRtree(lines).query(tips, predicate="dwithin", distance=_JOIN_M)
    tip, other = tip[whose[tip] != other], other[whose[tip] != other]
    bridge = shapely.shortest_line(tips[tip], lines[other])
    ends = shapely.get_coordinates(bridge).reshape(-1, 2, 2)
    step = ends[:, 1] - ends[:, 0]
    gap = np.hypot(step[:, 0], step[:, 1])
    apart = gap > 0
    ends, step, gap = ends[apart], step[apart], gap[apart]
    # A line that stops on another by rounding alone would not cross it: it goes on a little.
    ends[:, 1] += step / gap[:, None] * _OVER_M
    joints: NDArray[np.object_] = shapely.linestrings(ends)
    return joints


def straight_walks(starts: Floats, doors: Floats) -> Walks:
    """Straight lines × `DETOUR`, where there are no streets; arguments as of `StreetGraph.walk`."""
    metres = np.empty((len(starts), len(doors)), dtype=np.int32)
    for row in range(0, len(starts), _ROWS):
        metres[row : row + _ROWS] = np.rint(_straight(starts[row : row + _ROWS], doors))
    return Walks(metres, np.zeros(metres.shape, dtype=bool))


def _straight(starts: Floats, doors: Floats) -> Floats:
    step = starts[:, None, :] - doors[None, :, :]
    straight: Floats = np.hypot(step[:, :, 0], step[:, :, 1]) * DETOUR
    return straight
