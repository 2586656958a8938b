"""What a plan is drawn on: buildings, streets and land use around an edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
import sqlalchemy as sa
from numpy.typing import NDArray

from gridmap.errors import NotFound

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Buildings:
    """Buildings by id: outlines in degrees, and how many households each has."""

    ids: Ints
    polygons: NDArray[np.object_]
    households: Ints


def _shapes(rows: Any) -> NDArray[np.object_]:
    return np.asarray(shapely.from_wkb([bytes(row.geom) for row in rows]), dtype=object)


def read_buildings(connection: sa.Connection, near: Any, reach: float = 0.0) -> Buildings:
    """Buildings in the box of a geometry (degrees), widened by `reach` degrees."""
    west, south, east, north = shapely.bounds(near)
    rows = connection.execute(
        sa.text(
            "SELECT id, ST_AsBinary(geom) AS geom, households FROM building "
            "WHERE geom && ST_Expand(ST_MakeEnvelope(:w, :s, :e, :n, 4326), :reach) ORDER BY id"
        ),
        {"w": west, "s": south, "e": east, "n": north, "reach": reach},
    ).all()
    return Buildings(
        np.array([row.id for row in rows], dtype=np.int64),
        _shapes(rows),
        np.array([row.households for row in rows], dtype=np.int64),
    )


def read_building(connection: sa.Connection, building_id: int) -> Any:
    """The outline of a building in degrees.

    Raises
    ------
    NotFound
        No such building.
    """
    return _one(connection, "building", building_id)


def read_land_use(connection: sa.Connection, land_use_id: int) -> Any:
    """An area of land use in degrees.

    Raises
    ------
    NotFound
        No such area.
    """
    return _one(connection, "land_use", land_use_id)


def _one(connection: sa.Connection, table: str, key: int) -> Any:
    found = connection.scalar(
        sa.text(f"SELECT ST_AsBinary(geom) FROM {table} WHERE id = :id"), {"id": key}
    )
    if found is None:
        raise NotFound(f"There is no {table.replace('_', ' ')} {key}")
    return shapely.from_wkb(bytes(found))


def read_streets(connection: sa.Connection, near: Any, reach: float = 0.0) -> NDArray[np.object_]:
    """Lines of streets, railways and narrow water in the widened box of a geometry (degrees)."""
    west, south, east, north = shapely.bounds(near)
    rows = connection.execute(
        sa.text(
            "SELECT ST_AsBinary(geom) AS geom FROM ("
            "SELECT geom FROM street UNION ALL "
            "SELECT geom FROM water WHERE ST_Dimension(geom) = 1) AS line "
            "WHERE geom && ST_Expand(ST_MakeEnvelope(:w, :s, :e, :n, 4326), :reach)"
        ),
        {"w": west, "s": south, "e": east, "n": north, "reach": reach},
    ).all()
    return _shapes(rows)


def read_water(connection: sa.Connection, near: Any, reach: float = 0.0) -> NDArray[np.object_]:
    """Areas of water in the widened box of a geometry (degrees)."""
    west, south, east, north = shapely.bounds(near)
    rows = connection.execute(
        sa.text(
            "SELECT ST_AsBinary(geom) AS geom FROM water WHERE ST_Dimension(geom) = 2 "
            "AND geom && ST_Expand(ST_MakeEnvelope(:w, :s, :e, :n, 4326), :reach)"
        ),
        {"w": west, "s": south, "e": east, "n": north, "reach": reach},
    ).all()
    return _shapes(rows)
