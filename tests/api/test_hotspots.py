"""The question over HTTP: the same question is answered from memory, a wrong one with a problem."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from gridmap.services.places import load_place

DATA = Path(__file__).resolve().parents[2] / "data" / "geojson"
YEAR = {"from": "2025-11-01T00:00:00+08:00", "to": "2026-11-01T00:00:00+08:00"}


@pytest.fixture(scope="module", autouse=True)
def _chengzhen(engine: sa.Engine) -> None:
    load_place(engine, DATA / "chengzhen", actor="test")


def test_an_answer_has_cells_hotspots_and_words(client: httpx.Client) -> None:
    answer = client.get("/hotspots", params={"place": "chengzhen", "category": "order"} | YEAR)
    found = answer.json()
    assert found["hotspots"][0]["class"] == 3
    assert "%" in found["legend"][0]["zh"]
    assert found["explanation"]["en"].endswith("false discovery rate.")
    again = client.get(
        "/hotspots",
        params={"place": "chengzhen", "category": "order"} | YEAR,
        headers={"If-None-Match": answer.headers["etag"]},
    )
    assert again.status_code == 304


@pytest.mark.parametrize(
    "params",
    [
        {"from": "2025-11-01"},
        {"from": "2027-01-01T00:00:00Z"},
        {"place": "atlantis"},
        {"size": "nan"},
        {"size": "1"},
        {"severity": "9"},
        {"shape": "circle"},
    ],
)
def test_a_wrong_question_is_a_problem(client: httpx.Client, params: dict[str, str]) -> None:
    answer = client.get("/hotspots", params={"place": "chengzhen"} | YEAR | params)
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == "application/problem+json"
