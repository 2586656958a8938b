"""Does it predict: maps of a window scored on the next one, for every method side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gridmap.algorithms import hotspots
from gridmap.services.hotspots import changing, crowds, surfaces
from gridmap.services.hotspots.case import Case, read_case
from gridmap.services.hotspots.counted import populations, shrunken_rates
from gridmap.services.hotspots.question import Question, check
from gridmap.services.hotspots.scans import poisson_clusters
from gridmap.services.hotspots.steps import make_steps
from gridmap.services.hotspots.units import Units, make_cells
from gridmap.services.hotspots.words import Words
from gridmap.store import database
from gridmap.store.database import Engine

SHARE = 0.05  # of the ground that may be named hot
_LEAST_NEXT = 10

Scores = NDArray[np.float64]


def score_methods(engine: Engine, question: Question) -> dict[str, Any]:
    """Score every method that ranks cells: the first half of the window predicts the second.

    All of them name the same share of the ground, over the same cells, which are chosen by the
    first half alone. Columns: hit rate, PAI, PEI and recapture rate (see
    `gridmap.algorithms.hotspots.score_map` and `recapture_rate`).
    """
    check(question)
    middle = question.begins + (question.ends - question.begins) / 2
    cells = question.unit if question.unit in ("hexagon", "square") else "hexagon"
    first = replace(
        question, ends=middle, unit=cells, method="scan", denominator="buildings", size_m=None
    )
    with database.translated(), engine.connect() as connection:
        case = read_case(connection, first)
        later = read_case(connection, replace(first, begins=middle, ends=question.ends))
    units = make_cells(case)
    before, after = units.count(case.incidents.xy), units.count(later.incidents.xy)
    rows = []
    if before.sum() >= _LEAST_NEXT and after.sum() >= _LEAST_NEXT:
        rows = [
            {"method": name, **_score(predict(case, units, before), before, after)}
            for name, predict in _PREDICTORS.items()
        ]
    rows.sort(key=lambda row: -row["pai"])
    return {
        "share": SHARE,
        "cells": len(units),
        "cell_size_m": units.size_m,
        "before": int(before.sum()),
        "after": int(after.sum()),
        "middle": middle.isoformat(),
        "methods": rows,
        "summary": _summarise(rows, str(middle.date())).as_dict(),
    }


def _score(
    predicted: Scores, before: NDArray[np.int64], after: NDArray[np.int64]
) -> dict[str, Any]:
    score = hotspots.score_map(predicted, after, share=SHARE)
    named = max(int(SHARE * len(predicted)), 1)
    hot = np.zeros(len(predicted), np.bool_)
    hot[np.argsort(-predicted, kind="stable")[:named]] = True
    recapture = hotspots.recapture_rate(before, after, hot) if before[hot].sum() else float("nan")
    return {
        "hit_rate": round(float(score.hit_rate), 4),
        "pai": round(float(score.pai), 3),
        "pei": round(float(score.pei), 4),
        "recapture": round(recapture, 3) if np.isfinite(recapture) else None,
    }


def _counted(_case: Case, _units: Units, counts: NDArray[np.int64]) -> Scores:
    return counts.astype(np.float64)


def _rated(case: Case, units: Units, counts: NDArray[np.int64]) -> Scores:
    people = populations(case, units)
    return shrunken_rates(case, units, counts, people).smoothed


def _gi(_case: Case, units: Units, counts: NDArray[np.int64]) -> Scores:
    scores: Scores = np.nan_to_num(hotspots.getis_ord(counts, units.touching).z, nan=0.0)
    return scores


def _moran(_case: Case, units: Units, counts: NDArray[np.int64]) -> Scores:
    found = hotspots.local_moran(counts, hotspots.row_standardised(units.touching))
    high = np.isin(found.quadrant, (1, 4))
    strength: Scores = np.nan_to_num(np.abs(found.z))
    return np.where(high, strength, -strength)


def _smoothed(case: Case, units: Units, _counts: NDArray[np.int64]) -> Scores:
    xy = case.incidents.xy
    made: Scores = hotspots.density_at(
        xy[:, 0],
        xy[:, 1],
        units.centres[:, 0],
        units.centres[:, 1],
        sigma_m=surfaces.choose_bandwidth(case),
        kernel=case.question.kernel,
    )
    return made


def _dense(case: Case, units: Units, counts: NDArray[np.int64]) -> Scores:
    found = crowds.find_dense(case)
    inside = units.count(case.incidents.xy[found.kinds > 0])
    return inside + counts * 1e-6


def _scanned(case: Case, units: Units, counts: NDArray[np.int64]) -> Scores:
    strength = np.zeros(len(units))
    for members, gain in poisson_clusters(case, units, counts):
        strength[members] = np.maximum(strength[members], gain)
    return strength + counts * 1e-6


def _emerged(case: Case, units: Units, _counts: NDArray[np.int64]) -> Scores:
    steps = make_steps(case)
    table = changing.cube_of(case, units, steps)
    found = hotspots.emerging_hotspots(table, units.touching)
    # The latest step says what is hot now.
    return np.asarray(found.z[:, -3:].mean(axis=1), np.float64)


_PREDICTORS: dict[str, Callable[[Case, Units, NDArray[np.int64]], Scores]] = {
    "counts": _counted,
    "rates": _rated,
    "getis-ord": _gi,
    "local-moran": _moran,
    "density": _smoothed,
    "dbscan": _dense,
    "scan": _scanned,
    "emerging": _emerged,
}


def _summarise(rows: list[dict[str, Any]], middle: str) -> Words:
    if not rows:
        return Words(
            "事件太少，无法比较各方法的预测。", "Too few incidents to compare what methods predict."
        )
    best = rows[0]
    return Words(
        f"以 {middle} 为界，用前半段预测后半段：各方法都只圈出 {SHARE:.0%} 的地面，"
        f"最好的圈中 {best['hit_rate']:.0%} 的事件，是随机的 {best['pai']:.1f} 倍。",
        f"The half before {middle} predicts the half after it: each method names {SHARE:.0%} of the"
        f" ground, and the best one has {best['hit_rate']:.0%} of the incidents there,"
        f" {best['pai']:.1f} times as many as by chance.",
    )
