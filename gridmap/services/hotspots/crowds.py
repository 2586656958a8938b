"""Clusters of points in space, and in space and time; and how soon the near is repeated."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from gridmap.algorithms import hotspots
from gridmap.algorithms.hotspots.clusters import Clusters
from gridmap.services.hotspots.case import Case
from gridmap.services.hotspots.finding import Finding, Spot, rank
from gridmap.services.hotspots.ground import around
from gridmap.services.hotspots.incidents import Incidents
from gridmap.services.hotspots.units import occupied_m2
from gridmap.services.hotspots.words import APART, NOISE, Entry, Words, short

_DELAY_DAYS = 14.0
_DENSER = 4.0  # a cluster is so many times as dense as the town on average
_MOST_PAIRED = (
    8_000  # incidents of a near-repeat table: three million pairs in a town; more are sampled
)
_DISTANCE_BANDS = (0.0, 100.0, 200.0, 300.0, 400.0, 600.0, 800.0)  # the first: the same place
_DELAY_BANDS = (1.0, 7.0, 14.0, 21.0, 28.0)
_SHUFFLES = 199
_SIGNIFICANT = 0.05
_NAMED = len(APART)
_MOST_DESCRIBED = 200
MOST_SHOWN = 20_000  # incidents that are shown one by one
_MOST_NESTED = 20_000  # of HDBSCAN, whose time grows with their square; more are sampled
_NESTED_SAMPLE = 10_000


def find_dense(case: Case) -> Finding:
    """DBSCAN: connected ground that is several times as dense as the town."""
    points = case.incidents
    least = case.question.least_points or _least_points(points)
    radius = case.question.radius_m or _radius(case, least, 1.0)
    found = hotspots.dbscan(points.xy[:, 0], points.xy[:, 1], radius_m=radius, min_points=least)
    why = Words(
        f"DBSCAN：{radius:.0f} 米内至少 {least} 件{_by_data(case).zh}；不作检验。",
        f"DBSCAN: at least {least} incidents within {radius:.0f} m{_by_data(case).en}; no test.",
    )
    settled = {"radius_m": radius, "least_points": least}
    return _clusters(case, found, radius, why, tables={"settled": settled})


def find_nested(case: Case) -> Finding:
    """HDBSCAN: clusters of different densities."""
    points = case.incidents
    if len(points) > _MOST_NESTED:
        return _find_nested_in_sample(case)
    least = min(case.question.least_points or _least_points(points), max(len(points), 2))
    if len(points) < 2 * least:
        none = np.full(len(points), -1)
        found = Clusters(none, none > 0, np.zeros(len(points)))
    else:
        found = hotspots.hdbscan(points.xy[:, 0], points.xy[:, 1], min_cluster_size=least)
    why = Words(
        f"HDBSCAN：每群至少 {least} 件，密度可不同；不作检验。",
        f"HDBSCAN: clusters of at least {least} incidents, whatever their density; no test.",
    )
    return _clusters(case, found, 60.0, why, tables={"settled": {"least_points": least}})


def _find_nested_in_sample(case: Case) -> Finding:
    """HDBSCAN of a seeded sample; every incident goes with the sampled one nearest to it."""
    points = case.incidents
    chosen = _sample(case, _NESTED_SAMPLE)
    share = len(chosen) / len(points)
    asked = case.question.least_points
    least = max(5, round(asked * share)) if asked else _least_points(chosen)
    part = hotspots.hdbscan(chosen.xy[:, 0], chosen.xy[:, 1], min_cluster_size=least)
    nearest = cKDTree(chosen.xy).query(points.xy)[1]
    labels = part.labels[nearest]
    found = Clusters(labels, part.core[nearest], part.strength[nearest])
    fewest = math.ceil(least / share)
    why = Words(
        f"HDBSCAN：在固定种子抽取的 {len(chosen):,} 件中，每群至少 {least} 件（约合全部的"
        f" {fewest:,} 件），其余事件随最近的抽样事件归群；不作检验。",
        f"HDBSCAN of a seeded sample of {len(chosen):,} incidents: clusters of at least {least} of"
        f" them (about {fewest:,} of all), and every incident goes with the sampled one nearest to"
        " it; no test.",
    )
    settled = {"least_points": fewest, "sample": len(chosen)}
    return _clusters(case, found, 60.0, why, tables={"settled": settled})


def find_bursts(case: Case) -> Finding:
    """ST-DBSCAN: clusters in space and time."""
    points = case.incidents
    least = case.question.least_points or _least_points(points)
    delay = case.question.delay_days or _DELAY_DAYS
    share = min(2 * delay / max(case.question.days, 1e-9), 1.0)
    radius = case.question.radius_m or _radius(case, least, share)
    found = hotspots.st_dbscan(
        points.xy[:, 0],
        points.xy[:, 1],
        _days(points),
        radius_m=radius,
        delay=delay,
        min_points=least,
    )
    why = Words(
        f"ST-DBSCAN：{radius:.0f} 米、{delay:g} 天内至少 {least} 件{_by_data(case).zh}；不作检验。",
        f"ST-DBSCAN: at least {least} incidents within {radius:.0f} m and {delay:g} days"
        f"{_by_data(case).en}; no test.",
    )
    settled = {"radius_m": radius, "delay_days": delay, "least_points": least}
    return _clusters(case, found, radius, why, tables={"settled": settled})


def find_repeats(case: Case) -> Finding:
    """Near repeats: Knox's table, and the incidents that were followed nearby within days."""
    points = _sample(case, _MOST_PAIRED)
    sampled = len(points) < len(case.incidents)
    if len(points) < 3:
        return _clusters(case, _no_clusters(case), 100.0, _too_few())
    table = hotspots.knox_table(
        points.xy[:, 0],
        points.xy[:, 1],
        _days(points),
        distance_bands=_DISTANCE_BANDS,
        delay_bands=_DELAY_BANDS,
        shuffles=_SHUFFLES,
        seed=case.question.seed,
    )
    radius = case.question.radius_m or _DISTANCE_BANDS[1]
    delay = case.question.delay_days or _DELAY_BANDS[1]
    chains = hotspots.st_dbscan(
        case.incidents.xy[:, 0],
        case.incidents.xy[:, 1],
        _days(case.incidents),
        radius_m=radius,
        delay=delay,
        min_points=2,
    )
    tests = len(_DISTANCE_BANDS) * len(_DELAY_BANDS)
    q = hotspots.benjamini_hochberg(table.p.ravel()).q.reshape(table.p.shape)
    repeated = _repeated(table.ratio, q, tests)
    why = repeated + Words(
        f" 图上是 {radius:g} 米、{delay:g} 天内前后相连的事件链。",
        f" The map shows chains of incidents within {radius:g} m and {delay:g} days of each other.",
    )
    if sampled:
        why += Words(
            f" 表由 {len(points):,} 件抽样得出（固定种子）。",
            f" The table is of a seeded sample of {len(points):,} incidents.",
        )
    rows = {
        "distances_m": list(_DISTANCE_BANDS),
        "delays_days": list(_DELAY_BANDS),
        "observed": table.observed.tolist(),
        "expected": np.round(table.expected, 1).tolist(),
        "ratio": _listed(np.round(table.ratio, 2)),
        "q": _listed(q),
    }
    tables = {"near_repeat": rows, "settled": {"radius_m": radius, "delay_days": delay}}
    made = _clusters(case, chains, radius, why, tests=tests, tables=tables)
    # Chains are there by chance, too: they stand out only where repeats do.
    sure = ((q <= _SIGNIFICANT) & (table.ratio > 1)).any()
    return replace(made, summary=repeated, spots=made.spots if sure else [])


