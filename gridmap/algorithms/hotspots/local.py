"""Where: local statistics that say which cells are hot, each with a test and its correction.

Three tests are there, and every answer names the one it used:

* **exact** – the conditional permutation distribution itself (`gridmap.algorithms.hotspots.exact`).
  For whole counts and neighbours of equal weight; the default there.
* **permutation** – a seeded sample of it, for real-valued counts or weights. With 999 permutations
  no p-value is below 0.001, which a correction for thousands of cells cannot pass: `smallest_p`
  and `can_discover` say so.
* **normal** – z compared with the normal curve, as ArcGIS does. Quick and wrong in the tails: a few
  large counts are called hot spots although nothing is clustered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from gridmap.algorithms.hotspots import exact, kernels
from gridmap.algorithms.hotspots.arrays import Flags, Floats, Integers, as_values, refuse
from gridmap.algorithms.hotspots.fdr import benjamini_hochberg, confidence_classes, two_sided
from gridmap.algorithms.hotspots.weights import Neighbours

Test = Literal["auto", "exact", "permutation", "normal"]


@dataclass(frozen=True)
class LocalResult:
    """A local statistic of n cells and what its test says. Arrays have the shape (n,).

    Parameters
    ----------
    value
        The statistic: Σ w y / Σ y for Gi and Gi*, I for local Moran.
    expected
        Its expectation under the null hypothesis.
    z
        (value - expected) / standard deviation; NaN where that is 0 or there is no neighbour.
    p_high, p_low
        Chances of a value at least as large, at least as small; NaN without neighbours.
    p
        Two-sided: twice the smaller tail.
    q
        p after Benjamini and Hochberg over all cells tested.
    direction
        +1 where q ≤ level and the value is high, -1 where it is low, 0 elsewhere.
    test
        The test in words, for a legend.
    level
        The false discovery rate.
    tests
        Number of cells tested.
    smallest_p
        Smallest two-sided p-value that the test can give.
    """

    value: Floats
    expected: Floats
    z: Floats
    p_high: Floats
    p_low: Floats
    p: Floats
    q: Floats
    direction: npt.NDArray[np.int8]
    test: str
    level: float
    tests: int
    smallest_p: float

    @property
    def can_discover(self) -> bool:
        """Say whether one single cell could pass the correction at all."""
        return self.smallest_p * self.tests <= self.level

    def classes(self, levels: tuple[float, ...] = (0.10, 0.05, 0.01)) -> npt.NDArray[np.int8]:
        """Classes -3 … +3: 90, 95, 99 % confident after correction, cold or hot."""
        return confidence_classes(self.p_high, self.p_low, levels=levels)


@dataclass(frozen=True)
class MoranResult(LocalResult):
    """Local Moran's I; `direction` is +1 for like among like, -1 for an outlier.

    Parameters
    ----------
    quadrant
        1 high among high, 2 low among high, 3 low among low, 4 high among low; whatever its p.
    """

    quadrant: npt.NDArray[np.int8]


def getis_ord(
    values: npt.ArrayLike,
    neighbours: Neighbours,
    *,
    star: bool = True,
    test: Test = "auto",
    permutations: int = 999,
    seed: int | None = None,
    level: float = 0.05,
) -> LocalResult:
    """Getis and Ord's Gi* (or Gi): more around a cell than chance would put there.

    With W = Σ_j w_ij and S = Σ_j w_ij², mean ȳ and standard deviation s of all values
    (for Gi: of the others, n one smaller)::

        z_i = (Σ_j w_ij y_j - W ȳ) / (s · sqrt((n S - W²) / (n - 1)))

    Gi* counts the cell itself among its neighbours, with the mean weight of its row. The exact and
    the permutation test hold the cell's own value fixed and shuffle the others, so that their
    p-values are the same for Gi and Gi*. A handful of cells with a hundred times the usual count
    take power from these tests, because chance could put them anywhere; cap them (`numpy.minimum`)
    where one address stands behind such a count.

    Parameters
    ----------
    values
        Count (or another quantity ≥ 0, or any number) of each cell, shape (n,).
    neighbours
        Neighbour lists of the n cells.
    star
        Gi* if true, Gi otherwise.
    test
        `auto` takes the exact test where there is one and permutations elsewhere.
    permutations, seed
        Of the permutation test; the seed is needed there.
    level
        False discovery rate.

    Raises
    ------
    InvalidInput
        An exact test was asked for that does not exist, or a seed is missing.
    Unavailable
        Permutations need numba (`pip install gridmap[analysis]`).

    Notes
    -----
    Getis and Ord (1992), Geographical Analysis 24, 189-206; Ord and Getis (1995), same, 27,
    286-306, equation 14.

    Examples
    --------
    >>> import numpy as np
    >>> from gridmap.algorithms import hotspots
    >>> line = hotspots.neighbours_from_pairs(6, [0, 1, 1, 2, 2, 3, 3, 4, 4, 5],
    ...                                          [1, 0, 2, 1, 3, 2, 4, 3, 5, 4])
    >>> hotspots.getis_ord([9, 8, 1, 0, 0, 1], line).p_high.round(3)
    array([0.2, 0.2, 0.7, 1. , 1. , 1. ])
    """
    y = as_values(values, "values", size=len(neighbours))
    if not y.size:
        return LocalResult(**_nothing(level))
    degrees = neighbours.degrees
    n = y.size
    around = neighbours.sums(y)
    weight, squares = neighbours.weight_sums()
    with np.errstate(divide="ignore", invalid="ignore"):
        if star:
            own = np.where(degrees > 0, weight / degrees, 1.0)
            around, weight, squares = around + own * y, weight + own, squares + own**2
            size, mean, spread = np.full(n, float(n)), np.full(n, y.mean()), np.full(n, y.var())
            total = np.full(n, y.sum())
        else:
            size = np.full(n, n - 1.0)
            total = y.sum() - y
            mean = total / size
            # Σ(y_j - ȳ_i)² of the others from that of all: no difference of large squares.
            spread = np.maximum(((y - y.mean()) ** 2).sum() - (y - y.mean()) * (y - mean), 0) / size
        # A variance of nothing but rounding is 0.
        spread = np.where(spread > 1e-14 * (y.mean() ** 2 + y.var()), spread, 0.0)
        variance = spread * (size * squares - weight**2) / (size - 1)
        z = (around - weight * mean) / np.sqrt(variance)
        value, expected = around / total, weight / size
    z = np.where((degrees > 0) & (variance > 0), z, np.nan)
    tails = _tails(y, neighbours, z, test, permutations, seed)
    return _result(value, expected, z, tails, level)


def local_moran(
    values: npt.ArrayLike,
    neighbours: Neighbours,
    *,
    test: Test = "auto",
    permutations: int = 999,
    seed: int | None = None,
    level: float = 0.05,
) -> MoranResult:
    """Local Moran's I: cells that are like their neighbours (clusters) or unlike them (outliers).

    With d = y - ȳ and m = Σ d² / n::

        I_i = d_i / m · Σ_j w_ij d_j

    so that Σ_i I_i = Σ_ij w_ij · I (esda divides by n - 1 and is smaller by (n - 1) / n).
    Expectation and variance are conditional on d_i::

        E = -d_i² W / ((n - 1) m)
        Var = (d_i / m)² · n / (n - 2) · (S - W² / (n - 1)) · (m - d_i² / (n - 1))

    Parameters
    ----------
    values
        One number for each cell, shape (n,).
    neighbours
        Neighbour lists, often `row_standardised`.
    test, permutations, seed, level
        As in `getis_ord`; exact for whole counts whose neighbours weigh the same within a row.

    Notes
    -----
    Anselin (1995), Geographical Analysis 27, 93-115; moments by Sokal, Oden and Thomson (1998),
    same, 30, 331-354.
    """
    y = as_values(values, "values", size=len(neighbours))
    if not y.size:
        return MoranResult(**_nothing(level), quadrant=np.empty(0, np.int8))
    n = y.size
    away = y - y.mean()
    moment = float((away**2).mean())
    weight, squares = neighbours.weight_sums()
    lag = neighbours.sums(away)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = away / moment * lag
        expected = -(away**2) * weight / ((n - 1) * moment)
        variance = (
            (away / moment) ** 2
            * (np.float64(n) / (n - 2))
            * (squares - weight**2 / (n - 1))
            * (moment - away**2 / (n - 1))
        )
        z = (value - expected) / np.sqrt(variance)
    z = np.where((neighbours.degrees > 0) & (variance > 0), z, np.nan)
    # I grows with the sum of the neighbours where d > 0 and falls with it where d < 0.
    sign = np.sign(away)
    high, low, words, smallest = _tails(
        y, neighbours, np.where(sign < 0, -z, z), test, permutations, seed
    )
    high, low = np.where(sign < 0, low, high), np.where(sign < 0, high, low)
    for tail in (high, low):
        tail[(sign == 0) & ~np.isnan(tail)] = 1.0
    made = _result(value, expected, z, (high, low, words, smallest), level)
    quadrant = np.where(away > 0, np.where(lag > 0, 1, 4), np.where(lag > 0, 2, 3))
    return MoranResult(**vars(made), quadrant=quadrant.astype(np.int8))


def _nothing(level: float) -> dict[str, Any]:
    """What is said of no cell at all."""
    made: dict[str, Any] = {
        name: np.empty(0) for name in ("value", "expected", "z", "p_high", "p_low", "p", "q")
    }
    return made | {
        "direction": np.empty(0, np.int8),
        "test": "no cell was tested",
        "level": level,
        "tests": 0,
        "smallest_p": 0.0,
    }


_Tails = tuple[Floats, Floats, str, float]


def _result(value: Floats, expected: Floats, z: Floats, tails: _Tails, level: float) -> LocalResult:
    high, low, words, smallest = tails
    p = two_sided(high, low)
    found = benjamini_hochberg(p, level=level)
    direction = np.where(found.q <= level, np.where(high <= low, 1, -1), 0).astype(np.int8)
    return LocalResult(
        value, expected, z, high, low, p, found.q, direction, words, level, found.tests, smallest
    )


def _tails(
    y: Floats,
    neighbours: Neighbours,
    z: Floats,
    test: Test,
    permutations: int,
    seed: int | None,
) -> _Tails:
    """Tails of the neighbours' weighted sum, and the test in words."""
    if test == "normal":
        from scipy.special import ndtr  # noqa: PLC0415

        return ndtr(-z), ndtr(z), "normal approximation", 0.0
    counts, why_not = _whole_counts(y, neighbours)
    if counts is not None and test != "permutation":
        degrees = neighbours.degrees
        todo = exact.plan(counts, degrees)
        if test == "exact" or todo.feasible:
            sums = Neighbours(neighbours.starts, neighbours.members).sums(counts)
            high, low = exact.neighbour_sum_tails(counts, degrees, sums, todo=todo)
            return high, low, "exact conditional permutation test", 0.0
    elif test == "exact":
        raise refuse(
            "There is no exact test for these values and weights.",
            field="test",
            reason=why_not,
            hint="Use test='permutation' with a seed.",
        )
    high, low = permutation_tails(y, neighbours, permutations=permutations, seed=seed)
    words = f"{permutations} conditional permutations (seed {seed})"
    return high, low, words, 2 / (permutations + 1)


