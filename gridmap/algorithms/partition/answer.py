"""The plan that was found, with its figures and the reasons for what it misses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gridmap.algorithms.partition.problem import Atoms, Fixed, SizeRange

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Miss:
    """A grid outside the range, and why."""

    grid: int
    households: int
    reason: str


@dataclass(frozen=True)
class GridFigures:
    """One entry per grid, in the order of `grid`.

    Parameters
    ----------
    grid
        Numbers of the grids, ascending.
    deviation
        Households over the mean of all grids, minus 1.
    compactness
        4π·area / perimeter² (Polsby and Popper).
    encloses
        Inner rings: the grid has another one, or a hole of the ground, inside.
    """

    grid: Ints
    atoms: Ints
    households: Ints
    deviation: Floats
    area_m2: Floats
    perimeter_m: Floats
    compactness: Floats
    encloses: Ints


@dataclass(frozen=True)
class Plan:
    """A plan: the grid of each atom, its figures, and how it was found.

    Parameters
    ----------
    grid
        Per atom; numbers from 1 in reading order (west to east in rows from north to south), except
        those of locked grids, which keep theirs.
    broken
        Numbers of grids that do not hang together. Empty, unless complete grids were given so.
    off_street_m, boundary_m
        Length of the boundaries between grids that are not along streets, and of all.
    least, most
        Bounds of the number of grids, by counting.
    steps, in_time
        Proposals made; whether the schedule ended before the time did. If so, the same seed gives
        the same plan again.
    notes
        What a reader has to know beside the figures.
    """

    grid: Ints
    size: SizeRange
    figures: GridFigures
    misses: tuple[Miss, ...]
    broken: tuple[int, ...]
    off_street_m: float
    boundary_m: float
    least: int
    most: int
    steps: int
    in_time: bool
    notes: tuple[str, ...] = ()

    def totals(self) -> dict[str, Any]:
        """The figures of the plan as a whole, ready for JSON."""
        figures = self.figures
        return {
            "grids": len(figures.grid),
            "grids_possible": [self.least, self.most],
            "households": int(figures.households.sum()),
            "households_least": int(figures.households.min()),
            "households_mean": round(float(figures.households.mean()), 2),
            "households_most": int(figures.households.max()),
            "in_range": len(figures.grid) - len(self.misses),
            "not_contiguous": len(self.broken),
            "enclosing": int((figures.encloses > 0).sum()),
            "compactness_mean": round(float(figures.compactness.mean()), 4),
            "compactness_median": round(float(np.median(figures.compactness)), 4),
            "compactness_least": round(float(figures.compactness.min()), 4),
            "boundary_m": round(self.boundary_m, 1),
            "off_street_m": round(self.off_street_m, 1),
        }


def measure_grids(atoms: Atoms, grid: Ints) -> GridFigures:
    """Sum up the grids of a plan."""
    numbers, at = np.unique(grid, return_inverse=True)
    at = at.reshape(-1)
    count = len(numbers)
    edges = atoms.neighbours
    inside = at[edges.first] == at[edges.second]
    holder = at[edges.first][inside]
    households = np.bincount(at, atoms.households, minlength=count)
    area = np.bincount(at, atoms.area_m2, minlength=count).astype(np.float64)
    perimeter = np.bincount(at, atoms.perimeter_m, minlength=count).astype(np.float64)
    perimeter -= 2 * np.bincount(holder, edges.length[inside], minlength=count)
    encloses = np.zeros(count, dtype=np.int64)
    if atoms.outlines is not None:
        outlines = atoms.outlines
        pair = edges.first[inside] * np.int64(len(atoms)) + edges.second[inside]
        arcs = outlines.arcs[np.searchsorted(outlines.pair, pair)]
        seen = np.unique(np.column_stack((at[outlines.atom], outlines.corner)), axis=0)[:, 0]
        faces = np.bincount(at, 1 - outlines.holes, minlength=count)
        corners = np.bincount(at[outlines.atom], minlength=count)
        corners -= np.bincount(seen, minlength=count)
        euler = faces + np.bincount(holder, arcs, minlength=count) - corners
        encloses = np.maximum(0, 1 - euler).astype(np.int64)
    mean = max(float(households.mean()), 1e-9)
    return GridFigures(
        grid=numbers,
        atoms=np.bincount(at, minlength=count).astype(np.int64),
        households=households.astype(np.int64),
        deviation=households / mean - 1,
        area_m2=area,
        perimeter_m=perimeter,
        compactness=4 * np.pi * area / perimeter**2,
        encloses=encloses,
    )


def explain_misses(
    atoms: Atoms,
    grid: Ints,
    figures: GridFigures,
    size: SizeRange,
    fixed: Fixed,
    piece_reasons: dict[int, str],
) -> tuple[Miss, ...]:
    """Say why each grid outside the range is there.

    Parameters
    ----------
    piece_reasons
        By atom: why the piece of ground that it lies in has no plan in the range.
    """
    misses = []
    outside = (figures.households < size.minimum) | (figures.households > size.maximum)
    for number, total in zip(
        figures.grid[outside].tolist(), figures.households[outside].tolist(), strict=True
    ):
        members = np.flatnonzero(grid == number)
        largest = int(atoms.households[members].max())
        locked = int(atoms.households[members][fixed.grid[members] == number].sum())
        if number in fixed.complete:
            reason = "it is locked as it is"
        elif largest > size.maximum:
            reason = f"one atom has {largest} households alone; split it between buildings"
        elif locked > size.maximum:
            reason = f"the atoms locked to it have {locked} households"
        elif int(members[0]) in piece_reasons:
            reason = piece_reasons[int(members[0])]
        else:
            reason = "no cut in the range was found here"
        misses.append(Miss(number, total, reason))
    return tuple(misses)