def _repeated(ratio: NDArray[np.float64], q: NDArray[np.float64], tests: int) -> Words:
    sure = (q <= _SIGNIFICANT) & (ratio > 1)
    if not sure.any():
        return Words(
            f"没有发现近邻重复（已按 {tests} 次检验校正）。",
            f"No near repeats: nothing is significant after correcting for {tests} tests.",
        )
    row, column = np.unravel_index(np.argmax(np.where(sure, ratio, 0)), ratio.shape)
    upper, delay, times = _DISTANCE_BANDS[row], _DELAY_BANDS[column], ratio[row, column]
    where = (
        Words("同一地点", "at the same place")
        if row == 0
        else Words(
            f"{_DISTANCE_BANDS[row - 1]:g}–{upper:g} 米",
            f"{_DISTANCE_BANDS[row - 1]:g}–{upper:g} m off",
        )
    )
    since = _DELAY_BANDS[column - 1] if column else 0
    return Words(
        f"{where.zh}、{since:g}–{delay:g} 天内再次发生的次数是随机的 {times:.2f} 倍"
        f"（95% 置信，已按 {tests} 次检验校正）。",
        f"Repeats {where.en} within {since:g}–{delay:g} days are {times:.2f} times as many as by"
        f" chance (95 % confident, after correcting for {tests} tests).",
    )


