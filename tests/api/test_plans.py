"""A planner's work over HTTP, from draft to published."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
import shapely
from shapely.geometry import shape

PLACES = ("nanjie",)


@pytest.fixture
def draft(client: httpx.Client) -> dict[str, Any]:
    listed = client.get("/plans", params={"place": "nanjie", "network": "governance"}).json()[
        "plans"
    ]
    published = next(plan for plan in listed if plan["state"] != "draft")
    answer = client.post("/plans", json={"based_on": published["id"], "name": "2027"})
    assert answer.status_code == 201
    return answer.json()


def neighbours(client: httpx.Client, plan: int) -> tuple[dict[str, Any], dict[str, Any], Any]:
    """Two grids of level 2 with a long boundary, and a line some metres beside it."""
    features = client.get(f"/plans/{plan}/grids", params={"level": 2}).json()["features"]
    best: tuple[float, Any] = (0.0, None)
    for number, one in enumerate(features):
        for other in features[:number]:
            shared = shapely.intersection(
                shape(one["geometry"]).boundary, shape(other["geometry"]).boundary
            )
            if shared.length > best[0]:
                merged = shapely.line_merge(shared)
                longest = max(shapely.get_parts(merged), key=lambda part: part.length)
                best = (shared.length, (one, other, longest))
    one, other, border = best[1]
    middle = shapely.get_coordinates(border.interpolate(0.5, normalized=True))[0] + 0.0002
    ends = [
        shapely.get_coordinates(border.interpolate(at, normalized=True))[0] for at in (0.2, 0.8)
    ]
    return one, other, [point.tolist() for point in (ends[0], middle, ends[1])]


def test_a_boundary_is_previewed_drawn_undone_and_drawn_again(
    client: httpx.Client, draft: dict[str, Any]
) -> None:
    one, other, line = neighbours(client, draft["id"])
    body = {"kind": "redraw", "grids": [one["id"], other["id"]], "line": line, "revision": 0}
    path = f"/plans/{draft['id']}"
    seen = client.post(f"{path}/edits", json=body | {"preview": True})
    assert seen.status_code == 200, seen.text
    assert seen.json()["revision"] == 0
    assert client.get(f"{path}/log").json()["edits"] == []
    stored = client.get(f"{path}/grids").json()["features"]
    assert not [area for area in seen.json()["areas"] if area in stored], "as it would be"

    done = client.post(f"{path}/edits", json=body).json()
    assert done["revision"] == 1
    changed = {item["id"]: item for item in done["grids"]}
    before, after = (
        sum(changed[grid["id"]][when]["households"] for grid in (one, other))
        for when in ("before", "after")
    )
    assert before == after
    stored = client.get(f"{path}/grids").json()["features"]
    assert [area["id"] for area in done["areas"]] == [
        area["id"] for area in stored if area["id"] in changed
    ]
    assert [area for area in done["areas"] if area not in stored] == [], (
        "what was answered is stored"
    )
    assert changed[one["id"]]["before"]["area_m2"] != changed[one["id"]]["after"]["area_m2"]
    checked = client.get(f"{path}/check").json()
    assert (checked["exact"], checked["defects"]) == (True, [])

    assert client.post(f"{path}/undo", json={"revision": 1}).json()["revision"] == 2
    assert client.get(path).json()["grids"] == draft["grids"]
    assert client.post(f"{path}/redo", json={"revision": 2}).json()["revision"] == 3


def test_a_stale_editor_learns_what_changed(client: httpx.Client, draft: dict[str, Any]) -> None:
    grid = draft["grids"][3]["id"]
    body = {"kind": "rename", "grid": grid, "name": "新名", "revision": 0}
    headers = {"X-Gridmap-Actor": "ann"}
    assert client.post(f"/plans/{draft['id']}/edits", json=body, headers=headers).status_code == 200
    answer = client.post(f"/plans/{draft['id']}/edits", json=body)
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert "rename by ann" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"line": [[101.2, 25.5]]}, 422),
        ({"line": [[101.2, 25.5], [float("inf"), 25.5]]}, 422),
        ({"line": [[25.5, 101.2], [25.6, 101.2]]}, 422),
        ({"line": [[101.2, 25.5]] * 6000}, 422),
        ({"line": [[1.0, 1.0], [1.1, 1.0]]}, 422),
        ({"grids": [1]}, 422),
        ({"grids": [2**61, 1]}, 404),
        ({"kind": "explode"}, 422),
        ({"revision": -1}, 422),
        ({"colour": "red"}, 422),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_changes(
    client: httpx.Client, draft: dict[str, Any], change: dict[str, Any], status: int
) -> None:
    one, other, line = neighbours(client, draft["id"])
    body = {
        "kind": "redraw",
        "grids": [one["id"], other["id"]],
        "line": line,
        "revision": 0,
    } | change
    content = json.dumps(body).replace("Infinity", "1e999")
    answer = client.post(
        f"/plans/{draft['id']}/edits", content=content, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert client.get(f"/plans/{draft['id']}").json() == draft


def test_json_that_is_too_deep_is_no_crash(client: httpx.Client, draft: dict[str, Any]) -> None:
    answer = client.post(
        f"/plans/{draft['id']}/edits",
        content="[" * 100_000,
        headers={"Content-Type": "application/json"},
    )
    assert 400 <= answer.status_code < 500
