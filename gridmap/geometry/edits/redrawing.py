"""A drawn line becomes the boundary between two grids."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import shapely

from gridmap.geometry.edits.cutting import change_of, connected, cut, pieces_in, without_slips
from gridmap.geometry.edits.lines import prepare_line
from gridmap.geometry.edits.patch import Change, Patch, RefusedEdit


def redraw_boundary(patch: Patch, line: Any, one: int, other: int) -> Change:
    """Make a drawn line the boundary between two neighbouring grids.

    What the line cuts off from one of them and what lies on the other's side goes to the other. A
    line may replace the whole boundary, or a part of it that both its ends lie on; it may cross the
    old boundary as often as it likes.

    Parameters
    ----------
    patch
        With all atoms of both grids.
    line
        LineString in metres.
    one, other
        The two grids.

    Raises
    ------
    RefusedEdit
        The line crosses itself, ends inside a grid, separates nothing, or would leave one of the
        grids in two pieces.
    """
    region = np.isin(patch.owners, (one, other))
    if not np.all(np.isin((one, other), patch.owners)):
        raise RefusedEdit("One of the two grids has no area")
    drawn = prepare_line(line, patch, region)
    faces = cut(patch, drawn)
    owner = patch.owners[faces.origin]
    pieces = [pieces_in(faces, owner == grid) for grid in (one, other)]
    if len(pieces[0]) < 2 and len(pieces[1]) < 2:
        raise RefusedEdit(
            "The line separates nothing from either grid",
            place=line,
            hint="Draw it from edge to edge, or with both ends on the boundary between the grids.",
        )
    area = shapely.area(faces.polygons)
    sizes = [[float(area[piece].sum()) for piece in of_grid] for of_grid in pieces]
    # A grid with an exclave may keep it; none is torn.
    everywhere = np.ones(len(faces.first), dtype=bool)
    pieces_before = {
        grid: len(connected(faces, owner == grid, everywhere)) for grid in (one, other)
    }
    choices = sorted(
        product(range(len(pieces[0])), range(len(pieces[1]))),
        key=lambda kept: -(sizes[0][kept[0]] + sizes[1][kept[1]]),
    )
    for kept in choices:
        after = owner.copy()
        for grid, to, of_grid, stays in (
            (one, other, pieces[0], kept[0]),
            (other, one, pieces[1], kept[1]),
        ):
            for number, piece in enumerate(of_grid):
                after[piece] = grid if number == stays else to
        after = without_slips(faces, owner, after)
        if np.array_equal(after, owner):
            continue
        if all(
            len(connected(faces, after == grid, everywhere)) <= pieces_before[grid]
            for grid in (one, other)
        ):
            return change_of(patch, faces, after)
    raise RefusedEdit(
        "The line would leave one of the grids in two pieces",
        place=line,
        hint="Draw along one side of the old boundary, or move the pieces one by one.",
    )
