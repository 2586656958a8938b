"""A draft is cut anew over HTTP: a job with progress, alternatives, one of them accepted."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

PLACES = ("nanjie",)
ASKED = {"minimum": 200, "maximum": 500, "alternatives": 2}


@pytest.fixture
def draft(client: httpx.Client) -> int:
    listed = client.get("/plans", params={"place": "nanjie", "network": "governance"}).json()
    published = next(plan for plan in listed["plans"] if plan["state"] != "draft")
    answer = client.post("/plans", json={"based_on": published["id"], "name": "2027"})
    return int(answer.json()["id"])


def ended(client: httpx.Client, plan: int, job: str) -> dict[str, Any]:
    while True:
        found = client.get(f"/plans/{plan}/partition/{job}", params={"wait": 10}).json()
        if found["state"] not in ("waiting", "running"):
            return found


def test_alternatives_are_compared_and_one_is_accepted_and_undone(
    client: httpx.Client, draft: int
) -> None:
    started = client.post(f"/plans/{draft}/partition", json=ASKED)
    assert started.status_code == 202
    job = started.json()["job"]
    assert started.headers["location"] == f"/plans/{draft}/partition/{job}"
    found = ended(client, draft, job)
    assert (found["state"], found["progress"], found["revision"]) == ("done", 1.0, 0)
    assert [item["emphasis"] for item in found["alternatives"]] == ["balanced", "streets"]
    for item in found["alternatives"]:
        assert item["totals"]["in_range"] + len(item["misses"]) == item["totals"]["grids"]
        assert item["micro_grids"] >= item["totals"]["grids"]
    areas = client.get(f"/plans/{draft}/partition/{job}/alternatives/2").json()["features"]
    assert len(areas) == found["alternatives"][1]["totals"]["grids"]
    accepted = client.post(
        f"/plans/{draft}/partition/{job}/accept", json={"alternative": 2, "revision": 0}
    )
    assert accepted.status_code == 200
    assert accepted.json()["revision"] == 1
    assert client.get(f"/plans/{draft}/check").json()["exact"]
    again = client.post(
        f"/plans/{draft}/partition/{job}/accept", json={"alternative": 1, "revision": 1}
    )
    assert again.status_code == 409
    assert client.post(f"/plans/{draft}/undo", json={"revision": 1}).status_code == 200


def test_a_job_is_cancelled_and_another_waits_for_its_turn(
    client: httpx.Client, draft: int
) -> None:
    base = f"/plans/{draft}/partition"
    first, second = (
        client.post(base, json=ASKED | {"alternatives": 6}).json()["job"] for _ in range(2)
    )
    assert client.delete(f"{base}/{second}").json()["state"] == "cancelled"
    client.delete(f"{base}/{first}")
    assert ended(client, draft, first)["state"] == "cancelled"
    refused = client.post(f"{base}/{first}/accept", json={"alternative": 1, "revision": 0})
    assert refused.status_code == 409


def test_a_failed_job_says_why(client: httpx.Client, draft: int) -> None:
    job = client.post(f"/plans/{draft}/partition", json=ASKED | {"grids": 5000}).json()["job"]
    found = ended(client, draft, job)
    assert found["state"] == "failed"
    assert "cannot make 5000" in found["error"]["message"]


def test_a_job_of_an_earlier_process_is_told_as_such(client: httpx.Client, draft: int) -> None:
    gone = client.get(f"/plans/{draft}/partition/00c0ffee-1")
    assert gone.status_code == 404
    assert "ended with the process" in gone.text


@pytest.mark.parametrize(
    "body",
    [{}, {"minimum": 5, "maximum": 1}, ASKED | {"alternatives": 7}, ASKED | {"seconds": 0}],
)
def test_questions_that_cannot_be_are_refused(
    client: httpx.Client, draft: int, body: dict[str, Any]
) -> None:
    answer = client.post(f"/plans/{draft}/partition", json=body)
    assert answer.status_code in (400, 422)
