"""Sensible defaults by the data: how large the cells, how far the neighbours, and why."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from gridmap.algorithms.hotspots.arrays import Floats, as_positive, as_values, refuse
from gridmap.algorithms.hotspots.autocorrelation import moran
from gridmap.algorithms.hotspots.weights import cell_neighbours
from gridmap.geometry.cells import Shape, Tessellation

Reason = Literal["first_peak", "still_rising", "nothing_clustered"]


@dataclass(frozen=True)
class RingChoice:
    """How far neighbours reach, and what it was read from.

    Parameters
    ----------
    rings
        Number of rings.
    z
        z of Moran's I with 1, 2 … rings.
    reason
        `first_peak`: clustering is strongest there; `still_rising`: it grows up to the last one
        tried; `nothing_clustered`: no z is above 1.96, so that one ring is taken.
    """

    rings: int
    z: Floats
    reason: Reason


def choose_cell_size(count: int, area_m2: float, *, shape: Shape = "hexagon") -> float:
    """Size of cells so that two incidents fall into one on average, in metres.

    A cell has the area 2 A / n, the size of a quadrat at which clustering shows best: in smaller
    ones nearly all counts are 0 and 1, in larger ones a cluster is one cell.

    Parameters
    ----------
    count
        Number of incidents n.
    area_m2
        Area A of the territory in square metres.
    shape
        Of the cells; the size is the distance between neighbouring centres.

    Notes
    -----
    Wong and Lee (2005), Statistical Analysis of Geographic Information, chapter 6.
    """
    if count < 1:
        raise refuse(
            "There is nothing to count.",
            field="count",
            reason=f"{count} incidents",
            hint="Take a longer window.",
        )
    cell = 2 * as_positive(area_m2, "area_m2", "square metres") / count
    return math.sqrt(cell * (2 / math.sqrt(3) if shape == "hexagon" else 1.0))


def choose_rings(
    counts: npt.ArrayLike,
    tessellation: Tessellation,
    *,
    numbers: npt.ArrayLike | None = None,
    most: int = 4,
) -> RingChoice:
    """Number of rings of neighbours at which counts cluster most: the first peak of Moran's z.

    Parameters
    ----------
    counts
        Count of each cell.
    tessellation, numbers
        The cells, as in `cell_neighbours`.
    most
        Largest number of rings to try.

    Notes
    -----
    Esri, "How Incremental Spatial Autocorrelation works".
    """
    if most < 1:
        raise refuse(
            "At least one ring is tried.",
            field="most",
            reason=f"{most} is not at least 1",
            hint="4 is enough in most towns.",
        )
    values = as_values(counts, "counts")
    scores: list[float] = []
    for rings in range(1, most + 1):
        lists = cell_neighbours(tessellation, numbers, rings=rings)
        as_values(values, "counts", size=len(lists))
        if not values.size or np.ptp(values) == 0 or not lists.members.size:
            return RingChoice(1, np.zeros(1), "nothing_clustered")
        scores.append(moran(values, lists, assumption="randomisation").z)
        if len(scores) > 1 and scores[-1] < scores[-2]:
            break
    z = np.array(scores)
    if z.max() < 1.96:
        return RingChoice(1, z, "nothing_clustered")
    peak = int(np.argmax(z)) + 1
    return RingChoice(peak, z, "first_peak" if peak < z.size else "still_rising")
