"""The search: annealing over plans, by flips of atoms and new cuts of neighbouring grids."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gridmap.algorithms.partition import kernels
from gridmap.algorithms.partition.problem import Atoms, SizeRange

if TYPE_CHECKING:
    from gridmap.algorithms.partition.kernels.arrays import Graph, Scratch, State, Terms

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# Temperatures in units of one grid's compactness. Above 0.07 grids are shapeless, below 0.015
# nothing but single atoms moves any more: all that matters happens between.
_HOT, _COLD = 0.07, 0.008
_FROZEN = 1e-4
_CHUNKS = 240
_QUENCH_SHARE = 0.08
_REPAIRS = 8
_SPARE = 12


@dataclass(frozen=True)
class Weights:
    """What counts how much, beside the mean compactness of the grids.

    Parameters
    ----------
    off_street_per_km
        A kilometre of boundary that is not along a street, in grids of compactness 1.
    enclosing
        A grid that lies inside another one.
    ragged
        Factor of (0.4 - compactness)² of grids below 0.4, so that no grid pays for all others.
    outside, outside_once
        Missing the range of households by the minimum, and missing it at all.
    """

    off_street_per_km: float = 1.5
    enclosing: float = 0.5
    ragged: float = 1.0
    outside: float = 20.0
    outside_once: float = 0.1


@dataclass(frozen=True)
class Found:
    """Where the search ended.

    Parameters
    ----------
    grid
        Per atom.
    steps
        Proposals made.
    in_time
        The whole schedule was run; false if the time ran out before.
    """

    grid: Ints
    steps: int
    in_time: bool


def build_graph(atoms: Atoms) -> Graph:
    """Turn atoms into the arrays of the loops."""
    from gridmap.algorithms.partition.kernels.arrays import Graph  # noqa: PLC0415 - numba

    count = len(atoms)
    edges = atoms.neighbours
    source = np.concatenate((edges.first, edges.second)).astype(np.int64)
    target = np.concatenate((edges.second, edges.first)).astype(np.int64)
    order = np.lexsort((target, source))
    source, target = source[order], target[order]

    def both(values: NDArray[np.generic]) -> NDArray[np.generic]:
        return np.concatenate((values, values))[order]

    length = np.asarray(both(edges.length), dtype=np.float64)
    if atoms.outlines is None:
        none = np.zeros(0, dtype=np.int64)
        arcs, corner_atom, corner = np.zeros(len(source), dtype=np.int64), none, none
        euler = np.zeros(count, dtype=np.int64)
    else:
        corner_atom, corner = atoms.outlines.atom, atoms.outlines.corner
        at = np.searchsorted(atoms.outlines.pair, source * count + target)
        arcs = atoms.outlines.arcs[at]
        euler = 1 - atoms.outlines.holes
    by_corner = np.argsort(corner, kind="stable")
    corners = int(corner.max()) + 1 if len(corner) else 0
    return Graph(
        x=np.ascontiguousarray(atoms.centre[:, 0]),
        y=np.ascontiguousarray(atoms.centre[:, 1]),
        households=atoms.households.astype(np.float64),
        area=atoms.area_m2.astype(np.float64),
        perimeter=atoms.perimeter_m.astype(np.float64),
        first=np.searchsorted(source, np.arange(count + 1)),
        source=source,
        neighbour=target,
        length=length,
        inner=np.where(both(edges.off_street), length, 0.0),
        barrier=np.asarray(both(edges.barrier), dtype=np.bool_),
        arcs=arcs,
        corner_first=np.searchsorted(corner_atom, np.arange(count + 1)),
        corner=corner,
        atom_first=np.searchsorted(corner[by_corner], np.arange(corners + 1)),
        atom=corner_atom[by_corner],
        euler=euler,
    )


def build_state(
    graph: Graph, grid: Ints, pinned: Ints, capacity: int, rng: np.random.Generator
) -> State:
    """Sum up a plan."""
    from gridmap.algorithms.partition.kernels.arrays import State  # noqa: PLC0415 - numba

    def total(numbers: Ints, values: NDArray[np.generic] | None = None) -> Floats:
        return np.bincount(numbers, values, minlength=capacity).astype(np.float64)

    same = grid[graph.source] == grid[graph.neighbour]
    inside = grid[graph.source[same]]
    corner_atom = np.repeat(np.arange(len(grid)), np.diff(graph.corner_first))
    corners = np.unique(np.column_stack((grid[corner_atom], graph.corner)), axis=0)[:, 0]
    euler = total(grid, graph.euler) + total(inside, graph.arcs[same]) / 2
    euler -= total(grid[corner_atom]) - total(corners)
    atoms = np.bincount(grid, minlength=capacity)
    member = np.zeros(capacity, dtype=np.int64)
    member[grid] = np.arange(len(grid))
    unused = np.flatnonzero(atoms == 0)
    free = np.zeros(capacity, dtype=np.int64)
    free[: len(unused)] = unused
    return State(
        grid=grid.astype(np.int64),
        pinned=pinned.astype(np.int64),
        area=total(grid, graph.area),
        perimeter=total(grid, graph.perimeter) - total(inside, graph.length[same]),
        households=total(grid, graph.households),
        atoms=atoms.astype(np.int64),
        holes=np.where(atoms > 0, 1 - euler, 0).astype(np.int64),
        member=member,
        free=free,
        free_count=np.array([len(unused)], dtype=np.int64),
        random=rng.integers(1 << 63, size=1).astype(np.uint64),
    )


def _build_scratch(graph: Graph) -> Scratch:
    from gridmap.algorithms.partition.kernels.arrays import Scratch  # noqa: PLC0415 - numba

    size = len(graph.x) + 1

    def zeros() -> Ints:
        return np.zeros(size, dtype=np.int64)

    return Scratch(
        mark=zeros(),
        stamp=np.zeros(1, dtype=np.int64),
        queue=zeros(),
        order=zeros(),
        heap=zeros(),
        side=zeros(),
        parent=zeros(),
        part=zeros(),
        key=np.zeros(size),
        corner_mark=np.zeros(len(graph.atom_first), dtype=np.int64),
    )


class Search:
    """One plan that is being improved.

    Parameters
    ----------
    wanted
        Number of grids, or None for whatever makes the mean grid most compact.
    elapsed
        Share of the time that is used up, from 0; the schedule hurries if it is ahead of the steps
        and ends at 1. None for no limit: then the same seed gives the same plan on every machine.
    """

    def __init__(
        self,
        atoms: Atoms,
        grid: Ints,
        pinned: Ints,
        size: SizeRange,
        weights: Weights,
        *,
        wanted: int | None,
        rng: np.random.Generator,
        elapsed: Callable[[], float] | None = None,
    ) -> None:
        loops = kernels.load()
        from gridmap.algorithms.partition.kernels.arrays import Terms  # noqa: PLC0415 - numba

        self._anneal = loops.anneal
        self._graph = build_graph(atoms)
        capacity = max(int(grid.max()) + 1, wanted or 0)
        capacity += max(_SPARE, capacity // 4 if wanted is None else 0)
        self._state = build_state(self._graph, grid, pinned, capacity, rng)
        self._scratch = _build_scratch(self._graph)
        self._terms = Terms(
            minimum=float(size.minimum),
            maximum=float(size.maximum),
            outside=weights.outside,
            outside_once=weights.outside_once,
            inner=weights.off_street_per_km / 1000,
            hole=weights.enclosing if atoms.outlines is not None else 0.0,
            ragged=weights.ragged,
        )
        self._wanted = wanted
        self._elapsed = elapsed
        self._steps = 0

    @property
    def grids(self) -> int:
        """Number of grids now."""
        return len(self._state.atoms) - int(self._state.free_count[0])

    def _misses(self) -> int:
        """Grids outside the range, and grids too many or too few."""
        used = self._state.atoms > 0
        households = self._state.households[used]
        outside = (households < self._terms.minimum) | (households > self._terms.maximum)
        off = 0 if self._wanted is None else abs(self.grids - self._wanted)
        return int(outside.sum()) + 2 * off

    def _mean_cost(self, terms: Terms) -> float:
        state, graph = self._state, self._graph
        used = state.atoms > 0
        compactness = 4 * math.pi * state.area[used] / state.perimeter[used] ** 2
        ragged = terms.ragged * np.maximum(0.4 - compactness, 0) ** 2
        inner = graph.inner[state.grid[graph.source] != state.grid[graph.neighbour]].sum() / 2
        total = float((ragged - compactness).sum() + terms.inner * inner)
        total += terms.hole * float(state.holes[used].sum())
        return total / int(used.sum())

    def _late(self) -> float:
        return 0.0 if self._elapsed is None else self._elapsed()

    def _run(self, steps: int, heat: float, terms: Terms, count_weight: float) -> None:
        wanted = self.grids if self._wanted is None else self._wanted
        weight = 0.0 if self._wanted is None else count_weight
        self._anneal(
            self._graph,
            self._state,
            self._scratch,
            terms,
            heat,
            wanted,
            weight,
            self._mean_cost(terms),
            steps,
        )
        self._steps += steps

    def run(self, steps: int, *, floor: int) -> Found:
        """Anneal, quench, and repair what still misses.

        Parameters
        ----------
        steps
            Proposals of the main schedule.
        floor
            Misses that cannot be avoided, so that nothing is repaired in vain.
        """
        main = int(steps * (1 - _QUENCH_SHARE))
        chunk = max(1, main // _CHUNKS)
        done = 0
        while done < main:
            share = max(done / main, self._late() / 0.9)
            if share >= 1:
                break
            heat = _HOT * (_COLD / _HOT) ** share
            self._run(chunk, heat, self._terms, 0.05 * 100.0**share)
            done += chunk
        in_time = done >= main
        quench = max(1, int(steps * _QUENCH_SHARE) // 8)
        for part in range(8):
            heat = _COLD * (_FROZEN / _COLD) ** (part / 7)
            self._run(quench, heat, self._terms, 20.0)
        in_time &= self._repair(max(1, steps // 16), floor)
        return Found(self._state.grid, self._steps, in_time)

    def _repair(self, steps: int, floor: int) -> bool:
        """Warm the plan up while the range weighs ever more, as long as grids miss it."""
        best, misses = self._copy(), self._misses()
        for turn in range(1, _REPAIRS + 1):
            if misses <= floor or self._late() >= 1:
                break
            terms = self._terms._replace(
                outside=self._terms.outside * 2.0**turn,
                outside_once=self._terms.outside_once * 3.0**turn,
            )
            for part in range(12):
                heat = 0.05 * (_FROZEN / 0.05) ** (part / 11)
                self._run(max(1, steps // 12), heat, terms, 20.0 * 2.0**turn)
            now = self._misses()
            if now < misses:
                best, misses = self._copy(), now
        self._restore(best)
        return misses <= floor or self._late() < 1

    def _copy(self) -> State:
        return self._state._replace(
            **{name: array.copy() for name, array in self._state._asdict().items()}
        )

    def _restore(self, kept: State) -> None:
        self._state = kept._replace(random=self._state.random)
