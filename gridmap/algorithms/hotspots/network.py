"""Density along streets: incidents per metre of street, by distance along the streets.

A surface in the plane smooths across rivers, walls and blocks; here a kernel runs along the graph
of streets, which are cut into short pieces (lixels).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import get_args

import numpy as np
import numpy.typing as npt

from gridmap.algorithms.hotspots import kernels
from gridmap.algorithms.hotspots.arrays import Floats, Integers, as_positive, as_values, refuse
from gridmap.algorithms.hotspots.smoothing import Kernel

# Radius of each kernel on a line in sigmas, and what its integral from -1 to 1 is for radius 1.
_RADIUS = {
    "gaussian": 4.0,
    "quartic": math.sqrt(7),
    "epanechnikov": math.sqrt(5),
    "triangular": math.sqrt(6),
    "uniform": math.sqrt(3),
}
_INTEGRAL = {
    "gaussian": math.sqrt(2 * math.pi) * math.erf(4 / math.sqrt(2)),
    "quartic": 16 / 15,
    "epanechnikov": 4 / 3,
    "triangular": 1.0,
    "uniform": 2.0,
}


@dataclass(frozen=True)
class NetworkDensity:
    """Density along streets; arrays of shape (lixels,), street after street.

    Parameters
    ----------
    edge
        Street of each lixel.
    start_m, end_m
        Where it lies on its street, from the street's first node.
    density
        Incidents per metre at its middle.
    """

    edge: Integers
    start_m: Floats
    end_m: Floats
    density: Floats

    @property
    def total(self) -> float:
        """Number of incidents along all streets: the integral of the density."""
        return float(self.density @ (self.end_m - self.start_m))


def network_density(
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    length_m: npt.ArrayLike,
    event_edge: npt.ArrayLike,
    event_offset_m: npt.ArrayLike,
    *,
    sigma_m: float,
    kernel: Kernel = "quartic",
    lixel_m: float = 25.0,
    split: bool = True,
    weights: npt.ArrayLike | None = None,
) -> NetworkDensity:
    """Density of incidents along a graph of streets.

    ::

        λ(s) = Σ_i w_i k(d(s, i)) / Π (degree - 1)

    with d the length of the shortest path and the product over the crossings on it: what arrives at
    a crossing is shared equally among the other streets, so that an incident counts once however
    many streets there are (the equal-split discontinuous kernel). Dead ends let their part go.

    Parameters
    ----------
    first, second
        Nodes (crossings, 0 …) at the ends of each street, shape (streets,).
    length_m
        Length of each street in metres.
    event_edge
        Street of each incident, shape (n,).
    event_offset_m
        Distance of each incident along its street from the first node, in metres.
    sigma_m
        Standard deviation of the kernel on a line, in metres.
    kernel
        As in `density_surface`; the Gaussian ends at 4 sigma.
    lixel_m
        Longest piece; each street is cut into equal ones.
    split
        Whether crossings share; without it a crossing multiplies incidents.
    weights
        One weight an incident; 1 by default.

    Raises
    ------
    InvalidInput
        A street without length, or an incident that is not on its street.
    Unavailable
        numba is not installed.

    Notes
    -----
    Okabe, Satoh and Sugihara (2009), International Journal of Geographical Information Science 23,
    7-32.
    """
    length = as_values(length_m, "length_m")
    ends = _nodes(first, second, length)
    edge = np.asarray(event_edge, np.int64).ravel()
    offset = as_values(event_offset_m, "event_offset_m", size=edge.size)
    load = np.ones(edge.size) if weights is None else as_values(weights, "weights", size=edge.size)
    if edge.size and (edge.min() < 0 or edge.max() >= length.size):
        raise refuse(
            "An incident names a street that is not there.",
            field="event_edge",
            reason=f"numbers go from 0 to {length.size - 1}",
            hint="Count streets from 0.",
        )
    if (offset < 0).any() or (offset > length[edge] * (1 + 1e-9)).any():
        raise refuse(
            "An incident lies beyond the end of its street.",
            field="event_offset_m",
            reason="less than 0 or more than the length of the street",
            hint="Project incidents onto streets first.",
        )
    pieces = np.ceil(length / as_positive(lixel_m, "lixel_m", "metres")).astype(np.int64)
    starts = np.concatenate(([0], np.cumsum(pieces)))
    radius = _RADIUS[kernel] * as_positive(sigma_m, "sigma_m", "metres")
    scale = sigma_m if kernel == "gaussian" else radius
    degree = np.bincount(ends.ravel())
    order = np.argsort(ends.ravel(), kind="stable")
    by_street = np.argsort(edge, kind="stable")
    total = kernels.load("network").spread_along_streets(
        ends,
        length,
        np.concatenate(([0], np.cumsum(degree))),
        order // 2,
        starts,
        edge[by_street],
        np.minimum(offset, length[edge])[by_street],
        load[by_street],
        get_args(Kernel).index(kernel),
        float(scale),
        radius,
        split,
    )
    street = np.repeat(np.arange(length.size), pieces)
    place = np.arange(street.size) - starts[street]
    width = (length / pieces)[street]
    density = total / (_INTEGRAL[kernel] * scale)
    return NetworkDensity(street, place * width, (place + 1) * width, density)


def _nodes(first: npt.ArrayLike, second: npt.ArrayLike, length: Floats) -> Integers:
    """Nodes of each street, shape (streets, 2)."""
    columns = [np.asarray(nodes, np.int64).ravel() for nodes in (first, second)]
    if any(column.size != length.size for column in columns) or (length <= 0).any():
        raise refuse(
            "Every street has two nodes and a length.",
            field="length_m",
            reason="different numbers of values, or a length that is not positive",
            hint="Leave out streets without length.",
        )
    ends = np.ascontiguousarray(np.column_stack(columns))
    if ends.size and ends.min() < 0:
        raise refuse(
            "Nodes are numbered from 0.",
            field="first",
            reason="a negative number",
            hint="Number the crossings.",
        )
    return ends
