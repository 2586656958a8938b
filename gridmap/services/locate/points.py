"""Two numbers that somebody wrote are a point, or the reason why they are none."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gridmap.geometry.datum import Datum
from gridmap.services.locate.batch import COLUMNS, locate_points
from gridmap.store.database import Engine

ERROR = "error"
ADDED = (*COLUMNS, ERROR)


def why_not_a_point(lon: float, lat: float) -> str | None:
    """Say why two numbers are no longitude and latitude in degrees; None when they are."""
    if not (math.isfinite(lon) and math.isfinite(lat)):
        return "a coordinate is not finite"
    if not -180 <= lon <= 180:
        return f"longitude {lon:g} is not from -180 to 180 (degrees are wanted, not metres)"
    if not -90 <= lat <= 90:
        swapped = abs(lon) <= 90 and abs(lat) <= 180
        return f"latitude {lat:g} is not from -90 to 90" + (
            " (are longitude and latitude swapped?)" if swapped else ""
        )
    return None


def locate_good(
    engine: Engine,
    points: list[tuple[float, float] | str],
    *,
    datum: Datum,
    network: str,
    day: date | None = None,
) -> list[tuple[Any, ...]]:
    """Locate the points of a list; a text in their place is the reason why it is none.

    Returns
    -------
    rows
        A value or None for each of `ADDED`, for each of `points`.
    """
    good = [number for number, point in enumerate(points) if not isinstance(point, str)]
    array: NDArray[np.float64] = np.array([points[number] for number in good]).reshape(-1, 2)
    nothing = (None,) * len(COLUMNS)
    rows: list[tuple[Any, ...]] = [(*nothing, point) for point in points]
    found = locate_points(engine, array, datum=datum, network=network, day=day)
    for number, row in zip(good, found, strict=True):
        rows[number] = (*row, None)
    return rows


def free_names(taken: set[str]) -> tuple[str, ...]:
    """Name the members of `ADDED` so that nothing that the caller sent is overwritten."""
    names = []
    for column in ADDED:
        name = column
        while name in taken:
            name = f"gridmap_{name}"
        names.append(name)
    return tuple(names)
