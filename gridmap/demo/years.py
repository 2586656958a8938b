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
                "environment": 560,
                "facility": 420,
                "order": 360,
                "service": 640,
                "traffic": 330,
                "fire": 22,
            },
            CHANNELS,
        ),
        (
            Plant("南街农贸市场", "environment", 70, 120.0),
            Plant("滨河花园", "facility", 38, 140.0, day(2026, 6, 8), day(2026, 7, 6)),
        ),
    ),
}
