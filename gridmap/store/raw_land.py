"""What a new plan is cut from: a territory, its network, and the lines through it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
import sqlalchemy as sa
from numpy.typing import NDArray

from gridmap.store import tables

# Footpaths run through estates and are no edges of blocks.
CUTTING_STREETS = ("motorway", "arterial", "street", "lane", "railway")


@dataclass(frozen=True)
class NetworkRow:
    """A network of a territory; `id` is None where the territory has none of that key yet."""

    id: int | None
    levels: list[dict[str, Any]]


def read_networks(connection: sa.Connection, place: str, key: str) -> dict[int, NetworkRow]:
    """Networks of a key in a place, by the id of the territory that they cut."""
    network = tables.network
    rows = connection.execute(
        sa.select(network.c.id, network.c.territory_id, network.c.levels).where(
            network.c.place == place, network.c.key == key
        )
    )
    return {row.territory_id: NetworkRow(row.id, row.levels) for row in rows}


def read_lines(
    connection: sa.Connection, territory_id: int, kinds: Sequence[str] = CUTTING_STREETS
) -> NDArray[np.object_]:
    """Middle lines of streets and outlines of water that meet a territory, in degrees."""
    rows = connection.scalars(
        sa.text("""
            SELECT ST_AsBinary(s.geom) FROM territory t JOIN street s ON s.geom && t.geom
            WHERE t.id = :territory AND s.kind = ANY(:kinds) AND ST_Intersects(s.geom, t.geom)
            UNION ALL
            SELECT ST_AsBinary(CASE WHEN ST_Dimension(w.geom) = 2 THEN ST_Boundary(w.geom)
                                    ELSE w.geom END)
            FROM territory t JOIN water w ON w.geom && t.geom
            WHERE t.id = :territory AND ST_Intersects(w.geom, t.geom)
        """),
        {"territory": territory_id, "kinds": list(kinds)},
    )
    found = [bytes(row) for row in rows]
    return np.asarray(shapely.from_wkb(np.array(found, dtype=object)), dtype=object)
