"""Evening out load: parts of the optimum, solved again with a price on too many households.

How many households a person carries over all posts cannot be said in a flow: they add up over
posts of different size. So the optimum without it is taken, and around each person who carries
too much a few dozen people are freed with all their posts and put back by CP-SAT of OR-Tools, which
knows the price of households above the limit. What is not cheaper is not taken: the cost only
falls. The bound of the optimum holds for the levelled cost too (the price of load is never
negative), but it is not tight any more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gridmap.algorithms.staffing.assign import Assignment
from gridmap.algorithms.staffing.pairs import Pairs
from gridmap.algorithms.staffing.problem import NOBODY, Costs, People, Posts

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, IntVar, LinearExprT

Ints = NDArray[np.int64]
_FRIENDS = 40  # people around somebody who carries too much
_EFFORT = 0.4  # CP-SAT's deterministic time for one neighbourhood
_PASSES = 3
_MOST = 120  # neighbourhoods of one pass: half a minute on a small machine


@dataclass(frozen=True)
class Load:
    """What counts as load.

    Parameters
    ----------
    households
        (posts) households that a post carries; 0 for posts that do not count.
    limit
        Households that one person carries without a price.
    price
        Metre-equivalents of each household above.
    """

    households: Ints
    limit: int = 110
    price: int = 15

    def carried(self, person: Ints, people: int) -> Ints:
        """Households of each person."""
        filled = person != NOBODY
        sums = np.bincount(
            person[filled], weights=self.households[filled].astype(float), minlength=people
        )
        return np.rint(sums).astype(np.int64)

    def overload(self, person: Ints, people: int) -> int:
        """Households above the limit, of everybody."""
        return int(np.maximum(self.carried(person, people) - self.limit, 0).sum())


def level(
    posts: Posts,
    people: People,
    costs: Costs,
    answer: Assignment,
    pairs: Pairs,
    load: Load,
    *,
    seed: int = 0,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Assignment:
    """Even out load on top of the optimum; locks and every other rule stay kept.

    Parameters
    ----------
    answer, pairs
        The optimum, and the eligible pairs that it was found with.
    progress
        Told how many overloaded people are done, of how many.

    Returns
    -------
    The assignment with its cost, load included, and the bound of the optimum.
    """
    state = _State(posts, people, costs, pairs, load, answer.person.copy(), answer.walk_m.copy())
    for _ in range(_PASSES):
        carried = load.carried(state.person, len(people))
        waiting = np.flatnonzero(carried > load.limit)
        order = waiting[np.argsort(-carried[waiting], kind="stable")][:_MOST]
        better = False
        for number, who in enumerate(order):
            better |= state.ease(int(who), seed)
            progress(number + 1, len(order))
        if not better:
            break
    extra = load.price * load.overload(answer.person, len(people))
    return replace(
        answer,
        person=state.person,
        walk_m=state.walk,
        cost=answer.cost + extra - state.saved,
    )


@dataclass
class _State:
    posts: Posts
    people: People
    costs: Costs
    pairs: Pairs
    load: Load
    person: Ints
    walk: Ints
    saved: int = 0

    def ease(self, who: int, seed: int) -> bool:
        """Free somebody and those around, and put them back as cheaply as can be."""
        chosen = self._around(who)
        inside = np.zeros(len(self.people), dtype=bool)
        inside[chosen] = True
        free = self.posts.locked_to == NOBODY
        mine = np.flatnonzero(free & (self.person != NOBODY) & inside[self.person])
        rows = [self._row(int(j), inside) for j in mine]
        found = self._solve(chosen, mine, rows, seed)
        if found is None:
            return False
        before = self._cost(mine, chosen)
        kept_person, kept_walk = self.person[mine].copy(), self.walk[mine].copy()
        self.person[mine], self.walk[mine] = found
        saved = before - self._cost(mine, chosen)
        if saved <= 0:
            self.person[mine], self.walk[mine] = kept_person, kept_walk
            return False
        self.saved += saved
        return True

    def _around(self, who: int) -> Ints:
        """Those who could take a post of somebody at the least walk, and who carries little."""
        near: dict[int, int] = {who: -1}
        for j in np.flatnonzero(self.person == who):
            row = slice(self.pairs.start[j], self.pairs.start[j + 1])
            for i, metres in zip(self.pairs.person[row], self.pairs.walk_m[row], strict=True):
                near[int(i)] = min(near.get(int(i), 2**31), int(metres))
        order = sorted(near, key=lambda i: (near[i], i))
        return np.array(order[: _FRIENDS + 1], dtype=np.int64)

    def _row(self, j: int, inside: NDArray[np.bool_]) -> tuple[Ints, Ints, Ints]:
        """People inside who may take a post, with walks and costs."""
        row = slice(self.pairs.start[j], self.pairs.start[j + 1])
        who = self.pairs.person[row].astype(np.int64)
        walk = self.pairs.walk_m[row].astype(np.int64)
        who, walk = who[inside[who]], walk[inside[who]]
        return who, walk, self._pair_cost(j, who, walk)

    def _pair_cost(self, j: int, who: Ints, walk: Ints) -> Ints:
        held = self.posts.held_by[j]
        cost: Ints = (
            walk
            + self.costs.second_role * (self.people.role[who] != self.posts.role[j])
            + self.costs.change * ((held != NOBODY) & (who != held))
        )
        return cost

    def _cost(self, mine: Ints, chosen: Ints) -> int:
        """What some posts and some people cost together, load included."""
        total = 0
        for j in mine:
            who = self.person[[j]]
            if who[0] == NOBODY:
                total += int(self.posts.unfilled[j])
            else:
                total += int(self._pair_cost(int(j), who, self.walk[[j]])[0])
        held = self._held()[chosen]
        carried = self.load.carried(self.person, len(self.people))[chosen]
        total += int(self.costs.ladder(held).sum())
        return total + self.load.price * int(np.maximum(carried - self.load.limit, 0).sum())

    def _held(self) -> Ints:
        filled = self.person[self.person != NOBODY]
        held: Ints = self.people.busy + np.bincount(filled, minlength=len(self.people))
        return held

    def _solve(
        self, chosen: Ints, mine: Ints, rows: list[tuple[Ints, Ints, Ints]], seed: int
    ) -> tuple[Ints, Ints] | None:
        from ortools.sat.python import cp_model  # noqa: PLC0415 - half a second, for those who level

        model = cp_model.CpModel()
        takes: dict[int, list[tuple[int, IntVar]]] = {int(i): [] for i in chosen}
        terms: list[LinearExprT] = []
        options: list[list[tuple[int, int, IntVar]]] = []
        for k, (j, (who, walk, cost)) in enumerate(zip(mine, rows, strict=True)):
            option = []
            for i, metres, price in zip(who.tolist(), walk.tolist(), cost.tolist(), strict=True):
                taken = model.new_bool_var(f"{k}/{i}")
                model.add_hint(taken, int(self.person[j]) == i)
                takes[i].append((int(j), taken))
                option.append((i, metres, taken))
                terms.append(price * taken)
            left = model.new_bool_var(f"{k}/-")
            model.add_exactly_one([taken for _, _, taken in option] + [left])
            terms.append(int(self.posts.unfilled[j]) * left)
            options.append(option)
        self._say_people(model, takes, mine, terms)
        model.minimize(sum(terms))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = seed
        solver.parameters.max_deterministic_time = _EFFORT
        if solver.solve(model) not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return None
        person = np.full(len(mine), NOBODY, dtype=np.int64)
        walked = np.zeros(len(mine), dtype=np.int64)
        for k, option in enumerate(options):
            for i, metres, taken in option:
                if solver.boolean_value(taken):
                    person[k], walked[k] = i, metres
        return person, walked

    def _say_people(
        self,
        model: CpModel,
        takes: dict[int, list[tuple[int, IntVar]]],
        mine: Ints,
        terms: list[LinearExprT],
    ) -> None:
        """Capacity, sole posts, the ladder and the load of each person that is freed."""
        outside = np.ones(len(self.posts), dtype=bool)
        outside[mine] = False
        outside &= self.person != NOBODY
        others = self.person[outside]
        held = self.people.busy + np.bincount(others, minlength=len(self.people))
        sole = self.people.busy_sole + np.bincount(
            others, weights=self.posts.sole[outside], minlength=len(self.people)
        )
        households = self.load.households
        carried = np.bincount(
            others, weights=households[outside].astype(float), minlength=len(self.people)
        )
        for i, taken in takes.items():
            if not taken:
                continue
            room = max(int(self.people.capacity[i] - held[i]), 0)
            units = [model.new_bool_var(f"{i}#{n}") for n in range(min(room, len(taken)))]
            model.add(sum(one for _, one in taken) == sum(units))
            steps = np.diff(self.costs.ladder(held[i] + np.arange(len(units) + 1)))
            terms += [int(step) * unit for step, unit in zip(steps, units, strict=True)]
            alone = [one for j, one in taken if self.posts.sole[j]]
            if alone:
                model.add(sum(alone) <= (0 if sole[i] else 1))
            most = int(carried[i] + sum(households[j] for j, _ in taken))
            if most > self.load.limit:
                over = model.new_int_var(0, most, f"over {i}")
                load = sum(int(households[j]) * one for j, one in taken)
                model.add(over >= load + int(carried[i]) - self.load.limit)
                terms.append(self.load.price * over)
