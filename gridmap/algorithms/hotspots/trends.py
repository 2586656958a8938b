"""Is it getting worse: tests and slopes of series."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gridmap.algorithms.hotspots import kernels
from gridmap.algorithms.hotspots.arrays import Floats, Integers, as_values, refuse
from gridmap.algorithms.hotspots.fdr import two_sided


@dataclass(frozen=True)
class Trends:
    """Mann-Kendall's test of n series; arrays of shape (n,).

    Parameters
    ----------
    score
        S: pairs that rise minus pairs that fall.
    variance
        Of S without a trend, corrected for ties.
    tau
        S / number of pairs, -1 to 1.
    z
        (S ∓ 1) / sqrt(variance), 0 for S = 0.
    p
        Two-sided.
    p_rise, p_fall
        One-sided: small where the series rises, falls.
    """

    score: Integers
    variance: Floats
    tau: Floats
    z: Floats
    p: Floats
    p_rise: Floats
    p_fall: Floats

    def directions(self, level: float = 0.05) -> npt.NDArray[np.int8]:
        """+1 where a rise is significant, -1 where a fall is, 0 elsewhere."""
        return np.where(self.p <= level, np.sign(self.score), 0).astype(np.int8)


@dataclass(frozen=True)
class Slopes:
    """Theil and Sen's line through n series; arrays of shape (n,).

    Parameters
    ----------
    slope
        Median of the slopes of all pairs, per unit of time; NaN with fewer than two values.
    intercept
        Median of value - slope · time.
    """

    slope: Floats
    intercept: Floats


def mann_kendall(series: npt.ArrayLike) -> Trends:
    """Mann-Kendall's test for a monotone trend, with ties.

    ::

        S = Σ_{i<j} sign(y_j - y_i)
        Var = (n (n - 1) (2 n + 5) - Σ t (t - 1) (2 t + 5)) / 18

    with t the sizes of groups of equal values; z has Kendall's continuity correction.

    Parameters
    ----------
    series
        Shape (n, steps), or one series of shape (steps,). NaN is left out of its series.

    Notes
    -----
    Mann (1945), Econometrica 13, 245-259; Kendall (1975), Rank Correlation Methods.

    Examples
    --------
    >>> from gridmap.algorithms import hotspots
    >>> round(float(hotspots.mann_kendall([1, 2, 4, 3, 5, 6]).z[0]), 4)
    2.2544
    """
    from scipy.special import ndtr  # noqa: PLC0415

    table = _as_table(series)
    score, variance, sizes = kernels.load("trends").rank_trends(table)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(variance > 0, (score - np.sign(score)) / np.sqrt(variance), 0.0)
        tau = score / (sizes * (sizes - 1) / 2)
    high, low = ndtr(-z), ndtr(z)
    return Trends(score, variance, tau, z, two_sided(high, low), high, low)


def theil_sen(series: npt.ArrayLike, times: npt.ArrayLike | None = None) -> Slopes:
    """Theil and Sen's slope: a line that a few wild values do not turn.

    Parameters
    ----------
    series
        Shape (n, steps), or one series of shape (steps,). NaN is left out of its series.
    times
        Time of each step, ascending; 0, 1, 2 … by default.

    Notes
    -----
    Sen (1968), Journal of the American Statistical Association 63, 1379-1389.
    """
    table = _as_table(series)
    steps = table.shape[1]
    when = np.arange(float(steps)) if times is None else as_values(times, "times", size=steps)
    if (np.diff(when) <= 0).any():
        raise refuse(
            "Times are ascending.",
            field="times",
            reason="two of them are equal or descending",
            hint="Sort the steps by time.",
        )
    slope, intercept = kernels.load("trends").median_slopes(table, when)
    return Slopes(slope, intercept)


def _as_table(series: npt.ArrayLike) -> Floats:
    table = np.ascontiguousarray(np.atleast_2d(np.asarray(series, np.float64)))
    if table.ndim != 2 or np.isinf(table).any():
        raise refuse(
            "Series are a table of numbers, one row each.",
            field="series",
            reason="more than two dimensions, or infinite values",
            hint="Give an array of the shape (series, steps).",
        )
    return table
