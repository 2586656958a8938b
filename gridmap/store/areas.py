"""What compact areas are cut from: points of a category, and the ground of a place."""

from __future__ import annotations

from typing import Any

import shapely
import sqlalchemy as sa


def read_points(connection: sa.Connection, place: str, category: str) -> list[dict[str, Any]]:
    """Resource points of a category in a place, with degrees; always in the same order."""
    rows = connection.execute(
        sa.text(
            "SELECT id, code, name, ST_X(geom) AS lon, ST_Y(geom) AS lat FROM resource_point"
            " WHERE place = :place AND category = :category ORDER BY code, id"
        ),
        {"place": place, "category": category},
    )
    return [row._asdict() for row in rows]


def read_ground(connection: sa.Connection, place: str) -> shapely.Geometry | None:
    """The territories of a place as one geometry in degrees; None where it has none."""
    found = connection.scalar(
        sa.text(
            "SELECT ST_AsBinary(ST_UnaryUnion(ST_Collect(geom))) FROM territory"
            " WHERE place = :place AND valid @> current_date"
        ),
        {"place": place},
    )
    return None if found is None else shapely.from_wkb(bytes(found))
