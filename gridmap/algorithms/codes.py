"""Codes of territories and grids.

A territory has 12 digits: 6 of the county, 3 of the street or town, 3 of the community or village.
A grid adds 3 digits to its community's 12, a micro-grid 3 to its grid's 15. Numbers run from west
to east, then from north to south, as the local standards of Beijing and Xi'an say: row by row, as
one reads a page. The general grid over a whole community is number 000.
"""

from __future__ import annotations

import math
import re

import numpy as np
from numpy.typing import NDArray

from gridmap.errors import Fault, InvalidInput

_CODE = re.compile(r"[0-9]{6}([0-9]{3}){0,4}")
GENERAL = 0  # the number of the one grid that is a whole community


def check_code(code: str, *, digits: int | None = None) -> str:
    """Give a code back if it is well formed.

    Raises
    ------
    InvalidInput
        Not 6, 9, 12, 15 or 18 digits, or not as many as `digits`.
    """
    if not _CODE.fullmatch(code) or (digits is not None and len(code) != digits):
        wanted = str(digits) if digits else "6, 9, 12, 15 or 18"
        raise InvalidInput(
            f"{code!r} is not a code of {wanted} digits",
            hint="County 6 digits, street 9, community 12, grid 15, micro-grid 18.",
            faults=(Fault("not a well-formed code", field="code"),),
        )
    return code


def number_code(parent: str, number: int) -> str:
    """The code of area `number` (0 to 999) inside the area with the code `parent`.

    Raises
    ------
    InvalidInput
        The parent is no community or grid, or the number has more than three digits.
    """
    check_code(parent)
    if not 0 <= number <= 999 or len(parent) not in {12, 15}:
        raise InvalidInput(
            f"{parent} cannot have an area with the number {number}",
            hint="A community or a grid holds at most 999 areas; cut it into more levels.",
        )
    return f"{parent}{number:03d}"


def parent_code(code: str) -> str:
    """The code one step up: of the grid, community, street or county that holds it."""
    check_code(code)
    if len(code) == 6:
        raise InvalidInput(f"{code} is a county; gridmap knows nothing above it")
    return code[:-3]


def reading_order(points: NDArray[np.float64], *, rows: int | None = None) -> NDArray[np.int64]:
    """Indices of points in the order in which their areas are numbered.

    The extent is cut into `rows` bands of equal height, taken from north to south; inside a band
    points run from west to east. Without bands, two neighbours of which one lies a metre further
    north could be numbered far apart.

    Parameters
    ----------
    points
        (n, 2) array, x or longitude first: points inside the areas.
    rows
        Number of bands; by default as many as make the areas about as wide as high.
    """
    count = len(points)
    if count == 0:
        return np.zeros(0, dtype=np.int64)
    low, high = points.min(axis=0), points.max(axis=0)
    width, height = np.maximum(high - low, 1e-12)
    if rows is None:
        rows = max(1, round(math.sqrt(count * height / width)))
    from_north = (high[1] - points[:, 1]) / height * rows
    band = np.minimum(from_north.astype(np.int64), rows - 1)
    return np.lexsort((-points[:, 1], points[:, 0], band))
