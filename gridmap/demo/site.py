"""What is drawn by hand of a place: its old roads, rivers, and what stands where.

Coordinates are metres east and north of the place's centre. Everything else (lanes, lots,
buildings, people) grows from this by seeded rules in `town`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Points = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Name:
    """A name in Chinese and how it reads in English."""

    zh: str
    en: str


def names(*pairs: tuple[str, str]) -> tuple[Name, ...]:
    """Names from pairs of Chinese and English."""
    return tuple(Name(zh, en) for zh, en in pairs)


@dataclass(frozen=True)
class Road:
    """A street's centre line; `smooth` bends it through its points."""

    name: Name | None
    kind: str
    width_m: float
    points: Points
    smooth: bool = True


@dataclass(frozen=True)
class Stream:
    """A river or canal by its centre line, or, where `width_m` is 0, a lake by its shore."""

    name: Name
    kind: str
    width_m: float
    points: Points


@dataclass(frozen=True)
class Area:
    """What the ground around a point is used for; it spreads to the nearest quarters."""

    x: float
    y: float
    use: str
    weight: float = 1.0  # how far it reaches against its neighbours
    floors: tuple[int, int] | None = None


@dataclass(frozen=True)
class Institution:
    """What there is once: the quarter nearest to a point becomes it."""

    x: float
    y: float
    use: str
    name: Name
    hectares: tuple[float, float] = (0.8, 6.0)


@dataclass(frozen=True)
class Site:
    """One place as drawn by hand."""

    longitude: float
    latitude: float
    extent: Points  # rough outline: the faces of the skeleton inside it are the territory
    roads: tuple[Road, ...]
    streams: tuple[Stream, ...]
    areas: tuple[Area, ...]
    institutions: tuple[Institution, ...]
    street_names: tuple[Name, ...]
    lane_names: tuple[Name, ...]
    estate_names: tuple[Name, ...]
    village_names: tuple[Name, ...] = ()
    scale: float = 1.0
    households_a_slab: int = 72  # the largest slab that is built
    house_lot_m2: float = 175.0
    old_lot_m2: float = 150.0
    village_lot_m2: float = 460.0
    quarter_hectares: dict[str, float] = field(default_factory=dict)
