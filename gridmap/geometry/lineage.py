"""Which grids of an old plan became which of a new one.

Plans share their atoms, so most of the answer is a lookup: an atom that both plans have lies in one
grid of each. Only atoms that one plan has and the other has not are laid over each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Shares:
    """Pairs of old and new grids and what went from one into the other.

    `households` and `residents` are counts of people whose building lies in both; `area_m2` is the
    common area in the metric plane.
    """

    old: Ints
    new: Ints
    households: Ints
    residents: Ints
    area_m2: Floats

    def __len__(self) -> int:
        """How many pairs there are."""
        return len(self.old)

    def of_old(self) -> Floats:
        """The share of the old grid in each pair: of households, or of area where it has none."""
        households = _sum_by(self.old, self.households.astype(float))
        area = _sum_by(self.old, self.area_m2)
        by_households = self.households / np.maximum(households, 1.0)
        share: Floats = np.where(
            households > 0, by_households, self.area_m2 / np.maximum(area, 1e-9)
        )
        return np.clip(share, 0.0, 1.0)


def _sum_by(keys: Ints, values: Floats) -> Floats:
    """For each row the sum over all rows with its key."""
    _, number = np.unique(keys, return_inverse=True)
    total = np.bincount(number.reshape(-1), values)[number.reshape(-1)]
    return total.astype(np.float64)


def common_area(
    old_atoms: Any, old_ids: Ints, old_grid: Ints, new_atoms: Any, new_ids: Ints, new_grid: Ints
) -> tuple[Ints, Ints, Floats]:
    """Area that each pair of grids has in common.

    Parameters
    ----------
    old_atoms, new_atoms
        Polygons in metres, on the lattice.
    old_ids, new_ids
        Ids of atoms: the same id is the same polygon in both plans.
    old_grid, new_grid
        The grid of each atom.

    Returns
    -------
    Old grid, new grid and common area in square metres, one row a pair, ordered.
    """
    _, in_old, in_new = np.intersect1d(old_ids, new_ids, return_indices=True)
    old_left = np.setdiff1d(np.arange(len(old_ids)), in_old)
    new_left = np.setdiff1d(np.arange(len(new_ids)), in_new)
    pairs = [np.column_stack((old_grid[in_old], new_grid[in_new]))]
    areas = [shapely.area(old_atoms[in_old])]
    if len(old_left) and len(new_left):
        first, second = shapely.STRtree(new_atoms[new_left]).query(
            old_atoms[old_left], predicate="intersects"
        )
        common = shapely.area(
            shapely.intersection(old_atoms[old_left][first], new_atoms[new_left][second])
        )
        real = common > 0
        pairs.append(
            np.column_stack((old_grid[old_left][first[real]], new_grid[new_left][second[real]]))
        )
        areas.append(common[real])
    unique, number = np.unique(np.concatenate(pairs), axis=0, return_inverse=True)
    total = np.bincount(number.reshape(-1), np.concatenate(areas), minlength=len(unique))
    return unique[:, 0], unique[:, 1], total.astype(np.float64)


def shares(
    area: tuple[Ints, Ints, Floats],
    old_of_building: Ints,
    new_of_building: Ints,
    households: Ints,
    residents: Ints,
) -> Shares:
    """Put areas and people together: one row for each pair of grids that has either.

    Parameters
    ----------
    area
        As `common_area` gives it.
    old_of_building, new_of_building
        Grid of each building in the old and in the new plan.
    households, residents
        Counts of each building.
    """
    pairs = np.concatenate(
        (
            np.column_stack(area[:2]),
            np.column_stack((old_of_building, new_of_building)),
        )
    )
    unique, number = np.unique(pairs, axis=0, return_inverse=True)
    number = number.reshape(-1)
    of_area, of_building = number[: len(area[0])], number[len(area[0]) :]
    size = len(unique)
    return Shares(
        unique[:, 0],
        unique[:, 1],
        np.bincount(of_building, households, minlength=size).astype(np.int64),
        np.bincount(of_building, residents, minlength=size).astype(np.int64),
        np.bincount(of_area, area[2], minlength=size).astype(np.float64),
    )
