"""Backup and restore of the whole schema, by the programs of PostgreSQL itself."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import sqlalchemy as sa
from psycopg import conninfo

from gridmap.errors import Conflict, GridmapError, InvalidInput, Unavailable, UnreadableFile
from gridmap.store import database
from gridmap.store.embedded import binaries
from gridmap.store.refusals import of_state
from gridmap.store.tables import metadata

# What the software keeps for itself: a database with rows in these only is empty.
_BOOKKEEPING = {"alembic_version", "layer_revision", "layer_change"}
_LOCK_S = 10


@dataclass(frozen=True)
class Backup:
    """A backup file: its size in bytes and the revision of the schema that is in it."""

    file: Path
    size: int
    revision: str


def backup(url: str, file: Path) -> Backup:
    """Write the database into a file, as of one moment, while others go on.

    The file has PostgreSQL's custom format; only its owner may read it. It replaces an older one
    when it is complete.

    Raises
    ------
    InvalidInput
        The file cannot be written.
    EngineMissing
        There is no `pg_dump`, or it is older than the server.
    """
    target = _Target(url)
    part = file.with_name(f"{file.name}.part")
    try:
        part.touch(mode=0o600)
    except OSError as error:
        raise InvalidInput(f"{file} cannot be written: {error.strerror}") from error
    try:
        done = target.run(
            *("pg_dump", "--format=custom", "--no-owner", "--no-privileges"),
            *(f"--schema={target.schema}", f"--file={part}", target.address),
        )
        if done.returncode:
            raise Unavailable(f"The backup failed: {_reason(done.stderr)}")
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return Backup(file, file.stat().st_size, target.revision or "")


def restore(url: str, file: Path, *, replace: bool = False) -> Backup:
    """Put a backup into the database, all of it or nothing, and upgrade its schema.

    One transaction drops what is there and loads the file: whatever fails, and whoever is killed,
    the present data stays as it was. Layer revisions go on from the higher of both, so that no
    cache takes a tile of before for one of after.

    Parameters
    ----------
    replace
        Give up the rows that are there; otherwise the database has to be empty.

    Raises
    ------
    UnreadableFile
        The file is no whole backup of gridmap.
    Conflict
        The database is not empty, is in use, or the file comes from a newer gridmap.
    """
    _upgrade(url)
    target = _Target(url)
    contents = _read_contents(target, file)
    _refuse_foreign(target)
    if not replace and (kept := target.filled()):
        raise Conflict(
            f"The database is not empty: there are rows in {', '.join(kept)}",
            hint="--replace gives them up for the backup.",
        )
    with tempfile.NamedTemporaryFile("w", suffix=".list", encoding="utf-8") as wanted:
        wanted.write("\n".join(contents.entries))
        wanted.flush()
        _load(target, file, Path(wanted.name))
    _upgrade(url)
    target.analyse()
    return Backup(file, file.stat().st_size, contents.revision)


def _upgrade(url: str) -> None:
    engine = database.connect_engine(url, pool_size=1)
    try:
        database.upgrade(engine)
    finally:
        engine.dispose()


class _Target:
    """A database, and the programs that fit its server."""

    def __init__(self, url: str) -> None:
        self._url = url
        parts = conninfo.conninfo_to_dict(url)
        # Not among the arguments: everybody on the machine can read those.
        password = parts.pop("password", None)
        self._environment = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
        known = {name: str(value) for name, value in parts.items() if value is not None}
        self.address = f"--dbname={conninfo.make_conninfo('', **known)}"
        with self._connected() as connection:
            major = connection.scalar(
                sa.text("SELECT current_setting('server_version_num')::integer / 10000")
            )
            self.schema = str(connection.scalar(sa.text("SELECT current_schema()")))
            self.revision = database.revision_of(connection)
            self.tables = set(
                connection.scalars(
                    sa.text("""
                        SELECT relname FROM pg_class
                        WHERE relnamespace = current_schema()::regnamespace
                          AND relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT relispartition
                          AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid
                                          AND classid = 'pg_class'::regclass AND deptype = 'e')
                    """)
                )
            )
        self._programs = binaries.find_client("pg_dump", at_least=int(major))

    @contextlib.contextmanager
    def _connected(self) -> Iterator[sa.Connection]:
        engine = database.connect_engine(self._url, pool_size=1)
        try:
            with database.translated(), engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()

    def filled(self) -> list[str]:
        """Tables with rows."""
        with self._connected() as connection:
            return [
                name
                for name in sorted(self.tables & (set(metadata.tables) - _BOOKKEEPING))
                if connection.scalar(sa.text(f'SELECT EXISTS (SELECT FROM "{name}")'))
            ]

    def analyse(self) -> None:
        """Let the planner know what is there now."""
        with self._connected() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.execute(sa.text("ANALYZE"))

    def command(self, program: str, *arguments: str | Path) -> list[str]:
        """A command line; it asks nobody for a password."""
        never_ask = [] if program == "pg_restore" else ["--no-password"]
        return [str(self._programs / program), *never_ask, *map(str, arguments)]

    def run(self, program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a program to its end."""
        return subprocess.run(
            self.command(program, *arguments),
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            umask=0o077,
            check=False,
        )

    def start(
        self, program: str, *arguments: str | Path, said: IO[bytes], complaints: IO[bytes]
    ) -> subprocess.Popen[bytes]:
        """Start a program that reads us or is read by us."""
        reads = program == "psql"
        return subprocess.Popen(
            self.command(program, *arguments),
            env=self._environment,
            stdin=subprocess.PIPE if reads else subprocess.DEVNULL,
            stdout=said if reads else subprocess.PIPE,
            stderr=complaints,
        )


