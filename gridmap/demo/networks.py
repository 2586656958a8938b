"""What the cutting of every place needs: parts of the ground, fair shares, names, special grids."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gridmap.demo.division import Ground, IndivisibleError, Range, divide
from gridmap.demo.places import NetworkSpec
from gridmap.demo.plans import Fabric, Grid
from gridmap.demo.site import Name
from gridmap.demo.town import Town
from gridmap.geometry.adjacency import SharedEdges, components, sums_by

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
        outer += sums_by(mine[cut], edges.length[cut], len(atoms))
    return Ground(
        ground.weight[atoms],
        ground.area[atoms],
        SharedEdges(first[inside], second[inside], edges.length[inside], outer),
        ground.resistance[inside],
    )


def coarsened(ground: Ground, labels: Ints) -> Ground:
    """The ground whose atoms are whole areas of another division."""
    count = int(labels.max()) + 1
    edges = ground.edges
    first, second = labels[edges.first], labels[edges.second]
    low, high = np.minimum(first, second), np.maximum(first, second)
    between = low != high
    keys, inverse = np.unique(low[between] * count + high[between], return_inverse=True)
    inverse = inverse.reshape(-1)
    length = sums_by(inverse, edges.length[between], len(keys))
    resisting = sums_by(inverse, (edges.length * ground.resistance)[between], len(keys))
    outer = sums_by(labels, edges.outer, count)
    return Ground(
        sums_by(labels, ground.weight, count),
        sums_by(labels, ground.area, count),
        SharedEdges(keys // count, keys % count, length, outer),
        resisting / length,
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
    return np.asarray(counts, dtype=np.int64)


def divide_in_range(
    ground: Ground, parts: int, bounds: Range, rng: np.random.Generator, *, tries: int = 12
) -> Ints:
    """Divide, and try again from other trees while an area misses the range; the best counts."""
    best: tuple[float, Ints] | None = None
    for _ in range(tries):
        try:
            labels = divide(ground, parts, bounds, rng)
        except IndivisibleError:
            continue
        weight = np.bincount(labels, ground.weight, minlength=parts)
        miss = float(
            (np.clip(bounds.low - weight, 0, None) + np.clip(weight - bounds.high, 0, None)).sum()
        )
        if best is None or miss < best[0]:
            best = (miss, labels)
        if miss == 0:
            break
    if best is None:
        raise IndivisibleError(f"{len(ground.weight)} atoms do not make {parts} areas")
    return best[1]


def divide_to_total(
    grounds: list[Ground], counts: Ints, bounds: Range, rng: np.random.Generator
) -> list[Ints]:
    """Divide several grounds into areas that are all in range and sum to the sum of `counts`.

    A ground of few large atoms may not go into the number of areas that it should: then it gets
    the nearest number that works, and others make up for it.
    """
    total = int(counts.sum())
    known: list[dict[int, Ints]] = [{} for _ in grounds]
    failed: list[set[int]] = [set() for _ in grounds]

    def works(i: int, count: int) -> bool:
        if count in known[i] or count in failed[i] or count < 1:
            return count in known[i]
        try:
            labels = divide_in_range(grounds[i], count, bounds, rng)
        except IndivisibleError:
            failed[i].add(count)
            return False
        weight = np.bincount(labels, grounds[i].weight, minlength=count)
        if weight.min() < bounds.low or weight.max() > bounds.high:
            failed[i].add(count)
            return False
        known[i][count] = labels
        return True

    chosen = []
    for i, count in enumerate(counts.tolist()):
        near = (count, count + 1, count - 1, count + 2, count - 2, count + 3)
        chosen.append(next(c for c in near if works(i, c)))
    while (left := total - sum(chosen)) != 0:
        step = 1 if left > 0 else -1
        mean = [float(g.weight.sum()) / (c + step) for g, c in zip(grounds, chosen, strict=True)]
        order = np.argsort(-np.array(mean) * step, kind="stable")
        i = next(int(i) for i in order if works(int(i), chosen[i] + step))
        chosen[i] += step
    return [known[i][count] for i, count in enumerate(chosen)]


def special_ground(
    fabric: Fabric, town: Town, atoms: Ints, uses: frozenset[str], *, least_m2: float
) -> list[Ints]:
    """Institutions without households that are areas of their own, and leave the rest whole."""
    taken: list[Ints] = []
    rest = atoms
    for block in dict.fromkeys(fabric.block[atoms].tolist()):
        if town.blocks[block].use not in uses or town.blocks[block].name is None:
            continue
        inside = fabric.block[rest] == block
        mine, left = rest[inside], rest[~inside]
        if fabric.households[mine].sum() or fabric.ground.area[mine].sum() < least_m2:
            continue
        if is_whole(fabric.ground, left) and is_whole(fabric.ground, mine):
            taken.append(mine)
            rest = left
    return taken


def is_whole(ground: Ground, atoms: Ints) -> bool:
    """Whether some atoms hang together by edges."""
    if not len(atoms):
        return False
    part = part_of(ground, atoms)
    return bool(components(part.edges, np.zeros(len(atoms), dtype=np.int64)).max() == 0)


def local_names(town: Town, fabric: Fabric) -> Callable[[Ints], Name | None]:
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


def grid_namer(town: Town, fabric: Fabric) -> Callable[[int, str, Ints], Name]:
    """Names of grids: their number, and the estate or institution that most of it is."""
    called = local_names(town, fabric)

    def name(number: int, _parent: str, atoms: Ints) -> Name:
        near = called(atoms)
        if near is None:
            return Name(f"第{number}网格", f"Grid {number}")
        return Name(f"第{number}网格（{near.zh}）", f"Grid {number} ({near.en})")

    return name
