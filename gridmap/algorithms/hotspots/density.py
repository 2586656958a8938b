"""Kernel density: a smooth surface of incidents per square metre.

Five kernels, all measured by the same bandwidth: **sigma is the standard deviation of the kernel
along one axis**, so that changing the kernel does not change how much is smoothed. The radius of
the kernels that end is σ·√8 (quartic), σ·√6 (Epanechnikov), σ·√(20/3) (triangular), 2 σ (uniform);
the Gaussian is cut where nothing is left of it, at 8 σ.

Densities are per square metre (of the coordinates' unit, squared); times 1e6 they are per km².
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from gridmap.algorithms.hotspots import kernels
from gridmap.algorithms.hotspots.arrays import (
    Flags,
    Floats,
    as_points,
    as_values,
    refuse,
)
from gridmap.algorithms.hotspots.smoothing import (
    INTEGRAL,
    Bounds,
    Kernel,
    kernel_radius,
    kernel_share_inside,
)

Edge = Literal["uniform", "diggle", "none"]


@dataclass(frozen=True)
class Surface:
    """A density on a raster.

    Parameters
    ----------
    density
        Incidents per square metre at pixel centres, shape (rows, columns), the southernmost row
        first; NaN outside the mask.
    bounds
        (west, south, east, north) of the raster in metres.
    kernel, sigma_m, edge
        What it was made with.
    """

    density: Floats
    bounds: Bounds
    kernel: Kernel
    sigma_m: float
    edge: Edge

    @property
    def pixel_m(self) -> tuple[float, float]:
        """Width and height of a pixel in metres."""
        rows, columns = self.density.shape
        west, south, east, north = self.bounds
        return (east - west) / columns, (north - south) / rows

    @property
    def total(self) -> float:
        """Number of incidents on the raster: the integral of the density."""
        width, height = self.pixel_m
        return float(np.nansum(self.density)) * width * height


def density_surface(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    bounds: Bounds,
    *,
    sigma_m: float,
    columns: int,
    rows: int,
    kernel: Kernel = "quartic",
    edge: Edge = "uniform",
    mask: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
) -> Surface:
    """Density of points on a raster, by linear binning and a Fourier transform.

    ::

        λ(u) = Σ_i w_i k(u - x_i) / e(u),  e(u) = ∫_W k(u - v) dv

    Each point is shared among its four nearest pixel centres in proportion, which keeps its mass
    and its place; the kernel is applied to the pixels. The cost depends on points + pixels and
    not on their product.

    Parameters
    ----------
    x, y
        Coordinates in metres; points outside `bounds` are left out.
    bounds
        (west, south, east, north) of the raster in metres.
    sigma_m
        Bandwidth: standard deviation of the kernel in metres, at least half a pixel.
    columns, rows
        Size of the raster.
    kernel
        `gaussian`, `quartic`, `epanechnikov`, `triangular` or `uniform`.
    edge
        `uniform` divides by the share of the kernel that lies inside (Jones 1993); `diggle` gives
        each point more weight instead, so that the total is kept (Diggle 1985); `none`.
    mask
        Pixels that belong to the area, shape (rows, columns); all by default. Points elsewhere are
        left out, the density there is NaN.
    weights
        One weight a point; 1 by default.

    Raises
    ------
    InvalidInput
        A bandwidth below half a pixel, or a mask of another shape.
    Unavailable
        numba is not installed.

    Notes
    -----
    Silverman (1982), Applied Statistics 31, 93-99 (Fourier transform); Wand (1994), Journal of
    Computational and Graphical Statistics 3, 433-445 (linear binning).
    """
    east, north = as_points(x, y)
    load = np.empty(0) if weights is None else as_values(weights, "weights", size=east.size)
    area = _checked_mask(mask, rows, columns)
    pixel = ((bounds[2] - bounds[0]) / columns, (bounds[3] - bounds[1]) / rows)
    radius = kernel_radius(kernel, sigma_m)
    if sigma_m < max(pixel) / 2:
        raise refuse(
            "The raster is too coarse for this bandwidth.",
            field="sigma_m",
            reason=f"{sigma_m:g} m is below half a pixel of {max(pixel):g} m",
            hint="Take more pixels or a larger bandwidth.",
        )
    binned = kernels.load("density").bin_linearly(
        east, north, load, bounds[0], bounds[1], pixel, (rows, columns)
    )
    blur = _Blur((rows, columns), pixel, kernel, sigma_m, radius)
    inside = None
    if edge != "none" or area is not None:
        inside = np.zeros((rows + 2, columns + 2))
        inside[1:-1, 1:-1] = 1.0 if area is None else area
    if area is not None:
        binned *= inside
    if edge == "none" or inside is None:
        density = blur(binned)[1:-1, 1:-1]
    else:
        share = np.clip(blur(inside), 1e-12, 1.0)
        if edge == "diggle":
            density = blur(binned / share)[1:-1, 1:-1]
        else:
            density = blur(binned)[1:-1, 1:-1] / share[1:-1, 1:-1]
    # The transform leaves rounding below 0 where there is nothing.
    density = np.maximum(density, 0.0) / (pixel[0] * pixel[1])
    if area is not None:
        density[~area] = np.nan
    return Surface(density, bounds, kernel, float(sigma_m), edge)


def _checked_mask(mask: npt.ArrayLike | None, rows: int, columns: int) -> Flags | None:
    if mask is None:
        return None
    area: Flags = np.asarray(mask, np.bool_)
    if area.shape != (rows, columns):
        raise refuse(
            "The mask has another shape than the raster.",
            field="mask",
            reason=f"{area.shape} instead of {(rows, columns)}",
            hint="Make one value for each pixel, southernmost row first.",
        )
    return area


class _Blur:
    """Convolution with a kernel on a raster with one pixel of margin; it keeps the sum."""

    def __init__(
        self,
        shape: tuple[int, int],
        pixel: tuple[float, float],
        kernel: Kernel,
        sigma_m: float,
        radius_m: float,
    ) -> None:
        from scipy import fft  # noqa: PLC0415

        self._fft = fft
        # So much larger that nothing wraps round into the raster; even, for the cosine transform.
        self._shape = tuple(
            _even_fast_length(size + 2 + min(math.ceil(radius_m / length), size + 2))
            for size, length in zip(shape, reversed(pixel), strict=True)
        )
        up, across = (
            np.arange(size // 2 + 1) * length
            for size, length in zip(self._shape, reversed(pixel), strict=True)
        )
        scale = sigma_m if kernel == "gaussian" else radius_m
        square = (up[:, None] ** 2 + across**2) / scale**2
        quarter = _kernel_values(kernel, square)
        if kernel == "uniform":
            # A pixel on the rim counts for the part of it that lies inside.
            soft = (1.0 - np.sqrt(square)) * (scale / math.sqrt(pixel[0] * pixel[1])) + 0.5
            quarter = np.clip(soft, 0.0, 1.0)
        # A symmetric kernel has a real transform: the cosine transform of one quarter of it.
        spectrum = fft.dctn(quarter, type=1)
        self._spectrum = spectrum / spectrum[0, 0]

    def __call__(self, grid: Floats) -> Floats:
        rows, columns = grid.shape
        spectrum = self._fft.rfft2(grid, self._shape)
        spectrum *= self._mirrored()
        blurred: Floats = self._fft.irfft2(spectrum, self._shape, overwrite_x=True)
        return blurred[:rows, :columns]

    def _mirrored(self) -> Floats:
        return np.concatenate((self._spectrum, self._spectrum[-2:0:-1]))


def _even_fast_length(size: int) -> int:
    from scipy.fft import next_fast_len  # noqa: PLC0415

    return 2 * int(next_fast_len((size + 1) // 2, real=True))


def _kernel_values(kernel: Kernel, square: Floats) -> Floats:
    """Kernel at squared distances in units of its radius (Gaussian: of sigma), not normalised."""
    if kernel == "gaussian":
        values: Floats = np.exp(-0.5 * square)
        return values
    rest = np.maximum(1.0 - square, 0.0)
    if kernel == "quartic":
        return rest**2
    if kernel == "epanechnikov":
        return rest
    if kernel == "triangular":
        return np.maximum(1.0 - np.sqrt(square), 0.0)
    return (square <= 1.0).astype(np.float64)


def density_at(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    at_x: npt.ArrayLike,
    at_y: npt.ArrayLike,
    *,
    sigma_m: float,
    kernel: Kernel = "quartic",
    edge: Edge = "none",
    bounds: Bounds | None = None,
    weights: npt.ArrayLike | None = None,
) -> Floats:
    """Density at places, summed point by point: the exact value that a raster approximates.

    Parameters
    ----------
    x, y
        Coordinates of the points in metres.
    at_x, at_y
        Where the density is wanted.
    sigma_m, kernel, edge, weights
        As in `density_surface`.
    bounds
        The rectangle W of the edge correction; needed with one.
    """
    east, north = as_points(x, y)
    where = as_points(at_x, at_y)
    return _sums(east, north, where, sigma_m, kernel, edge, bounds, weights, skip_same=False)


def density_at_points(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    sigma_m: float,
    kernel: Kernel = "quartic",
    edge: Edge = "none",
    bounds: Bounds | None = None,
    leave_one_out: bool = True,
    weights: npt.ArrayLike | None = None,
) -> Floats:
    """Density at the points themselves, by default without the point's own contribution.

    Parameters
    ----------
    leave_one_out
        Whether a point is left out of the density at its own place.
    x, y, sigma_m, kernel, edge, bounds, weights
        As in `density_at`.
    """
    points = as_points(x, y)
    return _sums(*points, points, sigma_m, kernel, edge, bounds, weights, skip_same=leave_one_out)


def _sums(
    east: Floats,
    north: Floats,
    where: tuple[Floats, Floats],
    sigma_m: float,
    kernel: Kernel,
    edge: Edge,
    bounds: Bounds | None,
    weights: npt.ArrayLike | None,
    *,
    skip_same: bool,
) -> Floats:
    radius = kernel_radius(kernel, sigma_m)
    load = np.ones(east.size) if weights is None else as_values(weights, "weights", size=east.size)
    if not east.size:
        return np.zeros(where[0].size)
    share = None
    if edge != "none":
        if bounds is None:
            raise refuse(
                "An edge correction needs the rectangle.",
                field="bounds",
                reason="bounds are missing",
                hint="Give (west, south, east, north) in metres.",
            )
        if edge == "diggle":
            load = load / kernel_share_inside(east, north, bounds, sigma_m=sigma_m, kernel=kernel)
        else:
            share = kernel_share_inside(*where, bounds, sigma_m=sigma_m, kernel=kernel)
    scale = sigma_m if kernel == "gaussian" else radius
    total: Floats = kernels.load("density").sum_kernels(
        east, north, load, *where, get_args(Kernel).index(kernel), scale, radius, skip_same
    )
    total /= INTEGRAL[kernel] * scale**2
    return total if share is None else total / share
