"""What a draft offers to a partition: its faces, their households, and what stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.algorithms import partition
from gridmap.errors import Conflict, InvalidInput, NotFound
from gridmap.geometry import edits
from gridmap.geometry.crs import LocalCRS
from gridmap.geometry.edits.cutting import Faces, cut, neighbours
from gridmap.geometry.edits.lines import ALONG_M, prepare_cuts
from gridmap.services.plans.partition.waters import bar_water, wide_water
from gridmap.store import drafts, ground, plans
from gridmap.store.database import Connection
from gridmap.store.drafts import Atoms, GridRow

Ints = NDArray[np.int64]

# Numbers of grids that stay: far above those that the partition gives to new ones.
KEPT_FROM = 1_000_000
_REACH_DEGREES = 0.0002


@dataclass(frozen=True)
class Ground:
    """A draft at one revision, its oversize atoms cut between buildings.

    Parameters
    ----------
    stored
        The draft's atoms.
    patch, faces
        The same in metres, and cut; a face is an atom or a part of one.
    households, homes
        Of each face: its households, and its buildings that somebody lives in.
    parent
        Per face: the grid (or, without one, minus 1) of the level above that it lies in, told apart
        further by the code of the territory.
    kept
        Per face the number of the grid that stays as it is (`KEPT_FROM` + its place in `staying`),
        or -1.
    staying
        Ids of the grids that stay.
    neighbours
        Of the faces; an edge that is along neither a street nor water is off the street, one
        between two parents or across wide water cannot be crossed.
    notes
        What could not be done, in words.
    """

    plan_id: int
    revision: int
    level: int
    crs: LocalCRS
    grids: dict[int, GridRow]
    codes: dict[int, str]
    stored: Atoms
    patch: edits.Patch
    faces: Faces
    households: Ints
    homes: Ints
    parent: Ints
    kept: Ints
    staying: tuple[int, ...]
    neighbours: partition.Neighbours
    notes: tuple[str, ...]

    @property
    def holder(self) -> Ints:
        """Per face the grid of the partition's level that it lies in now."""
        return holders(self.grids, self.stored.grids, self.level)[self.faces.origin]

    def atoms(self) -> partition.Atoms:
        """The faces as the partitioner takes them."""
        polygons = self.faces.polygons
        return partition.Atoms(
            households=self.households,
            area_m2=shapely.area(polygons),
            perimeter_m=shapely.length(polygons),
            centre=shapely.get_coordinates(shapely.point_on_surface(polygons)),
            neighbours=self.neighbours,
            outlines=partition.trace_outlines(polygons, self.neighbours),
        )


def holders(grids: dict[int, GridRow], leaves: Ints, level: int) -> Ints:
    """For each lowest grid, the grid of a level that it lies in."""
    known: dict[int, int] = {}
    for leaf in np.unique(leaves).tolist():
        at: GridRow | None = grids[leaf]
        while at is not None and at.level > level:
            at = grids[at.parent_id] if at.parent_id is not None else None
        if at is None or at.level != level:
            raise InvalidInput(f"Grid {grids[leaf].name} lies in no grid of level {level}")
        known[leaf] = at.id
    return np.array([known[leaf] for leaf in leaves.tolist()], dtype=np.int64)


def read_ground(
    connection: Connection,
    plan_id: int,
    *,
    level: int | None,
    keep: Sequence[int],
    whole_above: int,
    minimum: int,
) -> Ground:
    """Read a draft for a partition.

    Parameters
    ----------
    level
        Of the grids that are cut anew; by default 2, or the lowest where there is no second.
    keep
        Ids of grids of that level that stay, beside the locked and the special ones.
    whole_above
        Atoms with more households are cut between their buildings.
    minimum
        Least households of a grid: water that cuts off fewer is crossed.

    Raises
    ------
    NotFound
        No such plan, or no such grid in it.
    Conflict
        The plan is no draft.
    InvalidInput
        No grids of that level, or everything stays.
    """
    plan = plans.read_plan(connection, plan_id)
    if plan.state != "draft":
        raise Conflict(f"The plan {plan_id} is {plan.state}", hint="Make a draft of it.")
    grids = drafts.read_grids(connection, plan_id)
    levels = sorted({row.level for row in grids.values()})
    level = level or (2 if 2 in levels else levels[-1] if levels else 2)
    if level not in levels:
        raise InvalidInput(f"The plan has no grids of level {level}")
    leaves = [key for key, row in grids.items() if row.lowest]
    stored = drafts.read_atoms(connection, plan_id, leaves)
    holder = holders(grids, stored.grids, level)
    staying = _staying(grids, level, keep)
    rows = drafts.read_grid_rows(connection, np.unique(holder).tolist())
    codes = {row["id"]: str(row["parent"] or "") for row in rows}

    crs = LocalCRS(plan.meridian)
    outline = drafts.read_outline(connection, plan.territory_id)
    houses = ground.read_buildings(connection, outline, _REACH_DEGREES)
    streets = crs.project(ground.read_streets(connection, outline, _REACH_DEGREES))
    water = crs.project(ground.read_water(connection, outline, _REACH_DEGREES))
    patch = edits.Patch(
        crs.receive(stored.polygons), stored.grids, shapely.boundary(crs.receive(outline))
    )
    atom_of = _locate(stored.polygons, houses.polygons)
    free = ~np.isin(holder, staying)
    faces, notes = _cut_oversize(patch, atom_of, houses, crs, free, whole_above)
    if faces.replaced.any():
        face_of = _locate(crs.publish(faces.polygons), houses.polygons)
    else:
        face_of = atom_of
    housed = face_of >= 0
    households = np.bincount(
        face_of[housed], houses.households[housed], minlength=len(faces.polygons)
    ).astype(np.int64)
    homes = np.bincount(
        face_of[housed & (houses.households > 0)], minlength=len(faces.polygons)
    ).astype(np.int64)
    number = {key: KEPT_FROM + at for at, key in enumerate(staying)}
    kept = np.array([number.get(int(key), -1) for key in holder], dtype=np.int64)[faces.origin]
    above = {key: (grids[key].parent_id or -1, codes[key]) for key in codes}
    listed = {pair: at for at, pair in enumerate(sorted(set(above.values())))}
    parent = np.array([listed[above[int(key)]] for key in holder], dtype=np.int64)[faces.origin]
    edges = _touching(faces, streets, parent)
    if len(water):
        edges = _part_by_water(faces, households, edges, water, minimum)
    if (kept >= 0).all():
        raise InvalidInput("Every grid stays: there is nothing to cut", hint="Unlock some grids.")
    return Ground(
        plan_id, plan.revision, level, crs, grids, codes, stored, patch, faces, households, homes,
        parent, kept, staying, edges, tuple(notes),
    )  # fmt: skip


