"""Does it predict: hot-spot maps of one window scored on the incidents of the next.

Cells are taken from the highest score downwards until a share of the area is reached; what counts
is how many of the next window's incidents lie in them. Where many cells have the same score at the
limit (a plain count has many cells with 1), they are taken in proportion: the expectation over all
orders of the tied cells, so that an answer never depends on the order of the input.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gridmap.algorithms.hotspots.arrays import Flags, Floats, as_counts, as_share, as_values, refuse


@dataclass(frozen=True)
class Score:
    """How well a map did within a share of the area; see `score_map`.

    Parameters
    ----------
    area_share
        a / A: share of the area that was named hot.
    hits
        n: incidents of the next window in it.
    hit_rate
        n / N.
    pai
        Prediction accuracy index, (n / N) / (a / A): 1 is no better than chance.
    pei
        Prediction efficiency index, n / n_best: 1 is the best that any map of this area could do.
    """

    area_share: float
    hits: float
    hit_rate: float
    pai: float
    pei: float


@dataclass(frozen=True)
class ScoreTable:
    """Scores for every number of cells, from the highest prediction down; shape (n,) each.

    Parameters
    ----------
    order
        Cells from the highest prediction to the lowest; equal ones in the order of the input.
    area_share, hit_rate, pai, pei
        As in `Score`, cumulative.
    ratio
        Σ predicted / Σ observed up to there (called RRI by R's ptools): 1 is calibrated.
    """

    order: npt.NDArray[np.int64]
    area_share: Floats
    hit_rate: Floats
    pai: Floats
    pei: Floats
    ratio: Floats


def score_map(
    predicted: npt.ArrayLike,
    observed: npt.ArrayLike,
    *,
    area: npt.ArrayLike | None = None,
    share: float = 0.05,
) -> Score:
    """Score a map when a given share of the area is named hot.

    Parameters
    ----------
    predicted
        Score of each cell, the higher the hotter (count, density, z, -log p), per unit of area
        where areas differ; shape (n,).
    observed
        Incidents of each cell in the next window.
    area
        Area of each cell; equal by default.
    share
        Share of the area that may be named hot.

    Notes
    -----
    Chainey, Tompson and Uhlig (2008), Security Journal 21, 4-28 (PAI); Hunt (2016), thesis, George
    Mason University (PEI).
    """
    score, counts, areas = _checked(predicted, observed, area)
    budget = as_share(share, "share") * areas.sum()
    total = counts.sum()
    hits = _captured(score, counts, areas, budget)
    best = _captured(counts / areas, counts, areas, budget)
    rate = hits / total if total else np.nan
    return Score(share, hits, rate, rate / share, hits / best if best else np.nan)


def _captured(score: Floats, counts: Floats, areas: Floats, budget: float) -> float:
    """Incidents in the best cells within the budget, tied cells in proportion to their area."""
    levels, level = np.unique(-score, return_inverse=True)
    area = np.bincount(level, areas, levels.size)
    count = np.bincount(level, counts, levels.size)
    before = np.concatenate(([0.0], np.cumsum(area)[:-1]))
    part = np.clip((budget - before) / area, 0.0, 1.0)
    return float((count * part).sum())


def score_table(
    predicted: npt.ArrayLike,
    observed: npt.ArrayLike,
    *,
    area: npt.ArrayLike | None = None,
) -> ScoreTable:
    """Score a map for every number of cells.

    PEI compares with the order by observed density: PAI / PAI of the best order with as many cells.

    Parameters
    ----------
    predicted, observed, area
        As in `score_map`.

    Notes
    -----
    The columns of R's ptools::pai.
    """
    score, counts, areas = _checked(predicted, observed, area)
    order = np.argsort(-score, kind="stable")
    best = np.argsort(-counts / areas, kind="stable")
    total, whole = counts.sum(), areas.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        hit_rate = np.cumsum(counts[order]) / total
        area_share = np.cumsum(areas[order]) / whole
        pai = hit_rate / area_share
        pei = pai / (np.cumsum(counts[best]) / total / (np.cumsum(areas[best]) / whole))
        ratio = np.cumsum(score[order]) / np.cumsum(counts[order])
    return ScoreTable(order, area_share, hit_rate, pai, pei, ratio)


def recapture_rate(training: npt.ArrayLike, testing: npt.ArrayLike, hot: npt.ArrayLike) -> float:
    """Recapture rate index: what the hot cells kept of their incidents, against the whole town.

    RRI = (n₂ / n₁) / (N₂ / N₁), with n in the hot cells and N everywhere, 1 the window that the map
    was made from and 2 the next one. 1: as precise as before; below 1: the hotspots faded.

    Parameters
    ----------
    training, testing
        Incidents of each cell in the first and the second window, shape (n,).
    hot
        Whether a cell was named hot.

    Notes
    -----
    Levine (2008), Security Journal 21, 295-302.
    """
    first = as_counts(training, "training")
    second = as_counts(testing, "testing", size=first.size)
    chosen: Flags = np.asarray(hot, np.bool_).ravel()
    if chosen.size != first.size:
        as_values(chosen, "hot", size=first.size)
    kept, before = second[chosen].sum(), first[chosen].sum()
    if not (before and second.sum()):
        return float("nan")
    return float(kept / before / (second.sum() / first.sum()))


def _checked(
    predicted: npt.ArrayLike, observed: npt.ArrayLike, area: npt.ArrayLike | None
) -> tuple[Floats, Floats, Floats]:
    counts = as_counts(observed, "observed").astype(np.float64)
    score = as_values(predicted, "predicted", size=counts.size)
    areas = np.ones(counts.size) if area is None else as_values(area, "area", size=counts.size)
    if not counts.size or (areas <= 0).any():
        raise refuse(
            "There is at least one cell, and every cell has an area.",
            field="area",
            reason="no cell, or an area that is not positive",
            hint="Leave out cells without area.",
        )
    return score, counts, areas
