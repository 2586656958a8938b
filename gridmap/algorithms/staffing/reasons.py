"""Why a post stays empty: how many people each rule leaves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gridmap.algorithms.staffing.assign import Assignment
from gridmap.algorithms.staffing.problem import NOBODY, Costs, People, Posts


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


def explain(
    post: int, posts: Posts, people: People, answer: Assignment, costs: Costs | None = None
) -> Funnel:
    """Count who is left for a post after each rule."""
    costs = costs or Costs()
    role = posts.role[post]
    left = (people.role == role) | ((people.second_roles >> role) & 1).astype(bool)
    counts = [int(left.sum())]
    held = np.bincount(answer.person[answer.person != NOBODY], minlength=len(people))
    straight = np.hypot(*(people.xy - posts.xy[post]).T)
    for rule in (
        (posts.skills[post] & ~people.skills) == 0,
        ~people.absent,
        np.rint(straight * costs.detour) <= costs.max_walk_m,
        held < people.capacity,
    ):
        left &= rule
        counts.append(int(left.sum()))
    with_role, with_skills, present, within_reach, with_room = counts
    return Funnel(
        post, with_role, with_skills, present, within_reach, with_room, int(answer.price[post])
    )
