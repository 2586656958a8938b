"""Schema, sessions and pool of the database, gridmap's own or somebody else's."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterator

import asyncpg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from gridmap.errors import Conflict, EngineMissing, Unavailable
from gridmap.store import database
from gridmap.store.tables import metadata


@pytest.fixture
def server(cluster_url: str) -> Iterator[sa.Connection]:
    """A superuser's connection that makes databases and roles."""
    engine = database.connect_engine(cluster_url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection
    engine.dispose()


def url_of(server: sa.Connection, name: str, user: str = "gridmap") -> str:
    url = server.engine.url.set(drivername="postgresql", database=name, username=user)
    return url.render_as_string(hide_password=False)


@pytest.fixture
def empty_database(server: sa.Connection) -> Iterator[str]:
    """A database without anything."""
    server.execute(sa.text("CREATE DATABASE blank"))
    yield url_of(server, "blank")
    server.execute(sa.text("DROP DATABASE blank WITH (FORCE)"))


@pytest.fixture
def guest(server: sa.Connection, empty_database: str) -> Iterator[str]:
    """The URL of that database for a role without any right of its own."""
    server.execute(sa.text("CREATE ROLE guest LOGIN"))
    yield url_of(server, "blank", "guest")
    server.execute(sa.text("DROP DATABASE blank WITH (FORCE)"))
    server.execute(sa.text("DROP ROLE guest"))
    server.execute(sa.text("CREATE DATABASE blank"))


def upgrade(url: str) -> None:
    engine = database.connect_engine(url)
    try:
        database.upgrade(engine)
    finally:
        engine.dispose()


# --- Schema ---------------------------------------------------------------------------------------


def test_upgrade_from_empty_equals_the_tables(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_object": database.is_compared,
                "compare_type": True,
                "compare_server_default": True,
            },
        )
        assert compare_metadata(context, metadata) == []


def test_migrations_are_one_line_and_their_names_say_the_newest() -> None:
    script = ScriptDirectory(str(database._MIGRATIONS))
    assert script.get_heads() == [database.newest()]


def test_an_upgrade_of_the_newest_schema_does_nothing(engine: sa.Engine) -> None:
    statements: list[str] = []
    sa.event.listen(
        engine, "before_cursor_execute", lambda *args: statements.append(args[2].split()[0])
    )
    database.upgrade(engine)
    assert statements == ["SELECT", "SELECT"]


def test_two_upgrades_at_once_make_one_schema(empty_database: str) -> None:
    failures: list[Exception] = []

    def run() -> None:
        try:
            upgrade(empty_database)
        except Exception as error:  # noqa: BLE001 - told below
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert database.describe(empty_database)["revision"] == database.newest()


def test_a_schema_of_a_newer_gridmap_is_left_alone(empty_database: str) -> None:
    upgrade(empty_database)
    engine = database.connect_engine(empty_database)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Conflict, match="9999") as refused:
        database.upgrade(engine)
    engine.dispose()
    assert "newer gridmap" in str(refused.value.hint)


def test_a_write_raises_the_revision_of_its_layer_once(engine: sa.Engine) -> None:
    def revision() -> int:
        with engine.connect() as connection:
            return connection.scalar(
                sa.text("SELECT revision FROM layer_revision WHERE source = 'water'")
            )

    before = revision()
    with database.transaction(engine, actor="test") as connection:
        for _ in range(3):
            connection.execute(
                sa.text(
                    "INSERT INTO water (geom) VALUES (ST_GeomFromText('LINESTRING(1 1, 2 2)', 4326))"
                )
            )
    assert revision() == before + 1


# --- Somebody else's server -----------------------------------------------------------------------


def test_a_role_that_may_not_make_extensions_is_told_the_sql_for_the_administrator(
    server: sa.Connection, guest: str
) -> None:
    with pytest.raises(Unavailable, match="may not create the extension postgis") as refused:
        upgrade(guest)
    told = str(refused.value.hint)
    assert "database blank" in told
    statements = told.splitlines()[-1]
    engine = database.connect_engine(url_of(server, "blank"))
    with engine.begin() as connection:
        connection.execute(sa.text(statements))
        connection.execute(sa.text("GRANT CREATE ON SCHEMA public TO guest"))
    engine.dispose()
    upgrade(guest)
    assert database.describe(guest)["revision"] == database.newest()


def test_a_role_that_may_not_make_tables_is_told_the_right_that_it_lacks(
    server: sa.Connection, guest: str
) -> None:
    engine = database.connect_engine(url_of(server, "blank"))
    with engine.begin() as connection:
        for name in ("postgis", "btree_gist", "pg_trgm"):
            connection.execute(sa.text(f"CREATE EXTENSION {name}"))
    engine.dispose()
    with pytest.raises(Unavailable, match="permission denied for schema public") as refused:
        upgrade(guest)
    assert "GRANT CREATE" in str(refused.value.hint)


