"""Counts: points in cells, and the sparse cube of cell × step × category × severity.

One product feeds every method: a `Cube` is a short table of the combinations that occur with their
counts. Cubes of parts of an archive add up (`merge_cubes` is associative and exact), so that
counting can be spread over machines and the answer is the same to the last digit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gridmap.algorithms.hotspots.arrays import Flags, Floats, Integers, as_values, refuse
from gridmap.geometry import cells

_DENSE = 1 << 26  # slots of a table that is counted directly, 512 MB


@dataclass(frozen=True)
class Cube:
    """Counts of the combinations that occur, ordered by cell, step, category and severity.

    Parameters
    ----------
    cell
        Number (or key) of the cell.
    step
        Number of the time step, 0 first.
    category, severity
        Codes, 0 where they are not told apart.
    count
        Number of incidents, at least 1.
    """

    cell: Integers
    step: Integers
    category: Integers
    severity: Integers
    count: Integers

    def __len__(self) -> int:
        """Count the combinations."""
        return self.count.size

    @property
    def total(self) -> int:
        """Number of incidents."""
        return int(self.count.sum())

    def where(self, chosen: Flags) -> Cube:
        """Only the chosen rows, such as one category."""
        return Cube(*(column[chosen] for column in _columns(self)))


def count_in_cells(
    tessellation: cells.Tessellation,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    weights: npt.ArrayLike | None = None,
) -> Integers | Floats:
    """Count points in each cell, shape (`tessellation.count`,); points outside are left out.

    Parameters
    ----------
    tessellation
        The cells.
    x, y
        Coordinates in metres.
    weights
        One weight a point; then sums of weights (float) instead of counts.
    """
    at = cells.assign(tessellation, x, y)
    # The slot 0 takes what is outside: one pass fewer than selecting.
    at += 1
    if weights is None:
        return np.bincount(at, minlength=tessellation.count + 1)[1:]
    given = as_values(weights, "weights", size=at.size)
    return np.bincount(at, given, minlength=tessellation.count + 1)[1:]


def build_cube(
    cell: npt.ArrayLike,
    step: npt.ArrayLike,
    *,
    category: npt.ArrayLike | None = None,
    severity: npt.ArrayLike | None = None,
) -> Cube:
    """Count incidents by cell, step, category and severity.

    Parameters
    ----------
    cell, step
        Of each incident; those with a negative one (outside the area or the window) are left out.
        Cells are numbers of a tessellation, or any other ids ≥ 0 such as those of grids.
    category, severity
        Codes from 0 to 32,767.
    """
    where = np.asarray(cell).ravel()
    when = np.asarray(step).ravel()
    zeros = np.zeros(1, np.int64)
    what = zeros if category is None else np.asarray(category).ravel()
    how = zeros if severity is None else np.asarray(severity).ravel()
    for field, column in (("step", when), ("category", what), ("severity", how)):
        if column.size != where.size and column is not zeros:
            raise refuse(
                "The columns have different lengths.",
                field=field,
                reason=f"{column.size} values for {where.size} incidents",
                hint="Give one value for each incident.",
            )
    for field, column in (("category", what), ("severity", how)):
        if column.size and (column.min() < 0 or column.max() > 0x7FFF):
            raise refuse(
                "A code is between 0 and 32,767.",
                field=field,
                reason=f"values from {column.min()} to {column.max()}",
                hint="Number the categories from 0.",
            )
    inside = (where >= 0) & (when >= 0)
    if not inside.all():
        where, when = where[inside], when[inside]
        what = what if what is zeros else what[inside]
        how = how if how is zeros else how[inside]
    return _gather(where, when, what, how, None)


def merge_cubes(cubes: Iterable[Cube]) -> Cube:
    """Add cubes: the cube of all their incidents together, in whatever order they come."""
    parts = list(cubes)
    if not parts:
        empty = np.empty(0, np.int64)
        return Cube(empty, empty, empty, empty, empty)
    cell, step, category, severity, count = (
        np.concatenate(column) for column in zip(*map(_columns, parts), strict=True)
    )
    return _gather(cell, step, category, severity, count)


def dense_counts(
    cube: Cube, cell_count: int, step_count: int, *, numbers: npt.ArrayLike | None = None
) -> Integers:
    """Lay a cube out as a table of counts, shape (`cell_count`, `step_count`).

    Categories and severities are added up; choose before with `Cube.where`.

    Parameters
    ----------
    cube
        The counts.
    cell_count, step_count
        Size of the table; rows of the cube outside it are left out.
    numbers
        Cell of each row of the table, ascending; 0 … cell_count - 1 by default.
    """
    row = cube.cell
    if numbers is not None:
        wanted = np.asarray(numbers, np.int64).ravel()
        if wanted.size != cell_count or (np.diff(wanted) <= 0).any():
            raise refuse(
                "numbers are in ascending order, one for each row.",
                field="numbers",
                reason=f"{wanted.size} numbers for {cell_count} rows, or not ascending",
                hint="Sort them.",
            )
        at = np.minimum(np.searchsorted(wanted, row), max(cell_count - 1, 0))
        row = np.where(wanted[at] == row, at, -1) if cell_count else np.full(row.size, -1)
    inside = (row >= 0) & (row < cell_count) & (cube.step < step_count)
    slot = row[inside] * step_count + cube.step[inside]
    # float64 holds whole numbers up to 2^53 exactly.
    flat = np.bincount(slot, cube.count[inside], minlength=cell_count * step_count)
    return flat.astype(np.int64).reshape(cell_count, step_count)


def _columns(cube: Cube) -> tuple[Integers, ...]:
    return cube.cell, cube.step, cube.category, cube.severity, cube.count


def _gather(
    cell: npt.NDArray[np.integer],
    step: npt.NDArray[np.integer],
    category: npt.NDArray[np.integer],
    severity: npt.NDArray[np.integer],
    count: Integers | None,
) -> Cube:
    """Add up rows of the same combination; `count` is None for one each."""
    spans = [int(column.max(initial=-1)) + 1 for column in (step, category, severity)]
    inner = max(spans[0], 1) * max(spans[1], 1) * max(spans[2], 1)
    base = int(cell.min(initial=0)) if cell.size else 0
    slots = (int(cell.max(initial=0)) - base + 1) * inner
    if slots > np.iinfo(np.int64).max:
        # Ids that are too wide to be packed, such as keys of cells: rank them first.
        ids, rank = np.unique(cell, return_inverse=True)
        made = _gather(rank, step, category, severity, count)
        return Cube(ids[made.cell], *_columns(made)[1:])
    packed = cell.astype(np.int64) - base
    for span, column in zip(spans, (step, category, severity), strict=True):
        packed *= max(span, 1)
        packed += column
    if slots <= min(_DENSE, 8 * packed.size):
        table = np.bincount(packed, count, minlength=slots)
        present = np.flatnonzero(table)
        total = table[present].astype(np.int64)
    elif count is None:
        present, total = np.unique(packed, return_counts=True)
    else:
        present, inverse = np.unique(packed, return_inverse=True)
        total = np.bincount(inverse, count, minlength=present.size).astype(np.int64)
    rest, degree = np.divmod(present.astype(np.int64), max(spans[2], 1))
    rest, kind = np.divmod(rest, max(spans[1], 1))
    where, when = np.divmod(rest, max(spans[0], 1))
    return Cube(where + base, when, kind, degree, total)
