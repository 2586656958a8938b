"""Where to put one more: maximal covering and p-median, solved to a proved optimum by HiGHS.

Small instances (hundreds of candidates, thousands of demand points); distances in metres.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, eye_array, hstack

from gridmap.errors import Fault, InvalidInput, Unavailable


@dataclass(frozen=True)
class Placement:
    """Chosen candidates, the most useful first.

    Parameters
    ----------
    chosen
        Numbers of candidates.
    gains
        What each adds to those before it: weight covered (maximal covering), or weight · metres
        saved (p-median).
    covered
        Weight that is covered by all of them together; NaN for p-median.
    proved
        Whether no better choice exists.
    """

    chosen: NDArray[np.int64]
    gains: NDArray[np.float64]
    covered: float
    proved: bool


def place_to_cover(
    reaches: ArrayLike, weights: ArrayLike, count: int, *, limit_s: float = 5.0
) -> Placement:
    """Maximal covering: `count` candidates within reach of the most weight.

    ::

        maximise Σ w_i y_i,  y_i ≤ Σ_{j reaches i} x_j,  Σ x_j = count,  x, y ∈ {0, 1}

    Parameters
    ----------
    reaches
        Whether a candidate reaches a demand point, shape (candidates, points).
    weights
        Weight of each demand point, at least 0.
    count
        How many are placed.
    limit_s
        Time after which the best choice so far is given, unproved.

    Raises
    ------
    InvalidInput
        More to place than there are candidates.
    Unavailable
        No choice was found within the time.

    Notes
    -----
    Church and ReVelle (1974), Papers of the Regional Science Association 32, 101-118.
    """
    table = np.asarray(reaches, np.bool_)
    load = np.asarray(weights, np.float64)
    candidates, points = table.shape
    _check(count, candidates)
    # Points that the same candidates reach are one point.
    patterns, of_point = np.unique(table.T, axis=0, return_inverse=True)
    merged = np.bincount(of_point.reshape(-1), load, minlength=len(patterns))
    useful = patterns.any(axis=1) & (merged > 0)
    patterns, merged = patterns[useful], merged[useful]
    if not len(merged):
        first = np.arange(count, dtype=np.int64)
        return Placement(first, np.zeros(count), 0.0, proved=True)
    limits = hstack([csr_array(-patterns.astype(np.float64)), eye_array(len(merged))]).tocsr()
    total = csr_array(
        np.concatenate((np.ones(candidates), np.zeros(len(merged))))[None], dtype=np.float64
    )
    found = milp(
        np.concatenate((np.zeros(candidates), -merged)),
        integrality=np.concatenate((np.ones(candidates), np.zeros(len(merged)))),
        bounds=Bounds(0, 1),
        constraints=[
            LinearConstraint(limits, -np.inf, 0),
            LinearConstraint(total, count, count),
        ],
        options={"time_limit": limit_s},
    )
    chosen = _chosen(found.x, candidates)
    order, gains, open_points = [], [], np.ones(points, np.bool_)
    while len(chosen):
        gain = (table[chosen] & open_points) @ load
        best = int(np.argmax(gain))
        order.append(int(chosen[best]))
        gains.append(float(gain[best]))
        open_points &= ~table[chosen[best]]
        chosen = np.delete(chosen, best)
    return Placement(
        np.array(order, np.int64), np.array(gains), float(sum(gains)), proved=found.status == 0
    )


def place_at_median(
    distances_m: ArrayLike,
    weights: ArrayLike,
    count: int,
    *,
    present_m: ArrayLike | None = None,
    limit_s: float = 5.0,
) -> Placement:
    """p-median: `count` candidates so that the weighted distance to the nearest is least.

    ::

        minimise Σ w_i d_ij z_ij,  Σ_j z_ij = 1,  z_ij ≤ x_j,  Σ x_j = count

    Parameters
    ----------
    distances_m
        Shape (candidates, points).
    weights
        Weight of each demand point.
    count
        How many are placed.
    present_m
        Distance of each point to the nearest one that is there already.
    limit_s
        As in `place_to_cover`.

    Notes
    -----
    Hakimi (1964), Operations Research 12, 450-459; ReVelle and Swain (1970), Geographical Analysis
    2, 30-42.
    """
    metres = np.asarray(distances_m, np.float64)
    load = np.asarray(weights, np.float64)
    candidates, points = metres.shape
    _check(count, candidates)
    before = np.full(points, metres.max() * 2) if present_m is None else np.asarray(present_m)
    # Only what a candidate saves is decided: z_ij for the pairs where it is nearer than now.
    j, i = np.nonzero((metres < before) & (load > 0))
    saved = (before[i] - metres[j, i]) * load[i]
    pairs = len(saved)
    if not pairs:
        first = np.arange(count, dtype=np.int64)
        return Placement(first, np.zeros(count), float("nan"), proved=True)
    rows = np.arange(pairs)
    opened = csr_array((-np.ones(pairs), (rows, j)), shape=(pairs, candidates))
    once = csr_array((np.ones(pairs), (i, rows)), shape=(points, pairs))
    found = milp(
        np.concatenate((np.zeros(candidates), -saved)),
        integrality=np.concatenate((np.ones(candidates), np.zeros(pairs))),
        bounds=Bounds(0, 1),
        constraints=[
            LinearConstraint(hstack([opened, eye_array(pairs)]).tocsr(), -np.inf, 0),
            LinearConstraint(hstack([csr_array((points, candidates)), once]).tocsr(), 0, 1),
            LinearConstraint(
                csr_array(np.concatenate((np.ones(candidates), np.zeros(pairs)))[None]),
                count,
                count,
            ),
        ],
        options={"time_limit": limit_s},
    )
    chosen = _chosen(found.x, candidates)
    order, gains, now = [], [], before.copy()
    while len(chosen):
        gain = np.maximum(now - metres[chosen], 0) @ load
        best = int(np.argmax(gain))
        order.append(int(chosen[best]))
        gains.append(float(gain[best]))
        now = np.minimum(now, metres[chosen[best]])
        chosen = np.delete(chosen, best)
    return Placement(
        np.array(order, np.int64), np.array(gains), float("nan"), proved=found.status == 0
    )


def _chosen(solution: NDArray[np.float64] | None, candidates: int) -> NDArray[np.int64]:
    if solution is None:
        raise Unavailable(
            "No placement was found within the time", hint="Ask for fewer, or a larger reach."
        )
    return np.flatnonzero(solution[:candidates] > 0.5).astype(np.int64)


def _check(count: int, candidates: int) -> None:
    if not 1 <= count <= candidates:
        raise InvalidInput(
            f"There are {candidates} candidates",
            hint="Place at least one and at most all of them.",
            faults=(Fault(f"{count} cannot be placed", field="count"),),
        )