# --- What is in a file ----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Contents:
    entries: list[str]  # lines of `pg_restore --list` that are to be restored
    revision: str


def _read_contents(target: _Target, file: Path) -> _Contents:
    if not file.is_file():
        raise UnreadableFile(f"There is no file {file}")
    listed = target.run("pg_restore", "--list", file)
    if listed.returncode:
        raise UnreadableFile(f"{file} is no backup: {_reason(listed.stderr)}")
    # 3456; 0 16385 TABLE DATA public alembic_version gridmap
    found = re.search(
        r"^\d+; \d+ \d+ TABLE DATA (\S+) alembic_version ", listed.stdout, re.MULTILINE
    )
    said = target.run(
        "pg_restore", "--data-only", "--table=alembic_version", "--file=-", file
    ).stdout
    revision = re.search(r"^COPY \S+ \(version_num\) FROM stdin;\n(\w+)$", said, re.MULTILINE)
    if not found or not revision:
        raise UnreadableFile(f"{file} is a backup, but not one of gridmap")
    if found[1] != target.schema:
        raise InvalidInput(
            f"The backup is of the schema {found[1]}, and the database uses {target.schema}",
            hint="Set the search_path of the role to the schema of the backup.",
        )
    if revision[1] > database.newest():
        raise Conflict(
            f"The backup has the schema {revision[1]}, "
            f"and this gridmap knows the schemas up to {database.newest()}",
            hint="It was made by a newer gridmap: install that one.",
        )
    # The schema and the extensions are there already, and only an administrator may make them.
    made_by_others = re.compile(r"^\d+; \d+ \d+ (SCHEMA|EXTENSION|COMMENT - (SCHEMA|EXTENSION)) ")
    entries = [line for line in listed.stdout.splitlines() if not made_by_others.match(line)]
    return _Contents(entries, revision[1])


def _refuse_foreign(target: _Target) -> None:
    foreign = sorted(target.tables - set(metadata.tables) - {"alembic_version"})
    if foreign:
        raise Conflict(
            f"The schema {target.schema} holds tables that are not gridmap's: {', '.join(foreign)}",
            hint="Restore into a database of its own: nothing of others is dropped.",
        )


# --- One transaction ------------------------------------------------------------------------------

