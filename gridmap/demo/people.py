"""Who lives in which building: stairs, households and residents, to the exact totals of a place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.demo.layouts import Footprint
from gridmap.demo.site import Name
from gridmap.demo.town import Block

Ints = NDArray[np.int64]
USAGE = {"hall": "public", "block": "commercial", "works": "industrial"}


@dataclass
class Building:
    """A footprint with its counts; one entry of each list for each stair."""

    polygon: Any
    block: int
    form: str
    use: str
    usage: str
    floors: int
    capacity: list[int]
    households: list[int] = field(default_factory=list)
    residents: list[int] = field(default_factory=list)
    dossiers: list[int] = field(default_factory=list)
    code: str = ""
    name: Name | None = None
    address: str = ""
    atom: int = -1

    @property
    def height_m(self) -> float:
        """Height of the eaves."""
        storey = {"works": 7.5, "block": 4.2, "hall": 3.6}.get(self.form, 3.0)
        return round(self.floors * storey + 0.6, 1)


def settle(blocks: list[Block], *, households_a_house: tuple[int, ...]) -> list[Building]:
    """Turn footprints into buildings with the number of households that they have room for."""
    buildings = []
    for number, block in enumerate(blocks):
        for index, plan in enumerate(block.footprints):
            usage = _usage(block, plan)
            house = households_a_house[(number + index * 7) % len(households_a_house)]
            capacity = _capacity(plan, house) if usage in {"residential", "village-house"} else []
            buildings.append(
                Building(plan.polygon, number, plan.form, block.use, usage, plan.floors, capacity)
            )
    return buildings


def _usage(block: Block, plan: Footprint) -> str:
    if block.use == "village":
        return "village-house"
    if plan.form in {"slab", "tower", "house"}:
        return "residential"
    if block.use in {"school", "hospital"}:
        return block.use
    return USAGE[plan.form]


def _capacity(plan: Footprint, house: int) -> list[int]:
    if plan.form == "house":
        return [house]
    per_floor = 4 if plan.form == "tower" else 2
    return [plan.floors * per_floor] * plan.units


def keep_units(buildings: list[Building], total: int, rng: np.random.Generator) -> None:
    """Let whole slabs become offices and kindergartens until `total` stairs are lived in."""
    over = sum(len(b.capacity) for b in buildings) - total
    assert over >= 0, f"{-over} stairs are missing"
    slabs = [i for i, b in enumerate(buildings) if b.form == "slab"]
    # Low slabs first, though not strictly: those of one estate do not all go.
    height = {i: buildings[i].floors * rng.uniform(0.5, 1.5) for i in slabs}
    for i in sorted(slabs, key=lambda i: height[i]):
        units = len(buildings[i].capacity)
        # A rest of one stair cannot be taken: no slab has a single one.
        if units <= over and over - units != 1:
            buildings[i].capacity = []
            buildings[i].usage = "public" if units < 4 else "office"
            over -= units
    assert over == 0, "no set of slabs has the stairs that are too many"


def occupy(
    buildings: list[Building],
    rng: np.random.Generator,
    *,
    households: int | None,
    residents_a_household: float,
    residents: int | None = None,
) -> None:
    """Let households move in, and people into households, to exact totals where they are given.

    Without a total of households about 93 % of the flats are lived in.
    """
    room = np.array([flats for b in buildings for flats in b.capacity], dtype=np.int64)
    share = 0.93 if households is None else households / room.sum()
    lived = np.minimum(
        room, _round_to_total(room * _uneven(rng, len(room), share, room), households)
    )
    lived = np.maximum(lived, np.minimum(room, 1))
    if households is not None:
        lived = _settle_total(lived, room, households, rng)
    people = np.maximum(
        lived,
        np.round(lived * residents_a_household + rng.normal(0, 0.5, len(lived)) * np.sqrt(lived)),
    )
    people = people.astype(np.int64)
    if residents is not None:
        people = _settle_total(people, lived * 6, residents, rng, least=lived)
    at = 0
    for building in buildings:
        end = at + len(building.capacity)
        building.households = lived[at:end].tolist()
        building.residents = people[at:end].tolist()
        building.dossiers = lived[at:end].tolist()
        at = end


def _uneven(rng: np.random.Generator, count: int, share: float, room: Ints) -> NDArray[np.float64]:
    spread = np.clip(rng.normal(share, 0.04, count), 0.5, 1.0)
    return np.where(room <= 3, 1.0, spread)


def _round_to_total(values: NDArray[np.float64], total: int | None) -> Ints:
    if total is not None and values.sum() > 0:
        values = values * (total / values.sum())
    return np.round(values).astype(np.int64)


def _settle_total(
    counts: Ints, most: Ints, total: int, rng: np.random.Generator, *, least: Ints | None = None
) -> Ints:
    """Add or take one here and there, inside bounds, until the sum is right."""
    counts = counts.copy()
    floor = np.minimum(most, 1) if least is None else least
    while (left := total - int(counts.sum())) != 0:
        able = np.flatnonzero(counts < most) if left > 0 else np.flatnonzero(counts > floor)
        assert len(able), f"there is no room for {total}"
        chosen = rng.choice(able, size=min(abs(left), len(able)), replace=False)
        counts[chosen] += 1 if left > 0 else -1
    return counts


def totals(buildings: list[Building]) -> dict[str, Ints]:
    """Sums for each building."""
    return {
        "households": np.array([sum(b.households) for b in buildings], dtype=np.int64),
        "residents": np.array([sum(b.residents) for b in buildings], dtype=np.int64),
        "dossiers": np.array([sum(b.dossiers) for b in buildings], dtype=np.int64),
    }


def inner_points(buildings: list[Building]) -> NDArray[np.object_]:
    """A point inside each footprint."""
    return np.asarray(shapely.point_on_surface(np.array([b.polygon for b in buildings])))
