"""Events of teams on different grids, weekly rotas, pairs, moving, ending, and many bookers."""

from __future__ import annotations

import threading
import time as clock
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from gridmap.errors import Conflict, InvalidInput, NotFound
from gridmap.services import staffing
from gridmap.services.staffing import events, rotas

PLACES = ("nanjie",)
SEVENTH = date(2026, 12, 7)
NOW = datetime.now(UTC) + timedelta(hours=1)


@pytest.fixture(scope="module")
def nanjie(engine: sa.Engine) -> sa.Engine:
    return engine


def one(engine: sa.Engine, question: str, **values: Any) -> Any:
    with engine.connect() as connection:
        return connection.execute(sa.text(question), values).first()


def plan(engine: sa.Engine, day: date = SEVENTH, **asked: Any) -> dict[str, Any]:
    return events.plan_event(
        engine, "nanjie", **({"name": "主题党日", "day": day, "actor": "ann"} | asked)
    )


def test_seven_teams_go_to_seven_different_grids_and_come_elsewhere_next_month(
    nanjie: sa.Engine,
) -> None:
    teams = events.list_teams(nanjie, "nanjie")
    assert teams["activity_day"] == 7
    colours = [item["team"] for item in teams["teams"] if item["volunteers"]]
    assert len(colours) == 7
    first = plan(nanjie)
    assert {item["team"] for item in first["teams"]} == set(colours)
    grids = {item["code"] for item in first["teams"]}
    assert len(grids) == 7
    assert {item["level"] for item in first["teams"]} == {2}
    following = plan(nanjie, date(2027, 1, 7), teams=colours)
    assert not grids & {item["code"] for item in following["teams"]}
    with pytest.raises(Conflict, match="红色先锋队 is in 主题党日"):
        plan(nanjie, teams=["红色先锋队"], name="another")
    events.delete_event(nanjie, following["id"], revision=1, actor="ann")


def test_the_database_itself_refuses_two_teams_on_one_grid(nanjie: sa.Engine) -> None:
    event = events.list_events(nanjie, "nanjie", since=SEVENTH, until=SEVENTH)[0]
    first, second = event["teams"][:2]
    values = {"g": first["grid_id"], "e": event["id"], "t": second["team"]}
    with pytest.raises(sa.exc.IntegrityError, match="uq_event_team_grid"), nanjie.begin() as made:
        made.execute(
            sa.text("UPDATE event_team SET grid_id = :g WHERE event_id = :e AND team = :t"), values
        )


def test_a_team_is_moved_and_two_change_places_and_a_clash_is_named(nanjie: sa.Engine) -> None:
    event = events.list_events(nanjie, "nanjie", since=SEVENTH, until=SEVENTH)[0]
    first, second = event["teams"][:2]
    asked = {"team": first["team"], "grid_id": second["grid_id"], "actor": "ann"}
    with pytest.raises(Conflict, match=f"{second['team']} goes to"):
        events.move_team(nanjie, event["id"], **asked, swap=False, revision=event["revision"])
    after = events.move_team(nanjie, event["id"], **asked, swap=True, revision=event["revision"])
    now = {item["team"]: item["grid_id"] for item in after["teams"]}
    assert now[first["team"]] == second["grid_id"]
    assert now[second["team"]] == first["grid_id"]
    with pytest.raises(Conflict, match="changed meanwhile"):
        events.move_team(nanjie, event["id"], **asked, swap=True, revision=event["revision"])


def test_what_is_placed_by_hand_stays_there(nanjie: sa.Engine) -> None:
    day = date(2027, 2, 7)
    grid = one(
        nanjie, "SELECT id FROM grid WHERE code = '532325101003027' AND valid @> DATE '2027-02-07'"
    )
    made = plan(nanjie, day, fixed={"紫色文艺队": grid.id}, teams=["紫色文艺队", "红色先锋队"])
    where = {item["team"]: item["grid_id"] for item in made["teams"]}
    assert where["紫色文艺队"] == grid.id != where["红色先锋队"]


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ({"teams": ["无此队"]}, InvalidInput),
        ({"teams": ["红色先锋队", "红色先锋队"]}, InvalidInput),
        ({"level": 1}, InvalidInput),
        ({"fixed": {"红色先锋队": 10**12}}, InvalidInput),
        ({"network": "nothing"}, InvalidInput),
    ],
)
def test_what_cannot_be_planned_is_refused(nanjie: sa.Engine, asked: Any, kind: type) -> None:
    with pytest.raises(kind):
        plan(nanjie, date(2027, 3, 7), **asked)


