"""The year of each place: how many incidents of each category, and where clusters are planted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import shapely

from gridmap.demo.incidents import BEGIN, END, ZONE, Cluster, YearSpec
from gridmap.demo.town import Town


@dataclass(frozen=True)
class Plant:
    """A cluster around what carries a name in the town: an institution, an estate or a village."""

    around: str
    category: str
    incidents: int
    radius_m: float
    begin: datetime = BEGIN
    end: datetime = END


def plant(town: Town, plants: tuple[Plant, ...]) -> list[Cluster]:
    """Find the named ground of each cluster; its middle is the middle of its blocks."""
    clusters = []
    for wanted in plants:
        faces = [b.face for b in town.blocks if b.name is not None and b.name.zh == wanted.around]
        assert faces, f"there is no {wanted.around}"
        middle = shapely.point_on_surface(shapely.union_all(faces))
        x, y = (round(float(v), 1) for v in (shapely.get_x(middle), shapely.get_y(middle)))
        clusters.append(
            Cluster(
                x, y, wanted.radius_m, wanted.begin, wanted.end, wanted.category, wanted.incidents
            )
        )
    return clusters


def day(year: int, month: int, number: int) -> datetime:
    """Midnight at the start of a day in China."""
    return datetime(year, month, number, tzinfo=ZONE)


CHANNELS = {"patrol": 0.46, "hotline": 0.24, "resident": 0.2, "courier": 0.03, "walk-in": 0.07}

YEARS: dict[str, tuple[YearSpec, tuple[Plant, ...]]] = {
    "nanjie": (
        YearSpec(
            {
                "dispute": 26,
                "hazard": 310,
                "environment": 380,
                "facility": 330,
                "order": 270,
                "service": 360,
                "traffic": 250,
                "fire": 22,
            },
            CHANNELS,
        ),
        (
            Plant("南街农贸市场", "environment", 70, 100.0),
            Plant("滨河花园", "facility", 38, 140.0, day(2026, 6, 8), day(2026, 7, 6)),
        ),
    ),
    "xiameiqiao": (
        YearSpec(
            {
                "dispute": 138,
                "hazard": 69,
                "environment": 540,
                "facility": 420,
                "order": 430,
                "service": 440,
                "traffic": 400,
                "fire": 34,
            },
            CHANNELS,
            all_closed=("dispute", "hazard"),
        ),
        (
            Plant("福泉农贸市场", "order", 84, 150.0),
            Plant("樟树脚", "environment", 46, 220.0, day(2026, 3, 2), day(2026, 3, 30)),
        ),
    ),
    "wenyuan": (
        YearSpec(
            {
                "dispute": 190,
                "hazard": 46,
                "environment": 290,
                "facility": 330,
                "order": 220,
                "service": 340,
                "traffic": 200,
                "fire": 12,
            },
            {"patrol": 0.36, "hotline": 0.3, "resident": 0.18, "courier": 0.08, "walk-in": 0.08},
            all_closed=("hazard",),
            falling="hotline",
            couriers=("hazard", "facility", "traffic"),
        ),
        (
            Plant("长胜便民市场", "traffic", 42, 95.0),
            Plant("文苑公园", "facility", 36, 150.0, day(2026, 5, 4), day(2026, 6, 1)),
        ),
    ),
    "chengzhen": (
        YearSpec(
            {
                "dispute": 140,
                "hazard": 170,
                "environment": 310,
                "facility": 196,
                "order": 210,
                "service": 320,
                "traffic": 150,
                "fire": 16,
            },
            CHANNELS,
        ),
        (
            Plant("磨黑集贸市场", "order", 40, 90.0),
            Plant("磨黑中学", "hazard", 28, 140.0, day(2026, 8, 3), day(2026, 8, 24)),
        ),
    ),
    "donghu": (
        YearSpec(
            {
                "dispute": 260,
                "hazard": 240,
                "environment": 300,
                "facility": 280,
                "order": 220,
                "service": 240,
                "traffic": 330,
                "fire": 18,
            },
            {"patrol": 0.4, "hotline": 0.26, "resident": 0.24, "courier": 0.04, "walk-in": 0.06},
        ),
        (
            Plant("数字小镇", "traffic", 60, 140.0),
            Plant("东湖湾", "dispute", 40, 150.0, day(2026, 4, 6), day(2026, 5, 4)),
        ),
    ),
}
