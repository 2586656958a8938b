"""Atoms into grids: bounds, a start, the search, and the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gridmap.algorithms.codes import reading_order
from gridmap.algorithms.partition.answer import Plan, explain_misses, measure_grids
from gridmap.algorithms.partition.counting import allot, count_bounds
from gridmap.algorithms.partition.problem import (
    Atoms,
    Fixed,
    Neighbours,
    Outlines,
    SizeRange,
    join,
)
from gridmap.algorithms.partition.search import Search, Weights
from gridmap.algorithms.partition.start import grow, join_locked, neighbour_lists
from gridmap.errors import Fault, InvalidInput

Ints = NDArray[np.int64]

_STEPS_PER_ATOM = 2_000
_LEAST_STEPS = 60_000


def usual_steps(atoms: int) -> int:
    """Proposals after which more of them hardly improve a plan of so many atoms."""
    return max(_LEAST_STEPS, _STEPS_PER_ATOM * atoms)


def partition(
    atoms: Atoms,
    size: SizeRange,
    *,
    rng: np.random.Generator,
    grids: int | None = None,
    fixed: Fixed | None = None,
    steps: int | None = None,
    elapsed: Callable[[], float] | None = None,
    weights: Weights | None = None,
) -> Plan:
    """Cut atoms into contiguous, compact grids whose households lie in a range.

    The mean compactness of the grids is made as great as the search finds it, the length of
    boundaries off the streets small; the range and contiguity come first. A grid may miss the range
    only with a reason, and every grid is contiguous whatever happens.

    Parameters
    ----------
    rng
        Source of chance: the same state gives the same plan, unless the time ran out.
    grids
        Exactly how many, locked ones included; None for the number that suits shapes best.
    fixed
        Atoms and grids that stay.
    steps
        Proposals of the search, by default `usual_steps`.
    elapsed
        Gives the share of the time that is used up; called a few hundred times. It may raise to
        stop the search.

    Raises
    ------
    InvalidInput
        So many grids cannot be, by counting households; or the locked atoms of a grid cannot hang
        together.
    Unavailable
        numba is not installed.
    """
    fixed = fixed or Fixed(np.full(len(atoms), -1, dtype=np.int64))
    _check_fixed(atoms, fixed)
    complete = np.isin(fixed.grid, sorted(fixed.complete))
    open_ = np.flatnonzero(~complete)
    finished = len(np.unique(fixed.grid[complete]))
    grid = fixed.grid.copy()
    reasons: dict[int, str] = {}
    if len(open_):
        task = _Task(subset(atoms, ~complete), size, fixed.grid[open_])
        least, most = finished + task.least, finished + task.most
        _check_count(grids, least, most, atoms, size)
        search = Search(
            task.atoms,
            task.start(None if grids is None else grids - finished, rng),
            task.locked,
            size,
            weights or Weights(),
            wanted=None if grids is None else grids - finished,
            rng=rng,
            elapsed=elapsed,
        )
        found = search.run(steps or usual_steps(len(open_)), floor=task.unavoidable)
        grid[open_] = _number(task.atoms, found.grid, task.names, set(fixed.complete))
        made, in_time = found.steps, found.in_time
        reasons = {int(open_[v]): reason for v, reason in task.reasons().items()}
    else:
        least = most = finished
        _check_count(grids, least, most, atoms, size)
        made, in_time = 0, True
    figures = measure_grids(atoms, grid)
    edges = atoms.neighbours
    cut = grid[edges.first] != grid[edges.second]
    return Plan(
        grid=grid,
        size=size,
        figures=figures,
        misses=explain_misses(atoms, grid, figures, size, fixed, reasons),
        broken=_broken(atoms, grid),
        off_street_m=float(edges.length[cut & edges.off_street].sum()),
        boundary_m=float(edges.length[cut].sum()),
        least=least,
        most=most,
        steps=made,
        in_time=in_time,
        notes=_notes(atoms),
    )


class _Task:
    """The part that is to be cut: all but the complete grids, and what counting says about it.

    `atoms` have their households capped at the maximum: an atom above it can be in the range for
    the search (it takes no other household in), and the answer says what it really has.
    """

    def __init__(self, atoms: Atoms, size: SizeRange, given: Ints) -> None:
        self._size = size
        self.names, locked = _renumber(given)
        self._lists = neighbour_lists(atoms)
        self.locked = join_locked(self._lists, locked, self.names)
        pieces = atoms.pieces
        numbers = range(int(pieces.max()) + 1)
        self._bounds = [count_bounds(atoms.households[pieces == p], size) for p in numbers]
        self._held = np.array(
            [len(np.unique(self.locked[(pieces == p) & (self.locked >= 0)])) for p in numbers]
        )
        self.least = int(np.maximum([b.least for b in self._bounds], self._held).sum())
        self.most = int(np.maximum([b.most for b in self._bounds], self._held).sum())
        self.atoms = replace(atoms, households=np.minimum(atoms.households, size.maximum))

    @property
    def unavoidable(self) -> int:
        """Grids that miss the range in every plan, at least."""
        heavy = sum(
            int(self.atoms.households[self.locked == label].sum()) > self._size.maximum
            for label in self.names
        )
        return heavy + sum(bounds.reason is not None for bounds in self._bounds)

    def start(self, wanted: int | None, rng: np.random.Generator) -> Ints:
        """A first plan with the number of grids that is wanted, or with grids of middle size."""
        pieces = self.atoms.pieces
        shares = np.bincount(pieces, self.atoms.households).astype(np.int64)
        if wanted is None:
            middle = (self._size.minimum + self._size.maximum) / 2
            wanted = min(max(round(float(shares.sum()) / middle), self.least), self.most)
        counts = allot(wanted, shares, self._bounds, self._held)
        return grow(self.atoms, self._lists, self.locked, counts, rng)

    def reasons(self) -> dict[int, str]:
        """By atom: why the piece of ground that it lies in has no plan in the range."""
        found = {}
        for v, p in enumerate(self.atoms.pieces.tolist()):
            reason = self._bounds[p].reason
            if reason is not None:
                found[v] = reason
        return found


def _notes(atoms: Atoms) -> tuple[str, ...]:
    notes = []
    if atoms.outlines is None:
        notes.append(
            "the atoms are no exact coverage: grids that enclose others were not looked for"
        )
    pieces = int(atoms.pieces.max()) + 1
    if pieces > 1:
        notes.append(f"the ground falls into {pieces} pieces; no grid reaches from one to another")
    return tuple(notes)


def _check_fixed(atoms: Atoms, fixed: Fixed) -> None:
    if len(fixed.grid) != len(atoms):
        raise InvalidInput(f"{len(fixed.grid)} locks for {len(atoms)} atoms")
    missing = sorted(fixed.complete - set(np.unique(fixed.grid).tolist()))
    if missing:
        raise InvalidInput(
            f"Grid {missing[0]} is to stay as it is but has no atoms",
            faults=tuple(Fault("no atoms", field=f"grid {number}") for number in missing),
        )


def _check_count(grids: int | None, least: int, most: int, atoms: Atoms, size: SizeRange) -> None:
    if grids is None or least <= grids <= most:
        return
    raise InvalidInput(
        f"{int(atoms.households.sum())} households cannot make {grids} contiguous grids of "
        f"{size.minimum} to {size.maximum}",
        hint=f"Ask for {least} to {most} grids, or for another range of households.",
        faults=(Fault(f"not between {least} and {most}", field="grids"),),
    )


def subset(atoms: Atoms, keep: NDArray[np.bool_]) -> Atoms:
    """The atoms that are kept, numbered anew; shared edges with the others become outline."""
    if keep.all():
        return atoms
    number = np.cumsum(keep) - 1
    edges = atoms.neighbours
    both = keep[edges.first] & keep[edges.second]
    outlines = None
    if atoms.outlines is not None:
        old = atoms.outlines
        here = keep[old.atom]
        first, second = np.divmod(old.pair, len(atoms))
        pairs = keep[first] & keep[second]
        pair = number[first[pairs]] * np.int64(keep.sum()) + number[second[pairs]]
        outlines = Outlines(
            atom=number[old.atom[here]],
            corner=np.unique(old.corner[here], return_inverse=True)[1].reshape(-1),
            pair=pair,
            arcs=old.arcs[pairs],
            holes=old.holes[keep],
        )
    return Atoms(
        households=atoms.households[keep],
        area_m2=atoms.area_m2[keep],
        perimeter_m=atoms.perimeter_m[keep],
        centre=atoms.centre[keep],
        neighbours=Neighbours(
            first=number[edges.first[both]],
            second=number[edges.second[both]],
            length=edges.length[both],
            off_street=edges.off_street[both],
            barrier=edges.barrier[both],
        ),
        outlines=outlines,
    )


def _renumber(given: Ints) -> tuple[dict[int, int], Ints]:
    """Number locked grids from 0; give number → the planner's number, and the atoms' grids."""
    known = np.unique(given[given >= 0])
    locked = np.where(given >= 0, np.searchsorted(known, given), -1)
    return dict(enumerate(known.tolist())), locked.astype(np.int64)


def _number(atoms: Atoms, grid: Ints, names: dict[int, int], taken: set[int]) -> Ints:
    """Give grids their final numbers: locked ones keep theirs, the others follow reading order."""
    labels, at = np.unique(grid, return_inverse=True)
    at = at.reshape(-1)
    weight = np.bincount(at, atoms.area_m2)
    middle = np.column_stack(
        [np.bincount(at, atoms.area_m2 * atoms.centre[:, axis]) / weight for axis in (0, 1)]
    )
    used = taken | set(names.values())
    final = np.zeros(len(labels), dtype=np.int64)
    number = 0
    for i in reading_order(middle).tolist():
        if int(labels[i]) in names:
            final[i] = names[int(labels[i])]
            continue
        number += 1
        while number in used:
            number += 1
        final[i] = number
    return final[at]


def _broken(atoms: Atoms, grid: Ints) -> tuple[int, ...]:
    edges = atoms.neighbours
    inside = (grid[edges.first] == grid[edges.second]) & ~edges.barrier
    pieces = join(len(atoms), edges.first[inside], edges.second[inside])
    pairs = np.unique(np.column_stack((grid, pieces)), axis=0)
    number, times = np.unique(pairs[:, 0], return_counts=True)
    return tuple(number[times > 1].tolist())
