"""Areas change hands: whole atoms, a building with its ground, an area that is cut out."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from gridmap.geometry.adjacency import components, shared_edges
from gridmap.geometry.edits.cutting import change_of, connected, cut, without_slips
from gridmap.geometry.edits.lines import prepare_cuts
from gridmap.geometry.edits.parcels import parcel_lines
from gridmap.geometry.edits.patch import (
    NEW,
    SMALLEST_PIECE_M2,
    Change,
    Ints,
    Patch,
    Polygons,
    RefusedEdit,
    handover,
)


def transfer(patch: Patch, chosen: Ints, to: int) -> Change:
    """Give whole atoms to another grid: a block's, or those under a lasso or a brush."""
    after = patch.owners.copy()
    after[np.asarray(chosen, dtype=np.int64)] = to
    return handover(patch, after)


def merge(patch: Patch, grids: Ints, into: int) -> Change:
    """Give everything that some grids have to one of them."""
    return transfer(patch, np.flatnonzero(np.isin(patch.owners, grids)), into)


def transfer_building(patch: Patch, building: Any, others: Polygons, to: int) -> Change:
    """Give a building with the ground around it to a grid that touches that ground.

    The ground ends halfway to the other buildings of its atoms, and at their edges.

    Parameters
    ----------
    building
        Polygon or multipolygon in metres.
    others
        The other buildings around.

    Raises
    ------
    RefusedEdit
        The building lies in no atom, or its ground does not touch the grid that it is to join.
    """
    middle = shapely.point_on_surface(building)
    lot = shapely.intersects(patch.atoms, middle)
    if not lot.any():
        raise RefusedEdit("The building lies outside the plan", place=middle)
    lot |= shapely.area(shapely.intersection(patch.atoms, building)) > SMALLEST_PIECE_M2
    lines = parcel_lines(patch.atoms[lot], np.append(others, building))
    faces = cut(patch, prepare_cuts(lines, patch, lot) if len(lines) else lines)
    owner = patch.owners[faces.origin]
    overlap = shapely.area(shapely.intersection(faces.polygons, building))
    chosen = shapely.intersects(faces.polygons, middle) | (overlap > SMALLEST_PIECE_M2)
    after = np.where(chosen & lot[faces.origin], to, owner)
    if np.array_equal(after, owner):
        raise RefusedEdit("The building belongs to this grid already", place=middle)
    everywhere = np.ones(len(faces.first), dtype=bool)
    if len(connected(faces, after == to, everywhere)) > len(
        connected(faces, owner == to, everywhere)
    ):
        raise RefusedEdit(
            "The building's ground does not touch that grid",
            place=middle,
            hint="Give what lies between them first, or choose another grid.",
        )
    return change_of(patch, faces, after)


def cut_out(patch: Patch, area: Any) -> Change:
    """Cut an area out of the grids that it lies in; it becomes a grid of its own, `NEW`.

    Parameters
    ----------
    area
        Polygon or multipolygon in metres; what of it lies outside of the territory is left out.

    Raises
    ------
    RefusedEdit
        The area is too small or crosses itself, or cuts a grid in two.
    """
    if not area.is_valid:
        raise RefusedEdit("The outline crosses itself", place=area)
    lines = prepare_cuts(shapely.boundary(area), patch, np.ones(len(patch.atoms), dtype=bool))
    faces = cut(patch, lines)
    owner = patch.owners[faces.origin]
    shapely.prepare(area)
    inside = shapely.intersects(area, shapely.point_on_surface(faces.polygons))
    after = without_slips(faces, owner, np.where(inside, NEW, owner))
    if not np.any(after == NEW):
        raise RefusedEdit("The area holds no ground of the plan", place=area)
    everywhere = np.ones(len(faces.first), dtype=bool)
    for grid in np.unique(owner[after == NEW]):
        left = connected(faces, after == grid, everywhere)
        if len(left) > max(1, len(connected(faces, owner == grid, everywhere))):
            smallest = min(left, key=lambda piece: float(shapely.area(faces.polygons[piece]).sum()))
            raise RefusedEdit(
                "The area would cut a grid in two",
                place=shapely.point_on_surface(faces.polygons[smallest[0]]),
                hint="Split that grid first, or draw the area up to its edge.",
            )
    return change_of(patch, faces, after)


def pieces_of(patch: Patch, grid: int) -> list[Ints]:
    """The connected pieces of a grid, as indices of atoms, the largest first."""
    chosen = np.flatnonzero(patch.owners == grid)
    labels = components(shared_edges(patch.atoms[chosen]), np.zeros(len(chosen), dtype=np.int64))
    found = [chosen[labels == label] for label in np.unique(labels)]
    return sorted(found, key=lambda piece: -float(shapely.area(patch.atoms[piece]).sum()))
