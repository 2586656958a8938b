"""The five kernels: their radius, their integral, and how much of one lies inside a rectangle."""

from __future__ import annotations

import math
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from gridmap.algorithms.hotspots.arrays import Floats, as_points, as_positive, refuse

Kernel = Literal["gaussian", "quartic", "epanechnikov", "triangular", "uniform"]
Bounds = tuple[float, float, float, float]  # west, south, east, north

# Radius in sigmas, and the integral of the kernel of radius 1 (of sigma 1 for the Gaussian).
_RADIUS = {
    "gaussian": 8.0,
    "quartic": math.sqrt(8),
    "epanechnikov": math.sqrt(6),
    "triangular": math.sqrt(20 / 3),
    "uniform": 2.0,
}
INTEGRAL = {
    "gaussian": 2 * math.pi,
    "quartic": math.pi / 3,
    "epanechnikov": math.pi / 2,
    "triangular": math.pi / 3,
    "uniform": math.pi,
}


def kernel_radius(kernel: Kernel, sigma_m: float) -> float:
    """Distance from which on a kernel with a standard deviation is 0, in metres."""
    if kernel not in get_args(Kernel):
        raise refuse(
            f"There is no kernel {kernel!r}.",
            field="kernel",
            reason=f"{kernel!r} is not known",
            hint=f"Choose one of {', '.join(get_args(Kernel))}.",
        )
    return _RADIUS[kernel] * as_positive(sigma_m, "sigma_m", "metres")


def kernel_share_inside(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    bounds: Bounds,
    *,
    sigma_m: float,
    kernel: Kernel = "quartic",
) -> Floats:
    """Share of a kernel round each place that lies inside a rectangle, 0 to 1.

    The Gaussian by its distribution function; the others by adding, over the four quarters of the
    rectangle as seen from the place, an integral over the angle (exact up to 1e-10).

    Parameters
    ----------
    x, y
        Places in metres, inside `bounds`.
    bounds
        (west, south, east, north) in metres.
    sigma_m, kernel
        As in `density_surface`.
    """
    east, north = as_points(x, y)
    gaps = (bounds[2] - east, bounds[3] - north, east - bounds[0], north - bounds[1])
    if kernel == "gaussian":
        from scipy.special import ndtr  # noqa: PLC0415

        across = ndtr(gaps[0] / sigma_m) - ndtr(-gaps[2] / sigma_m)
        up = ndtr(gaps[1] / sigma_m) - ndtr(-gaps[3] / sigma_m)
        inside: Floats = across * up
        return inside
    radius = kernel_radius(kernel, sigma_m)
    right, top, left, bottom = (np.clip(gap / radius, 0.0, 1.0) for gap in gaps)
    share = np.ones(east.size)
    near = np.flatnonzero(np.minimum(np.minimum(right, top), np.minimum(left, bottom)) < 1)
    quarters = [
        _quarter_share(kernel, a[near], b[near])
        for a, b in ((right, top), (top, left), (left, bottom), (bottom, right))
    ]
    share[near] = np.sum(quarters, axis=0)
    return share


_NODES, _NODE_WEIGHTS = np.polynomial.legendre.leggauss(24)


def _quarter_share(kernel: Kernel, width: Floats, height: Floats) -> Floats:
    """Integral of a kernel of radius 1 over [0, width] × [0, height], with both at most 1.

    In polar coordinates ∫ M(ρ(θ)) dθ with M the kernel's mass within ρ per radian: ρ is the far
    side of the rectangle up to two angles, and 1 between them where the corner is outside.
    """
    corner = np.arctan2(height, width)
    first = np.minimum(np.arccos(width), corner)
    last = np.maximum(np.arcsin(height), corner)
    total = np.zeros(width.size)
    for start, end, far, turn in (
        (np.zeros_like(first), first, width, np.cos),
        (last, np.full_like(last, math.pi / 2), height, np.sin),
    ):
        half = (end - start) / 2
        angle = start[:, None] + half[:, None] * (_NODES + 1)
        reach = np.minimum(far[:, None] / np.maximum(turn(angle), 1e-300), 1.0)
        total += half * (_mass_within(kernel, reach) @ _NODE_WEIGHTS)
    whole: Floats = total + (last - first) * _mass_within(kernel, np.ones(1))
    return whole


def _mass_within(kernel: Kernel, reach: Floats) -> Floats:
    """∫_0^ρ k(s) s ds of the normalised kernel of radius 1; 1 / 2π at ρ = 1."""
    square = reach**2
    if kernel == "quartic":
        part = 1 - (1 - square) ** 3
    elif kernel == "epanechnikov":
        part = square * (2 - square)
    elif kernel == "triangular":
        part = square * (3 - 2 * reach)
    else:
        part = square
    return part / (2 * math.pi)
