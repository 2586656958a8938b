"""Where incidents pile up more than chance: one question, one reproducible answer.

The answer is a function of the question and of the revision of the incidents; both are in its id.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gridmap.algorithms import hotspots
from gridmap.algorithms.hotspots.weights import Neighbours
from gridmap.errors import Fault, InvalidInput, NotFound
from gridmap.geometry import cells
from gridmap.geometry.crs import LocalCRS
from gridmap.store import database, places, points
from gridmap.store.database import Engine

LEVELS = {1: 90, 2: 95, 3: 99}
MOST_CELLS = 200_000
_PER_CELL = 2.0  # incidents that an optimised cell holds on average, where there are enough
_FEWEST_CELLS = 200  # with fewer, a cluster is as large as a cell and cannot stand out
_SMALLEST_M, _LARGEST_M = 40.0, 1_000.0
_COARSE_M = 200.0


@dataclass(frozen=True)
class Question:
    """What is asked: a place, a half-open window, which incidents, which cells.

    `size_m` None lets the data choose; `rings` is how far a cell's neighbourhood reaches.
    """

    place: str
    begins: datetime
    ends: datetime
    categories: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    least_severity: int = 1
    shape: cells.Shape = "hexagon"
    size_m: float | None = None
    rings: int = 1


def find_hotspots(engine: Engine, question: Question) -> dict[str, Any]:
    """Answer a question by Gi* on cells, exactly tested and corrected for all tests.

    Returns
    -------
    `id`, `question`, `explanation` (zh, en), `cells` (GeoJSON, class −3 … 3 each), `hotspots`
    (connected hot cells, the strongest first), `clock` (7 × 24, Monday first), `months` (12).

    Raises
    ------
    NotFound
        No such place, or it has no territory.
    InvalidInput
        An empty window, or cells that are too small for the place.
    """
    if question.ends <= question.begins:
        raise InvalidInput(
            "The window ends before it begins",
            faults=(Fault("not after `from`", field="to"),),
        )
    with database.translated(), engine.connect() as connection:
        crs = LocalCRS(places.read_meridian(connection, question.place))
        zone = ZoneInfo(places.read_time_zone(connection, question.place))
        ground = points.read_ground(connection, question.place)
        revision = points.read_revision(connection)
        found = points.read_incidents(
            connection,
            question.place,
            question.begins,
            question.ends,
            categories=question.categories,
            channels=question.channels,
            least_severity=question.least_severity,
        )
    if ground is None:
        raise NotFound(f"{question.place} has no territory")
    area = crs.project(shapely.from_wkb(ground))
    xy = crs.to_metres(np.column_stack((found.lon, found.lat)))
    return {
        "id": identify(question, revision),
        "question": _plain(question),
        **_analyse(question, crs, area, xy),
        **_times(found.at, zone),
    }


def identify(question: Question, revision: int) -> str:
    """The id of an answer: equal for equal questions over equal incidents."""
    text = json.dumps([_plain(question), revision], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def current_revision(engine: Engine) -> int:
    """The revision of the incidents now."""
    with database.translated(), engine.connect() as connection:
        return points.read_revision(connection)


def _plain(question: Question) -> dict[str, Any]:
    made = asdict(question)
    return made | {"begins": question.begins.isoformat(), "ends": question.ends.isoformat()}


def choose_size(area_m2: float, xy: NDArray[np.float64]) -> float:
    """The size of cells that hold two incidents on average, in whole tens of metres.

    Only ground counts where anything happens, by squares of 200 m: fields round a town say nothing
    about the town. Smaller cells are mostly empty, larger ones hide where it is; never fewer than
    200 cells, where 40 m allow it, and never more than 1,000 m.
    """
    if len(xy):
        squares = np.unique(np.floor(xy / _COARSE_M), axis=0)
        area_m2 = min(area_m2, len(squares) * _COARSE_M**2)
    wanted = max(len(xy) / _PER_CELL, _FEWEST_CELLS)
    side = (area_m2 / wanted / (3**0.5 / 2)) ** 0.5
    return float(np.clip(round(side / 10) * 10, _SMALLEST_M, _LARGEST_M))


def _analyse(
    question: Question, crs: LocalCRS, area: Any, xy: NDArray[np.float64]
) -> dict[str, Any]:
    size = question.size_m or choose_size(area.area, xy)
    if area.area / (size**2) > MOST_CELLS:
        raise InvalidInput(
            f"Cells of {size:g} m are too small for this place",
            hint="Take larger cells, or none: the data chooses.",
            faults=(Fault("too small", field="size"),),
        )
    cover = cells.tessellate(area.bounds, size, shape=question.shape)
    inside = np.flatnonzero(cells.covered_share(cover, area) > 0)
    counts = hotspots.count_in_cells(cover, xy[:, 0], xy[:, 1])[inside]
    neighbours = hotspots.cell_neighbours(cover, inside, rings=question.rings)
    local = hotspots.getis_ord(counts, neighbours)
    tested = np.isfinite(local.p_high) & np.isfinite(local.p_low)
    high, low = np.where(tested, local.p_high, 1.0), np.where(tested, local.p_low, 1.0)
    strength = hotspots.confidence_classes(high, low)
    shapes = crs.publish(cells.polygons(cover, inside), decimals=7)
    return {
        "method": "getis-ord",
        "test": local.test,
        "tests": local.tests,
        "cell_size_m": size,
        "incidents": len(xy),
        "explanation": _explain(question, size, local.tests, len(xy)),
        "legend": _legend(local.tests),
        "cells": {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "id": int(number),
                    "geometry": json.loads(shapely.to_geojson(shape)),
                    "properties": {
                        "class": int(kind),
                        "count": int(count),
                        "z": None if not np.isfinite(z) else round(float(z), 3),
                        "q": None if not np.isfinite(q) else float(q),
                    },
                }
                for number, shape, kind, count, z, q in zip(
                    inside, shapes, strength, counts, local.z, local.q, strict=True
                )
                if count > 0 or kind != 0
            ],
        },
        "hotspots": _groups(cover, inside, counts, strength, neighbours, crs),
    }


def _groups(
    cover: cells.Tessellation,
    inside: NDArray[np.int64],
    counts: NDArray[Any],
    strength: NDArray[np.int8],
    neighbours: Neighbours,
    crs: LocalCRS,
) -> list[dict[str, Any]]:
    """Hot cells that touch each other, as one hotspot each; the most excess first."""
    hot = strength > 0
    first, second = neighbours.rows(), neighbours.members
    both = hot[first] & hot[second]
    graph = coo_array(
        (np.ones(int(both.sum())), (first[both], second[both])), shape=(len(hot), len(hot))
    )
    _, label = connected_components(graph, directed=False)
    mean = float(np.mean(counts)) if len(counts) else 0.0
    listed = []
    for group in np.unique(label[hot]):
        members = np.flatnonzero(hot & (label == group))
        ground = shapely.union_all(cells.polygons(cover, inside[members]))
        centre = shapely.centroid(ground)
        listed.append(
            {
                "cells": [int(number) for number in inside[members]],
                "incidents": int(counts[members].sum()),
                "expected": round(mean * len(members), 1),
                "excess": round(float(counts[members].sum()) - mean * len(members), 1),
                "class": int(strength[members].max()),
                "centre": list(crs.publish(centre, decimals=6).coords[0]),
                "radius_m": round(float((ground.area / np.pi) ** 0.5)),
                "bbox": list(crs.publish(ground, decimals=6).bounds),
            }
        )
    return sorted(listed, key=lambda item: -item["excess"])


def _times(at: NDArray[np.float64], zone: ZoneInfo) -> dict[str, Any]:
    """Clock and months in the place's own time."""
    moments = at.astype("datetime64[s]")
    if len(at):
        # The offset is looked up once a day: no zone changes it more often.
        days, number = np.unique(moments.astype("datetime64[D]"), return_inverse=True)
        offsets = np.array(
            [
                datetime.fromisoformat(f"{day}T12:00:00+00:00").astimezone(zone).utcoffset()
                for day in days
            ],
            dtype="timedelta64[s]",
        )
        moments = moments + offsets[number.reshape(-1)]
    return {
        "clock": hotspots.week_clock(moments).tolist(),
        "months": hotspots.month_counts(moments).tolist(),
    }


