"""A real server on the module's database, for everything that speaks HTTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn

from gridmap.api.app import create_app
from gridmap.cli.serve import AnnouncingServer
from gridmap.settings import Settings


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of the module's server; a module that needs others defines its own."""
    return Settings(data_dir=Path(tmp_path_factory.mktemp("data")))


@pytest.fixture(scope="module")
def server(database_url: str, settings: Settings) -> Iterator[str]:
    """The base URL of a server that runs on the module's database until the module ends."""
    ready = threading.Event()
    ports: list[int] = []

    def announce(port: int) -> None:
        ports.append(port)
        ready.set()

    config = uvicorn.Config(
        create_app(settings, database_url),
        host="127.0.0.1",
        port=0,
        log_level="warning",
        access_log=False,
        server_header=False,
    )
    running = AnnouncingServer(config, announce)
    thread = threading.Thread(target=running.run, name="server")
    thread.start()
    try:
        assert ready.wait(20), "the server does not start"
        yield f"http://127.0.0.1:{ports[0]}"
    finally:
        running.should_exit = True
        thread.join(20)
        assert not thread.is_alive(), "the server does not stop"


@pytest.fixture(scope="module")
def client(server: str) -> Iterator[httpx.Client]:
    """A client of the module's server."""
    with httpx.Client(base_url=server, timeout=20) as made:
        yield made
