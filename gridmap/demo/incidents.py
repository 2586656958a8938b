"""A year of incidents: rhythm of day, week and season, places where people are, planted clusters.

Times are China Standard Time (UTC+8, no summer time). The year runs from 1 November 2025 to the end
of 31 October 2026; "now" is that end, so the latest incidents are still on their way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.demo.people import Building
from gridmap.demo.town import Town

ZONE = timezone(timedelta(hours=8))
BEGIN = datetime(2025, 11, 1, tzinfo=ZONE)
END = datetime(2026, 11, 1, tzinfo=ZONE)
DAYS = (END - BEGIN).days

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Habit:
    """When and where incidents of a category happen, and how long they may take."""

    titles: tuple[str, ...]
    hours: tuple[float, ...]  # weights of 24 hours
    weekend: float  # weight of a weekend day against a working day
    peak_day: int  # day of the year with most of them
    swing: float  # 0 no season, below 1
    where: str  # homes, shops, works, streets
    due_hours: tuple[int, int, int, int]  # by severity 1 to 4
    severity: tuple[float, float, float, float]


def _bumps(*peaks: tuple[float, float, float], floor: float = 0.05) -> tuple[float, ...]:
    """Weights of 24 hours from peaks (hour, width, height)."""
    hours = np.arange(24) + 0.5
    total = np.full(24, floor)
    for hour, width, height in peaks:
        total += height * np.exp(-0.5 * ((hours - hour) / width) ** 2)
    return tuple(float(value) for value in total)


_OFFICE = _bumps((9.8, 1.6, 1.0), (15.5, 1.8, 0.8))
HABITS: dict[str, Habit] = {
    "dispute": Habit(
        ("邻里噪声纠纷", "物业费纠纷", "楼道占用纠纷", "家庭矛盾", "停车位纠纷", "漏水责任纠纷"),
        _bumps((10, 2, 0.6), (20, 2.0, 1.0)),
        1.35,
        30,
        0.3,
        "homes",
        (72, 48, 24, 12),
        (0.2, 0.5, 0.25, 0.05),
    ),
    "hazard": Habit(
        (
            "楼道堆放杂物",
            "电动车飞线充电",
            "燃气软管老化",
            "消防通道堵塞",
            "私拉电线",
            "外墙脱落隐患",
        ),
        _OFFICE,
        0.6,
        20,
        0.25,
        "homes",
        (72, 48, 24, 8),
        (0.15, 0.45, 0.3, 0.1),
    ),
    "environment": Habit(
        ("垃圾未及时清运", "污水外溢", "乱倒建筑垃圾", "绿地毁损", "油烟扰民", "卫生死角"),
        _bumps((8.5, 1.8, 1.0), (17.5, 2.2, 0.6)),
        1.0,
        200,
        0.4,
        "shops",
        (48, 24, 24, 12),
        (0.35, 0.45, 0.17, 0.03),
    ),
    "facility": Habit(
        ("路灯不亮", "井盖松动", "健身器材损坏", "路面破损", "门禁故障", "护栏损坏"),
        _bumps((9, 2.0, 0.8), (19.5, 1.8, 0.9)),
        0.9,
        235,
        0.3,
        "streets",
        (120, 72, 48, 12),
        (0.3, 0.5, 0.15, 0.05),
    ),
    "order": Habit(
        ("占道经营", "车辆乱停放", "违规张贴广告", "犬只未牵绳", "夜间喧闹"),
        _bumps((11, 2.0, 0.6), (18.8, 2.2, 1.0)),
        1.2,
        190,
        0.2,
        "shops",
        (48, 24, 12, 8),
        (0.4, 0.45, 0.12, 0.03),
    ),
    "service": Habit(
        ("独居老人探访", "代办证件", "医保缴费咨询", "送药上门", "政策咨询", "助餐需求"),
        _OFFICE,
        0.35,
        25,
        0.2,
        "homes",
        (72, 48, 24, 12),
        (0.5, 0.4, 0.08, 0.02),
    ),
    "traffic": Habit(
        ("车辆剐蹭", "信号灯故障", "校门口拥堵", "电动车逆行", "货车占道"),
        _bumps((7.8, 0.8, 1.2), (12, 0.8, 0.5), (17.8, 1.0, 1.3)),
        0.7,
        60,
        0.15,
        "streets",
        (24, 12, 8, 4),
        (0.3, 0.45, 0.2, 0.05),
    ),
    "fire": Habit(
        ("厨房起火", "电动车冒烟", "垃圾桶起火", "线路短路冒烟", "烟花引燃杂物"),
        _bumps((12, 1.5, 0.6), (19, 2.2, 1.0), (23, 1.5, 0.4)),
        1.1,
        90,
        0.6,
        "homes",
        (12, 8, 4, 2),
        (0.2, 0.4, 0.3, 0.1),
    ),
}


@dataclass(frozen=True)
class Cluster:
    """Incidents planted around a point, all year or in a window of days."""

    x: float
    y: float
    radius_m: float
    begin: datetime
    end: datetime
    category: str
    incidents: int


@dataclass
class Incident:
    """Something reported at a place and a time."""

    point: Any
    at: datetime
    category: str
    severity: int
    channel: str
    title: str
    state: str = "closed"
    due_at: datetime | None = None
    closed_at: datetime | None = None
    code: str = ""


@dataclass(frozen=True)
class YearSpec:
    """How many incidents of each category a year has, and how they are handled."""

    counts: dict[str, int]
    channels: dict[str, float]
    all_closed: tuple[str, ...] = ()  # categories of which every case was resolved
    falling: str | None = None  # a channel that is used less and less
    couriers: tuple[str, ...] = ()  # categories that couriers report often


def make_year(
    town: Town,
    buildings: list[Building],
    spec: YearSpec,
    clusters: list[Cluster],
    prefix: str,
    rng: np.random.Generator,
) -> list[Incident]:
    """All incidents of the year in order of time; planted ones are among the counts."""
    anchors = _anchors(town, buildings)
    safe = town.territory.buffer(-1.0)
    shapely.prepare(safe)
    found: list[Incident] = []
    for category, count in spec.counts.items():
        planted = [c for c in clusters if c.category == category]
        left = count - sum(c.incidents for c in planted)
        places = [_place(anchors[HABITS[category].where], safe, rng) for _ in range(left)]
        times = [_time(HABITS[category], BEGIN, END, rng) for _ in range(left)]
        for cluster in planted:
            for _ in range(cluster.incidents):
                places.append(_near(cluster, safe, rng))
                times.append(_time(HABITS[category], cluster.begin, cluster.end, rng))
        found += [
            _report(point, at, category, spec, rng) for point, at in zip(places, times, strict=True)
        ]
    found.sort(key=lambda incident: (incident.at, incident.category, incident.title))
    for number, incident in enumerate(found, start=1):
        incident.code = f"{prefix}-{incident.at:%Y%m%d}-{number:05d}"
    return found


def _anchors(town: Town, buildings: list[Building]) -> dict[str, tuple[Floats, Floats, float]]:
    """Points where things happen with their weights, and how far from them."""
    xy = shapely.get_coordinates(shapely.point_on_surface(np.array([b.polygon for b in buildings])))
    homes = np.array([float(sum(b.residents)) for b in buildings])
    busy = np.array(
        [
            {"commercial": 60.0, "school": 25.0, "hospital": 30.0, "public": 15.0}.get(b.usage, 0.0)
            + 0.15 * sum(b.residents)
            for b in buildings
        ]
    )
    works = np.array(
        [
            20.0 if b.usage == "industrial" else 0.02 * r
            for b, r in zip(buildings, homes, strict=True)
        ]
    )
    stretches = [
        (shapely.line_interpolate_point(line, at), street)
        for street in town.streets
        if street.kind in {"arterial", "street", "lane"}
        for line in shapely.get_parts(street.line)
        for at in np.arange(12.0, line.length, 24.0)
    ]
    weight = {"arterial": 2.2, "street": 1.0, "lane": 0.3}
    points = [(p, weight[s.kind]) for p, s in stretches if town.territory.contains(p)]
    on_streets = shapely.get_coordinates(np.array([p for p, _ in points]))
    return {
        "homes": (xy, homes / homes.sum(), 9.0),
        "shops": (xy, busy / busy.sum(), 16.0),
        "works": (xy, works / works.sum(), 12.0),
        "streets": (on_streets, _shares([w for _, w in points]), 6.0),
    }


def _shares(values: list[float]) -> Floats:
    array = np.array(values)
    return np.asarray(array / array.sum())


def _place(anchor: tuple[Floats, Floats, float], safe: Any, rng: np.random.Generator) -> Any:
    xy, share, spread = anchor
    while True:
        at = xy[rng.choice(len(share), p=share)] + rng.normal(0, spread, 2)
        point = shapely.points(at)
        if safe.contains(point):
            return point


def _near(cluster: Cluster, safe: Any, rng: np.random.Generator) -> Any:
    """Anywhere in the cluster's disc, denser towards the middle."""
    while True:
        reach = cluster.radius_m * rng.random() ** 0.7 * 0.98
        turn = rng.uniform(0, 2 * np.pi)
        point = shapely.points(cluster.x + reach * np.cos(turn), cluster.y + reach * np.sin(turn))
        if safe.contains(point):
            return point


