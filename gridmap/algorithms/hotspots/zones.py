"""Windows to scan: circles or upright rectangles round every place, growing ring by ring.

Places at the same distance from a centre come in together or not at all. On a regular lattice many
are, and taking them one by one would make the answer depend on the order of the input.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from gridmap.algorithms.hotspots.arrays import (
    Flags,
    Floats,
    as_points,
    as_positive,
    as_values,
    refuse,
)
from gridmap.errors import Fault, TooLarge

Small = npt.NDArray[np.int32]
Windows = Literal["circles", "rectangles"]

MAX_MEMBERS = 200_000_000  # of all windows round all centres, 1.6 GB
# Width to height of the rectangles: blocks of streets are as often long as they are square.
_ASPECTS = (1.0, 2.0, 0.5)
_ROWS = 256  # centres whose distances are looked at together


@dataclass(frozen=True)
class Zones:
    """Windows round each centre, each inside the next.

    A site is as many centres as there are shapes of windows: first all sites with the first shape.

    Parameters
    ----------
    starts
        Sites round centre c, nearest first, are sites[starts[c]:starts[c + 1]].
    sites
        Numbers of sites.
    zone_starts
        The windows of centre c are numbered from zone_starts[c] to zone_starts[c + 1].
    zone_ends
        Number of sites in each window.
    """

    starts: Small
    sites: Small
    zone_starts: Small
    zone_ends: Small

    def members(self, centre: int, zone: int) -> Small:
        """Sites in a window, nearest first."""
        start = self.starts[centre]
        return self.sites[start : start + self.zone_ends[zone]]

    def without(self, blocked: Flags) -> Small:
        """Count, for each centre, the windows that hold no blocked site."""
        centres = self.starts.size - 1
        position = np.arange(self.sites.size) - np.repeat(self.starts[:-1], np.diff(self.starts))
        at = np.flatnonzero(blocked[self.sites])
        first = np.full(centres, np.iinfo(np.int32).max, np.int64)
        rows = np.searchsorted(self.starts, at, side="right") - 1
        np.minimum.at(first, rows, position[at])
        owner = np.repeat(np.arange(centres), np.diff(self.zone_starts))
        free = self.zone_ends <= first[owner]
        return np.bincount(owner, free, minlength=centres).astype(np.int32)


def make_zones(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    sizes: npt.ArrayLike,
    *,
    windows: Windows = "circles",
    largest_share: float = 0.5,
    largest_radius_m: float | None = None,
    tie_m: float = 1e-3,
) -> Zones:
    """Windows round every site, up to a share of the total size and a radius.

    Parameters
    ----------
    x, y
        Coordinates of the sites in metres.
    sizes
        What the share is of: expected cases for a Poisson scan (not the raw population, where rates
        differ by stratum), the population for a Bernoulli scan.
    windows
        Circles; or rectangles along the axes, square, twice as wide and twice as high: on a
        lattice these are blocks of whole cells.
    largest_share
        Largest share of all sizes inside a window.
    largest_radius_m
        Largest radius, or half of the longer side; none by default.
    tie_m
        Distances that differ by no more than this are the same ring.

    Raises
    ------
    TooLarge
        More than 200 million memberships; a radius helps.
    """
    east, north = as_points(x, y)
    size = as_values(sizes, "sizes", size=east.size)
    if not 0 < largest_share <= 1:
        raise refuse(
            "The largest share is above 0 and at most 1.",
            field="largest_share",
            reason=f"{largest_share} is outside",
            hint="0.5 is usual: more is not a cluster.",
        )
    if windows not in get_args(Windows):
        raise refuse(
            "Windows are circles or rectangles.",
            field="windows",
            reason=f"{windows!r} is neither",
            hint="Use circles where nothing is known of the shape.",
        )
    radius = np.inf
    if largest_radius_m is not None:
        radius = as_positive(largest_radius_m, "largest_radius_m", "metres")
    limit = largest_share * size.sum() * (1 + 1e-12)
    shapes = _ASPECTS if windows == "rectangles" else (None,)
    sites: list[Small] = []
    ends: list[Small] = []
    members = 0
    for aspect in shapes:
        for start in range(0, east.size, _ROWS):
            rows = slice(start, start + _ROWS)
            distance = _distances(east[rows, None] - east, north[rows, None] - north, aspect)
            order = np.argsort(distance, axis=1, kind="stable").astype(np.int32)
            near = np.take_along_axis(distance, order, axis=1)
            whole = np.ones(near.shape, np.bool_)
            whole[:, :-1] = np.diff(near, axis=1) > tie_m
            whole &= (np.cumsum(size[order], axis=1) <= limit) & (near <= radius)
            for row, good in enumerate(whole):
                end = (np.flatnonzero(good) + 1).astype(np.int32)
                ends.append(end)
                sites.append(order[row, : end[-1] if end.size else 0])
                members += sites[-1].size
            if members > MAX_MEMBERS:
                raise TooLarge(
                    f"The windows round {east.size:,} places have more than"
                    f" {MAX_MEMBERS:,} members.",
                    hint="Give a largest radius, or scan larger cells.",
                    faults=(Fault("too many members", field="largest_radius_m"),),
                )
    return Zones(_starts(sites), _joined(sites), _starts(ends), _joined(ends))


def _distances(east: Floats, north: Floats, aspect: float | None) -> Floats:
    """Distances in metres; of a rectangle, half of the longer side of the one that just reaches."""
    if aspect is None:
        return np.hypot(east, north)
    longest = max(aspect, 1 / aspect)
    wide, high = (longest, 1.0) if aspect < 1 else (1.0, longest)
    return np.maximum(np.abs(east) * wide, np.abs(north) * high)


def _starts(lists: list[Small]) -> Small:
    return np.concatenate(([0], np.cumsum([item.size for item in lists]))).astype(np.int32)


def _joined(lists: list[Small]) -> Small:
    return np.concatenate(lists) if lists else np.empty(0, np.int32)


def reach(x: Floats, y: Floats, centre: int, members: Small) -> tuple[float, float, float]:
    """How far the farthest members lie from a site: at all, east or west, north or south (m)."""
    east, north = np.abs(x[members] - x[centre]), np.abs(y[members] - y[centre])
    far = np.hypot(east, north).max(initial=0.0)
    return float(far), float(east.max(initial=0.0)), float(north.max(initial=0.0))
