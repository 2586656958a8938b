"""The codes of many points."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gridmap.errors import TooLarge
from gridmap.geometry.datum import Datum
from gridmap.services.locate.belonging import (
    NOBODY,
    Areas,
    Row,
    find_areas,
    find_buildings,
    in_wgs84,
)
from gridmap.services.locate.point import main_areas
from gridmap.store import locate
from gridmap.store.database import Engine

MOST_POINTS = 100_000

# What is told of each point, in this order; `error` comes from who reads the file.
COLUMNS = (
    "territory", "territory_name", "community", "community_name", "grid", "grid_name",
    "micro_grid", "micro_grid_name", "building", "building_id", "building_name",
    "building_distance_m",
)  # fmt: skip

_COMMUNITIES = {"community", "village"}
# Points that are looked up together; those that lie together are together.
_AT_ONCE = 20_000


def locate_points(
    engine: Engine,
    points: NDArray[np.float64],
    *,
    datum: Datum = "wgs84",
    network: str = "governance",
    day: date | None = None,
) -> list[tuple[Any, ...]]:
    """Find the codes of many points.

    Parameters
    ----------
    points
        An (n, 2) array of finite degrees in `datum`, longitude first.
    day
        Whose plans count; None is today.

    Returns
    -------
    rows
        One for each point, in their order, with a value or None for each of `COLUMNS`.

    Raises
    ------
    TooLarge
        More than 100,000 points.
    """
    if len(points) > MOST_POINTS:
        raise TooLarge(f"More than {MOST_POINTS:,} points", hint="Send them in parts.")
    here = in_wgs84(points, datum)
    rows: list[tuple[Any, ...]] = [()] * len(here)
    with locate.snapshot(engine) as connection:
        for chunk in _chunks(here):
            areas = find_areas(connection, here[chunk], network=network, day=day)
            found, metres, buildings = find_buildings(connection, here[chunk])
            grids = areas.grid.get(network, np.full(len(chunk), NOBODY))
            of_territory = _territories(areas)
            of_grid = _grids(areas, network, grids)
            for number, territory, grid, house, apart_m in zip(
                chunk.tolist(),
                areas.territory.tolist(),
                grids.tolist(),
                found.tolist(),
                metres.tolist(),
                strict=True,
            ):
                rows[number] = (
                    *of_territory[territory],
                    *of_grid[grid],
                    *_building(buildings.get(house), apart_m),
                )
    return rows


def _territories(areas: Areas) -> dict[int, tuple[Any, ...]]:
    """What is told of each territory, by id."""
    numbers, firsts = np.unique(areas.territory, return_index=True)
    told = {}
    for number, point in zip(numbers.tolist(), firsts.tolist(), strict=True):
        chain = areas.territory_chain(point)
        community = next((row for row in chain if row["kind"] in _COMMUNITIES), None)
        told[number] = (*_named(chain[-1] if chain else None), *_named(community))
    return told


def _grids(areas: Areas, network: str, grids: NDArray[np.int64]) -> dict[int, tuple[Any, ...]]:
    """What is told of each area of the lowest level, by id."""
    numbers, firsts = np.unique(grids, return_index=True)
    told = {}
    for number, point in zip(numbers.tolist(), firsts.tolist(), strict=True):
        grid, micro_grid = main_areas(areas.grid_chain(network, point))
        told[number] = (*_named(grid), *_named(micro_grid))
    return told


def _named(row: Row | None) -> tuple[str | None, str | None]:
    return (row["code"], row["name"]) if row else (None, None)


def _building(row: Row | None, apart_m: float) -> tuple[Any, ...]:
    if row is None:
        return (None, None, None, None)
    return row["code"], row["id"], row["name"], round(apart_m, 1)


def _chunks(points: NDArray[np.float64]) -> list[NDArray[np.int64]]:
    """Numbers of points in the order of a curve that keeps neighbours together, in parts."""
    if not len(points):
        return []
    order = np.argsort(_morton(points), kind="stable")
    return np.array_split(order, -(-len(points) // _AT_ONCE))


def _morton(points: NDArray[np.float64]) -> NDArray[np.uint64]:
    """Place along the Z-curve of cells of 2⁻¹⁰ of the longitudes and latitudes that there are."""
    low, high = points.min(axis=0), points.max(axis=0)
    cells = ((points - low) / np.maximum(high - low, 1e-9) * 1023).astype(np.uint64)
    place = np.zeros(len(points), dtype=np.uint64)
    for bit in range(10):
        for axis in (0, 1):
            taken = (cells[:, axis] >> np.uint64(bit)) & np.uint64(1)
            place |= taken << np.uint64(2 * bit + axis)
    return place
