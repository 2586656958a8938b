"""Edits that draw boundaries: by a line, along streets, into even parts, at a corner, around."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Unpack

import numpy as np
import shapely

from gridmap.errors import InvalidInput
from gridmap.geometry import edits
from gridmap.services.plans.editing import Asked, carry
from gridmap.services.plans.outcome import Outcome
from gridmap.services.plans.settling import adopt
from gridmap.services.plans.work import REACH_DEGREES, EditWork, Ground
from gridmap.store import ground as under
from gridmap.store.database import Engine

MOST_PARTS = 30


def redraw_boundary(
    engine: Engine,
    plan_id: int,
    *,
    one: int,
    other: int,
    line: Any,
    along_streets: bool = False,
    **asked: Unpack[Asked],
) -> Outcome:
    """Make a drawn line (degrees) the boundary between two grids of one level.

    With `along_streets` the line is laid onto the streets that it runs along.

    Raises
    ------
    RefusedEdit
        With the reason and the place in degrees.
    Conflict
        The draft was changed after `revision`, or a grid is locked.
    """

    def compute(work: EditWork) -> None:
        level = _level_of(work, [one, other], "A boundary lies between two grids of one level")
        ground = work.ground([one, other], level, line)
        drawn = _drawn(work, ground, line, along_streets=along_streets)
        _cut(work, ground, [one, other], lambda: edits.redraw_boundary(
            ground.patch, drawn, one, other
        ))  # fmt: skip

    return carry(engine, plan_id, "redraw", compute, asked)


def split_grid(
    engine: Engine,
    plan_id: int,
    *,
    grid: int,
    line: Any,
    along_streets: bool = False,
    **asked: Unpack[Asked],
) -> Outcome:
    """Split a grid along a drawn line (degrees); the largest piece keeps its code."""

    def compute(work: EditWork) -> None:
        ground = work.ground([grid], work.grid(grid).level, line)
        drawn = _drawn(work, ground, line, along_streets=along_streets)
        _cut(work, ground, [grid], lambda: edits.split(ground.patch, drawn, grid))

    return carry(engine, plan_id, "split", compute, asked)


def split_grid_by_streets(
    engine: Engine, plan_id: int, *, grid: int, **asked: Unpack[Asked]
) -> Outcome:
    """Split a grid along the streets that pass through it, each block a grid of its own."""

    def compute(work: EditWork) -> None:
        row, box = work.grid(grid), _box(work, grid)
        ground = work.ground([grid], row.level, box)
        streets = work.crs.project(under.read_streets(work.connection, box))
        _cut(work, ground, [grid], lambda: edits.split_along_streets(ground.patch, streets, grid))

    return carry(engine, plan_id, "split", compute, asked)


def split_grid_evenly(
    engine: Engine, plan_id: int, *, grid: int, parts: int, **asked: Unpack[Asked]
) -> Outcome:
    """Split a grid into contiguous parts with about as many households each.

    Atoms stay whole where that is even enough, and no building is ever cut.
    """
    if not 2 <= parts <= MOST_PARTS:
        raise InvalidInput(f"A grid is split into 2 to {MOST_PARTS} parts")

    def compute(work: EditWork) -> None:
        row, box = work.grid(grid), _box(work, grid)
        ground = work.ground([grid], row.level, box)
        found = under.read_buildings(work.connection, box)
        outlines = work.crs.project(found.polygons)
        _cut(work, ground, [grid], lambda: edits.split_evenly(
            ground.patch, grid, parts, outlines, found.households
        ))  # fmt: skip

    return carry(engine, plan_id, "split", compute, asked)


def move_node(
    engine: Engine, plan_id: int, *, level: int, node: Any, to: Any, **asked: Unpack[Asked]
) -> Outcome:
    """Move a point (degrees) where three grids of a level or more meet."""

    def compute(work: EditWork) -> None:
        reach = shapely.LineString([node, to])
        ground = work.around(reach, level)
        _cut(work, ground, _owners(ground), lambda: edits.move_node(
            ground.patch, work.crs.project(node), work.crs.project(to)
        ))  # fmt: skip

    return carry(engine, plan_id, "node", compute, asked)


def cut_out_special(
    engine: Engine,
    plan_id: int,
    *,
    level: int,
    name: str,
    area: Any | None = None,
    land_use: int | None = None,
    building: int | None = None,
    **asked: Unpack[Asked],
) -> Outcome:
    """Make a special grid – a school, a hospital, a park – out of the ground of others.

    Parameters
    ----------
    area, land_use, building
        One of them: a polygon in degrees, or the id of an area of land use or of a building, whose
        outline is then taken.
    """
    if [area, land_use, building].count(None) != 2:
        raise InvalidInput("A special grid is one area, one land use or one building")

    def compute(work: EditWork) -> None:
        wanted = area
        if land_use is not None:
            wanted = under.read_land_use(work.connection, land_use)
        elif building is not None:
            wanted = under.read_building(work.connection, building)
        ground = work.around(wanted, level)
        outline = work.crs.project(wanted)
        change = work.in_metres(lambda: edits.cut_out(ground.patch, outline))
        moved = np.concatenate((
            ground.patch.owners[change.added_from[change.added_owner == edits.NEW]],
            ground.patch.owners[change.moved],
        ))  # fmt: skip
        grids, times = np.unique(moved, return_counts=True)
        chosen = [int(item) for item in grids[np.argsort(-times, kind="stable")]]
        adopt(work, ground, change, chosen, kind="special", name=name, name_en=None)

    return carry(engine, plan_id, "special", compute, asked)


def _level_of(work: EditWork, grids: list[int], otherwise: str) -> int:
    levels = {work.grid(number).level for number in grids}
    if len(levels) > 1:
        raise InvalidInput(otherwise)
    return levels.pop()


def _cut(
    work: EditWork, ground: Ground, chosen: list[int], operation: Callable[[], edits.Change]
) -> None:
    adopt(work, ground, work.in_metres(operation), chosen)


def _owners(ground: Ground) -> list[int]:
    return [int(item) for item in np.unique(ground.patch.owners)]


def _box(work: EditWork, grid: int) -> Any:
    """The box of a grid, in degrees."""
    ground = work.ground([grid], work.grids[grid].level)
    return shapely.box(*shapely.total_bounds(ground.atoms.polygons))


def _drawn(work: EditWork, ground: Ground, line: Any, *, along_streets: bool) -> Any:
    """A drawn line in metres, on streets where that is wanted."""
    drawn = work.crs.project(line)
    if not along_streets:
        return drawn
    streets = under.read_streets(work.connection, line, REACH_DEGREES)
    edges = shapely.union_all(shapely.boundary(ground.patch.atoms))
    return edits.follow_streets(drawn, work.crs.project(streets), edges)
