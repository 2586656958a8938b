"""Why posts stay empty, and what filling each of them would cost."""

from __future__ import annotations

from typing import Any

from gridmap.algorithms import staffing
from gridmap.services.staffing.difference import shown
from gridmap.services.staffing.question import NOBODY, Options, Question

MOST_PRICED = 60  # each price within the rules is an optimum of its own


def list_gaps(
    question: Question, answer: staffing.Assignment, pairs: staffing.Pairs, options: Options
) -> list[dict[str, Any]]:
    """Posts that the templates ask for and the answer leaves empty: funnel, price and ways out.

    `price` is the cheapest known way of filling the post, in metre-equivalents: within the rules
    (`within_rules`, which says what else would be empty then) or with one rule giving way (`ways`).
    None when nobody has the role, or several rules would have to give way.
    """
    empty = [
        j
        for j, post in enumerate(question.posts)
        if answer.person[j] == NOBODY and post.is_required
    ]
    gaps = []
    for number, j in enumerate(empty):
        walk = question.walks.metres[j]
        arguments = (j, question.problem, question.workers, answer, question.costs)
        funnel = staffing.explain(*arguments, walk_m=walk)
        found = staffing.ways(*arguments, walk_m=walk)
        forced = staffing.force(*arguments, pairs) if number < MOST_PRICED else None
        prices = [way.price for way in found[:1]] + ([forced.price] if forced else [])
        post = question.posts[j]
        gap = shown(post) | {
            "skills": list(post.skills),
            "max_walk_m": options.max_walk_m,
            "with_role": funnel.with_role,
            "with_skills": funnel.with_skills,
            "present": funnel.present,
            "within_reach": funnel.within_reach,
            "with_room": funnel.with_room,
            "worth": funnel.price,
            "price": min(prices, default=None),
            "within_rules": None if forced is None else _forced(question, forced),
            "ways": [_way(question, way) for way in found],
        }
        gaps.append(gap | {"sentence": in_words(gap)})
    return gaps


def _forced(question: Question, forced: staffing.Forced) -> dict[str, Any]:
    person = question.people[forced.person]
    return {
        "price": forced.price,
        "staff_id": person["id"],
        "staff_name": person["name"],
        "emptied": [shown(question.posts[j]) for j in forced.emptied],
    }


def _way(question: Question, way: staffing.Way) -> dict[str, Any]:
    person = question.people[way.person]
    return {
        "rule": way.rule,
        "staff_id": person["id"],
        "staff_name": person["name"],
        "walk_m": way.walk_m,
        "price": way.price,
    }


_GIVES_WAY = {
    "skills": "without the skills",
    "absence": "who is absent",
    "distance": "farther away",
    "capacity": "beyond what this person can hold",
}


def in_words(gap: dict[str, Any]) -> str:
    """The funnel and the price in one English sentence."""
    parts = [f"{gap['with_role']} people have the role"]
    if gap["skills"]:
        parts.append(f"{gap['with_skills']} of them {', '.join(gap['skills'])}")
    if gap["present"] < gap["with_skills"]:
        parts.append(f"{gap['present']} are present")
    parts.append(f"{gap['within_reach']} are within {gap['max_walk_m']:,} m")
    if gap["within_reach"]:
        room = gap["with_room"]
        parts.append(f"{room} have room" if room else f"all {gap['within_reach']} are full")
    said = ", ".join(parts)
    if gap["ways"]:
        way = gap["ways"][0]
        said += (
            f"; {way['staff_name']} ({way['walk_m']:,} m) could fill it "
            f"{_GIVES_WAY[way['rule']]}, at a price of {way['price']:,} m"
        )
    elif gap["within_rules"]:
        said += f"; filling it costs {gap['within_rules']['price']:,} m elsewhere"
    return said
