"""The areas and the building of each of many points."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gridmap.geometry.datum import Datum, is_in_china, to_wgs84
from gridmap.geometry.membership import (
    CRACK_DEG,
    Coordinates,
    find_members,
    find_near,
    first_of_each,
)
from gridmap.store import locate
from gridmap.store.database import Connection

NEAR_M = 30.0  # as far as a point may be from its building: a gate, an inaccurate address
NOBODY = -1

# Points are looked up in windows of about this size: larger for areas, which are larger.
_AREA_WINDOW_DEG = 0.02
_BUILDING_WINDOW_DEG = 0.002
_NEAR_DEG = NEAR_M / 110_000.0

Ints = NDArray[np.int64]
Row = dict[str, Any]


@dataclass(frozen=True)
class Areas:
    """Where points belong: an id for each point, `NOBODY` for none, and the rows behind the ids.

    Parameters
    ----------
    territory
        Id of the smallest territory of each point.
    grid
        For each network, the id of each point's area of the lowest level.
    territories, grids
        Rows by id, with all that they lie in.
    """

    territory: Ints
    grid: dict[str, Ints]
    territories: dict[int, Row]
    grids: dict[int, Row]

    def territory_chain(self, point: int) -> list[Row]:
        """The territories of a point, the largest first."""
        number = int(self.territory[point])
        if number == NOBODY:
            return []
        by_code = {row["code"]: row for row in self.territories.values()}
        chain = [self.territories[number]]
        while (parent := by_code.get(chain[-1]["parent"])) and parent not in chain:
            chain.append(parent)
        return chain[::-1]

    def grid_chain(self, network: str, point: int) -> list[Row]:
        """The areas of a point in a network, the lowest level first."""
        found = self.grid.get(network)
        return [] if found is None else chain_of(self.grids, int(found[point]))


def in_wgs84(points: Coordinates, datum: Datum) -> Coordinates:
    """Turn degrees in `datum` into those in WGS 84.

    Only where the datum shifts at all: far from China its formulae know no inverse.
    """
    shifted = is_in_china(points)
    found = points.copy()
    found[shifted] = to_wgs84(points[shifted], datum)
    return found


def chain_of(grids: dict[int, Row], number: int) -> list[Row]:
    """A grid and what it lies in, the lowest level first; nothing for `NOBODY`."""
    chain = []
    following = grids.get(number)
    while following is not None:
        chain.append(following)
        following = grids.get(following["parent_id"])
    return chain


def find_areas(
    connection: Connection,
    points: Coordinates,
    *,
    network: str | None = None,
    day: date | None = None,
) -> Areas:
    """Find the territory of each point and its area in one network, or in all.

    By the plans in force on a day; None is today.
    """
    boxes = windows(points, _AREA_WINDOW_DEG, CRACK_DEG)
    ids, shapes = locate.read_near(connection, "territory", boxes, day=day)
    point, area, gap = find_members(points, shapes)
    territories = locate.read_territories(connection, set(ids[area].tolist()), day=day)
    depth = _depths(territories)
    chosen = first_of_each(
        point, np.array([-depth[number] for number in ids[area]], dtype=int), gap, ids[area]
    )
    territory = np.full(len(points), NOBODY)
    territory[point[chosen]] = ids[area[chosen]]

    ids, shapes = locate.read_near(connection, "grid", boxes, network=network, day=day)
    point, area, gap = find_members(points, shapes)
    grids = locate.read_grids(connection, set(ids[area].tolist()))
    return Areas(
        territory,
        _choose_grids(point, ids[area], gap, territory, territories, grids),
        territories,
        grids,
    )


def _depths(territories: dict[int, Row]) -> dict[int, int]:
    """How many territories each one lies in."""
    by_code = {row["code"]: row for row in territories.values()}

    def depth(row: Row) -> int:
        steps, seen = 0, {row["code"]}
        while (parent := by_code.get(row["parent"])) and parent["code"] not in seen:
            seen.add(parent["code"])
            row, steps = parent, steps + 1
        return steps

    return {number: depth(row) for number, row in territories.items()}


def _choose_grids(
    point: Ints,
    grid: Ints,
    gap: NDArray[np.float64],
    territory: Ints,
    territories: dict[int, Row],
    grids: dict[int, Row],
) -> dict[str, Ints]:
    """Choose one grid of each network for each point."""
    codes = {number: row["code"] for number, row in territories.items()}
    tops = {number: chain_of(grids, number)[-1]["parent"] for number in set(grid.tolist())}
    chosen: dict[str, Ints] = {}
    networks = np.array([grids[number]["network"] for number in grid.tolist()], dtype=object)
    for network in sorted(set(networks)):
        of_network = np.flatnonzero(networks == network)
        points, numbers = point[of_network], grid[of_network]
        foreign = np.array(
            [
                tops[number] != codes.get(owner)
                for number, owner in zip(numbers.tolist(), territory[points].tolist(), strict=True)
            ],
            dtype=bool,
        )
        firsts = first_of_each(points, foreign, gap[of_network], numbers)
        chosen[network] = np.full(len(territory), NOBODY)
        chosen[network][points[firsts]] = numbers[firsts]
    return chosen


def find_buildings(
    connection: Connection, points: Coordinates
) -> tuple[Ints, NDArray[np.float64], dict[int, Row]]:
    """Find the building of each point: ids (`NOBODY` for none), distances in metres, rows by id."""
    found = np.full(len(points), NOBODY)
    metres = np.zeros(len(points))
    ids, shapes = locate.read_near(
        connection, "building", windows(points, _BUILDING_WINDOW_DEG, _margin_deg(points))
    )
    point, area, gap = find_members(points, shapes)
    chosen = first_of_each(point, gap, ids[area])
    found[point[chosen]] = ids[area[chosen]]

    missing = np.flatnonzero(found == NOBODY)
    point, area, apart_m = find_near(points[missing], shapes, NEAR_M)
    chosen = first_of_each(point, apart_m, ids[area])
    found[missing[point[chosen]]] = ids[area[chosen]]
    metres[missing[point[chosen]]] = apart_m[chosen]
    rows = locate.read_buildings(connection, set(found[found != NOBODY].tolist()))
    return found, metres, rows


def _margin_deg(points: Coordinates) -> float:
    """Degrees of longitude or latitude, whichever are more, that hold 30 m at all the points."""
    narrowest = np.cos(np.radians(np.abs(points[:, 1]).max(initial=0.0)))
    return float(_NEAR_DEG / max(narrowest, 0.01))


def windows(points: Coordinates, size_deg: float, margin_deg: float) -> NDArray[np.float64]:
    """Group points by cells of `size_deg` and give the box of each group, widened by a margin.

    Returns
    -------
    boxes
        Rows of west, south, east, north in degrees.
    """
    _, group = np.unique(np.floor(points / size_deg), axis=0, return_inverse=True)
    order = np.argsort(group.ravel(), kind="stable")
    starts = np.flatnonzero(np.diff(group.ravel()[order], prepend=-1))
    if not len(starts):
        return np.empty((0, 4))
    low = np.minimum.reduceat(points[order], starts)
    high = np.maximum.reduceat(points[order], starts)
    return np.column_stack((low - margin_deg, high + margin_deg))
