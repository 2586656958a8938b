"""Many rows at once: PostgreSQL's COPY, fed with EWKB.

A row a statement costs about 60 µs; COPY takes 5 to 10. `copy_rows` uses the text form, because
every type of the schema has one and a person can read what is sent; values are written by the type
of the column, so that a list is JSON in a `jsonb` column and an array in a `text[]` one. Where
millions of rows come, `packing` makes the binary form of them ahead, and `PackedCopy` sends it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from itertools import islice
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import psycopg
import sqlalchemy as sa
from geoalchemy2 import Geometry
from psycopg import sql
from sqlalchemy import exc
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql.ranges import AbstractRange

from gridmap.errors import InvalidInput
from gridmap.store.packing import BEGIN, END, write_ewkb
from gridmap.store.tables import metadata

# Rows that are written to the socket at once; large enough to forget the call, small in memory.
_ROWS_AT_ONCE = 5_000
_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPES = {"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"}

Writer = Callable[[Any], str]


def copy_rows(
    connection: sa.Connection,
    table: sa.Table | str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
) -> int:
    """Append rows to a table by COPY, inside the connection's transaction.

    Parameters
    ----------
    connection
        Of `database.transaction`; nothing is committed here.
    table
        A table of `store.tables`, or its name.
    columns
        Names of the columns that a row has values for, in the row's order; the others take their
        defaults.
    rows
        Values as Python has them: shapely geometries (longitude, latitude; a single one also for
        a column of multi-geometries), datetimes with a zone, lists for arrays, anything that JSON
        can hold for `jsonb`, `(lower, upper)` for ranges (half-open; `None` is without a bound),
        `None` for NULL.

    Returns
    -------
    int
        How many rows were written.

    Raises
    ------
    InvalidInput
        A text that no database can hold (NUL, a lone surrogate).
    """
    target = _table(table)
    writers = [_writer(target.c[name]) for name in columns]

    def lines() -> Iterator[str]:
        for row in rows:
            yield "\t".join(
                [
                    "\\N" if value is None else write(value)
                    for write, value in zip(writers, row, strict=True)
                ]
            )

    written = 0
    with _copying(connection, _statement(target, columns)) as stream:
        waiting = lines()
        while batch := list(islice(waiting, _ROWS_AT_ONCE)):
            stream.write(_encoded("\n".join(batch)))
            written += len(batch)
    return written


class PackedCopy:
    """A COPY that stays open from one batch of packed rows to the next of the same columns.

    The server goes on storing while the caller looks at the next batch, instead of waiting at the
    end of each. Until `finish` or the end of the context the connection can do nothing else, and
    what the server refuses is raised by a later call.
    """

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self._target: tuple[str, ...] = ()
        self._stream: psycopg.Copy | None = None
        self._open = ExitStack()

    def __enter__(self) -> Self:
        """Begin with nothing open."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Finish, or break off after an error."""
        if error is None:
            self.finish()
        else:
            self._open.__exit__(kind, error, trace)

    def write(self, table: sa.Table | str, columns: Sequence[str], rows: Sequence[bytes]) -> None:
        """Send rows that `packing.pack_rows` has packed, in the order of `columns`."""
        chosen = _table(table)
        target = (chosen.name, *columns)
        if target != self._target:
            self.finish()
            statement = _statement(chosen, columns, " (FORMAT binary)")
            self._stream = self._open.enter_context(_copying(self.connection, statement))
            self._stream.write(BEGIN)
            self._target = target
        assert self._stream is not None
        # Each row begins with the number of its fields.
        fields = len(columns).to_bytes(2, "big")
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            self._stream.write(fields + fields.join(rows[start : start + _ROWS_AT_ONCE]))

    def finish(self) -> None:
        """Wait until the server has stored what was sent, so that it can be asked something."""
        if self._stream is not None:
            self._stream.write(END)
        self._stream, self._target = None, ()
        self._open.close()


