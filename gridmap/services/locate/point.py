"""All that is known of one point."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from gridmap.geometry.datum import Datum
from gridmap.services.locate.belonging import (
    NOBODY,
    Areas,
    Row,
    find_areas,
    find_buildings,
    in_wgs84,
)
from gridmap.store import locate
from gridmap.store.database import Connection, Engine

# So near to the middle of a street, and in no building, a point lies on the street.
_ROADSIDE_M = 12.0

_TERRITORY = ("id", "code", "name", "name_en", "kind")
_GRID = (
    "id", "level", "code", "name", "name_en", "kind", "households", "residents", "buildings",
    "dossiers", "area_m2",
)  # fmt: skip


def locate_point(
    engine: Engine,
    lon: float,
    lat: float,
    *,
    datum: Datum = "wgs84",
    network: str = "governance",
    day: date | None = None,
    categories: Sequence[str] = (),
    limit: int = 5,
) -> dict[str, Any]:
    """Find the chain of a point, who is responsible for it, and what is near.

    Parameters
    ----------
    lon, lat
        Degrees in `datum`; the answer is in WGS 84.
    network
        The network whose areas are `grid` and `micro_grid`; `grids` has all networks.
    day
        Whose plans and posts are told; None is today.
    categories
        Of resource points; all when empty.
    limit
        How many resource points.

    Returns
    -------
    located
        As `GET /locate` documents it. What is not known is None; outside every territory, `note`
        says so and `nearest_territory` which one is nearest.
    """
    points = in_wgs84(np.array([[lon, lat]]), datum)
    lon, lat = points[0].tolist()
    with locate.snapshot(engine) as connection:
        areas = find_areas(connection, points, day=day)
        building = _building(connection, points)
        chain = areas.territory_chain(0)
        grids = {network: areas.grid_chain(network, 0) for network in areas.grid}
        indoors = building is not None and building["distance_m"] == 0
        located: dict[str, Any] = {
            "lon": round(lon, 9),
            "lat": round(lat, 9),
            "territory": _some(chain[-1], _TERRITORY) if chain else None,
            "territories": [_some(row, _TERRITORY) for row in chain],
            "grids": {
                network: {str(row["level"]): _some(row, _GRID) for row in reversed(rows)}
                for network, rows in grids.items()
                if rows
            },
            **_main_areas(areas, network),
            "building": building,
            "responsible": [
                _responsible(row)
                for row in locate.read_responsible(
                    connection,
                    grids=[row["id"] for rows in grids.values() for row in rows],
                    building=building["id"] if building else None,
                    street=None
                    if indoors
                    else locate.read_street(connection, lon, lat, _ROADSIDE_M),
                    day=day,
                )
            ],
            "resource_points": [
                {**row, "distance_m": round(row["distance_m"], 1)}
                for row in locate.read_nearest_points(
                    connection, lon, lat, categories=categories, most=limit
                )
            ],
        }
        if not chain:
            located |= _outside(connection, lon, lat)
    return located


def main_areas(chain: list[Row]) -> tuple[Row | None, Row | None]:
    """Choose the grid and the micro-grid of a chain: levels 2 and 3.

    In a network without level 2, the grid is its lowest area above the micro-grid.
    """
    grid = next((row for row in chain if row["level"] <= 2), None)
    micro_grid = next((row for row in chain if row["level"] == 3), None)
    return grid, micro_grid


def _main_areas(areas: Areas, network: str) -> dict[str, Any]:
    grid, micro_grid = main_areas(areas.grid_chain(network, 0))
    return {
        "grid": _some(grid, _GRID) if grid else None,
        "micro_grid": _some(micro_grid, _GRID) if micro_grid else None,
    }


def _some(row: Row, names: Sequence[str]) -> dict[str, Any]:
    return {name: row[name] for name in names}


def _building(connection: Connection, points: Any) -> dict[str, Any] | None:
    found, metres, rows = find_buildings(connection, points)
    if found[0] == NOBODY:
        return None
    return {**rows[int(found[0])], "distance_m": round(float(metres[0]), 1)}


def _responsible(row: Row) -> dict[str, Any]:
    names = ("network", "level") if row["kind"] == "grid" else ()
    unit = {"unit": row["unit"]} if row["kind"] == "unit" else {}
    return {
        **_some(row, ("role", "role_name", "role_name_en", "name")),
        "target": {
            "kind": row["kind"],
            "code": row["code"],
            "name": row["target_name"],
            "name_en": row["target_name_en"],
            **_some(row, names),
            **unit,
        },
    }


def _outside(connection: Connection, lon: float, lat: float) -> dict[str, Any]:
    nearest = locate.read_nearest_territory(connection, lon, lat)
    if nearest is None:
        return {"note": "No territory is known here yet.", "nearest_territory": None}
    metres = nearest["distance_m"]
    far = f"{metres / 1000:.1f} km" if metres >= 1000 else f"{metres:.0f} m"
    return {
        "note": f"The point lies in no territory; the nearest is {nearest['name']}, {far} away.",
        "nearest_territory": {**nearest, "distance_m": round(metres, 1)},
    }
