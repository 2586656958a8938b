"""Atoms → a wanted number of areas that hang together, with counts inside a range.

A drawn town is cut by random spanning trees that keep blocks together: the tree's edge that leaves
the fairest and most compact halves is cut, and each half again, until there are as many areas as
were asked for. Then single atoms change hands where that mends a count or rounds an outline.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order, minimum_spanning_tree

from gridmap.geometry.adjacency import SharedEdges

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class IndivisibleError(ValueError):
    """The atoms are too few or too large for the number of areas."""


@dataclass(frozen=True)
class Ground:
    """The atoms to divide: counts, areas, outlines, and how much each shared edge resists a cut."""

    weight: Floats
    area: Floats
    edges: SharedEdges
    resistance: Floats  # per shared edge: 1 for a street, more inside a block, less on a river


@dataclass(frozen=True)
class Range:
    """What an area may count."""

    low: float
    high: float


def divide(
    ground: Ground, parts: int, bounds: Range, rng: np.random.Generator, *, trees: int = 16
) -> Ints:
    """Divide all atoms into `parts` contiguous areas; returns the area's number of each atom.

    Raises
    ------
    IndivisibleError
        There are fewer atoms than areas, all over or in a half.
    """
    labels = np.zeros(len(ground.weight), dtype=np.int64)
    todo = [(np.arange(len(labels)), parts)]
    number = 0
    while todo:
        atoms, count = todo.pop()
        if count == 1:
            labels[atoms] = number
            number += 1
            continue
        one, other, first = _halve(ground, atoms, count, bounds, rng, trees)
        todo += [(other, count - first), (one, first)]
    return improve(ground, labels, bounds, rng)


def _halve(
    ground: Ground,
    atoms: Ints,
    count: int,
    bounds: Range,
    rng: np.random.Generator,
    trees: int,
) -> tuple[Ints, Ints, int]:
    """Cut atoms in two contiguous halves for `first` and `count - first` areas."""
    position = np.full(len(ground.weight), -1, dtype=np.int64)
    position[atoms] = np.arange(len(atoms))
    first, second = position[ground.edges.first], position[ground.edges.second]
    inside = (first >= 0) & (second >= 0)
    first, second = first[inside], second[inside]
    length, resistance = ground.edges.length[inside], ground.resistance[inside]
    weight, total = ground.weight[atoms], float(ground.weight[atoms].sum())
    graph = coo_array(
        (np.arange(1, len(first) + 1), (first, second)), shape=(len(atoms), len(atoms))
    ).tocsr()
    order_of_edges = graph.data - 1
    best: tuple[float, NDArray[np.bool_], int] | None = None
    for _ in range(trees):
        noise = rng.random(len(first)) / (resistance * np.sqrt(length + 1)) + 1e-9
        graph.data = noise[order_of_edges]
        below, order, parent = _rooted_tree(graph, weight)
        for node, share in _cuts(below, order, total, count):
            side = _subtree(node, order, parent)
            apart = side[first] != side[second]
            cost = float((length[apart] * resistance[apart]).sum())
            miss = _miss(below[node], share, bounds) + _miss(
                total - below[node], count - share, bounds
            )
            even = abs(below[node] / share - total / count) / max(total / count, 1e-9)
            few = max(0, share - int(side.sum())) + max(0, count - share - int((~side).sum()))
            score = 1e3 * few + 40 * miss + 1.2 * even
            score += cost / np.sqrt(ground.area[atoms].sum())
            if best is None or score < best[0]:
                best = (score, side, share)
    if best is None or best[0] >= 1e3:
        raise IndivisibleError(f"{len(atoms)} atoms do not make {count} areas")
    _, side, share = best
    return atoms[side], atoms[~side], share


def _miss(weight: float, parts: int, bounds: Range) -> float:
    """How far a half is from being able to give `parts` areas inside the range, with some room."""
    low, high = bounds.low * 1.06 * parts, bounds.high * 0.94 * parts
    return max(0.0, low - weight, weight - high) / max(bounds.high, 1.0)


def _rooted_tree(graph: Any, weight: Floats) -> tuple[Floats, Ints, Ints]:
    """A spanning tree: weight below each node, nodes in breadth-first order, parents."""
    tree = minimum_spanning_tree(graph)
    order, parent = breadth_first_order(tree, 0, directed=False)
    assert len(order) == len(weight), "atoms to divide do not hang together"
    below = weight.astype(float).tolist()
    above = parent.tolist()
    for node in order[:0:-1].tolist():
        below[above[node]] += below[node]
    return np.array(below), order.astype(np.int64), parent.astype(np.int64)


def _cuts(below: Floats, order: Ints, total: float, count: int) -> list[tuple[int, int]]:
    """The few tree edges whose cut leaves the fairest halves, with the share of the areas below."""
    nodes = order[1:]
    if not len(nodes):
        return []
    share = (
        np.clip(np.round(below[nodes] / total * count), 1, count - 1)
        if total
        else np.ones(len(nodes))
    )
    uneven = (
        np.abs(below[nodes] / share - total / count)
        + np.abs(share / count - 0.5) * total / count * 0.8
    )
    chosen = np.argsort(uneven, kind="stable")[:4]
    return [(int(nodes[i]), int(share[i])) for i in chosen]


def _subtree(node: int, order: Ints, parent: Ints) -> NDArray[np.bool_]:
    inside = [False] * len(order)
    inside[node] = True
    above = parent.tolist()
    for other in order[1:].tolist():
        if inside[above[other]]:
            inside[other] = True
    return np.array(inside)


class _State:
    """Counts, areas and outlines of the areas while atoms change hands."""

    def __init__(self, ground: Ground, labels: Ints) -> None:
        parts = int(labels.max()) + 1
        self.ground, self.labels = ground, labels
        self.weight = np.bincount(labels, ground.weight, minlength=parts)
        self.area = np.bincount(labels, ground.area, minlength=parts)
        self.atoms = np.bincount(labels, minlength=parts)
        self.outline = np.bincount(labels, ground.edges.outer, minlength=parts)
        self.near: list[list[tuple[int, float, float]]] = [[] for _ in labels]
        edges = ground.edges
        for i, j, length, resistance in zip(
            edges.first.tolist(),
            edges.second.tolist(),
            edges.length.tolist(),
            ground.resistance.tolist(),
            strict=True,
        ):
            self.near[i].append((j, length, resistance))
            self.near[j].append((i, length, resistance))
            if labels[i] != labels[j]:
                self.outline[labels[i]] += length * resistance
                self.outline[labels[j]] += length * resistance

    def stays_whole(self, atom: int) -> bool:
        """Whether an area still hangs together without one of its atoms."""
        label = self.labels[atom]
        around = [j for j, _, _ in self.near[atom] if self.labels[j] == label]
        if not around:
            return False
        seen, todo = {around[0]}, [around[0]]
        wanted = set(around)
        while todo and not wanted <= seen:
            for j, _, _ in self.near[todo.pop()]:
                if j != atom and j not in seen and self.labels[j] == label:
                    seen.add(j)
                    todo.append(j)
        return wanted <= seen

    def change_of_outline(self, atom: int, target: int) -> tuple[float, float]:
        """How the outlines of the old and the new area change when an atom moves."""
        source = self.labels[atom]
        edge = float(self.ground.edges.outer[atom])
        old, new = -edge, edge
        for j, length, resistance in self.near[atom]:
            stretch = length * resistance
            if self.labels[j] == source:
                old += stretch
                new += stretch
            elif self.labels[j] == target:
                old -= stretch
                new -= stretch
            else:
                old -= stretch
                new += stretch
        return old, new


def improve(
    ground: Ground, labels: Ints, bounds: Range, rng: np.random.Generator, *, rounds: int = 40
) -> Ints:
    """Move single atoms between neighbouring areas while that mends counts or rounds outlines."""
    state = _State(ground, labels.copy())
    mean = float(ground.weight.sum()) / len(state.weight)
    for turn in range(rounds):
        heat = 0.25 * max(0.0, 1 - 2 * turn / rounds)
        moved = 0
        for atom in rng.permutation(len(labels)).tolist():
            moved += _try_move(state, atom, bounds, mean, heat, rng)
        if not moved and heat == 0.0:
            break
    return state.labels


def _try_move(
    state: _State, atom: int, bounds: Range, mean: float, heat: float, rng: np.random.Generator
) -> bool:
    source = int(state.labels[atom])
    targets = sorted({int(state.labels[j]) for j, _, _ in state.near[atom]} - {source})
    if not targets or state.atoms[source] < 2:
        return False
    weight, area = float(state.ground.weight[atom]), float(state.ground.area[atom])
    best: tuple[float, int, float, float] | None = None
    for target in targets:
        old, new = state.change_of_outline(atom, target)
        gain = (
            _cost(state, source, 0, 0, 0, bounds, mean)
            + _cost(state, target, 0, 0, 0, bounds, mean)
            - _cost(state, source, -weight, -area, old, bounds, mean)
            - _cost(state, target, weight, area, new, bounds, mean)
        )
        if best is None or gain > best[0]:
            best = (gain, target, old, new)
    assert best is not None
    gain, target, old, new = best
    if gain + heat * rng.exponential(0.3) <= 1e-9 or not state.stays_whole(atom):
        return False
    for label, sign, outline in ((source, -1, old), (target, 1, new)):
        state.weight[label] += sign * weight
        state.area[label] += sign * area
        state.outline[label] += outline
        state.atoms[label] += sign
    state.labels[atom] = target
    return True


def _cost(
    state: _State,
    label: int,
    weight: float,
    area: float,
    outline: float,
    bounds: Range,
    mean: float,
) -> float:
    """Price of one area: misses of the range first, then a ragged outline, then imbalance."""
    count = state.weight[label] + weight
    size = max(state.area[label] + area, 1.0)
    edge = state.outline[label] + outline
    miss = max(0.0, bounds.low - count, count - bounds.high)
    price = 0.0 if miss == 0 else 4.0 + 60.0 * miss / mean
    ragged = edge * edge / (4 * np.pi * size)
    return float(price + 0.35 * ragged + 0.6 * ((count - mean) / mean) ** 2)
