"""The best staffing of a place as a proposal: a difference, its proof, and reasons for gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np

from gridmap.algorithms import staffing
from gridmap.errors import Conflict, InvalidInput
from gridmap.geometry.crs import LocalCRS
from gridmap.store import assignments, audit, database, places
from gridmap.store.assignments import Need
from gridmap.store.database import Engine

DETOUR = 1.3


@dataclass(frozen=True)
class Options:
    """What a proposal weighs, in metre-equivalents."""

    max_walk_m: int = 2_000
    change: int = 300
    second_role: int = 200
    second_post: int = 400
    required: int = 20_000


@dataclass(frozen=True)
class Proposal:
    """The optimum as a difference from what is held now.

    Parameters
    ----------
    changes
        Posts that would have another person: `{"kind", "target_id", "role", "name", "from", "to",
        "assignment_id", "walk_m", "lon", "lat", "home"}`; `from` or `to` is None for one that is
        empty before or after.
    empty
        Posts that stay empty, each with its funnel and the price of filling it.
    cost, lower_bound
        Metre-equivalents; equal when the proposal is proved to be the optimum.
    distance
        How walks were measured.
    """

    changes: list[dict[str, Any]] = field(default_factory=list)
    empty: list[dict[str, Any]] = field(default_factory=list)
    posts: int = 0
    kept: int = 0
    cost: int = 0
    lower_bound: int = 0
    mean_walk_m: float = 0.0
    distance: str = f"straight line × {DETOUR}"


@dataclass(frozen=True)
class _Post:
    need: Need
    held_by: int | None
    assignment_id: int | None
    locked: bool


def propose(
    engine: Engine, place: str, *, at: datetime, options: Options | None = None
) -> Proposal:
    """Find the best staffing of a place's required posts; nothing is stored.

    Raises
    ------
    NotFound
        No such place.
    InvalidInput
        The place has no templates.
    """
    options = options or Options()
    with database.translated(), engine.connect() as connection:
        crs = LocalCRS(places.read_meridian(connection, place))
        needs = assignments.read_needs(connection, place, at)
        people = [
            person
            for person in assignments.read_people(connection, place, at)
            if person["lon"] is not None
        ]
        held = assignments.read_assignments(connection, place, at)
    if not needs:
        raise InvalidInput(
            f"The templates of {place} ask for nobody", hint="A staffing template is missing."
        )
    # No transaction is open from here on: the solver may take its time.
    posts = _posts(needs, held)
    problem = _problem(posts, people, crs, options)
    answer = staffing.assign(*problem)
    return _difference(posts, people, problem, answer)


def accept(
    engine: Engine, place: str, *, changes: Sequence[dict[str, Any]], at: datetime, actor: str
) -> int:
    """Carry out chosen changes of a proposal, all or none; give how many.

    Raises
    ------
    Conflict
        Somebody else holds a post now than when the proposal was made, or posts would clash.
    """
    with database.transaction(engine, actor=actor) as connection:
        for change in changes:
            if change["assignment_id"] is not None:
                held = assignments.read_assignment(connection, change["assignment_id"])
                if held["ends"] is not None or held["staff_id"] != change["from"]:
                    raise Conflict(
                        f"{held['target_name']} changed since the proposal was made",
                        hint="Ask for a new proposal.",
                    )
                assignments.end_assignment(connection, change["assignment_id"], at)
        for change in changes:
            if change["to"] is not None:
                assignments.insert_assignment(
                    connection,
                    staff_id=change["to"],
                    role=change["role"],
                    target=(change["kind"], change["target_id"]),
                    begins=at,
                    ends=None,
                    full_time=change["full_time"],
                )
        audit.record(
            connection,
            actor=actor,
            action="accept proposal",
            noun="place",
            noun_id=place,
            detail={"changes": len(changes)},
        )
    return len(changes)


def _posts(needs: Sequence[Need], held: Sequence[dict[str, Any]]) -> list[_Post]:
    """One post for each person that is asked for or there, the required ones at least."""
    by_target: dict[tuple[str, int, str], list[dict[str, Any]]] = {}
    for row in held:
        if row["link"] == "duty":
            by_target.setdefault((row["kind"], row["target_id"], row["role"]), []).append(row)
    posts = []
    for need in needs:
        rows = by_target.get((need.kind, need.target_id, need.role), [])
        for number in range(max(need.minimum, len(rows))):
            if number < len(rows):
                row = rows[number]
                posts.append(_Post(need, row["staff_id"], row["id"], locked=row["locked"]))
            else:
                posts.append(_Post(need, None, None, locked=False))
    return posts


def _problem(
    posts: Sequence[_Post], people: Sequence[dict[str, Any]], crs: LocalCRS, options: Options
) -> tuple[staffing.Posts, staffing.People, staffing.Costs]:
    roles = sorted(
        {post.need.role for post in posts} | {role for person in people for role in person["roles"]}
    )
    number = {role: i for i, role in enumerate(roles)}
    index = {person["id"]: i for i, person in enumerate(people)}
    nobody = -1
    held = [index.get(post.held_by or 0, nobody) for post in posts]
    return (
        staffing.Posts(
            role=np.array([number[post.need.role] for post in posts], dtype=np.int64),
            xy=crs.to_metres(np.array([(post.need.lon, post.need.lat) for post in posts])),
            unfilled=np.full(len(posts), options.required, dtype=np.int64),
            held_by=np.array(held, dtype=np.int64),
            locked_to=np.array(
                [
                    holder if post.locked else nobody
                    for post, holder in zip(posts, held, strict=True)
                ],
                dtype=np.int64,
            ),
        ),
        staffing.People(
            role=np.array([number[person["roles"][0]] for person in people], dtype=np.int64),
            xy=crs.to_metres(
                np.array([(person["lon"], person["lat"]) for person in people]).reshape(-1, 2)
            ),
            capacity=np.array([person["capacity"] for person in people], dtype=np.int64),
            second_roles=np.array(
                [sum(1 << number[role] for role in set(person["roles"][1:])) for person in people],
                dtype=np.int64,
            ),
            absent=np.array([person["absent"] for person in people], dtype=bool),
        ),
        staffing.Costs(
            second_role=options.second_role,
            change=options.change,
            second_post=options.second_post,
            detour=DETOUR,
            max_walk_m=options.max_walk_m,
        ),
    )


def _difference(
    posts: Sequence[_Post],
    people: Sequence[dict[str, Any]],
    problem: tuple[staffing.Posts, staffing.People, staffing.Costs],
    answer: staffing.Assignment,
) -> Proposal:
    changes, empty, kept = [], [], 0
    for j, post in enumerate(posts):
        chosen = int(answer.person[j])
        to = people[chosen] if chosen >= 0 else None
        if to is not None and to["id"] == post.held_by:
            kept += 1
            continue
        need = post.need
        shown = {
            "kind": need.kind,
            "target_id": need.target_id,
            "role": need.role,
            "name": need.name,
            "code": need.code,
            "lon": need.lon,
            "lat": need.lat,
        }
        if to is None:
            funnel = staffing.explain(j, problem[0], problem[1], answer, problem[2])
            empty.append(
                shown
                | {
                    "with_role": funnel.with_role,
                    "present": funnel.present,
                    "within_reach": funnel.within_reach,
                    "with_room": funnel.with_room,
                    "price": funnel.price,
                    "sentence": funnel.sentence(),
                }
            )
        if to is not None or post.held_by is not None:
            changes.append(
                shown
                | {
                    "full_time": need.full_time,
                    "assignment_id": post.assignment_id,
                    "from": post.held_by,
                    "to": None if to is None else to["id"],
                    "to_name": None if to is None else to["name"],
                    "walk_m": int(answer.walk_m[j]),
                    "home": None if to is None else [to["lon"], to["lat"]],
                }
            )
    filled = answer.person >= 0
    return Proposal(
        changes=changes,
        empty=empty,
        posts=len(posts),
        kept=kept,
        cost=answer.cost,
        lower_bound=answer.lower_bound,
        mean_walk_m=round(float(answer.walk_m[filled].mean()), 1) if filled.any() else 0.0,
    )
