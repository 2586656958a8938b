"""Turns are fair, whoever takes part and on whichever days."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.algorithms.rotas import go_round, monday_of, place_in_cycle
from gridmap.errors import InvalidInput


@given(st.integers(1, 20), st.sets(st.integers(1, 7), min_size=1), st.integers(1, 5))
def test_every_team_has_equally_many_turns_and_none_twice_on_a_day(
    count: int, weekdays: set[int], at_once: int
) -> None:
    teams = [f"team {n}" for n in range(count)]
    at_once = min(at_once, count)
    turns = go_round(teams, weekdays=sorted(weekdays), at_once=at_once)
    assert len(set(Counter(turn.team for turn in turns).values())) == 1
    assert len({(turn.week, turn.weekday, turn.team) for turn in turns}) == len(turns)
    days = Counter((turn.week, turn.weekday) for turn in turns)
    assert set(days.values()) == {at_once}
    assert {weekday for _, weekday in days} == weekdays


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 3000), st.integers(1, 52))
def test_the_cycle_comes_again_after_its_weeks(begin: date, after: int, weeks: int) -> None:
    monday = monday_of(begin)
    assert monday.isoweekday() == 1
    day = monday + timedelta(days=after)
    here = place_in_cycle(day, begins=monday, weeks=weeks)
    assert here == place_in_cycle(day + timedelta(weeks=weeks), begins=monday, weeks=weeks)
    assert 0 <= here[0] < weeks


@pytest.mark.parametrize(
    ("teams", "weekdays", "at_once"),
    [([], [1], 1), (["a", "a"], [1], 1), (["a"], [], 1), (["a"], [8], 1), (["a"], [1], 2)],
)
def test_what_is_no_rota_is_refused(teams: list[str], weekdays: list[int], at_once: int) -> None:
    with pytest.raises(InvalidInput):
        go_round(teams, weekdays=weekdays, at_once=at_once)
