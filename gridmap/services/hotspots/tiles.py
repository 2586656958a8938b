"""Tiles of an answer: its features as MVT, its density as PNG with the colours of the legend."""

from __future__ import annotations

import math

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.errors import NotFound
from gridmap.services.hotspots.answer import Answer
from gridmap.services.hotspots.pixels import make_png
from gridmap.services.hotspots.surfaces import Raster, make_raster
from gridmap.services.hotspots.words import ORDERED
from gridmap.store import answers, database
from gridmap.store.database import Engine

LAYER = "hotspots"
DEEPEST = 22
_SIDE = 256
_MARGIN = 1 / 32  # of a tile: lines and points just outside are drawn, too
_OPACITY = 190


def draw_mvt(engine: Engine, answer: Answer, zoom: int, column: int, row: int) -> bytes:
    """A vector tile of what the answer shows: `class` and `count` by the feature's id.

    Raises
    ------
    NotFound
        There is no such tile.
    """
    west, south, east, north = tile_bounds(zoom, column, row)
    finding = answer.finding
    chosen = np.arange(len(finding.ids)) if finding.shown is None else np.flatnonzero(finding.shown)
    shapes = answer.case.crs.unproject(finding.shapes[chosen])
    margin = (east - west) * _MARGIN
    boxes = shapely.bounds(shapes).reshape(-1, 4)
    near = (boxes[:, 0] <= east + margin) & (boxes[:, 2] >= west - margin)
    near &= (boxes[:, 1] <= north + margin) & (boxes[:, 3] >= south - margin)
    inside = np.flatnonzero(near)
    if not len(inside):
        return b""
    counts = finding.columns.get("count")
    rows = [
        (
            int(finding.ids[number]),
            wkb,
            int(finding.kinds[number]),
            None if counts is None else float(counts[number]),
        )
        for number, wkb in zip(chosen[inside], shapely.to_wkb(shapes[inside]), strict=True)
    ]
    with database.translated(), engine.connect() as connection:
        return answers.draw_tile(connection, LAYER, (zoom, column, row), rows)


def make_density_raster(answer: Answer) -> Raster | None:
    """The surface that density tiles of an answer are cut from."""
    if answer.question.method != "density":
        raise NotFound(
            "Only densities are drawn as pictures",
            hint="Take the vector tiles, which end in .mvt.",
        )
    return make_raster(answer.case)


def draw_png(answer: Answer, raster: Raster | None, zoom: int, column: int, row: int) -> bytes:
    """A tile of the density: one colour a class, the same at every zoom, clear outside."""
    west, south, east, north = tile_bounds(zoom, column, row)
    kinds = np.zeros((_SIDE, _SIDE), np.uint8)
    if raster is not None:
        longitude = west + (np.arange(_SIDE) + 0.5) / _SIDE * (east - west)
        latitude = _latitudes(zoom, row)
        bounds = answer.case.crs.publish(shapely.box(*raster.surface.bounds)).bounds
        if west < bounds[2] and east > bounds[0] and south < bounds[3] and north > bounds[1]:
            across, up = np.meshgrid(longitude, latitude)
            points = np.column_stack((across.ravel(), up.ravel()))
            kinds = _sample(raster, answer.case.crs.to_metres(points)).reshape(_SIDE, _SIDE)
    return make_png(kinds, ["#ffffff", *ORDERED], [0] + [_OPACITY] * len(ORDERED))


def tile_bounds(zoom: int, column: int, row: int) -> tuple[float, float, float, float]:
    """West, south, east, north of a web-mercator tile in degrees."""
    if not (0 <= zoom <= DEEPEST and 0 <= column < 2**zoom and 0 <= row < 2**zoom):
        raise NotFound("There is no such tile", hint=f"Zooms go from 0 to {DEEPEST}.")
    west, east = (360 * (number / 2**zoom) - 180 for number in (column, column + 1))
    return west, _latitude(zoom, row + 1), east, _latitude(zoom, row)


def _latitude(zoom: int, row: float) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / 2**zoom))))


def _latitudes(zoom: int, row: int) -> NDArray[np.float64]:
    middles = row + (np.arange(_SIDE) + 0.5) / _SIDE
    made: NDArray[np.float64] = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * middles / 2**zoom))))
    return made


def _sample(raster: Raster, xy: NDArray[np.float64]) -> NDArray[np.uint8]:
    """The class of the surface at points, 0 outside."""
    west, south, _, _ = raster.surface.bounds
    width, height = raster.surface.pixel_m
    rows, columns = raster.kinds.shape
    # Beyond the zone of the projection there are no metres: far outside, all the same.
    there = np.where(np.isfinite(xy), np.clip(xy, -1e9, 1e9), -1e9)
    column = np.floor((there[:, 0] - west) / width).astype(np.int64)
    row = np.floor((there[:, 1] - south) / height).astype(np.int64)
    inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
    taken = raster.kinds[np.clip(row, 0, rows - 1), np.clip(column, 0, columns - 1)]
    return np.where(inside, taken, 0).astype(np.uint8)
