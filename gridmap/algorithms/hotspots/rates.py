"""Rates: events against those who could have had them, with few people not taken for a hotspot.

A grid of 3 households with 1 incident has the highest rate of the town by chance. Empirical Bayes
draws each rate towards the mean, the more the fewer people stand behind it. 0 of 0 is "n/a": NaN.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from gridmap.algorithms.hotspots.arrays import Floats, as_counts, as_values, refuse
from gridmap.algorithms.hotspots.weights import Neighbours


@dataclass(frozen=True)
class SmoothedRates:
    """Rates before and after smoothing, events per unit of population; shape (n,).

    Parameters
    ----------
    raw
        events / population, NaN where the population is 0.
    smoothed
        The empirical Bayes estimate.
    mean
        Mean of the prior, towards which rates are drawn (one, or one for each place).
    variance
        Variance of the prior, at least 0.
    """

    raw: Floats
    smoothed: Floats
    mean: Floats
    variance: Floats


@dataclass(frozen=True)
class ProbabilityMap:
    """Counts against a Poisson distribution with the overall rate; shape (n,).

    Parameters
    ----------
    expected
        population · Σ events / Σ population.
    ratio
        events / expected; NaN where nothing is expected.
    p_low, p_high
        P(X ≤ events) and P(X ≥ events).
    """

    expected: Floats
    ratio: Floats
    p_low: Floats
    p_high: Floats


@dataclass(frozen=True)
class RelativeRisks:
    """Gamma-Poisson estimates of relative risk; shape (n,).

    Parameters
    ----------
    mean, median
        Of the posterior distribution of each place's risk.
    shape, rate
        Parameters of the gamma prior, by maximum likelihood; its mean is shape / rate.
    """

    mean: Floats
    median: Floats
    shape: float
    rate: float


def raw_rates(events: npt.ArrayLike, population: npt.ArrayLike) -> Floats:
    """Events / population; NaN ("n/a") where the population is 0.

    Raises
    ------
    InvalidInput
        Events in a place without population, or a negative number.
    """
    count, people = _checked(events, population)
    with np.errstate(invalid="ignore"):
        rates: Floats = count / people
    return rates


def expected_by_strata(events: npt.ArrayLike, population: npt.ArrayLike) -> Floats:
    """Expected events of each place if every stratum (age, kind of household) had one rate.

    E_i = Σ_s n_is · Σ_j O_js / Σ_j n_js: indirect standardisation; ΣE = ΣO.

    Parameters
    ----------
    events, population
        Shape (places, strata).
    """
    count = np.asarray(events, np.float64)
    people = np.asarray(population, np.float64)
    if count.ndim != 2 or count.shape != people.shape:
        raise refuse(
            "Events and population are tables of places and strata.",
            field="population",
            reason=f"shapes {count.shape} and {people.shape}",
            hint="Give one row for each place and one column for each stratum.",
        )
    _checked(count, people)
    by_stratum = people.sum(axis=0)
    with np.errstate(invalid="ignore"):
        rates = np.where(by_stratum > 0, count.sum(axis=0) / by_stratum, 0.0)
    expected: Floats = people @ rates
    return expected


def smooth_rates(events: npt.ArrayLike, population: npt.ArrayLike) -> SmoothedRates:
    """Global empirical Bayes: every rate is drawn towards the overall one.

    With r = O / n, b = ΣO / Σn and n̄ the mean population::

        a = max(Σ n (r - b)² / Σ n - b / n̄, 0)
        smoothed = b + (r - b) · a / (a + b / n)

    Parameters
    ----------
    events
        Number of events O of each place.
    population
        Those at risk, n: people, households, buildings, person-days.

    Notes
    -----
    Marshall (1991), Applied Statistics 40, 283-294; equals spdep's EBest.
    """
    count, people = _checked(events, population)
    raw = raw_rates(count, people)
    mean = count.sum() / people.sum()
    # Places without population carry no information about the spread.
    spread = np.nansum(people * (raw - mean) ** 2) / people.sum()
    variance = max(spread - mean / people[people > 0].mean(), 0.0)
    return _shrunk(raw, people, np.full(raw.size, mean), np.full(raw.size, variance))


def smooth_rates_locally(
    events: npt.ArrayLike,
    population: npt.ArrayLike,
    neighbours: Neighbours,
    *,
    deviations: Literal["each", "centre"] = "each",
) -> SmoothedRates:
    """Local empirical Bayes: every rate is drawn towards that of its own surroundings.

    The formulas of `smooth_rates`, with sums over the place and its neighbours.

    Parameters
    ----------
    events, population
        As in `smooth_rates`.
    neighbours
        Neighbour lists; their weights are not used.
    deviations
        Where the spread is measured from: `each` place's own local mean (spdep), or that of the
        place in the `centre` of the surroundings (GeoDa, spdep with geoda=TRUE).

    Notes
    -----
    Marshall (1991), Applied Statistics 40, 283-294; equals spdep's EBlocal.
    """
    count, people = _checked(events, population)
    if len(neighbours) != count.size:
        as_values(count, "events", size=len(neighbours))
    plain = Neighbours(neighbours.starts, neighbours.members)
    raw = raw_rates(count, people)
    known = np.where(people > 0, raw, 0.0)

    def around(values: Floats) -> Floats:
        total: Floats = values + plain.sums(values)
        return total

    with np.errstate(invalid="ignore", divide="ignore"):
        total = around(people)
        mean = around(count) / total
        if deviations == "each":
            spread = around(np.where(people > 0, people * (known - mean) ** 2, 0.0)) / total
        else:
            # Σ n (r - m)² = Σ n (r - c)² - (m - c)² Σ n, with c near m: small numbers only.
            overall = count.sum() / people.sum()
            spread = around(people * (known - overall) ** 2) / total - (mean - overall) ** 2
        inhabited = around((people > 0).astype(np.float64))
        variance = np.maximum(spread - mean * inhabited / total, 0.0)
    return _shrunk(raw, people, mean, variance)


def _shrunk(raw: Floats, people: Floats, mean: Floats, variance: Floats) -> SmoothedRates:
    with np.errstate(invalid="ignore", divide="ignore"):
        trust = variance / (variance + mean / people)
        smoothed = mean + np.where(variance > 0, trust, 0.0) * np.where(people > 0, raw - mean, 0.0)
    return SmoothedRates(raw, smoothed, mean, variance)


def probability_map(events: npt.ArrayLike, population: npt.ArrayLike) -> ProbabilityMap:
    """Choynowski's map: how probable are so few, or so many, events if all had the same rate.

    expected = n · ΣO / Σn; p_low = P(Poisson(expected) ≤ O), p_high = P(Poisson(expected) ≥ O).

    Parameters
    ----------
    events, population
        As in `smooth_rates`.

    Notes
    -----
    Choynowski (1959), Journal of the American Statistical Association 54, 385-388; equals spdep's
    probmap.
    """
    from scipy.special import pdtr, pdtrc  # noqa: PLC0415

    count, people = _checked(events, population)
    expected = people * (count.sum() / people.sum())
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(expected > 0, count / expected, np.nan)
    p_high = np.where(count > 0, pdtrc(np.maximum(count - 1, 0), expected), 1.0)
    return ProbabilityMap(expected, ratio, pdtr(count, expected), p_high)


def relative_risks(events: npt.ArrayLike, expected: npt.ArrayLike) -> RelativeRisks:
    """Gamma-Poisson empirical Bayes of O against given expectations E (say, from strata).

    O is Poisson with mean E·θ, θ is gamma with a shape α and a rate β that maximise the likelihood
    (negative binomial); the posterior of θ is gamma(α + O, β + E).

    Parameters
    ----------
    events
        Number of events of each place.
    expected
        Expected number of events of each place, positive.

    Notes
    -----
    Clayton and Kaldor (1987), Biometrics 43, 671-681; equals SpatialEpi's eBayes.
    """
    from scipy.optimize import minimize  # noqa: PLC0415
    from scipy.special import digamma, gammaincinv, gammaln  # noqa: PLC0415

    count = as_counts(events, "events").astype(np.float64)
    mean = as_values(expected, "expected", size=count.size)
    if (mean <= 0).any():
        raise refuse(
            "Every place needs something expected.",
            field="expected",
            reason=f"place {int(np.argmin(mean))} expects nothing",
            hint="Leave out places where nothing can happen.",
        )

    def loss(parameters: Floats) -> tuple[float, Floats]:
        """Negative log-likelihood and its gradient at (ln α, ln mean of the prior)."""
        shape, level = np.exp(parameters)
        rate = shape / level
        both = rate + mean
        likelihood = (
            gammaln(shape + count) - gammaln(shape) + shape * np.log(rate) + count * np.log(mean)
        ) - (shape + count) * np.log(both)
        by_shape = digamma(shape + count) - digamma(shape) + np.log(rate / both)
        by_rate = shape / rate - (shape + count) / both
        gradient = [
            (by_shape * shape + by_rate * rate).sum(),
            -(by_rate * rate).sum(),
        ]
        return -float(likelihood.sum()), -np.array(gradient)

    if not count.sum():
        raise refuse(
            "Somewhere an event must have happened.",
            field="events",
            reason="all are 0, or there is no place",
            hint="Take a longer window.",
        )
    overall = count.sum() / mean.sum()
    spread = max(float(((count / mean) / overall).var()), 1e-3)
    # The shape is bounded: with no more spread than Poisson's the best prior is a single point.
    found = minimize(
        loss,
        np.log([1 / spread, max(overall, 1e-9)]),
        jac=True,
        method="L-BFGS-B",
        bounds=[(-12, 20), (None, None)],
        options={"ftol": 1e-15, "gtol": 1e-10, "maxiter": 1000},
    )
    shape, level = (float(value) for value in np.exp(found.x))
    rate = shape / level
    posterior = rate + mean
    return RelativeRisks(
        (shape + count) / posterior, gammaincinv(shape + count, 0.5) / posterior, shape, rate
    )


def _checked(events: npt.ArrayLike, population: npt.ArrayLike) -> tuple[Floats, Floats]:
    count = as_counts(events, "events").astype(np.float64)
    people = as_values(population, "population", size=count.size)
    if (people < 0).any() or not people.sum() > 0:
        raise refuse(
            "The population is 0 or more, and somewhere more than 0.",
            field="population",
            reason="negative, or nobody at all",
            hint="Choose a denominator that is known for this area.",
        )
    if (count[people == 0] > 0).any():
        raise refuse(
            "There are events where nobody could have had them.",
            field="population",
            reason=f"place {int(np.flatnonzero((people == 0) & (count > 0))[0])} has no population",
            hint="Choose another denominator, or leave these places out.",
        )
    return count, people
