"""Streets as walks need them."""

from __future__ import annotations

import numpy as np
import shapely
import sqlalchemy as sa
from numpy.typing import NDArray

# Nobody walks to work along these.
_NOT_ON_FOOT = ("motorway", "railway")


def read_street_revision(connection: sa.Connection) -> int:
    """The revision of the street layer: another one after every change that was committed."""
    found = connection.scalar(
        sa.text("SELECT revision FROM layer_revision WHERE source = 'street'")
    )
    return int(found or 0)


def read_streets(connection: sa.Connection, place: str) -> NDArray[np.object_]:
    """Lines of the streets of a place that people walk on, in degrees, longitude first."""
    rows = connection.scalars(
        sa.text(
            "SELECT ST_AsBinary(geom) FROM street"
            " WHERE place = :place AND kind <> ALL(:others) ORDER BY id"
        ),
        {"place": place, "others": list(_NOT_ON_FOOT)},
    ).all()
    lines: NDArray[np.object_] = shapely.get_parts(shapely.from_wkb([bytes(row) for row in rows]))
    return lines
