"""The ground of many points or pixels as one shape."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage

from gridmap.services.hotspots.incidents import Metres

MOST_DISKS = 500  # points whose disks are united one by one; more are drawn on pixels
_PIXELS_PER_REACH = 3.0
_MOST_PIXELS = 320  # along the longer side: finer than a screen shows of a cluster


def around(xy: Metres, reach_m: float) -> Any:
    """Everything within reach of any of the points, in metres.

    Of up to 500 points it is the union of their disks. Of more, which may be a million that lie
    upon each other, it is drawn on pixels of a third of the reach, or of a 320th of the extent
    where that is more: the outline is off by one pixel at most.
    """
    places = np.unique(xy, axis=0) if len(xy) <= 4 * MOST_DISKS else xy
    if len(places) <= MOST_DISKS:
        return shapely.union_all(shapely.buffer(shapely.points(places), reach_m))
    low, high = places.min(axis=0), places.max(axis=0)
    pixel = max(reach_m / _PIXELS_PER_REACH, float((high - low).max()) / _MOST_PIXELS)
    margin = int(np.ceil(reach_m / pixel)) + 1
    corner = low - margin * pixel
    columns, rows = (((high - low) / pixel).astype(np.int64) + 1 + 2 * margin).tolist()
    column, row = ((places - corner) / pixel).astype(np.int64).T
    empty = np.ones((rows, columns), np.bool_)
    empty[row, column] = False
    covered = ndimage.distance_transform_edt(empty) * pixel <= reach_m
    return outline(covered, (float(corner[0]), float(corner[1])), (pixel, pixel))


def outline(
    wanted: NDArray[np.bool_], corner: tuple[float, float], pixel_m: tuple[float, float]
) -> Any:
    """The ground of pixels as one shape: runs in a row first, then their union.

    Parameters
    ----------
    wanted
        Which pixels, rows from the south.
    corner
        The south-western one, x and y in metres.
    pixel_m
        Width and height of a pixel.
    """
    (west, south), (width, height) = corner, pixel_m
    padded = np.pad(wanted, ((0, 0), (1, 1))).astype(np.int8)
    turns = np.diff(padded, axis=1)
    row, start = np.nonzero(turns == 1)
    _, stop = np.nonzero(turns == -1)
    boxes = shapely.box(
        west + start * width,
        south + row * height,
        west + stop * width,
        south + (row + 1) * height,
    )
    # Less than a pixel is below what anybody sees, and halves the corners of the stairs.
    return shapely.simplify(shapely.union_all(boxes), min(width, height) * 0.75)
