"""Vacancies, posts and proposals over HTTP."""

from __future__ import annotations

import httpx
import pytest

PLACES = ("nanjie",)
CHANGE = ("kind", "target_id", "role", "full_time", "assignment_id", "from", "to")


def test_a_vacancy_is_found_filled_and_gone(client: httpx.Client) -> None:
    place = {"place": "nanjie"}
    vacancies = client.get("/staffing/completeness", params=place).json()["vacancies"]
    open_post = next(item for item in vacancies if item["role"] == "micro-grid-worker")
    where = {"lon": open_post["lon"], "lat": open_post["lat"], "role": open_post["role"]}
    people = client.get("/staffing/candidates", params=place | where).json()["candidates"]
    nearest = next(item for item in people if "role" not in item["reasons"])
    body = {
        "staff_id": nearest["staff_id"],
        "role": open_post["role"],
        "targets": [{"kind": open_post["kind"], "id": open_post["target_id"]}],
    }
    made = client.post("/staffing/assignments", json=body)
    assert made.status_code == 201
    left = client.get("/staffing/completeness", params=place).json()["vacancies"]
    assert len(left) == len(vacancies) - 1
    number = made.json()["assignments"][0]
    assert client.post(f"/staffing/assignments/{number}/lock", json={"locked": True}).json()[
        "locked"
    ]
    assert client.post(f"/staffing/assignments/{number}/end", json={}).status_code == 409
    past = client.get(f"/staffing/history/{open_post['kind']}/{open_post['target_id']}").json()
    assert past["assignments"][0]["staff_id"] == nearest["staff_id"]


def test_a_proposal_is_accepted_in_part(client: httpx.Client) -> None:
    proposal = client.post("/staffing/proposals", json={"place": "nanjie", "change": 0}).json()
    assert proposal["cost"] == proposal["lower_bound"]
    independent = [item for item in proposal["changes"] if not item["needs"] and item["to"]]
    chosen = [{name: item[name] for name in CHANGE} for item in independent[:1]]
    if chosen:
        answer = client.post(
            "/staffing/proposals/acceptance", json={"place": "nanjie", "changes": chosen}
        )
        assert answer.json() == {"accepted": 1}


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/staffing/completeness", {"place": "atlantis"}),
        ("/staffing/candidates", {"place": "atlantis", "role": "x", "lon": 1, "lat": 1}),
    ],
)
def test_a_place_that_is_not_there_is_a_problem(
    client: httpx.Client, path: str, params: dict
) -> None:
    answer = client.get(path, params=params)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
