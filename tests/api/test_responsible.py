"""Who is responsible: with names for staff, with roles and service points for everybody."""

from __future__ import annotations

import re

import httpx
import pytest
import sqlalchemy as sa

from gridmap.api.opening_hours import hours_in_words

PLACES = ("chengzhen",)
BROWSER = {"Accept": "text/html"}


def inside(engine: sa.Engine, code: str) -> dict[str, float]:
    question = (
        "SELECT ST_X(p) AS lon, ST_Y(p) AS lat FROM (SELECT ST_PointOnSurface(geom) AS p FROM grid"
        " WHERE code = :code AND network = 'governance') AS inside"
    )
    with engine.connect() as connection:
        return dict(connection.execute(sa.text(question), {"code": code}).mappings().one())


def names(engine: sa.Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(sa.text("SELECT name FROM staff")))


def test_everybody_sees_posts_and_service_points_and_never_a_name(
    client: httpx.Client, engine: sa.Engine
) -> None:
    point = inside(engine, "530821102001003")
    found = client.get("/responsible", params=point).json()
    roles = {post["role"]: post["people"] for post in found["posts"]}
    assert roles["grid-worker"] == 1
    assert roles["volunteer"] == 4
    assert {"mediator", "police-officer", "party-branch-secretary"} <= set(roles)
    assert found["service_points"]
    people = names(engine)
    for headers in ({}, BROWSER):
        text = client.get("/responsible", params=point, headers=headers).text
        assert [name for name in people if name in text] == []
    known = client.get("/locate", params=point).json()["responsible"]
    assert {person["role"] for person in known} == set(roles)


def test_the_public_page_speaks_both_languages_and_shows_its_form(
    client: httpx.Client, engine: sa.Engine
) -> None:
    form = client.get("/responsible", headers=BROWSER)
    assert form.headers["content-type"].startswith("text/html")
    assert "这里谁负责" in form.text
    asked = {"lang": "en", **inside(engine, "530821102001003")}
    page = client.get("/responsible", params=asked, headers=BROWSER)
    assert "grid worker" in page.text
    assert "Chengzhen" in page.text
    hours = re.compile(r"(Daily|Always open|Mon–Fri 08:30–12:00)")
    assert hours.search(page.text)
    assert "Mo-" not in page.text
    far = client.get("/responsible", params={"lon": 0, "lat": 0}, headers=BROWSER)
    assert "不在已登记的辖区内" in far.text


def test_a_vacant_post_and_a_stay_without_duty_make_nobody_responsible(
    client: httpx.Client, engine: sa.Engine
) -> None:
    point = inside(engine, "530821102001011")  # its worker is away on loan
    roles = [person["role"] for person in client.get("/locate", params=point).json()["responsible"]]
    assert "grid-worker" not in roles
    with engine.begin() as connection:
        connection.execute(
            sa.text("""
                INSERT INTO assignment (staff_id, role, grid_id, link)
                SELECT s.id, 'grid-worker', g.id, 'home' FROM staff s, grid g
                WHERE s.roles[1] = 'grid-worker' AND g.code = '530821102001011'
                  AND g.network = 'governance' LIMIT 1
            """)
        )
    roles = [person["role"] for person in client.get("/locate", params=point).json()["responsible"]]
    assert "grid-worker" not in roles


def test_the_head_of_a_lane_answers_for_who_stands_on_it(
    client: httpx.Client, engine: sa.Engine
) -> None:
    with engine.begin() as connection:
        street, lon, lat = connection.execute(
            sa.text("""
                SELECT id, ST_X(p), ST_Y(p) FROM (
                  SELECT s.id, ST_LineInterpolatePoint(ST_GeometryN(s.geom, 1), 0.37) AS p
                  FROM street s WHERE s.kind = 'street' AND s.name IS NOT NULL
                ) AS middle WHERE NOT EXISTS (
                  SELECT FROM building b WHERE ST_Intersects(b.geom, p)) ORDER BY id LIMIT 1
            """)
        ).one()
        connection.execute(
            sa.text("""
                INSERT INTO assignment (staff_id, role, street_id)
                SELECT id, 'lane-head', :street FROM staff ORDER BY id LIMIT 1
            """),
            {"street": street},
        )
    found = client.get("/locate", params={"lon": lon, "lat": lat}).json()["responsible"]
    assert [item["target"]["kind"] for item in found if item["role"] == "lane-head"] == ["street"]


def test_teams_events_rotas_and_templates_over_http(client: httpx.Client) -> None:
    place = {"place": "chengzhen"}
    teams = [item["team"] for item in client.get("/staffing/teams", params=place).json()["teams"]]
    assert len(teams) == 5
    event = client.post(
        "/staffing/events", json=place | {"name": "清洁日", "day": "2026-12-07", "teams": teams}
    )
    assert event.status_code == 201
    made = event.json()
    assert len({item["grid_id"] for item in made["teams"]}) == 5
    first, second = made["teams"][:2]
    path = f"/staffing/events/{made['id']}/teams/{first['team']}"
    body = {"grid_id": second["grid_id"], "revision": made["revision"]}
    clash = client.put(path, json=body)
    assert clash.status_code == 409
    assert second["team"] in clash.json()["detail"]
    assert client.put(path, json=body | {"swap": True}).status_code == 200
    rota = client.post(
        "/staffing/rotas",
        json=place
        | {
            "name": "周末巡逻", "begins": "2026-11-30", "teams": teams, "weekdays": [6, 7],
            "from_time": "19:00", "to_time": "21:00",
        },
    ).json()  # fmt: skip
    assert rota["weeks"] == 5
    duty = client.get("/staffing/on-duty", params=place | {"day": "2026-12-05"}).json()["days"][0]
    (shift,) = duty["shifts"]
    assert shift["team"] == teams[0]
    swap = f"/staffing/rotas/{rota['id']}/days/2026-12-05/teams/{teams[0]}"
    assert client.put(swap, json={"team": teams[2]}).status_code == 200
    templates = client.get("/staffing/templates", params=place).json()["templates"]
    assert {item["key"] for item in templates} == {"1+X", "1+3+N"}
    chosen = next(item for item in templates if item["key"] == "1+X")
    key = chosen.pop("key")
    saved = client.put(f"/staffing/templates/chengzhen/{key}", json=chosen)
    assert saved.json()["revision"] == 2
    assert client.put(f"/staffing/templates/chengzhen/{key}", json=chosen).status_code == 409
    gone = client.delete(f"/staffing/events/{made['id']}", params={"revision": 2})
    assert gone.status_code == 204
    for what in ("changes", "ending", "orphans"):
        assert client.get(f"/staffing/{what}", params=place).status_code == 200
        assert client.get(f"/staffing/{what}", params={"place": "atlantis"}).status_code == 404


@pytest.mark.parametrize(
    ("written", "chinese", "english"),
    [
        ("24/7", "全天开放", "Always open"),
        ("Mo-Su 08:00-20:00", "每天 08:00–20:00", "Daily 08:00–20:00"),
        ("Mo-Fr,PH 9:00-12:00; Su off", "周一至周五、节假日 9:00–12:00；周日 不开放", None),
        ("by appointment", "by appointment", "by appointment"),
    ],
)
def test_opening_hours_are_said_in_words(written: str, chinese: str, english: str | None) -> None:
    assert hours_in_words(written, "zh") == chinese
    if english is not None:
        assert hours_in_words(written, "en") == english