_BEFORE = f"""
BEGIN;
SET LOCAL lock_timeout = '{_LOCK_S}s';
SET LOCAL client_min_messages = warning;
CREATE TEMPORARY TABLE revision_before ON COMMIT DROP AS SELECT source, revision
FROM layer_revision WITH NO DATA;
LOCK TABLE layer_revision;
INSERT INTO pg_temp.revision_before SELECT source, revision FROM layer_revision;
DO $$
DECLARE
  statement text;
  statements text[] := ARRAY(  -- all names before the first is gone
    SELECT format('DROP %s IF EXISTS %s CASCADE',
                  CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
                               WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, oid::regclass)
    FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace
      AND relkind IN ('r', 'p', 'v', 'm', 'S') AND NOT relispartition
      AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid
                      AND classid = 'pg_class'::regclass
                      AND (deptype = 'e' OR relkind = 'S' AND deptype IN ('a', 'i')))
    UNION ALL
    SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', oid::regprocedure)
    FROM pg_proc
    WHERE pronamespace = current_schema()::regnamespace
      AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid
                      AND classid = 'pg_proc'::regclass AND deptype = 'e')
  );
BEGIN
  FOREACH statement IN ARRAY statements LOOP
    EXECUTE statement;
  END LOOP;
END $$;
"""

_AFTER = """
UPDATE {schema}.layer_revision AS now
SET revision = greatest(now.revision, coalesce(before.revision, 0)) + 1,
    updated_at = clock_timestamp()
FROM {schema}.layer_revision AS same LEFT JOIN pg_temp.revision_before AS before USING (source)
WHERE same.source = now.source;
SELECT pg_notify('gridmap_layers', source || ' ' || revision) FROM {schema}.layer_revision;
COMMIT;
"""


def _load(target: _Target, file: Path, entries: Path) -> None:
    with (
        Path(os.devnull).open("wb") as nowhere,
        tempfile.TemporaryFile() as of_reader,
        tempfile.TemporaryFile() as of_writer,
    ):
        writer = target.start(
            *("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"),
            *("--set=VERBOSITY=verbose", target.address),
            said=nowhere,
            complaints=of_writer,
        )
        reader = target.start(
            *("pg_restore", "--no-owner", "--no-privileges"),
            *(f"--use-list={entries}", "--file=-", file),
            said=nowhere,
            complaints=of_reader,
        )
        try:
            refused = not _feed(target, reader, writer)
        finally:
            # Without its COMMIT, what psql was told is rolled back with its connection.
            for program in (reader, writer):
                program.kill()
                program.communicate()
        of_reader.seek(0)
        of_writer.seek(0)
        if reader.returncode > 0:
            raise UnreadableFile(
                f"{file} is broken: {_reason(of_reader.read().decode(errors='replace'))}. "
                "The present data is as it was"
            )
        if refused:
            raise _refusal(of_writer.read().decode(errors="replace"))


def _feed(
    target: _Target, reader: subprocess.Popen[bytes], writer: subprocess.Popen[bytes]
) -> bool:
    """Tell psql the whole transaction; say whether it was committed."""
    assert reader.stdout is not None
    assert writer.stdin is not None
    with contextlib.suppress(BrokenPipeError):  # psql ended: its exit status says why
        writer.stdin.write(_BEFORE.encode())
        shutil.copyfileobj(reader.stdout, writer.stdin, 2**20)
        if reader.wait() == 0:  # only now it is known that the file was whole
            writer.stdin.write(_AFTER.format(schema=target.schema).encode())
            writer.stdin.close()
            return writer.wait() == 0
    return False


def _refusal(complaints: str) -> GridmapError:
    # psql:<stdin>:1234: ERROR:  55P03: canceling statement due to lock timeout
    found = re.search(r"ERROR:\s+([0-9A-Z]{5}): (.*)", complaints)
    if not found:
        return Unavailable(f"The restore failed: {_reason(complaints)}; nothing was changed")
    state, said = found.groups()
    if state in {"55P03", "40P01"}:
        return Conflict(
            "Others use the database; nothing was changed",
            hint="Stop them, or try again when they are done.",
        )
    return of_state(state, f"{said}; nothing was changed")


def _reason(complaints: str) -> str:
    lines = [line for line in complaints.splitlines() if line.strip()]
    return lines[0].strip() if lines else "no reason given"
