"""The cheapest assignment, exactly: shortest augmenting paths with prices.

The problem is a transportation problem: each post takes one person or its price of staying empty;
each person has `capacity` units, the first free, the others dearer and dearer (`Costs.ladder`; a
convex price of load, so that the optimum takes them in turn); a post of which nobody holds two
fits the first unit only. It is solved as Jonker and Volgenant solve the assignment problem
(Computing 38, 1987): a cheap start by row reduction, then one shortest augmenting path for each
post that is left, over *all* eligible pairs. Costs are whole numbers, so that the prices of the
posts prove the optimum without a gap: by weak duality no assignment costs less than

    Σ_j v_j − Σ_i Σ_units max(0, π_i − f_unit),   π_i = max_j (v_j − c_ij),

where the max runs over the posts that fit the unit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gridmap.algorithms.staffing import kernels
from gridmap.algorithms.staffing.pairs import Pairs, eligible_pairs
from gridmap.algorithms.staffing.problem import NOBODY, Costs, People, Posts
from gridmap.errors import Fault, InvalidInput

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Assignment:
    """Who takes which post, what it costs, and the proof that nothing costs less.

    Parameters
    ----------
    person
        Index of the person of each post; -1 where it stays empty.
    walk_m
        Walk of each filled post in whole metres, 0 elsewhere.
    cost
        Metre-equivalents of everything, empty posts included.
    lower_bound
        No assignment that breaks no rule costs less; equal to `cost` at the optimum.
    price
        What filling each post is worth: its price in the proof. Locked posts have none (0).
    """

    person: Ints
    walk_m: Ints
    cost: int
    lower_bound: int
    price: Ints

    @property
    def gap(self) -> float:
        """How far the cost may be above the optimum, as a share of the cost."""
        return (self.cost - self.lower_bound) / self.cost if self.cost else 0.0


def assign(
    posts: Posts, people: People, costs: Costs | None = None, *, pairs: Pairs | None = None
) -> Assignment:
    """Assign people to posts at the least cost.

    Parameters
    ----------
    posts, people, costs
        The problem; see `problem`.
    pairs
        The eligible pairs with their walks, for example along streets; by straight line × detour
        when not given.

    Raises
    ------
    InvalidInput
        A lock that breaks a rule: the person is absent, over capacity, or not eligible.
    """
    costs = costs or Costs()
    pairs = pairs or eligible_pairs(posts, people, costs)
    locked = np.flatnonzero(posts.locked_to != NOBODY)
    spent = np.bincount(posts.locked_to[locked], minlength=len(people))
    lock_walk = _check_locks(posts, people, pairs, locked, spent)
    pair_cost = _pair_costs(posts, people, costs, pairs)

    held = spent + people.busy
    units = np.where(people.absent, 0, np.maximum(people.capacity - held, 0))
    first = np.zeros(len(people) + 1, dtype=np.int64)
    np.cumsum(units, out=first[1:])
    owner = np.repeat(np.arange(len(people)), units)
    rank = np.arange(int(first[-1])) - first[owner]
    nth = held[owner] + rank
    unit_cost = costs.ladder(nth + 1) - costs.ladder(nth)
    # The first unit of somebody without a sole post takes any post, the others all but sole ones.
    locked_sole = np.bincount(
        posts.locked_to[locked], weights=posts.sole[locked], minlength=len(people)
    )
    may = (people.busy_sole + locked_sole == 0) & (units > 0)
    ends = np.stack((first[1:], first[:-1] + may))
    free = posts.locked_to == NOBODY
    unit_of, price = kernels.solve(
        pairs.start,
        pairs.person,
        pair_cost,
        first,
        ends,
        unit_cost,
        posts.unfilled,
        posts.sole,
        free,
    )
    person = np.where(unit_of >= 0, owner[np.maximum(unit_of, 0)] if len(owner) else NOBODY, NOBODY)
    person[locked] = posts.locked_to[locked]
    walk = _walks(pairs, person)
    walk[locked] = lock_walk
    fixed = _cost(posts, people, costs, locked, person, walk)
    fixed += int((costs.ladder(held) - costs.ladder(people.busy)).sum())
    profit = kernels.profits(
        pairs.start, pairs.person, pair_cost, price, free, posts.sole, len(people)
    )
    takes_any = (rank == 0) & may[owner]
    kept = np.maximum(np.where(takes_any, profit[0, owner], profit[1, owner]) - unit_cost, 0).sum()
    return Assignment(
        person=person,
        walk_m=walk,
        cost=_cost(posts, people, costs, np.arange(len(posts)), person, walk)
        + _further_posts(person, people, costs),
        lower_bound=int(fixed + price[free].sum() - kept),
        price=price,
    )


def _further_posts(person: Ints, people: People, costs: Costs) -> int:
    held = people.busy + np.bincount(person[person != NOBODY], minlength=len(people))
    return int((costs.ladder(held) - costs.ladder(people.busy)).sum())


def _cost(
    posts: Posts, people: People, costs: Costs, chosen: Ints, person: Ints, walk: Ints
) -> int:
    """Cost of some posts, without what further posts of a person cost."""
    who = person[chosen]
    filled = chosen[who != NOBODY]
    who = who[who != NOBODY]
    second = np.count_nonzero(posts.role[filled] != people.role[who])
    changed = np.count_nonzero((posts.held_by[filled] != NOBODY) & (posts.held_by[filled] != who))
    empty = chosen[person[chosen] == NOBODY]
    return int(
        walk[filled].sum()
        + costs.second_role * second
        + costs.change * changed
        + posts.unfilled[empty].sum()
    )


def _pair_costs(posts: Posts, people: People, costs: Costs, pairs: Pairs) -> NDArray[np.int32]:
    priced: NDArray[np.int32] = kernels.price_pairs(
        pairs.start, pairs.person, pairs.walk_m, posts.role, posts.held_by, people.role,
        costs.second_role, costs.change,
    )  # fmt: skip
    return priced


def _check_locks(posts: Posts, people: People, pairs: Pairs, locked: Ints, spent: Ints) -> Ints:
    """Refuse locks that break a rule; give the walk of each."""
    walk = np.zeros(len(locked), dtype=np.int64)
    faults = []
    for k, j in enumerate(locked):
        who = posts.locked_to[j]
        if not 0 <= who < len(people):
            faults.append(Fault(f"locked to person {who}, whom nobody knows", row=int(j) + 1))
            continue
        row = slice(pairs.start[j], pairs.start[j + 1])
        found = np.flatnonzero(pairs.person[row] == who)
        if len(found):
            walk[k] = pairs.walk_m[row][found[0]]
        else:
            faults.append(Fault(f"locked to person {who}, who is not eligible", row=int(j) + 1))
    over = np.flatnonzero(spent[: len(people)] + people.busy > people.capacity)
    over = over[spent[over] > 0]
    sole = np.bincount(posts.locked_to[locked], weights=posts.sole[locked], minlength=len(people))
    double = np.flatnonzero(
        (sole[: len(people)] > 0) & (sole[: len(people)] + people.busy_sole > 1)
    )
    faults += [Fault(f"person {i} is locked to more posts than the capacity") for i in over]
    faults += [Fault(f"person {i} is locked to a second post of a sole kind") for i in double]
    if faults:
        raise InvalidInput("Locks cannot be kept", faults=tuple(faults[:50]))
    return walk


def _walks(pairs: Pairs, person: Ints) -> Ints:
    walk: Ints = kernels.walk_of(pairs.start, pairs.person, pairs.walk_m, person)
    return walk
