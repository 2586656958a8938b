"""Before against after: one place, or every cell of a map."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gridmap.algorithms.hotspots.arrays import Floats, as_counts, as_positive, as_share, refuse
from gridmap.algorithms.hotspots.fdr import benjamini_hochberg, two_sided


@dataclass(frozen=True)
class BeforeAfter:
    """Two counts compared; see `compare_counts`.

    Parameters
    ----------
    ratio
        Rate after / rate before; inf where nothing was before, NaN where nothing was at all.
    low, high
        Exact confidence interval of the ratio.
    p
        Two-sided p-value of "the rate did not change".
    p_fall, p_rise
        One-sided p-values of "it did not fall", "it did not rise".
    """

    ratio: float
    low: float
    high: float
    p: float
    p_fall: float
    p_rise: float


@dataclass(frozen=True)
class ChangeMap:
    """Two windows compared cell by cell; arrays of shape (n,).

    Parameters
    ----------
    ratio
        Rate after / rate before; inf where nothing was before, NaN where nothing was at all.
    p_fall, p_rise
        One-sided p-values: small where the rate fell, rose.
    p, q
        Two-sided (twice the smaller), and after Benjamini and Hochberg; NaN where nothing was.
    direction
        +1 where a rise is significant at the level, -1 where a fall is, 0 elsewhere.
    level
        The false discovery rate.
    """

    ratio: Floats
    p_fall: Floats
    p_rise: Floats
    p: Floats
    q: Floats
    direction: npt.NDArray[np.int8]
    level: float


def compare_counts(
    before: int,
    after: int,
    *,
    exposure_before: float = 1.0,
    exposure_after: float = 1.0,
    confidence: float = 0.95,
) -> BeforeAfter:
    """Exact conditional test whether a rate changed between two windows.

    Given n = before + after, `after` is binomial(n, π) with π = e₂ / (e₁ + e₂) if the rate is the
    same. Two-sided p: all outcomes that are no more probable than the one seen. The interval of the
    ratio is that of Clopper and Pearson for π, turned into θ = π / (1 - π) · e₁ / e₂.

    Parameters
    ----------
    before, after
        Numbers of incidents.
    exposure_before, exposure_after
        Length of the windows (or length × population), in the same unit.
    confidence
        Of the interval.

    Notes
    -----
    Przyborowski and Wilenski (1940), Biometrika 31, 313-323.
    """
    from scipy.special import bdtr, bdtrc, betaincinv, gammaln, xlog1py, xlogy  # noqa: PLC0415

    if min(before, after) < 0:
        raise refuse(
            "Counts are whole numbers of at least 0.",
            field="before",
            reason=f"{before} and {after}",
            hint="Count incidents.",
        )
    first = as_positive(exposure_before, "exposure_before", "days or person-days")
    second = as_positive(exposure_after, "exposure_after", "days or person-days")
    total, share = before + after, second / (first + second)
    tail = (1 - as_share(confidence, "confidence")) / 2
    outcomes = np.arange(total + 1)
    logs = (
        gammaln(total + 1)
        - gammaln(outcomes + 1)
        - gammaln(total - outcomes + 1)
        + xlogy(outcomes, share)
        + xlog1py(total - outcomes, -share)
    )
    # Outcomes that are as probable up to rounding count as well.
    p = min(float(np.exp(logs[logs <= logs[after] + 1e-9]).sum()), 1.0)
    low = float(betaincinv(after, before + 1, tail)) if after else 0.0
    high = float(betaincinv(after + 1, before, 1 - tail)) if before else 1.0

    def as_ratio(chance: float) -> float:
        return float(np.inf) if chance >= 1 else chance / (1 - chance) * first / second

    seen = after / second / (before / first) if before else float(np.inf if after else np.nan)
    return BeforeAfter(
        seen,
        as_ratio(low),
        as_ratio(high),
        p,
        float(bdtr(after, total, share)),
        float(bdtrc(after - 1, total, share)) if after else 1.0,
    )


def change_map(
    before: npt.ArrayLike,
    after: npt.ArrayLike,
    *,
    exposure_before: float = 1.0,
    exposure_after: float = 1.0,
    relative: bool = False,
    level: float = 0.05,
) -> ChangeMap:
    """Compare two windows cell by cell, with the false discovery rate over all cells.

    Each cell has the conditional binomial test of `compare_counts`. With `relative` the share after
    is that of the whole map instead of the exposures: which cells changed more than the town did.

    Parameters
    ----------
    before, after
        Number of incidents of each cell in either window, shape (n,).
    exposure_before, exposure_after
        Lengths of the windows, in the same unit.
    relative
        Against the change of the whole map.
    level
        False discovery rate.
    """
    from scipy.special import betainc  # noqa: PLC0415

    first = as_counts(before, "before").astype(np.float64)
    second = as_counts(after, "after", size=first.size).astype(np.float64)
    spans = (
        as_positive(exposure_before, "exposure_before", "days"),
        as_positive(exposure_after, "exposure_after", "days"),
    )
    if relative:
        spans = max(float(first.sum()), 1.0), max(float(second.sum()), 1.0)
    share = spans[1] / (spans[0] + spans[1])
    # P(X ≥ k) of a binomial is I_share(k, n - k + 1); P(X ≤ k) is that of the other window.
    rise = np.where(second > 0, betainc(np.maximum(second, 1), first + 1, share), 1.0)
    fall = np.where(first > 0, betainc(np.maximum(first, 1), second + 1, 1 - share), 1.0)
    nothing = first + second == 0
    rise[nothing] = fall[nothing] = np.nan
    p = two_sided(fall, rise)
    q = benjamini_hochberg(p, level=level).q
    direction = np.where(q <= level, np.where(rise <= fall, 1, -1), 0).astype(np.int8)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (second / spans[1]) / (first / spans[0])
    return ChangeMap(ratio, fall, rise, p, q, direction, level)
