"""Emerging hot spots: how each cell came to be hot or cold, in Esri's seventeen words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from gridmap.algorithms.hotspots import exact, kernels
from gridmap.algorithms.hotspots.arrays import Floats, Integers, as_counts, as_share, refuse
from gridmap.algorithms.hotspots.fdr import discovery_threshold, two_sided
from gridmap.algorithms.hotspots.trends import Trends, mann_kendall
from gridmap.algorithms.hotspots.weights import Neighbours
from gridmap.errors import Fault, TooLarge

Reference = Literal["cube", "window", "step"]
Signs = npt.NDArray[np.int8]

_KINDS = (
    "new",
    "consecutive",
    "intensifying",
    "persistent",
    "diminishing",
    "sporadic",
    "oscillating",
    "historical",
)
CATEGORIES: tuple[str, ...] = (
    "no_pattern",
    *(f"hot {kind}" for kind in _KINDS),
    *(f"cold {kind}" for kind in _KINDS),
)
_MOST_QUESTIONS = 1 << 26
_MOST = 0.9  # share of steps from which on a cell is hot most of the time


@dataclass(frozen=True)
class EmergingHotspots:
    """What became of each cell; n cells, T steps.

    Parameters
    ----------
    category
        Index into `CATEGORIES`, shape (n,): 0 no pattern, 1-8 hot, 9-16 cold.
    sign
        +1 hot, -1 cold, 0 neither, shape (n, T), after correction for all n · T tests.
    z
        Gi* of each cell and step, shape (n, T).
    trend
        Mann-Kendall's test of each cell's series of z.
    test
        The test in words.
    """

    category: npt.NDArray[np.int8]
    sign: Signs
    z: Floats
    trend: Trends
    test: str

    @property
    def names(self) -> list[str]:
        """Categories in words, one for each cell."""
        return [CATEGORIES[code] for code in self.category]


def emerging_hotspots(
    counts: npt.ArrayLike,
    neighbours: Neighbours,
    *,
    back_steps: int = 1,
    reference: Reference = "cube",
    test: Literal["exact", "normal"] = "exact",
    level: float = 0.05,
    trend_level: float = 0.05,
    sporadic_needs_last: bool = False,
) -> EmergingHotspots:
    """Emerging hot spots of a space-time cube.

    Each bin (cell, step) gets Gi* with the cell and its neighbours in the step and in the
    `back_steps` steps before as its neighbourhood; it is hot or cold where it is significant under
    the false discovery rate over all bins; Mann-Kendall's test of the series of z gives the trend;
    both together give the category (`classify_emerging`).

    Parameters
    ----------
    counts
        Whole numbers, shape (n, T).
    neighbours
        Neighbour lists of the n cells; weights are not used.
    back_steps
        How many steps before count as neighbours.
    reference
        What a neighbourhood is compared with: all bins of the `cube` (Esri's entire cube), those of
        the steps in the neighbourhood (`window`), or those of the `step` alone, so that a rise that
        all cells share makes none of them hot.
    test
        `exact`: the conditional permutation test, not for `step` with steps before; `normal`: as
        Esri's.
    level, trend_level
        False discovery rate of the bins; level of the trend test.
    sporadic_needs_last
        Whether "sporadic" needs a hot last step (later versions of Esri's wording).

    Raises
    ------
    InvalidInput
        Counts are no table of whole numbers, or there is no exact test for this reference.
    Unavailable
        numba is not installed.

    Notes
    -----
    Esri, "How Emerging Hot Spot Analysis works" (ArcGIS Pro 2.8).
    """
    given = np.asarray(counts)
    if given.ndim != 2 or not given.size or given.shape[0] != len(neighbours):
        raise refuse(
            "Counts are a table with one row for each cell.",
            field="counts",
            reason=f"shape {given.shape} for {len(neighbours)} cells",
            hint="Use dense_counts to lay a cube out.",
        )
    if back_steps < 0:
        raise refuse(
            "back_steps is 0 or more.",
            field="back_steps",
            reason=f"{back_steps} is negative",
            hint="0 looks at a step alone.",
        )
    if test == "exact" and reference == "step" and back_steps:
        raise refuse(
            "There is no exact test against a step alone of neighbours that come before it.",
            field="test",
            reason="neighbours are not among those they are compared with",
            hint="Use reference='window', back_steps=0 or test='normal'.",
        )
    table = as_counts(given, "counts").reshape(given.shape)
    loops = kernels.load("trends")
    sums = loops.space_time_sums(table, neighbours.starts, neighbours.members, back_steps)
    z = _scores(table, sums, neighbours.degrees, back_steps, reference)
    if test == "exact":
        sign = _exact_signs(table, sums, neighbours.degrees, back_steps, reference, level)
        words = "exact conditional permutation test"
    else:
        sign = _normal_signs(z, level)
        words = "normal approximation"
    trend = mann_kendall(z)
    category = classify_emerging(
        sign, trend.directions(trend_level), sporadic_needs_last=sporadic_needs_last
    )
    return EmergingHotspots(category, sign, z, trend, f"{words} against the {reference}")


def _scores(
    table: Integers, sums: Integers, degrees: Integers, back: int, reference: Reference
) -> Floats:
    """Gi* of each bin: (Σ - W ȳ) / (s sqrt((N W - W²) / (N - 1))), 0 where s is 0."""
    cells, steps = table.shape
    widths = np.minimum(np.arange(steps), back) + 1.0
    first = table.sum(axis=0, dtype=np.float64)
    second = np.einsum("ij,ij->j", table, table, dtype=np.float64)
    if reference == "cube":
        size = np.full(steps, float(table.size))
        first, second = np.full(steps, first.sum()), np.full(steps, second.sum())
        taken = size
    else:
        size = cells * widths
        taken = size if reference == "window" else np.full(steps, float(cells))
        if reference == "window":
            first, second = _windowed(first, back), _windowed(second, back)
    mean = first / taken
    variance = second / taken - mean**2
    weight = (np.arange(int(degrees.max(initial=0)) + 1)[:, None] + 1) * widths
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = 1 / np.sqrt(variance * (size * weight - weight**2) / (size - 1))
    scale = np.where(np.isfinite(scale) & (variance > 1e-14 * (mean**2 + 1)), scale, 0.0)
    scores: Floats = kernels.load("trends").standard_scores(sums, degrees, mean, widths, scale)
    return scores


def _windowed(values: Floats, back: int) -> Floats:
    """Running sums over a step and the `back` steps before it."""
    total = np.cumsum(values)
    total[back + 1 :] -= total[: -back - 1].copy()
    return total


def _normal_signs(z: Floats, level: float) -> Signs:
    from scipy.special import ndtr, ndtri  # noqa: PLC0415

    # Only p-values up to the level can be named: the others need not be computed.
    size = np.abs(z).ravel()
    p = 2 * ndtr(-size[size >= -ndtri(as_share(level, "level") / 2)])
    limit = discovery_threshold(p, level=level, tests=z.size)
    if limit == 0:
        return np.zeros(z.shape, np.int8)
    # The same rounding on both sides: a bin is named if its own p is at most the limit.
    border = -ndtri(limit / 2) * (1 - 1e-12)
    signs: Signs = (z >= border).astype(np.int8) - (z <= -border).astype(np.int8)
    return signs


def _exact_signs(
    table: Integers,
    sums: Integers,
    degrees: Integers,
    back: int,
    reference: Reference,
    level: float,
) -> Signs:
    if reference == "cube":
        return _exact_signs_in_cube(table, sums, degrees, back, level)
    others = sums - table
    high = np.empty(table.shape)
    low = np.empty(table.shape)
    for step in range(table.shape[1]):
        start = max(step - back, 0)
        high[:, step], low[:, step] = exact.neighbour_sum_tails(
            np.ascontiguousarray(table[:, step]),
            (degrees + 1) * (step - start + 1) - 1,
            np.ascontiguousarray(others[:, step]),
            population=table[:, start : step + 1].ravel(),
        )
    p = two_sided(high, low)
    limit = discovery_threshold(p, level=level)
    named = p <= limit
    signs: Signs = named.astype(np.int8) - 2 * (named & (low < high))
    return signs


def _exact_signs_in_cube(
    table: Integers, sums: Integers, degrees: Integers, back: int, level: float
) -> Signs:
    """Millions of bins ask few different questions: each is answered once, and looked up."""
    loops = kernels.load("trends")
    top, span = int(table.max()) + 1, int((sums - table).max()) + 1
    sizes = (int(degrees.max()) + 1) * min(table.shape[1], back + 1)
    if sizes * top * span > _MOST_QUESTIONS:
        raise TooLarge(
            "An exact answer would need too large a table for such large counts.",
            hint="Take smaller cells, shorter steps, or test='normal'.",
            faults=(
                Fault(f"counts up to {top - 1:,} and sums up to {span - 1:,}", field="counts"),
            ),
        )
    repeats = loops.count_questions(table, sums, degrees, back, top, span)
    asked = np.flatnonzero(repeats)
    rest, total = np.divmod(asked, span)
    size, own = np.divmod(rest, top)
    high, low = exact.neighbour_sum_tails(own, size, total, population=table.ravel())
    p = two_sided(high, low)
    limit = discovery_threshold(p, level=level, repeats=repeats[asked])
    answers = np.zeros(repeats.size, np.int8)
    answers[asked] = np.where(p <= limit, np.where(high <= low, 1, -1), 0)
    signs: Signs = loops.look_up_signs(table, sums, degrees, back, span, answers)
    return signs


def classify_emerging(
    signs: npt.ArrayLike,
    trend: npt.ArrayLike,
    *,
    sporadic_needs_last: bool = False,
) -> npt.NDArray[np.int8]:
    """Esri's category of each series of hot (+1), cold (-1) and other (0) steps.

    The first of these that holds (cold ones mirrored):

    * **new**: hot in the last step, never before;
    * **consecutive**: one unbroken run of at least two hot steps up to the last one, never hot
      before it, hot in less than 90 % of steps;
    * **intensifying**, **persistent**, **diminishing**: hot in the last step and in at least 90 %,
      with a significant rise, no trend, a significant fall of z;
    * **sporadic**: hot in some but less than 90 % of steps, never cold;
    * **oscillating**: hot in the last step, cold in an earlier one, hot in less than 90 %;
    * **historical**: not hot in the last step, hot in at least 90 %.

    Parameters
    ----------
    signs
        Shape (n, T), the last step in the last column.
    trend
        +1, -1 or 0 for each series: significant rise, fall, or none; shape (n,).
    sporadic_needs_last
        Whether "sporadic" needs a hot last step.

    Returns
    -------
    numpy.ndarray
        Index into `CATEGORIES`.
    """
    for field, values in (("signs", signs), ("trend", trend)):
        if not np.isin(np.asarray(values), (-1, 0, 1)).all():
            raise refuse(
                "Signs and trends are +1, 0 or -1.",
                field=field,
                reason="another number",
                hint="Take the sign of what is significant, 0 elsewhere.",
            )
    table = np.atleast_2d(np.asarray(signs, np.int8))
    slope = np.asarray(trend, np.int8).ravel()
    if table.ndim != 2 or not table.shape[1] or slope.size != table.shape[0]:
        raise refuse(
            "There is one trend for each series of signs.",
            field="trend",
            reason=f"{slope.size} trends for signs of the shape {table.shape}",
            hint="Give signs of the shape (series, steps) and one trend for each.",
        )
    hot = _classify(table > 0, table < 0, slope, sporadic_needs_last=sporadic_needs_last)
    cold = _classify(table < 0, table > 0, -slope, sporadic_needs_last=sporadic_needs_last)
    return np.where(hot > 0, hot, np.where(cold > 0, cold + len(_KINDS), 0)).astype(np.int8)


def _classify(
    hot: npt.NDArray[np.bool_],
    cold: npt.NDArray[np.bool_],
    slope: npt.NDArray[np.int8],
    *,
    sporadic_needs_last: bool,
) -> npt.NDArray[np.int64]:
    steps = hot.shape[1]
    times = hot.sum(axis=1)
    last = hot[:, -1]
    ever_cold = cold.any(axis=1)
    most = times >= _MOST * steps - 1e-9
    # Length of the run of hot steps at the end.
    run = np.where(times == steps, steps, np.argmin(hot[:, ::-1], axis=1))
    steady = most & last
    rules = (
        last & (times == 1),
        last & (run == times) & ~most,
        steady & (slope > 0),
        steady & (slope == 0),
        steady & (slope < 0),
        ~most & (times > 0) & ~ever_cold & (last | (not sporadic_needs_last)),
        ~most & last & ever_cold,
        most & ~last,
    )
    return np.select(rules, np.arange(1, len(rules) + 1), 0)
