"""How much to smooth: bandwidths chosen by the data, as standard deviations in metres.

No choice is right for everything, so the result says which it was. Rules of thumb (Scott,
Silverman) suppose one hump and smooth clusters away; cross-validation finds the scale at which the
surface predicts points left out; Diggle's minimises the squared error under a Cox process and gives
the smallest bandwidths; Cronie and van Lieshout's gives the largest of the three.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from gridmap.algorithms.hotspots import kernels
from gridmap.algorithms.hotspots.arrays import Floats, as_points, as_positive, as_values, refuse
from gridmap.algorithms.hotspots.density import density_at_points
from gridmap.algorithms.hotspots.smoothing import Bounds
from gridmap.errors import Fault, TooLarge

Correction = Literal["isotropic", "translation", "border"]

MAX_POINTS = 10_000  # for methods that look at all pairs
_RADII = 512
_CANDIDATES = 16


@dataclass(frozen=True)
class Bandwidth:
    """A bandwidth and the curve it was read from.

    Parameters
    ----------
    sigma_m
        Standard deviation of the kernel in metres.
    candidates
        Bandwidths that were tried.
    criterion
        Value at each candidate; the method says whether small or large is good.
    method
        What was done, in words.
    """

    sigma_m: float
    candidates: Floats
    criterion: Floats
    method: str


@dataclass(frozen=True)
class KFunction:
    """Ripley's K: λ K(r) other points are expected within r of a point.

    Parameters
    ----------
    radius_m
        Distances r, 0 first.
    k
        K(r) in square metres; π r² for points without structure.
    correction
        The edge correction.
    """

    radius_m: Floats
    k: Floats
    correction: Correction


def scott_bandwidths(x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[float, float]:
    """Scott's rule for each axis: standard deviation · n^(-1/6).

    Notes
    -----
    Scott (1992), Multivariate Density Estimation, page 152.
    """
    east, north = _several_points(x, y)
    shrink = float(east.size ** (-1 / 6))
    return float(east.std(ddof=1)) * shrink, float(north.std(ddof=1)) * shrink


def silverman_bandwidth(x: npt.ArrayLike, y: npt.ArrayLike) -> float:
    """Silverman's rule of thumb with a robust spread, one bandwidth for both axes.

    sigma = A · n^(-1/6); A is the geometric mean, over both axes, of
    min(standard deviation, interquartile range / 1.349).

    Notes
    -----
    Silverman (1986), Density Estimation, section 4.3.2: in two dimensions his factor
    (4 / (d + 2))^(1 / (d + 4)) is 1.
    """
    spreads = []
    points = _several_points(x, y)
    for axis in points:
        quarter, three_quarters = np.percentile(axis, [25, 75])
        deviation = float(axis.std(ddof=1))
        robust = float(three_quarters - quarter) / 1.349
        spreads.append(min(deviation, robust) if robust > 0 else deviation)
    sigma = math.sqrt(spreads[0] * spreads[1]) * points[0].size ** (-1 / 6)
    return as_positive(sigma, "x", "metres (the points are on one line or at one place)")


def arcgis_search_radius(x: npt.ArrayLike, y: npt.ArrayLike) -> float:
    """ArcGIS's default **radius** of the quartic kernel (its sigma is this / √8), in metres.

    0.9 · min(SD, √(1 / ln 2) · D) · n^(-0.2), with SD the standard distance of the points from
    their mean centre and D the median of those distances.

    Notes
    -----
    Esri, "How Kernel Density works".
    """
    east, north = _several_points(x, y)
    distance = np.hypot(east - east.mean(), north - north.mean())
    standard = math.sqrt(float((distance**2).mean()))
    median = math.sqrt(1 / math.log(2)) * float(np.median(distance))
    spread = min(standard, median) if median > 0 else standard
    return 0.9 * spread * float(east.size**-0.2)


def likelihood_bandwidth(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    bounds: Bounds,
    *,
    candidates: npt.ArrayLike | None = None,
) -> Bandwidth:
    """Likelihood cross-validation: the bandwidth whose surface predicts points left out best.

    Maximises Σ_i log λ_-i(x_i) - ∫_W λ(u) du with λ_-i the Gaussian estimate without point i, both
    corrected at the edges of the rectangle.

    Parameters
    ----------
    x, y
        Coordinates in metres, inside `bounds`; at most 10,000 points.
    bounds
        (west, south, east, north) in metres.
    candidates
        Bandwidths to try; by default 16 from the smallest distance of two points to half the
        diagonal, in equal ratios.

    Notes
    -----
    Loader (1999), Local Regression and Likelihood, section 5.3; equals spatstat's bw.ppl.
    """
    east, north = _pairable_points(x, y)
    sigmas = _candidates(east, north, bounds, candidates)
    with np.errstate(divide="ignore"):
        scores = np.array(
            [
                np.log(
                    density_at_points(
                        east, north, sigma_m=sigma, kernel="gaussian", edge="uniform", bounds=bounds
                    )
                ).sum()
                - _integral(east, bounds[0], bounds[2], sigma)
                @ _integral(north, bounds[1], bounds[3], sigma)
                for sigma in sigmas
            ]
        )
    best = float(sigmas[np.argmax(scores)])
    return Bandwidth(best, sigmas, scores, "likelihood cross-validation (largest)")


_NODES, _NODE_WEIGHTS = np.polynomial.legendre.leggauss(48)


def _integral(points: Floats, start: float, end: float, sigma: float) -> Floats:
    """∫ of a point's Gaussian, divided at each place by the share inside, along one axis.

    Both factors of the corrected estimate are products over the axes of a rectangle, and so is its
    integral, point by point.
    """
    from scipy.special import ndtr  # noqa: PLC0415

    total = np.ones(points.size)
    near = np.flatnonzero(np.minimum(points - start, end - points) < 16 * sigma)
    low = np.maximum(points[near] - 8 * sigma, start)
    half = (np.minimum(points[near] + 8 * sigma, end) - low) / 2
    place = low[:, None] + half[:, None] * (_NODES + 1)
    height = np.exp(-0.5 * ((place - points[near, None]) / sigma) ** 2)
    share = ndtr((end - place) / sigma) - ndtr((start - place) / sigma)
    total[near] = (height / share) @ _NODE_WEIGHTS * half / (sigma * math.sqrt(2 * math.pi))
    return total


def cronie_van_lieshout_bandwidth(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    bounds: Bounds,
    *,
    candidates: npt.ArrayLike | None = None,
) -> Bandwidth:
    """Cronie and van Lieshout's bandwidth: Σ_i 1 / λ(x_i) estimates the area, so make it do so.

    The square of Σ_i 1 / λ(x_i) - |W| is minimal; λ is the Gaussian estimate with every point and
    without correction at the edges.

    Parameters
    ----------
    x, y, bounds, candidates
        As in `likelihood_bandwidth`.

    Notes
    -----
    Cronie and van Lieshout (2018), Biometrika 105, 455-462; equals spatstat's bw.CvL.
    """
    east, north = _pairable_points(x, y)
    sigmas = _candidates(east, north, bounds, candidates)
    area = (bounds[2] - bounds[0]) * (bounds[3] - bounds[1])
    misses = np.array(
        [
            (
                1
                / density_at_points(
                    east, north, sigma_m=sigma, kernel="gaussian", leave_one_out=False
                )
            ).sum()
            - area
            for sigma in sigmas
        ]
    )
    best = float(sigmas[np.argmin(misses**2)])
    return Bandwidth(best, sigmas, misses**2, "Cronie and van Lieshout (smallest)")


def diggle_bandwidth(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    bounds: Bounds,
    *,
    largest_m: float | None = None,
    correction: Correction | None = None,
) -> Bandwidth:
    """Berman and Diggle's bandwidth: least squared error if the points are a Cox process.

    For the uniform kernel of radius h, with A(s, h) the area shared by two discs of radius h whose
    centres are s apart, the error divided by λ² is, up to a constant::

        M(h) = (1 / λ - 2 K(h)) / (π h²) + ∫ A(s, h) dK(s) / (π h²)²

    The answer is h / 2, the standard deviation of that kernel.

    Parameters
    ----------
    x, y
        Coordinates in metres, inside `bounds`.
    bounds
        (west, south, east, north) in metres.
    largest_m
        Largest bandwidth to try; by default an eighth of the largest radius that `ripley_k` takes.
    correction
        Edge correction of K; by default as in `ripley_k`.

    Notes
    -----
    Diggle (1985), Applied Statistics 34, 138-147; Berman and Diggle (1989), Journal of the Royal
    Statistical Society B 51, 81-92; equals spatstat's bw.diggle.
    """
    east, north = _several_points(x, y)
    area = (bounds[2] - bounds[0]) * (bounds[3] - bounds[1])
    density = east.size / area
    found = ripley_k(
        east,
        north,
        bounds,
        largest_m=None if largest_m is None else 4 * as_positive(largest_m, "largest_m", "metres"),
        correction=correction,
    )
    # M(h) needs K up to 2 h.
    radii = found.radius_m[1 : (_RADII + 1) // 2]
    middles = (found.radius_m[1:] + found.radius_m[:-1]) / 2
    ratio = np.minimum(middles / (2 * radii[:, None]), 1.0)
    shared = 2 * radii[:, None] ** 2 * (np.arccos(ratio) - ratio * np.sqrt(1 - ratio**2))
    disc = np.pi * radii**2
    error = (1 / density - 2 * found.k[1 : radii.size + 1]) / disc
    error += shared @ np.diff(found.k) / disc**2
    best = float(radii[np.argmin(error)]) / 2
    return Bandwidth(best, radii / 2, error, f"Berman and Diggle ({found.correction}, smallest)")


def ripley_k(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    bounds: Bounds,
    *,
    largest_m: float | None = None,
    correction: Correction | None = None,
) -> KFunction:
    """Ripley's K function at 512 distances.

    K(r) = |W| / (n (n - 1)) · Σ_{i≠j} 1(d_ij ≤ r) e_ij with e_ij the edge correction (`isotropic`:
    1 / share of the circle round i through j inside W; `translation`: |W| / |W ∩ (W + x_i - x_j)|);
    `border` takes only the points i that are at least r from the border.

    Parameters
    ----------
    x, y
        Coordinates in metres, inside `bounds`.
    bounds
        (west, south, east, north) in metres.
    largest_m
        Largest distance; by default a quarter of the shorter side, or the radius of a disc that
        holds 1,000 points if that is less.
    correction
        By default isotropic below 1,000 points, translation below 3,000, border from there on.

    Notes
    -----
    Ripley (1988), Statistical Inference for Spatial Processes, chapter 3; equals spatstat's Kest.
    """
    east, north = _several_points(x, y)
    width, height = bounds[2] - bounds[0], bounds[3] - bounds[1]
    n, area = east.size, width * height
    margin = np.minimum(
        np.minimum(east - bounds[0], bounds[2] - east),
        np.minimum(north - bounds[1], bounds[3] - north),
    )
    if margin.min() < 0:
        raise refuse(
            "A point lies outside the rectangle.",
            field="bounds",
            reason=f"point {int(np.argmin(margin))} is outside",
            hint="Leave out points outside, or give a larger rectangle.",
        )
    if largest_m is None:
        largest_m = min(min(width, height) / 4, math.sqrt(1000 * area / (math.pi * n)))
    if correction is None:
        correction = "isotropic" if n < 1000 else "translation" if n < 3000 else "border"
    radius = np.linspace(0.0, as_positive(largest_m, "largest_m", "metres"), _RADII)
    loops = kernels.load("density")
    if correction == "border":
        pairs = loops.count_pairs_border(east, north, margin, radius[1], _RADII)
        deep = n - np.searchsorted(np.sort(margin), radius, side="left")
        with np.errstate(invalid="ignore"):
            k = pairs / deep * (area / n)
    else:
        count = loops.count_pairs_isotropic
        if correction == "translation":
            count = loops.count_pairs_translation
        table = count(east, north, bounds, radius[1], _RADII)
        k = np.cumsum(table) * (area / (n * (n - 1)))
    return KFunction(radius, k, correction)


def _several_points(x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Floats, Floats]:
    east, north = as_points(x, y)
    if east.size < 2:
        raise refuse(
            "A bandwidth needs at least two points.",
            field="x",
            reason=f"{east.size} points",
            hint="Take a longer window.",
        )
    return east, north


def _pairable_points(x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Floats, Floats]:
    east, north = _several_points(x, y)
    if east.size > MAX_POINTS:
        raise TooLarge(
            f"Cross-validation looks at all pairs: at most {MAX_POINTS:,} points.",
            hint="Draw a seeded sample, and scale the bandwidth by (sample / n)^(1/6).",
            faults=(Fault(f"{east.size:,} points", field="x"),),
        )
    return east, north


def _candidates(
    east: Floats, north: Floats, bounds: Bounds, candidates: npt.ArrayLike | None
) -> Floats:
    if candidates is not None:
        sigmas = as_values(candidates, "candidates")
        for sigma in sigmas:
            as_positive(float(sigma), "candidates", "metres")
        return sigmas
    from scipy.spatial import KDTree  # noqa: PLC0415

    points = np.unique(np.column_stack((east, north)), axis=0)
    if points.shape[0] < 2:
        raise refuse(
            "All points are at one place.",
            field="x",
            reason="no two different places",
            hint="Choose a bandwidth by hand.",
        )
    smallest = float(KDTree(points).query(points, k=2)[0][:, 1].min())
    diagonal = math.hypot(bounds[2] - bounds[0], bounds[3] - bounds[1])
    return np.geomspace(smallest, diagonal / 2, _CANDIDATES)
