"""Questions and answers over HTTP: ids, GeoJSON, tiles, collections, files; and refusals."""

from __future__ import annotations

import json
import math
import sqlite3
import struct
from pathlib import Path
from time import perf_counter
from typing import Any

import httpx
import mapbox_vector_tile
import pytest
import sqlalchemy as sa

PLACES = ("chengzhen",)
YEAR = {"from": "2025-11-01T00:00:00+08:00", "to": "2026-11-01T00:00:00+08:00"}
ORDER = {"place": "chengzhen", "category": ["order"], **YEAR}


def ask(client: httpx.Client, **more: Any) -> dict[str, Any]:
    answer = client.post("/hotspots", json=ORDER | more)
    assert answer.status_code == 200, answer.text
    links: dict[str, Any] = answer.json()
    return links


def test_an_id_leads_to_an_answer_with_hotspots_and_words(client: httpx.Client) -> None:
    links = ask(client)
    answer = client.get(f"/hotspots/{links['id']}")
    found = answer.json()
    assert answer.headers["content-type"].startswith("application/geo+json")
    assert found["type"] == "FeatureCollection"
    assert found["id"] == links["id"]
    assert found["hotspots"][0]["class"] == 3
    assert "%" in found["legend"][0]["zh"]
    assert found["explanation"]["en"].endswith("false discovery rate.")
    assert found == client.get("/hotspots", params=ORDER).json()
    known = {"If-None-Match": answer.headers["etag"]}
    assert client.get(f"/hotspots/{links['id']}", headers=known).status_code == 304


def test_the_same_question_has_the_same_id_and_days_end_with_the_data(
    client: httpx.Client,
) -> None:
    doubled = ask(client, category=["order", "order"])
    assert doubled["id"] == ask(client)["id"]
    days = client.post("/hotspots", json={"place": "chengzhen", "days": 365, "category": ["order"]})
    asked = client.get(f"/hotspots/{days.json()['id']}").json()["question"]
    assert asked["ends"] == "2026-11-01T00:00:00+08:00"
    assert asked["begins"] == "2025-11-01T00:00:00+08:00"


def test_an_answer_given_again_takes_no_time(client: httpx.Client) -> None:
    number = ask(client)["id"]
    client.get(f"/hotspots/{number}")
    times = []
    for _ in range(9):
        began = perf_counter()
        client.get(f"/hotspots/{number}")
        times.append(perf_counter() - began)
    assert sorted(times)[4] < 0.05


def test_an_answer_is_drawn_as_vector_tiles(client: httpx.Client) -> None:
    links = ask(client)
    described = client.get(f"/tiles/hotspots/{links['id']}/tilejson.json").json()
    assert described["legend"][0]["class"] == 3
    west, south, east, north = described["bounds"]
    zoom = 14
    column = int(((west + east) / 2 + 180) / 360 * 2**zoom)
    slope = math.asinh(math.tan(math.radians((south + north) / 2)))
    row = int((1 - slope / math.pi) / 2 * 2**zoom)
    tile = client.get(f"/tiles/hotspots/{links['id']}/{zoom}/{column}/{row}.mvt")
    assert tile.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    features = mapbox_vector_tile.decode(tile.content)["hotspots"]["features"]
    answer = client.get(f"/hotspots/{links['id']}").json()
    classes = {item["id"]: item["properties"]["class"] for item in answer["features"]}
    assert features
    assert all(classes[item["id"]] == item["properties"]["class"] for item in features)
    assert client.get(f"/tiles/hotspots/{links['id']}/14/0/0.mvt").status_code == 204


def test_a_density_is_drawn_as_pictures_of_its_legend(client: httpx.Client) -> None:
    links = ask(client, method="density")
    picture = client.get(f"/tiles/hotspots/{links['id']}/0/0/0.png")
    assert picture.headers["content-type"] == "image/png"
    assert picture.content.startswith(b"\x89PNG")
    assert struct.unpack(">II", picture.content[16:24]) == (256, 256)
    other = ask(client)["id"]
    assert client.get(f"/tiles/hotspots/{other}/0/0/0.png").status_code == 404


