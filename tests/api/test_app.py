"""The application as a whole: health, metrics, limits and errors, over HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

import httpx
import pytest
import sqlalchemy as sa
from fastapi import Body, FastAPI, Request
from prometheus_client.parser import text_string_to_metric_families
from starlette.types import ASGIApp

from gridmap.api import problems
from gridmap.api.access import MOST_BYTES, Access
from gridmap.api.app import create_app
from gridmap.api.metrics import BUCKETS, Metrics
from gridmap.settings import Settings
from gridmap.store import database

TOKEN = "t0ken"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data_dir=Path(tmp_path_factory.mktemp("data")), token=TOKEN)


# --- Health ---------------------------------------------------------------------------------------


def test_a_process_that_runs_is_alive(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_a_server_is_ready_with_the_schema_of_its_program(
    client: httpx.Client, engine: sa.Engine
) -> None:
    assert client.get("/readyz").json() == {"status": "ok", "schema": database.newest()}
    for other, said in (("0001", "0001"), (None, "not there")):
        with engine.begin() as connection:
            connection.execute(sa.text("ALTER TABLE alembic_version RENAME TO kept"))
            if other:
                connection.execute(
                    sa.text(f"CREATE TABLE alembic_version AS SELECT '{other}' AS version_num")
                )
        answer = client.get("/readyz")
        with engine.begin() as connection:
            connection.execute(sa.text("DROP TABLE IF EXISTS alembic_version"))
            connection.execute(sa.text("ALTER TABLE kept RENAME TO alembic_version"))
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
        assert said in answer.json()["detail"]
        assert "gridmap db upgrade" in answer.json()["hint"]
    assert client.get("/readyz").status_code == 200


# --- Metrics --------------------------------------------------------------------------------------


def read(text: str) -> dict[str, float]:
    found = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}" if labels else sample.name] = sample.value
    return found


def test_metrics_count_requests_by_class_and_status(client: httpx.Client) -> None:
    def counted(route: str, status: int) -> float:
        name = f"gridmap_request_duration_seconds_count{{route={route},status={status}}}"
        return read(client.get("/metrics").text).get(name, 0)

    for path, route, status in (
        ("/tiles/water/3/1/1.mvt", "tile", 204),
        ("/tiles/nonsense/3/1/1.mvt", "tile", 404),
        ("/tiles/water/tilejson.json", "tilejson", 200),
        ("/places", "places", 200),
        ("/no-such-thing", "other", 404),
        ("/collections", "features", 200),
    ):
        before = counted(route, status)
        assert client.get(path).status_code == status
        assert counted(route, status) == before + 1


def test_metrics_show_the_memory_of_tiles(client: httpx.Client) -> None:
    def now() -> dict[str, float]:
        return read(client.get("/metrics").text)

    before = now()
    client.get("/tiles/water/5/1/1.mvt")
    client.get("/tiles/water,streets/5/1/1.mvt")
    after = now()
    assert after["gridmap_tile_cache_misses_total"] == before["gridmap_tile_cache_misses_total"] + 2
    assert after["gridmap_tile_cache_hits_total"] == before["gridmap_tile_cache_hits_total"] + 1
    assert after["gridmap_tile_cache_entries"] == before["gridmap_tile_cache_entries"] + 2
    assert after["gridmap_tile_cache_bytes"] > before["gridmap_tile_cache_bytes"]
    assert after["gridmap_tile_pool_size"] >= 2
    assert after["gridmap_tile_pool_busy"] == 0
    assert after["gridmap_pool_size"] >= 2


def test_durations_fall_into_cumulated_buckets() -> None:
    metrics = Metrics()
    for seconds in (0.0001, 0.0005, 0.003, 11.0):
        metrics.count("tile", 200, seconds)
    found = read(metrics.render().decode())
    name = "gridmap_request_duration_seconds"
    labels = "route=tile,status=200"
    assert found[f"{name}_bucket{{le=0.0005,{labels}}}"] == 2
    assert found[f"{name}_bucket{{le=0.005,{labels}}}"] == 3
    assert found[f"{name}_bucket{{le={BUCKETS[-1]},{labels}}}"] == 3
    assert found[f"{name}_bucket{{le=+Inf,{labels}}}"] == 4
    assert found[f"{name}_sum{{{labels}}}"] == pytest.approx(11.0036)


def test_workers_add_up_and_those_that_have_gone_still_count(tmp_path: Path) -> None:
    mine = Metrics(tmp_path)
    mine.count("tile", 200, 0.001)
    mine.gauges["pool_busy"] = lambda: 2
    mine.counters["tile_cache_hits"] = lambda: 10
    state = {
        "requests": [["tile", 200, [1.0] * (len(BUCKETS) + 2)]],
        "counters": {"tile_cache_hits": 5},
        "gauges": {"pool_busy": 3},
    }
    (tmp_path / "1.json").write_text(json.dumps(state))  # process 1 always runs
    (tmp_path / "999999999.json").write_text(json.dumps(state))  # no process has this number
    found = read(mine.render().decode())
    assert found["gridmap_tile_cache_hits_total"] == 20
    assert found["gridmap_pool_busy"] == 5
    count = "gridmap_request_duration_seconds_count{route=tile,status=200}"
    assert found[count] == 1 + 2 * (len(BUCKETS) + 1)


def test_a_worker_writes_what_it_has_counted(tmp_path: Path) -> None:
    async def story() -> None:
        metrics = Metrics(tmp_path)
        async with metrics.written():
            metrics.count("tile", 200, 0.001)

    asyncio.run(story())
    (file,) = tmp_path.iterdir()
    assert json.loads(file.read_text())["requests"][0][:2] == ["tile", 200]


# --- Access, as it is composed --------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/collections", "/places", "/healthz", "/metrics"])
def test_reading_is_free(client: httpx.Client, path: str) -> None:
    answer = client.get(path, headers={"accept": "application/json"})
    assert answer.status_code == 200
    assert answer.headers["x-request-id"]


@pytest.mark.parametrize("path", ["/", "/collections/grids/items", "/no-such-thing", "/plans"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_writing_needs_the_token(client: httpx.Client, method: str, path: str) -> None:
    answer = client.request(method, path, json={})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    allowed = client.request(method, path, json={}, headers={"authorization": f"Bearer {TOKEN}"})
    assert allowed.status_code != 401


@pytest.fixture
def small() -> ASGIApp:
    """A small application behind the same gate."""
    app = FastAPI()
    problems.install(app)

    @app.post("/echo")
    async def echo(body: Annotated[dict[str, str], Body()]) -> dict[str, str]:
        return body

    @app.get("/actor")
    async def actor(request: Request) -> str:
        return str(request.state.actor)

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("secret of the inside")

    return Access(app, Metrics(), token=None)


def send(app: ASGIApp, method: str, path: str, **more: Any) -> httpx.Response:
    async def story() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.request(method, path, **more)

    return asyncio.run(story())


def test_the_actor_reaches_the_handlers(small: ASGIApp) -> None:
    assert send(small, "GET", "/actor").json() == "local"
    named = {"x-gridmap-actor": "%E7%8E%8B%E8%8A%B3"}
    assert send(small, "GET", "/actor", headers=named).json() == "王芳"


def test_a_body_without_an_end_is_stopped_at_the_limit(small: ASGIApp) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1_000_000
            yield b"x" * 1_000_000

    answer = send(small, "POST", "/echo", content=endless())
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert sent <= MOST_BYTES + 2_000_000


def test_a_defect_is_a_problem_and_a_line_in_the_log_under_one_number(
    small: ASGIApp, caplog: pytest.LogCaptureFixture
) -> None:
    answer = send(small, "GET", "/broken")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    number = answer.headers["x-request-id"]
    assert answer.json()["instance"].endswith(number)
    (record,) = (item for item in caplog.records if item.levelname == "ERROR")
    assert record.getMessage() == f"request {number}: GET /broken"
    assert record.exc_info


# --- Composition ----------------------------------------------------------------------------------


def test_an_application_opens_nothing_before_it_starts_and_leaves_nothing_behind(
    database_url: str, tmp_path: Path, engine: sa.Engine
) -> None:
    def connections() -> int:
        with engine.connect() as connection:
            found: int = connection.scalar(
                sa.text(
                    "SELECT count(*) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND application_name LIKE 'gridmap%'"
                    " AND pid <> pg_backend_pid()"
                )
            )
            return found

    before = connections()
    app = create_app(Settings(data_dir=tmp_path), database_url)
    assert connections() == before

    async def story() -> None:
        async with app.router.lifespan_context(app):
            assert await asyncio.to_thread(connections) >= before + 5

    asyncio.run(story())
    for _ in range(1000):
        if connections() == before:
            return
    pytest.fail("connections are left behind")


def test_many_workers_share_the_connections_of_one_server(
    database_url: str, tmp_path: Path
) -> None:
    app = create_app(Settings(data_dir=tmp_path, workers=8), database_url)

    async def story() -> None:
        async with app.router.lifespan_context(app):
            assert app.state.pool.get_max_size() == 2
            assert app.state.drawing.size == 2

    asyncio.run(story())
