"""What is somebody's is read with the token, where one is set; what everybody may know, without."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from gridmap.api.access import Access
from gridmap.api.metrics import Metrics
from gridmap.api.privacy import SESSION, has_session, is_personal, session_of
from gridmap.settings import Settings

PLACES = ("wenyuan",)
TOKEN = "t0ken"
WITH = {"authorization": f"Bearer {TOKEN}"}
ASKED = {"place": "wenyuan", "days": 30, "method": "counts"}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data_dir=Path(tmp_path_factory.mktemp("data")), token=TOKEN)


# --- Which paths ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/hotspots", "/hotspots/", "/hotspots/abc/file", "/hotspots/a\nb", "/staffing",
        "/staffing/loads", "/collections/incidents/items", "/collections/incidents/items/1",
        "/collections/hotspots:abc", "/collections/hotspots:abc/items", "/tiles/hotspots/a/1/2/3.png",
        "/tiles/hotspots/a/tilejson.json", "/tiles/incidents/1/2/3.mvt",
        "/tiles/grids,incidents/1/2/3.mvt", "/tiles/incidents,grids/0/0/0.mvt",
        "/tiles/a,incidents,b/0/0/0.mvt",
    ],
)  # fmt: skip
def test_what_is_somebodys_is_known_by_its_path(path: str) -> None:
    assert is_personal(path)


@pytest.mark.parametrize(
    "path",
    [
        "/", "/public/incidents", "/responsible", "/collections", "/collections/incidents",
        "/collections/incidents/schema", "/collections/grids/items", "/tiles/grids/1/2/3.mvt",
        "/tiles/incidents/tilejson.json", "/places", "/locate", "/hotspotsx", "/xstaffing",
    ],
)  # fmt: skip
def test_everything_else_is_everybodys(path: str) -> None:
    assert not is_personal(path)


# --- Over HTTP ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def paths(client: httpx.Client) -> list[str]:
    """One path of each kind that holds exact places, titles or people."""
    number = client.post("/hotspots", json=ASKED, headers=WITH).json()["id"]
    density = client.post("/hotspots", json=ASKED | {"method": "density"}, headers=WITH)
    return [
        "/hotspots?place=wenyuan&days=30&method=counts",
        f"/hotspots/{number}",
        f"/hotspots/{number}/file?f=geojson",
        f"/hotspots/{number}/series",
        f"/tiles/hotspots/{number}/0/0/0.mvt",
        f"/tiles/hotspots/{density.json()['id']}/0/0/0.png",
        f"/collections/hotspots:{number}/items",
        "/collections/incidents/items?limit=1",
        "/tiles/incidents/0/0/0.mvt",
        "/tiles/grids,incidents/0/0/0.mvt",
        "/tiles/grids,incident%73/0/0/0.mvt",
        "/staffing/loads?place=wenyuan",
    ]


def test_what_is_somebodys_is_refused_without_the_token_and_says_what_is_public(
    client: httpx.Client, paths: list[str]
) -> None:
    for path in paths:
        for method in ("GET", "HEAD"):
            refused = client.request(method, path, headers={"authorization": "Bearer wrong"})
            assert refused.status_code == 401, (method, path)
            assert refused.headers["www-authenticate"] == "Bearer"
        problem = client.get(path).json()
        assert "/public/incidents" in problem["hint"]
        assert problem["status"] == 401
    assert client.post("/hotspots", json=ASKED).status_code == 401


def test_with_the_token_it_is_read_and_no_shared_cache_keeps_it(
    client: httpx.Client, paths: list[str]
) -> None:
    for path in paths:
        answer = client.get(path, headers=WITH)
        assert answer.status_code in {200, 204}, (path, answer.text)
        assert "public" not in answer.headers["cache-control"]
    kept = client.get("/tiles/incidents/0/0/0.mvt?v=x", headers=WITH).headers["cache-control"]
    assert kept.startswith("private")


def test_public_answers_hold_no_incident_and_no_name(client: httpx.Client) -> None:
    incident = client.get("/collections/incidents/items?limit=1", headers=WITH).json()
    code = incident["features"][0]["properties"]["code"]

    def found(headers: dict[str, str]) -> list[dict[str, Any]]:
        results: list[dict[str, Any]] = client.get(
            "/search", params={"q": code}, headers=headers
        ).json()["results"]
        return results

    assert [item["layer"] for item in found(WITH)] == ["incidents"]
    assert found({}) == []

    lon, lat = incident["features"][0]["geometry"]["coordinates"]
    at = {"lon": lon, "lat": lat}
    known = client.get("/locate", params=at, headers=WITH).json()["responsible"]
    public = client.get("/locate", params=at).json()["responsible"]
    assert all(post["name"] for post in known)
    assert [post | {"name": None} for post in known] == public

    style = client.get("/styles/gridmap.json").json()
    assert "incidents" not in style["sources"]
    assert all(layer.get("source") != "incidents" for layer in style["layers"])
    assert "incidents" in client.get("/styles/gridmap.json", headers=WITH).json()["sources"]

    month = client.get("/public/incidents", params={"place": "wenyuan", "month": "2026-03"})
    assert month.status_code == 200
    shown = [item["properties"]["incidents"] for item in month.json()["features"]]
    assert all(count is None or count >= 5 for count in shown)


def test_a_browser_that_has_shown_the_token_reads_and_writes_until_it_gives_it_up(
    client: httpx.Client, server: str, paths: list[str]
) -> None:
    assert client.post("/session", json={"token": "wrong"}).status_code == 401
    with httpx.Client(base_url=server, timeout=20) as browser:
        opened = browser.post("/session", json={"token": TOKEN})
        assert opened.status_code == 204
        cookie = opened.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert TOKEN not in cookie
        for path in paths:
            assert browser.get(path).status_code in {200, 204}
        assert browser.post("/plans", json={}).status_code == 422
        elsewhere = browser.post("/plans", json={}, headers={"origin": "http://elsewhere.example"})
        assert elsewhere.status_code == 403
        browser.delete("/session")
        assert browser.get(paths[0]).status_code == 401


@pytest.mark.parametrize(
    "cookie", [b"", b"gridmap_session", b"gridmap_session=x", b"\xff=\xff", b"a=b; ;=;", b"$\x00"]
)
def test_no_other_cookie_opens(cookie: bytes) -> None:
    assert not has_session(cookie, TOKEN)
    assert not has_session(f"{SESSION}={session_of('another')}".encode(), TOKEN)
    assert has_session(f"a=b; {SESSION}={session_of(TOKEN)}".encode(), TOKEN)


def test_without_a_token_everything_is_read() -> None:
    access = Access(lambda *_: None, Metrics(), token=None)  # type: ignore[arg-type, return-value]
    assert access.refuse_personal({"method": "GET", "path": "/hotspots", "headers": []}) is None
