"""Two plans laid over each other: what of each grid of one lies in which grid of the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gridmap.geometry.crs import LocalCRS
from gridmap.geometry.lineage import Shares, common_area, shares
from gridmap.store import drafts, lineage
from gridmap.store.database import Connection
from gridmap.store.drafts import GridRow

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Overlay:
    """Two plans on each other, by their lowest grids; every level above adds these up.

    Parameters
    ----------
    grids
        The grids of each plan by id.
    area
        Lowest grid of the first plan, of the second one, and square metres of the metric plane
        that they have in common.
    old_of, new_of, households, residents
        For each building that both plans hold: its lowest grid in each, and its counts.
    """

    grids: tuple[dict[int, GridRow], dict[int, GridRow]]
    area: tuple[Ints, Ints, Floats]
    old_of: Ints
    new_of: Ints
    households: Ints
    residents: Ints

    def levels(self) -> list[int]:
        """The levels that both plans have."""
        one, other = ({row.level for row in side.values()} for side in self.grids)
        return sorted(one & other)

    def at(self, old_level: int, new_level: int) -> Shares:
        """What grids of a level of the first plan share with those of a level of the second."""
        above = ancestors(self.grids[0], old_level), ancestors(self.grids[1], new_level)
        pairs = np.column_stack((_mapped(above[0], self.area[0]), _mapped(above[1], self.area[1])))
        known = np.all(pairs >= 0, axis=1)
        unique, number = np.unique(pairs[known], axis=0, return_inverse=True)
        total = np.bincount(number.reshape(-1), self.area[2][known], minlength=len(unique))
        old, new = _mapped(above[0], self.old_of), _mapped(above[1], self.new_of)
        housed = (old >= 0) & (new >= 0)
        return shares(
            (unique[:, 0], unique[:, 1], total.astype(np.float64)),
            old[housed],
            new[housed],
            self.households[housed],
            self.residents[housed],
        )


def lay_over(connection: Connection, old: int, new: int, crs: LocalCRS) -> Overlay:
    """Lay two plans over each other; atoms that they share say it without a computation.

    Households and residents are counted by the building that has them, so their sums are those of
    the plans; a building that one of the plans does not hold counts in neither.
    """
    links = [lineage.read_links(connection, plan) for plan in (old, new)]
    atoms = [crs.receive(polygons) for _, _, polygons in links]
    housed = [lineage.read_buildings(connection, plan) for plan in (old, new)]
    common = sorted(housed[0].keys() & housed[1].keys())
    counts = np.array([housed[1][number][1:] for number in common], dtype=np.int64).reshape(-1, 2)
    old_of, new_of = (
        np.array([side[number][0] for number in common], dtype=np.int64) for side in housed
    )
    return Overlay(
        (drafts.read_grids(connection, old), drafts.read_grids(connection, new)),
        common_area(atoms[0], links[0][0], links[0][1], atoms[1], links[1][0], links[1][1]),
        old_of,
        new_of,
        counts[:, 0],
        counts[:, 1],
    )


def inherit(connection: Connection, old: int, new: int, crs: LocalCRS) -> Shares:
    """What became of each grid of one plan in another, at every level that both have."""
    overlay = lay_over(connection, old, new, crs)
    parts = [overlay.at(level, level) for level in overlay.levels()]
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


def _mapped(table: dict[int, int], keys: Ints) -> Ints:
    """The ancestor of each lowest grid; -1 where a branch of the tree has none of the level."""
    return np.array([table.get(int(key), -1) for key in keys], dtype=np.int64)
