"""Whose turn it is: a rota by weeks in which every team has as many turns as every other.

>>> turns = go_round(["a", "b", "c"], weekdays=[6, 7])
>>> [(turn.week, turn.weekday, turn.team) for turn in turns][:4]
[(0, 6, 'a'), (0, 7, 'b'), (1, 6, 'c'), (1, 7, 'a')]
>>> from datetime import date
>>> place_in_cycle(date(2026, 11, 22), begins=date(2026, 11, 2), weeks=3)
(2, 7)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from gridmap.errors import Fault, InvalidInput

MOST_WEEKS = 52


@dataclass(frozen=True)
class Turn:
    """A team on a weekday (1 is Monday) of a week of the cycle, counted from 0."""

    week: int
    weekday: int
    team: str


def go_round(teams: Sequence[str], *, weekdays: Sequence[int], at_once: int = 1) -> list[Turn]:
    """Let teams take turns in their order, `at_once` together, over the shortest fair cycle.

    The cycle ends when all have had equally many turns; with D days a week and T teams that is
    after T / gcd(T, D · at_once) weeks.

    Raises
    ------
    InvalidInput
        No team or day, one named twice, more teams at once than there are, or a cycle of more than
        a year.
    """
    days = sorted(weekdays)
    faults = []
    if not teams or len(set(teams)) != len(teams):
        faults.append(Fault("one or more teams, each once", field="teams"))
    if not days or len(set(days)) != len(days) or not 1 <= days[0] <= days[-1] <= 7:
        faults.append(Fault("days from 1 (Monday) to 7, each once", field="weekdays"))
    if not 1 <= at_once <= max(len(teams), 1):
        faults.append(Fault("from 1 to the number of teams", field="at_once"))
    if faults:
        raise InvalidInput("No rota can be made of this", faults=tuple(faults))
    slots = len(days) * at_once
    weeks = len(teams) // math.gcd(len(teams), slots)
    if weeks > MOST_WEEKS:
        raise InvalidInput(
            f"The rota would begin again only after {weeks} weeks",
            hint="Take fewer teams, or more days a week.",
        )
    return [
        Turn(number // slots, days[number % slots // at_once], teams[number % len(teams)])
        for number in range(weeks * slots)
    ]


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def place_in_cycle(day: date, *, begins: date, weeks: int) -> tuple[int, int]:
    """Week of the cycle, from 0, and weekday, from 1, of a day; `begins` is a Monday."""
    return (day - begins).days // 7 % weeks, day.isoweekday()
