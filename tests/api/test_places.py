"""`GET /places`."""

from __future__ import annotations

import httpx
import pytest
import sqlalchemy as sa

from gridmap.store import database
from tests import town


@pytest.fixture(scope="module", autouse=True)
def _town(engine: sa.Engine) -> None:
    town.insert(engine)


def places(client: httpx.Client) -> dict[str, dict]:
    response = client.get("/places")
    assert response.status_code == 200, response.text
    return {place["key"]: place for place in response.json()["places"]}


def test_a_place_has_its_window_and_its_counts(client: httpx.Client) -> None:
    place = places(client)["town"]
    assert place["name"] == "东湖街道"
    assert place["bbox"] == [100, 25, 100.02, 25.01]
    assert place["counts"] == {
        "territories": 3, "grids": 4, "micro_grids": 8, "buildings": 8, "households": 108,
        "residents": 268, "resource_points": 3, "incidents": 30,
    }  # fmt: skip


def test_networks_have_their_levels_with_numbers_of_grids(client: httpx.Client) -> None:
    networks = places(client)["town"]["networks"]
    assert [(item["key"], item["territory"]) for item in networks] == [
        ("governance", town.WEST),
        ("governance", town.EAST),
        ("police", town.STREET),
    ]
    west, _, police = networks
    assert west["authoritative"]
    assert not police["authoritative"]
    assert west["levels"] == [
        {"level": 2, "name": "网格", "name_en": "grid", "count": 2},
        {"level": 3, "name": "微网格", "name_en": "micro-grid", "count": 4},
    ]
    assert police["levels"] == [{"level": 1, "name": "警格", "name_en": "beat", "count": 1}]


def test_a_place_without_anything_is_listed_with_zeros(client: httpx.Client) -> None:
    place = places(client)["void"]
    assert place["bbox"] is None
    assert set(place["counts"].values()) == {0}
    assert place["networks"] == []


def test_counts_follow_the_data(client: httpx.Client, engine: sa.Engine) -> None:
    before = places(client)["town"]["counts"]["buildings"]
    with database.transaction(engine, actor="test") as connection:
        connection.exec_driver_sql(
            "INSERT INTO building (place, geom) VALUES ('town', ST_Multi(ST_MakeEnvelope(1, 1, 2, 2, 4326)))"
        )
    assert places(client)["town"]["counts"]["buildings"] == before + 1
