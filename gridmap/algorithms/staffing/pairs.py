"""Who may take which post, and how far it is: all pairs inside the longest walk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gridmap.algorithms.staffing import kernels
from gridmap.algorithms.staffing.problem import NOBODY, Costs, People, Posts
from gridmap.errors import InvalidInput

Ints = NDArray[np.int64]
_MOST_CELLS = 50_000_000


@dataclass(frozen=True)
class Pairs:
    """Eligible pairs in rows of posts (CSR): those of post j are `start[j]` to `start[j + 1]`.

    Parameters
    ----------
    start
        (posts + 1) offsets.
    person
        Index of the person of each pair.
    walk_m
        Walk of each pair in whole metres.
    """

    start: Ints
    person: NDArray[np.int32]
    walk_m: NDArray[np.int32]


def eligible_pairs(posts: Posts, people: People, costs: Costs) -> Pairs:
    """List the pairs that break no rule: role, skills, presence, capacity and the longest walk.

    Nobody is left out for being far down a list of neighbours: a list cut per person or per post
    loses the people with rare skills, and with them the optimum.
    """
    reach = costs.max_walk_m / costs.detour + 1.0
    usable = np.flatnonzero(~people.absent & (people.capacity > 0))
    origin = _origin(posts.xy, people.xy[usable])
    cells = np.floor((people.xy[usable] - origin) / reach).astype(np.int64)
    wide = int(cells[:, 0].max(initial=0)) + 2
    tall = int(cells[:, 1].max(initial=0)) + 2
    if wide * tall > _MOST_CELLS:
        raise InvalidInput(
            "The places are spread over more ground than a country",
            hint="Are all coordinates in metres of the same plane?",
        )
    key = cells[:, 1] * wide + cells[:, 0]
    order = np.argsort(key, kind="stable")
    begin = np.searchsorted(key[order], np.arange(wide * tall + 1))
    roles = (np.int64(1) << people.role) | people.second_roles
    arguments: tuple[Any, ...] = (
        posts.xy, posts.role, posts.skills, people.xy, roles, people.skills,
        usable[order], begin, wide, tall, origin, reach, costs.detour, costs.max_walk_m,
    )  # fmt: skip
    start = np.zeros(len(posts) + 1, dtype=np.int64)
    np.cumsum(kernels.count_pairs(*arguments), out=start[1:])
    person, walk = kernels.list_pairs(*(*arguments, start))
    return Pairs(start, person, walk)


def walked_pairs(
    posts: Posts,
    people: People,
    costs: Costs,
    walk_m: NDArray[np.int32],
    *,
    keep_far: bool = False,
) -> Pairs:
    """List the pairs that break no rule, with walks that were measured, for example along streets.

    Parameters
    ----------
    walk_m
        (posts, people) whole metres.
    keep_far
        Whoever holds a post now may keep it, however long the walk; a lock is kept in any case.
    """
    roles = (np.int64(1) << people.role) | people.second_roles
    usable = ~people.absent & (people.capacity > 0)
    fits = usable & (((roles[None, :] >> posts.role[:, None]) & 1) == 1)
    fits &= (posts.skills[:, None] & ~people.skills[None, :]) == 0
    near = walk_m <= costs.max_walk_m
    for holder in (posts.locked_to, posts.held_by)[: 2 if keep_far else 1]:
        held = np.flatnonzero(holder != NOBODY)
        near[held, holder[held]] = True
    fits &= near
    row, person = np.nonzero(fits)
    start = np.zeros(len(posts) + 1, dtype=np.int64)
    np.cumsum(np.bincount(row, minlength=len(posts)), out=start[1:])
    return Pairs(start, person.astype(np.int32), walk_m[row, person].astype(np.int32))


def _origin(*points: NDArray[np.float64]) -> NDArray[np.float64]:
    found = [item.min(axis=0) for item in points if len(item)]
    return np.min(found, axis=0) if found else np.zeros(2)
