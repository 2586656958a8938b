"""A place's posts and people as arrays: what the optimiser is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gridmap.algorithms import staffing
from gridmap.algorithms.streets import Walks
from gridmap.errors import Fault, InvalidInput
from gridmap.services.staffing.walking import Meter
from gridmap.store.needs import FILLING_LINKS, Need

NOBODY = -1
_MOST_SKILLS = 62


@dataclass(frozen=True)
class Demand:
    """Skills or languages that posts of a role demand: on some targets, or on all when none."""

    role: str
    skills: tuple[str, ...]
    targets: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Options:
    """What a proposal weighs, in metre-equivalents.

    Parameters
    ----------
    max_walk_m
        Nobody is given a post farther away than this.
    keep_far
        Whoever holds a post may keep it, however far it is.
    change, second_role, second_post
        Another person than now; a role that is not the main one; each post after the first.
    further_post
        By how much each further post of a person costs more than the one before: evens out posts.
    required, optional
        Leaving a post empty that the templates ask for, and one beyond their minimum.
    demands
        Skills that posts demand beside those of the templates.
    level_households
        Households on micro-grids that one person carries without a price; None levels nothing.
    household
        Price of each household above.
    """

    max_walk_m: int = 2_000
    keep_far: bool = True
    change: int = 300
    second_role: int = 200
    second_post: int = 400
    further_post: int = 200
    required: int = 20_000
    optional: int = 1_500
    demands: tuple[Demand, ...] = ()
    level_households: int | None = None
    household: int = 15


@dataclass(frozen=True)
class Post:
    """One person's worth of a need: who holds it now, and whether the templates ask for it."""

    need: Need
    held_by: int | None = None
    assignment_id: int | None = None
    locked: bool = False
    is_required: bool = True
    skills: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """Posts and people by number, in the order of the arrays of `problem`.

    Parameters
    ----------
    posts, people
        What is staffed, and by whom: people with a home only.
    fixed
        Posts that stay as they are: locked against a rule, or held by somebody without a home.
    walks
        Of everybody to every post.
    load
        Households of each post; only those of the lowest level of grids count.
    """

    posts: list[Post]
    people: list[dict[str, Any]]
    fixed: list[Post]
    problem: staffing.Posts
    workers: staffing.People
    costs: staffing.Costs
    walks: Walks
    load: Any = field(repr=False, default=None)

    def pairs(self, options: Options) -> staffing.Pairs:
        """Who may take which post."""
        return staffing.walked_pairs(
            self.problem,
            self.workers,
            self.costs,
            self.walks.metres,
            keep_far=options.keep_far,
        )


def list_posts(
    needs: Sequence[Need], held: Sequence[dict[str, Any]], demands: Sequence[Demand] = ()
) -> list[Post]:
    """One post for each person that is asked for or there, the required ones at least."""
    by_target: dict[tuple[str, int, str], list[dict[str, Any]]] = {}
    for row in held:
        if row["link"] in FILLING_LINKS:
            by_target.setdefault((row["kind"], row["target_id"], row["role"]), []).append(row)
    posts = []
    for need in needs:
        rows = by_target.get((need.kind, need.target_id, need.role), [])
        # Locked ones are the last to be beyond the minimum.
        rows = sorted(rows, key=lambda row: not row["locked"])
        skills = _demanded(need, demands)
        for number in range(max(need.minimum, len(rows))):
            asked = number < need.minimum
            if number < len(rows):
                row = rows[number]
                posts.append(Post(need, row["staff_id"], row["id"], row["locked"], asked, skills))
            else:
                posts.append(Post(need, is_required=asked, skills=skills))
    return posts


def _demanded(need: Need, demands: Sequence[Demand]) -> tuple[str, ...]:
    wanted = dict.fromkeys(need.skills)
    for demand in demands:
        if demand.role == need.role and (
            not demand.targets or (need.kind, need.target_id) in demand.targets
        ):
            wanted |= dict.fromkeys(demand.skills)
    return tuple(wanted)


def ask(
    needs: Sequence[Need],
    held: Sequence[dict[str, Any]],
    everybody: Sequence[dict[str, Any]],
    meter: Meter,
    options: Options,
) -> Question:
    """Make the arrays of a place's posts and people.

    Posts whose holder has no home, or whose lock breaks a rule, stay as they are and take room.
    """
    people = [person for person in everybody if person["lon"] is not None]
    index = {person["id"]: i for i, person in enumerate(people)}
    posts = list_posts(needs, held, options.demands)
    homes = meter.metres([(person["lon"], person["lat"]) for person in people])
    spots = meter.metres([(post.need.lon, post.need.lat) for post in posts])
    # Units of one building stand on one spot: each spot is measured once.
    places, at = np.unique(spots, axis=0, return_inverse=True)
    walked = meter.walk(places, homes)
    at = at.reshape(-1)
    stays = [_stays(post, index, people) for post in posts]
    free = [j for j, kept in enumerate(stays) if not kept]
    chosen = [posts[j] for j in free]
    problem, workers = _arrays(chosen, people, index, held, spots[free], homes, options)
    costs = staffing.Costs(
        second_role=options.second_role,
        change=options.change,
        second_post=options.second_post,
        further_post=options.further_post,
        max_walk_m=options.max_walk_m,
    )
    lowest = max((int(post.need.level) for post in posts if post.need.kind == "grid"), default=0)
    load = np.array(
        [
            post.need.households
            if post.need.kind == "grid" and int(post.need.level) == lowest
            else 0
            for post in chosen
        ],
        dtype=np.int64,
    )
    return Question(
        chosen,
        people,
        [posts[j] for j, kept in enumerate(stays) if kept],
        problem,
        workers,
        costs,
        Walks(walked.metres[at[free]], walked.by_street[at[free]]),
        load,
    )


