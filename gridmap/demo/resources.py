"""Resource points: the places that serve, in or beside the buildings of the town."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from gridmap.demo.people import Building
from gridmap.demo.site import Name
from gridmap.demo.town import Town

DAYTIME = "Mo-Fr 08:30-12:00,14:30-18:00"
EVERY_DAY = "Mo-Su 08:00-20:00"
ALWAYS = "24/7"


@dataclass(frozen=True)
class Wanted:
    """Resource points of one category that a place has: one for each name."""

    category: str
    names: tuple[Name, ...]
    serves: str = "community"
    usages: tuple[str, ...] = ("residential", "village-house", "commercial", "public")
    hours: str = DAYTIME
    services: tuple[str, ...] = ()
    capacity: int | None = None
    organisation: str | None = None


@dataclass
class ResourcePoint:
    """A place that serves."""

    code: str
    name: Name
    category: str
    serves: str
    hours: str
    services: tuple[str, ...]
    capacity: int | None
    organisation: str | None
    point: Any
    building: int | None = field(default=None)


def settle_resources(
    town: Town,
    buildings: list[Building],
    wanted: tuple[Wanted, ...],
    wards: dict[str, frozenset[int]],
    prefix: str,
    rng: np.random.Generator,
) -> list[ResourcePoint]:
    """Give every wanted point a building, spread over the place, then hydrants to the streets.

    A point that is named after an institution is in it; one that is named after a community is
    there: `wards` holds the buildings of each community by its name.
    """
    points: list[ResourcePoint] = []
    taken: set[int] = set()
    xy = shapely.get_coordinates(shapely.point_on_surface(np.array([b.polygon for b in buildings])))
    for kind in wanted:
        chosen: list[int] = []
        for name in kind.names:
            able = _able(name, kind, town, buildings, wards, taken | set(chosen))
            chosen.append(_farthest(able, chosen, xy, rng))
        taken |= set(chosen)
        for name, i in zip(kind.names, chosen, strict=True):
            points.append(
                ResourcePoint(
                    f"{prefix}-R{len(points) + 1:03d}",
                    name,
                    kind.category,
                    kind.serves,
                    kind.hours,
                    kind.services,
                    kind.capacity,
                    kind.organisation or name.zh,
                    shapely.points(xy[i]),
                    i,
                )
            )
    points += _hydrants(town, prefix, len(points), rng)
    return points


def _able(
    name: Name,
    kind: Wanted,
    town: Town,
    buildings: list[Building],
    wards: dict[str, frozenset[int]],
    taken: set[int],
) -> list[int]:
    """Buildings that a point may be in: its institution's, its community's, or all of its usage."""
    free = [i for i in range(len(buildings)) if i not in taken]
    named = [
        i
        for i in free
        for called in [town.blocks[buildings[i].block].name]
        if called is not None
        and buildings[i].form not in {"slab", "tower", "house"}
        and (called.zh in name.zh or name.zh in called.zh)
    ]
    if named:
        return named
    ward = next((wards[key] for key in wards if name.zh.startswith(key)), None)
    if ward is not None:
        free = [i for i in free if i in ward]
    return [i for i in free if buildings[i].usage in kind.usages] or free


def _farthest(able: list[int], chosen: list[int], xy: Any, rng: np.random.Generator) -> int:
    """Of a few buildings the one that is farthest from those chosen before."""
    sample = rng.choice(len(able), size=min(len(able), 14), replace=False)
    few = [able[s] for s in sorted(sample.tolist())]
    if not chosen:
        return int(few[0])
    near = [float(np.min(np.linalg.norm(xy[chosen] - xy[i], axis=1))) for i in few]
    return int(few[int(np.argmax(near))])


def _hydrants(town: Town, prefix: str, start: int, rng: np.random.Generator) -> list[ResourcePoint]:
    """A hydrant about every 220 m along named streets, on the kerb."""
    found: list[ResourcePoint] = []
    inner = town.territory.buffer(-15)
    for street in town.streets:
        if street.name is None or street.kind not in {"arterial", "street"}:
            continue
        for line in shapely.get_parts(street.line):
            kerb = shapely.offset_curve(line, street.width_m / 2 + 1.0)
            for at in np.arange(rng.uniform(40, 160), kerb.length, 220.0):
                point = shapely.line_interpolate_point(kerb, at)
                if not inner.contains(point):
                    continue
                number = start + len(found) + 1
                found.append(
                    ResourcePoint(
                        f"{prefix}-R{number:03d}",
                        Name(f"{street.name.zh}消火栓", f"Hydrant, {street.name.en}"),
                        "hydrant",
                        "grid",
                        ALWAYS,
                        ("消防取水",),
                        None,
                        None,
                        point,
                    )
                )
    return found
