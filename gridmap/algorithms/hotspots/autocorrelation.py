"""Is anything clustered at all? One number for the whole map: Moran's I and General G."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from gridmap.algorithms.hotspots.arrays import Floats, as_values, refuse
from gridmap.algorithms.hotspots.fdr import two_sided
from gridmap.algorithms.hotspots.weights import Neighbours

Assumption = Literal["normality", "randomisation"]
_FEWEST = 4  # places: the fourth moment divides by (n - 1)(n - 2)(n - 3)


@dataclass(frozen=True)
class GlobalResult:
    """A statistic of the whole map.

    Parameters
    ----------
    value
        The statistic.
    expected, variance
        Its moments under the null hypothesis.
    z
        (value - expected) / sqrt(variance).
    p_high, p_low, p
        Upper, lower and two-sided p-value.
    test
        The test in words.
    """

    value: float
    expected: float
    variance: float
    z: float
    p_high: float
    p_low: float
    p: float
    test: str


@dataclass(frozen=True)
class _WeightSums:
    """S0 = Σ w; S1 = ½ Σ (w_ij + w_ji)²; S2 = Σ_i (Σ_j w_ij + Σ_j w_ji)²."""

    s0: float
    s1: float
    s2: float


def moran(
    values: npt.ArrayLike,
    neighbours: Neighbours,
    *,
    assumption: Assumption = "normality",
    permutations: int = 0,
    seed: int | None = None,
) -> GlobalResult:
    """Moran's I: do like values stand beside each other.

    With d = y - ȳ::

        I = n / S0 · Σ_ij w_ij d_i d_j / Σ_i d_i²,  E[I] = -1 / (n - 1)

    Parameters
    ----------
    values
        One number for each place, shape (n,), not all the same.
    neighbours
        Neighbour lists, often `row_standardised`.
    assumption
        Variance under normal values, or under random relabelling of the values that are there.
    permutations, seed
        With more than 0, p-values are those of that many random relabellings.

    Notes
    -----
    Cliff and Ord (1981), Spatial Processes, chapter 2.
    """
    y = as_values(values, "values", size=len(neighbours))
    if y.size < _FEWEST:
        raise _nothing_to_say(f"fewer than {_FEWEST} places")
    away = y - y.mean()
    n, squares = y.size, float((away**2).sum())
    if squares == 0 or neighbours.members.size == 0:
        raise _nothing_to_say("all values are the same, or nobody has a neighbour")
    sums = _weight_sums(neighbours)
    s0, s1, s2 = sums.s0, sums.s1, sums.s2
    expected = -1 / (n - 1)
    if assumption == "normality":
        variance = (n**2 * s1 - n * s2 + 3 * s0**2) / ((n**2 - 1) * s0**2) - expected**2
    else:
        peak = n * float((away**4).sum()) / squares**2
        variance = (
            n * ((n**2 - 3 * n + 3) * s1 - n * s2 + 3 * s0**2)
            - peak * ((n**2 - n) * s1 - 2 * n * s2 + 6 * s0**2)
        ) / ((n - 1) * (n - 2) * (n - 3) * s0**2) - expected**2

    def statistic(relabelled: Floats) -> float:
        return n / s0 * float(relabelled @ neighbours.sums(relabelled)) / squares

    return _judge(statistic, away, expected, variance, assumption, permutations, seed)


def general_g(
    values: npt.ArrayLike,
    neighbours: Neighbours,
    *,
    permutations: int = 0,
    seed: int | None = None,
) -> GlobalResult:
    """Getis and Ord's General G: do high values (high z) or low values (low z) stand together.

    ::

        G = Σ_ij w_ij y_i y_j / Σ_{i≠j} y_i y_j,  E[G] = S0 / (n (n - 1))

    Parameters
    ----------
    values
        Positive numbers or counts, shape (n,).
    neighbours
        Neighbour lists with weights 0/1 (binary), not row-standardised.
    permutations, seed
        As in `moran`.

    Notes
    -----
    Getis and Ord (1992), Geographical Analysis 24, 189-206; variance under randomisation.
    """
    y = as_values(values, "values", size=len(neighbours))
    n = y.size
    m1, m2, m3, m4 = (float((y**power).sum()) for power in (1, 2, 3, 4))
    products = m1**2 - m2
    if n < _FEWEST or products <= 0 or (y < 0).any() or neighbours.members.size == 0:
        raise _nothing_to_say("values are not positive, or nobody has a neighbour")
    sums = _weight_sums(neighbours)
    s0, s1, s2 = sums.s0, sums.s1, sums.s2
    expected = s0 / (n * (n - 1))
    second_moment = (
        ((n**2 - 3 * n + 3) * s1 - n * s2 + 3 * s0**2) * m2**2
        - ((n**2 - n) * s1 - 2 * n * s2 + 6 * s0**2) * m4
        - (2 * n * s1 - (n + 3) * s2 + 6 * s0**2) * m1**2 * m2
        + (4 * (n - 1) * s1 - 2 * (n + 1) * s2 + 8 * s0**2) * m1 * m3
        + (s1 - s2 + s0**2) * m1**4
    ) / (products**2 * n * (n - 1) * (n - 2) * (n - 3))

    def statistic(relabelled: Floats) -> float:
        return float(relabelled @ neighbours.sums(relabelled)) / products

    variance = second_moment - expected**2
    return _judge(statistic, y, expected, variance, "randomisation", permutations, seed)


def _weight_sums(neighbours: Neighbours) -> _WeightSums:
    n = len(neighbours)
    rows, members = neighbours.rows(), neighbours.members
    weights = np.ones(members.size) if neighbours.weights is None else neighbours.weights
    # Where the pair (j, i) stands for each pair (i, j); both lists are sorted by row and member.
    there, wanted = rows * n + members, members * n + rows
    at = np.minimum(np.searchsorted(there, wanted), there.size - 1)
    back = np.where(there[at] == wanted, weights[at], 0.0)
    across = np.bincount(rows, weights, n) + np.bincount(members, weights, n)
    return _WeightSums(
        float(weights.sum()),
        float((weights**2).sum() + (weights * back).sum()),
        float((across**2).sum()),
    )


def _judge(
    statistic: Callable[[Floats], float],
    values: Floats,
    expected: float,
    variance: float,
    assumption: str,
    permutations: int,
    seed: int | None,
) -> GlobalResult:
    from scipy.special import ndtr  # noqa: PLC0415

    seen = statistic(values)
    z = (seen - expected) / variance**0.5
    high, low, words = float(ndtr(-z)), float(ndtr(z)), f"normal approximation under {assumption}"
    if permutations:
        if seed is None:
            raise refuse(
                "A test by permutations needs a seed.",
                field="seed",
                reason="the same question must give the same answer",
                hint="Give any whole number, and keep it with the answer.",
            )
        rng = np.random.default_rng(seed)
        drawn = np.array([statistic(rng.permutation(values)) for _ in range(permutations)])
        slack = 1e-12 * abs(seen)
        high = (np.count_nonzero(drawn >= seen - slack) + 1) / (permutations + 1)
        low = (np.count_nonzero(drawn <= seen + slack) + 1) / (permutations + 1)
        words = f"{permutations} permutations (seed {seed})"
    p = float(two_sided(high, low))
    return GlobalResult(seen, expected, variance, z, high, low, p, words)


def _nothing_to_say(reason: str) -> Exception:
    return refuse(
        "There is nothing to compare.",
        field="values",
        reason=reason,
        hint="Give different values and neighbours.",
    )
