"""Every earlier and every coming plan can be asked for by its day."""

from __future__ import annotations

from datetime import date, timedelta

import httpx
import mapbox_vector_tile
import pytest
import sqlalchemy as sa

from gridmap.services import plans
from tests import town

SPOT = {"lon": 100.0025, "lat": 25.0025}
TILE = "14/12743/7016"


@pytest.fixture(scope="module")
def coming(engine: sa.Engine) -> date:
    """The west is one plan until a day, and another one from then on: a grid has a new name."""
    town.insert(engine)
    with engine.begin() as connection:
        # The town's ids are written, not counted.
        for table in ("plan", "grid", "assignment"):
            connection.execute(
                sa.text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 5000)")
            )
        today: date = connection.scalar(sa.text("SELECT current_date"))
    starts = today + timedelta(days=30)
    number = plans.make_draft(engine, based_on=1, name="next", actor="ann")
    grid = next(item for item in plans.read(engine, number)["grids"] if item["name"] == "第1网格")
    plans.rename_grid(engine, number, grid=grid["id"], name="新网格", revision=0, actor="ann")
    plans.submit(engine, number, revision=1, actor="ann")
    plans.publish(engine, number, starts=starts, revision=1, actor="bob")
    return starts


@pytest.fixture
def names(client: httpx.Client, coming: date):
    def ask(layer: str = "grids", **query: str) -> list[str]:
        answer = client.get(
            f"/collections/{layer}/items", params={"level": "2", "network": "governance", **query}
        )
        assert answer.status_code == 200, answer.text
        return sorted(item["properties"]["name"] for item in answer.json()["features"])

    return ask


def test_features_are_those_of_the_day(names, coming: date) -> None:
    before, after = (coming - timedelta(days=1)).isoformat(), coming.isoformat()
    assert "第1网格" in names()
    assert names(datetime=before) == names()
    assert "第1网格" not in names(datetime=after)
    assert "新网格" in names(datetime=after)
    assert len(names(datetime=after)) == len(names())
    assert names(datetime="2000-01-01") == [], "nothing was in force"
    # A span has what was in force on any of its days; an instant counts by its written day.
    assert {"第1网格", "新网格"} <= set(names(datetime=f"{before}/{after}"))
    assert "新网格" in names(datetime=f"{after}T00:30:00+08:00")
    assert "新网格" in names(datetime=f"{after}/..")
    assert "新网格" not in names(datetime=f"../{before}")


def test_territories_have_their_days_too(client: httpx.Client, coming: date) -> None:
    def codes(**query: str) -> set[str]:
        features = client.get("/collections/territories/items", params=query).json()["features"]
        return {item["properties"]["code"] for item in features}

    assert "110101001009" not in codes()
    assert "110101001009" in codes(datetime="2000-06-01")


@pytest.mark.parametrize("value", ["yesterday", "2026-13-01", "2026-02-30", "../..", "2026"])
def test_a_day_that_is_none_is_refused(client: httpx.Client, coming: date, value: str) -> None:
    assert client.get("/collections/grids/items", params={"datetime": value}).status_code == 400
    tile = client.get(f"/tiles/grids/{TILE}.mvt", params={"at": value})
    assert tile.status_code == 400
    assert client.get("/locate", params=SPOT | {"at": value}).status_code == 400


def test_a_grid_of_another_day_is_found_by_its_id(client: httpx.Client, coming: date) -> None:
    page = client.get("/collections/grids/items", params={"datetime": coming.isoformat()}).json()
    new = next(item for item in page["features"] if item["properties"]["name"] == "新网格")
    assert client.get(f"/collections/grids/items/{new['id']}").status_code == 200
    assert client.get("/collections/grids/items/201").status_code == 404, "a draft's grid is none"


def test_tiles_are_those_of_the_day(client: httpx.Client, coming: date) -> None:
    def drawn(**query: str) -> tuple[set[str], httpx.Response]:
        answer = client.get(f"/tiles/grids,buildings/{TILE}.mvt", params=query)
        assert answer.status_code == 200, answer.text
        layers = mapbox_vector_tile.decode(answer.content)
        assert layers["buildings"]["features"], "what has no days is drawn as it is"
        names = {item["properties"]["name"] for item in layers["grids"]["features"]}
        return names, answer

    now, later = drawn()[0], drawn(at=coming.isoformat())[0]
    assert "第1网格" in now
    assert "第1网格" not in later
    assert "新网格" in later
    again, answer = drawn(at=coming.isoformat())
    assert again == later
    etag = {"If-None-Match": answer.headers["etag"]}
    path = f"/tiles/grids,buildings/{TILE}.mvt?at={coming}"
    assert client.get(path, headers=etag).status_code == 304


def test_the_url_of_a_days_tiles_names_day_and_revision(client: httpx.Client, coming: date) -> None:
    document = client.get("/tiles/grids/tilejson.json", params={"at": coming.isoformat()}).json()
    (url,) = document["tiles"]
    assert f"at={coming}" in url
    path = url.format(z=14, x=12743, y=7016).split("/tiles/")[1]
    answer = client.get(f"/tiles/{path}")
    assert "immutable" in answer.headers["cache-control"]


def test_a_point_is_located_in_the_plan_of_the_day(client: httpx.Client, coming: date) -> None:
    now = client.get("/locate", params=SPOT).json()
    later = client.get("/locate", params=SPOT | {"at": coming.isoformat()}).json()
    assert (now["grid"]["name"], later["grid"]["name"]) == ("第1网格", "新网格")
    assert now["grid"]["code"] == later["grid"]["code"]
    # Posts follow to the heir of their grid.
    assert [item["name"] for item in now["responsible"]] == [
        item["name"] for item in later["responsible"]
    ]
    answer = client.post(
        "/locate",
        params={"at": "2000-06-01"},
        json=[[SPOT["lon"], SPOT["lat"]]],
    ).json()
    assert answer["features"][0]["properties"]["grid"] is None
