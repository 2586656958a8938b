"""What the five places lack is what was left open in them, and removing a post shows exactly it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from gridmap.services import staffing
from gridmap.services.places import DEMO

DATA = Path(__file__).resolve().parents[2] / "data" / "geojson"
PLACES = DEMO

# Template → areas, complete ones; what the places' own reports ask for (domain.md, place.json).
COMPLETE = {
    "nanjie": {"1+1+N": (27, 20)},
    "xiameiqiao": {"1+1+N": (93, 88), "党建网格": (30, 30), "警格": (23, 23)},
    "wenyuan": {"铁三角": (14, 13), "混合工作组": (14, 12)},
    "chengzhen": {"1+X": (15, 14), "1+3+N": (4, 3)},
    "donghu": {"网格-楼栋-单元": (26, 20), "企业片区": (3, 3), "调解平台": (1, 1)},
}
# Template, level, network → targets, complete ones.
LEVELS = {
    "nanjie": {("1+1+N", "2", "governance"): (27, 25), ("1+1+N", "3", "governance"): (247, 242)},
    "xiameiqiao": {
        ("1+1+N", "2", "governance"): (93, 88),
        ("党建网格", "2", "party"): (30, 30),
        ("警格", "2", "police"): (23, 23),
    },
    "wenyuan": {
        ("铁三角", "2", "governance"): (14, 14),
        ("铁三角", "2", "party"): (14, 13),
        ("铁三角", "3", "party"): (30, 30),
        ("铁三角", "unit", ""): (319, 319),
        ("混合工作组", "2", "governance"): (14, 12),
    },
    "chengzhen": {
        ("1+X", "2", "governance"): (15, 14),
        ("1+3+N", "2", "governance"): (15, 15),
        ("1+3+N", "2", "party"): (4, 4),
        ("1+3+N", "2", "resident-groups"): (9, 8),
    },
    "donghu": {
        ("网格-楼栋-单元", "2", "governance"): (26, 25),
        ("网格-楼栋-单元", "building", ""): (511, 509),
        ("网格-楼栋-单元", "unit", ""): (342, 339),
        ("网格-楼栋-单元", "street", ""): (67, 67),
        ("企业片区", "2", "enterprise"): (3, 3),
        ("调解平台", "point", ""): (3, 3),
    },
}


@pytest.fixture(scope="module")
def town(engine: sa.Engine) -> sa.Engine:
    return engine


def soon(hours: int = 1) -> datetime:
    return datetime.now(UTC) + timedelta(hours=hours)


def posts(found: dict[str, Any]) -> set[tuple[str, str, int]]:
    return {(item["role"], item["kind"], item["target_id"]) for item in found["vacancies"]}


@pytest.mark.parametrize("place", DEMO)
def test_the_figures_of_a_place_are_those_that_were_planted(town: sa.Engine, place: str) -> None:
    found = staffing.completeness(town, place, at=soon())
    assert {
        item["key"]: (item["areas"], item["complete"]) for item in found["templates"]
    } == COMPLETE[place]
    assert {
        (item["key"], level["level"], level["network"]): (level["targets"], level["complete"])
        for item in found["templates"]
        for level in item["levels"]
    } == LEVELS[place]
    left_open = json.loads((DATA / place / "place.json").read_text())["facts"]["vacancies"]
    assert sorted((item["role"], item["code"]) for item in found["vacancies"]) == sorted(
        (item["role"], "-".join(map(str, filter(None, (target["code"], target.get("unit"))))))
        for item in left_open
        for target in [item["target"]]
    )
    assert (found["surplus"], found["over_capacity"]) == ([], [])
    assert len(found["double_posts"]) == (2 if place == "nanjie" else 0)


@pytest.mark.parametrize("place", DEMO)
def test_removing_one_assignment_lists_exactly_that_vacancy(town: sa.Engine, place: str) -> None:
    with town.connect() as connection:
        held = connection.execute(
            sa.text("""
                SELECT DISTINCT ON (a.role, num_nonnulls(a.grid_id), g.network, g.level) a.id, a.role
                FROM assignment a JOIN staff s ON s.id = a.staff_id LEFT JOIN grid g ON g.id = a.grid_id
                WHERE s.place = :place AND a.link <> 'pair' AND a.role <> 'volunteer'
                ORDER BY a.role, num_nonnulls(a.grid_id), g.network, g.level, a.id DESC
            """),
            {"place": place},
        ).all()
    before = posts(staffing.completeness(town, place, at=soon()))
    assert held
    for hour, post in enumerate(held, start=2):
        if place == "chengzhen" and post.role == "party-branch-secretary":
            continue  # appointed, and asked for by no template
        removed = next(
            item for item in staffing.roster(town, place, at=soon())["assignments"]
            if item["id"] == post.id
        )  # fmt: skip
        staffing.end(town, post.id, at=soon(hour), actor="ann")
        after = posts(staffing.completeness(town, place, at=soon(hour + 1)))
        assert after - before == {(removed["role"], removed["kind"], removed["target_id"])}
        before = after


def test_the_triangle_of_three_levels_says_in_words_what_it_lacks(town: sa.Engine) -> None:
    found = staffing.completeness(town, "wenyuan", at=soon())
    triangle = next(item for item in found["templates"] if item["key"] == "铁三角")
    assert triangle["sentence_en"] == (
        "13 of 14 铁三角 complete; missing: party branch secretary of Grid Party Branch 10"
    )
    assert triangle["sentence"] == "铁三角：14 个中 13 个齐全；缺 第10网格党支部网格党支部书记"
    (area,) = triangle["incomplete"]
    assert area["name"] == "第10网格（鑫苑小区）"  # the party branch lies in this grid
    with town.connect() as connection:
        unit = connection.execute(
            sa.text("""
                SELECT a.id, u.number, b.name_en FROM assignment a JOIN unit u ON u.id = a.unit_id
                JOIN building b ON b.id = u.building_id WHERE b.place = 'wenyuan' AND u.number = 2
                ORDER BY a.id LIMIT 1
            """)
        ).one()
    staffing.end(town, unit.id, at=soon(100), actor="ann")
    found = staffing.completeness(town, "wenyuan", at=soon(101))
    triangle = next(item for item in found["templates"] if item["key"] == "铁三角")
    assert f"unit head of {unit.name_en} unit 2" in triangle["sentence_en"]


def test_no_place_is_held_by_people_who_only_live_there_or_are_paired(town: sa.Engine) -> None:
    with town.connect() as connection:
        grid, person = connection.execute(
            sa.text("""
                SELECT g.id, (SELECT id FROM staff WHERE place = 'xiameiqiao'
                              AND roles[1] = 'grid-head' ORDER BY id LIMIT 1)
                FROM grid g WHERE g.code = '431002004003002' AND g.network = 'governance'
            """)
        ).one()
    before = posts(staffing.completeness(town, "xiameiqiao", at=soon(200)))
    staffing.assign(
        town, staff_id=person, role="grid-head", targets=[("grid", grid)], begins=soon(199),
        link="home", actor="ann",
    )  # fmt: skip
    assert posts(staffing.completeness(town, "xiameiqiao", at=soon(200))) == before