@contextmanager
def indexes_built_later(
    connection: sa.Connection, table: sa.Table | str, *, keep: Collection[str] = ()
) -> Iterator[bool]:
    """Take indexes away while rows are loaded, and build them when all are there.

    Building an index over rows that are there takes a third of the time of growing it. In return
    nobody reads the table until the transaction ends, so this is for a table that has nothing yet
    worth reading. What a constraint stands on stays, such as the primary key.

    Parameters
    ----------
    connection, table
        As in `copy_rows`.
    keep
        Methods of indexes (`btree`, `gist`, `gin`) that stay, because rows are looked up meanwhile.
        An index that ends in `id` stays also: new rows come at its end, and it grows while the
        server waits for them.

    Yields
    ------
    bool
        Whether it was done; a table that somebody holds for more than a moment keeps its indexes.
    """
    target = _table(table)
    listed = connection.execute(_INDEXES, {"table": target.name, "keep": list(keep)}).all()
    try:
        with connection.begin_nested():
            connection.execute(sa.text("SET LOCAL lock_timeout = '3s'"))
            for name, _ in listed:
                connection.execute(sa.text(f'DROP INDEX "{name}"'))
    except exc.OperationalError:
        yield False
        return
    connection.execute(sa.text("SET LOCAL lock_timeout = DEFAULT"))
    yield True
    connection.execute(sa.text("SET LOCAL maintenance_work_mem = '256MB'"))
    # Workers beside this one save a tenth of the time here, and cost a quarter of it in all.
    connection.execute(sa.text("SET LOCAL max_parallel_maintenance_workers = 0"))
    connection.execute(_QUICKER_LOG)
    for _, definition in listed:
        connection.exec_driver_sql(definition)


# A new index is written to the log page by page; lz4 packs pages at a fraction of pglz's cost.
_QUICKER_LOG = sa.text("""
    SELECT set_config(name, 'lz4', true) FROM pg_settings
    WHERE name = 'wal_compression' AND setting <> 'off' AND 'lz4' = ANY(enumvals)
      AND has_parameter_privilege(name, 'SET')
""")

# None that a constraint stands on, and none that ends in the id.
_INDEXES = sa.text("""
    SELECT c.relname, pg_get_indexdef(c.oid) FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam
    LEFT JOIN pg_attribute a
      ON a.attrelid = i.indrelid AND a.attnum = i.indkey[i.indnkeyatts - 1]
    WHERE i.indrelid = to_regclass(:table) AND m.amname <> ALL (CAST(:keep AS name[]))
      AND a.attname IS DISTINCT FROM 'id'
      AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = c.oid)
    ORDER BY c.relname
""")


@contextmanager
def place_checked_once(
    connection: sa.Connection, table: sa.Table | str, place: str
) -> Iterator[bool]:
    """Check the foreign key to a place once, for many rows of one place.

    The server checks it for each row, which is a quarter of the time of a COPY of buildings. Here
    the place is locked against deletion first, so every row that names it is right; meanwhile other
    writers of the table wait, readers do not.

    Yields
    ------
    bool
        Whether it was done: only who may switch off a trigger of the system can do it, as the owner
        of the embedded cluster can.

    Raises
    ------
    InvalidInput
        There is no such place.
    """
    target = _table(table)
    held = sa.text("SELECT 1 FROM place WHERE key = :place FOR KEY SHARE")
    if connection.scalar(held, {"place": place}) is None:
        raise InvalidInput(f"There is no place {place!r}")
    names = connection.scalars(_PLACE_CHECK, {"table": target.name}).all()
    for name in names:
        connection.execute(sa.text(f'ALTER TABLE {target.name} DISABLE TRIGGER "{name}"'))
    yield bool(names)
    for name in names:
        connection.execute(sa.text(f'ALTER TABLE {target.name} ENABLE TRIGGER "{name}"'))


# The trigger that looks a new row's place up; none for who is no superuser.
_PLACE_CHECK = sa.text("""
    SELECT t.tgname FROM pg_trigger t JOIN pg_constraint k ON k.oid = t.tgconstraint
    WHERE t.tgrelid = to_regclass(:table) AND k.contype = 'f'
      AND k.confrelid = to_regclass('place') AND t.tgfoid = '"RI_FKey_check_ins"'::regproc
      AND (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
""")