def _clusters(
    case: Case,
    found: Clusters,
    radius: float,
    why: Words,
    *,
    tests: int = 0,
    tables: dict[str, Any] | None = None,
) -> Finding:
    points = case.incidents
    size = found.sizes if found.count else np.empty(0, np.int64)
    mean = len(points) / occupied_m2(float(case.area.area), points) if len(points) else 0.0
    by_size = np.argsort(-size, kind="stable")
    kind_of = np.zeros(found.count + 1, np.int64)  # the last one is noise
    kind_of[by_size] = np.minimum(np.arange(found.count), _NAMED - 1) + 1
    kinds = kind_of[found.labels]
    in_time = case.question.method in ("st-dbscan", "near-repeat")
    members = _members(found)
    spots = [
        _spot(
            points,
            members[label],
            radius,
            mean,
            int(kind_of[label]),
            window_days=case.question.days,
            in_time=in_time,
        )
        for label in by_size[:_MOST_DESCRIBED]
    ]
    legend = [
        Entry(
            kind,
            APART[kind - 1],
            Words(f"第 {kind} 大群", f"cluster no. {kind} by size")
            if kind < _NAMED
            else Words("其余各群", "all other clusters"),
        )
        for kind in range(1, min(found.count, _NAMED) + 1)
    ]
    legend.append(Entry(0, NOISE, Words("不属于任何群", "in no cluster")))
    ranked = rank(spots)
    if len(points) > MOST_SHOWN:
        return _as_grounds(ranked, legend, why, found.count, tests, tables or {})
    columns = {
        "cluster": np.where(found.labels >= 0, found.labels + 1, 0),
        "strength": found.strength,
        "day": points.at.astype("datetime64[D]").astype(str),
        "count": np.ones(len(points), np.int64),
    }
    said = Words(f"{found.count} 群；", f"{found.count} clusters. ") + why
    return Finding(
        shapely.points(points.xy) if len(points) else np.empty(0, object),
        points.id,
        kinds,
        columns,
        legend,
        ranked,
        said,
        tests,
        tables or {},
    )


def _members(found: Clusters) -> list[NDArray[np.int64]]:
    """Numbers of the points of each cluster, ascending."""
    # 16 bits are sorted digit by digit, in no time; noise comes first.
    narrow = np.uint16 if found.count < 1 << 16 else np.int64
    order = np.argsort((found.labels + 1).astype(narrow), kind="stable")
    sizes = found.sizes
    starts = len(order) - sizes.sum() + np.cumsum(sizes) - sizes
    return np.split(order, starts)[1:]


