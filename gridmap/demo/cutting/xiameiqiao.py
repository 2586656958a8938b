"""下湄桥街道: 93 grids of 100 to 200 households in eleven territories, four networks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gridmap.demo.cutting.territories import Territories
from gridmap.demo.division import Range
from gridmap.demo.networks import (
    Network,
    coarsened,
    divide_in_range,
    divide_to_total,
    grid_namer,
    part_of,
    shares,
)
from gridmap.demo.places import Place
from gridmap.demo.plans import Fabric, make_grids
from gridmap.demo.resources import ResourcePoint
from gridmap.demo.site import Name
from gridmap.demo.town import Town

GRIDS = 93
Ints = NDArray[np.int64]


def cut(
    place: Place,
    town: Town,
    fabric: Fabric,
    territories: Territories,
    points: list[ResourcePoint],
    rng: np.random.Generator,
) -> list[Network]:
    """Cut each territory four times; a police grid is made of whole governance grids."""
    del points
    governance, party, service, police = place.networks
    assert governance.households is not None
    bounds = Range(*governance.households)
    inside = [np.flatnonzero(territories.of_atom == i) for i in range(len(territories.codes))]
    households = np.array([fabric.households[atoms].sum() for atoms in inside], dtype=float)
    counts = shares(households, GRIDS, Range(bounds.low * 1.05, bounds.high * 0.97))
    found = divide_to_total(
        [part_of(fabric.ground, atoms) for atoms in inside], counts, bounds, rng
    )
    counts = np.array([labels.max() + 1 for labels in found], dtype=np.int64)
    grids = np.zeros(len(fabric.atoms), dtype=np.int64)
    for atoms, labels, start in zip(inside, found, np.cumsum(counts) - counts, strict=True):
        grids[atoms] = labels + start
    groups = np.maximum(1, np.round(counts / 3.0)).astype(np.int64)
    branches = _in_each(fabric, inside, groups, _around(households, groups, 0.3), rng)
    areas = np.where(counts >= 9, 2, 1)
    service_areas = _in_each(fabric, inside, areas, _around(households, areas, 0.25), rng)
    beats = _beats(
        fabric, inside, grids, np.maximum(1, np.round(counts / 4.0)).astype(np.int64), rng
    )
    child_names = {child.code: child.name for child in place.children}

    def named(zh: str, en: str) -> object:
        def name(number: int, parent: str, _atoms: Ints) -> Name:
            child = child_names[parent]
            return Name(f"{child.zh}第{number}{zh}", f"{child.en} {en} {number}")

        return name

    wanted = (
        (governance, grids, grid_namer(town, fabric)),
        (party, branches, named("党建网格", "Party Grid")),
        (service, service_areas, named("服务片区", "Service Area")),
        (police, beats, named("警格", "Police Grid")),
    )
    networks = []
    for spec, labels, names in wanted:
        parents = _parents(labels, territories)
        made = make_grids(fabric, labels, network=spec.key, level=2, parents=parents, names=names)
        networks.append(Network(spec, made, [made[i].code for i in labels.tolist()]))
    return networks


def _in_each(
    fabric: Fabric,
    inside: list[Ints],
    counts: Ints,
    bounds: list[Range],
    rng: np.random.Generator,
) -> Ints:
    """Divide every territory by itself; labels run on from one to the next."""
    labels = np.zeros(len(fabric.atoms), dtype=np.int64)
    start = 0
    for atoms, count, limits in zip(inside, counts.tolist(), bounds, strict=True):
        labels[atoms] = start + divide_in_range(part_of(fabric.ground, atoms), count, limits, rng)
        start += count
    return labels


def _around(households: NDArray[np.float64], counts: Ints, share: float) -> list[Range]:
    means = households / counts
    return [Range(mean * (1 - share), mean * (1 + share)) for mean in means.tolist()]


def _beats(
    fabric: Fabric, inside: list[Ints], grids: Ints, counts: Ints, rng: np.random.Generator
) -> Ints:
    """Join the grids of each territory to police grids, without a seam between the networks."""
    labels = np.zeros(len(fabric.atoms), dtype=np.int64)
    start = 0
    for atoms, count in zip(inside, counts.tolist(), strict=True):
        _, own = np.unique(grids[atoms], return_inverse=True)
        ground = coarsened(part_of(fabric.ground, atoms), own)
        mean = float(ground.weight.sum()) / count
        joined = divide_in_range(ground, count, Range(mean * 0.6, mean * 1.45), rng)
        labels[atoms] = start + joined[own]
        start += count
    return labels


def _parents(labels: Ints, territories: Territories) -> list[str]:
    _, first = np.unique(labels, return_index=True)
    return [territories.codes[i] for i in territories.of_atom[first].tolist()]
