"""Templates that demand skills, and holders who lack them or are absent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from gridmap.errors import InvalidInput, NotFound
from gridmap.services import staffing

PLACES = ("nanjie",)
NOW = datetime.now(UTC) + timedelta(hours=1)
SKILL = "手语"


@pytest.fixture(scope="module")
def nanjie(engine: sa.Engine) -> sa.Engine:
    """Nanjie, where one grid head of 27 knows sign language and the template asks for it."""
    template = staffing.list_templates(engine, "nanjie")["templates"][0]
    with engine.begin() as connection:
        connection.execute(
            sa.text("""
                UPDATE staff SET skills = skills || ARRAY[:skill] WHERE id = (
                  SELECT min(staff_id) FROM assignment WHERE role = 'grid-head')
            """),
            {"skill": SKILL},
        )
    for role in template["roles"]:
        if role["role"] == "grid-head":
            role["skills"] = [SKILL]
    staffing.put_template(engine, "nanjie", template, revision=template["revision"], actor="ann")
    return engine


def held_by(engine: sa.Engine, role: str) -> Any:
    with engine.connect() as connection:
        question = "SELECT id, staff_id, grid_id FROM assignment WHERE role = :role ORDER BY id"
        return connection.execute(sa.text(question), {"role": role}).first()


def test_a_template_keeps_the_skills_that_it_asks_for(nanjie: sa.Engine) -> None:
    found = staffing.list_templates(nanjie, "nanjie")
    asked = {role["role"]: role["skills"] for role in found["templates"][0]["roles"]}
    assert asked["grid-head"] == [SKILL]
    assert asked["volunteer"] == []
    assert found["skills"][0] == "信息采集"  # the most frequent first
    assert SKILL in found["skills"]


def test_holders_who_lack_a_skill_are_named_and_vacancies_say_what_is_asked(
    nanjie: sa.Engine,
) -> None:
    found = staffing.completeness(nanjie, "nanjie", at=NOW)
    assert {item["role"] for item in found["unskilled"]} == {"grid-head"}
    heads = {need["skills"][0] for need in found["unskilled"]}
    assert heads == {SKILL}
    vacant = [item for item in found["vacancies"] if item["role"] == "grid-head"]
    assert vacant
    assert all(item["skills"] == [SKILL] for item in vacant)
    assert len(found["unskilled"]) == 27 - len(vacant) - 1


def test_a_proposal_gives_posts_to_people_with_the_skill_only_and_counts_them(
    nanjie: sa.Engine,
) -> None:
    found = staffing.propose(nanjie, "nanjie", at=NOW)
    with nanjie.connect() as connection:
        (able,) = connection.execute(
            sa.text("SELECT id FROM staff WHERE :skill = ANY(skills)"), {"skill": SKILL}
        ).scalars()
    assert {c["to"] for c in found.changes if c["role"] == "grid-head"} <= {able, None}
    empty = [gap for gap in found.empty if gap["role"] == "grid-head"]
    assert len(empty) == 26
    assert {(gap["with_skills"], *gap["skills"]) for gap in empty} == {(1, SKILL)}
    assert found.cost == found.lower_bound


def test_who_is_absent_keeps_the_post_and_is_flagged_until_back(nanjie: sa.Engine) -> None:
    before = staffing.completeness(nanjie, "nanjie", at=NOW)
    held = held_by(nanjie, "micro-grid-worker")
    until = NOW + timedelta(days=7)
    staffing.set_absence(
        nanjie, held.staff_id, begins=NOW - timedelta(hours=2), ends=until, actor="ann"
    )
    during = staffing.completeness(nanjie, "nanjie", at=NOW)
    assert during["vacancies"] == before["vacancies"]
    assert {(item["staff_id"], item["target_id"]) for item in during["away"]} >= {
        (held.staff_id, held.grid_id)
    }
    template = during["templates"][0]
    count = len(during["away"])
    assert template["away"] == count
    assert template["sentence"].endswith(f"；在任者中 {count} 人目前不在岗")
    assert template["sentence_en"].endswith("absent")
    # Nobody who is absent is given a post, and theirs go to others in a proposal.
    proposal = staffing.propose(nanjie, "nanjie", at=NOW)
    assert held.staff_id not in {change["to"] for change in proposal.changes}
    assert held.staff_id in {change["from"] for change in proposal.changes}
    assert staffing.completeness(nanjie, "nanjie", at=until)["away"] == []
    staffing.set_absence(nanjie, held.staff_id, begins=None, actor="ann")
    assert staffing.completeness(nanjie, "nanjie", at=NOW) == before


def test_an_absence_that_cannot_be_is_refused(nanjie: sa.Engine) -> None:
    held = held_by(nanjie, "grid-head")
    with pytest.raises(InvalidInput, match="ends after"):
        staffing.set_absence(nanjie, held.staff_id, begins=NOW, ends=NOW, actor="ann")
    with pytest.raises(InvalidInput, match="beginning"):
        staffing.set_absence(nanjie, held.staff_id, begins=None, ends=NOW, actor="ann")
    with pytest.raises(NotFound):
        staffing.set_absence(nanjie, 10**15, begins=NOW, actor="ann")


def test_the_pairs_of_a_building_are_those_that_are_on_or_to_come(nanjie: sa.Engine) -> None:
    with nanjie.connect() as connection:
        building, volunteer = connection.execute(
            sa.text("""
                SELECT (SELECT id FROM building WHERE place = 'nanjie' ORDER BY id DESC LIMIT 1),
                       (SELECT id FROM staff WHERE roles = '{volunteer}' ORDER BY id LIMIT 1)
            """)
        ).one()
    known = len(staffing.pairs(nanjie, building, at=NOW))
    _, made = staffing.pair(
        nanjie, staff_id=volunteer, role="volunteer", building_id=building,
        begins=NOW + timedelta(days=1), ends=NOW + timedelta(days=30), actor="ann",
    )  # fmt: skip
    listed = staffing.pairs(nanjie, building, at=NOW)
    assert len(listed) == known + 1
    assert listed[-1]["id"] == made
    assert listed[-1]["link"] == "pair"
    assert len(staffing.pairs(nanjie, building, at=NOW + timedelta(days=31))) == known
    with pytest.raises(NotFound):
        staffing.pairs(nanjie, 10**15, at=NOW)
