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
_FIRST_SHARE = 0.25
_CYCLES = 12
_LEAST_CYCLE = 4_000
_PATIENCE = 10
_REPAIRS = 5
_RESTARTS = 4
_COUNT_WEIGHT = 5.0
_NEVER = 1e6
_WRONG_COUNT = 3.0  # of one grid too few or too many, where a grid outside the range costs 2
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
        # What is kept in the end misses the range only if nothing else was found.
        self._judge = self._terms._replace(outside=100.0, outside_once=2.0)
        self._look_everywhere()
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
        cycle = max(_LEAST_CYCLE, (steps - first) // _CYCLES)
        best = self._attempt(first, cycle, floor)
        for _ in range(_RESTARTS):
            if self._misses(best) <= floor or self._late() >= 1:
                break
            other = self._attempt(first, cycle, floor)
            if self._misses(other) < self._misses(best):
                best = other
        idle = 0
        for turn in range(_CYCLES):
            if self._late() >= 1 or idle >= _PATIENCE:
                break
            best, better = self._improve(best, cycle, turn, _COUNT_WEIGHT, wrong_count=_NEVER)
            idle = 0 if better else idle + 1
        best = self._repair(best, cycle, floor)
        return Found(best.grid, self._steps, self._late() < 1)

    def _attempt(self, first: int, cycle: int, floor: int) -> State:
        """Anneal from where the last attempt ended: so hot that nothing of it is left."""
        self._anneal_once(first, _HOT, _COUNT_WEIGHT)
        return self._repair(self._state, cycle, floor)

    def _repair(self, best: State, steps: int, floor: int) -> State:
        """Mend the range and the number of grids; of the plans with the number wanted, the last.

        Often a grid too small can only be merged here and another one split at the far end of the
        town. So a plan with a grid too few is let pass meanwhile.
        """
        right = best if self._off(best) == 0 else None
        for turn in range(_REPAIRS):
            if (self._misses(best) <= floor and self._off(best) == 0) or self._late() >= 1:
                break
            count_weight = _COUNT_WEIGHT
            if self._off(best) == 0:
                self._look_at(best, 1 + turn % 3)
                count_weight = 0.1
            best, _ = self._improve(best, steps, turn, count_weight)
            self._look_everywhere()
            if self._off(best) == 0:
                right = best
        if right is not None:
            return right
        for turn in range(_REPAIRS):  # exactly so many, whatever it costs
            best, _ = self._improve(best, steps, turn, 10.0 * 4.0**turn, wrong_count=_NEVER)
            if self._off(best) == 0:
                break
        return best

    def _improve(
        self,
        best: State,
        steps: int,
        turn: int,
        count_weight: float,
        wrong_count: float = _WRONG_COUNT,
    ) -> tuple[State, bool]:
        """One cycle from the best plan so far; the better of both, and whether it is new."""
        self._state = best._replace(**{name: a.copy() for name, a in best._asdict().items()})
        self._anneal_once(steps, _WARM[turn % len(_WARM)], count_weight)
        grid, better = combine(
            best, self._state, self._graph, self._judge, self._wanted, wrong_count
        )
        # Blocks of both may need more numbers than there are, where small grids are allowed.
        if not better or int(grid.max()) >= len(best.atoms):
            return best._replace(random=self._state.random), False
        return (
            build_state(self._graph, grid, best.pinned, len(best.atoms), self._state.random),
            True,
        )

    def _anneal_once(self, steps: int, hot: float, count_weight: float) -> None:
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
                self._run(chunk, heat, count_weight * 100.0 ** (share - 1))

    def _outside(self, state: State) -> NDArray[np.bool_]:
        """Grids that miss the range."""
        low, high = state.households < self._terms.minimum, state.households > self._terms.maximum
        return (state.atoms > 0) & (low | high)

    def _misses(self, state: State) -> int:
        return int(self._outside(state).sum())

    def _off(self, state: State) -> int:
        """Grids too many or too few."""
        return 0 if self._wanted is None else abs(int((state.atoms > 0).sum()) - self._wanted)

    def _look_everywhere(self) -> None:
        """Let proposals start from all atoms and grids."""
        self._places = np.arange(len(self._graph.x))
        self._labels = np.arange(len(self._state.atoms))

    def _look_at(self, state: State, rings: int) -> None:
        """Let proposals start from the grids that miss the range and some rings of neighbours."""
        chosen = self._outside(state)
        if not chosen.any():
            return
        one, other = state.grid[self._graph.source], state.grid[self._graph.neighbour]
        for _ in range(rings):
            reached = chosen[one] & ~self._graph.barrier
            chosen = chosen.copy()
            chosen[other[reached]] = True
        self._places = np.flatnonzero(chosen[state.grid])
        self._labels = np.flatnonzero(chosen)

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
            self._places,
            self._labels,
            heat,
            grids if self._wanted is None else self._wanted,
            0.0 if self._wanted is None else count_weight,
            mean,
            steps,
        )
        self._steps += steps
