"""Coverages on an outline that is frozen: plans cover it, and atoms of theirs share its edges.

All geometry is in metres on the lattice of the place (`gridmap.geometry.crs`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.geometry.claims import NOBODY, Case, Settlement, given, unsettled
from gridmap.geometry.coverage import find_defects
from gridmap.geometry.crs import LATTICE_M

Polygons = NDArray[np.object_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def keep_outline(
    settled: Settlement, territory: Any, *, tolerance_m: float, reach_m: float | None = None
) -> Settlement:
    """Bring a coverage onto an outline that never gets a new vertex.

    A new vertex on the outline that one area has alone is dropped: the edge is straight there. One
    where two areas meet is moved along the outline to the nearer end of its edge, if that lies
    within `reach_m`, by default ten times the tolerance; the triangle that changes hands by this is
    named as a repair. What was left undecided before stays so.
    """
    reach_m = 10 * tolerance_m if reach_m is None else reach_m
    rings, atom = shapely.get_rings(settled.atoms, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    points, number = np.unique(_whole(xy), axis=0, return_inverse=True)
    number = number.reshape(-1)
    fixed = np.unique(_whole(shapely.get_coordinates(territory)), axis=0)
    edges = _edges_of(territory)
    places = shapely.points(points * LATTICE_M)
    edge = edges.tree.nearest(places)
    away = shapely.distance(places, edges.lines[edge])
    known = {tuple(point) for point in fixed.tolist()}
    is_known = np.array([tuple(point) in known for point in points.tolist()], dtype=bool)
    new = ~is_known & (away < LATTICE_M)
    pairs = np.unique(np.column_stack((number, settled.owners[atom[ring]])), axis=0)
    owners_at = np.bincount(pairs[:, 0], minlength=len(points))
    target, moved = edges.nearer_end(points, edge)
    inward = _reach_inward(points, number, ring, edges)
    repairs = list(settled.repairs)
    defects: list[Case] = []
    for at in np.flatnonzero(new & (owners_at > 1)).tolist():
        who = tuple(pairs[pairs[:, 0] == at, 1].tolist())
        x, y = (points[at] * LATTICE_M).tolist()
        case = Case("off vertex", 0.0, float(moved[at]), (x, y), who)
        # Where the edge leaves the outline as a sliver, moving its end sweeps next to nothing.
        if moved[at] > reach_m and inward[at] > tolerance_m:
            defects.append(case)
        else:
            repairs.append(given(case, NOBODY))
    if defects:
        return unsettled(territory, repairs, defects)
    points = np.where((new & (owners_at > 1))[:, None], target, points)
    keep = ~(new & (owners_at == 1))[number]
    atoms, owners = _rebuilt(points[number[keep]] * LATTICE_M, ring[keep], atom, settled.owners)
    return _proved(atoms, owners, territory, repairs, settled.defects)


def _reach_inward(points: Ints, number: Ints, ring: Ints, edges: _Edges) -> Floats:
    """For each point how far from the outline the middles of the ring edges at it are at most."""
    same = np.flatnonzero(ring[1:] == ring[:-1])
    one, other = number[same], number[same + 1]
    middles = shapely.points((points[one] + points[other]) * LATTICE_M / 2)
    away = shapely.distance(middles, edges.lines[edges.tree.nearest(middles)])
    inward = np.zeros(len(points))
    np.maximum.at(inward, one, away)
    np.maximum.at(inward, other, away)
    return inward


def _proved(
    atoms: Polygons, owners: Ints, territory: Any, repairs: list[Case], left: list[Case]
) -> Settlement:
    """The coverage, if it is exact; else its defects."""
    defects = [
        Case(
            "overlap" if defect.kind == "overlap" else "gap",
            defect.area,
            0.0,
            defect.place,
            tuple(np.unique(owners[list(defect.areas)]).tolist()),
        )
        for defect in find_defects(atoms, territory)
    ]
    if defects:
        return unsettled(territory, repairs, defects)
    return Settlement(atoms, owners, shapely.coverage_union_all(atoms), repairs, left)


def _whole(xy: Floats) -> Ints:
    return np.round(xy / LATTICE_M).astype(np.int64)


@dataclass(frozen=True)
class _Edges:
    """The straight edges of an outline."""

    lines: Polygons
    ends: Ints  # (n, 2, 2): whole numbers of the lattice
    tree: shapely.STRtree

    def nearer_end(self, points: Ints, edge: Ints) -> tuple[Ints, Floats]:
        """For each point the nearer end of its edge, and how far it is in metres."""
        ends = self.ends[edge]
        distance = np.hypot(ends[:, :, 0] - points[:, None, 0], ends[:, :, 1] - points[:, None, 1])
        chosen = distance.argmin(axis=1)
        rows = np.arange(len(points))
        return ends[rows, chosen], distance[rows, chosen] * LATTICE_M


def _edges_of(territory: Any) -> _Edges:
    rings = shapely.get_rings(shapely.get_parts(territory))
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    ends = np.stack((xy[:-1][same], xy[1:][same]), axis=1)
    lines = shapely.linestrings(ends)
    return _Edges(lines, _whole(ends), shapely.STRtree(lines))


def _rebuilt(xy: Floats, ring: Ints, atom: Ints, owners: Ints) -> tuple[Polygons, Ints]:
    """Polygons from the points that are left of their rings; rings without land disappear."""
    repeated = np.zeros(len(xy), dtype=bool)
    repeated[1:] = (ring[1:] == ring[:-1]) & np.all(xy[1:] == xy[:-1], axis=1)
    xy, ring = xy[~repeated], ring[~repeated]
    _, begin, count = np.unique(ring, return_index=True, return_counts=True)
    good = [
        (int(ring[at]), shapely.LinearRing(xy[at : at + size]))
        for at, size in zip(begin.tolist(), count.tolist(), strict=True)
        if len(np.unique(xy[at : at + size], axis=0)) > 2
    ]
    made = np.array([item for _, item in good], dtype=object)
    of = np.array([atom[number] for number, _ in good], dtype=np.int64)
    used, dense = np.unique(of, return_inverse=True)
    polygons = shapely.polygons(made, indices=dense.reshape(-1))
    landed = shapely.area(polygons) > 0
    return np.asarray(polygons[landed], dtype=object), owners[used[landed]]
