"""Why a post is empty: the funnel counts by the words of the rules, and its prices are real."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings

from gridmap.algorithms import staffing
from tests.algorithms.staffing.test_assign import COSTS, best_by_enumeration, small_problems


def left_by_rules(
    j: int, posts: staffing.Posts, people: staffing.People, answer: staffing.Assignment
) -> list[int]:
    """How many people are left after each rule, person by person."""
    held = [int(people.busy[i]) + answer.person.tolist().count(i) for i in range(len(people))]
    sole = [
        int(people.busy_sole[i])
        + sum(int(posts.sole[k]) for k, who in enumerate(answer.person) if who == i)
        for i in range(len(people))
    ]
    counts = [0] * 5
    for i in range(len(people)):
        walk = round(float(np.hypot(*(people.xy[i] - posts.xy[j]))) * COSTS.detour)
        rules = (
            people.role[i] == posts.role[j] or (people.second_roles[i] >> posts.role[j]) & 1,
            not posts.skills[j] & ~people.skills[i],
            not people.absent[i],
            walk <= COSTS.max_walk_m,
            held[i] < people.capacity[i] and not (posts.sole[j] and sole[i]),
        )
        for number, holds in enumerate(rules):
            if not holds:
                break
            counts[number] += 1
    return counts


@given(small_problems())
@settings(max_examples=150, deadline=None)
def test_the_funnel_counts_who_each_rule_leaves(
    problem: tuple[staffing.Posts, staffing.People],
) -> None:
    posts, people = problem
    answer = staffing.assign(posts, people, COSTS)
    for j in range(len(posts)):
        funnel = staffing.explain(j, posts, people, answer, COSTS)
        assert [
            funnel.with_role, funnel.with_skills, funnel.present, funnel.within_reach,
            funnel.with_room,
        ] == left_by_rules(j, posts, people, answer)  # fmt: skip


@given(small_problems())
@settings(max_examples=150, deadline=None)
def test_the_price_of_filling_a_post_is_what_the_best_staffing_with_it_costs_more(
    problem: tuple[staffing.Posts, staffing.People],
) -> None:
    posts, people = problem
    answer = staffing.assign(posts, people, COSTS)
    pairs = staffing.eligible_pairs(posts, people, COSTS)
    for j in np.flatnonzero(answer.person == -1):
        forced = staffing.force(int(j), posts, people, answer, COSTS, pairs)
        dear = posts.unfilled.copy()
        dear[j] = 10**7
        best = best_by_enumeration(replace(posts, unfilled=dear), people)
        if best >= 10**7:
            assert forced is None
        else:
            assert forced is not None
            assert forced.price == best - (answer.cost - posts.unfilled[j])
            assert forced.price >= posts.unfilled[j]


@given(small_problems())
@settings(max_examples=100, deadline=None)
def test_a_way_out_breaks_exactly_one_rule(
    problem: tuple[staffing.Posts, staffing.People],
) -> None:
    posts, people = problem
    answer = staffing.assign(posts, people, COSTS)
    for j in np.flatnonzero(answer.person == -1):
        found = staffing.ways(int(j), posts, people, answer, COSTS)
        assert [way.price for way in found] == sorted(way.price for way in found)
        for way in found:
            i = way.person
            walk = round(float(np.hypot(*(people.xy[i] - posts.xy[j]))) * COSTS.detour)
            assert way.walk_m == walk
            assert way.price >= walk
            broken = {
                "skills": bool(posts.skills[j] & ~people.skills[i]),
                "absence": bool(people.absent[i]),
                "distance": walk > COSTS.max_walk_m,
            }
            assert [rule for rule, is_so in broken.items() if is_so] == [
                rule for rule in (way.rule,) if rule != "capacity"
            ]
