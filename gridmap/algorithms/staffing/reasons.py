"""Why a post stays empty: how many people each rule leaves, and what filling it would cost."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gridmap.algorithms.staffing.assign import Assignment, assign
from gridmap.algorithms.staffing.pairs import Pairs
from gridmap.algorithms.staffing.problem import NOBODY, Costs, People, Posts

_DEAR = 2**40  # more than every other cost together: the post must be filled
_MOST_WAYS = 3


@dataclass(frozen=True)
class Funnel:
    """People that are left after each rule, for one post: each number is of those before it."""

    post: int
    with_role: int
    with_skills: int
    present: int
    within_reach: int
    with_room: int
    price: int  # what the proof would pay at most for filling it

    def sentence(self) -> str:
        """The funnel in one English sentence."""
        return (
            f"{self.with_role} people have the role, {self.with_skills} of them the skills, "
            f"{self.present} are present, {self.within_reach} within reach, "
            f"{self.with_room} have room for another post"
        )


@dataclass(frozen=True)
class Way:
    """Somebody who could fill an empty post if one rule gave way, at a price in metres."""

    person: int
    rule: str  # "capacity", "distance", "absence" or "skills"
    walk_m: int
    price: int


@dataclass(frozen=True)
class Forced:
    """The best staffing in which a post is filled: what it costs more, and what it leaves empty.

    Parameters
    ----------
    price
        Metre-equivalents above the optimum, the gain of the filled post not counted.
    person
        Who would take the post.
    emptied
        Posts that are filled in the optimum and would not be then.
    """

    price: int
    person: int
    emptied: tuple[int, ...]


def explain(
    post: int,
    posts: Posts,
    people: People,
    answer: Assignment,
    costs: Costs | None = None,
    *,
    walk_m: NDArray[np.int32] | None = None,
) -> Funnel:
    """Count who is left for a post after each rule.

    `walk_m` are the walks of everybody to this post; straight line × detour when not given.
    """
    costs = costs or Costs()
    has_role, *others = _rules(post, posts, people, answer, costs, walk_m)
    left = has_role
    counts = [int(left.sum())]
    for rule in others:
        left = left & rule
        counts.append(int(left.sum()))
    with_role, with_skills, present, within_reach, with_room = counts
    return Funnel(
        post, with_role, with_skills, present, within_reach, with_room, int(answer.price[post])
    )


def ways(
    post: int,
    posts: Posts,
    people: People,
    answer: Assignment,
    costs: Costs | None = None,
    *,
    walk_m: NDArray[np.int32] | None = None,
) -> list[Way]:
    """Who could fill an empty post if exactly one rule gave way, the cheapest first, at most three.

    The price is the walk and what the post costs this person above the walk; everybody else stays
    where the answer has them.
    """
    costs = costs or Costs()
    walks = _walks(post, posts, people, costs, walk_m)
    has_role, *rules = _rules(post, posts, people, answer, costs, walk_m)
    held = _held(people, answer)
    price = walks + costs.ladder(held + 1) - costs.ladder(held)
    price = price + costs.second_role * (people.role != posts.role[post])
    if posts.held_by[post] != NOBODY:
        price = price + costs.change * (np.arange(len(people)) != posts.held_by[post])
    found = []
    for number, name in enumerate(("skills", "absence", "distance", "capacity")):
        others = [rule for other, rule in enumerate(rules) if other != number]
        who = np.flatnonzero(np.logical_and.reduce([has_role, ~rules[number], *others]))
        found += [Way(int(i), name, int(walks[i]), int(price[i])) for i in who]
    return sorted(found, key=lambda way: (way.price, way.person))[:_MOST_WAYS]


def force(
    post: int, posts: Posts, people: People, answer: Assignment, costs: Costs, pairs: Pairs
) -> Forced | None:
    """Fill a post whatever it costs elsewhere; None when no rule-abiding staffing fills it."""
    if pairs.start[post] == pairs.start[post + 1]:
        return None
    unfilled = posts.unfilled.copy()
    unfilled[post] = _DEAR
    found = assign(replace(posts, unfilled=unfilled), people, costs, pairs=pairs)
    who = int(found.person[post])
    if who == NOBODY:
        return None
    emptied = np.flatnonzero((found.person == NOBODY) & (answer.person != NOBODY))
    price = found.cost - (answer.cost - int(posts.unfilled[post]))
    return Forced(price, who, tuple(int(j) for j in emptied))


def _rules(
    post: int,
    posts: Posts,
    people: People,
    answer: Assignment,
    costs: Costs,
    walk_m: NDArray[np.int32] | None,
) -> tuple[NDArray[np.bool_], ...]:
    """Who keeps each rule of a post: role, skills, presence, walk, room, as the funnel goes."""
    role = posts.role[post]
    held = _held(people, answer)
    has_sole = people.busy_sole > 0
    filled = np.flatnonzero((answer.person != NOBODY) & (posts.sole > 0))
    has_sole[answer.person[filled]] = True
    return (
        (people.role == role) | ((people.second_roles >> role) & 1).astype(bool),
        (posts.skills[post] & ~people.skills) == 0,
        ~people.absent,
        _walks(post, posts, people, costs, walk_m) <= costs.max_walk_m,
        (held < people.capacity) & ~(has_sole & bool(posts.sole[post])),
    )


def _held(people: People, answer: Assignment) -> NDArray[np.int64]:
    filled = answer.person[answer.person != NOBODY]
    held: NDArray[np.int64] = people.busy + np.bincount(filled, minlength=len(people))
    return held


def _walks(
    post: int, posts: Posts, people: People, costs: Costs, walk_m: NDArray[np.int32] | None
) -> NDArray[np.int64]:
    if walk_m is not None:
        return walk_m.astype(np.int64)
    straight = np.hypot(*(people.xy - posts.xy[post]).T)
    walks: NDArray[np.int64] = np.rint(straight * costs.detour).astype(np.int64)
    return walks
