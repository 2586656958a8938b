"""The times of a scan: steps, and the intervals that are made of them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gridmap.algorithms.hotspots.arrays import Floats, Integers, as_counts, refuse


def running_sums(table: npt.NDArray[np.int64] | Floats) -> Floats:
    """Sums of the steps before each border of steps, shape (sites, steps + 1)."""
    sums = np.zeros((table.shape[0], table.shape[1] + 1))
    np.cumsum(table, axis=1, out=sums[:, 1:])
    return sums


def as_steps(cases: npt.ArrayLike, field: str) -> Integers:
    """Cases of sites (rows) and steps (columns), whole numbers."""
    given = np.asarray(cases)
    if given.ndim != 2 or not given.size:
        raise refuse(
            "Cases are a table with one row for each site and one column for each step.",
            field=field,
            reason=f"shape {given.shape}",
            hint="Use dense_counts to lay a cube out.",
        )
    return as_counts(given, field).reshape(given.shape)


def check_intervals(
    steps: int, shortest: int, longest: int | None, *, alive: bool
) -> tuple[int, int, bool]:
    """Shortest and longest interval in steps, and whether it must reach the last one."""
    limit = max(steps // 2, 1) if longest is None else longest
    if not 1 <= shortest <= limit <= steps:
        raise refuse(
            "An interval has at least one step and at most all.",
            field="longest_steps",
            reason=f"from {shortest} to {limit} of {steps} steps",
            hint="Give shortest_steps ≤ longest_steps ≤ steps.",
        )
    return shortest, limit, alive