def test_a_server_without_postgis_is_told(
    empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The extension of this name is on no server: the answer is PostgreSQL's own.
    monkeypatch.setattr(database, "EXTENSIONS", ("postgis_of_tomorrow",))
    with pytest.raises(EngineMissing, match="no extension postgis_of_tomorrow"):
        upgrade(empty_database)


def test_a_database_in_another_encoding_is_refused(server: sa.Connection) -> None:
    server.execute(sa.text("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"))
    try:
        with pytest.raises(Unavailable, match="LATIN1"):
            upgrade(url_of(server, "latin"))
    finally:
        server.execute(sa.text("DROP DATABASE latin WITH (FORCE)"))


# --- Sessions -------------------------------------------------------------------------------------


def test_sessions_of_the_engine_count_in_utc_and_keep_the_options_of_the_url(
    database_url: str,
) -> None:
    engine = database.connect_engine(f"{database_url}&options=-c%20work_mem%3D9MB")
    with engine.connect() as connection:
        shown = [
            connection.scalar(sa.text(f"SHOW {name}"))
            for name in ("timezone", "jit", "application_name", "work_mem")
        ]
    engine.dispose()
    assert shown == ["UTC", "off", "gridmap", "9MB"]


def test_the_actor_is_known_in_the_transaction_only(database_url: str) -> None:
    asked = sa.text("SELECT current_setting('gridmap.actor', true)")
    engine = database.connect_engine(database_url, pool_size=1)
    with database.transaction(engine, actor="Zhang") as connection:
        assert connection.scalar(asked) == "Zhang"
        session = connection.scalar(sa.text("SELECT pg_backend_pid()"))
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT pg_backend_pid()")) == session
        assert connection.scalar(asked) == ""
    engine.dispose()


def test_the_pool_is_open_and_warm_before_the_first_question(database_url: str) -> None:
    async def look() -> tuple[int, list[str]]:
        async with database.open_pool(database_url, size=3) as pool:
            idle = pool.get_idle_size()
            async with database.reading(pool) as connection:
                shown = [
                    await connection.fetchval(f"SHOW {name}")
                    for name in ("statement_timeout", "timezone", "jit", "application_name")
                ]
            return idle, shown

    assert asyncio.run(look()) == (3, ["30s", "UTC", "off", "gridmap"])


def test_a_database_that_is_away_is_told_of_in_one_line(
    database_url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whatever other tests have made it tell within the last minute, or served with a quiet log.
    caplog.set_level(logging.WARNING, logger="asyncpg")
    log = logging.getLogger("asyncpg.pool")
    monkeypatch.setattr(log, "filters", [])
    monkeypatch.setattr(database, "_CALM", database._Calm())

    async def open_and_close() -> None:
        async with database.open_pool(database_url, size=1):
            pass

    asyncio.run(open_and_close())
    for _ in range(3):  # as the pool does at each try to open its connections again
        try:
            raise ConnectionRefusedError(111, "Connection refused")
        except OSError:
            log.warning("Failed to restore the pool connection floor; retrying", exc_info=True)
    log.warning("something else")
    told = [(record.getMessage(), record.exc_info) for record in caplog.records]
    assert told == [
        ("The database does not answer, trying again: [Errno 111] Connection refused", None),
        ("something else", None),
    ]


def test_a_question_that_takes_too_long_is_stopped_in_words(database_url: str) -> None:
    async def ask() -> None:
        async with (
            database.open_pool(database_url, size=1) as pool,
            database.reading(pool) as connection,
        ):
            await connection.execute("SET statement_timeout = '50ms'")
            await connection.execute("SELECT count(*) FROM generate_series(1, 1000000000)")

    with pytest.raises(Unavailable, match="took too long"):
        asyncio.run(ask())


def test_the_pool_finds_its_way_back_after_its_connections_were_cut(
    database_url: str, engine: sa.Engine
) -> None:
    async def ask(pool: asyncpg.Pool) -> int:
        async with database.reading(pool) as connection:
            return int(await connection.fetchval("SELECT 1"))

    async def cut_and_ask() -> int:
        async with database.open_pool(database_url, size=2) as pool:
            with engine.connect() as connection:
                connection.execute(
                    sa.text("""
                        SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
                        WHERE datname = current_database() AND pid <> pg_backend_pid()
                    """)
                )
            for _ in range(4):
                try:
                    return await ask(pool)
                except Unavailable:
                    continue
            return 0

    assert asyncio.run(cut_and_ask()) == 1
