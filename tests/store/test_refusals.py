"""Whatever a driver raises becomes an error of the domain, without a secret in it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psycopg
import pytest
import sqlalchemy as sa

from gridmap.errors import Conflict, GridmapError, InvalidInput, TooLarge, Unavailable
from gridmap.store import database
from gridmap.store.embedded import processes
from gridmap.store.refusals import in_words, of_state, translated

REFUSED = [
    ("INSERT INTO place (key, name, meridian) VALUES ('a', 'A', 117)", Conflict, "uq|pk_place"),
    ("INSERT INTO place (key, name, meridian) VALUES ('b', NULL, 117)", InvalidInput, "null value"),
    ("INSERT INTO water (place, geom) VALUES ('x', 'POINT(0 0)')", InvalidInput, "refuses"),
    ("SELECT 'x'::integer", InvalidInput, "invalid input syntax"),
    ("SELECT 1 / 0", InvalidInput, "division by zero"),
    ("DELETE FROM audit", InvalidInput, "append-only"),
    ("SELECT no_such_column", GridmapError, "refuses"),
    ("SET LOCAL statement_timeout = '20ms'; SELECT pg_sleep(30)", Unavailable, "took too long"),
    ("SET LOCAL transaction_read_only = on; DELETE FROM place", Unavailable, "read-only"),
]


@pytest.fixture(scope="module")
def place(engine: sa.Engine) -> None:
    with database.transaction(engine, actor="test") as connection:
        connection.execute(
            sa.text("INSERT INTO place (key, name, meridian) VALUES ('a', 'A', 117)")
        )


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(("statement", "kind", "said"), REFUSED)
def test_what_the_engine_refuses(
    engine: sa.Engine, statement: str, kind: type[GridmapError], said: str
) -> None:
    with (
        pytest.raises(kind, match=said) as refused,
        database.transaction(engine, actor="test") as connection,
    ):
        connection.exec_driver_sql(statement)
    assert type(refused.value) is kind
    assert refused.value.__cause__ is not None


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(("statement", "kind", "said"), REFUSED)
def test_what_the_pool_refuses_is_told_in_the_same_words(
    database_url: str, statement: str, kind: type[GridmapError], said: str
) -> None:
    async def ask() -> None:
        async with (
            database.open_pool(database_url, size=1) as pool,
            database.reading(pool) as connection,
            connection.transaction(),
        ):
            await connection.execute(statement)

    with pytest.raises(kind, match=said) as refused:
        asyncio.run(ask())
    assert type(refused.value) is kind


def test_a_value_that_the_driver_cannot_send_is_the_callers(database_url: str) -> None:
    async def ask() -> None:
        async with (
            database.open_pool(database_url, size=1) as pool,
            database.reading(pool) as connection,
        ):
            await connection.fetchval("SELECT $1::integer", 2**80)

    with pytest.raises(InvalidInput, match="out of int32 range"):
        asyncio.run(ask())


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("53100", Unavailable),
        ("53300", Unavailable),
        ("40001", Conflict),
        ("40P01", Conflict),
        ("55P03", Conflict),
        ("54000", TooLarge),
        ("57P01", Unavailable),
        ("08006", Unavailable),
        ("58030", Unavailable),
        ("28P01", Unavailable),
        ("XX000", GridmapError),
        ("", GridmapError),
    ],
)
def test_a_state_that_is_hard_to_provoke_has_its_words(
    state: str, kind: type[GridmapError]
) -> None:
    assert type(of_state(state, "said")) is kind


def test_what_is_not_about_the_database_passes() -> None:
    assert in_words(KeyError("x")) is None
    with pytest.raises(KeyError), translated():
        raise KeyError("x")
    with pytest.raises(asyncpg.InterfaceError, match="of ours"), translated():
        raise asyncpg.InterfaceError("a mistake of ours")
    with pytest.raises(sa.exc.ArgumentError), translated():
        raise sa.exc.ArgumentError("a mistake of ours")


def test_an_engine_whose_connections_are_all_busy_says_so(database_url: str) -> None:
    engine = sa.create_engine(
        sa.make_url(database_url).set(drivername="postgresql+psycopg"),
        pool_size=1,
        max_overflow=0,
        pool_timeout=0.01,
    )
    with engine.connect(), pytest.raises(Unavailable, match="busy"), translated():
        engine.connect()
    engine.dispose()


# --- A server that cannot be reached --------------------------------------------------------------


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a listener that never says anything."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def upgrade(url: str) -> GridmapError:
    engine = database.connect_engine(url)
    with pytest.raises(Unavailable) as refused:
        database.upgrade(engine)
    engine.dispose()
    assert "hunter2" not in refused.value.message + str(refused.value.hint)
    return refused.value


def test_a_closed_port_is_told_with_host_and_port() -> None:
    told = upgrade("postgresql://u:hunter2@127.0.0.1:1/db")
    assert "127.0.0.1" in told.message
    assert "GRIDMAP_DATABASE_URL" in str(told.hint)


def test_an_unknown_host_is_told() -> None:
    assert "nohost.invalid" in upgrade("postgresql://u:hunter2@nohost.invalid/db").message


def test_a_socket_that_is_not_there_is_told() -> None:
    assert "/nowhere" in upgrade("postgresql://u:hunter2@/db?host=/nowhere").message


def test_a_server_that_says_nothing_is_given_up_after_some_seconds(silent: int) -> None:
    assert "timeout" in upgrade(f"postgresql://u:hunter2@127.0.0.1:{silent}/db").message


def test_a_database_that_is_not_there_is_told(cluster_url: str) -> None:
    url = sa.make_url(cluster_url).set(database="nothing").render_as_string()
    told = upgrade(url)
    assert 'database "nothing" does not exist' in told.message
    assert "createdb" in str(told.hint)


def test_a_wrong_password_is_told_and_not_repeated(cluster_url: str) -> None:
    wrong = sa.make_url(cluster_url).set(username="locked", password="hunter2")

    def is_refused() -> bool:
        try:
            psycopg.connect(wrong.render_as_string(hide_password=False)).close()
        except psycopg.OperationalError:
            return True
        return False

    with psycopg.connect(cluster_url, autocommit=True) as connection:
        connection.execute("CREATE ROLE locked LOGIN PASSWORD 'right'")
        file = Path(connection.execute("SHOW hba_file").fetchone()[0])
        before = file.read_text()
        try:
            file.write_text(f"local all locked scram-sha-256\n{before}")
            connection.execute("SELECT pg_reload_conf()")
            assert processes.until(is_refused, seconds=10)
            told = upgrade(wrong.render_as_string(hide_password=False))
            assert "password authentication failed" in told.message
            assert "GRIDMAP_DATABASE_URL" in str(told.hint)
            right = wrong.set(password="right").render_as_string(hide_password=False)
            psycopg.connect(right).close()
        finally:
            file.write_text(before)
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("DROP ROLE locked")
