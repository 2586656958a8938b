"""Territory and lines → the exact arrangement of smallest faces.

Every line is noded with every other on the lattice by snap rounding, so each face gets every vertex
of its neighbours along a shared edge: where a line ends on another line, both sides of that line
have the vertex. Two faces then share edges bit for bit, and no later step needs a tolerance.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.geometry.adjacency import shared_edges
from gridmap.geometry.crs import LATTICE_M, snap, snap_xy

Polygons = NDArray[np.object_]

# Vertices of a new territory's outline lie no farther apart: a line that is drawn to the outline
# later ends at one of them, at most half of this away, and the outline never moves.
OUTLINE_STEP_M = 12.0


def arrange(territory: Any, lines: Any) -> Polygons:
    """Cut a territory along lines into its smallest faces.

    Parameters
    ----------
    territory
        Polygon or multipolygon in metres.
    lines
        Lines (or polygons, whose outlines are taken) in metres. What ends inside a face cuts
        nothing; what lies outside the territory is without effect.

    Returns
    -------
    Polygons on the lattice, ordered from west to east, that cover the territory exactly.
    An edge of the territory that a line meets may bend there by half a lattice step (3.9 mm): the
    outline of the result, not of the argument, is the one to keep.
    """
    outline = shapely.boundary(snap(territory))
    cutting = np.atleast_1d(np.asarray(lines, dtype=object))
    areal = shapely.get_dimensions(cutting) == 2
    cutting = np.where(areal, shapely.boundary(cutting), cutting)
    shapely.prepare(territory)
    cutting = cutting[shapely.intersects(territory, cutting)]
    noded = shapely.union_all([outline, *cutting], grid_size=LATTICE_M)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    faces = faces[shapely.intersects(territory, shapely.point_on_surface(faces))]
    return _ordered(faces)


def step_outline(territory: Any, *, step_m: float = OUTLINE_STEP_M) -> Any:
    """Give the outline of a new territory a vertex every `step_m` at least, on the lattice.

    For a territory that is about to be made, in metres; one that plans cover is frozen. What was
    stepped before stays as it is, bit for bit.
    """
    polygons = [
        shapely.Polygon(
            _stepped(part.exterior, step_m), [_stepped(hole, step_m) for hole in part.interiors]
        )
        for part in shapely.get_parts(snap(territory))
    ]
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)


def _stepped(ring: Any, step_m: float) -> NDArray[np.float64]:
    xy = shapely.get_coordinates(ring)
    length = np.hypot(*np.diff(xy, axis=0).T)
    # Rounding to the lattice makes a step a little longer, which is no reason to cut it again.
    pieces = np.where(length > step_m + 4 * LATTICE_M, np.ceil(length / step_m), 1).astype(int)
    share = np.concatenate([np.arange(count) / count for count in pieces])
    start = np.repeat(xy[:-1], pieces, axis=0)
    way = np.repeat(np.diff(xy, axis=0), pieces, axis=0)
    return snap_xy(np.vstack((start + way * share[:, None], xy[-1:])))


def _ordered(faces: Polygons) -> Polygons:
    faces = shapely.normalize(faces)
    bounds = shapely.bounds(faces)
    inner = shapely.get_coordinates(shapely.centroid(faces))
    return faces[np.lexsort((inner[:, 1], inner[:, 0], bounds[:, 1], bounds[:, 0]))]


def merge_slivers(
    faces: Polygons,
    *,
    minimum_area_m2: float,
    minimum_width_m: float = 0.0,
    owners: NDArray[np.int64] | None = None,
    keep: NDArray[np.bool_] | None = None,
) -> tuple[Polygons, NDArray[np.int64]]:
    """Give faces that are too small or too thin to the neighbour with the longest shared edge.

    Parameters
    ----------
    faces
        An exact coverage on the lattice, in metres.
    minimum_area_m2, minimum_width_m
        A face with less area, or with less mean width (2·area/perimeter), is a sliver.
    owners
        Whose each face is; a sliver joins a neighbour of its own owner where it has one.
    keep
        Faces that are never given away, small or not.

    Returns
    -------
    The remaining faces, and for each old face the index of the new one that holds it.
    """
    owners = np.zeros(len(faces), dtype=np.int64) if owners is None else owners
    keep = np.zeros(len(faces), dtype=bool) if keep is None else keep
    now = np.arange(len(faces))
    while True:
        area, perimeter = shapely.area(faces), shapely.length(faces)
        thin = (area < minimum_area_m2) | (2 * area < minimum_width_m * perimeter)
        candidates = np.flatnonzero(thin & ~keep)
        if not len(candidates):
            return faces, now
        host = _hosts(faces, candidates, owners)
        if not np.any(host >= 0):
            return faces, now
        faces, owners, keep, renumbered = _give(faces, candidates, host, owners, keep)
        now = renumbered[now]


def _hosts(
    faces: Polygons, candidates: NDArray[np.int64], owners: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The neighbour that takes each candidate, or -1."""
    edges = shared_edges(faces)
    first = np.concatenate((edges.first, edges.second))
    second = np.concatenate((edges.second, edges.first))
    length = np.tile(edges.length, 2)
    wanted = np.isin(first, candidates)
    first, second, length = first[wanted], second[wanted], length[wanted]
    order = np.lexsort((second, -length, owners[first] != owners[second], first))
    first, second = first[order], second[order]
    unique, where = np.unique(first, return_index=True)
    host = np.full(len(faces), -1, dtype=np.int64)
    host[unique] = second[where]
    return host[candidates]


def _give(
    faces: Polygons,
    candidates: NDArray[np.int64],
    host: NDArray[np.int64],
    owners: NDArray[np.int64],
    keep: NDArray[np.bool_],
) -> tuple[Polygons, NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64]]:
    """Merge the smallest candidates first; a face takes part in one merger a round."""
    busy: set[int] = set()
    target = np.arange(len(faces))
    merged = faces.copy()
    for position in np.argsort(shapely.area(faces[candidates]), kind="stable"):
        small, big = int(candidates[position]), int(host[position])
        if big < 0 or small in busy or big in busy:
            continue
        busy |= {small, big}
        merged[big] = shapely.coverage_union(faces[big], faces[small])
        target[small] = big
    left = np.flatnonzero(target == np.arange(len(faces)))
    number = np.full(len(faces), -1, dtype=np.int64)
    number[left] = np.arange(len(left))
    return merged[left], owners[left], keep[left], number[target]