def _whole_counts(y: Floats, neighbours: Neighbours) -> tuple[Integers | None, str]:
    counts = y.astype(np.int64)
    if (counts != y).any() or counts.min(initial=0) < 0:
        return None, "values are not whole numbers of at least 0"
    if not _equal_weights(neighbours).all():
        return None, "weights differ within a row"
    return counts, ""


def _equal_weights(neighbours: Neighbours) -> Flags:
    """Say for each row whether all its weights are the same positive number."""
    weights = neighbours.weights
    if weights is None:
        return np.ones(1, np.bool_)
    first = weights[np.minimum(neighbours.starts[:-1], max(weights.size - 1, 0))]
    same: Flags = (weights == first[neighbours.rows()]) & (weights > 0)
    return same


def permutation_tails(
    values: npt.ArrayLike,
    neighbours: Neighbours,
    *,
    permutations: int = 999,
    seed: int | None,
) -> tuple[Floats, Floats]:
    """Tails of Σ_j w_ij y_j by seeded conditional permutation, (hits + 1) / (permutations + 1).

    One set of samples serves all cells (each leaves itself out), so that memory does not grow with
    cells × permutations.

    Parameters
    ----------
    values
        One number for each cell, shape (n,).
    neighbours
        Neighbour lists with any weights.
    permutations
        Number of samples.
    seed
        Seed of the generator; the same seed gives the same answer.

    Returns
    -------
    tuple
        Upper and lower tail; NaN where there is no neighbour.
    """
    if seed is None:
        raise refuse(
            "A test by permutations needs a seed.",
            field="seed",
            reason="the same question must give the same answer",
            hint="Give any whole number, and keep it with the answer.",
        )
    y = as_values(values, "values", size=len(neighbours))
    degrees = neighbours.degrees
    most = int(degrees.max(initial=0))
    if not most:
        return np.full(y.size, np.nan), np.full(y.size, np.nan)
    rng = np.random.default_rng(seed)
    samples = np.empty((permutations, most), np.int64)
    for row in samples:
        row[:] = rng.choice(y.size - 1, most, replace=False)
    weights = np.ones(neighbours.members.size) if neighbours.weights is None else neighbours.weights
    high, low = kernels.load("permutation").count_extremes(
        y, neighbours.starts, weights, neighbours.sums(y), samples
    )
    shares = [(hits + 1.0) / (permutations + 1) for hits in (high, low)]
    for share in shares:
        share[degrees == 0] = np.nan
    return shares[0], shares[1]
