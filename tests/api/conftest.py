"""A real server on the module's database, for everything that speaks HTTP."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from gridmap.api.app import create_app
from gridmap.cli.serve import AnnouncingServer, configure
from gridmap.settings import Settings


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of the module's server; a module that needs others defines its own."""
    return Settings(data_dir=Path(tmp_path_factory.mktemp("data")))


@pytest.fixture(scope="module")
def server(database_url: str, settings: Settings) -> Iterator[str]:
    """The base URL of a server that runs on the module's database until the module ends."""
    with running_server(settings, database_url) as url:
        yield url


@contextmanager
def running_server(settings: Settings, database_url: str) -> Iterator[str]:
    """Run a real server in a thread, on a free port."""
    ready = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = configure(create_app(settings, database_url), settings)
        running = AnnouncingServer(config, ready.set)
        thread = threading.Thread(target=running.run, args=([listener],), name="server")
        thread.start()
        try:
            assert ready.wait(60), "the server does not start"
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            running.should_exit = True
            thread.join(60)
            assert not thread.is_alive(), "the server does not stop"


@pytest.fixture(scope="module")
def client(server: str) -> Iterator[httpx.Client]:
    """A client of the module's server."""
    with httpx.Client(base_url=server, timeout=20) as made:
        yield made
