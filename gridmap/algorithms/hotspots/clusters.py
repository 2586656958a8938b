"""Density clusters of points: where they crowd, in space or in space and time."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gridmap.algorithms.hotspots import kernels
from gridmap.algorithms.hotspots.arrays import (
    Flags,
    Floats,
    Integers,
    as_points,
    as_positive,
    as_values,
    refuse,
)
from gridmap.errors import Unavailable


@dataclass(frozen=True)
class Clusters:
    """Clusters of n points.

    Parameters
    ----------
    labels
        Number of each point's cluster, -1 for noise; clusters are numbered by the first of their
        core points. Shape (n,).
    core
        Whether a point is a core point (for HDBSCAN: belongs with certainty), shape (n,).
    strength
        0 to 1: how firmly a point belongs to its cluster (1 or 0 except for HDBSCAN).
    """

    labels: Integers
    core: Flags
    strength: Floats

    @property
    def count(self) -> int:
        """Number of clusters."""
        return int(self.labels.max(initial=-1)) + 1

    @property
    def sizes(self) -> Integers:
        """Number of points of each cluster."""
        return np.bincount(self.labels[self.labels >= 0], minlength=self.count)


def dbscan(x: npt.ArrayLike, y: npt.ArrayLike, *, radius_m: float, min_points: int) -> Clusters:
    """DBSCAN: connected places where everybody has at least so many neighbours.

    A point with at least `min_points` points (itself included) within `radius_m` (≤) is a core
    point; core points within the radius of each other are in one cluster; another point joins the
    first cluster of a core point within the radius, or is noise. Exact, with the labels that
    scikit-learn gives, in memory proportional to the points.

    Parameters
    ----------
    x, y
        Coordinates in metres.
    radius_m
        Radius of a neighbourhood in metres.
    min_points
        Points in a neighbourhood that make a core point.

    Raises
    ------
    Unavailable
        numba is not installed.

    Notes
    -----
    Ester, Kriegel, Sander and Xu (1996), KDD-96, 226-231; boxes after Gunawan (2013), thesis, TU
    Eindhoven.
    """
    east, north = as_points(x, y)
    radius = as_positive(radius_m, "radius_m", "metres")
    return _cluster(east, north, np.zeros(east.size), (radius, 1.0), min_points)


def st_dbscan(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    times: npt.ArrayLike,
    *,
    radius_m: float,
    delay: float,
    min_points: int,
) -> Clusters:
    """ST-DBSCAN: clusters in space and time.

    As `dbscan`, with neighbours that are within `radius_m` and within `delay` (both ≤).

    Parameters
    ----------
    x, y
        Coordinates in metres.
    times
        Times as numbers.
    radius_m
        Radius in metres.
    delay
        Largest difference of times of neighbours, in their unit.
    min_points
        Points in a neighbourhood, the point itself included, that make a core point.

    Notes
    -----
    Birant and Kut (2007), Data & Knowledge Engineering 60, 208-221, without their third attribute.
    """
    east, north = as_points(x, y)
    moments = as_values(times, "times", size=east.size)
    limits = as_positive(radius_m, "radius_m", "metres"), as_positive(delay, "delay", "time")
    return _cluster(east, north, moments, limits, min_points)


def _cluster(
    x: Floats, y: Floats, t: Floats, limits: tuple[float, float], min_points: int
) -> Clusters:
    if min_points < 1:
        raise refuse(
            "min_points is at least 1.",
            field="min_points",
            reason=f"{min_points} is not at least 1",
            hint="Every point is its own neighbour.",
        )
    n = x.size
    if not n:
        return Clusters(np.empty(0, np.int64), np.empty(0, np.bool_), np.empty(0))
    loops = kernels.load("clusters")
    key, order, offsets = _boxes(x, y, t, limits)
    key = key[order]
    x, y, t = x[order], y[order], t[order]
    begins = np.flatnonzero(np.diff(key, prepend=key[0] - 1))
    starts = np.append(begins, n)
    runs = loops.find_runs(key[begins], offsets, 2)
    squares = limits[0] ** 2, limits[1]
    core = loops.find_core_points(x, y, t, starts, runs, squares, min_points)
    before = np.concatenate(([0], np.cumsum(core)))
    roots = loops.join_boxes(x[core], y[core], t[core], before[starts], runs, squares)
    box = np.repeat(np.arange(begins.size), np.diff(starts))
    labels = np.full(n, -1, np.int64)
    labels[core] = _by_first_point(roots[box[core]], order[core])
    loops.label_borders(x, y, t, core, labels, starts, runs, squares)
    final, is_core = np.empty(n, np.int64), np.empty(n, np.bool_)
    final[order], is_core[order] = labels, core
    return Clusters(final, is_core, (final >= 0).astype(np.float64))


def _boxes(
    x: Floats, y: Floats, t: Floats, limits: tuple[float, float]
) -> tuple[Integers, Integers, Integers]:
    """Key of each point's box, points by key, and offsets of keys to the rows within reach."""
    # A little less than the diagonal, so that rounding never puts strangers into one box.
    side = limits[0] / math.sqrt(2) * (1 - 1e-9)
    depth = limits[1] * (1 - 1e-9)
    column, row, layer = (
        np.floor((values - values.min()) / size)
        for values, size in ((x, side), (y, side), (t, depth))
    )
    width, height = column.max() + 5, row.max() + 5
    if width * height * (layer.max() + 3) > 2**62:
        raise refuse(
            "The radius is too small for the extent of these points.",
            field="radius_m",
            reason="more than 2^62 boxes",
            hint="Give a larger radius, or metres instead of degrees.",
        )
    key = ((layer * height + row) * width + column).astype(np.int64)
    above = np.arange(-2, 3) * int(width)
    layers = np.arange(-2, 3) if layer.max() else np.zeros(1, np.int64)
    return (
        key,
        _sorted_by(column, row, layer),
        (layers[:, None] * int(width * height) + above).ravel(),
    )