def test_an_answer_is_a_collection_with_pages(client: httpx.Client) -> None:
    number = ask(client)["id"]
    whole = client.get(f"/collections/hotspots:{number}").json()
    assert whole["id"] == f"hotspots:{number}"
    items = next(link["href"] for link in whole["links"] if link["rel"] == "items")
    page = client.get(items, params={"limit": 10}).json()
    ids = [item["id"] for item in page["features"]]
    while nexts := [link["href"] for link in page["links"] if link["rel"] == "next"]:
        page = client.get(nexts[0]).json()
        ids += [item["id"] for item in page["features"]]
    assert len(ids) == len(set(ids)) == page["numberMatched"]
    one = client.get(f"/collections/hotspots:{number}/items/{ids[0]}").json()
    assert one["id"] == ids[0]
    answer = client.get(f"/hotspots/{number}").json()
    lon, lat = answer["hotspots"][0]["centre"]
    box = f"{lon},{lat},{lon},{lat}"
    near = client.get(f"/collections/hotspots:{number}/items", params={"bbox": box}).json()
    assert near["numberMatched"] in (1, 2)


def test_an_answer_is_kept_as_files(client: httpx.Client, tmp_path: Path) -> None:
    number = ask(client)["id"]

    def read(kind: str) -> bytes:
        answer = client.get(f"/hotspots/{number}/file", params={"f": kind, "lang": "en"})
        assert answer.status_code == 200, answer.text
        assert "attachment" in answer.headers["content-disposition"]
        return answer.content

    assert json.loads(read("geojson"))["id"] == number
    assert b"Leaflet" in read("html") or b"leaflet" in read("html")
    assert read("pdf").startswith(b"%PDF-1.6")
    (tmp_path / "a.gpkg").write_bytes(read("gpkg"))
    tables = sqlite3.connect(tmp_path / "a.gpkg").execute(
        "SELECT table_name FROM gpkg_contents ORDER BY 1"
    )
    assert [name for (name,) in tables] == ["classes", "hotspots"]


def test_methods_are_scored_side_by_side(client: httpx.Client) -> None:
    number = ask(client, category=[])["id"]
    scores = client.get(f"/hotspots/{number}/scores").json()
    assert {"counts", "density", "getis-ord"} <= {row["method"] for row in scores["methods"]}
    for row in scores["methods"]:
        assert 0 <= row["hit_rate"] <= 1
        assert row["pei"] <= 1
    assert [row["pai"] for row in scores["methods"]] == sorted(
        (row["pai"] for row in scores["methods"]), reverse=True
    )


def test_one_more_station_is_put_where_most_is_unmet(client: httpx.Client) -> None:
    number = ask(client, category=[])["id"]
    found = client.get(f"/hotspots/{number}/placement", params={"count": 2, "reach": 150}).json()
    assert found["proved"]
    gains = [place["gains"] for place in found["places"]]
    assert gains == sorted(gains, reverse=True)
    assert found["reached_then"] == found["reached_now"] + sum(gains)


@pytest.mark.parametrize(
    "params",
    [
        {"from": "2025-11-01"},
        {"from": "2027-01-01T00:00:00Z"},
        {"place": "atlantis"},
        {"size": "nan"},
        {"size": "1"},
        {"severity": "9"},
        {"unit": "circle"},
        {"method": "guess"},
        {"days": "30"},
        {"unknown": "x"},
        {"seed": "-1"},
        {"baseline_from": "2025-01-01T00:00:00Z"},
    ],
)
def test_a_wrong_question_is_a_problem(client: httpx.Client, params: dict[str, str]) -> None:
    answer = client.get("/hotspots", params=ORDER | params)
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("number", ["x", "eJw.00", "AAAA" * 100])
def test_what_is_no_id_is_not_found(client: httpx.Client, number: str) -> None:
    for path in ("/hotspots/{}", "/tiles/hotspots/{}/0/0/0.mvt", "/collections/hotspots:{}/items"):
        answer = client.get(path.format(number))
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"


def test_an_answer_about_other_data_is_a_conflict(client: httpx.Client, engine: sa.Engine) -> None:
    number = ask(client)["id"]
    with engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE incident SET title = title || '!' WHERE place = 'chengzhen'")
        )
    answer = client.get(f"/hotspots/{number}")
    assert answer.status_code == 409
    assert "POST /hotspots" in answer.json()["hint"]
    assert ask(client)["id"] != number
