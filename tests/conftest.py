"""One private PostGIS for the whole run; each test module that asks gets a database of its own."""

from __future__ import annotations

import contextlib
import functools
import itertools
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import settings

from gridmap.errors import GridmapError
from gridmap.services.places import load_place
from gridmap.store import database, embedded

# The same examples in every run, so that what passed once passes again; `make test-long` and
# `--hypothesis-profile=default` look for new ones.
settings.register_profile("same", derandomize=True)
settings.load_profile("same")

SHARED = Path(__file__).resolve().parents[2] / "shared"
DEMO_DATA = Path(__file__).resolve().parents[1] / "data" / "geojson"
SHARED_MEMORY = Path("/dev/shm")
_numbers = itertools.count(1)


def _with_database(url: str, name: str) -> str:
    return sa.make_url(url).set(database=name).render_as_string(hide_password=False)


def _sweep() -> None:
    """Remove what runs that were killed have left: folders, and clusters that outlive a run."""
    for folder in (
        folder
        for disk in (tempfile.gettempdir(), SHARED_MEMORY)
        for folder in Path(disk).glob("gridmap-test-*")
    ):
        with contextlib.suppress(OSError, GridmapError):  # of another user, or in use
            if time.time() - folder.stat().st_mtime > 3600:
                for data_dir in (folder, folder / "data"):
                    embedded.stop(data_dir)
                shutil.rmtree(folder)


@pytest.fixture(scope="session")
def quick_disk() -> Path:
    """Where clusters that sync are made for tests: in memory, where there is enough of it."""
    enough = SHARED_MEMORY.is_dir() and shutil.disk_usage(SHARED_MEMORY).free > 2**31
    return SHARED_MEMORY if enough else Path(tempfile.gettempdir())


@pytest.fixture(scope="session")
def cluster_url() -> Iterator[str]:
    """A cluster that forgets on a crash (no fsync) and ends with the run, however that ends."""
    _sweep()
    with (
        tempfile.TemporaryDirectory(prefix="gridmap-test-", ignore_cleanup_errors=True) as folder,
        embedded.running(Path(folder), durable=False) as url,
    ):
        yield url


@pytest.fixture(scope="session")
def template_database(cluster_url: str) -> str:
    """The schema, built by the real migrations once."""
    _create(cluster_url, "gridmap_template")
    engine = database.connect_engine(_with_database(cluster_url, "gridmap_template"))
    database.upgrade(engine)
    engine.dispose()
    return "gridmap_template"


def _create(cluster_url: str, name: str, template: str = "template1") -> None:
    engine = database.connect_engine(_with_database(cluster_url, "postgres"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(
            sa.text(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        )
    engine.dispose()


@pytest.fixture(scope="session")
def template_with(cluster_url: str, template_database: str) -> Callable[..., str]:
    """Name the database that holds these places; it is loaded once in a run and then copied."""

    @functools.cache
    def name_of(*places: str) -> str:
        if not places:
            return template_database
        name = "_".join(("with", *places))
        _create(cluster_url, name, name_of(*places[:-1]))
        engine = database.connect_engine(_with_database(cluster_url, name))
        load_place(engine, DEMO_DATA / places[-1], actor="test")
        engine.dispose()
        return name

    return name_of


@pytest.fixture(scope="session")
def make_database(cluster_url: str, template_with: Callable[..., str]) -> Callable[..., str]:
    """Make fresh databases with the schema and the rows of the places named; gives their URLs."""

    def make(*places: str) -> str:
        name = f"test_{next(_numbers)}"
        _create(cluster_url, name, template_with(*places))
        return _with_database(cluster_url, name)

    return make


@pytest.fixture(scope="module")
def database_url(make_database: Callable[..., str], request: pytest.FixtureRequest) -> str:
    """A fresh database for one test module, with the places that its `PLACES` names, if any."""
    places: tuple[str, ...] = getattr(request.module, "PLACES", ())
    return make_database(*places)


@pytest.fixture(scope="module")
def engine(database_url: str) -> Iterator[sa.Engine]:
    """An engine on the module's database."""
    made = database.connect_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real data beside the project; its tests skip visibly where it is missing."""
    if not SHARED.is_dir():
        pytest.skip("../shared is not here")
    return SHARED
