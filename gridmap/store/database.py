"""Engine, pool, transactions and schema."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg
import sqlalchemy as sa
from sqlalchemy import Connection, Engine, exc

from gridmap.errors import Conflict, EngineMissing, GridmapError, Unavailable
from gridmap.store.refusals import in_words, translated, unreachable
from gridmap.store.requirements import EXTENSIONS, OLDEST_SERVER

# What the layers above hold in their hands without knowing whose it is.
__all__ = [
    "Connection",
    "Engine",
    "connect_engine",
    "describe",
    "is_compared",
    "newest",
    "open_pool",
    "reading",
    "revision_of",
    "transaction",
    "translated",
    "upgrade",
]

_APPLICATION = "gridmap"
_CONNECT_S = 5
_SILENCE_S = 60
_STATEMENT_S = 30  # of the reading paths; writing and computing may take longer
_MIGRATIONS = Path(__file__).parent / "migrations"

# What a new connection does late otherwise, in the middle of somebody's first tile: 50 ms.
_WARM = """
SELECT ST_AsMVT(tile) FROM (
  SELECT ST_AsMVTGeom(ST_Transform(ST_SetSRID(ST_MakePoint(116, 39), 4326), 3857),
                      ST_TileEnvelope(0, 0, 0)) AS geom
) AS tile
"""


def connect_engine(url: str, *, pool_size: int = 8) -> sa.Engine:
    """Make an engine for a PostgreSQL URL (`postgresql://…`); nothing is opened yet.

    Its sessions count time in UTC, whatever the server and the URL say.
    """
    parsed = sa.make_url(url).set(drivername="postgresql+psycopg")
    given = str(parsed.query.get("options", ""))
    return sa.create_engine(
        parsed,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        pool_timeout=10,
        connect_args={
            "application_name": _APPLICATION,
            "connect_timeout": _CONNECT_S,
            "options": f"{given} -c timezone=UTC -c jit=off".strip(),
        },
    )


def open_pool(
    url: str, *, size: int = 8, settings: Mapping[str, str] | None = None
) -> asyncpg.Pool:
    """Make the asynchronous pool for the reading paths (tiles, features); opened by `async with`.

    All its connections are opened and warmed at once and stay. A statement ends after 30 s. Nobody
    may change a setting of the session: it would not be reset, because that costs a round trip for
    each tile. `settings` are further ones of PostgreSQL, for every session from its start.
    """
    logging.getLogger("asyncpg.pool").addFilter(_CALM)
    return asyncpg.create_pool(
        url,
        min_size=size,
        max_size=size,
        max_inactive_connection_lifetime=0,
        init=_warm,
        reset=_keep_session,
        timeout=_CONNECT_S,
        # The server ends a statement itself; one that has vanished without a word does not.
        command_timeout=_STATEMENT_S + _CONNECT_S,
        server_settings={
            "application_name": _APPLICATION,
            "statement_timeout": f"{_STATEMENT_S}s",
            "timezone": "UTC",
            "jit": "off",
            **(settings or {}),
        },
    )


class _Calm(logging.Filter):
    """While the database is away, one line a minute instead of a traceback for each new try."""

    def __init__(self) -> None:
        super().__init__()
        self._silent_until = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether a record is to be written, and take its traceback away."""
        if record.exc_info is None or record.exc_info[1] is None:
            return True
        now = time.monotonic()
        if now < self._silent_until:
            return False
        self._silent_until = now + _SILENCE_S
        why = str(record.exc_info[1]) or type(record.exc_info[1]).__name__
        record.msg, record.args = "The database does not answer, trying again: %s", (why,)
        record.exc_info = record.exc_text = None
        return True


_CALM = _Calm()


async def _warm(connection: asyncpg.Connection) -> None:
    await connection.fetchval(_WARM)


async def _keep_session(_connection: asyncpg.Connection) -> None:
    """Nothing; asyncpg itself still ends a transaction that was left open."""


@asynccontextmanager
async def reading(pool: asyncpg.Pool) -> AsyncIterator[asyncpg.Connection]:
    """Borrow a connection of the pool; what goes wrong meanwhile is an error of the domain.

    Raises
    ------
    Unavailable
        The database does not answer, all connections stay busy, or the question took too long.
    """
    with translated():
        try:
            connection = await pool.acquire(timeout=_CONNECT_S)
        except OSError as error:  # refused, no such socket, no such host, too late
            raise unreachable(error) from error
        try:
            yield connection
        finally:
            await pool.release(connection)


@contextmanager
def transaction(engine: sa.Engine, *, actor: str) -> Iterator[sa.Connection]:
    """One transaction in the name of an actor: committed at the end, rolled back on any error.

    The actor is known to triggers as `current_setting('gridmap.actor')`, for this transaction only:
    a setting of the session would leak to other clients of a connection pooler.
    """
    with translated(), engine.begin() as connection:
        connection.execute(
            sa.text("SELECT set_config('gridmap.actor', :actor, true)"), {"actor": actor}
        )
        yield connection


# --- Schema ---------------------------------------------------------------------------------------


