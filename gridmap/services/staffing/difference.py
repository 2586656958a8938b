"""A proposal as changes of posts, and which changes belong together."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from gridmap.algorithms import staffing
from gridmap.services.staffing.question import NOBODY, Post, Question
from gridmap.services.staffing.walking import BY_LINE, BY_STREETS


def shown(post: Post) -> dict[str, Any]:
    """What is told of a post wherever it is told of."""
    need = post.need
    return {
        "kind": need.kind,
        "target_id": need.target_id,
        "role": need.role,
        "name": need.name,
        "name_en": need.name_en,
        "code": need.code,
        "lon": need.lon,
        "lat": need.lat,
    }


def list_changes(question: Question, answer: staffing.Assignment) -> list[dict[str, Any]]:
    """Posts whose person is another one in the answer; each names the changes that it needs."""
    people = question.people
    names = {person["id"]: person["name"] for person in people}
    changes: list[dict[str, Any]] = []
    numbers: list[int] = []
    for j, post in enumerate(question.posts):
        chosen = int(answer.person[j])
        to = people[chosen] if chosen != NOBODY else None
        before = post.held_by
        if (None if to is None else to["id"]) == before:
            continue
        numbers.append(j)
        by_street = to is not None and bool(question.walks.by_street[j, chosen])
        changes.append(
            shown(post)
            | {
                "full_time": post.need.full_time,
                "assignment_id": post.assignment_id,
                "from": before,
                "from_name": None if before is None else names.get(before),
                "to": None if to is None else to["id"],
                "to_name": None if to is None else to["name"],
                "walk_m": int(answer.walk_m[j]),
                "walk_by": None if to is None else (BY_STREETS if by_street else BY_LINE),
                "home": None if to is None else [to["lon"], to["lat"]],
            }
        )
    _link(question, changes, numbers)
    return changes


def _link(question: Question, changes: list[dict[str, Any]], numbers: list[int]) -> None:
    """Say of each change which others free its person, and where that person comes from."""
    leaves: dict[int, list[int]] = defaultdict(list)
    gains: dict[int, list[int]] = defaultdict(list)
    for k, change in enumerate(changes):
        change["needs"] = []
        change["origin"] = None if change["to"] is None else {"kind": "home", "at": change["home"]}
        if change["from"] is not None:
            leaves[change["from"]].append(k)
        if change["to"] is not None:
            gains[change["to"]].append(k)
    sole = {k: bool(question.problem.sole[j]) for k, j in enumerate(numbers)}
    index = {person["id"]: i for i, person in enumerate(question.people)}
    for who, gained in gains.items():
        left = leaves.get(who, [])
        person = question.people[index[who]]
        spare = max(person["capacity"] - person["posts"], 0)
        # Sole posts first: they need every sole post of their person to be left.
        gained.sort(key=lambda k: not sole[k])
        left.sort(key=lambda k: not sole[k])
        for place, k in enumerate(gained):
            needed = {other for other in left if sole[k] and sole[other]}
            if place >= spare and place - spare < len(left):
                needed.add(left[place - spare])
            changes[k]["needs"] = sorted(needed)
        for k, other in zip(gained, left, strict=False):
            before = changes[other]
            changes[k]["origin"] = {
                "kind": "post",
                "at": [before["lon"], before["lat"]],
                "name": before["name"],
            }
