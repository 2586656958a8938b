"""How each place is cut: its networks, level by level, to the exact number of areas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gridmap.demo.division import Ground, Range, divide
from gridmap.demo.places import NetworkSpec, Place
from gridmap.demo.plans import Fabric, Grid, make_grids
from gridmap.demo.site import Name
from gridmap.demo.town import Town
from gridmap.geometry.adjacency import SharedEdges

Ints = NDArray[np.int64]


@dataclass
class Network:
    """A network with the grids of all its levels; `lowest` has the code for each atom."""

    spec: NetworkSpec
    grids: list[Grid]
    lowest: list[str]


def part_of(ground: Ground, atoms: Ints) -> Ground:
    """The ground of some of the atoms; their edges to the others become outer edges."""
    position = np.full(len(ground.weight), -1, dtype=np.int64)
    position[atoms] = np.arange(len(atoms))
    edges = ground.edges
    first, second = position[edges.first], position[edges.second]
    inside = (first >= 0) & (second >= 0)
    outer = edges.outer[atoms].copy()
    for mine, other in ((first, second), (second, first)):
        cut = (mine >= 0) & (other < 0)
        outer += np.bincount(mine[cut], edges.length[cut], minlength=len(atoms))
    return Ground(
        ground.weight[atoms],
        ground.area[atoms],
        SharedEdges(first[inside], second[inside], edges.length[inside], outer),
        ground.resistance[inside],
    )


def shares(weights: NDArray[np.float64], total: int, bounds: Range) -> Ints:
    """Whole numbers in proportion to weights that sum to `total`, each able to stay in range."""
    exact = weights / weights.sum() * total
    least = np.maximum(1, np.ceil(weights / bounds.high))
    most = np.maximum(least, np.floor(weights / bounds.low))
    counts = np.clip(np.floor(exact), least, most)
    while counts.sum() != total:
        step = 1 if counts.sum() < total else -1
        able = counts < most if step > 0 else counts > least
        assert able.any(), f"{total} areas do not fit the range"
        error = np.where(able, (exact - counts) * step, -np.inf)
        counts[int(np.argmax(error))] += step
    return counts.astype(np.int64)


def place_names(town: Town, fabric: Fabric) -> Callable[[Ints], Name | None]:
    """What most of the households of some atoms call the place where they live."""

    def most(atoms: Ints) -> Name | None:
        weight: dict[str, float] = {}
        names: dict[str, Name] = {}
        for atom in atoms.tolist():
            name = town.blocks[int(fabric.block[atom])].name
            if name is not None:
                names[name.zh] = name
                weight[name.zh] = weight.get(name.zh, 0.0) + float(fabric.households[atom]) + 0.01
        if not weight:
            return None
        return names[max(sorted(weight), key=lambda key: weight[key])]

    return most


def nanjie(
    place: Place, town: Town, fabric: Fabric, rng: np.random.Generator
) -> list[Network]:
    """One general grid, 27 grids, 247 micro-grids, each level made of the next."""
    spec = place.networks[0]
    assert spec.households is not None
    micro = Range(*spec.households)
    mean = float(fabric.households.sum()) / 27
    labels = divide(fabric.ground, 27, Range(mean * 0.72, mean * 1.35), rng)
    weights = np.bincount(labels, fabric.households).astype(float)
    counts = shares(weights, 247, Range(micro.low * 1.25, micro.high * 0.9))
    called = place_names(town, fabric)

    def grid_name(number: int, _: str, atoms: Ints) -> Name:
        near = called(atoms)
        if near is None:
            return Name(f"第{number}网格", f"Grid {number}")
        return Name(f"第{number}网格（{near.zh}）", f"Grid {number} ({near.en})")

    def micro_name(number: int, parent: str, _: Ints) -> Name:
        grid = int(parent[12:])
        return Name(f"{grid}-{number}微网格", f"Micro-grid {grid}-{number}")

    grids = make_grids(
        fabric, labels, network=spec.key, level=2, parents=[place.code] * 27, names=grid_name
    )
    general = make_grids(
        fabric,
        np.zeros(len(labels), dtype=np.int64),
        network=spec.key,
        level=1,
        parents=[place.code],
        names=lambda *_: Name(f"{place.name.zh}总网格", f"{place.name.en} General Grid"),
        start=0,
    )[0]
    for grid in grids:
        grid.parent = general.code
    finest = np.zeros(len(labels), dtype=np.int64)
    parents: list[str] = []
    for label, grid in enumerate(grids):
        inner = divide(part_of(fabric.ground, grid.atoms), int(counts[label]), micro, rng)
        finest[grid.atoms] = inner + len(parents)
        parents += [grid.code] * int(counts[label])
    micros = make_grids(
        fabric, finest, network=spec.key, level=3, parents=parents, names=micro_name
    )
    lowest = [micros[i].code for i in finest.tolist()]
    return [Network(replace(spec), [general, *grids, *micros], lowest)]


CUT: dict[str, Callable[[Place, Town, Fabric, np.random.Generator], list[Network]]] = {
    "nanjie": nanjie,
}
