"""Clusters of a scan, and their test by random replicates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gridmap.algorithms.hotspots.arrays import Floats, Integers, refuse
from gridmap.algorithms.hotspots.zones import Small, Zones, reach

_SAME = 1e-12  # relative difference of equal statistics


@dataclass(frozen=True)
class ScanCluster:
    """One cluster.

    Parameters
    ----------
    sites
        Numbers of its sites, the nearest to the centre first.
    centre, radius_m
        Number of the site in the middle, and the distance of the farthest one.
    half_width_m, half_height_m
        Distance of the farthest one east or west, and north or south.
    first_step, end_step
        Its steps: first_step ≤ step < end_step; 0 and 1 for a scan of space alone.
    cases, expected
        What was seen and what was expected in it.
    ratio
        cases / expected.
    relative_risk
        Risk inside / risk outside.
    log_likelihood_ratio
        The statistic.
    p
        See `ScanResult`.
    """

    sites: Small
    centre: int
    radius_m: float
    half_width_m: float
    half_height_m: float
    first_step: int
    end_step: int
    cases: int
    expected: float
    ratio: float
    relative_risk: float
    log_likelihood_ratio: float
    p: float


@dataclass(frozen=True)
class ScanResult:
    """Clusters, the most likely one first.

    Parameters
    ----------
    clusters
        Without overlap in space. p = (1 + replicates with a maximum at least as large) / (1 +
        replicates); after an early stop (replicates at least as large) / replicates (Besag and
        Clifford 1991). NaN without replicates.
    maxima
        Largest statistic of each replicate.
    model
        The model in words.
    seed
        Of the replicates.
    """

    clusters: tuple[ScanCluster, ...]
    maxima: Floats
    model: str
    seed: int | None


@dataclass(frozen=True)
class Best:
    """What a search found: the statistic and where; `centre` is -1 for nothing."""

    statistic: float
    centre: int
    zone: int
    first_step: int = 0
    end_step: int = 1


@dataclass(frozen=True)
class Problem:
    """A data set with its model.

    Parameters
    ----------
    x, y
        Coordinates of the sites in metres.
    zones
        Windows to look at.
    counts, expected
        Cases seen and expected, shape (sites, steps).
    search
        Finds the best cluster of counts among the first so many windows of each centre.
    draw
        Draws counts under the null hypothesis.
    model
        The model in words.
    """

    x: Floats
    y: Floats
    zones: Zones
    counts: Integers
    expected: Floats
    search: Callable[[Integers, Small], Best]
    draw: Callable[[np.random.Generator], Integers]
    model: str


def solve(
    problem: Problem,
    replicates: int,
    seed: int | None,
    stop_after: int | None,
    most_clusters: int,
) -> ScanResult:
    """Find clusters that do not overlap, and compare them with the best of each replicate.

    Parameters
    ----------
    problem
        Data and model.
    replicates, seed
        Number of random replicates, and their seed.
    stop_after
        Stop when so many replicates beat the first cluster.
    most_clusters
        Largest number of clusters.
    """
    if replicates and seed is None:
        raise refuse(
            "Random replicates need a seed.",
            field="seed",
            reason="the same question must give the same answer",
            hint="Give any whole number, and keep it with the answer.",
        )
    found = _separate_clusters(problem, most_clusters)
    maxima: list[float] = []
    stopped = False
    if found and replicates:
        rng = np.random.default_rng(seed)
        everywhere = np.diff(problem.zones.zone_starts)
        beaten = 0
        for _ in range(replicates):
            maxima.append(problem.search(problem.draw(rng), everywhere).statistic)
            beaten += maxima[-1] >= found[0].statistic * (1 - _SAME)
            if stop_after is not None and beaten >= stop_after:
                stopped = True
                break
    largest = np.array(maxima)

    def p_value(statistic: float) -> float:
        if not largest.size:
            return float("nan")
        hits = int(np.count_nonzero(largest >= statistic * (1 - _SAME)))
        return hits / largest.size if stopped else (hits + 1) / (largest.size + 1)

    clusters = tuple(_describe(problem, best, p_value(best.statistic)) for best in found)
    return ScanResult(clusters, largest, problem.model, seed if replicates else None)


def _separate_clusters(problem: Problem, most_clusters: int) -> list[Best]:
    """Find the best cluster, then the best of those that share no site with it, and so on."""
    blocked = np.zeros(problem.counts.shape[0], np.bool_)
    found: list[Best] = []
    while len(found) < most_clusters and problem.counts.sum():
        best = problem.search(problem.counts, problem.zones.without(blocked))
        if best.centre < 0:
            break
        found.append(best)
        blocked[problem.zones.members(best.centre, best.zone)] = True
    return found


def _describe(problem: Problem, best: Best, p: float) -> ScanCluster:
    members = problem.zones.members(best.centre, best.zone)
    centre = best.centre % problem.x.size
    steps = slice(best.first_step, best.end_step)
    total = int(problem.counts.sum())
    cases = int(problem.counts[members, steps].sum())
    expected = float(problem.expected[members, steps].sum())
    ratio = cases / expected
    outside = (total - cases) / (total - expected) if total > expected else np.nan
    return ScanCluster(
        members,
        centre,
        *reach(problem.x, problem.y, centre, members),
        best.first_step,
        best.end_step,
        cases,
        expected,
        ratio,
        ratio / outside if outside else float("inf"),
        best.statistic,
        p,
    )
