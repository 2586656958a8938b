"""Kulldorff's scan statistic: the place, and the time, where incidents exceed expectation most.

Circles, or upright rectangles, of all sizes round all sites (and intervals of all lengths) are
compared with what was expected; the best of them is tested against the best of each of many random
replicates, so that the p-value already accounts for all that was looked at. Clusters that come
after the first do not overlap with those before; each is compared with the same maxima, which is
conservative.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from gridmap.algorithms.hotspots import kernels
from gridmap.algorithms.hotspots.arrays import (
    Floats,
    Integers,
    as_counts,
    as_points,
    as_values,
    refuse,
)
from gridmap.algorithms.hotspots.intervals import as_steps, check_intervals, running_sums
from gridmap.algorithms.hotspots.replicates import Best, Problem, ScanResult, solve
from gridmap.algorithms.hotspots.zones import Small, Windows, make_zones
from gridmap.errors import Fault, TooLarge

MAX_PEOPLE = 1_000_000_000  # numpy's limit for draws without replacement


def poisson_scan(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    cases: npt.ArrayLike,
    expected: npt.ArrayLike,
    *,
    windows: Windows = "circles",
    largest_share: float = 0.5,
    largest_radius_m: float | None = None,
    least_cases: int = 2,
    replicates: int = 999,
    seed: int | None = None,
    stop_after: int | None = None,
    most_clusters: int = 10,
    tie_m: float = 1e-3,
) -> ScanResult:
    """Scan of space: cases are Poisson with means proportional to what is expected.

    ::

        LLR = c ln(c / E) + (C - c) ln((C - c) / (C - E))  where c > E, else 0

    with C all cases and E scaled so that ΣE = C. Replicates are multinomial.

    Parameters
    ----------
    x, y
        Coordinates of the sites (grids, cells, buildings) in metres.
    cases
        Number of cases of each site.
    expected
        Expected cases, up to a factor: the population, or `expected_cases` of strata.
    windows
        Circles; or rectangles along the axes (grid-shaped), square, 2 : 1 and 1 : 2.
    largest_share
        Largest share of the *expected cases* inside a window.
    largest_radius_m
        Largest radius in metres; of rectangles, half of the longer side.
    least_cases
        Fewest cases of a cluster.
    replicates, seed
        Number of random replicates (0 for none), and their seed.
    stop_after
        Stop when so many replicates beat the first cluster: it will not be significant.
    most_clusters
        Largest number of clusters in the answer.
    tie_m
        Sites whose distances differ by no more than this come into a window together.

    Raises
    ------
    InvalidInput
        Cases where none are expected, or a missing seed.
    Unavailable
        numba is not installed.

    Notes
    -----
    Kulldorff (1997), Communications in Statistics - Theory and Methods 26, 1481-1496.
    """
    counts = as_counts(cases, "cases")
    means = as_values(expected, "expected", size=counts.size)
    problem = _cylinders(
        as_points(x, y),
        counts[:, None],
        means[:, None],
        (1, 1, False),
        (windows, largest_share, largest_radius_m, tie_m),
        least_cases,
        "Poisson, space",
    )
    return solve(problem, replicates, seed, stop_after, most_clusters)


def space_time_poisson_scan(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    cases: npt.ArrayLike,
    expected: npt.ArrayLike,
    *,
    longest_steps: int | None = None,
    shortest_steps: int = 1,
    prospective: bool = False,
    windows: Windows = "circles",
    largest_share: float = 0.5,
    largest_radius_m: float | None = None,
    least_cases: int = 2,
    replicates: int = 999,
    seed: int | None = None,
    stop_after: int | None = None,
    most_clusters: int = 10,
    tie_m: float = 1e-3,
) -> ScanResult:
    """Scan of space and time: windows × intervals, Poisson.

    The ratio is that of `poisson_scan`, for cylinders (prisms).

    Parameters
    ----------
    cases
        Number of cases, shape (sites, steps).
    expected
        Expected cases up to a factor, shape (sites, steps), or (sites,) for the same in every step.
    longest_steps
        Longest interval; half of the steps by default.
    shortest_steps
        Shortest interval.
    prospective
        Only clusters that are still there in the last step.
    x, y, windows, largest_share, largest_radius_m, least_cases
        As in `poisson_scan`.
    replicates, seed, stop_after, most_clusters, tie_m
        As in `poisson_scan`.

    Notes
    -----
    Kulldorff, Athas, Feuer, Miller and Key (1998), American Journal of Public Health 88, 1377-1380.
    """
    counts = as_steps(cases, "cases")
    given = np.asarray(expected, np.float64)
    if given.shape not in {counts.shape, counts.shape[:1]}:
        raise refuse(
            "expected has another shape than cases.",
            field="expected",
            reason=f"{given.shape} for {counts.shape}",
            hint="Give one value for each site, or one for each site and step.",
        )
    table = np.broadcast_to(given[:, None] if given.ndim == 1 else given, counts.shape)
    means = as_values(table, "expected", size=counts.size).reshape(counts.shape)
    problem = _cylinders(
        as_points(x, y),
        counts,
        means,
        check_intervals(counts.shape[1], shortest_steps, longest_steps, alive=prospective),
        (windows, largest_share, largest_radius_m, tie_m),
        least_cases,
        "Poisson, space and time" + (", alive in the last step" if prospective else ""),
    )
    return solve(problem, replicates, seed, stop_after, most_clusters)


def space_time_permutation_scan(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    cases: npt.ArrayLike,
    *,
    longest_steps: int | None = None,
    shortest_steps: int = 1,
    prospective: bool = False,
    windows: Windows = "circles",
    largest_share: float = 0.5,
    largest_radius_m: float | None = None,
    least_cases: int = 2,
    replicates: int = 999,
    seed: int | None = None,
    stop_after: int | None = None,
    most_clusters: int = 10,
    tie_m: float = 1e-3,
) -> ScanResult:
    """Scan of space and time that needs cases only: where place and time interact.

    What is expected follows from the totals, E = C_site · C_step / C: a place with many cases all
    year and a season with many cases everywhere are no clusters. Replicates shuffle the times among
    the cases.

    Parameters
    ----------
    cases
        Number of cases, shape (sites, steps).
    x, y
        Coordinates of the sites in metres.
    longest_steps, shortest_steps, prospective
        As in `space_time_poisson_scan`.
    largest_share
        Largest share of all cases inside a window, whatever their time.
    windows, largest_radius_m, least_cases, replicates, seed, stop_after, most_clusters, tie_m
        As in `poisson_scan`.

    Notes
    -----
    Kulldorff, Heffernan, Hartman, Assunção and Mostashari (2005), PLoS Medicine 2(3), e59.
    """
    counts = as_steps(cases, "cases")
    by_site, by_step = counts.sum(axis=1), counts.sum(axis=0)
    problem = _cylinders(
        as_points(x, y),
        counts,
        np.outer(by_site, by_step) / max(int(by_site.sum()), 1),
        check_intervals(counts.shape[1], shortest_steps, longest_steps, alive=prospective),
        (windows, largest_share, largest_radius_m, tie_m),
        least_cases,
        "space-time permutation" + (", alive in the last step" if prospective else ""),
    )
    shuffled = replace(problem, draw=shuffler(by_site, by_step))
    return solve(shuffled, replicates, seed, stop_after, most_clusters)


def shuffler(by_site: Integers, by_step: Integers) -> Callable[[np.random.Generator], Integers]:
    """Tables that come of shuffling the steps of all cases among their sites."""
    shape = by_site.size, by_step.size
    sites = np.repeat(np.arange(by_site.size), by_site)
    steps = np.repeat(np.arange(by_step.size), by_step)

    def shuffle(rng: np.random.Generator) -> Integers:
        slots = sites * by_step.size + rng.permutation(steps)
        return np.bincount(slots, minlength=shape[0] * shape[1]).reshape(shape)

    def deal(rng: np.random.Generator) -> Integers:
        table, left = np.empty(shape, np.int64), by_site.copy()
        for step, cases in enumerate(by_step):
            table[:, step] = rng.multivariate_hypergeometric(left, cases, method="marginals")
            left -= table[:, step]
        return table

    # The same distribution; which is faster depends on the cases in a slot of the table.
    return deal if shape[0] * shape[1] < sites.size < MAX_PEOPLE else shuffle


def bernoulli_scan(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    cases: npt.ArrayLike,
    population: npt.ArrayLike,
    *,
    windows: Windows = "circles",
    largest_share: float = 0.5,
    largest_radius_m: float | None = None,
    least_cases: int = 2,
    replicates: int = 999,
    seed: int | None = None,
    stop_after: int | None = None,
    most_clusters: int = 10,
    tie_m: float = 1e-3,
) -> ScanResult:
    """Scan of space for a larger share of cases: so many of so many (cases and controls).

    ::

        LLR = l(c, n) + l(C - c, N - n) - l(C, N)  where c / n > C / N, else 0
        l(k, m) = k ln(k / m) + (m - k) ln((m - k) / m)

    Replicates draw C of the N without replacement.

    Parameters
    ----------
    cases
        Number of cases of each site, at most its population.
    population
        Cases and others together, whole numbers.
    x, y
        Coordinates of the sites in metres.
    largest_share
        Largest share of the population inside a window.
    windows, largest_radius_m, least_cases, replicates, seed, stop_after, most_clusters, tie_m
        As in `poisson_scan`.

    Notes
    -----
    Kulldorff (1997), as `poisson_scan`.
    """
    points = as_points(x, y)
    counts = as_counts(cases, "cases", size=points[0].size)
    people = as_counts(population, "population", size=counts.size)
    if (counts > people).any():
        raise refuse(
            "There are more cases than people.",
            field="population",
            reason=f"site {int(np.argmax(counts - people))}",
            hint="The population counts cases and others together.",
        )
    total, everyone = int(counts.sum()), int(people.sum())
    if everyone >= MAX_PEOPLE:
        raise TooLarge(
            f"Replicates are drawn among fewer than {MAX_PEOPLE:,} people.",
            hint="Use poisson_scan with the population as what is expected.",
            faults=(Fault(f"{everyone:,} people", field="population"),),
        )
    zones = make_zones(
        *points,
        people,
        windows=windows,
        largest_share=largest_share,
        largest_radius_m=largest_radius_m,
        tie_m=tie_m,
    )
    weights = people.astype(np.float64)
    loops = kernels.load("scan")

    circles = (zones.starts, zones.sites, zones.zone_starts, zones.zone_ends)

    def search(drawn: Integers, open_zones: Small) -> Best:
        once = drawn[:, 0].astype(np.float64)
        return Best(*loops.scan_shares(*circles, open_zones, once, weights, float(least_cases)))

    def draw(rng: np.random.Generator) -> Integers:
        return rng.multivariate_hypergeometric(people, total, method="marginals")[:, None]

    problem = Problem(
        *points,
        zones,
        counts[:, None],
        (weights * (total / max(everyone, 1)))[:, None],
        search,
        draw,
        "Bernoulli, space",
    )
    return solve(problem, replicates, seed, stop_after, most_clusters)


def _cylinders(
    points: tuple[Floats, Floats],
    counts: Integers,
    means: Floats,
    window: tuple[int, int, bool],
    limits: tuple[Windows, float, float | None, float],
    least_cases: int,
    model: str,
) -> Problem:
    """The problem of a Poisson ratio over windows and intervals."""
    total = int(counts.sum())
    if (means < 0).any() or ((means == 0) & (counts > 0)).any():
        raise refuse(
            "Cases are expected wherever there are some, and nowhere less than 0.",
            field="expected",
            reason="negative, or 0 where there are cases",
            hint="Leave out sites without population, or give them an expectation.",
        )
    expected = means * (total / max(float(means.sum()), 1e-300))
    by_site = expected.sum(axis=1)
    windows, share, radius, tie = limits
    zones = make_zones(
        *points, by_site, windows=windows, largest_share=share, largest_radius_m=radius, tie_m=tie
    )
    shares = expected.sum(axis=0) / max(total, 1)
    # Where every site has the same shape over time, the sums over time need not be kept.
    product = np.allclose(expected, np.outer(by_site, shares), rtol=1e-12, atol=0)
    shape = running_sums(shares[None])[0] if product else np.empty(0)
    kept = by_site[:, None] if product else running_sums(expected)
    loops = kernels.load("scan")
    circles = (zones.starts, zones.sites, zones.zone_starts, zones.zone_ends)
    least = float(least_cases)

    def search(drawn: Integers, open_zones: Small) -> Best:
        if counts.shape[1] == 1:
            once = drawn[:, 0].astype(np.float64)
            return Best(*loops.scan_circles(*circles, open_zones, once, by_site, least))
        return Best(
            *loops.scan_cylinders(
                *circles, open_zones, running_sums(drawn), kept, shape, window, least
            )
        )

    def draw(rng: np.random.Generator) -> Integers:
        return rng.multinomial(total, means.ravel() / means.sum()).reshape(counts.shape)

    return Problem(*points, zones, counts, expected, search, draw, model)
