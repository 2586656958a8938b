"""The statistic of Kulldorff's scan for a cluster that is given."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gridmap.algorithms.hotspots.arrays import Floats, same_shape


def poisson_likelihood_ratio(
    cases: npt.ArrayLike, expected: npt.ArrayLike, total: npt.ArrayLike
) -> Floats:
    """Log-likelihood ratio of c cases where E were expected, among C of C expected in all.

    c ln(c / E) + (C - c) ln((C - c) / (C - E)) where c > E, else 0.

    Parameters
    ----------
    cases, expected
        Inside.
    total
        All cases; what is expected in all is the same.
    """
    from scipy.special import xlogy  # noqa: PLC0415

    inside, mean, all_cases = same_shape(cases, expected, total, field="expected")
    outside = all_cases - inside
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = xlogy(inside, inside / mean) + xlogy(outside, outside / (all_cases - mean))
    found: Floats = np.where(inside > mean, ratio, 0.0)
    return found


def bernoulli_likelihood_ratio(
    cases: npt.ArrayLike,
    population: npt.ArrayLike,
    all_cases: npt.ArrayLike,
    everyone: npt.ArrayLike,
) -> Floats:
    """Log-likelihood ratio of c cases among n, with C among N in all.

    l(c, n) + l(C - c, N - n) - l(C, N) where c / n > C / N, else 0, with
    l(k, m) = k ln(k / m) + (m - k) ln((m - k) / m).

    Parameters
    ----------
    cases, population
        Inside; the population counts cases and others.
    all_cases, everyone
        In all.
    """
    from scipy.special import xlogy  # noqa: PLC0415

    c, n, total, people = same_shape(cases, population, all_cases, everyone, field="population")

    def split(part: Floats, whole: Floats) -> Floats:
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            made: Floats = xlogy(part, part / whole) + xlogy(whole - part, (whole - part) / whole)
        return made

    ratio = split(c, n) + split(total - c, people - n) - split(total, people)
    found: Floats = np.where(c * people > total * n, ratio, 0.0)
    return found
