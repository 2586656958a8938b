"""`GET /search`."""

from __future__ import annotations

import httpx
import pytest
import sqlalchemy as sa

from gridmap.store import database
from tests import town


@pytest.fixture(scope="module", autouse=True)
def _town(engine: sa.Engine) -> None:
    town.insert(engine)


def search(client: httpx.Client, q: str, **parameters: object) -> list[dict]:
    response = client.get("/search", params={"q": q, **parameters})
    assert response.status_code == 200, response.text
    return response.json()["results"]


def found(client: httpx.Client, q: str, **parameters: object) -> list[tuple[str, int]]:
    return [(item["layer"], item["id"]) for item in search(client, q, **parameters)]


def test_a_result_says_what_it_is_and_where(client: httpx.Client) -> None:
    assert search(client, "西社区") == [
        {
            "layer": "territories", "id": 2, "code": town.WEST, "name": "西社区", "name_en": "West",
            "place": "town", "kind": "community", "lon": 100.005, "lat": 25.0075,
            "bbox": [100, 25, 100.01, 25.01],
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("q", "first"),
    [
        ("东湖街道", ("territories", 1)),
        ("東湖街道", ("territories", 1)),  # traditional finds simplified
        ("幸福小区3号楼", ("buildings", 1003)),  # simplified finds traditional
        ("幸福小區3號樓", ("buildings", 1003)),
        ("AED", ("resource-points", 3)),  # full width is stored
        ("ａｅｄ", ("resource-points", 3)),
        ("  clinic ", ("resource-points", 2)),
        ("HAPPY GARDEN 4", ("buildings", 1004)),
        ("b0005", ("buildings", 1005)),
        ("E00012", ("incidents", 12)),
        (town.EAST, ("territories", 3)),
        ("11010100100100", ("grids", 10)),
        ("第3微网格", ("grids", 102)),
        ("路", ("streets", 1)),
        ("garden happy 6", ("buildings", 1006)),  # words in any order
    ],
)
def test_what_is_meant_comes_first(client: httpx.Client, q: str, first: tuple[str, int]) -> None:
    assert found(client, q)[0] == first


def test_two_characters_in_the_middle_of_a_name_are_found(client: httpx.Client) -> None:
    assert found(client, "小区") == [("buildings", 1000 + n) for n in range(8)]
    assert found(client, "福小") == found(client, "小区")
    assert found(client, "号") == found(client, "小区")


def test_the_whole_name_comes_before_its_beginning_and_that_before_a_part(
    client: httpx.Client, engine: sa.Engine
) -> None:
    with database.transaction(engine, actor="test") as connection:
        connection.exec_driver_sql("""
            INSERT INTO resource_point (id, place, name, category, geom) OVERRIDING SYSTEM VALUE
            SELECT 50 + n, 'town', (ARRAY['新和平里', '和平里', '和平', '不和平'])[n], 'shelter',
                   ST_SetSRID(ST_MakePoint(100, 25), 4326) FROM generate_series(1, 4) AS n
        """)
    assert [item["name"] for item in search(client, "和平")] == [
        "和平", "和平里", "不和平", "新和平里",
    ]  # fmt: skip


def test_pieces_of_one_street_are_one_result(client: httpx.Client) -> None:
    (street,) = search(client, "东湖路")
    assert street["id"] == 1
    assert street["bbox"] == [100, 25.005, 100.02, 25.005]


def test_only_what_is_valid_is_found(client: httpx.Client) -> None:
    assert found(client, "旧社区") == []
    assert found(client, "草案网格") == []


def test_a_place_narrows_the_search(client: httpx.Client) -> None:
    assert found(client, "hyperlink") == [("buildings", 2000)]
    assert found(client, "hyperlink", place="town") == []
    assert found(client, "东湖", place="nowhere") == []
    assert ("territories", 1) in found(client, "东湖", place="town")


def test_limit_holds_over_all_layers(client: httpx.Client) -> None:
    assert len(search(client, "1", limit=3)) == 3
    assert len(search(client, "1", limit=100)) == 17


@pytest.mark.parametrize(
    "q", ["%", "_", "\\", "'", "a'b", "' | ''", "&", ":*", "!", "[", "\x02", "🌏"]
)
def test_characters_with_a_meaning_elsewhere_have_none_here(client: httpx.Client, q: str) -> None:
    assert found(client, q) == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "q"),
        ("q=", "q"),
        ("q=%20%E3%80%80", "q"),
        ("q=" + "x" * 101, "q"),
        ("q=a&limit=0", "limit"),
        ("q=a&limit=101", "limit"),
        ("q=a&q=b", "q"),
        ("q=a&plaace=town", "plaace"),
        ("q=a%00b", "q"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_by_name(
    client: httpx.Client, query: str, field: str
) -> None:
    response = client.get(f"/search?{query}")
    assert response.status_code == 400
    assert field in [fault["field"] for fault in response.json()["faults"]]