def _stays(post: Post, index: dict[int, int], people: Sequence[dict[str, Any]]) -> bool:
    if post.held_by is None:
        return False
    holder = index.get(post.held_by)
    if holder is None:
        return True
    if not post.locked:
        return False
    person = people[holder]
    # Somebody locked this against the rules: it is a fact, not a question.
    return bool(
        person["absent"]
        or post.need.role not in person["roles"]
        or not set(post.skills) <= set(person["skills"])
    )


def _arrays(
    posts: Sequence[Post],
    people: Sequence[dict[str, Any]],
    index: dict[int, int],
    held: Sequence[dict[str, Any]],
    spots: Any,
    homes: Any,
    options: Options,
) -> tuple[staffing.Posts, staffing.People]:
    number = _numbers(
        {post.need.role for post in posts} | {role for one in people for role in one["roles"]},
        "roles",
    )
    skill = _numbers({name for post in posts for name in post.skills}, "skills that are demanded")
    holder = [index.get(post.held_by or 0, NOBODY) for post in posts]
    inside = {post.assignment_id for post in posts if post.assignment_id is not None}
    outside = [row for row in held if row["link"] in FILLING_LINKS and row["id"] not in inside]
    busy = Counter(row["staff_id"] for row in outside)
    busy_full = Counter(row["staff_id"] for row in outside if row["full_time"])
    sole = _sole(posts, people, holder)
    locked = Counter(i for post, i in zip(posts, holder, strict=True) if post.locked)
    return (
        staffing.Posts(
            role=_ints(number[post.need.role] for post in posts),
            xy=spots,
            # Leaving a held post is a change as well: no vacancy wanders for a few metres.
            unfilled=_ints(
                (options.required if post.is_required else options.optional)
                + (options.change if i != NOBODY else 0)
                for post, i in zip(posts, holder, strict=True)
            ),
            skills=_ints(sum(1 << skill[name] for name in post.skills) for post in posts),
            held_by=_ints(holder),
            locked_to=_ints(
                i if post.locked else NOBODY for post, i in zip(posts, holder, strict=True)
            ),
            sole=sole,
        ),
        staffing.People(
            role=_ints(number[person["roles"][0]] for person in people),
            xy=homes,
            # A lock beyond somebody's capacity is kept all the same.
            capacity=_ints(
                max(person["capacity"], locked[i] + busy[person["id"]] if locked[i] else 0)
                for i, person in enumerate(people)
            ),
            second_roles=_ints(
                sum(1 << number[role] for role in set(person["roles"][1:])) for person in people
            ),
            skills=_ints(
                sum(1 << skill[name] for name in set(person["skills"]) & skill.keys())
                for person in people
            ),
            absent=np.array([person["absent"] for person in people], dtype=bool),
            busy=_ints(busy[person["id"]] for person in people),
            busy_sole=_ints(busy_full[person["id"]] for person in people),
        ),
    )


def _sole(posts: Sequence[Post], people: Sequence[dict[str, Any]], holder: Sequence[int]) -> Any:
    """Posts of which nobody is given two: full-time ones, and those of roles for one area only.

    Where somebody was given several of the latter by hand, and has the capacity, they may stay.
    """
    several = Counter(
        i
        for post, i in zip(posts, holder, strict=True)
        if i != NOBODY and not post.need.several_areas and not post.need.full_time
    )
    return _ints(
        post.need.full_time
        or (
            not post.need.several_areas
            and not (
                i != NOBODY
                and several[i] > 1
                and (post.locked or several[i] <= people[i]["capacity"])
            )
        )
        for post, i in zip(posts, holder, strict=True)
    )


def _numbers(names: set[str], what: str) -> dict[str, int]:
    if len(names) > _MOST_SKILLS + 1:
        raise InvalidInput(
            f"At most {_MOST_SKILLS + 1} {what} can be weighed at once",
            faults=(Fault(f"{len(names)} {what}"),),
        )
    return {name: i for i, name in enumerate(sorted(names))}


def _ints(values: Any) -> Any:
    return np.array([int(value) for value in values], dtype=np.int64)
