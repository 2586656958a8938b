"""What happens while the database is away, hangs, and comes back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from gridmap.settings import Settings
from tests import town
from tests.api.conftest import running_server
from tests.api.proxy import Proxy

KNOWN = "/tiles/grids,buildings/14/12743/7016.mvt"
MOST_S = 5.0


@pytest.fixture(scope="module", autouse=True)
def _the_town(engine: sa.Engine) -> None:
    town.insert(engine)


@pytest.fixture
def proxy(database_url: str) -> Iterator[Proxy]:
    with Proxy(database_url) as made:
        yield made


@pytest.fixture
def client(proxy: Proxy, tmp_path: Path) -> Iterator[httpx.Client]:
    """A client of a server that reaches its database through the proxy."""
    with (
        running_server(Settings(data_dir=tmp_path), proxy.url) as url,
        httpx.Client(base_url=url, timeout=20) as made,
    ):
        until(lambda: listening(made) == 1)
        yield made


def listening(client: httpx.Client) -> float:
    text = client.get("/metrics").text
    return float(text.partition("\ngridmap_revisions_listening ")[2].split()[0])


def until(found: Callable[[], bool], most_s: float = 60) -> None:
    deadline = time.monotonic() + most_s
    while not found():
        assert time.monotonic() < deadline, "it does not happen"


def cold_paths() -> Iterator[str]:
    for column in range(100_000, 200_000):
        yield f"/tiles/grids/18/{column}/112257.mvt"


def assert_away(answer: httpx.Response) -> None:
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 0
    assert answer.elapsed.total_seconds() < MOST_S


@pytest.mark.parametrize("mode", ["closed", "silent"])
def test_while_the_database_is_away_kept_tiles_go_on_and_others_are_refused_in_time(
    proxy: Proxy, client: httpx.Client, engine: sa.Engine, mode: str
) -> None:
    fresh = client.get(KNOWN)
    described = client.get("/tiles/grids,buildings/tilejson.json").json()
    proxy.set(mode)
    cold = cold_paths()

    assert_away(client.get(next(cold)))
    until(lambda: "cache-status" in client.get(KNOWN).headers)
    kept = client.get(KNOWN)
    assert kept.status_code == 200
    assert kept.content == fresh.content
    # It says that nobody has looked whether it is still true, and nobody keeps it on its word.
    assert "not verified" in kept.headers["cache-status"]
    assert kept.headers["cache-control"] == "public, no-cache"
    version = fresh.headers["etag"][3:-1]
    assert "immutable" not in client.get(f"{KNOWN}?v={version}").headers["cache-control"]
    assert client.get("/tiles/grids,buildings/tilejson.json").json() == described
    assert_away(client.get(next(cold)))
    assert_away(client.get("/readyz"))
    assert client.get("/healthz").status_code == 200

    with engine.begin() as connection:  # meanwhile, by another way
        connection.execute(sa.text("UPDATE building SET floors = 7 WHERE id = 1000"))
    proxy.set("open")
    until(lambda: client.get("/readyz").status_code == 200)
    until(lambda: client.get(next(cold)).status_code == 204)
    until(lambda: "cache-status" not in client.get(KNOWN).headers)
    assert client.get(KNOWN).headers["etag"] != fresh.headers["etag"]
    until(lambda: listening(client) == 1)


def test_many_who_wait_for_a_database_that_hangs_are_all_answered_in_time(
    proxy: Proxy, client: httpx.Client
) -> None:
    proxy.set("silent")
    cold = cold_paths()
    # Some for one tile, some each for another: more than there are connections.
    paths = [next(cold)] * 10 + [next(cold) for _ in range(20)]
    with ThreadPoolExecutor(len(paths)) as threads:
        for answer in threads.map(
            lambda path: httpx.get(f"{client.base_url}{path}", timeout=20), paths
        ):
            assert_away(answer)
    proxy.set("open")
    until(lambda: client.get(next(cold)).status_code == 204)


def test_without_a_listener_every_request_asks(
    proxy: Proxy, client: httpx.Client, engine: sa.Engine
) -> None:
    """A reset cuts the listener; what is written before it is back must be seen all the same."""
    for floors in range(10, 20):
        client.get(KNOWN)
        end_listener(engine)
        with engine.begin() as connection:
            connection.execute(
                sa.text("UPDATE building SET floors = :floors WHERE id = 1000"), {"floors": floors}
            )
        revision = number(engine)
        if listening(client) == 0:
            assert revision_in(client.get(KNOWN)) == revision
        until(lambda: revision_in(client.get(KNOWN)) == revision)  # noqa: B023
        until(lambda: listening(client) == 1)


def revision_in(answer: httpx.Response) -> int:
    return int(answer.headers["etag"].partition(".")[2].partition("-")[0])


def number(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        found: int = connection.scalar(
            sa.text("SELECT revision FROM layer_revision WHERE source = 'building'")
        )
        return found


def end_listener(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE application_name = 'gridmap revisions' AND datname = current_database()"
            )
        )
