"""Networks cut from atoms: which atom belongs to which grid, and the grids' codes and counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.algorithms.codes import number_code, reading_order
from gridmap.demo.cuts import cut_between
from gridmap.demo.division import Ground
from gridmap.demo.people import Building, totals
from gridmap.demo.site import Name
from gridmap.demo.town import Town
from gridmap.geometry.adjacency import shared_edges
from gridmap.geometry.atoms import arrange, merge_slivers, step_outline
from gridmap.geometry.coverage import dissolve

Ints = NDArray[np.int64]
WITHIN_BLOCK, ON_STREET, ON_ARTERIAL, ON_RIVER = 2.2, 1.0, 0.75, 0.55


@dataclass
class Fabric:
    """The atoms of a place with what stands on them."""

    atoms: NDArray[np.object_]
    block: Ints  # the block that each atom is a piece of
    households: Ints
    residents: Ints
    dossiers: Ints
    buildings: Ints
    ground: Ground


@dataclass
class Grid:
    """One area of one level of one network."""

    network: str
    level: int
    code: str
    name: Name
    parent: str
    atoms: Ints
    kind: str = "comprehensive"
    geometry: Any = None
    counts: dict[str, int] = field(default_factory=dict)


def weave(town: Town, buildings: list[Building], *, households_an_atom: float) -> Fabric:
    """Cut the territory along streets, water and between buildings, and count what lies where.

    Every building then lies in exactly one atom; `building.atom` is set.
    """
    polygons = np.array([b.polygon for b in buildings])
    counted = totals(buildings)
    of_block = np.array([b.block for b in buildings])
    lines = [block.face.exterior for block in town.blocks]
    for number, block in enumerate(town.blocks):
        here = np.flatnonzero(of_block == number)
        weights = counted["households"][here].astype(float)
        lines += cut_between(block.face, polygons[here], weights, households_an_atom)
    faces = arrange(step_outline(town.territory), np.array(lines, dtype=object))
    faces, _ = merge_slivers(faces, minimum_area_m2=40.0, minimum_width_m=1.5)
    tree = shapely.STRtree(faces)
    building, atom = tree.query(polygons, predicate="within")
    assert np.array_equal(np.sort(building), np.arange(len(buildings))), (
        "a cut runs through a building"
    )
    for b, a in zip(building, atom, strict=True):
        buildings[b].atom = int(a)
    at = np.array([b.atom for b in buildings])

    def count(values: Ints) -> Ints:
        return np.bincount(at, values, minlength=len(faces)).astype(np.int64)

    blocks = shapely.STRtree([block.face for block in town.blocks])
    block_of = blocks.nearest(shapely.point_on_surface(faces))
    return Fabric(
        faces,
        block_of.astype(np.int64),
        count(counted["households"]),
        count(counted["residents"]),
        count(counted["dossiers"]),
        np.bincount(at, minlength=len(faces)).astype(np.int64),
        _ground(town, faces, block_of, count(counted["households"])),
    )


def _ground(town: Town, atoms: NDArray[np.object_], block: Ints, households: Ints) -> Ground:
    edges = shared_edges(atoms)
    resistance = np.where(block[edges.first] == block[edges.second], WITHIN_BLOCK, ON_STREET)
    wide = [s.line for s in town.streets if s.kind in {"arterial", "motorway", "railway"}]
    wet = [w.divide for w in town.waters if w.divide is not None]
    # A shared edge lies on an arterial or a river where both atoms touch its line at length.
    for lines, value in ((wide, ON_ARTERIAL), (wet, ON_RIVER)):
        if not lines:
            continue
        band = shapely.union_all(lines).buffer(0.3)
        near = np.flatnonzero(shapely.intersects(band, atoms))
        touching = np.zeros(len(atoms), dtype=bool)
        touching[near] = True
        for i in np.flatnonzero(touching[edges.first] & touching[edges.second]):
            shared = shapely.intersection(
                atoms[edges.first[i]].exterior, atoms[edges.second[i]].exterior
            )
            if shapely.length(shapely.intersection(shared, band)) > 0.6 * edges.length[i]:
                resistance[i] = value
    return Ground(households.astype(float), shapely.area(atoms), edges, resistance)


def make_grids(
    fabric: Fabric,
    labels: Ints,
    *,
    network: str,
    level: int,
    parents: list[str],
    names: Any,
    start: int = 1,
) -> list[Grid]:
    """Grids of one level from labels of atoms.

    Parameters
    ----------
    labels
        The area of each atom, from 0.
    parents
        For each area the code that its own code extends.
    names
        Function of (number inside the parent, parent code, indices of atoms) to a `Name`.

    Returns
    -------
    Grids in the order of their labels; numbers run west to east, then north to south.
    """
    shapes = dissolve(fabric.atoms, labels)
    points = shapely.get_coordinates(shapely.point_on_surface(shapes))
    grids: list[Grid | None] = [None] * len(shapes)
    for parent in sorted(set(parents)):
        here = np.array([i for i, other in enumerate(parents) if other == parent])
        for number, i in enumerate(here[reading_order(points[here])], start=start):
            atoms = np.flatnonzero(labels == i)
            code = number_code(parent, number)
            name = names(number, parent, atoms)
            grid = Grid(network, level, code, name, parent, atoms, geometry=shapes[i])
            grid.counts = {
                "households": int(fabric.households[atoms].sum()),
                "residents": int(fabric.residents[atoms].sum()),
                "dossiers": int(fabric.dossiers[atoms].sum()),
                "buildings": int(fabric.buildings[atoms].sum()),
            }
            grids[i] = grid
    return [grid for grid in grids if grid is not None]
