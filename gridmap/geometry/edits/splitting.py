"""One grid becomes several: along a line, along streets, or into parts of equal weight."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from gridmap.geometry.adjacency import sums_by
from gridmap.geometry.edits.balancing import cut_evenly
from gridmap.geometry.edits.cutting import Faces, change_of, cut, pieces_in, without_slips
from gridmap.geometry.edits.lines import ALONG_M, prepare_cuts, prepare_line
from gridmap.geometry.edits.parcels import parcel_lines
from gridmap.geometry.edits.patch import (
    NEW,
    SMALLEST_PIECE_M2,
    Change,
    Ints,
    Patch,
    Polygons,
    RefusedEdit,
)

MOST_PARTS = 60
UNEVEN = 0.1  # parts that differ more from their mean than this are cut again between buildings


def split(patch: Patch, line: Any, grid: int) -> Change:
    """Split a grid along a drawn line; the largest piece keeps its number.

    Raises
    ------
    RefusedEdit
        The line crosses itself or leaves the grid in one piece.
    """
    region = patch.owners == grid
    faces = cut(patch, prepare_line(line, patch, region))
    pieces = pieces_in(faces, patch.owners[faces.origin] == grid)
    if len(pieces) < 2:
        raise RefusedEdit(
            "The line does not split the grid", place=line, hint="Draw it from edge to edge."
        )
    return _parted(patch, faces, grid, pieces, place=line)


def split_along_streets(patch: Patch, streets: Polygons, grid: int) -> Change:
    """Split a grid along streets, each piece between them a grid of its own.

    Parameters
    ----------
    streets
        Lines in metres. Where one is an edge of atoms already, nothing is cut.

    Raises
    ------
    RefusedEdit
        No street passes through the grid, or they leave more than `MOST_PARTS` pieces.
    """
    region = patch.owners == grid
    faces = cut(patch, prepare_cuts(streets, patch, region), barriers=streets, width_m=2 * ALONG_M)
    pieces = pieces_in(faces, patch.owners[faces.origin] == grid)
    middle = shapely.point_on_surface(patch.atoms[np.argmax(region)])
    if len(pieces) < 2:
        raise RefusedEdit(
            "No street passes through the grid", place=middle, hint="Draw a line, or choose parts."
        )
    if len(pieces) > MOST_PARTS:
        raise RefusedEdit(
            f"The streets leave {len(pieces)} pieces, more than {MOST_PARTS}",
            place=middle,
            hint="Choose single streets, or a number of parts.",
        )
    return _parted(patch, faces, grid, pieces, place=middle)


def split_evenly(
    patch: Patch, grid: int, parts: int, buildings: Polygons, households: Ints
) -> Change:
    """Split a grid into contiguous parts with about as many households each.

    Atoms stay whole where that is even enough; otherwise they are cut between buildings, never
    through one. Without households parts have about the same area.

    Parameters
    ----------
    buildings, households
        Areas of buildings in and around the grid, and how many live in each.

    Raises
    ------
    RefusedEdit
        The grid cannot be cut into so many contiguous parts.
    """
    region = patch.owners == grid
    faces = cut(patch, np.empty(0, dtype=object))
    labels = _even(faces, region, parts, buildings, households)
    if labels is None:
        lines = parcel_lines(patch.atoms[region], buildings)
        lines = prepare_cuts(lines, patch, region) if len(lines) else lines
        faces = cut(patch, lines)
        region = patch.owners[faces.origin] == grid
        labels = _even(faces, region, parts, buildings, households, uneven=np.inf)
    if labels is None:
        raise RefusedEdit(
            f"The grid cannot be cut into {parts} contiguous parts",
            place=shapely.point_on_surface(faces.polygons[np.argmax(region)]),
            hint="Ask for fewer parts, or draw a line.",
        )
    numbers = np.flatnonzero(region)
    return _parted(patch, faces, grid, [numbers[labels == part] for part in range(parts)])


def _even(
    faces: Faces,
    region: Any,
    parts: int,
    buildings: Polygons,
    households: Ints,
    *,
    uneven: float = UNEVEN,
) -> Ints | None:
    """Parts of a region's faces, or None where they cannot be had, or only unevenly."""
    numbers = np.flatnonzero(region)
    if len(numbers) < parts:
        return None
    weight = np.zeros(len(numbers))
    if len(buildings):
        tree = shapely.STRtree(faces.polygons[numbers])
        building, face = tree.query(shapely.point_on_surface(buildings), predicate="intersects")
        building, once = np.unique(building, return_index=True)
        living = np.asarray(households, dtype=float)[building]
        weight = sums_by(face[once], living, len(numbers))
    if weight.sum() == 0:
        weight = shapely.area(faces.polygons[numbers])
    at = np.full(len(faces.polygons), -1)
    at[numbers] = np.arange(len(numbers))
    inside = (at[faces.first] >= 0) & (at[faces.second] >= 0)
    labels = cut_evenly(
        shapely.get_coordinates(shapely.centroid(faces.polygons[numbers])),
        weight,
        at[faces.first[inside]],
        at[faces.second[inside]],
        faces.length[inside],
        parts,
    )
    if labels is None:
        return None
    held = np.bincount(labels, weight, minlength=parts)
    return labels if np.abs(held / held.mean() - 1).max() <= uneven else None


def _parted(
    patch: Patch, faces: Faces, grid: int, pieces: list[Ints], *, place: Any = None
) -> Change:
    """The largest piece keeps the grid's number, every other one gets a new one."""
    owner = patch.owners[faces.origin]
    area = shapely.area(faces.polygons)
    after = owner.copy()
    for number, piece in enumerate(sorted(pieces, key=lambda piece: -float(area[piece].sum()))):
        after[piece] = grid if number == 0 else NEW - (number - 1)
    after = without_slips(faces, owner, after)
    if np.array_equal(after, owner):
        raise RefusedEdit(f"Every piece is smaller than {SMALLEST_PIECE_M2:.0f} m²", place=place)
    return change_of(patch, faces, after)
