"""A real service on the five places, and a real Chromium before it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, BrowserContext

from gridmap.services.places import DEMO
from gridmap.store import database
from tests.web.page import Page, pictures_folder

FLAGS = [
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-gpu-watchdog",  # a renderer in software is slow, not dead
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def town(make_database: Callable[..., str]) -> Iterator[sa.Engine]:
    """A database with the five places, loaded once for all stories; nobody writes to it."""
    engine = database.connect_engine(make_database(*DEMO))
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def empty_town(make_database: Callable[..., str]) -> Iterator[sa.Engine]:
    """A database with the schema and nothing in it."""
    engine = database.connect_engine(make_database())
    yield engine
    engine.dispose()


@contextmanager
def served(
    engine: sa.Engine, log: Path, *, port: int = 0, **settings: str
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """`gridmap serve` on a free port: its address and its process."""
    # What a reader of this run has set is not meant for this server.
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("GRIDMAP_")}
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    environ = {**inherited, "GRIDMAP_DATABASE_URL": url, "PYTHONUNBUFFERED": "1", **settings}
    with log.open("w") as errors:
        process = subprocess.Popen(
            [Path(sys.executable).with_name("gridmap"), "serve", "--port", str(port)],
            env=environ,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if "http://" in line:
                    break
            else:
                pytest.fail(f"gridmap serve did not start:\n{log.read_text()}")
            yield line[line.index("http://") :].split()[0], process
        finally:
            process.terminate()
            process.wait(20)
            process.stdout.close()


@pytest.fixture(scope="session")
def address(town: sa.Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service on the five places."""
    log = tmp_path_factory.mktemp("served") / "log"
    with served(town, log) as (url, _):
        yield url
    assert log.read_text() == "", "the log of the service is clean"


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium, with a renderer in software."""
    return {"executable_path": "/usr/bin/chromium", "args": FLAGS}


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go."""
    return pictures_folder(tmp_path_factory.mktemp("pictures"))


@pytest.fixture
def tab(browser: Browser) -> Iterator[BrowserContext]:
    """A reader with a small desk, Chinese, no animations to wait for."""
    context = browser.new_context(
        viewport={"width": 1024, "height": 700}, locale="zh-CN", reduced_motion="reduce"
    )
    yield context
    context.close()


@pytest.fixture
def page(tab: BrowserContext, address: str, pictures: Path) -> Iterator[Page]:
    """The page, not opened yet; at the end its log is clean and nobody else was asked."""
    made = Page(tab.new_page(), address, pictures)
    yield made
    assert made.log == []
    assert made.foreign == []