def _staying(grids: dict[int, GridRow], level: int, keep: Sequence[int]) -> tuple[int, ...]:
    """Grids of the level that stay: chosen, special, locked, above or below a locked one."""
    unknown = [key for key in keep if key not in grids or grids[key].level != level]
    if unknown:
        raise NotFound(f"The plan has no grid {unknown[0]} of level {level}")
    staying = set(keep)
    for row in grids.values():
        chain: GridRow | None = row
        locked = row.locked
        holder = None
        while chain is not None:
            locked = locked or chain.locked
            holder = chain.id if chain.level == level else holder
            chain = grids[chain.parent_id] if chain.parent_id is not None else None
        if holder is not None and (locked or grids[holder].kind == "special"):
            staying.add(holder)
    return tuple(sorted(staying))


def _locate(polygons: NDArray[np.object_], houses: NDArray[np.object_]) -> Ints:
    """For each building the first polygon that its inner point lies in, or -1: as it is counted."""
    found = np.full(len(houses), -1, dtype=np.int64)
    house, at = shapely.STRtree(polygons).query(
        shapely.point_on_surface(houses), predicate="intersects"
    )
    order = np.lexsort((at, house))
    house, first = np.unique(house[order], return_index=True)
    found[house] = at[order][first]
    return found


def _cut_oversize(
    patch: edits.Patch,
    atom_of: Ints,
    houses: ground.Buildings,
    crs: LocalCRS,
    free: NDArray[np.bool_],
    whole_above: int,
) -> tuple[Faces, list[str]]:
    """Cut free atoms with more households than `whole_above` between their buildings."""
    housed = atom_of >= 0
    total = np.bincount(atom_of[housed], houses.households[housed], minlength=len(patch.atoms))
    lived_in = housed & (houses.households > 0)
    count = np.bincount(atom_of[lived_in], minlength=len(patch.atoms))
    over = (total > whole_above) & (count > 1) & free
    if not over.any():
        return cut(patch, np.empty(0, dtype=object)), []
    shapes = crs.project(houses.polygons[lived_in])
    lines = edits.parcel_lines(patch.atoms[over], shapes)
    ready = prepare_cuts(lines, patch, over) if len(lines) else lines
    try:
        return cut(patch, ready), []
    except edits.RefusedEdit:
        pass
    # One line bends an outline: each atom by itself, and those stay whole where it happens.
    good = []
    left = 0
    for at in np.flatnonzero(over).tolist():
        alone = np.zeros(len(over), dtype=bool)
        alone[at] = True
        drawn = edits.parcel_lines(patch.atoms[alone], shapes)
        mine = prepare_cuts(drawn, patch, alone) if len(drawn) else drawn
        try:
            cut(patch, mine)
        except edits.RefusedEdit:
            left += 1
        else:
            good.append(mine)
    lines = np.concatenate(good) if good else np.empty(0, dtype=object)
    return cut(patch, lines), [f"{left} blocks could not be cut between their buildings"]


def _touching(faces: Faces, streets: NDArray[np.object_], parent: Ints) -> partition.Neighbours:
    first, second, along, length = neighbours(faces.polygons, streets, 2 * ALONG_M)
    return partition.Neighbours(first, second, length, ~along, parent[first] != parent[second])


def _part_by_water(
    faces: Faces,
    households: Ints,
    edges: partition.Neighbours,
    areas: NDArray[np.object_],
    minimum: int,
) -> partition.Neighbours:
    """Banks are as good as streets for a boundary, and no grid reaches over wide water."""
    water = wide_water(areas)
    if water.is_empty:
        return edges
    _, _, wet, _ = neighbours(faces.polygons, np.array([water], dtype=object), 2 * ALONG_M)
    edges = replace(edges, off_street=edges.off_street & ~wet)
    return bar_water(faces.polygons, households, edges, wet, water, minimum)