def test_teams_of_a_weekly_rota_have_equally_many_turns_and_somebody_stands_in(
    nanjie: sa.Engine,
) -> None:
    teams = [item["team"] for item in events.list_teams(nanjie, "nanjie")["teams"]][:5]
    rota = rotas.make_rota(
        nanjie, "nanjie", name="周末巡逻", begins=date(2026, 12, 3), teams=teams,
        weekdays=[6, 7], hours=(time(19), time(21, 30)), actor="ann",
    )  # fmt: skip
    assert (rota["begins"], rota["weeks"]) == (date(2026, 11, 30), 5)
    days = rotas.on_duty(nanjie, "nanjie", day=date(2026, 11, 30), days=35)["days"]
    turns = Counter(shift["team"] for day in days for shift in day["shifts"])
    assert turns == dict.fromkeys(teams, 2)
    assert {day["day"].isoweekday() for day in days if day["shifts"]} == {6, 7}
    saturday = date(2026, 12, 5)
    (shift,) = rotas.on_duty(nanjie, "nanjie", day=saturday)["days"][0]["shifts"]
    assert shift["team"] == teams[0]
    assert len(shift["members"]) == 12
    asked = {"day": saturday, "team": teams[0], "actor": "ann"}
    rotas.stand_in(nanjie, rota["id"], **asked, instead=teams[3])
    (shift,) = rotas.on_duty(nanjie, "nanjie", day=saturday)["days"][0]["shifts"]
    assert (shift["team"], shift["instead_of"]) == (teams[3], teams[0])
    rotas.stand_in(nanjie, rota["id"], **asked, instead=teams[0])
    (shift,) = rotas.on_duty(nanjie, "nanjie", day=saturday)["days"][0]["shifts"]
    assert (shift["team"], shift["instead_of"]) == (teams[0], None)
    with pytest.raises(InvalidInput, match="no turn"):
        rotas.stand_in(
            nanjie, rota["id"], day=date(2026, 12, 8), team=teams[0], instead=teams[1], actor="a"
        )
    with pytest.raises(Conflict, match="named 周末巡逻"):
        rotas.make_rota(
            nanjie, "nanjie", name="周末巡逻", begins=saturday, teams=teams, weekdays=[6],
            hours=(time(19), time(21)), actor="ann",
        )  # fmt: skip
    assert rotas.on_duty(nanjie, "nanjie", day=date(2026, 11, 29))["days"][0]["shifts"] == []


def test_a_pair_is_with_a_household_that_has_no_name(nanjie: sa.Engine) -> None:
    columns = one(
        nanjie,
        "SELECT array_agg(column_name::text) AS names FROM information_schema.columns"
        " WHERE table_name = 'household_point'",
    )
    assert set(columns.names) == {"id", "place", "code", "building_id"}
    planted = one(
        nanjie,
        "SELECT count(*) AS n FROM assignment WHERE link = 'pair' AND household_point_id > 0",
    )
    assert planted.n == 100
    person = one(nanjie, "SELECT id FROM staff WHERE roles[1] = 'volunteer' ORDER BY id LIMIT 1")
    building = one(nanjie, "SELECT id, code FROM building WHERE households > 3 ORDER BY id LIMIT 1")
    household, made = staffing.pair(
        nanjie, staff_id=person.id, role="volunteer", building_id=building.id, begins=NOW, actor="a"
    )
    held = staffing.history(nanjie, ("household", household))
    assert [item["id"] for item in held] == [made]
    assert held[0]["target_code"].startswith(f"{building.code}-H")
    with pytest.raises(InvalidInput, match="pairing"):
        staffing.assign(
            nanjie, staff_id=person.id, role="volunteer", targets=[("household", household)],
            begins=NOW, actor="ann",
        )  # fmt: skip


def test_what_ends_soon_is_listed_and_becomes_a_vacancy(nanjie: sa.Engine) -> None:
    vacancy = next(
        item
        for item in staffing.completeness(nanjie, "nanjie", at=NOW)["vacancies"]
        if item["role"] == "grid-head"
    )
    with nanjie.begin() as connection:
        number = connection.execute(
            sa.text(
                "INSERT INTO staff (place, code, name, roles)"
                " VALUES ('nanjie', 'X1', '新人', '{grid-head}') RETURNING id"
            )
        ).scalar_one()
    ends = NOW + timedelta(days=20)
    (made,) = staffing.assign(
        nanjie, staff_id=number, role="grid-head", targets=[("grid", vacancy["target_id"])],
        begins=NOW, ends=ends, full_time=True, actor="ann",
    )  # fmt: skip
    found = staffing.ending(nanjie, "nanjie", at=NOW, days=30)
    assert [(item["id"], item["followed"]) for item in found["ending"]] == [(made, False)]
    assert staffing.ending(nanjie, "nanjie", at=NOW, days=10)["ending"] == []

    def is_vacant(at: datetime) -> bool:
        listed = staffing.completeness(nanjie, "nanjie", at=at)["vacancies"]
        return any(
            (i["role"], i["target_id"]) == ("grid-head", vacancy["target_id"]) for i in listed
        )

    assert not is_vacant(NOW + timedelta(days=1))
    assert is_vacant(ends)
    past = staffing.changes(nanjie, "nanjie", since=NOW, until=ends)["changes"]
    assert {(item["id"], item["what"]) for item in past} >= {(made, "began"), (made, "ended")}
    mine = staffing.history_of_person(nanjie, number)
    assert [item["id"] for item in mine["assignments"]] == [made]


