"""Posts, vacancies and proposals of a real place."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from gridmap.errors import Conflict, InvalidInput, NotFound
from gridmap.services import staffing

DATA = Path(__file__).resolve().parents[2] / "data" / "geojson"
PLACES = ("nanjie",)
NOW = datetime.now(UTC) + timedelta(hours=1)


@pytest.fixture(scope="module")
def nanjie(engine: sa.Engine) -> sa.Engine:
    return engine


def row(engine: sa.Engine, question: str, **values: Any) -> Any:
    with engine.connect() as connection:
        return connection.execute(sa.text(question), values).first()


def test_the_vacancies_are_exactly_those_that_were_left(nanjie: sa.Engine) -> None:
    facts = json.loads((DATA / "nanjie" / "place.json").read_text())["facts"]
    planted = {(item["role"], item["target"]["code"]) for item in facts["vacancies"]}
    found = staffing.completeness(nanjie, "nanjie", at=NOW)
    assert {(item["role"], item["code"]) for item in found["vacancies"]} == planted
    levels = {item["level"]: item for item in found["templates"][0]["levels"]}
    assert levels["2"]["targets"] == 27
    assert (levels["3"]["targets"], levels["3"]["complete"]) == (247, 242)


def test_ending_an_assignment_lists_that_vacancy_and_handing_over_fills_it(
    nanjie: sa.Engine,
) -> None:
    before = staffing.completeness(nanjie, "nanjie", at=NOW)["vacancies"]
    held = row(
        nanjie,
        "SELECT a.id, a.grid_id, g.code FROM assignment a JOIN grid g ON g.id = a.grid_id "
        "WHERE a.role = 'micro-grid-worker' ORDER BY a.id LIMIT 1",
    )
    heir = row(
        nanjie,
        "SELECT id FROM staff WHERE roles[1] = 'micro-grid-worker' ORDER BY id DESC LIMIT 1",
    )
    at = datetime.now(UTC)
    made = staffing.hand_over(nanjie, held.id, to=heir.id, at=at, actor="ann")
    assert staffing.completeness(nanjie, "nanjie", at=NOW)["vacancies"] == before
    staffing.end(nanjie, made, at=at + timedelta(minutes=1), actor="ann")
    after = staffing.completeness(nanjie, "nanjie", at=NOW)["vacancies"]
    assert {item["code"] for item in after} - {item["code"] for item in before} == {held.code}
    past = staffing.history(nanjie, ("grid", held.grid_id))
    assert [item["staff_id"] for item in past][:1] == [heir.id]
    assert len(past) == 2


def test_a_second_full_time_post_is_refused_by_name(nanjie: sa.Engine) -> None:
    head = row(
        nanjie,
        "SELECT a.staff_id, g.name FROM assignment a JOIN grid g ON g.id = a.grid_id "
        "WHERE a.role = 'grid-head' ORDER BY a.id LIMIT 1",
    )
    vacant = row(nanjie, "SELECT id FROM grid WHERE code = '532325101003018'")
    with pytest.raises(Conflict) as caught:
        staffing.assign(
            nanjie,
            staff_id=head.staff_id,
            role="grid-head",
            targets=[("grid", vacant.id)],
            begins=NOW,
            full_time=True,
            actor="ann",
        )
    assert head.name in caught.value.message


def test_of_many_bookers_of_one_person_exactly_one_wins(nanjie: sa.Engine) -> None:
    with nanjie.begin() as connection:
        person = connection.execute(
            sa.text(
                "INSERT INTO staff (place, code, name, roles) "
                "VALUES ('nanjie', 'X2', '新人', '{grid-head}') RETURNING id"
            )
        ).one()
    grids = [
        item.id
        for item in nanjie.connect().execute(
            sa.text("SELECT id FROM grid WHERE level = 2 ORDER BY id LIMIT 16")
        )
    ]
    wins, losses = [], []
    gate = threading.Barrier(16)

    def book(grid: int) -> None:
        gate.wait(10)
        try:
            wins.extend(
                staffing.assign(
                    nanjie,
                    staff_id=person.id,
                    role="grid-head",
                    targets=[("grid", grid)],
                    begins=NOW,
                    full_time=True,
                    actor="race",
                )
            )
        except Conflict as refusal:
            losses.append(refusal.message)

    threads = [threading.Thread(target=book, args=(grid,)) for grid in grids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(wins) == 1
    assert len(losses) == 15
    assert all("already holds" in message for message in losses)


def test_candidates_come_nearest_first_and_say_why_not(nanjie: sa.Engine) -> None:
    listed = staffing.candidates(
        nanjie, "nanjie", role="micro-grid-worker", lon=101.2402, lat=25.5003, at=NOW
    )
    able = [item for item in listed if not item["reasons"]]
    walks = [item["walk_m"] for item in able if item["walk_m"] is not None]
    assert walks == sorted(walks)
    assert {reason for item in listed for reason in item["reasons"]} >= {"role", "capacity"}


def test_a_proposal_is_the_proved_optimum_and_fills_what_can_be_filled(nanjie: sa.Engine) -> None:
    proposal = staffing.propose(nanjie, "nanjie", at=NOW)
    assert proposal.cost == proposal.lower_bound
    assert proposal.posts > 300
    filled = [item for item in proposal.changes if item["to"] is not None and not item["needs"]]
    for item in proposal.empty:
        assert "people have the role" in item["sentence"]
    if filled:
        part = filled[:1]
        assert staffing.accept(nanjie, "nanjie", changes=part, at=NOW, actor="ann") == 1
        again = staffing.propose(nanjie, "nanjie", at=NOW + timedelta(minutes=1))
        assert len(again.changes) < len(proposal.changes) + 1


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"staff_id": 10**12}, NotFound),
        ({"role": "emperor"}, InvalidInput),
        ({"targets": [("grid", 10**12)]}, NotFound),
        ({"targets": []}, InvalidInput),
        ({"ends": NOW - timedelta(days=1)}, InvalidInput),
    ],
)
def test_what_cannot_be_given_is_refused(
    nanjie: sa.Engine, change: dict[str, Any], kind: type
) -> None:
    person = row(nanjie, "SELECT id FROM staff WHERE roles[1] = 'volunteer' ORDER BY id LIMIT 1")
    grid = row(nanjie, "SELECT id FROM grid WHERE level = 2 ORDER BY id LIMIT 1")
    call = {
        "staff_id": person.id,
        "role": "volunteer",
        "targets": [("grid", grid.id)],
        "begins": NOW,
        "actor": "ann",
    }
    with pytest.raises(kind):
        staffing.assign(nanjie, **(call | change))
