"""Circles to scan: round every place, growing ring by ring.

Places at the same distance from a centre come in together or not at all. On a regular lattice many
are, and taking them one by one would make the answer depend on the order of the input.
"""

from __future__ import annotations

from dataclasses import dataclass

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

MAX_MEMBERS = 200_000_000  # of all circles round all centres, 1.6 GB
_ROWS = 256  # centres whose distances are looked at together


@dataclass(frozen=True)
class Zones:
    """Circles round each centre, each inside the next.

    Parameters
    ----------
    starts
        Sites round centre c, nearest first, are sites[starts[c]:starts[c + 1]].
    sites
        Numbers of sites.
    zone_starts
        The circles of centre c are numbered from zone_starts[c] to zone_starts[c + 1].
    zone_ends
        Number of sites in each circle.
    """

    starts: Small
    sites: Small
    zone_starts: Small
    zone_ends: Small

    def members(self, centre: int, zone: int) -> Small:
        """Sites in a circle, nearest first."""
        start = self.starts[centre]
        return self.sites[start : start + self.zone_ends[zone]]

    def without(self, blocked: Flags) -> Small:
        """Count, for each centre, the circles that hold no blocked site."""
        centres = self.starts.size - 1
        position = np.arange(self.sites.size) - np.repeat(self.starts[:-1], np.diff(self.starts))
        at = np.flatnonzero(blocked[self.sites])
        first = np.full(centres, np.iinfo(np.int32).max, np.int64)
        rows = np.searchsorted(self.starts, at, side="right") - 1
        np.minimum.at(first, rows, position[at])
        owner = np.repeat(np.arange(centres), np.diff(self.zone_starts))
        free = self.zone_ends <= first[owner]
        return np.bincount(owner, free, minlength=centres).astype(np.int32)


def circular_zones(
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    sizes: npt.ArrayLike,
    *,
    largest_share: float = 0.5,
    largest_radius_m: float | None = None,
    tie_m: float = 1e-3,
) -> Zones:
    """Circles round every site, up to a share of the total size and a radius.

    Parameters
    ----------
    x, y
        Coordinates of the sites in metres.
    sizes
        What the share is of: expected cases for a Poisson scan (not the raw population, where rates
        differ by stratum), the population for a Bernoulli scan.
    largest_share
        Largest share of all sizes inside a circle.
    largest_radius_m
        Largest radius; none by default.
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
    radius = np.inf
    if largest_radius_m is not None:
        radius = as_positive(largest_radius_m, "largest_radius_m", "metres")
    limit = largest_share * size.sum() * (1 + 1e-12)
    sites: list[Small] = []
    ends: list[Small] = []
    lengths, zones = np.zeros(east.size, np.int64), np.zeros(east.size, np.int64)
    members = 0
    for start in range(0, east.size, _ROWS):
        rows = slice(start, start + _ROWS)
        distance = np.hypot(east[rows, None] - east, north[rows, None] - north)
        order = np.argsort(distance, axis=1, kind="stable").astype(np.int32)
        near = np.take_along_axis(distance, order, axis=1)
        whole = np.ones(near.shape, np.bool_)
        whole[:, :-1] = np.diff(near, axis=1) > tie_m
        whole &= (np.cumsum(size[order], axis=1) <= limit) & (near <= radius)
        for row, good in enumerate(whole):
            end = (np.flatnonzero(good) + 1).astype(np.int32)
            ends.append(end)
            sites.append(order[row, : end[-1] if end.size else 0])
            zones[start + row], lengths[start + row] = end.size, sites[-1].size
        members = int(lengths.sum())
        if members > MAX_MEMBERS:
            raise TooLarge(
                f"The circles round {east.size:,} places have more than {MAX_MEMBERS:,} members.",
                hint="Give a largest radius, or scan larger cells.",
                faults=(Fault("too many members", field="largest_radius_m"),),
            )
    return Zones(
        _starts(lengths),
        np.concatenate(sites) if sites else np.empty(0, np.int32),
        _starts(zones),
        np.concatenate(ends) if ends else np.empty(0, np.int32),
    )


def _starts(lengths: npt.NDArray[np.int64]) -> Small:
    return np.concatenate(([0], np.cumsum(lengths))).astype(np.int32)


def farthest(x: Floats, y: Floats, centre: int, members: Small) -> float:
    """Radius of the circle round a site that just holds its members, in metres."""
    return float(np.hypot(x[members] - x[centre], y[members] - y[centre]).max(initial=0.0))
