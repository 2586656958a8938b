"""南街社区: one general grid, 27 grids, 247 micro-grids, each level made of the next."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gridmap.demo.cutting.territories import Territories
from gridmap.demo.division import Range
from gridmap.demo.networks import (
    Network,
    divide_in_range,
    divide_to_total,
    grid_namer,
    part_of,
    shares,
    special_ground,
)
from gridmap.demo.places import Place
from gridmap.demo.plans import Fabric, make_grids
from gridmap.demo.resources import ResourcePoint
from gridmap.demo.site import Name
from gridmap.demo.town import Town

GRIDS, MICRO_GRIDS = 27, 247
SPECIAL = frozenset({"school", "hospital", "market", "park"})


def cut(
    place: Place,
    town: Town,
    fabric: Fabric,
    territories: Territories,
    points: list[ResourcePoint],
    rng: np.random.Generator,
) -> list[Network]:
    """Cut grids of about equal size, then each into micro-grids; institutions are special ones."""
    del territories, points
    spec = place.networks[0]
    assert spec.households is not None
    micro = Range(*spec.households)
    mean = float(fabric.households.sum()) / GRIDS
    labels = divide_in_range(fabric.ground, GRIDS, Range(mean * 0.72, mean * 1.35), rng)
    key = spec.key
    grids = make_grids(
        fabric,
        labels,
        network=key,
        level=2,
        parents=[place.code] * GRIDS,
        names=grid_namer(town, fabric),
    )
    general = make_grids(
        fabric,
        np.zeros(len(labels), dtype=np.int64),
        network=key,
        level=1,
        parents=[place.code],
        names=lambda *_: Name(f"{place.name.zh}总网格", f"{place.name.en} General Grid"),
        start=0,
    )[0]
    special = [special_ground(fabric, town, grid.atoms, SPECIAL, least_m2=6000.0) for grid in grids]
    households = np.array([grid.counts["households"] for grid in grids], dtype=float)
    counts = shares(
        households,
        MICRO_GRIDS - sum(len(found) for found in special),
        Range(micro.low * 1.25, micro.high * 0.92),
    )
    finest = np.zeros(len(labels), dtype=np.int64)
    parents: list[str] = []
    rests = [
        np.setdiff1d(grid.atoms, np.concatenate([np.zeros(0, np.int64), *found]))
        for grid, found in zip(grids, special, strict=True)
    ]
    inner = divide_to_total([part_of(fabric.ground, rest) for rest in rests], counts, micro, rng)
    for grid, set_apart, rest, within in zip(grids, special, rests, inner, strict=True):
        grid.parent = general.code
        for atoms in set_apart:
            finest[atoms] = len(parents)
            parents.append(grid.code)
        finest[rest] = within + len(parents)
        parents += [grid.code] * (int(within.max()) + 1)
    apart = {
        int(finest[atoms[0]]): town.blocks[int(fabric.block[atoms[0]])].name
        for found in special
        for atoms in found
    }

    def micro_name(number: int, parent: str, atoms: NDArray[np.int64]) -> Name:
        grid = int(parent[12:])
        name = apart.get(int(finest[atoms[0]]))
        if name is not None:
            return Name(f"{name.zh}专属微网格", f"Special Micro-grid {name.en}")
        return Name(f"{grid}-{number}微网格", f"Micro-grid {grid}-{number}")

    micros = make_grids(fabric, finest, network=key, level=3, parents=parents, names=micro_name)
    for number in apart:
        micros[number].kind = "special"
    lowest = [micros[i].code for i in finest.tolist()]
    return [Network(spec, [general, *grids, *micros], lowest)]
