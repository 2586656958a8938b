"""The search: annealing over plans, by flips of atoms and new cuts of neighbouring grids."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gridmap.algorithms.partition import kernels
from gridmap.algorithms.partition.crossing import combine, grid_costs
from gridmap.algorithms.partition.problem import Atoms, SizeRange

if TYPE_CHECKING:
    from gridmap.algorithms.partition.kernels.arrays import Graph, Scratch, State

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# Temperatures in units of one grid's compactness. Above 0.07 grids are shapeless, below 0.015
# nothing but single atoms moves any more: all that matters happens between.
_HOT, _COLD, _FROZEN = 0.07, 0.008, 1e-3
_WARM = (0.03, 0.04, 0.05, 0.06)  # taken in turn when a plan is warmed up again
_CHUNKS = 100
_QUENCH_FROM = 0.85
_FIRST_SHARE = 0.5
_CYCLES = 12
_PATIENCE = 10
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
    ragged: float = 3.0
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
    graph: Graph, grid: Ints, pinned: Ints, capacity: int, random: NDArray[np.uint64]
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
        random=random,
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
        Share of the time that is used up, from 0; the search ends at 1. None for no limit: then
        the same seed gives the same plan on every machine.
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
        random = rng.integers(1 << 63, size=1).astype(np.uint64)
        self._state = build_state(self._graph, grid, pinned, capacity, random)
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

    def run(self, steps: int, *, floor: int) -> Found:
        """Anneal; then warm up, cool down and keep what became better, again and again.

        Parameters
        ----------
        steps
            Proposals in all, at most: the search ends when nothing becomes better any more.
        floor
            Misses that cannot be avoided, so that nothing is repaired in vain.
        """
        first = int(steps * _FIRST_SHARE)
        self._anneal_once(first, _HOT)
        best = self._state
        cycle = max(1, (steps - first) // _CYCLES)
        idle = 0
        for turn in range(_CYCLES):
            if self._late() >= 1 or idle >= _PATIENCE:
                break
            best, better = self._improve(best, cycle, _WARM[turn % len(_WARM)])
            idle = 0 if better else idle + 1
        terms = self._terms
        for turn in range(_REPAIRS):
            if self._misses(best) <= floor or self._late() >= 1:
                break
            # What still misses the range weighs ever more.
            self._terms = self._terms._replace(
                outside=2 * self._terms.outside, outside_once=3 * self._terms.outside_once
            )
            best, _ = self._improve(best, cycle, _WARM[turn % len(_WARM)])
        self._terms = terms
        self._state = best
        return Found(best.grid, self._steps, self._late() < 1)

    def _improve(self, best: State, steps: int, heat: float) -> tuple[State, bool]:
        """One cycle from the best plan so far; the better of both, and whether it is new."""
        self._state = best._replace(**{name: a.copy() for name, a in best._asdict().items()})
        self._anneal_once(steps, heat)
        grid, better = combine(best, self._state, self._graph, self._terms, self._wanted)
        if not better:
            return best._replace(random=self._state.random), False
        return (
            build_state(self._graph, grid, best.pinned, len(best.atoms), self._state.random),
            True,
        )

    def _anneal_once(self, steps: int, hot: float) -> None:
        """Cool down from `hot`, geometrically, then freeze."""
        chunk = max(1, steps // _CHUNKS)
        for part in range(_CHUNKS):
            share = part / _CHUNKS
            if share < _QUENCH_FROM and self._late() < 1:
                heat = hot * (_COLD / hot) ** (share / _QUENCH_FROM)
            else:
                rest = max(0.0, share - _QUENCH_FROM) / (1 - _QUENCH_FROM)
                heat = _COLD * (_FROZEN / _COLD) ** rest
            if self._late() < 1 or part % 20 == 0:  # a last fifth when there is no time left
                self._run(chunk, heat, 0.05 * 100.0**share)

    def _misses(self, state: State) -> int:
        """Grids outside the range, and grids too many or too few."""
        used = state.atoms > 0
        households = state.households[used]
        outside = (households < self._terms.minimum) | (households > self._terms.maximum)
        off = 0 if self._wanted is None else abs(int(used.sum()) - self._wanted)
        return int(outside.sum()) + 2 * off

    def _late(self) -> float:
        return 0.0 if self._elapsed is None else self._elapsed()

    def _run(self, steps: int, heat: float, count_weight: float) -> None:
        state = self._state
        grids = int((state.atoms > 0).sum())
        mean = float(grid_costs(state, self._graph, self._terms).sum()) / grids
        self._anneal(
            self._graph,
            state,
            self._scratch,
            self._terms,
            heat,
            grids if self._wanted is None else self._wanted,
            0.0 if self._wanted is None else count_weight,
            mean,
            steps,
        )
        self._steps += steps
