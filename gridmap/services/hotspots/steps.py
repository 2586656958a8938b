"""Equal steps of time that end with the window."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gridmap.algorithms import hotspots
from gridmap.services.hotspots.case import Case
from gridmap.services.hotspots.incidents import Moments
from gridmap.services.hotspots.words import Words

_MOST_STEPS = 120
# (at least so many days of window, length of a step)
_LENGTHS = ((250.0, 28), (60.0, 7), (0.0, 1))


@dataclass(frozen=True)
class Steps:
    """Borders of the steps, in the time of the place, and what is said of them."""

    edges: Moments
    length_days: int
    words: Words

    @property
    def count(self) -> int:
        """Number of steps."""
        return len(self.edges) - 1

    def number(self, at: Moments) -> NDArray[np.int64]:
        """Number of the step of each moment; -1 outside."""
        steps: NDArray[np.int64] = hotspots.steps_between(at, self.edges)
        return steps

    def day(self, border: int) -> str:
        """The day on which a step begins (or the last one ends)."""
        return str(self.edges[border].astype("datetime64[D]"))

    @property
    def days(self) -> list[str]:
        """The days on which the steps begin, and the day after the last one."""
        return [self.day(border) for border in range(len(self.edges))]


def make_steps(case: Case) -> Steps:
    """Steps of four weeks in a year, weeks in a quarter, days in a month; or as asked."""
    days = case.question.days
    length = case.question.step_days or next(step for least, step in _LENGTHS if days >= least)
    count = int(np.clip(np.ceil(days / length), 2, _MOST_STEPS))
    edges = hotspots.regular_edges(case.ends, np.timedelta64(length, "D"), count)
    return Steps(
        edges.astype("datetime64[s]"),
        length,
        Words(f"每步 {length} 天，共 {count} 步。", f" {count} steps of {length} days."),
    )