def _time(habit: Habit, begin: datetime, end: datetime, rng: np.random.Generator) -> datetime:
    span = (end - begin).total_seconds() / 86400
    hours = np.array(habit.hours) / sum(habit.hours)
    while True:
        day = begin + timedelta(days=int(rng.integers(0, max(1, int(span)))))
        season = 1 + habit.swing * np.cos(
            2 * np.pi * (day.timetuple().tm_yday - habit.peak_day) / 365.25
        )
        week = habit.weekend if day.weekday() >= 5 else 1.0
        if rng.random() * 1.7 * max(1.0, habit.weekend) > season * week:
            continue
        hour = int(rng.choice(24, p=hours))
        return day + timedelta(hours=hour, minutes=int(rng.integers(60)))


def _report(
    point: Any, at: datetime, category: str, spec: YearSpec, rng: np.random.Generator
) -> Incident:
    habit = HABITS[category]
    severity = 1 + int(rng.choice(4, p=habit.severity))
    title = str(rng.choice(habit.titles))
    incident = Incident(point, at, category, severity, _channel(at, category, spec, rng), title)
    due = habit.due_hours[severity - 1]
    incident.due_at = at + timedelta(hours=due)
    took = due * float(rng.lognormal(-0.75, 0.62))
    closed = at + timedelta(minutes=round(took * 60))
    if category in spec.all_closed:
        closed = min(closed, END - timedelta(minutes=30))
    if closed < END:
        incident.closed_at = closed
        if category not in spec.all_closed and rng.random() < 0.015:
            incident.state = "rejected"
        return incident
    age = (END - at).total_seconds() / (took * 3600)
    steps = ("reported", "accepted", "dispatched", "in progress", "resolved", "verified")
    incident.state = steps[min(int(age * len(steps)), len(steps) - 1)]
    return incident


def _channel(at: datetime, category: str, spec: YearSpec, rng: np.random.Generator) -> str:
    names = list(spec.channels)
    weights = np.array([spec.channels[name] for name in names])
    done = (at - BEGIN) / (END - BEGIN)
    for i, name in enumerate(names):
        if name == spec.falling:
            weights[i] *= 2.3 - 2.1 * done
        if name == "courier" and category in spec.couriers:
            weights[i] *= 6
    return str(rng.choice(names, p=weights / weights.sum()))
