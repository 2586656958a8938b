"""One cluster, several processes: started by the first, stopped by the last."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import asyncpg
import psycopg
import pytest

from gridmap.errors import Conflict
from gridmap.store import embedded
from gridmap.store.embedded import processes

Rows = Callable[[str], list[str]]
Find = Callable[[Path], int]


def test_from_nothing_to_a_usable_postgis(empty_dir: Path) -> None:
    with embedded.running(empty_dir) as url, psycopg.connect(url) as connection:
        assert connection.info.dbname == "gridmap"
        connection.execute("CREATE EXTENSION postgis")
        area = connection.execute("SELECT ST_Area(ST_MakeEnvelope(0, 0, 2, 3))").fetchone()
        assert area == (6.0,)
        # Letters are letters in Chinese too, or trigrams would not find them.
        assert connection.execute("SELECT '网格' ~ '^[[:alpha:]]+$'").fetchone() == (True,)
    assert not embedded.status(empty_dir).is_running


def test_a_warm_start_finds_what_was_there(data_dir: Path, rows: Rows) -> None:
    with embedded.running(data_dir) as url:
        assert rows(url) == ["before"]


def test_asyncpg_reads_the_same_url(data_dir: Path) -> None:
    import asyncio

    async def read(url: str) -> str:
        connection = await asyncpg.connect(url)
        try:
            return str(await connection.fetchval("SELECT said FROM kept"))
        finally:
            await connection.close()

    with embedded.running(data_dir) as url:
        assert asyncio.run(read(url)) == "before"


def test_what_is_committed_is_on_the_disk_and_memory_suits_the_map(data_dir: Path) -> None:
    with embedded.running(data_dir) as url, psycopg.connect(url) as connection:
        for name, value in {
            "fsync": "on",
            "synchronous_commit": "on",
            "full_page_writes": "on",
            "listen_addresses": "",
            "unix_socket_permissions": "0700",
            "jit": "off",
            "random_page_cost": "1.1",
            "wal_compression": "pglz",
            "default_statistics_target": "200",
            "timezone": "UTC",
            "server_encoding": "UTF8",
        }.items():
            assert connection.execute(f"SHOW {name}").fetchone() == (value,), name


def test_a_setting_of_the_operator_wins(data_dir: Path) -> None:
    with embedded.running(data_dir) as url, psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET work_mem = '7MB'")
    with embedded.running(data_dir) as url, psycopg.connect(url) as connection:
        assert connection.execute("SHOW work_mem").fetchone() == ("7MB",)


def test_variables_meant_for_another_server_do_not_disturb(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, rows: Rows
) -> None:
    for name, value in {
        "PGPORT": "6543",
        "PGHOST": "db.example",
        "PGDATABASE": "other",
        "PGUSER": "other",
        "PGDATA": "/nowhere",
    }.items():
        monkeypatch.setenv(name, value)
    with embedded.running(data_dir) as url:
        assert rows(url) == ["before"]


def test_three_cold_starts_at_once_share_one_server(
    empty_dir: Path, use: Callable[..., object], ends: Callable[[int], bool], postmaster: Find
) -> None:
    users = [use(empty_dir) for _ in range(3)]
    urls = {user.hear() for user in users}
    assert len(urls) == 1
    pid = postmaster(empty_dir)
    assert set(embedded.status(empty_dir).users) == {user.pid for user in users}
    for user in users:
        assert processes.is_alive(pid)
        user.tell()
        assert user.hear() == "left"
        assert user.wait() == 0
    assert ends(pid)


def test_the_server_stops_when_the_last_user_leaves(
    data_dir: Path, use: Callable[..., object], rows: Rows, postmaster: Find
) -> None:
    first = use(data_dir)
    url = first.hear()
    with embedded.running(data_dir) as same:
        assert same == url
        pid = postmaster(data_dir)
        first.tell()
        assert first.hear() == "left"
        assert first.wait() == 0
        assert rows(url) == ["before"]
        with embedded.running(data_dir) as again:  # twice in one process
            assert again == url
        assert postmaster(data_dir) == pid
    assert not processes.is_alive(pid)
    assert not _socket_folder(url).exists()


def test_a_killed_user_leaves_a_server_that_the_next_one_shares_and_stops(
    data_dir: Path, use: Callable[..., object], rows: Rows, postmaster: Find
) -> None:
    user = use(data_dir)
    url = user.hear()
    pid = postmaster(data_dir)
    user.kill(signal.SIGKILL)
    assert embedded.status(data_dir).users == ()
    with embedded.running(data_dir) as same:
        assert (same, postmaster(data_dir)) == (url, pid)
        assert rows(same) == ["before"]
    assert not processes.is_alive(pid)


def test_a_ctrl_c_in_one_process_leaves_the_server_to_the_others(
    data_dir: Path, use: Callable[..., object], rows: Rows, postmaster: Find
) -> None:
    first = use(data_dir, start_new_session=True)
    url = first.hear()
    with embedded.running(data_dir):
        # A terminal sends it to the whole group of the process in front.
        os.killpg(first.pid, signal.SIGINT)
        assert first.wait() != 0
        assert os.getsid(postmaster(data_dir)) != first.pid
        assert rows(url) == ["before"]


def test_a_kept_server_stays_until_it_is_stopped(data_dir: Path, postmaster: Find) -> None:
    kept = embedded.start(data_dir)
    assert kept.is_running
    assert kept.is_kept
    with embedded.running(data_dir) as url:
        assert url == kept.url
    assert postmaster(data_dir) == kept.pid
    assert embedded.start(data_dir).pid == kept.pid
    assert embedded.stop(data_dir)
    assert not embedded.stop(data_dir)
    after = embedded.status(data_dir)
    assert (after.is_running, after.is_kept, after.is_made) == (False, False, True)


def test_a_server_that_others_use_is_stopped_by_force_only_and_stays_stopped(
    data_dir: Path, use: Callable[..., object]
) -> None:
    user = use(data_dir)
    user.hear()
    with pytest.raises(Conflict, match=str(user.pid)) as refused:
        embedded.stop(data_dir)
    assert "--force" in str(refused.value.hint)
    assert embedded.status(data_dir).is_running
    assert embedded.stop(data_dir, force=True)
    # The user watches over its server, but this was no crash.
    came_back = processes.until(lambda: embedded.status(data_dir).is_running, seconds=1.5)
    assert not came_back
    user.tell()
    assert user.hear() == "left"


def test_status_starts_nothing(empty_dir: Path) -> None:
    status = embedded.status(empty_dir)
    assert (status.is_made, status.is_running, status.url, status.version) == (
        False,
        False,
        None,
        None,
    )
    assert not empty_dir.exists()


def _socket_folder(url: str) -> Path:
    return Path(str(psycopg.conninfo.conninfo_to_dict(url)["host"]))
