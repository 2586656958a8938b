"""Load is evened out at a fair price, and no rule is broken for it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridmap.algorithms import staffing
from gridmap.algorithms.staffing.levelling import Load, level
from tests.algorithms.staffing.test_assign import COSTS, cost_of, small_problems

pytest.importorskip("ortools")


@given(small_problems(), st.data())
@settings(max_examples=40, deadline=None)
def test_levelling_never_costs_more_and_breaks_no_rule(
    problem: tuple[staffing.Posts, staffing.People], data: st.DataObject
) -> None:
    posts, people = problem
    pairs = staffing.eligible_pairs(posts, people, COSTS)
    answer = staffing.assign(posts, people, COSTS, pairs=pairs)
    filled = np.flatnonzero(answer.person != -1)
    if len(filled):  # one of the posts is locked to whom it has
        j = filled[data.draw(st.integers(0, len(filled) - 1))]
        locked = np.full(len(posts), -1, dtype=np.int64)
        locked[j] = answer.person[j]
        posts = replace(posts, locked_to=locked)
    counts = data.draw(st.lists(st.integers(0, 90), min_size=len(posts), max_size=len(posts)))
    load = Load(np.array(counts, dtype=np.int64), limit=80, price=15)
    found = level(posts, people, COSTS, answer, pairs, load)
    plain = cost_of(posts, people, tuple(found.person.tolist()))
    assert plain is not None, "a rule is broken"
    assert found.cost == plain + 15 * load.overload(found.person, len(people))
    assert found.cost <= answer.cost + 15 * load.overload(answer.person, len(people))
    assert found.cost >= answer.lower_bound
    if len(filled):
        assert found.person[j] == answer.person[j]


def test_two_heavy_posts_of_one_person_are_shared_with_somebody_near() -> None:
    posts = staffing.Posts(
        role=np.array([0, 0]), xy=np.array([[0.0, 0.0], [10.0, 0.0]]), unfilled=np.array([9000] * 2)
    )
    people = staffing.People(
        role=np.array([0, 0]), xy=np.array([[0.0, 0.0], [800.0, 0.0]]), capacity=np.array([2, 2])
    )
    costs = staffing.Costs(second_post=0)
    pairs = staffing.eligible_pairs(posts, people, costs)
    answer = staffing.assign(posts, people, costs, pairs=pairs)
    assert answer.person.tolist() == [0, 0]
    found = level(posts, people, costs, answer, pairs, Load(np.array([100, 100]), limit=110))
    assert sorted(found.person.tolist()) == [0, 1]