def reserve_ids(connection: sa.Connection, table: sa.Table | str, count: int) -> npt.NDArray[Any]:
    """Take `count` new ids of a table, for rows that refer to each other in one COPY."""
    target = _table(table)
    sequence = f"pg_get_serial_sequence('{target.name}', 'id')"
    found = connection.execute(
        sa.text(f"SELECT nextval({sequence}::regclass) FROM generate_series(1, :count)"),
        {"count": count},
    )
    return np.fromiter(found.scalars(), dtype=np.int64, count=count)


def _table(table: sa.Table | str) -> sa.Table:
    return metadata.tables[table] if isinstance(table, str) else table


def _statement(table: sa.Table, columns: Sequence[str], form: str = "") -> sql.Composed:
    return sql.SQL("COPY {} ({}) FROM STDIN" + form).format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, columns))
    )


@contextmanager
def _copying(connection: sa.Connection, statement: sql.Composed) -> Iterator[psycopg.Copy]:
    raw = connection.connection.driver_connection
    if not isinstance(raw, psycopg.Connection):
        raise TypeError("COPY needs a connection of psycopg")
    try:
        with raw.cursor() as cursor, cursor.copy(statement) as stream:
            yield stream
    except psycopg.Error as error:
        # As SQLAlchemy would raise it, so that `database.translated` finds words for it.
        raise exc.DBAPIError.instance(
            statement.as_string(raw), None, error, psycopg.Error, dialect=connection.dialect
        ) from error


def _encoded(text: str) -> bytes:
    if "\0" in text:
        raise InvalidInput("A text holds the character NUL, which no database can store")
    try:
        return f"{text}\n".encode()
    except UnicodeEncodeError as error:
        raise InvalidInput(
            "A text holds half of a surrogate pair, which is no character"
        ) from error


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda found: _ESCAPES[found[0]], text) if _SPECIAL.search(text) else text


def _writer(column: sa.Column[Any]) -> Writer:  # noqa: PLR0911 - one line a type
    kind = column.type
    if isinstance(kind, Geometry):
        return lambda value: write_ewkb(value, column).hex()
    if isinstance(kind, JSONB):
        return _json_written
    if isinstance(kind, sa.ARRAY):
        return _array_written
    if isinstance(kind, AbstractRange):
        return _range_written
    if isinstance(kind, sa.Boolean):
        return lambda value: "t" if value else "f"
    if isinstance(kind, sa.Integer):
        return lambda value: str(int(value))
    if isinstance(kind, sa.Float):
        return lambda value: repr(float(value))
    if isinstance(kind, sa.DateTime):
        return _time_written
    if isinstance(kind, sa.LargeBinary):
        return lambda value: "\\\\x" + bytes(value).hex()
    return lambda value: _escaped(str(value))


def _json_written(value: Any) -> str:
    try:
        return _escaped(json.dumps(value, ensure_ascii=False, allow_nan=False))
    except ValueError as error:
        raise InvalidInput(f"A value cannot be written as JSON: {error}") from error


def _array_written(value: Iterable[Any]) -> str:
    # In an array literal backslash and quote are escaped once more than in COPY's text.
    items = (str(item).replace("\\", "\\\\").replace('"', '\\"') for item in value)
    return _escaped("{" + ",".join(f'"{item}"' for item in items) + "}")


def _range_written(value: Any) -> str:
    if isinstance(value, str):
        return _escaped(value)
    lower, upper = value
    ends = ["" if end is None else _end_written(end) for end in (lower, upper)]
    return f"[{ends[0]},{ends[1]})"


def _end_written(end: date | datetime) -> str:
    return f'"{_time_written(end)}"' if isinstance(end, datetime) else end.isoformat()


def _time_written(value: Any) -> str:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.isoformat()
    return _escaped(str(value))
