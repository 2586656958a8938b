"""Edits that give ground to another grid: mergers, lassos, brushes, blocks, buildings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.errors import InvalidInput
from gridmap.geometry import edits
from gridmap.services.plans.editing import Asked, carry
from gridmap.services.plans.outcome import Outcome
from gridmap.services.plans.settling import adopt
from gridmap.services.plans.work import REACH_DEGREES, EditWork
from gridmap.store import drafts
from gridmap.store import ground as under
from gridmap.store.database import Engine

Ints = NDArray[np.int64]
BLOCK_DEGREES = 0.006  # about 600 m: farther than the ground between four streets reaches


def merge_grids(
    engine: Engine, plan_id: int, *, grids: Sequence[int], into: int, **asked: Unpack[Asked]
) -> Outcome:
    """Merge grids of one level into one of them; their micro-grids stay what they are."""

    def compute(work: EditWork) -> None:
        chosen = [work.grid(number) for number in dict.fromkeys((into, *grids))]
        if len(chosen) < 2:
            raise InvalidInput("Two grids at least are needed for a merger")
        if len({item.level for item in chosen}) > 1:
            raise InvalidInput("Only grids of one level can be merged")
        others = [row.id for row in chosen if row.id != into]
        if chosen[0].lowest:
            ground = work.ground([row.id for row in chosen], chosen[0].level)
            change = edits.merge(ground.patch, np.array(others), into)
            adopt(work, ground, change, [into, *others])
        else:
            work.rehome({key: into for key, row in work.grids.items() if row.parent_id in others})
            work.remove(others)

    return carry(engine, plan_id, "merge", compute, asked)


def transfer_area(
    engine: Engine, plan_id: int, *, to: int, lasso: Any, **asked: Unpack[Asked]
) -> Outcome:
    """Give every atom whose middle lies in a lasso (degrees) to a grid."""

    def choose(polygons: NDArray[np.object_]) -> NDArray[np.bool_]:
        return np.asarray(shapely.intersects(shapely.point_on_surface(polygons), lasso))

    def compute(work: EditWork) -> None:
        atoms = drafts.read_atoms(work.connection, work.draft.id, [], lasso, REACH_DEGREES)
        if not len(atoms.ids):
            raise _nothing()
        _give(work, to, atoms.ids[choose(atoms.polygons)])

    return carry(engine, plan_id, "transfer", compute, asked)


def paint(
    engine: Engine,
    plan_id: int,
    *,
    to: int,
    line: Any,
    width_m: float = 0.0,
    blocks: bool = False,
    **asked: Unpack[Asked],
) -> Outcome:
    """Give to a grid what a brush has passed over: every atom, or every block, that it touched.

    Parameters
    ----------
    line
        The way of the brush, in degrees.
    width_m
        How wide the brush is.
    """

    def compute(work: EditWork) -> None:
        reach = BLOCK_DEGREES if blocks else REACH_DEGREES + width_m / 50_000
        atoms = drafts.read_atoms(work.connection, work.draft.id, [], line, reach)
        if not len(atoms.ids):
            raise _nothing()
        brush = shapely.buffer(work.crs.project(line), max(width_m / 2, 0.05))
        faces = work.crs.receive(atoms.polygons)
        touched = np.flatnonzero(shapely.intersects(faces, brush))
        if blocks:
            touched = _blocks(work, atoms, line, touched)
        _give(work, to, atoms.ids[touched])

    return carry(engine, plan_id, "paint", compute, asked)


def transfer_block(
    engine: Engine, plan_id: int, *, to: int, point: Any, **asked: Unpack[Asked]
) -> Outcome:
    """Give the block that a point (degrees) lies in, the ground between streets, to a grid."""

    def compute(work: EditWork) -> None:
        atoms = drafts.read_atoms(work.connection, work.draft.id, [], point, BLOCK_DEGREES)
        found = np.flatnonzero(shapely.intersects(atoms.polygons, point))
        if not len(found):
            raise InvalidInput("Nothing of the plan lies there", hint="Choose a point inside.")
        _give(work, to, atoms.ids[_blocks(work, atoms, point, found[:1])])

    return carry(engine, plan_id, "transfer", compute, asked)


def transfer_building(
    engine: Engine, plan_id: int, *, to: int, building: int, **asked: Unpack[Asked]
) -> Outcome:
    """Give a building with the ground around it, halfway to the next ones, to a grid."""

    def compute(work: EditWork) -> None:
        target = work.grid(to)
        outline = under.read_building(work.connection, building)
        others = under.read_buildings(work.connection, outline, 10 * REACH_DEGREES)
        nearby = work.around(outline, target.level)
        grids = [int(item) for item in np.unique(nearby.patch.owners) if item != to]
        ground = work.ground([to, *grids], target.level, outline)
        shape = work.crs.project(outline)
        beside = work.crs.project(others.polygons[others.ids != building])
        change = work.in_metres(lambda: edits.transfer_building(ground.patch, shape, beside, to))
        adopt(work, ground, change, [to, *grids])

    return carry(engine, plan_id, "transfer", compute, asked)


def transfer_grid(
    engine: Engine, plan_id: int, *, to: int, grid: int, **asked: Unpack[Asked]
) -> Outcome:
    """Give a whole grid to another one of the level above, for example a micro-grid to a grid."""

    def compute(work: EditWork) -> None:
        child, target = work.grid(grid), work.grid(to)
        above = None if child.parent_id is None else work.grids[child.parent_id].level
        if target.level != above:
            raise InvalidInput(
                "A grid goes to one of the level above", hint="Merge grids of one level."
            )
        work.rehome({grid: to})

    return carry(engine, plan_id, "transfer", compute, asked)


def _nothing() -> InvalidInput:
    return InvalidInput(
        "The lasso holds no block that could change hands",
        hint="Draw it around the middle of at least one block.",
    )


def _give(work: EditWork, to: int, ids: Ints) -> None:
    """Give whole atoms to a grid, micro-grids settled."""
    target = work.grid(to)
    links = drafts.read_owners(work.connection, work.draft.id, ids.tolist())
    owners = work.owners(np.array(list(links.values()), dtype=np.int64), target.level)
    givers = [int(number) for number in np.unique(owners) if number != to]
    if not givers:
        raise _nothing()
    ground = work.ground([to, *givers], target.level)
    chosen = np.flatnonzero(np.isin(ground.atoms.ids, ids) & (ground.patch.owners != to))
    adopt(work, ground, edits.transfer(ground.patch, chosen, to), [to, *givers])


def _blocks(work: EditWork, atoms: drafts.Atoms, near: Any, touched: Ints) -> Ints:
    """The blocks of some atoms, as indices."""
    streets = work.crs.project(under.read_streets(work.connection, near, BLOCK_DEGREES))
    patch = edits.Patch(
        work.crs.receive(atoms.polygons), np.zeros(len(atoms.ids), dtype=np.int64), None
    )
    found: set[int] = set()
    for at in touched.tolist():
        if at not in found:
            found |= set(edits.block_of(patch, streets, at).tolist())
    return np.array(sorted(found), dtype=np.int64)
