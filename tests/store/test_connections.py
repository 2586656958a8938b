"""Borrowed connections: handed on, replaced when they break, and waited for in turn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import asyncpg
import pytest

from gridmap.errors import GridmapError, Unavailable
from gridmap.store import tiles
from gridmap.store.connections import Connections, _is_alive, borrowed
from tests.api.proxy import Proxy

ME = "SELECT pg_backend_pid()"


@asynccontextmanager
async def two(url: str) -> AsyncIterator[Connections]:
    async with tiles.open_connections(url, size=2) as made:
        yield made


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110 - nothing there could set an event
            await asyncio.sleep(0.01)


def test_at_most_so_many_work_at_once_and_others_wait_their_turn(database_url: str) -> None:
    async def story() -> None:
        async with two(database_url) as connections:
            asked = [connections.fetchrow(f"{ME}, pg_sleep(0.02)") for _ in range(9)]
            rows = await asyncio.gather(*asked)
            assert len({row[0] for row in rows}) == 2
            assert connections.busy == 0

    asyncio.run(story())


def test_a_broken_connection_is_replaced(database_url: str) -> None:
    async def story() -> None:
        async with two(database_url) as connections:
            (mine,) = await connections.fetchrow(ME)
            with pytest.raises(Unavailable):
                await connections.fetchrow("SELECT pg_terminate_backend(pg_backend_pid())")
            (next_one,) = await connections.fetchrow(ME)
            assert next_one != mine

    asyncio.run(story())


def test_a_connection_that_dies_while_it_is_idle_is_replaced(database_url: str) -> None:
    async def story() -> None:
        async with two(database_url) as connections:
            pids = tuple(await connections.fetchrow(ME))
            async with tiles.open_connections(database_url, size=1) as other:
                await other.fetchrow("SELECT pg_terminate_backend($1)", *pids)
            await until(lambda: not any(map(_is_alive, connections._idle)))
            (found,) = await connections.fetchrow(ME)
            assert found not in pids

    asyncio.run(story())


def test_a_refused_statement_does_not_cost_the_connection_its_place(database_url: str) -> None:
    async def story() -> None:
        async with two(database_url) as connections:
            for _ in range(5):
                with pytest.raises(GridmapError):
                    await connections.fetchrow("SELECT 1 / 0")
            assert (await connections.fetchrow("SELECT 1"))[0] == 1
            assert connections.busy == 0

    asyncio.run(story())


def test_a_cancelled_question_gives_its_connection_back(database_url: str) -> None:
    async def story() -> None:
        async with two(database_url) as connections:
            for _ in range(4):
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(0.05):
                        await connections.fetchrow("SELECT pg_sleep(20)")
            assert (await connections.fetchrow("SELECT 1"))[0] == 1

    asyncio.run(story())


def test_one_who_stops_waiting_does_not_take_the_turn_of_the_next(database_url: str) -> None:
    async def story() -> None:
        async with two(database_url) as connections:
            busy = [
                asyncio.create_task(connections.fetchrow("SELECT pg_sleep(0.2)")) for _ in range(2)
            ]
            await until(lambda: connections.busy == 2)
            impatient = asyncio.create_task(connections.fetchrow("SELECT 1"))
            patient = asyncio.create_task(connections.fetchrow("SELECT 2"))
            await until(lambda: len(connections._waiting) == 2)
            impatient.cancel()
            assert (await patient)[0] == 2
            await asyncio.gather(*busy)
            with pytest.raises(asyncio.CancelledError):
                await impatient

    asyncio.run(story())


def test_a_server_that_vanishes_without_a_word_costs_no_connection(database_url: str) -> None:
    async def story(proxy: Proxy) -> None:
        pool = asyncpg.create_pool(proxy.url, min_size=1, max_size=1, command_timeout=0.2)
        async with borrowed(pool, size=1) as connections:
            await connections.fetchrow("SELECT 1")
            proxy.forget()
            with pytest.raises(Unavailable):
                await connections.fetchrow("SELECT 1")
            async with asyncio.timeout(20):
                while True:
                    with suppress(Unavailable):
                        assert (await connections.fetchrow("SELECT 2"))[0] == 2
                        return

    with Proxy(database_url) as proxy:
        asyncio.run(story(proxy))
