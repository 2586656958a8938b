"""Faces into contiguous parts of equal weight, by halving along straight lines."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ANGLES = 18
TRIED = 3  # places of a cut beside the most even one
_IMBALANCE = 6.0  # what a share of imbalance costs, against cut edges in widths of the area


def cut_evenly(
    centres: Floats, weight: Floats, first: Ints, second: Ints, length: Floats, parts: int
) -> Ints | None:
    """Number faces by part, so that each part hangs together and weighs about the same.

    A region is halved in the direction that gives the most even halves with the shortest edge
    between them, and its halves again. The same question has the same answer.

    Parameters
    ----------
    centres
        (n, 2) array of points in the faces, in metres.
    weight
        Of each face; where a region has none, its faces count alike.
    first, second, length
        Pairs of faces that share an edge, and its length in metres.
    parts
        How many.

    Returns
    -------
    A part from 0 on for each face, or None where there are too few faces that hang together.
    """
    if parts == 1:
        return np.zeros(len(weight), dtype=np.int64)
    if weight.sum() == 0:  # nobody lives here: every face counts alike
        weight = np.ones(len(weight))
    left = parts // 2
    half = _best_half(centres, weight, first, second, length, (left, parts - left))
    if half is None:
        return None
    labels = np.full(len(weight), -1, dtype=np.int64)
    for side, share, start in ((half, left, 0), (~half, parts - left, left)):
        numbers = np.flatnonzero(side)
        position = np.full(len(weight), -1)
        position[numbers] = np.arange(len(numbers))
        inside = side[first] & side[second]
        found = cut_evenly(
            centres[numbers],
            weight[numbers],
            position[first[inside]],
            position[second[inside]],
            length[inside],
            share,
        )
        if found is None:
            return None
        labels[numbers] = start + found
    return labels


def _best_half(
    centres: Floats,
    weight: Floats,
    first: Ints,
    second: Ints,
    length: Floats,
    shares: tuple[int, int],
) -> NDArray[np.bool_] | None:
    """Faces of the first of two sides that have to hold so many parts, or None."""
    parts = sum(shares)
    extent = float(np.ptp(centres, axis=0).max()) or 1.0
    best, least = None, np.inf
    for side in _candidates(centres, weight, shares):
        mended = _mended(side, weight, first, second)
        if mended.sum() < shares[0] or (~mended).sum() < shares[1]:
            continue
        off = abs(float(weight[mended].sum() / weight.sum()) - shares[0] / parts)
        between = float(length[mended[first] != mended[second]].sum())
        cost = _IMBALANCE * off * parts + between / extent
        if cost < least and _halves_hang_together(mended, first, second):
            best, least = mended, cost
    return best


def _candidates(
    centres: Floats, weight: Floats, shares: tuple[int, int]
) -> Iterator[NDArray[np.bool_]]:
    """Sides of straight lines in many directions, about as heavy as they should be."""
    for angle in np.arange(2 * ANGLES) * np.pi / ANGLES:
        order = np.argsort(centres @ (np.cos(angle), np.sin(angle)), kind="stable")
        reached = np.cumsum(weight[order])
        wanted = int(np.searchsorted(reached, reached[-1] * shares[0] / sum(shares))) + 1
        for count in range(wanted - TRIED, wanted + TRIED + 1):
            if shares[0] <= count <= len(weight) - shares[1]:
                side = np.zeros(len(weight), dtype=bool)
                side[order[:count]] = True
                yield side


def _mended(
    side: NDArray[np.bool_], weight: Floats, first: Ints, second: Ints
) -> NDArray[np.bool_]:
    """Give pieces apart from the heaviest piece of their side to the other side."""
    mended = side.copy()
    for half in (True, False):
        numbers, labels = _pieces(mended == half, first, second)
        if not len(numbers):
            return side
        heavy = np.argmax(np.bincount(labels, weight[numbers] + 1e-9))
        mended[numbers[labels != heavy]] = not half
    return mended


def _halves_hang_together(side: NDArray[np.bool_], first: Ints, second: Ints) -> bool:
    return all(_pieces(half, first, second)[1].max(initial=-1) == 0 for half in (side, ~side))


def _pieces(chosen: NDArray[np.bool_], first: Ints, second: Ints) -> tuple[Ints, Ints]:
    """Chosen faces, and the number of the connected piece that each is of."""
    numbers = np.flatnonzero(chosen)
    usable = chosen[first] & chosen[second]
    graph = coo_array(
        (np.ones(int(usable.sum())), (first[usable], second[usable])), shape=(len(chosen),) * 2
    )
    _, labels = connected_components(graph, directed=False)
    _, compact = np.unique(labels[numbers], return_inverse=True)
    return numbers, compact.reshape(-1)
