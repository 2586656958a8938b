"""What PostgreSQL and its drivers refuse, in words of the domain: one table for all of them.

Nothing said here holds a password: drivers name the host, the port and the user only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import singledispatch

import asyncpg
import psycopg
from sqlalchemy import exc

from gridmap.errors import Conflict, GridmapError, InvalidInput, TooLarge, Unavailable


@dataclass(frozen=True)
class _Words:
    """A kind of error and its sentence; `{said}` is PostgreSQL's, `{constraint}` a name."""

    kind: type[GridmapError]
    sentence: str
    hint: str | None = None


_AGAIN = "Try again in a moment."
_LOST = _Words(Unavailable, "The database does not answer: {said}", _AGAIN)

# SQLSTATE, or its class, which is the first two characters; Appendix A of PostgreSQL's manual.
_BY_STATE = {
    "08": _LOST,
    "22": _Words(InvalidInput, "The database refuses the values: {said}"),
    "23": _Words(InvalidInput, "The database refuses the values: {said}"),
    "23505": _Words(Conflict, "Another row stands in the way: {said} ({constraint})"),
    "23P01": _Words(Conflict, "Another row stands in the way: {said} ({constraint})"),
    "25006": _Words(Unavailable, "The database is read-only just now; nothing was stored", _AGAIN),
    "28": _Words(
        Unavailable,
        "The database server does not let gridmap in: {said}",
        "Check the user and the password in GRIDMAP_DATABASE_URL.",
    ),
    "3D000": _Words(
        Unavailable,
        "The database of GRIDMAP_DATABASE_URL is not there: {said}",
        "Make it (createdb NAME), or name another one.",
    ),
    "40": _Words(Conflict, "Somebody else changed the same rows at the same time", "Try again."),
    "42501": _Words(
        Unavailable,
        "The role of gridmap lacks a right in the database: {said}",
        "Give it as the owner of the database: "
        "GRANT CREATE, USAGE ON SCHEMA public TO the role, or make the role the owner.",
    ),
    "53": _Words(Unavailable, "The database has no room left for this: {said}", _AGAIN),
    "53100": _Words(
        Unavailable, "The disk of the database is full; nothing was stored", "Free some space."
    ),
    "54": _Words(TooLarge, "More than the database can take: {said}"),
    "55P03": _Words(Conflict, "Somebody else is changing the same rows", "Try again."),
    "57": _LOST,
    "57014": _Words(
        Unavailable, "The question took too long and was stopped", "Ask for less at once."
    ),
    "58": _Words(
        Unavailable, "The disk of the database fails: {said}", "The server's log has more."
    ),
}
_OTHER = _Words(GridmapError, "The database refuses: {said}")

# While a connection is made, libpq has no SQLSTATE for us, only its English.
_AT_CONNECTING = (
    (r"password|pg_hba\.conf|role \"", "28"),
    (r"database \"[^\"]*\" does not exist", "3D000"),
    (r"too many clients|remaining connection slots", "53"),
)
_NOBODY_THERE = _Words(
    Unavailable,
    "No database server answers: {said}",
    "Check the host and the port in GRIDMAP_DATABASE_URL, and that the server runs.",
)


@singledispatch
def in_words(_error: BaseException) -> GridmapError | None:
    """Find the words for what a driver raised; nothing if it is not about the database."""
    return None


@in_words.register
def _(_error: exc.TimeoutError) -> GridmapError:
    return Unavailable("All connections to the database are busy", hint=_AGAIN)


@in_words.register
def _(error: exc.DBAPIError) -> GridmapError:
    cause = error.orig or Exception(str(error))
    return in_words(cause) or _of(_OTHER, str(cause))


@in_words.register
def _(error: psycopg.Error) -> GridmapError:
    if error.sqlstate:
        said = error.diag.message_primary or str(error)
        return of_state(error.sqlstate, said, error.diag.constraint_name)
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return _without_state(str(error))
    return _of(_OTHER, str(error))


@in_words.register
def _(error: asyncpg.PostgresError) -> GridmapError:
    return of_state(
        error.sqlstate or "",
        getattr(error, "message", None) or str(error),
        getattr(error, "constraint_name", None),
    )


@in_words.register
def _(error: asyncpg.InterfaceError) -> GridmapError | None:
    # Only a lost connection; every other one is a mistake of ours.
    return _of(_LOST, str(error)) if "clos" in str(error) else None


@in_words.register
def _(error: asyncpg.InternalClientError) -> GridmapError | None:
    # A connection that the server has just cut, in the moment before asyncpg notices.
    return _of(_LOST, str(error)) if "cannot switch to state" in str(error) else None


@in_words.register(ConnectionError)
@in_words.register(TimeoutError)
def unreachable(error: OSError) -> Unavailable:
    """Say that no connection can be made."""
    return Unavailable(
        f"The database does not answer: {str(error) or type(error).__name__}", hint=_AGAIN
    )


def of_state(state: str, said: str, constraint: str | None = None) -> GridmapError:
    """Find the words for an SQLSTATE."""
    words = _BY_STATE.get(state) or _BY_STATE.get(state[:2]) or _OTHER
    return _of(words, said, constraint)


def _without_state(said: str) -> GridmapError:
    first = said.strip().splitlines()[0] if said.strip() else "no reason given"
    for pattern, state in _AT_CONNECTING:
        if re.search(pattern, first):
            return of_state(state, first)
    words = _NOBODY_THERE if first.startswith(("connection", "failed to resolve")) else _LOST
    return _of(words, first)


def _of(words: _Words, said: str, constraint: str | None = None) -> GridmapError:
    sentence = words.sentence.format(said=said.strip(), constraint=constraint or "no name")
    return words.kind(sentence, hint=words.hint)


@contextmanager
def translated() -> Iterator[None]:
    """Turn what SQLAlchemy, psycopg or asyncpg raise into an error of the domain.

    The original stays its cause. Errors that are not about the database pass.
    """
    try:
        yield
    except (
        exc.SQLAlchemyError,
        psycopg.Error,
        asyncpg.PostgresError,
        asyncpg.InterfaceError,
        asyncpg.InternalClientError,
        ConnectionError,
        TimeoutError,
    ) as error:
        found = in_words(error)
        if found is None:
            raise
        raise found from error
