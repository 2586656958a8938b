"""The assignment is the optimum, keeps every rule, and proves itself."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridmap.algorithms import staffing
from gridmap.errors import InvalidInput

COSTS = staffing.Costs(
    second_role=200, change=300, second_post=400, further_post=150, detour=1.3, max_walk_m=2000
)


@st.composite
def small_problems(draw: st.DrawFn) -> tuple[staffing.Posts, staffing.People]:
    posts, people = draw(st.integers(1, 4)), draw(st.integers(1, 4))

    def ints(count: int, low: int, high: int) -> np.ndarray:
        return np.array(
            draw(st.lists(st.integers(low, high), min_size=count, max_size=count)), dtype=np.int64
        )

    def places(count: int) -> np.ndarray:
        return np.column_stack((ints(count, 0, 30), ints(count, 0, 30))) * 100.0

    return (
        staffing.Posts(
            role=ints(posts, 0, 1),
            xy=places(posts),
            unfilled=ints(posts, 1, 40) * 50,
            skills=ints(posts, 0, 3),
            held_by=ints(posts, -1, people - 1),
            sole=ints(posts, 0, 1),
        ),
        staffing.People(
            role=ints(people, 0, 1),
            xy=places(people),
            capacity=ints(people, 0, 3),
            second_roles=ints(people, 0, 3),
            skills=ints(people, 0, 3),
            absent=ints(people, 0, 1).astype(bool) & (ints(people, 0, 3) == 0),
            busy=(busy := ints(people, 0, 2) // 2),
            busy_sole=busy * ints(people, 0, 1),
        ),
    )


def cost_of(posts: staffing.Posts, people: staffing.People, chosen: tuple[int, ...]) -> int | None:
    """The cost by the words of the rules; None when one is broken."""
    total = 0
    held = people.busy.tolist()
    sole = people.busy_sole.tolist()
    for j, i in enumerate(chosen):
        if i < 0:
            total += int(posts.unfilled[j])
            continue
        walk = round(float(np.hypot(*(people.xy[i] - posts.xy[j]))) * COSTS.detour)
        allowed = posts.role[j] == people.role[i] or (people.second_roles[i] >> posts.role[j]) & 1
        if (
            not allowed
            or people.absent[i]
            or walk > COSTS.max_walk_m
            or posts.skills[j] & ~people.skills[i]
        ):
            return None
        held[i] += 1
        sole[i] += int(posts.sole[j])
        if posts.sole[j] and sole[i] > 1:
            return None
        total += walk + COSTS.second_role * int(posts.role[j] != people.role[i])
        total += COSTS.change * int(posts.held_by[j] not in {-1, i})
    for count, limit, busy in zip(held, people.capacity, people.busy, strict=True):
        if count > limit and count > busy:
            return None
        # Each post after the first costs more than the one before.
        total += sum(
            COSTS.second_post + COSTS.further_post * (number - 1)
            for number in range(max(busy, 1), count)
        )
    return total


def best_by_enumeration(posts: staffing.Posts, people: staffing.People) -> int:
    ways = itertools.product(range(-1, len(people)), repeat=len(posts))
    return min(cost for way in ways if (cost := cost_of(posts, people, way)) is not None)


@given(small_problems())
@settings(max_examples=300, deadline=None)
def test_the_assignment_equals_the_best_of_all_and_proves_it(
    problem: tuple[staffing.Posts, staffing.People],
) -> None:
    posts, people = problem
    answer = staffing.assign(posts, people, COSTS)
    assert cost_of(posts, people, tuple(answer.person.tolist())) == answer.cost
    assert answer.cost == best_by_enumeration(posts, people)
    assert answer.lower_bound == answer.cost


@given(small_problems(), st.data())
@settings(max_examples=200, deadline=None)
def test_a_lock_is_kept_and_the_rest_is_the_best_around_it(
    problem: tuple[staffing.Posts, staffing.People], data: st.DataObject
) -> None:
    posts, people = problem
    j, i = data.draw(st.integers(0, len(posts) - 1)), data.draw(st.integers(0, len(people) - 1))
    locked = np.full(len(posts), -1, dtype=np.int64)
    locked[j] = i
    with_lock = replace(posts, locked_to=locked)
    ways = (
        way for way in itertools.product(range(-1, len(people)), repeat=len(posts)) if way[j] == i
    )
    costs = [cost for way in ways if (cost := cost_of(posts, people, way)) is not None]
    if not costs:
        with pytest.raises(InvalidInput):
            staffing.assign(with_lock, people, COSTS)
        return
    answer = staffing.assign(with_lock, people, COSTS)
    assert answer.person[j] == i
    assert answer.cost == answer.lower_bound == min(costs)


def test_nobody_and_nothing_to_do_are_answered() -> None:
    none = np.empty(0, dtype=np.int64)
    posts = staffing.Posts(np.array([0]), np.zeros((1, 2)), np.array([700]))
    nobody = staffing.People(none, np.empty((0, 2)), none)
    assert staffing.assign(posts, nobody).person.tolist() == [-1]
    assert staffing.assign(posts, nobody).cost == 700
    nothing = staffing.Posts(none, np.empty((0, 2)), none)
    assert staffing.assign(nothing, nobody).cost == 0


def test_a_place_that_is_no_number_is_refused_with_its_row() -> None:
    with pytest.raises(InvalidInput) as caught:
        staffing.Posts(np.array([0, 0]), np.array([[0.0, 0.0], [np.nan, 1.0]]), np.array([1, 1]))
    assert caught.value.faults[0].row == 2


def test_the_funnel_counts_who_each_rule_leaves() -> None:
    posts = staffing.Posts(
        role=np.array([0]), xy=np.zeros((1, 2)), unfilled=np.array([5000]), skills=np.array([1])
    )
    people = staffing.People(
        role=np.array([0, 0, 0, 0, 1]),
        xy=np.array([[100.0, 0], [100, 0], [100, 0], [9000, 0], [0, 0]]),
        capacity=np.array([1, 1, 0, 1, 1]),
        skills=np.array([0, 1, 1, 1, 1]),
        absent=np.array([False, True, False, False, False]),
    )
    answer = staffing.assign(posts, people)
    funnel = staffing.explain(0, posts, people, answer)
    assert answer.person.tolist() == [-1]
    assert (
        funnel.with_role, funnel.with_skills, funnel.present, funnel.within_reach, funnel.with_room,
    ) == (4, 3, 2, 1, 0)  # fmt: skip
    assert funnel.price == 5000