def test_nobody_is_assigned_in_another_place(nanjie: sa.Engine) -> None:
    with nanjie.begin() as connection:
        connection.execute(
            sa.text("INSERT INTO place (key, name, meridian) VALUES ('far', '远', 102)")
        )
        stranger = connection.execute(
            sa.text(
                "INSERT INTO staff (place, code, name, roles)"
                " VALUES ('far', 'F', '客', '{grid-head}') RETURNING id"
            )
        ).scalar_one()
    grid = one(nanjie, "SELECT id FROM grid WHERE level = 2 LIMIT 1")
    with pytest.raises(InvalidInput, match="lies in nanjie"):
        staffing.assign(
            nanjie, staff_id=stranger, role="grid-head", targets=[("grid", grid.id)], begins=NOW,
            actor="ann",
        )  # fmt: skip


def test_a_template_is_data_that_can_be_changed_and_a_stale_change_is_refused(
    nanjie: sa.Engine,
) -> None:
    data = staffing.list_templates(nanjie, "nanjie")
    (template,) = data["templates"]
    assert {item["key"] for item in data["networks"]} == {"governance"}
    more = [dict(role) for role in template["roles"]]
    next(role for role in more if role["role"] == "volunteer")["minimum"] = 4
    changed = staffing.put_template(
        nanjie, "nanjie", template | {"roles": more}, revision=1, actor="ann"
    )
    assert changed["revision"] == 2
    missing = staffing.completeness(nanjie, "nanjie", at=NOW)["vacancies"]
    assert sum(item["role"] == "volunteer" for item in missing) == 27
    with pytest.raises(Conflict, match="changed meanwhile"):
        staffing.put_template(nanjie, "nanjie", template, revision=1, actor="ann")
    staffing.put_template(nanjie, "nanjie", template, revision=2, actor="ann")
    work_group = {
        "key": "五人组",
        "name": "五人组",
        "roles": [{"level": "2", "role": role, "minimum": 1} for role in ("grid-head", "mediator")],
    }
    staffing.put_template(nanjie, "nanjie", work_group, revision=None, actor="ann")
    found = staffing.completeness(nanjie, "nanjie", at=NOW)
    assert [item["complete"] for item in found["templates"] if item["key"] == "五人组"] == [0]
    staffing.delete_template(nanjie, "nanjie", "五人组", revision=1, actor="ann")
    with pytest.raises(NotFound):
        staffing.delete_template(nanjie, "nanjie", "五人组", revision=1, actor="ann")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"role": "emperor"}, "role"),
        ({"level": "7"}, "level"),
        ({"network": "party"}, "level"),
        ({"minimum": 3, "maximum": 2}, "maximum"),
    ],
)
def test_a_template_that_asks_for_nonsense_is_refused_by_row_and_field(
    nanjie: sa.Engine, change: dict[str, Any], field: str
) -> None:
    role = {"level": "2", "role": "grid-head", "minimum": 1} | change
    with pytest.raises(InvalidInput) as caught:
        staffing.put_template(
            nanjie, "nanjie", {"key": "x", "name": "x", "roles": [role]}, revision=None, actor="a"
        )
    assert [(fault.row, fault.field) for fault in caught.value.faults] == [(1, field)]


def test_sixteen_bookers_on_one_pool_make_no_double_post_and_try_nothing_twice(
    nanjie: sa.Engine,
) -> None:
    bookers, each, pool = 16, 12, 40
    with nanjie.begin() as connection:
        people = connection.scalars(
            sa.text(
                "INSERT INTO staff (place, code, name, roles)"
                " SELECT 'nanjie', 'P' || n, '人' || n, '{grid-head}' FROM generate_series(1, :n) n"
                " RETURNING id"
            ),
            {"n": pool},
        ).all()
        grids = connection.scalars(sa.text("SELECT id FROM grid WHERE level = 3 ORDER BY id")).all()
    before = one(nanjie, "SELECT count(*) AS n FROM audit WHERE actor = 'race'").n
    wins: list[int] = []
    refused: list[str] = []
    gate = threading.Barrier(bookers)

    def work(booker: int) -> None:
        gate.wait(30)
        for turn in range(each):
            number = booker * each + turn
            try:
                wins.extend(
                    staffing.assign(
                        nanjie, staff_id=people[number * 7 % pool], role="grid-head",
                        targets=[("grid", grids[number])], begins=NOW, full_time=True, actor="race",
                    )
                )  # fmt: skip
            except Conflict as refusal:
                refused.append(refusal.message)

    threads = [threading.Thread(target=work, args=(booker,)) for booker in range(bookers)]
    begun = clock.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    took_s = clock.perf_counter() - begun
    assert len(wins) + len(refused) == bookers * each
    assert len(wins) == pool
    assert all("already holds" in message for message in refused)
    doubles = one(
        nanjie,
        "SELECT count(*) AS n FROM assignment a JOIN assignment b ON b.staff_id = a.staff_id"
        " AND b.id > a.id AND a.full_time AND b.full_time AND a.period && b.period",
    )
    assert doubles.n == 0
    # Each that won is written once, and no one waited for PostgreSQL to end a deadlock (1 s).
    assert one(nanjie, "SELECT count(*) AS n FROM audit WHERE actor = 'race'").n - before == pool
    assert took_s < 60