def _legend(tests: int) -> list[dict[str, Any]]:
    legend = []
    for kind in (3, 2, 1, 0, -1, -2, -3):
        if kind == 0:
            zh, en = "与随机无显著差别", "no difference from chance"
        else:
            sure = LEVELS[abs(kind)]
            zh = f"{'热点' if kind > 0 else '冷点'}，{sure}% 置信（已按 {tests:,} 次检验校正）"
            which = "hot" if kind > 0 else "cold"
            en = f"{which}, {sure} % confident, after correcting for {tests:,} tests"
        legend.append({"class": kind, "zh": zh, "en": en})
    return legend


def _explain(question: Question, size: float, tests: int, incidents: int) -> dict[str, str]:
    chosen = question.size_m is None
    return {
        "zh": (
            f"{incidents:,} 件事件，{tests:,} 个边长约 {size:g} 米的单元格"
            + (
                f"（按数据选定：平均每格约 {_PER_CELL:g} 件，至少 {_FEWEST_CELLS} 格）"
                if chosen
                else ""
            )
            + "；Gi* 精确条件置换检验，按错误发现率校正。"
        ),
        "en": (
            f"{incidents:,} incidents in {tests:,} cells of {size:g} m"
            + (
                f" (chosen by the data: about {_PER_CELL:g} a cell, {_FEWEST_CELLS} cells at least)"
                if chosen
                else ""
            )
            + "; Gi* by exact conditional permutation, corrected for the false discovery rate."
        ),
    }
