"""From counts to an answer: the same statistics whoever counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.algorithms import hotspots
from gridmap.algorithms.hotspots.cube import Cube
from gridmap.errors import Fault, InvalidInput, TooLarge
from gridmap.geometry import cells
from gridmap.services.archives.counting import Counting
from gridmap.services.archives.months import borders, zone_of
from gridmap.services.archives.sources import Source

if TYPE_CHECKING:
    import geopandas as gpd

Method = Literal["counts", "getis-ord", "local-moran", "emerging", "trend"]
METHODS: tuple[Method, ...] = get_args(Method)

MOST_BINS = 64_000_000  # cells × months, 512 MB of counts
_SMALLEST_M, _LARGEST_M = 40.0, 1_000.0


@dataclass(frozen=True)
class Question:
    """What is asked.

    Parameters
    ----------
    method
        `counts` (one column a month), `getis-ord`, `local-moran`, `emerging` or `trend`.
    begins, ends
        Days of the place's own time, the last one excluded; all of the source by default.
    size_m
        Distance between neighbouring cells in metres; the data chooses by default.
    shape, rings
        Of the cells; how far a neighbourhood reaches.
    categories, channels, least_severity
        Which incidents; all by default.
    level
        False discovery rate.
    """

    method: Method = "getis-ord"
    begins: date | None = None
    ends: date | None = None
    size_m: float | None = None
    shape: cells.Shape = "hexagon"
    rings: int = 1
    categories: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    least_severity: int = 1
    level: float = 0.05


@dataclass(frozen=True)
class Answer:
    """Cells with what was found, and what it rests on.

    Parameters
    ----------
    cells
        A GeoDataFrame in longitude, latitude (EPSG:4326), one row a cell.
    method, test
        In words.
    size_m
        Of the cells.
    begins, ends, steps
        The window, its last day excluded, and its months.
    incidents
        Those that were counted; those in the window but off the ground are not.
    found
        Number of cells of each class that is not "nothing".
    """

    cells: gpd.GeoDataFrame
    method: Method
    test: str
    size_m: float
    begins: date
    ends: date
    steps: int
    incidents: int
    found: dict[str, int]


def analyse(
    source: Source, question: Question, count: Callable[[Source, Counting], Cube]
) -> Answer:
    """Count by `count`, and finish with the statistics of the method.

    Raises
    ------
    InvalidInput
        An empty window, or an unknown method.
    TooLarge
        More cells × months than memory is kept for.
    """
    import geopandas as gpd  # noqa: PLC0415 - a second that other commands do not pay

    if question.method not in METHODS:
        raise InvalidInput(
            f"There is no method {question.method!r}", hint=f"Methods: {', '.join(METHODS)}."
        )
    begins, ends = question.begins or source.begins, question.ends or source.ends
    if ends <= begins:
        raise InvalidInput(
            f"The window from {begins} to {ends} is empty",
            faults=(Fault("not after the beginning", field="to"),),
        )
    area = _box_of(source) if source.area is None else source.area
    size = question.size_m or _choose_size(source.rows, area.area, question.shape)
    window = cells.tessellate(area.bounds, size, shape=question.shape)
    zones = {part.ground.time_zone for part in source.parts} | {source.time_zone}
    steps = {zone: tuple(borders(begins, ends, zone_of(zone)).tolist()) for zone in sorted(zones)}
    counting = Counting(
        window,
        source.crs.meridian,
        steps,
        question.categories,
        question.channels,
        question.least_severity,
    )
    if window.count * counting.steps > MOST_BINS:
        raise TooLarge(
            f"{window.count:,} cells × {counting.steps} months are too many",
            hint="Take larger cells or a shorter window.",
            faults=(Fault(f"more than {MOST_BINS:,}", field="size"),),
        )
    inside = np.flatnonzero(cells.covered_share(window, area) > 0)
    cube = count(source, counting)
    table = hotspots.dense_counts(cube, inside.size, counting.steps, numbers=inside)
    columns, test, found = _finish(question, table, window, inside, begins)
    shapes = source.crs.publish(cells.polygons(window, inside), decimals=7)
    frame = gpd.GeoDataFrame(
        {"cell": cells.keys(window, inside), "count": table.sum(axis=1), **columns},
        geometry=shapes,
        crs="EPSG:4326",
    )
    return Answer(
        frame,
        question.method,
        test,
        size,
        begins,
        ends,
        counting.steps,
        int(table.sum()),
        found,
    )


def _box_of(source: Source) -> Any:
    """The box of the incidents, in metres: where nobody says what the ground is."""
    boxes = [shapely.box(*part.box) for part in source.parts]
    # Sides of a box in degrees are curves in metres.
    ground = shapely.segmentize(shapely.box(*shapely.total_bounds(boxes)), 0.05)
    return shapely.box(*source.crs.project(ground).bounds)


def _choose_size(count: int, area_m2: float, shape: cells.Shape) -> float:
    """Two incidents a cell on average, in whole tens of metres from 40 to 1,000."""
    wanted = hotspots.choose_cell_size(max(count, 1), area_m2, shape=shape)
    return float(np.clip(round(wanted / 10) * 10, _SMALLEST_M, _LARGEST_M))


_Columns = dict[str, NDArray[Any]]


def _finish(
    question: Question,
    table: NDArray[np.int64],
    window: cells.Tessellation,
    inside: NDArray[np.int64],
    begins: date,
) -> tuple[_Columns, str, dict[str, int]]:
    """Columns of the answer beside the count, the test in words, and what was found."""
    if question.method == "counts":
        months = np.datetime64(begins, "M") + np.arange(table.shape[1])
        return {str(month): table[:, i] for i, month in enumerate(months)}, "none", {}
    if question.method == "trend":
        return _trend(table, question.level)
    around = hotspots.cell_neighbours(window, inside, rings=question.rings)
    if question.method == "emerging":
        made = hotspots.emerging_hotspots(table, around, level=question.level)
        names = np.array(made.names, dtype=object)
        columns = {
            "category": names,
            "trend_z": made.trend.z,
            "trend_p": made.trend.p,
            "hot_steps": (made.sign > 0).sum(axis=1),
            "cold_steps": (made.sign < 0).sum(axis=1),
        }
        kinds, sizes = np.unique(names[made.category > 0], return_counts=True)
        return columns, made.test, dict(zip(kinds.tolist(), sizes.tolist(), strict=True))
    total = table.sum(axis=1)
    if question.method == "local-moran":
        moran = hotspots.local_moran(total, around, level=question.level)
        columns = {"value": moran.value, "quadrant": moran.quadrant}
        return columns | _tests(moran), moran.test, _by_sign(moran.direction, "cluster", "outlier")
    local = hotspots.getis_ord(total, around, level=question.level)
    return _tests(local) | {"class": local.classes()}, local.test, _by_sign(local.direction)


def _tests(local: Any) -> _Columns:
    return {"z": local.z, "p": local.p, "q": local.q, "direction": local.direction}


def _by_sign(sign: NDArray[Any], up: str = "hot", down: str = "cold") -> dict[str, int]:
    return {up: int((sign > 0).sum()), down: int((sign < 0).sum())}


def _trend(table: NDArray[np.int64], level: float) -> tuple[_Columns, str, dict[str, int]]:
    trend, line = hotspots.mann_kendall(table), hotspots.theil_sen(table)
    found = hotspots.benjamini_hochberg(trend.p, level=level)
    direction = np.where(found.q <= level, np.sign(trend.z), 0).astype(np.int8)
    columns = {
        "tau": trend.tau,
        "z": trend.z,
        "p": trend.p,
        "q": found.q,
        "direction": direction,
        "slope_per_month": line.slope,
    }
    return columns, "Mann-Kendall", _by_sign(direction, "rising", "falling")
