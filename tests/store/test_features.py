"""Pages of a large layer use an index, whatever is asked."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa

from gridmap.store import database, features
from gridmap.store.features import Selection
from gridmap.store.layers import find_layer

BUILDINGS = find_layer("buildings")


@pytest.fixture(scope="module", autouse=True)
def _many(engine: sa.Engine) -> None:
    with database.transaction(engine, actor="test") as connection:
        connection.execute(sa.text("INSERT INTO place (key, name, meridian) VALUES ('a', 'A', 99)"))
        connection.execute(
            sa.text("""
                INSERT INTO building (place, code, geom)
                SELECT 'a', n::text, ST_Multi(ST_Expand(
                  ST_SetSRID(ST_MakePoint(100 + n % 200 * 0.001, 25 + n / 200 * 0.001), 4326), 0.0001))
                FROM generate_series(0, 19999) AS n
            """)
        )
        connection.execute(sa.text("ANALYZE building"))


class Explaining:
    """A connection that says how it would read, instead of reading."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection = connection
        self.plan = ""

    async def fetch(self, statement: str, *values: Any) -> list[Any]:
        rows = await self.connection.fetch(f"EXPLAIN {statement}", *values)
        self.plan = "\n".join(row[0] for row in rows)
        return []


def plan_of(url: str, selection: Selection, *, after: int = 0, most: int = 100) -> str:
    async def explain() -> str:
        async with (
            asyncpg.create_pool(url, min_size=1, max_size=1) as pool,
            features.snapshot(pool) as connection,
        ):
            explaining = Explaining(connection)
            await features.read_page(explaining, BUILDINGS, selection, after=after, most=most)
            return explaining.plan

    return asyncio.run(explain())


def test_a_page_begins_at_its_id(database_url: str) -> None:
    plan = plan_of(database_url, Selection(), after=15_000)
    assert "Index Cond: (id > '15000'::bigint)" in plan
    assert "Sort" not in plan


def test_a_page_of_a_place_begins_at_its_id(database_url: str) -> None:
    place = BUILDINGS.property("place")
    plan = plan_of(database_url, Selection(equal=((place, "a"),)), after=15_000)
    assert "Index Scan" in plan
    assert "Sort" not in plan


def test_a_small_window_is_found_by_place_and_the_whole_city_by_id(database_url: str) -> None:
    small = plan_of(database_url, Selection(boxes=((100.05, 25.05, 100.052, 25.052),)))
    assert "ix_building_geom" in small
    whole = plan_of(database_url, Selection(boxes=((100, 25, 101, 26),)))
    assert "pk_building" in whole


def test_a_plan_that_was_good_for_one_window_is_not_kept_for_another(database_url: str) -> None:
    async def ask() -> list[int]:
        windows = [(100.05, 25.05, 100.052, 25.052)] * 8 + [(100.0, 25.0, 101.0, 26.0)]
        async with asyncpg.create_pool(database_url, min_size=1, max_size=1) as pool:
            found = []
            for window in windows:
                async with features.snapshot(pool) as connection:
                    selection = Selection(boxes=(window,))
                    found.append(await features.count(connection, BUILDINGS, selection))
                    kept = await connection.fetchval("SHOW plan_cache_mode")
                    assert kept == "force_custom_plan"
            async with pool.acquire() as connection:
                assert await connection.fetchval("SHOW plan_cache_mode") == "auto"
                assert await connection.fetchval("SHOW transaction_isolation") == "read committed"
            return found

    assert asyncio.run(ask()) == [9] * 8 + [20_000]


def test_nothing_can_be_written_in_a_snapshot(database_url: str) -> None:
    async def write() -> None:
        async with (
            asyncpg.create_pool(database_url, min_size=1, max_size=1) as pool,
            features.snapshot(pool) as connection,
        ):
            await connection.execute("DELETE FROM building")

    with pytest.raises(Exception, match="read-only"):
        asyncio.run(write())


def test_a_snapshot_that_fails_leaves_a_usable_connection(database_url: str) -> None:
    async def cancelled(pool: asyncpg.Pool) -> None:
        async with features.snapshot(pool) as connection:
            task = asyncio.ensure_future(connection.execute("SELECT pg_sleep(30)"))
            asyncio.get_running_loop().call_later(0.05, task.cancel)
            await task

    async def fail_and_go_on() -> int:
        async with asyncpg.create_pool(database_url, min_size=1, max_size=1) as pool:
            with pytest.raises(ZeroDivisionError):
                async with features.snapshot(pool):
                    raise ZeroDivisionError
            with pytest.raises(asyncio.CancelledError):
                await cancelled(pool)
            async with features.snapshot(pool) as connection:
                return await features.count(connection, BUILDINGS, Selection())

    assert asyncio.run(fail_and_go_on()) == 20_000
