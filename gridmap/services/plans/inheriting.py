"""What became of each grid of one plan in another, at every level that both have."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gridmap.geometry.crs import LocalCRS
from gridmap.geometry.lineage import Shares, common_area, shares
from gridmap.store import drafts, lineage
from gridmap.store.database import Connection
from gridmap.store.drafts import GridRow

Ints = NDArray[np.int64]


def inherit(connection: Connection, old: int, new: int, crs: LocalCRS) -> Shares:
    """Lay two plans over each other; their atoms say it without a tolerance.

    Households and residents are counted by the building that has them, so their sums are those of
    the plans; a building that one of the plans does not hold counts in neither.
    """
    links = [lineage.read_links(connection, plan) for plan in (old, new)]
    atoms = [crs.receive(polygons) for _, _, polygons in links]
    housed = [lineage.read_buildings(connection, plan) for plan in (old, new)]
    common = sorted(housed[0].keys() & housed[1].keys())
    counts = np.array([housed[1][number][1:] for number in common], dtype=np.int64).reshape(-1, 2)
    grids = [drafts.read_grids(connection, plan) for plan in (old, new)]
    levels = {row.level for row in grids[0].values()} & {row.level for row in grids[1].values()}
    leaves = common_area(atoms[0], links[0][0], links[0][1], atoms[1], links[1][0], links[1][1])
    parts = []
    for level in sorted(levels):
        above = [ancestors(of, level) for of in grids]
        # The lowest grids were laid over each other once; every level above adds their pairs up.
        area = _risen(leaves, above[0], above[1])
        old_of, new_of = (
            _mapped(above[side], np.array([housed[side][n][0] for n in common], dtype=np.int64))
            for side in (0, 1)
        )
        known = (old_of >= 0) & (new_of >= 0)
        parts.append(shares(area, old_of[known], new_of[known], counts[known, 0], counts[known, 1]))
    return Shares(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("old", "new", "households", "residents", "area_m2")
        )
    )


def ancestors(grids: dict[int, GridRow], level: int) -> dict[int, int]:
    """For each lowest grid the grid of a level that it lies in, where there is one."""
    found = {}
    for leaf, row in grids.items():
        if row.lowest:
            at: GridRow | None = row
            while at is not None and at.level != level:
                at = grids[at.parent_id] if at.parent_id is not None else None
            if at is not None:
                found[leaf] = at.id
    return found


def _risen(
    leaves: tuple[Ints, Ints, NDArray[np.float64]], old: dict[int, int], new: dict[int, int]
) -> tuple[Ints, Ints, NDArray[np.float64]]:
    pairs = np.column_stack((_mapped(old, leaves[0]), _mapped(new, leaves[1])))
    known = np.all(pairs >= 0, axis=1)
    unique, number = np.unique(pairs[known], axis=0, return_inverse=True)
    total = np.bincount(number.reshape(-1), leaves[2][known], minlength=len(unique))
    return unique[:, 0], unique[:, 1], total.astype(np.float64)


def _mapped(table: dict[int, int], keys: Ints) -> Ints:
    """The ancestor of each lowest grid; -1 where a branch of the tree has none of the level."""
    return np.array([table.get(int(key), -1) for key in keys], dtype=np.int64)
