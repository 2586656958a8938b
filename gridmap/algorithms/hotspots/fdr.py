"""Many tests at once: the false discovery rate.

With 10,000 cells and a level of 5 % some 500 are "significant" by chance alone. Benjamini and
Hochberg's procedure bounds the expected share of false ones among those that are named instead.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gridmap.algorithms.hotspots.arrays import Floats, as_share, as_values, refuse, same_shape

CONFIDENCE_LEVELS = (0.10, 0.05, 0.01)


@dataclass(frozen=True)
class Discoveries:
    """What a table of tests amounts to.

    Parameters
    ----------
    q
        Adjusted p-value of each test: the smallest false discovery rate at which it is named.
        NaN where no test was made.
    threshold
        Largest p that is named at `level`; 0 where nothing is.
    found
        Number of tests that are named.
    tests
        Number of tests that were made.
    level
        Bound on the expected share of false ones among the named.
    """

    q: Floats
    threshold: float
    found: int
    tests: int
    level: float


def benjamini_hochberg(p: npt.ArrayLike, *, level: float = 0.05) -> Discoveries:
    """Control the false discovery rate of a family of tests.

    q_(i) = min over j ≥ i of p_(j) · m / j, with p_(1) ≤ … ≤ p_(m); named are those with
    q ≤ `level`. Valid for independent and for positively dependent tests, as neighbouring cells
    are. NaN marks places without a test (a cell without neighbours); they are not counted.

    Parameters
    ----------
    p
        p-values, 0 to 1, or NaN.
    level
        False discovery rate.

    Notes
    -----
    Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B 57, 289-300.
    """
    given = np.asarray(p, np.float64).ravel()
    made = ~np.isnan(given)
    tested = given[made]
    _check(tested)
    tests = tested.size
    q = np.full(given.size, np.nan)
    if tests:
        # Exact tests on counts have few different p-values: one step for each of them.
        order = np.argsort(tested)
        ranked = tested[order] * (tests / np.arange(1, tests + 1))
        adjusted = np.empty(tests)
        adjusted[order] = np.minimum(np.minimum.accumulate(ranked[::-1])[::-1], 1.0)
        q[made] = adjusted
    named = q <= as_share(level, "level")
    found = int(np.count_nonzero(named))
    return Discoveries(q, float(given[named].max()) if found else 0.0, found, tests, level)


def discovery_threshold(
    p: npt.ArrayLike,
    *,
    level: float = 0.05,
    tests: int | None = None,
    repeats: npt.ArrayLike | None = None,
) -> float:
    """Largest p-value that Benjamini and Hochberg name at `level`; 0 where they name none.

    The same answer as `benjamini_hochberg` without the q-values, for millions of tests: only
    p-values up to `level` can be named, so only those are sorted.

    Parameters
    ----------
    p
        p-values; those above `level` may be left out if `tests` says how many there were.
    level
        False discovery rate.
    tests
        Number of tests; by default the number of values that are not NaN.
    repeats
        How many tests gave each p-value; 1 by default.
    """
    given = np.asarray(p, np.float64).ravel()
    times = np.ones(given.size, np.int64) if repeats is None else np.asarray(repeats, np.int64)
    made = int(times[~np.isnan(given)].sum()) if tests is None else tests
    chosen = np.flatnonzero(given <= as_share(level, "level"))
    small = given[chosen]
    _check(small)
    if repeats is None:
        small.sort()
        ranks = np.arange(1, small.size + 1)
    else:
        order = np.argsort(small)
        small, ranks = small[order], np.cumsum(times[chosen][order])
    passing = np.flatnonzero(small <= level / max(made, 1) * ranks)
    return float(small[passing[-1]]) if passing.size else 0.0


def two_sided(p_high: npt.ArrayLike, p_low: npt.ArrayLike) -> Floats:
    """p-value of a test in both directions: twice the smaller tail, at most 1."""
    high, low = same_shape(p_high, p_low, field="p_low")
    folded: Floats = np.minimum(2 * np.minimum(high, low), 1.0)
    return folded


def confidence_classes(
    p_high: npt.ArrayLike,
    p_low: npt.ArrayLike,
    *,
    levels: tuple[float, ...] = CONFIDENCE_LEVELS,
) -> npt.NDArray[np.int8]:
    """Classes of hot and cold after correction: 0 for none, ±1 for the weakest level, and so on.

    With the levels as they stand +3 is "99 % confident, hot", -1 is "90 % confident, cold": the
    classes of ArcGIS's hot spot analysis, always with the false discovery rate.

    Parameters
    ----------
    p_high, p_low
        p-values of the two tails, shape (n,).
    levels
        False discovery rates, from the weakest to the strongest.
    """
    high, low = as_probabilities(p_high, "p_high"), as_probabilities(p_low, "p_low")
    q = benjamini_hochberg(two_sided(high, low), level=levels[0]).q
    strength = np.zeros(q.size, np.int8)
    for level in levels:
        strength += q <= level
    return np.where(high <= low, strength, -strength).astype(np.int8)


def as_probabilities(p: npt.ArrayLike, field: str) -> Floats:
    """p-values with NaN where there is no test."""
    given = np.asarray(p, np.float64).ravel()
    _check(given[~np.isnan(given)], field)
    return given


def _check(p: Floats, field: str = "p") -> None:
    if p.size and (p.min() < 0 or p.max() > 1):
        as_values(p, field)
        raise refuse(
            "A p-value is between 0 and 1.",
            field=field,
            reason=f"values from {p.min():g} to {p.max():g}",
            hint="Give probabilities, not scores.",
        )
