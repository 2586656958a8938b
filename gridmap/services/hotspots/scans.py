"""Kulldorff's scan statistics: the circle, and the time, that is least like chance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.algorithms import hotspots
from gridmap.algorithms.hotspots.replicates import ScanCluster, ScanResult
from gridmap.services.hotspots.case import Case
from gridmap.services.hotspots.counted import PEOPLE, denominator_of, populations
from gridmap.services.hotspots.finding import Finding, Spot, rank
from gridmap.services.hotspots.steps import Steps, make_steps
from gridmap.services.hotspots.units import Units, choose_size, make_cells, make_units
from gridmap.services.hotspots.words import Entry, Words

_MOST_SITES = 1_500  # more of them cost more than a second for a hundred replicates
_STOP_AFTER = 20  # replicates that beat the first cluster: it is not significant
_SIGNIFICANT = 0.05
_WINDOWS = {
    "circles": Words("圆形窗口", "Circles"),
    "rectangles": Words("矩形窗口（方形、2:1 与 1:2）", "Rectangles (square, 2 : 1 and 1 : 2)"),
}
_NO_CONTROLS = Words(
    "没有可对照的事件：请只选部分类别，或另选对照类别。",
    "There is nothing to compare with: choose some of the categories only, or other controls.",
)
_COLOURS = {3: "#b2182b", 2: "#ef8a62", 1: "#fddbc7", 0: "#f7f7f7"}


def scan(case: Case) -> Finding:
    """Poisson in space: more than households (or another denominator) let expect."""
    units, counts = _sites(case)
    people = populations(case, units)
    keep = people > 0
    return _scan(
        case,
        units,
        keep,
        counts,
        lambda x, y: hotspots.poisson_scan(x, y, counts[keep], people[keep], **_common(case)),
        None,
        _by_people(case, int(counts[~keep].sum())),
    )


def bernoulli(case: Case) -> Finding:
    """Bernoulli in space: a larger share of these among these and the controls."""
    units, counts = _sites(case)
    others = case.others
    controls = units.count(others.xy) if others is not None else np.zeros(len(units), np.int64)
    everyone = counts + controls
    keep = everyone > 0
    control = case.question.control
    said = Words(
        f"伯努利扫描：与对照（{control or '其他全部事件'}）相比占比更高。",
        f"Bernoulli scan: a larger share than elsewhere among these and the controls"
        f" ({control or 'all other incidents'}).",
    )
    made = _scan(
        case,
        units,
        keep,
        counts,
        lambda x, y: hotspots.bernoulli_scan(x, y, counts[keep], everyone[keep], **_common(case)),
        None,
        said,
    )
    return made if controls.any() else replace(made, summary=_NO_CONTROLS)


def space_time(case: Case) -> Finding:
    """Poisson in space and time: where and since when more than households let expect."""
    units, counts = _sites(case)
    steps = make_steps(case)
    people = populations(case, units)
    keep = people > 0
    table = _table(case, units, steps)
    return _scan(
        case,
        units,
        keep,
        counts,
        lambda x, y: hotspots.space_time_poisson_scan(
            x, y, table[keep], people[keep], **_common(case)
        ),
        steps,
        _by_people(case, int(counts[~keep].sum())) + steps.words,
    )


def permutation(case: Case) -> Finding:
    """Space-time permutation: where place and time interact; needs cases only."""
    units, counts = _sites(case)
    steps = make_steps(case)
    keep = counts > 0
    table = _table(case, units, steps)
    said = Words(
        "时空置换扫描：只看地点与时间的相互作用，常年多发处不算。",
        "Space-time permutation scan: only where place and time interact; places with many"
        " incidents all the time are none.",
    )
    return _scan(
        case,
        units,
        keep,
        counts,
        lambda x, y: hotspots.space_time_permutation_scan(x, y, table[keep], **_common(case)),
        steps,
        said + steps.words,
    )


def poisson_clusters(
    case: Case, units: Units, counts: NDArray[np.int64]
) -> list[tuple[NDArray[np.int64], float]]:
    """Members and log-likelihood ratio of the clusters of `scan`, without their test."""
    people = populations(case, units)
    sites = np.flatnonzero(people > 0)
    x, y = units.centres[sites].T
    common = {**_common(case), "replicates": 0, "stop_after": None}
    found = hotspots.poisson_scan(x, y, counts[sites], people[sites], **common)
    return [(sites[item.sites], item.log_likelihood_ratio) for item in found.clusters]


def _sites(case: Case) -> tuple[Units, NDArray[np.int64]]:
    """Units, with cells made larger where there would be too many for the replicates."""
    units = make_units(case)
    if units.size_m is not None and len(units) > _MOST_SITES and case.question.size_m is None:
        larger = max(
            choose_size(case.area.area, case.incidents),
            10.0 * np.ceil((float(case.area.area) / _MOST_SITES) ** 0.5 / 10.0),
        )
        units = make_cells(case, size_m=larger)
    return units, units.count(case.incidents.xy)


def _common(case: Case) -> dict[str, Any]:
    question = case.question
    return {
        "windows": question.windows,
        "largest_share": question.largest_share,
        "replicates": question.replicates,
        "seed": question.seed,
        "stop_after": _STOP_AFTER if question.replicates else None,
        "largest_radius_m": question.radius_m,
    }


def _table(case: Case, units: Units, steps: Steps) -> NDArray[np.int64]:
    cube = hotspots.build_cube(units.place_of(case.incidents.xy), steps.number(case.incidents.at))
    table: NDArray[np.int64] = hotspots.dense_counts(cube, len(units), steps.count)
    return table


def _scan(
    case: Case,
    units: Units,
    keep: NDArray[np.bool_],
    counts: NDArray[np.int64],
    run: Callable[[NDArray[np.float64], NDArray[np.float64]], ScanResult],
    steps: Steps | None,
    said: Words,
) -> Finding:
    sites = np.flatnonzero(keep)
    found: tuple[ScanCluster, ...] = ()
    if counts[keep].sum() >= 2 and len(sites) > 1:
        found = run(units.centres[keep, 0], units.centres[keep, 1]).clusters
    kinds = np.zeros(len(units), np.int64)
    cluster = np.zeros(len(units), np.int64)
    spots = []
    for number, item in enumerate(found, 1):
        members = sites[item.sites]
        kind = _class_of(item.p)
        free = members[cluster[members] == 0]
        cluster[free] = number
        kinds[free] = kind
        if kind:
            spots.append(_spot(case, units, item, members, kind, steps))
    replicates = case.question.replicates
    window = _WINDOWS[case.question.windows]
    said += Words(
        f"{window.zh}，{replicates} 次随机重复（种子 {case.question.seed}），"
        "p 值已考虑所有位置与大小。",
        f" {window.en}, {replicates} random replicates (seed {case.question.seed}); p allows for"
        " every place and size that was tried.",
    )
    return Finding(
        units.shapes,
        units.ids,
        kinds,
        {"count": counts, "cluster": cluster, "name": units.names},
        _legend(),
        rank(spots),
        units.why + said,
        len(sites),
        shown=(counts > 0) | (kinds > 0),
        cell_size_m=units.size_m,
    )


def _spot(
    case: Case,
    units: Units,
    item: ScanCluster,
    members: NDArray[np.int64],
    kind: int,
    steps: Steps | None,
) -> Spot:
    x, y = units.centres[members[0]]
    times = Words(f"是预期的 {item.ratio:.1f} 倍", f"{item.ratio:.1f} times as many as expected")
    begins = ends = None
    if steps is not None:
        begins, ends = steps.day(item.first_step), steps.day(item.end_step)
    return Spot(
        members,
        _ground(case, item, float(x), float(y), float(units.area_m2[members[0]])),
        (float(x), float(y)),
        item.cases,
        round(item.expected, 1),
        kind,
        item.log_likelihood_ratio,
        times + Words(f"，p = {item.p:.3g}", f", p = {item.p:.3g}"),
        begins,
        ends,
    )


def _ground(case: Case, item: ScanCluster, x: float, y: float, cell_m2: float) -> Any:
    """The window as it was scanned: to the farthest middle, and to the rim of the cell there."""
    if case.question.windows == "circles":
        return shapely.Point(x, y).buffer(item.radius_m + (cell_m2 / np.pi) ** 0.5)
    rim = cell_m2**0.5 / 2
    wide, high = item.half_width_m + rim, item.half_height_m + rim
    return shapely.box(x - wide, y - high, x + wide, y + high)


def _class_of(p: float) -> int:
    if not np.isfinite(p):
        return 0
    return 3 if p <= 0.01 else 2 if p <= _SIGNIFICANT else 1 if p <= 0.10 else 0


def _legend() -> list[Entry]:
    words = {
        3: Words(
            "聚集，99% 置信（已考虑所有窗口）", "cluster, 99 % confident (all windows allowed for)"
        ),
        2: Words(
            "聚集，95% 置信（已考虑所有窗口）", "cluster, 95 % confident (all windows allowed for)"
        ),
        1: Words(
            "聚集，90% 置信（已考虑所有窗口）", "cluster, 90 % confident (all windows allowed for)"
        ),
        0: Words("与随机无显著差别", "no difference from chance"),
    }
    return [Entry(kind, _COLOURS[kind], words[kind]) for kind in _COLOURS]


def _by_people(case: Case, left_out: int) -> Words:
    name = PEOPLE[denominator_of(case)]
    said = Words(
        f"泊松扫描：与{name.zh}数成比例的预期相比。",
        f"Poisson scan: more than in proportion to {name.en}.",
    )
    if left_out:
        said += Words(
            f"没有{name.zh}数处的 {left_out:,} 件不计入。",
            f" {left_out:,} incidents where there are no {name.en} are left out.",
        )
    return said
