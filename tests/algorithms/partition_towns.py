"""Small towns to cut, and independent judges of a plan."""

from __future__ import annotations

import numpy as np
import shapely

from gridmap.algorithms import partition
from gridmap.geometry.adjacency import shared_edges

SIDE = 100.0


def town(polygons, households, *, rivers=(), off_street=()):
    """Atoms of an exact coverage; `rivers` and `off_street` are pairs of atoms."""
    polygons = np.asarray(polygons, dtype=object)
    edges = shared_edges(polygons)
    pairs = list(zip(edges.first.tolist(), edges.second.tolist(), strict=True))
    neighbours = partition.Neighbours(
        first=edges.first,
        second=edges.second,
        length=edges.length,
        off_street=np.array([pair in off_street for pair in pairs], dtype=bool),
        barrier=np.array([pair in rivers for pair in pairs], dtype=bool),
    )
    return partition.Atoms(
        households=np.asarray(households, dtype=np.int64),
        area_m2=shapely.area(polygons),
        perimeter_m=shapely.length(polygons),
        centre=shapely.get_coordinates(shapely.centroid(polygons)),
        neighbours=neighbours,
        outlines=partition.trace_outlines(polygons, neighbours),
    )


def squares(columns, rows, *, east=0.0):
    """Blocks of 100 m, row by row from the south-west."""
    return [
        shapely.box(east + x * SIDE, y * SIDE, east + (x + 1) * SIDE, (y + 1) * SIDE)
        for y in range(rows)
        for x in range(columns)
    ]


def lattice(columns, rows, households, **said):
    return town(squares(columns, rows), households, **said)


def hangs_together(atoms, members):
    """Walk over shared edges that are no barrier."""
    edges = atoms.neighbours
    open_ = [
        (a, b)
        for a, b, barrier in zip(
            edges.first.tolist(), edges.second.tolist(), edges.barrier.tolist(), strict=True
        )
        if not barrier
    ]
    members = set(members)
    met = {min(members)}
    while True:
        more = {b for a, b in open_ if a in met and b in members}
        more |= {a for a, b in open_ if b in met and a in members}
        if more <= met:
            return met == members
        met |= more


def judge(atoms, plan):
    """What holds of every plan, whatever was asked."""
    assert len(plan.grid) == len(atoms)
    assert (plan.grid >= 0).all()
    reported = {miss.grid for miss in plan.misses}
    for number in np.unique(plan.grid).tolist():
        members = np.flatnonzero(plan.grid == number)
        assert hangs_together(atoms, members.tolist()), number
        total = int(atoms.households[members].sum())
        assert (plan.size.minimum <= total <= plan.size.maximum) == (number not in reported)
    assert plan.figures.households.sum() == atoms.households.sum()
    assert plan.broken == ()
    assert all(miss.reason for miss in plan.misses)