def _sorted_by(*digits: Floats) -> Integers:
    """Stable order by whole numbers from 0 on; the last of them matter most."""
    order = np.arange(digits[0].size)
    for digit in digits:
        # 16 bits are sorted by counting, ten times as fast as longer numbers.
        most = digit.max()
        if most:
            values = digit[order].astype(np.uint16 if most < 1 << 16 else np.int64)
            order = order[np.argsort(values, kind="stable")]
    return order


def _by_first_point(groups: Integers, points: Integers) -> Integers:
    """Number groups by the smallest of their points."""
    none = np.iinfo(np.int64).max
    first = np.full(int(groups.max(initial=-1)) + 1, none)
    np.minimum.at(first, groups, points)
    present = np.flatnonzero(first < none)
    rank = np.empty(first.size, np.int64)
    rank[present[np.argsort(first[present])]] = np.arange(present.size)
    return rank[groups]


def hdbscan(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    *,
    min_cluster_size: int,
    min_points: int | None = None,
    merge_within_m: float = 0.0,
) -> Clusters:
    """HDBSCAN: clusters of different densities, without a radius to choose.

    Parameters
    ----------
    x, y
        Coordinates in metres.
    min_cluster_size
        Fewest points of a cluster.
    min_points
        Neighbours that make a place dense; `min_cluster_size` by default.
    merge_within_m
        Clusters closer than this are not told apart, in metres.

    Raises
    ------
    Unavailable
        scikit-learn is not installed (`pip install gridmap[analysis]`).

    Notes
    -----
    Campello, Moulavi and Sander (2013), PAKDD 2013, 160-172; computed by scikit-learn.
    """
    east, north = as_points(x, y)
    if east.size < 2:
        alone = np.zeros(east.size)
        return Clusters(np.full(east.size, -1), alone > 0, alone)
    if not 2 <= min_cluster_size <= max(east.size, 2):
        raise refuse(
            "A cluster has at least 2 points and at most all of them.",
            field="min_cluster_size",
            reason=f"{min_cluster_size} for {east.size} points",
            hint="Give a number of points such as 20.",
        )
    try:
        from sklearn.cluster import HDBSCAN  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise Unavailable(
            "HDBSCAN needs scikit-learn, which is not installed.",
            hint="pip install gridmap[analysis]",
        ) from error
    made = HDBSCAN(
        min_cluster_size=min_cluster_size,
        min_samples=min_points,
        cluster_selection_epsilon=float(merge_within_m),
        copy=True,
    ).fit(np.column_stack((east, north)))
    labels = made.labels_.astype(np.int64)
    inside = labels >= 0
    if inside.any():
        labels[inside] = _by_first_point(labels[inside], np.flatnonzero(inside))
    strength = made.probabilities_.astype(np.float64)
    return Clusters(labels, strength >= 1.0, strength)