def _as_grounds(
    spots: list[Spot],
    legend: list[Entry],
    why: Words,
    count: int,
    tests: int,
    tables: dict[str, Any],
) -> Finding:
    """The ground of the first clusters, where there are too many incidents to show each."""
    shapes = np.empty(len(spots), object)
    shapes[:] = [spot.shape for spot in spots]
    ids = np.arange(1, len(spots) + 1)
    kinds = np.array([spot.kind for spot in spots], np.int64)
    said = Words(
        f"{count} 群，图上是最强各群的范围；",
        f"{count} clusters; the map shows the ground of the strongest.",
    )
    columns = {"incidents": np.array([spot.incidents for spot in spots], np.int64)}
    return Finding(shapes, ids, kinds, columns, legend, spots, said + why, tests, tables)


def _spot(
    points: Incidents,
    members: NDArray[np.int64],
    radius: float,
    mean: float,
    kind: int,
    *,
    window_days: float,
    in_time: bool,
) -> Spot:
    xy = points.xy[members]
    ground = around(xy, radius / 2)
    centre = np.median(xy, axis=0)
    days = points.at[members].astype("datetime64[D]")
    expected = mean * float(ground.area)
    lasted = int((days.max() - days.min()).astype(int)) + 1
    share = min(lasted / window_days, 1.0) if in_time else 1.0
    expected *= share
    denser = short(len(members) / max(expected, 1e-9))
    return Spot(
        members,
        ground,
        (float(centre[0]), float(centre[1])),
        len(members),
        round(expected, 1),
        kind,
        # The likelihood ratio: a burst outranks a crowd that is there all the time.
        poisson_gain(len(members), expected),
        Words(
            f"密度为平均的 {denser} 倍，历时 {lasted} 天",
            f"{denser} times the mean density, over {lasted} day{'s' * (lasted > 1)}",
        ),
        str(days.min()),
        str(days.max() + 1),
    )


def poisson_gain(seen: int, expected: float) -> float:
    """Log-likelihood ratio of so many against what was expected; 0 where there are fewer."""
    if seen <= expected:
        return 0.0
    return seen * math.log(seen / max(expected, 1e-9)) - (seen - expected)


def _least_points(points: Incidents) -> int:
    """So many that even a town of many incidents has no clusters by chance alone."""
    return max(5, round(math.log(max(len(points), 2))))


def _radius(case: Case, least: int, share_of_time: float) -> float:
    """A radius in which a fourth of `least` incidents is expected where anything happens."""
    points = case.incidents
    density = len(points) / occupied_m2(float(case.area.area), points) * share_of_time
    if density <= 0:
        return 100.0
    return float(np.clip(round(math.sqrt(least / _DENSER / (math.pi * density))), 15, 400))


def _by_data(case: Case) -> Words:
    if case.question.radius_m is not None:
        return Words("", "")
    return Words(
        f"（按数据选定：约为有事发生处平均密度的 {_DENSER:g} 倍）",
        f" (chosen by the data: about {_DENSER:g} times the mean density where anything happens)",
    )


def _sample(case: Case, most: int) -> Incidents:
    """All incidents, or so many of them, drawn by the seed of the question."""
    points = case.incidents
    if len(points) <= most:
        return points
    rng = np.random.default_rng(case.question.seed)
    return points.chosen(np.sort(rng.choice(len(points), most, replace=False)))


def _days(points: Incidents) -> NDArray[np.float64]:
    return points.at.astype("datetime64[s]").astype(np.float64) / 86_400


def _no_clusters(case: Case) -> Clusters:
    none = np.full(len(case.incidents), -1)
    return Clusters(none, none > 0, np.zeros(len(none)))


def _too_few() -> Words:
    return Words("事件太少。", "Too few incidents.")


def _listed(table: NDArray[np.float64]) -> list[list[float | None]]:
    return [[float(value) if np.isfinite(value) else None for value in row] for row in table]
