"""What a method found: classed shapes, the places that stand out by rank, and what was tested."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gridmap.algorithms.hotspots.weights import Neighbours
from gridmap.services.hotspots.units import Units
from gridmap.services.hotspots.words import Entry, Words

MOST_SPOTS = 50


@dataclass(frozen=True)
class Spot:
    """A place that stands out.

    Parameters
    ----------
    members
        Numbers (of rows of the finding) that it is made of.
    shape
        Its ground in metres.
    centre
        Where its incidents pile up, x and y in metres.
    incidents, expected
        What was counted, and what would have been there by chance or rate; None: nothing is said.
    kind
        The class of the legend that it has.
    score
        What places are ranked by, the highest first.
    words
        What is sure of it.
    begins, ends
        When, for what has a time of its own (local days, the last one excluded).
    """

    members: NDArray[np.int64]
    shape: Any
    centre: tuple[float, float]
    incidents: int
    expected: float | None
    kind: int
    score: float
    words: Words
    begins: str | None = None
    ends: str | None = None


@dataclass(frozen=True)
class Finding:
    """The answer of a method.

    Parameters
    ----------
    shapes, ids, kinds
        In metres; ids that are stable between answers over the same units; classes of the legend.
    columns
        Further properties of each shape.
    legend
        Classes, strongest first.
    spots
        Places that stand out, strongest first.
    test, tests
        What was tested, in words, and how often.
    tables
        What belongs to the method alone: steps of a cube, a near-repeat table, totals.
    shown
        Rows that a map shows; those of class 0 without incidents say nothing.
    cell_size_m
        Of cells: the same size again makes another window comparable.
    summary
        One sentence, where "so many places stand out" would say too much.
    """

    shapes: NDArray[np.object_]
    ids: NDArray[np.int64]
    kinds: NDArray[np.integer[Any]]
    columns: Mapping[str, Any]
    legend: list[Entry]
    spots: list[Spot]
    test: Words
    tests: int = 0
    tables: Mapping[str, Any] = field(default_factory=dict)
    shown: NDArray[np.bool_] | None = None
    cell_size_m: float | None = None
    summary: Words | None = None


def group(
    units: Units,
    counts: NDArray[Any],
    strength: NDArray[Any],
    expected: NDArray[np.floating[Any]],
    words: Mapping[int, Words],
) -> list[Spot]:
    """Units of positive strength that touch each other, as one place each, by excess."""
    hot = strength > 0
    label = components(units.touching, hot)
    spots = []
    for number in np.unique(label[hot]):
        members = np.flatnonzero(hot & (label == number))
        counted, expects = int(counts[members].sum()), float(expected[members].sum())
        kind = int(strength[members].max())
        weight = np.maximum(counts[members] - expected[members], 0) + 1e-9
        x, y = np.average(units.centres[members], axis=0, weights=weight)
        spots.append(
            Spot(
                members,
                shapely.union_all(units.shapes[members]),
                (float(x), float(y)),
                counted,
                round(expects, 1),
                kind,
                counted - expects,
                words.get(kind, Words("", "")),
            )
        )
    return rank(spots)


def rank(spots: list[Spot]) -> list[Spot]:
    """The strongest first; equal ones from west to east, so that the order is always the same."""
    return sorted(spots, key=lambda spot: (-spot.score, spot.centre))[:MOST_SPOTS]


def components(neighbours: Neighbours, hot: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Number of the group of each place, where groups are hot places that touch each other."""
    first, second = neighbours.rows(), neighbours.members
    both = hot[first] & hot[second]
    graph = coo_array(
        (np.ones(int(both.sum())), (first[both], second[both])), shape=(len(hot), len(hot))
    )
    label: NDArray[np.int32] = connected_components(graph, directed=False)[1]
    return label


def quantile_classes(
    values: NDArray[np.float64], most: int = 5
) -> tuple[NDArray[Any], list[float]]:
    """Classes 1 … n of values above 0, about equally full, and their limits; 0 for the rest."""
    there = np.isfinite(values) & (values > 0)
    if not there.any():
        return np.zeros(len(values), np.int64), []
    steps = np.unique(np.quantile(values[there], np.linspace(0, 1, most + 1), method="nearest"))
    limits = [float(step) for step in (steps if len(steps) > 1 else np.repeat(steps, 2))]
    kinds = np.searchsorted(limits[1:-1], values, side="right") + 1
    return np.where(there, kinds, 0), limits
