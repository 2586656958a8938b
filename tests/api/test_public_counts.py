"""`GET /public/incidents`: what everybody may know."""

from __future__ import annotations

import httpx
import pytest
import sqlalchemy as sa

from gridmap.algorithms.privacy import LEAST_HOUSEHOLDS, LEAST_INCIDENTS

PLACES = ("nanjie",)


def ask(client: httpx.Client, month: str = "2026-06") -> dict:
    response = client.get("/public/incidents", params={"place": "nanjie", "month": month})
    assert response.status_code == 200, response.text
    return response.json()


def truth(engine: sa.Engine, month: str) -> dict[str, tuple[int, int]]:
    """Incidents and households of each grid, counted in another way."""
    with engine.connect() as connection:
        rows = connection.execute(
            sa.text(
                "SELECT g.code, g.households, count(i.id) AS n FROM grid g "
                "LEFT JOIN incident i ON ST_Contains(g.geom, i.geom) AND i.place = g.place "
                " AND to_char(i.reported_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') = :month "
                "WHERE g.place = 'nanjie' AND g.network = 'governance' AND g.level = 2 GROUP BY 1, 2"
            ),
            {"month": month},
        )
        return {row.code: (row.n, row.households) for row in rows}


def test_counts_are_true_where_they_are_shown_and_hidden_where_they_are_few(client, engine):
    hidden_somewhere = shown_somewhere = 0
    for month in ("2026-03", "2026-06", "2026-09"):
        told, known = ask(client, month), truth(engine, month)
        assert {f["properties"]["code"] for f in told["features"]} == set(known)
        rest = told["incidents"]
        hidden = []
        for feature in told["features"]:
            values = feature["properties"]
            incidents, households = known[values["code"]]
            if values["incidents"] is None:
                assert values["per_100_households"] is None
                hidden.append((incidents, households))
                continue
            assert values["incidents"] == incidents >= LEAST_INCIDENTS
            assert households >= LEAST_HOUSEHOLDS
            rest -= incidents
        assert told["hidden"] == len(hidden)
        if hidden and len(hidden) < len(known):
            assert rest >= LEAST_INCIDENTS  # what subtraction gives
        hidden_somewhere += len(hidden)
        shown_somewhere += len(known) - len(hidden)
    assert hidden_somewhere
    assert shown_somewhere


def test_nothing_of_a_single_incident_is_in_it(client, engine):
    text = client.get("/public/incidents", params={"place": "nanjie", "month": "2026-06"}).text
    with engine.connect() as connection:
        rows = connection.execute(
            sa.text("SELECT code, title FROM incident WHERE place = 'nanjie'")
        ).all()
    assert all(row.code not in text for row in rows)
    assert all(not row.title or row.title not in text for row in rows)
    assert '"Point"' not in text


@pytest.mark.parametrize(
    "parameters",
    [
        {"place": "nanjie"},
        {"place": "nanjie", "month": "2026-13"},
        {"place": "nanjie", "month": "2999-01"},
        {"place": "nanjie", "month": "2026-6"},
        {"month": "2026-06"},
        {"place": "nanjie", "month": "2026-06", "bbox": "101,25,102,26"},
        {"place": "nanjie", "month": "2026-06", "category": "dispute"},
    ],
)
def test_another_window_cannot_be_asked(client, parameters):
    response = client.get("/public/incidents", params=parameters)
    assert response.status_code in (400, 422)
    assert response.headers["content-type"] == "application/problem+json"


def test_a_place_that_is_not_there_is_not_found(client):
    response = client.get("/public/incidents", params={"place": "atlantis", "month": "2026-06"})
    assert response.status_code == 404


def test_what_is_known_is_not_sent_again(client):
    first = client.get("/public/incidents", params={"place": "nanjie", "month": "2026-06"})
    again = client.get(
        "/public/incidents",
        params={"place": "nanjie", "month": "2026-06"},
        headers={"If-None-Match": first.headers["etag"]},
    )
    assert again.status_code == 304
