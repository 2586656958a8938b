"""Revisions as a process knows them: told, asked for, and never believed without a listener."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
import sqlalchemy as sa

from gridmap.errors import Unavailable
from gridmap.store import tiles
from gridmap.store.layers import LAYERS
from gridmap.store.revisions import Revisions, name_version

WATER, GRIDS = LAYERS["water"], LAYERS["grids"]


@asynccontextmanager
async def listening(url: str) -> AsyncIterator[Revisions]:
    known = Revisions(url)
    async with known.kept():
        await until(lambda: known.listening)
        yield known


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 - nothing there could set an event
            await asyncio.sleep(0.01)


def write(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            sa.text("INSERT INTO water (geom) VALUES (ST_MakeEnvelope(1, 1, 2, 2, 4326))")
        )


def stored(engine: sa.Engine, table: str = "water") -> int:
    with engine.connect() as connection:
        number: int = connection.scalar(
            sa.text("SELECT revision FROM layer_revision WHERE source = :table"), {"table": table}
        )
        return number


def test_a_commit_is_told(engine: sa.Engine, database_url: str) -> None:
    async def story() -> None:
        async with listening(database_url) as known:
            assert known.version(WATER) == str(stored(engine))
            others, generation = known.version(LAYERS["streets"]), known.generation
            await asyncio.to_thread(write, engine)
            await until(lambda: known.version(WATER) == str(stored(engine)))
            assert known.generation > generation
            assert known.version(LAYERS["streets"]) == others

    asyncio.run(story())


def test_a_lost_connection_is_noticed_and_replaced(
    engine: sa.Engine, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        async with listening(database_url) as known:
            await asyncio.to_thread(end_listeners, engine)
            await until(lambda: not known.listening)
            await asyncio.to_thread(write, engine)
            await until(lambda: known.listening)
            assert known.version(WATER) == str(stored(engine))

    with caplog.at_level(logging.INFO, "gridmap"):
        asyncio.run(story())
    said = [record.getMessage().partition(":")[0] for record in caplog.records]
    assert said == ["the database does not answer", "the database answers again"]


def end_listeners(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'gridmap revisions' AND datname = current_database()"
            )
        )


def test_whoever_does_not_listen_asks(engine: sa.Engine, database_url: str) -> None:
    async def story() -> None:
        known = Revisions(database_url)
        async with tiles.open_connections(database_url, size=1) as connections:
            for _ in range(2):
                await asyncio.to_thread(write, engine)
                await known.read(connections)
                assert known.version(WATER) == str(stored(engine))
        assert not known.listening

    asyncio.run(story())


def test_numbers_only_grow_whatever_is_heard() -> None:
    known = Revisions("postgresql://nowhere/")
    known._hear(None, 1, "", "water 7")
    assert known.version(WATER) == "7"
    for payload in ("water 6", "", "water", "water x", "water ²", " 9", "water 7"):
        known._hear(None, 1, "", payload)
        assert known.version(WATER) == "7"


def test_layers_that_depend_on_the_date_change_with_the_day() -> None:
    known = Revisions("postgresql://nowhere/")
    known.learn("grid", 5, 9000)
    known.learn("water", 3, 9000)
    before = known.version(GRIDS), known.version(WATER)
    known.learn("grid", 5, 9001)
    assert before == ("5d9000", "3")
    assert (known.version(GRIDS), known.version(WATER)) == ("5d9001", "3")
    assert name_version(LAYERS["territories"], 1, 2) == "1d2"


def test_a_restored_table_is_another_history(engine: sa.Engine, database_url: str) -> None:
    async def story() -> None:
        known = Revisions(database_url)
        async with tiles.open_connections(database_url, size=1) as connections:
            await known.read(connections)
            await asyncio.to_thread(write, engine)
            await known.read(connections)
            identity = known.identity
            await asyncio.to_thread(restore, engine)
            await known.read(connections)
            assert known.identity != identity
            # Numbers of the other history are taken as they are, smaller ones too.
            assert known.version(WATER) == "1"

    asyncio.run(story())


def restore(engine: sa.Engine) -> None:
    """What `pg_restore --clean` does to the table."""
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE kept AS SELECT * FROM layer_revision"))
        connection.execute(sa.text("DROP TABLE layer_revision"))
        connection.execute(sa.text("CREATE TABLE layer_revision (LIKE kept)"))
        connection.execute(
            sa.text("INSERT INTO layer_revision SELECT source, 1, updated_at FROM kept")
        )


def test_another_program_is_another_history(database_url: str) -> None:
    async def identity(salt: str) -> str:
        known = Revisions(database_url, salt=salt)
        async with tiles.open_connections(database_url, size=1) as connections:
            await known.read(connections)
        return known.identity

    assert asyncio.run(identity("a")) != asyncio.run(identity("b"))
    assert asyncio.run(identity("a")) == asyncio.run(identity("a"))


def test_a_database_that_is_not_there_is_said(database_url: str) -> None:
    async def story() -> None:
        url = database_url.replace("/test_", "/no_test_")
        with pytest.raises(Unavailable):
            async with tiles.open_connections(url, size=1):
                pass

    asyncio.run(story())
