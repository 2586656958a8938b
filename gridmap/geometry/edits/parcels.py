"""What belongs to a building, and what to a block: the ground between streets."""

from __future__ import annotations

import numpy as np
import shapely
from scipy.spatial import Voronoi

from gridmap.geometry.edits.cutting import connected, cut
from gridmap.geometry.edits.lines import ALONG_M
from gridmap.geometry.edits.patch import Ints, Patch, Polygons

_SAMPLE_M = 3.0  # distance of the points on outlines that the ridges keep away from
_STRAIGHT_M = 0.3  # how far a ridge may move when its zigzag is straightened


def parcel_lines(atoms: Polygons, buildings: Polygons) -> Polygons:
    """Lines halfway between the buildings of each atom, in metres.

    Ridges of the Voronoi diagram of points on the buildings' outlines (the cells themselves break
    unions). Buildings nearer to each other than 0.6 m count as one.
    """
    if not len(buildings):
        return np.empty(0, dtype=object)
    tree = shapely.STRtree(buildings)
    owner, building = tree.query(atoms, predicate="intersects")
    lines = []
    for number in np.unique(owner):
        inside = building[owner == number]
        if len(inside) > 1:
            ridges = _ridges(buildings[inside])
            lines.append(shapely.intersection(ridges, atoms[number]))
    parts = shapely.get_parts(np.array(lines, dtype=object))
    return np.asarray(parts[shapely.length(parts) > 0], dtype=object)


def _ridges(buildings: Polygons) -> shapely.MultiLineString:
    """The lines that have two buildings equally near, straightened."""
    apart = shapely.get_parts(shapely.union_all(shapely.buffer(buildings, _STRAIGHT_M)))
    if len(apart) < 2:
        return shapely.MultiLineString()
    outlines = shapely.segmentize(shapely.boundary(apart), _SAMPLE_M)
    points, owner = shapely.get_coordinates(outlines, return_index=True)
    low, high = points.min(axis=0), points.max(axis=0)
    reach = 4 * (high - low).max() + 100
    middle = (low + high) / 2
    # Points far around close the outer cells, so that every ridge in the atom has two ends.
    around = middle + reach * np.array([[1, 0], [-1, 0], [0, 1], [0, -1]])
    diagram = Voronoi(np.vstack((points - middle, around - middle)))
    of = np.concatenate((owner, np.full(len(around), -1)))
    pairs = of[diagram.ridge_points]
    between = (pairs >= 0).all(axis=1) & (pairs[:, 0] != pairs[:, 1])
    ends = np.asarray(diagram.ridge_vertices)[between]
    ends = ends[(ends >= 0).all(axis=1)]
    segments = shapely.linestrings(diagram.vertices[ends] + middle)
    chains = shapely.get_parts(shapely.line_merge(shapely.union_all(segments)))
    return shapely.multilinestrings(shapely.simplify(chains, _STRAIGHT_M))


def block_of(patch: Patch, streets: Polygons, at: int) -> Ints:
    """Atoms of the block that one atom lies in: what no street separates from it.

    Parameters
    ----------
    patch
        Atoms around, of any grids.
    streets
        Lines in metres of streets, and of water that bounds blocks.
    at
        Index of the atom.
    """
    faces = cut(patch, np.empty(0, dtype=object), barriers=streets, width_m=2 * ALONG_M)
    pieces = connected(faces, np.ones(len(patch.atoms), dtype=bool), ~faces.barred)
    return next(piece for piece in pieces if at in piece)
