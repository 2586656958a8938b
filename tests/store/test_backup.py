"""A backup holds everything; a restore puts all of it back, or changes nothing."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from gridmap.errors import Conflict, GridmapError, InvalidInput, UnreadableFile
from gridmap.store import backup, database
from gridmap.store.embedded import processes
from gridmap.store.tables import metadata

SQUARE = "ST_Multi(ST_MakeEnvelope(117, 34, 117.01, 34.01, 4326))"
ROWS = (
    "INSERT INTO place (key, code, name, meridian) VALUES ('p', '320300000000', '徐州', 117)",
    f"""INSERT INTO territory (place, code, name, kind, geom)
        VALUES ('p', '320302001001', '社区 ''\\N''', 'community', {SQUARE})""",
    """INSERT INTO street (place, name, geom) VALUES ('p', '淮海路',
       'SRID=4326;MULTILINESTRING((117 34, 117.0000000001 34.1))')""",
    """INSERT INTO water (place, geom) VALUES ('p', 'SRID=4326;LINESTRING(117 34, 118 35)')""",
    f"INSERT INTO land_use (place, kind, geom) VALUES ('p', 'park', {SQUARE})",
    f"""INSERT INTO building (place, code, name, households, properties, geom)
        SELECT 'p', n, E'楼\\t' || n, n % 7, jsonb_build_object('n', n, 'text', E'a\\nb'), {SQUARE}
        FROM generate_series(1, 3000) AS n""",
    "INSERT INTO unit (building_id, number) SELECT id, 1 FROM building",
    """INSERT INTO resource_point (place, name, category, services, geom)
       VALUES ('p', '派出所', 'police-post', '{"a b","c,d"}', 'SRID=4326;POINT(117 34)')""",
    """INSERT INTO network (place, territory_id, key, name, levels)
       SELECT 'p', id, 'governance', '综治网', '[]' FROM territory""",
    """INSERT INTO plan (network_id, name, state, valid, author)
       SELECT id, 'first', 'published', '[2026-01-01,)', 'a' FROM network""",
    """INSERT INTO atom (territory_id, geom)
       SELECT id, ST_GeometryN(geom, 1) FROM territory""",
    f"""INSERT INTO grid (plan_id, place, network, level, lowest, code, name, geom)
        SELECT id, 'p', 'governance', 2, true, '320302001001001', '一网格', {SQUARE} FROM plan""",
    """INSERT INTO plan_atom (plan_id, atom_id, grid_id)
       SELECT plan.id, atom.id, grid.id FROM plan, atom, grid""",
    "INSERT INTO role (key, name, name_en) VALUES ('grid-worker', '网格员', 'grid worker')",
    """INSERT INTO staff (place, code, name, roles, geom)
       VALUES ('p', 's1', '张三', '{grid-worker}', 'SRID=4326;POINT(117 34)')""",
    """INSERT INTO assignment (staff_id, role, grid_id, full_time)
       SELECT staff.id, 'grid-worker', grid.id, true FROM staff, grid""",
    """INSERT INTO incident (place, category, reported_at, geom)
       SELECT 'p', 'dispute', '2026-01-01'::timestamptz + n * interval '1 day',
              ST_SetSRID(ST_MakePoint(117 + n / 1e7, 34), 4326) FROM generate_series(1, 400) AS n""",
    """INSERT INTO dispatch_event (incident_id, incident_reported_at, actor, state)
       SELECT id, reported_at, 'a', 'accepted' FROM incident LIMIT 3""",
    "INSERT INTO audit (actor, action, noun) VALUES ('a', 'b', 'c')",
)

# They go on from the higher number, and never back.
COUNTERS = {"layer_revision", "layer_change"}


@pytest.fixture
def filled(make_database: Callable[..., str]) -> str:
    """A database with rows in most tables."""
    url = make_database()
    with psycopg.connect(url) as connection:
        for statement in ROWS:
            connection.execute(statement)
    return url


def content(url: str) -> dict[str, str]:
    """A hash of the rows of every table, and of the schema itself."""
    found = {}
    with psycopg.connect(url) as connection:
        for name in sorted(set(metadata.tables) - COUNTERS):
            statement = f"""SELECT count(*) || ' ' || coalesce(md5(
                string_agg(row::text, '\n' ORDER BY row::text)), '') FROM "{name}" AS row"""
            found[name] = connection.execute(statement).fetchone()[0]
        found["objects"] = connection.execute("""
            SELECT md5(string_agg(said, '\n' ORDER BY said)) FROM (
              SELECT indexdef AS said FROM pg_indexes WHERE schemaname = 'public'
              UNION ALL SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint
                        WHERE connamespace = 'public'::regnamespace
              UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
              UNION ALL SELECT oid::regprocedure || prosrc FROM pg_proc WHERE prolang =
                        (SELECT oid FROM pg_language WHERE lanname = 'plpgsql')
                        AND pronamespace = 'public'::regnamespace AND proname NOT LIKE '%st\\_%'
            ) AS everything""").fetchone()[0]
    return found


def revisions(url: str) -> dict[str, int]:
    with psycopg.connect(url) as connection:
        return dict(connection.execute("SELECT source, revision FROM layer_revision").fetchall())


def test_a_restored_database_is_the_same_in_every_table(
    filled: str, make_database: Callable[..., str], tmp_path: Path
) -> None:
    file = tmp_path / "城 1.dump"
    made = backup.backup(filled, file)
    assert made.size == file.stat().st_size
    assert made.revision == database.newest()
    empty = make_database()
    backup.restore(empty, file)
    assert content(empty) == content(filled)
    # And it goes on: identities continue, triggers fire, constraints hold.
    before = revisions(empty)["water"]
    with psycopg.connect(empty) as connection:
        connection.execute("INSERT INTO water (geom) SELECT geom FROM water")
    assert revisions(empty)["water"] == before + 1
    with (
        psycopg.connect(empty) as connection,
        pytest.raises(psycopg.IntegrityError, match="append-only"),
    ):
        connection.execute("DELETE FROM audit")


def test_a_backup_is_for_its_owner_only(filled: str, tmp_path: Path) -> None:
    backup.backup(filled, tmp_path / "b")
    assert stat.S_IMODE((tmp_path / "b").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["b"]


def test_a_backup_into_no_folder_is_refused(filled: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be written"):
        backup.backup(filled, tmp_path / "nowhere" / "b")


def test_a_database_with_rows_is_replaced_only_when_that_is_said(
    filled: str, make_database: Callable[..., str], tmp_path: Path
) -> None:
    backup.backup(make_database(), tmp_path / "empty.dump")
    backup.backup(filled, tmp_path / "filled.dump")
    before = content(filled)
    with pytest.raises(Conflict, match="not empty: there are rows in assignment") as refused:
        backup.restore(filled, tmp_path / "empty.dump")
    assert "--replace" in str(refused.value.hint)
    assert content(filled) == before
    backup.restore(filled, tmp_path / "empty.dump", replace=True)
    assert content(filled)["building"] == "0 "
    backup.restore(filled, tmp_path / "filled.dump")
    assert content(filled) == before


def test_revisions_of_layers_only_rise_and_are_announced(filled: str, tmp_path: Path) -> None:
    backup.backup(filled, tmp_path / "b")
    with psycopg.connect(filled) as connection:
        connection.execute("UPDATE layer_revision SET revision = 1000 WHERE source = 'water'")
    before = revisions(filled)
    with psycopg.connect(filled, autocommit=True) as listener:
        listener.execute("LISTEN gridmap_layers")
        backup.restore(filled, tmp_path / "b", replace=True)
        heard = {note.payload for note in listener.notifies(timeout=10, stop_after=len(before))}
    after = revisions(filled)
    assert after["water"] == 1001
    assert all(after[source] > before[source] for source in before)
    assert heard == {f"{source} {revision}" for source, revision in after.items()}


def test_a_backup_of_an_older_schema_is_upgraded(
    make_database: Callable[..., str], cluster_url: str, tmp_path: Path
) -> None:
    name = sa.make_url(make_database()).database
    with psycopg.connect(cluster_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS older")
        connection.execute("CREATE DATABASE older")
    older = sa.make_url(cluster_url).set(database="older").render_as_string()
    engine = database.connect_engine(older)
    database.upgrade(engine, "0002")
    with engine.begin() as connection:
        connection.execute(sa.text(ROWS[0]))
    engine.dispose()
    assert backup.backup(older, tmp_path / "b").revision == "0002"
    newest = sa.make_url(cluster_url).set(database=name).render_as_string()
    backup.restore(newest, tmp_path / "b")
    assert database.describe(newest)["revision"] == database.newest()
    with psycopg.connect(newest) as connection:
        assert connection.execute("SELECT key FROM place").fetchall() == [("p",)]


# --- Files that are not whole, and databases that are not free ------------------------------------


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda whole: whole[: len(whole) * 9 // 10], "is broken"),
        (lambda whole: whole[:-200] + bytes(200), "is broken"),
        (lambda whole: whole[:1000], "is no backup"),
        (lambda _: b"", "is no backup"),
        (lambda _: b"-- PostgreSQL database dump\nDROP TABLE place CASCADE;\n", "is no backup"),
    ],
    ids=["cut off", "zeros at the end", "a thousand bytes", "empty", "SQL"],
)
def test_a_broken_file_leaves_the_present_data_as_they_were(
    filled: str, tmp_path: Path, spoil: Callable[[bytes], bytes], said: str
) -> None:
    backup.backup(filled, tmp_path / "whole")
    broken = tmp_path / "broken"
    broken.write_bytes(spoil((tmp_path / "whole").read_bytes()))
    before = content(filled), revisions(filled)
    with pytest.raises(UnreadableFile, match=said):
        backup.restore(filled, broken, replace=True)
    assert (content(filled), revisions(filled)) == before


def test_a_file_that_is_not_there_is_told(filled: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="no file"):
        backup.restore(filled, tmp_path / "nothing", replace=True)


def test_a_backup_of_something_else_is_refused(
    filled: str, cluster_url: str, tmp_path: Path
) -> None:
    other = sa.make_url(cluster_url).set(database="postgres").render_as_string()
    backup.backup(other, tmp_path / "other")
    with pytest.raises(UnreadableFile, match="not one of gridmap"):
        backup.restore(filled, tmp_path / "other", replace=True)


def test_a_backup_of_a_newer_gridmap_is_refused(
    filled: str, make_database: Callable[..., str], tmp_path: Path
) -> None:
    newer = make_database()
    with psycopg.connect(newer) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    backup.backup(newer, tmp_path / "newer")
    before = content(filled)
    with pytest.raises(Conflict, match="9999"):
        backup.restore(filled, tmp_path / "newer", replace=True)
    assert content(filled) == before


def test_tables_of_others_are_never_dropped(filled: str, tmp_path: Path) -> None:
    backup.backup(filled, tmp_path / "b")
    with psycopg.connect(filled) as connection:
        connection.execute("CREATE TABLE of_another_program (id integer)")
    with pytest.raises(Conflict, match="of_another_program"):
        backup.restore(filled, tmp_path / "b", replace=True)


def test_a_database_in_use_is_left_alone(
    filled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup.backup(filled, tmp_path / "b")
    before = content(filled)
    monkeypatch.setattr(backup, "_BEFORE", backup._BEFORE.replace("10s", "100ms"))
    with psycopg.connect(filled) as reader:
        reader.execute("SELECT count(*) FROM building")
        with pytest.raises(Conflict, match="Others use the database"):
            backup.restore(filled, tmp_path / "b", replace=True)
    assert content(filled) == before


def test_a_restore_that_is_killed_changes_nothing(filled: str, tmp_path: Path) -> None:
    backup.backup(filled, tmp_path / "b")
    before = content(filled)
    code = """
        import os, shutil, signal, sys
        from pathlib import Path
        from gridmap.store import backup

        copy = shutil.copyfileobj
        def copy_and_die(source, target, length):
            copy(source, target, length)
            target.flush()
            os.kill(os.getpid(), signal.SIGKILL)

        shutil.copyfileobj = copy_and_die
        backup.restore(sys.argv[1], Path(sys.argv[2]), replace=True)
    """
    killed = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), filled, tmp_path / "b"], check=False
    )
    assert killed.returncode == -signal.SIGKILL
    with psycopg.connect(filled, autocommit=True) as connection:
        others = """SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid()
                    AND backend_type = 'client backend'"""
        assert processes.until(lambda: connection.execute(others).fetchone() == (0,), seconds=30)
    assert content(filled) == before


def test_a_password_is_not_among_the_arguments(filled: str) -> None:
    url = sa.make_url(filled).set(password="hunter2").render_as_string(hide_password=False)
    target = backup._Target(url)
    assert "hunter2" not in " ".join(target.command("pg_dump", target.address))


def test_programs_that_fail_are_quoted(filled: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGOPTIONS", "-c no_such_setting=1")
    with pytest.raises(GridmapError, match="no_such_setting"):
        backup.backup(filled, Path(os.devnull).with_name("gridmap-no-such-device"))
