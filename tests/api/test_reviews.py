"""A plan's way from draft over review to published, over HTTP, by two people."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

PLACES = ("nanjie",)
ANN, BOB = {"X-Gridmap-Actor": "ann"}, {"X-Gridmap-Actor": "bob"}
SPOT = {"lon": 101.2405, "lat": 25.5025}


@pytest.fixture
def draft(client: httpx.Client) -> str:
    listed = client.get("/plans", params={"place": "nanjie", "network": "governance"}).json()
    base = next(plan for plan in listed["plans"] if plan["state"] == "published")
    answer = client.post("/plans", json={"based_on": base["id"], "name": "2027"}, headers=ANN)
    assert answer.status_code == 201
    return f"/plans/{answer.json()['id']}"


def submit(client: httpx.Client, draft: str) -> None:
    answer = client.post(f"{draft}/submission", json={"revision": 0}, headers=ANN)
    assert answer.status_code == 200, answer.text
    assert answer.json()["state"] == "in review"


def test_a_plan_in_review_is_not_edited(client: httpx.Client, draft: str) -> None:
    submit(client, draft)
    grid = client.get(draft).json()["grids"][3]["id"]
    body = {"kind": "rename", "grid": grid, "name": "新名", "revision": 0}
    answer = client.post(f"{draft}/edits", json=body, headers=ANN)
    assert answer.status_code == 409
    assert "in review" in answer.json()["detail"]
    again = client.post(f"{draft}/submission", json={"revision": 0}, headers=ANN)
    assert again.status_code == 409


def test_a_plan_is_sent_back_with_a_reason_and_edited_again(
    client: httpx.Client, draft: str
) -> None:
    submit(client, draft)
    assert client.post(f"{draft}/return", json={}, headers=BOB).status_code == 422
    answer = client.post(f"{draft}/return", json={"reason": "东边太大"}, headers=BOB)
    assert answer.json()["state"] == "draft"
    said = client.get(f"{draft}/comments").json()["comments"]
    assert [(item["author"], item["text"], item["lon"]) for item in said] == [
        ("bob", "东边太大", None)
    ]
    submit(client, draft)
    taken = client.post(f"{draft}/return", json={}, headers=ANN)
    assert taken.json()["state"] == "draft", "the author needs no reason"


def test_comments_are_pinned_and_settled(client: httpx.Client, draft: str) -> None:
    path = f"{draft}/comments"
    made = client.post(path, json={"text": " 这条边界穿过院子 ", **SPOT}, headers=BOB)
    assert made.status_code == 201
    pinned = made.json()
    assert (pinned["lon"], pinned["lat"]) == (SPOT["lon"], SPOT["lat"])
    assert (pinned["author"], pinned["text"]) == ("bob", "这条边界穿过院子")
    assert client.get(draft).json()["open_comments"] == 1
    settled = client.post(
        f"{path}/{pinned['id']}/resolution", json={"resolved": True}, headers=ANN
    ).json()
    assert (settled["resolved"], settled["resolved_by"]) == (True, "ann")
    assert client.get(draft).json()["open_comments"] == 0
    missing = client.post(f"{path}/987654/resolution", json={"resolved": True}, headers=ANN)
    assert missing.status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"text": ""},
        {"text": "   "},
        {"text": "x" * 2001},
        {"text": "x", "lon": 101.2},
        {"text": "x", "lon": 25.5, "lat": 101.2},
        {"text": "x", "colour": "red"},
    ],
)
def test_a_comment_that_says_nothing_or_lies_nowhere_is_refused(
    client: httpx.Client, draft: str, body: dict[str, Any]
) -> None:
    assert client.post(f"{draft}/comments", json=body, headers=BOB).status_code == 422
    assert client.get(f"{draft}/comments").json() == {"comments": []}


def test_another_person_publishes_and_the_certificate_holds(
    client: httpx.Client, draft: str, engine: sa.Engine
) -> None:
    with engine.connect() as connection:
        today: date = connection.scalar(sa.text("SELECT current_date"))
    starts = (today + timedelta(days=40)).isoformat()
    body = {"revision": 0, "starts": starts}
    path = f"{draft}/publication"
    assert client.post(path, json=body, headers=BOB).status_code == 409, "not in review"
    assert client.get(f"{draft}/certificate").status_code == 409
    submit(client, draft)
    refused = client.post(path, json=body, headers=ANN)
    assert refused.status_code == 409
    assert "somebody else" in refused.json()["detail"]
    past = client.post(path, json=body | {"starts": "2020-01-01"}, headers=BOB)
    assert past.status_code == 422
    answer = client.post(path, json=body, headers=BOB)
    assert answer.status_code == 200, answer.text
    plan = answer.json()
    assert (plan["state"], plan["reviewer"], plan["valid_from"]) == ("published", "bob", starts)
    assert plan["in_force"] is False, "its day has not come"
    listed = client.get("/plans", params={"place": "nanjie", "network": "governance"}).json()
    before = next(item for item in listed["plans"] if item["in_force"])
    assert (before["state"], before["valid_to"]) == ("published", starts)

    shown = client.get(f"{draft}/certificate").json()
    assert shown["holds"] is True
    assert shown["certificate"]["atoms"] == shown["now"]["atoms"] > 0
    with engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE grid SET name = 'x' WHERE plan_id = :id AND level = 1"),
            {"id": plan["id"]},
        )
    assert client.get(f"{draft}/certificate").json()["holds"] is False, "somebody changed a row"
