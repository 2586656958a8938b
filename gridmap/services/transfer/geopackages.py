"""GeoPackage, read as what it is: an SQLite file whose geometries are WKB behind a small header.

SQLite is less work than GDAL here, and nothing else is opened: views and virtual tables, which
could read other files and tables, are refused before anything is asked of the file. Numbers of
clauses are those of OGC 12-128r18.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from gridmap.errors import UnreadableFile
from gridmap.services.transfer.layer_choice import choose_layer
from gridmap.services.transfer.pages import FIRST_PAGE_ROWS, PAGE_ROWS, Page, Source, geometries_of

_MAGIC = b"GP"
# Length of the header by its byte of flags: 8 bytes and an envelope (clause 2.1.3).
_ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
_LEAST = 8
_HEADERS = [_LEAST + _ENVELOPES.get(flags >> 1 & 7, 0) for flags in range(256)]
# A page is read in parts that fit into the cache of a processor.
_ROWS_AT_ONCE = 1_000
# Reference systems that say nothing: undefined Cartesian and undefined geographic.
_UNDEFINED = {-1, 0}


@dataclass(frozen=True)
class _Table:
    """A table of features, and how to ask for its rows."""

    name: str
    columns: tuple[str, ...]
    truths: frozenset[str]
    statement: str
    rows: int
    has_binary: bool


def has_curves(path: Path) -> bool:
    """Say whether a GeoPackage declares geometries with arcs, which WKB of straight lines is not.

    Raises
    ------
    UnreadableFile
        A broken file, or one with views or virtual tables.
    """
    connection = _connect(path)
    try:
        tables = _check(connection, path)
        if "gpkg_extensions" not in tables:
            return False
        found = connection.execute(
            "SELECT 1 FROM gpkg_extensions WHERE extension_name LIKE 'gpkg_geom_%' LIMIT 1"
        ).fetchone()
    except sqlite3.Error as error:
        raise _broken(path, error) from error
    finally:
        connection.close()
    return found is not None


def open_geopackage(path: Path, *, layer: str, source_layer: str | None = None) -> Source:
    """Open a GeoPackage for reading.

    Parameters
    ----------
    path
        The file, whose kind is known from its first bytes.
    layer
        Public name of gridmap's layer that the features are for.
    source_layer
        Name of the layer inside the file.

    Raises
    ------
    UnreadableFile
        A broken file, or one with views or virtual tables.
    InvalidInput
        No such layer in the file, or several to choose from.
    """
    notes: list[str] = []
    connection = _connect(path)
    try:
        tables = _check(connection, path)
        names = _feature_tables(connection, tables)
        name = choose_layer(names, layer, source_layer, notes)
        table = _describe(connection, name, names[name])
        crs = _reference(connection, name)
    except sqlite3.Error as error:
        connection.close()
        raise _broken(path, error) from error
    except BaseException:
        connection.close()
        raise
    if table.has_binary:
        notes.append("Columns of binary data were left out")
    return Source(
        format="GeoPackage",
        pages=_pages(connection, table, layer, path.name),
        crs=crs,
        rows=table.rows,
        layer=name,
        notes=tuple(notes),
        handle=connection,
    )


def _connect(path: Path) -> sqlite3.Connection:
    """Open a file for reading; it is taken as it is, whatever journals lie beside it."""
    address = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
    connection = sqlite3.connect(address, uri=True, check_same_thread=False)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    return connection


def _broken(path: Path, error: sqlite3.Error) -> UnreadableFile:
    return UnreadableFile(f"{path.name} is a broken SQLite file: {error}")


def _check(connection: sqlite3.Connection, path: Path) -> set[str]:
    """Give the names of plain tables; refuse what is no plain GeoPackage.

    Views and virtual tables can read other files and tables when they are opened; a GeoPackage for
    exchange needs neither, apart from its spatial index.
    """
    rows = connection.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_master").fetchall()
    tables = set()
    for type_, name, statement in rows:
        if type_ == "view":
            raise UnreadableFile(
                f"{path.name} has a view ({name}); gridmap reads tables only",
                hint="Export the table into a GeoPackage of its own.",
            )
        if type_ != "table":
            continue
        # SQLite itself writes these words so; whoever writes them otherwise has something to hide.
        text = statement.casefold().replace('"', " ")
        if text.startswith("create table "):
            tables.add(name)
        elif not (text.startswith("create virtual table ") and " using rtree" in text):
            raise UnreadableFile(f"{path.name} has a virtual table ({name}), which is not opened")
    if not {"gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys"} <= tables:
        raise UnreadableFile(f"{path.name} is an SQLite file, but no GeoPackage")
    return tables


def _feature_tables(connection: sqlite3.Connection, tables: set[str]) -> dict[str, str]:
    """Name of each table of features → its column of geometries."""
    listed = connection.execute(
        "SELECT g.table_name, g.column_name FROM gpkg_contents c "
        "JOIN gpkg_geometry_columns g ON lower(g.table_name) = lower(c.table_name) "
        "WHERE c.data_type = 'features' ORDER BY c.rowid"
    ).fetchall()
    return {name: column for name, column in listed if name in tables}


def _describe(connection: sqlite3.Connection, name: str, geometry: str) -> _Table:
    found = connection.execute(
        "SELECT name, type, pk FROM pragma_table_info(?)", (name,)
    ).fetchall()
    kinds = {column: kind.upper().partition("(")[0].strip() for column, kind, _ in found}
    if geometry not in kinds:
        raise UnreadableFile(f"The file is broken: {name} has no column {geometry}")
    keys = [column for column, _, key in found if key and kinds[column] == "INTEGER"]
    columns = [
        column
        for column, kind in kinds.items()
        if column != geometry and column not in keys and kind != "BLOB"
    ]
    taken = {column.casefold() for column in kinds}
    row_id = next((word for word in ("rowid", "_rowid_", "oid") if word not in taken), "rowid")
    asked = ", ".join([row_id, *map(_quoted, (geometry, *columns))])
    return _Table(
        name,
        tuple(columns),
        frozenset(column for column in columns if kinds[column] == "BOOLEAN"),
        f"SELECT {asked} FROM {_quoted(name)}",  # noqa: S608 - names are quoted
        _count(connection, name),
        has_binary=any(kind == "BLOB" for column, kind in kinds.items() if column != geometry),
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _count(connection: sqlite3.Connection, name: str) -> int:
    """How many rows the table has: as GDAL has noted it, or counted, which reads the whole file."""
    noted = connection.execute(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'gpkg_ogr_contents'"
    ).fetchone()
    if noted:
        row = connection.execute(
            "SELECT feature_count FROM gpkg_ogr_contents WHERE lower(table_name) = lower(?)",
            (name,),
        ).fetchone()
        if row and isinstance(row[0], int) and row[0] >= 0:
            return row[0]
    counted = connection.execute(f"SELECT count(*) FROM {_quoted(name)}").fetchone()  # noqa: S608
    return int(counted[0])


def _reference(connection: sqlite3.Connection, name: str) -> str | None:
    """What the coordinates are: a code, WKT, or None where the file does not say."""
    row = connection.execute(
        "SELECT s.srs_id, s.organization, s.organization_coordsys_id, s.definition "
        "FROM gpkg_geometry_columns g JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id "
        "WHERE g.table_name = ?",
        (name,),
    ).fetchone()
    if row is None or row[0] in _UNDEFINED:
        return None
    _, organization, code, definition = row
    if str(organization).upper() == "EPSG":
        return f"EPSG:{code}"
    return str(definition) if definition else None


def _pages(
    connection: sqlite3.Connection, table: _Table, layer: str, file: str
) -> Generator[Page, None, None]:
    done, last = 0, None
    try:
        cursor = connection.execute(table.statement)
        # A short first page: the database begins while the second one is read.
        while True:
            columns = _fetch(cursor, PAGE_ROWS if done else FIRST_PAGE_ROWS)
            row_ids, blobs, *values = columns
            if not row_ids:
                return
            last = _check_order(row_ids, last, file)
            yield _page(table, layer, done + 1, blobs, values)
            done += len(row_ids)
    except sqlite3.Error as error:
        raise UnreadableFile(f"The file is broken: {error}") from error


def _fetch(cursor: sqlite3.Cursor, count: int) -> list[list[Any]]:
    """Columns of the next rows, turned over while their tuples are still in the cache."""
    columns: list[list[Any]] = [[] for _ in cursor.description]
    for _ in range(0, count, _ROWS_AT_ONCE):
        rows = cursor.fetchmany(_ROWS_AT_ONCE)
        if not rows:
            break
        for column, values in zip(columns, zip(*rows, strict=True), strict=True):
            column.extend(values)
    return columns


def _check_order(row_ids: Sequence[Any], last: int | None, file: str) -> int:
    """Refuse a file whose pages name each other: its rows would never end."""
    numbers = np.array(row_ids, dtype=np.int64)
    if not (np.diff(numbers) > 0).all() or (last is not None and numbers[0] <= last):
        raise UnreadableFile(f"{file} is a broken SQLite file: its rows are in no order")
    return int(numbers[-1])


def _page(
    table: _Table,
    layer: str,
    first_row: int,
    blobs: Sequence[Any],
    columns: Sequence[Sequence[Any]],
) -> Page:
    wkb, unreadable = _without_headers(blobs)
    geometry, faults, repairs = geometries_of(wkb)
    faults |= unreadable
    named: dict[str, Sequence[Any] | NDArray[Any]] = {}
    for name, values in zip(table.columns, columns, strict=True):
        kinds = {*map(type, values)}
        if kinds == {int} and name not in table.truths:
            named[name] = np.array(values, dtype=np.int64)
            continue
        column = list(values)
        if bytes in kinds:
            _refuse_binary(name, column, faults)
        if name in table.truths:
            column = [bool(value) if isinstance(value, int) else value for value in column]
        named[name] = column
    return Page(layer, first_row, named, geometry, faults, repairs, wkb=wkb)


def _without_headers(blobs: Sequence[Any]) -> tuple[NDArray[np.object_], dict[int, str]]:
    """WKB of each geometry, None where there is none; and faults of those that are none."""
    faults: dict[int, str] = {}
    wkb = np.empty(len(blobs), dtype=object)
    if (
        {*map(type, blobs)} == {bytes}
        and {blob[:2] for blob in blobs} == {_MAGIC}
        and min(map(len, blobs)) > _LEAST
    ):
        wkb[:] = [blob[_HEADERS[blob[3]] :] for blob in blobs]
        return wkb, faults
    for i, blob in enumerate(blobs):
        if isinstance(blob, bytes) and blob[:2] == _MAGIC and len(blob) > _LEAST:
            wkb[i] = blob[_HEADERS[blob[3]] :]
        elif blob is not None:
            faults[i] = "the geometry cannot be read"
    return wkb, faults


def _refuse_binary(name: str, column: list[Any], faults: dict[int, str]) -> None:
    """SQLite lets any value into any column."""
    for i, value in enumerate(column):
        if isinstance(value, bytes):
            faults.setdefault(i, f"holds binary data in the column {name}")
            column[i] = None
