"""Proposals, loads and lassos of a real place; streets are walked where there are any."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa

from gridmap.errors import Conflict, InvalidInput
from gridmap.services import staffing
from gridmap.services.staffing.walking import open_meter

PLACES = ("nanjie",)
NOW = datetime.now(UTC) + timedelta(hours=1)
FIELDS = ("kind", "target_id", "role", "full_time", "assignment_id", "from", "to")
RING = [(101.235, 25.497), (101.242, 25.497), (101.242, 25.504), (101.235, 25.504)]


@pytest.fixture(scope="module")
def nanjie(engine: sa.Engine) -> sa.Engine:
    return engine


@pytest.fixture(scope="module")
def proposal(nanjie: sa.Engine) -> staffing.Proposal:
    return staffing.propose(nanjie, "nanjie", at=NOW)


def held(engine: sa.Engine, at: datetime) -> Counter[int]:
    """How many posts each person holds."""
    duties = staffing.loads(engine, "nanjie", at=at)["posts"]
    return Counter(duty["staff_id"] for duty in duties)


def test_the_proposal_is_proved_and_walks_along_streets(proposal: staffing.Proposal) -> None:
    assert proposal.cost == proposal.lower_bound
    assert proposal.distance == "along streets"
    assert proposal.by_street > proposal.by_line
    assert proposal.posts == proposal.kept + len(
        [item for item in proposal.changes if item["to"] is not None]
    ) + len(proposal.empty)


def test_a_funnel_counts_people_and_names_its_price(
    nanjie: sa.Engine, proposal: staffing.Proposal
) -> None:
    assert proposal.empty
    people = {person["id"]: person for person in staffing.roster(nanjie, "nanjie", at=NOW)["staff"]}
    for gap in proposal.empty:
        has_role = [one for one in people.values() if gap["role"] in one["roles"]]
        assert gap["with_role"] == len(has_role) == gap["with_skills"]
        assert gap["present"] == len([one for one in has_role if not one["absent"]])
        near = staffing.candidates(
            nanjie, "nanjie", role=gap["role"], lon=gap["lon"], lat=gap["lat"], at=NOW
        )
        reach = [one for one in near if not {"role", "absent", "distance"} & {*one["reasons"]}]
        assert gap["within_reach"] == len(reach)
        assert gap["price"] == min(
            [way["price"] for way in gap["ways"]]
            + ([gap["within_rules"]["price"]] if gap["within_rules"] else [])
        )
        assert f"{gap['with_role']} people have the role" in gap["sentence"]


def test_a_demanded_language_narrows_the_funnel_to_nobody(nanjie: sa.Engine) -> None:
    demand = staffing.Demand("grid-head", ("方言",))
    with nanjie.begin() as connection:
        speakers = connection.scalars(
            sa.text(
                "UPDATE staff SET skills = skills || ARRAY['方言'] WHERE id IN (SELECT id FROM staff"
                " WHERE place = 'nanjie' AND roles[1] = 'grid-head' ORDER BY id LIMIT 5)"
                " RETURNING id"
            )
        ).all()
    found = staffing.propose(nanjie, "nanjie", at=NOW, options=staffing.Options(demands=(demand,)))
    heads = [gap for gap in found.empty if gap["role"] == "grid-head"]
    assert len(heads) == 27 - len(speakers)
    assert {gap["with_skills"] for gap in heads} == {5}
    assert all("5 of them 方言" in gap["sentence"] for gap in heads)
    assert {change["to"] for change in found.changes if change["role"] == "grid-head"} <= {
        *speakers,
        None,
    }


def test_a_part_that_cuts_a_chain_is_refused_before_and_its_whole_chain_is_not(
    nanjie: sa.Engine,
) -> None:
    proposal = staffing.propose(nanjie, "nanjie", at=NOW)
    number = next(
        i
        for i, item in enumerate(proposal.changes)
        if item["needs"] and item["role"] in {"grid-head", "micro-grid-worker"}
    )
    before = staffing.loads(nanjie, "nanjie", at=NOW)["posts"]
    with pytest.raises(Conflict) as caught:
        staffing.accept(
            nanjie, "nanjie", changes=[_sent(proposal.changes[number])], at=NOW, actor="ann"
        )
    other = proposal.changes[proposal.changes[number]["needs"][0]]
    assert other["name"] in caught.value.message
    assert staffing.loads(nanjie, "nanjie", at=NOW)["posts"] == before

    chosen = _with_needed(proposal.changes, number)
    changes = [_sent(proposal.changes[i]) for i in chosen]
    assert staffing.accept(nanjie, "nanjie", changes=changes, at=NOW, actor="ann") == len(chosen)
    after = {
        (post["kind"], post["target_id"], post["role"], post["staff_id"])
        for post in staffing.loads(nanjie, "nanjie", at=NOW)["posts"]
    }
    for change in changes:
        post = (change["kind"], change["target_id"], change["role"])
        assert (*post, change["from"]) not in after
        assert change["to"] is None or (*post, change["to"]) in after

    with pytest.raises(Conflict, match="changed since"):
        staffing.accept(
            nanjie, "nanjie", changes=changes, at=NOW + timedelta(minutes=1), actor="ann"
        )


def test_the_whole_proposal_is_accepted_in_one_go_and_leaves_nothing_to_change(
    nanjie: sa.Engine,
) -> None:
    at = NOW + timedelta(hours=1)
    proposal = staffing.propose(nanjie, "nanjie", at=at)
    changes = [_sent(item) for item in proposal.changes]
    assert staffing.accept(nanjie, "nanjie", changes=changes, at=at, actor="ann") == len(changes)
    later = at + timedelta(minutes=1)
    capacity = {one["id"]: one for one in staffing.roster(nanjie, "nanjie", at=later)["staff"]}
    assert all(count <= capacity[who]["capacity"] for who, count in held(nanjie, later).items())
    again = staffing.propose(nanjie, "nanjie", at=later)
    assert again.changes == []
    assert again.cost == again.lower_bound


def test_a_lock_is_kept_even_by_somebody_who_is_absent(nanjie: sa.Engine) -> None:
    at = NOW + timedelta(hours=2)
    posts = staffing.loads(nanjie, "nanjie", at=at)["posts"]
    locked, free = [post for post in posts if post["role"] == "micro-grid-worker"][:2]
    staffing.lock(nanjie, locked["assignment_id"], locked=True, actor="ann")
    with nanjie.begin() as connection:
        connection.execute(
            sa.text("UPDATE staff SET absent = tstzrange(now(), NULL) WHERE id = ANY(:ids)"),
            {"ids": [locked["staff_id"], free["staff_id"]]},
        )
    found = staffing.propose(nanjie, "nanjie", at=at)
    touched = {change["assignment_id"] for change in found.changes}
    assert locked["assignment_id"] not in touched
    assert free["assignment_id"] in touched
    assert found.fixed == 1


def test_load_that_is_evened_out_is_never_more(nanjie: sa.Engine) -> None:
    found = staffing.propose(
        nanjie, "nanjie", at=NOW, options=staffing.Options(level_households=54)
    )
    assert found.overload is not None
    assert found.overload_before is not None
    assert 0 < found.overload <= found.overload_before
    assert found.cost >= found.lower_bound


def test_a_lasso_gives_all_or_nothing_with_a_reason_for_each(nanjie: sa.Engine) -> None:
    at = NOW + timedelta(hours=3)
    inside = staffing.list_inside(
        nanjie, "nanjie", kind="grid", ring=RING, network="governance", level=3
    )
    assert len(inside) > 20
    targets = [("grid", item["id"]) for item in inside[:3]]
    person = next(
        one
        for one in staffing.candidates(
            nanjie, "nanjie", role="volunteer", lon=101.24, lat=25.5, at=at
        )
        if one["posts"] == 0 and one["capacity"] == 2
    )
    call: dict[str, Any] = {
        "staff_id": person["staff_id"],
        "role": "volunteer",
        "at": at,
        "actor": "ann",
    }
    refused = staffing.assign_many(nanjie, "nanjie", targets=targets, **call)
    assert not refused["stored"]
    assert [item["reason"] for item in refused["results"]] == [None, None, "capacity"]
    assert held(nanjie, at)[person["staff_id"]] == 0
    given = staffing.assign_many(nanjie, "nanjie", targets=targets, beyond_capacity=True, **call)
    assert given["stored"]
    assert all(item["assignment_id"] and item["walk_m"] > 0 for item in given["results"])
    assert held(nanjie, at)[person["staff_id"]] == 3
    again = staffing.assign_many(nanjie, "nanjie", targets=targets[:1] * 2, **call)
    assert [item["reason"] for item in again["results"]] == ["held", "twice"]


def test_loads_add_up_and_a_second_post_is_seen(nanjie: sa.Engine) -> None:
    found = staffing.loads(nanjie, "nanjie", at=NOW)
    assert found["distance"] == "along streets"
    counts = Counter(post["staff_id"] for post in found["posts"])
    for person in found["people"]:
        walks = [
            post["walk_m"] for post in found["posts"] if post["staff_id"] == person["staff_id"]
        ]
        assert person["walk_m"] == max(walks, default=None)
        assert (person["households"] > 0) <= (counts[person["staff_id"]] > 0)


def test_buildings_are_found_in_a_ring_and_a_line_is_no_ring(nanjie: sa.Engine) -> None:
    assert len(staffing.list_inside(nanjie, "nanjie", kind="building", ring=RING)) > 100
    with pytest.raises(InvalidInput):
        staffing.list_inside(nanjie, "nanjie", kind="building", ring=[RING[0], RING[1], RING[0]])


def test_a_changed_street_is_walked_at_once_and_without_streets_the_line_counts(
    nanjie: sa.Engine,
) -> None:
    first = open_meter(nanjie, "nanjie")
    assert open_meter(nanjie, "nanjie").graph is first.graph
    with nanjie.begin() as connection:
        connection.execute(sa.text("DELETE FROM assignment WHERE street_id IS NOT NULL"))
        connection.execute(sa.text("DELETE FROM street WHERE place = 'nanjie'"))
    meter = open_meter(nanjie, "nanjie")
    assert meter.graph is None
    found = staffing.candidates(nanjie, "nanjie", role="volunteer", lon=101.24, lat=25.5, at=NOW)
    assert {one["walk_by"] for one in found} == {"line"}
    nearest = found[0]
    here = meter.metres([(101.24, 25.5), tuple(nearest["home"])])
    assert nearest["walk_m"] == round(float(np.hypot(*(here[0] - here[1]))) * 1.3)


def _sent(change: dict[str, Any]) -> dict[str, Any]:
    return {name: change[name] for name in FIELDS}


def _with_needed(changes: list[dict[str, Any]], number: int) -> list[int]:
    found, left = set(), [number]
    while left:
        one = left.pop()
        if one not in found:
            found.add(one)
            left += changes[one]["needs"]
    return sorted(found)
