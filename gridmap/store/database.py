"""Engine, transactions and schema; the errors of the driver become words of the domain here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, exc

from gridmap.errors import Conflict, GridmapError, InvalidInput, Unavailable

# What the layers above hold in their hands without knowing whose it is.
__all__ = [
    "Connection",
    "Engine",
    "connect_engine",
    "is_compared",
    "open_pool",
    "transaction",
    "translated",
    "upgrade",
]


def connect_engine(url: str, *, pool_size: int = 8) -> sa.Engine:
    """Make an engine for a PostgreSQL URL (`postgresql://…`); nothing is opened yet."""
    parsed = sa.make_url(url).set(drivername="postgresql+psycopg")
    return sa.create_engine(parsed, pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=True)


def open_pool(url: str, *, size: int = 8) -> asyncpg.Pool:
    """Make the asynchronous pool for the reading paths (tiles, features); opened by `async with`."""
    return asyncpg.create_pool(url, min_size=2, max_size=size)


def upgrade(engine: sa.Engine, revision: str = "head") -> None:
    """Bring the schema to `revision`, from empty or from any earlier one, in one transaction."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with translated(), engine.begin() as connection:
        # Two processes that start at once: the second waits and then finds nothing to do.
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('gridmap.upgrade'))"))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def is_compared(thing: object, name: str | None, kind: str, *_: object) -> bool:
    """Say whether Alembic compares a thing: not what extensions own, nor months of incidents."""
    if isinstance(thing, sa.ForeignKeyConstraint):
        # PostgreSQL repeats a foreign key for each partition that it points to.
        return not any("incident_default" in key.target_fullname for key in thing.elements)
    return not (
        kind == "table"
        and (name in {"spatial_ref_sys", "alembic_version"} or str(name).startswith("incident_"))
    )


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


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the driver raises into an error of the domain; the original stays its cause."""
    try:
        yield
    except exc.DBAPIError as error:
        raise _in_words(error) from error


def _in_words(error: exc.DBAPIError) -> GridmapError:
    state = getattr(error.orig, "sqlstate", None) or ""
    diagnosis = getattr(error.orig, "diag", None)
    said = getattr(diagnosis, "message_primary", None) or str(error.orig)
    constraint = getattr(diagnosis, "constraint_name", None)
    if state in {"23505", "23P01"}:
        return Conflict(f"Another row stands in the way: {said} ({constraint})")
    if state in {"40001", "40P01", "55P03"}:
        return Conflict("Somebody else changed the same rows at the same time", hint="Try again.")
    if state.startswith(("22", "23")):
        return InvalidInput(f"The database refuses the values: {said}")
    if state == "53100":
        return Unavailable(
            "The disk of the database is full; nothing was stored", hint="Free some space."
        )
    if state == "57014":
        return Unavailable(
            "The question took too long and was stopped", hint="Ask for less at once."
        )
    if error.connection_invalidated or state.startswith(("08", "57P", "53")) or not state:
        return Unavailable(f"The database does not answer: {said}", hint="Try again in a moment.")
    return GridmapError(f"The database refuses: {said}")