def newest() -> str:
    """The newest revision of the schema: migrations are one line, numbered by their names."""
    return max(file.name for file in (_MIGRATIONS / "versions").glob("[0-9]*.py")).split("_")[0]


def upgrade(engine: sa.Engine, revision: str = "head") -> None:
    """Bring the schema to `revision`, from empty or from any earlier one, in one transaction.

    Raises
    ------
    Unavailable
        The server does not answer, is too old, or its administrator has to do something first.
    EngineMissing
        The server has no PostGIS.
    Conflict
        A newer gridmap has upgraded the schema already.
    """
    wanted = newest() if revision == "head" else revision
    with translated():
        with engine.connect() as connection:
            # Most often there is nothing to do: without Alembic, that is known in milliseconds.
            if revision_of(connection) == wanted:
                return
            _see_server(connection)
        with engine.begin() as connection:
            # Two processes that start at once: the second waits and then finds nothing to do.
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('gridmap.upgrade'))"))
            if revision_of(connection) != wanted:
                _make_extensions(connection)
                _migrate(connection, revision)


def revision_of(connection: sa.Connection) -> str | None:
    """The revision of the schema in a database; nothing where there is none."""
    there = connection.scalar(sa.text("SELECT to_regclass('alembic_version') IS NOT NULL"))
    if not there:
        return None
    found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return found


def describe(url: str) -> dict[str, str | int | None]:
    """What a database is: server, PostGIS, schema and size; nothing is changed in it."""
    engine = connect_engine(url, pool_size=1)
    try:
        with translated(), engine.connect() as connection:
            name, version, size, postgis = connection.execute(
                sa.text("""
                    SELECT current_database(), current_setting('server_version'),
                           pg_database_size(current_database()),
                           (SELECT extversion FROM pg_extension WHERE extname = 'postgis')
                """)
            ).one()
            return {
                "database": name,
                "server": f"PostgreSQL {version}",
                "PostGIS": postgis,
                "bytes": size,
                "revision": revision_of(connection),
            }
    finally:
        engine.dispose()


def _migrate(connection: sa.Connection, revision: str) -> None:
    from alembic import command  # noqa: PLC0415 - 0.4 s
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    except CommandError as error:
        raise Conflict(
            f"The schema of the database is {revision_of(connection)}, "
            f"and this gridmap knows the schemas up to {newest()}",
            hint="A newer gridmap has used this database: install that one.",
        ) from error


def _see_server(connection: sa.Connection) -> None:
    version, encoding = connection.execute(
        sa.text("""
            SELECT current_setting('server_version_num')::integer / 10000,
                   current_setting('server_encoding')
        """)
    ).one()
    if version < OLDEST_SERVER:
        raise Unavailable(
            f"The database server is PostgreSQL {version}; gridmap needs {OLDEST_SERVER} or newer",
            hint="Upgrade the server, or unset GRIDMAP_DATABASE_URL to use the embedded one.",
        )
    if encoding != "UTF8":
        raise Unavailable(
            f"The database stores text as {encoding}; gridmap needs UTF8",
            hint="Make another one: CREATE DATABASE gridmap ENCODING 'UTF8' TEMPLATE template0;",
        )


def _make_extensions(connection: sa.Connection) -> None:
    there = set(connection.scalars(sa.text("SELECT extname FROM pg_extension")))
    for name in EXTENSIONS:
        if name in there:
            continue
        try:
            connection.execute(sa.text(f"CREATE EXTENSION IF NOT EXISTS {name}"))
        except exc.DBAPIError as error:
            raise _about_extension(name, connection.engine.url.database, error) from error


def _about_extension(name: str, database: str | None, error: exc.DBAPIError) -> GridmapError:
    state = getattr(error.orig, "sqlstate", None)
    if state == "42501":  # insufficient_privilege
        statements = " ".join(f"CREATE EXTENSION IF NOT EXISTS {each};" for each in EXTENSIONS)
        return Unavailable(
            f"The role of gridmap may not create the extension {name}",
            hint="Ask the administrator to run this in the database "
            f"{database or 'of gridmap'} as a superuser:\n  {statements}",
        )
    if state in {"0A000", "58P01"}:  # feature_not_supported, undefined_file
        return EngineMissing(
            f"The database server has no extension {name}",
            hint="Install it there (on Debian: postgresql-VERSION-postgis-3), "
            "or unset GRIDMAP_DATABASE_URL to use the embedded one.",
        )
    return in_words(error) or Unavailable(f"The extension {name} cannot be made: {error.orig}")


def is_compared(thing: object, name: str | None, kind: str, *_: object) -> bool:
    """Say whether Alembic compares a thing: not what extensions own, nor months of incidents."""
    if isinstance(thing, sa.ForeignKeyConstraint):
        # PostgreSQL repeats a foreign key for each partition that it points to.
        return not any("incident_default" in key.target_fullname for key in thing.elements)
    return not (
        kind == "table"
        and (name in {"spatial_ref_sys", "alembic_version"} or str(name).startswith("incident_"))
    )
