"""What incidents are counted in: cells of a size that the data choose, or areas of people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.algorithms import hotspots
from gridmap.algorithms.hotspots.weights import (
    Neighbours,
    nearest_neighbours,
    neighbours_from_pairs,
)
from gridmap.errors import Fault, InvalidInput
from gridmap.geometry import cells
from gridmap.services.hotspots.case import Case
from gridmap.services.hotspots.incidents import SQUARE_M, Incidents, Metres
from gridmap.services.hotspots.words import Words

MOST_CELLS = 200_000
PER_CELL = 2.0  # incidents that an optimised cell holds on average, where there are enough
FEWEST_CELLS = 200  # with fewer, a cluster is as large as a cell and cannot stand out
_SMALLEST_M, _LARGEST_M = 40.0, 1_000.0
_MOST_RINGS = 3
# A report stands at the door or at the kerb: how far its building or street may be, in metres.
_REACH_M = {"buildings": 40.0, "streets": 60.0}
_NEAREST_BUILDINGS = 8


@dataclass(frozen=True)
class Units:
    """n areas, cells or streets; shapes in metres.

    Parameters
    ----------
    ids, names
        Number of the cell, or id and name of the feature.
    shapes, area_m2, centres
        Polygons or lines; their area (length times one metre for streets); points inside.
    neighbours, touching
        Whose surroundings reach to whom, and who touches whom.
    place_of
        Finds the unit of each point (x, y in metres); -1 for none.
    size_m
        Of cells.
    why
        What was chosen by the data, and why.
    """

    ids: NDArray[np.int64]
    names: list[str]
    shapes: NDArray[np.object_]
    area_m2: NDArray[np.float64]
    centres: Metres
    neighbours: Neighbours
    touching: Neighbours
    place_of: Callable[[Metres], NDArray[np.int64]]
    size_m: float | None
    why: Words

    def __len__(self) -> int:
        """Count them."""
        return len(self.ids)

    def count(self, xy: Metres) -> NDArray[np.int64]:
        """Number of points in each unit."""
        return self.sum(xy, None).astype(np.int64)

    def sum(self, xy: Metres, weights: NDArray[np.float64] | None) -> NDArray[np.float64]:
        """Sum of weights of the points in each unit."""
        number = self.place_of(xy)
        inside = number >= 0
        load = None if weights is None else weights[inside]
        return np.bincount(number[inside], load, minlength=len(self)).astype(np.float64)


def make_units(case: Case) -> Units:
    """Make the units that a question asks for.

    Raises
    ------
    InvalidInput
        Cells too small for the place, or a place without such areas.
    """
    if case.question.unit in ("hexagon", "square"):
        return make_cells(case)
    return _make_areas(case)


def choose_size(area_m2: float, incidents: Incidents) -> float:
    """The size of cells that hold two incidents on average, in whole tens of metres.

    Only ground counts where anything happens, by squares of 200 m: fields round a town say nothing
    about the town. Smaller cells are mostly empty, larger ones hide where it is; never fewer than
    200 cells, where 40 m allow it, and never more than 1,000 m.
    """
    wanted = max(len(incidents) / PER_CELL, FEWEST_CELLS)
    side = (occupied_m2(area_m2, incidents) / wanted / (3**0.5 / 2)) ** 0.5
    return float(np.clip(round(side / 10) * 10, _SMALLEST_M, _LARGEST_M))


def occupied_m2(area_m2: float, incidents: Incidents) -> float:
    """Ground where anything happens, by squares of 200 m."""
    if not len(incidents):
        return area_m2
    return float(min(area_m2, incidents.occupied_squares * SQUARE_M**2))


def make_cells(case: Case, *, size_m: float | None = None) -> Units:
    """Cells over the ground of the place."""
    question = case.question
    size = size_m or question.size_m or choose_size(case.area.area, case.incidents)
    if case.area.area / (size**2) > MOST_CELLS:
        raise InvalidInput(
            f"Cells of {size:g} m are too small for this place",
            hint="Take larger cells, or none: the data chooses.",
            faults=(Fault("too small", field="size"),),
        )
    shape: cells.Shape = "square" if question.unit == "square" else "hexagon"
    cover = cells.tessellate(case.area.bounds, size, shape=shape)
    inside = np.flatnonzero(cells.covered_share(cover, case.area) > 0)
    position = np.full(cover.count + 1, -1, np.int64)
    position[inside] = np.arange(inside.size)

    def place_of(points: Metres) -> NDArray[np.int64]:
        return position[cells.assign(cover, points[:, 0], points[:, 1])]

    touching = hotspots.cell_neighbours(cover, inside, rings=1)
    made = Units(
        inside,
        [""] * inside.size,
        cells.polygons(cover, inside),
        np.full(inside.size, cover.cell_area_m2),
        cells.centres(cover, inside),
        touching,
        touching,
        place_of,
        size,
        _why_size(size, chosen=question.size_m is None and size_m is None),
    )
    rings, why = _choose_rings(case, made, cover)
    if rings > 1:
        lists = hotspots.cell_neighbours(cover, inside, rings=rings)
        made = replace(made, neighbours=lists)
    return replace(made, why=made.why + why)


def _choose_rings(case: Case, units: Units, cover: cells.Tessellation) -> tuple[int, Words]:
    if case.question.rings is not None:
        return case.question.rings, Words("", "")
    if case.question.method not in ("getis-ord", "local-moran"):
        return 1, Words("", "")
    counts = units.count(case.incidents.xy)
    choice = hotspots.choose_rings(counts, cover, numbers=units.ids, most=_MOST_RINGS)
    reasons = {
        "first_peak": Words("该距离上聚集最强", "clustering is strongest at that distance"),
        "still_rising": Words("聚集随距离仍在增强，取上限", "clustering grows up to there"),
        "nothing_clustered": Words(
            "没有明显聚集，取相邻格", "nothing clusters, so those that touch"
        ),
    }
    reason = reasons[choice.reason]
    return choice.rings, Words(
        f"邻域为 {choice.rings} 圈（{reason.zh}）。",
        f" Neighbours reach {choice.rings} ring{'s' * (choice.rings > 1)} ({reason.en}).",
    )


def _why_size(size: float, *, chosen: bool) -> Words:
    if not chosen:
        return Words(f"单元格约 {size:g} 米。", f"Cells of {size:g} m.")
    return Words(
        f"单元格约 {size:g} 米（按数据选定：平均每格约 {PER_CELL:g} 件，至少 {FEWEST_CELLS} 格）。",
        f"Cells of {size:g} m (chosen by the data: about {PER_CELL:g} incidents a cell,"
        f" {FEWEST_CELLS} cells at least).",
    )


def _make_areas(case: Case) -> Units:
    unit, areas = case.question.unit, case.areas
    if areas is None or not len(areas.id):
        raise InvalidInput(
            f"{case.question.place} has no {unit}",
            hint="Count in hexagons instead.",
            faults=(Fault("there are none here", field="unit"),),
        )
    shapes = case.crs.project(areas.geom)
    inner = shapely.point_on_surface(shapes)
    is_line = unit == "streets"
    size = shapely.length(shapes) if is_line else shapely.area(shapes)
    lists = _area_neighbours(unit, shapes, inner)
    return Units(
        areas.id,
        areas.name,
        shapes,
        np.maximum(size, 1.0),
        np.column_stack((shapely.get_x(inner), shapely.get_y(inner))),
        lists,
        lists,
        _locator(shapes, _REACH_M.get(unit)),
        None,
        Words("", ""),
    )


def _area_neighbours(unit: str, shapes: NDArray[Any], inner: NDArray[Any]) -> Neighbours:
    first: NDArray[np.int64] = np.empty(0, np.int64)
    second = first
    if unit != "buildings":
        first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
        apart = first != second
        first, second = first[apart], second[apart]
    elif len(shapes) > 1:
        count = min(_NEAREST_BUILDINGS, len(shapes) - 1)
        return nearest_neighbours(shapely.get_x(inner), shapely.get_y(inner), count)
    return neighbours_from_pairs(len(shapes), first, second)


def _locator(shapes: NDArray[Any], reach_m: float | None) -> Callable[[Metres], NDArray[np.int64]]:
    tree = shapely.STRtree(shapes)

    def place_of(points: Metres) -> NDArray[np.int64]:
        found = np.full(len(points), -1, np.int64)
        where = shapely.points(points)
        if reach_m is None:
            number, area = tree.query(where, predicate="intersects")
        else:
            number, area = tree.query_nearest(where, max_distance=reach_m, all_matches=False)
        # On a border the first of the areas has it: always the same one.
        order = np.lexsort((area, number))
        number, area = number[order], area[order]
        first = np.unique(number, return_index=True)[1]
        found[number[first]] = area[first]
        return found

    return place_of
