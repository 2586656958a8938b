"""What an import of grids leaves open: land of nobody gets grids that say so."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import shapely

from gridmap.geometry.claims import NOBODY, Settlement
from gridmap.services.transfer.grid_levels import UNASSIGNED, GridRow, Tree
from gridmap.services.transfer.report import Repair


def fill_tree(tree: Tree, settlement: Settlement) -> Settlement:
    """Drop grids without land from the tree, and put what is nobody's under an unassigned grid.

    Parameters
    ----------
    tree
        Changed in place.
    settlement
        With atoms; owners count the lowest grids of the tree.

    Returns
    -------
    The settlement with owners that count the lowest grids of the changed tree, none of them
    `NOBODY`.
    """
    level = max(tree.levels)
    used = np.unique(settlement.owners[settlement.owners != NOBODY])
    kept = [tree.levels[level][i] for i in used.tolist()]
    owners = np.searchsorted(used, settlement.owners)
    open_ = settlement.owners == NOBODY
    owners[open_] = len(kept)
    tree.levels[level] = kept
    _drop_childless(tree)
    if open_.any():
        _add_unassigned(tree)
    return replace(settlement, owners=owners.astype(np.int64))


def _drop_childless(tree: Tree) -> None:
    levels = sorted(tree.levels, reverse=True)
    for below, level in pairwise(levels):
        parents = {id(grid.up) for grid in tree.levels[below]}
        tree.levels[level] = [grid for grid in tree.levels[level] if id(grid) in parents]


def _add_unassigned(tree: Tree) -> None:
    """One at each level from below, until there is a level with a single grid to hold it."""
    child: GridRow | None = None
    for level in sorted(tree.levels, reverse=True):
        grids = tree.levels[level]
        if child is not None and len(grids) == 1:
            child.up = grids[0]
            return
        name, name_en = UNASSIGNED
        made = GridRow(None, level, None, name, name_en=name_en, kind="unassigned")
        if child is not None:
            child.up = made
        grids.append(made)
        child = made


def join_rows(rows: list[GridRow], layer: str) -> tuple[list[GridRow], list[Repair]]:
    """Put rows of one level and code together, and give codes where other rows have one.

    Exclaves often stand in rows of their own, with the code of their area.
    """
    repairs: list[Repair] = []
    first: dict[tuple[int, str], GridRow] = {}
    joined: list[GridRow] = []
    some_have = any(row.code for row in rows)
    for row in rows:
        if row.code is None and some_have:
            row.code = f"X{row.row:03d}"
            repairs.append(Repair(layer, row.row or 0, f"had no code; it is {row.code} now"))
        same = first.setdefault((row.level, row.code), row) if row.code else row
        if same is row:
            joined.append(row)
            continue
        same.area = shapely.union_all([same.area, row.area])
        said = f"has the code {row.code} of row {same.row}: both are one grid"
        repairs.append(Repair(layer, row.row or 0, said, given_to=row.code))
    return joined, repairs


def drop_faulty(tree: Tree) -> None:
    """Leave rows with a fault out of the tree, and what would belong to them."""
    for level in sorted(tree.levels):
        tree.levels[level] = [
            grid
            for grid in tree.levels[level]
            if (grid.row is None or grid.row not in tree.faults) and not _is_lost(grid.up, tree)
        ]
    tree.levels = {level: grids for level, grids in tree.levels.items() if grids}


def _is_lost(parent: GridRow | None, tree: Tree) -> bool:
    return parent is not None and all(parent is not grid for grid in tree.levels[parent.level])
