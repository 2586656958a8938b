"""Loads, lassos, compact areas and parts of proposals over HTTP."""

from __future__ import annotations

import httpx
import pytest

PLACES = ("nanjie",)
CHANGE = ("kind", "target_id", "role", "full_time", "assignment_id", "from", "to")
RING = [[101.238, 25.498], [101.242, 25.498], [101.242, 25.503], [101.238, 25.503]]


def test_a_cut_chain_is_a_conflict_that_names_what_belongs_to_it(client: httpx.Client) -> None:
    proposal = client.post("/staffing/proposals", json={"place": "nanjie"}).json()
    chained = next(item for item in proposal["changes"] if item["needs"])
    part = {name: chained[name] for name in CHANGE}
    answer = client.post(
        "/staffing/proposals/acceptance", json={"place": "nanjie", "changes": [part]}
    )
    assert answer.status_code == 409
    problem = answer.json()
    assert "cannot be made without others" in problem["detail"]
    assert proposal["changes"][chained["needs"][0]]["name"] in problem["faults"][0]["reason"]


def test_candidates_say_how_far_by_which_way_and_what_they_lack(client: httpx.Client) -> None:
    asked = {"place": "nanjie", "role": "grid-head", "lon": 101.24, "lat": 25.5, "skill": "方言"}
    found = client.get("/staffing/candidates", params=asked).json()["candidates"]
    assert "streets" in {item["walk_by"] for item in found} <= {"streets", "line"}
    assert all("skills" in item["reasons"] for item in found)


def test_what_is_in_a_ring_is_given_to_one_person_or_not_at_all(client: httpx.Client) -> None:
    lasso = {"place": "nanjie", "kind": "grid", "ring": RING, "network": "governance", "level": 3}
    targets = client.post("/staffing/inside", json=lasso).json()["targets"]
    people = client.get("/staffing/loads", params={"place": "nanjie"}).json()["people"]
    free = next(one for one in people if one["roles"] == ["volunteer"] and one["posts"] == 0)
    body = {
        "place": "nanjie",
        "staff_id": free["staff_id"],
        "role": "volunteer",
        "targets": [{"kind": item["kind"], "id": item["id"]} for item in targets[:4]],
    }
    refused = client.post("/staffing/bulk", json=body)
    assert refused.status_code == 200
    assert not refused.json()["stored"]
    given = client.post("/staffing/bulk", json={**body, "beyond_capacity": True})
    assert given.status_code == 201
    assert given.json()["stored"]
    assert len(given.json()["results"]) == 4


def test_points_are_cut_into_areas(client: httpx.Client) -> None:
    asked = {"place": "nanjie", "category": "aed", "k": 3, "seed": 1}
    areas = client.get("/staffing/areas", params=asked).json()["areas"]
    assert [area["number"] for area in areas] == [1, 2, 3]
    assert client.get("/staffing/areas", params={**asked, "k": 60}).status_code == 422


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/staffing/inside", {"place": "atlantis", "kind": "grid", "ring": RING}),
        (
            "/staffing/bulk",
            {
                "place": "nanjie",
                "staff_id": 10**15,
                "role": "volunteer",
                "targets": [{"kind": "grid", "id": 1}],
            },
        ),
    ],
)
def test_what_is_not_there_is_a_problem(client: httpx.Client, path: str, body: dict) -> None:
    answer = client.post(path, json=body)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
