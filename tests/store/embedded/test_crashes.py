"""`kill -9` of anything: what was committed is there, and the next start works."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import psycopg
import pytest

from gridmap.errors import EngineMissing, Unavailable
from gridmap.store import embedded
from gridmap.store.embedded import processes

Rows = Callable[[str], list[str]]
Find = Callable[[Path], int]
Ends = Callable[[int], bool]

BUSY = """
    import sys, psycopg
    connection = psycopg.connect(sys.argv[1], autocommit=True)
    print(connection.info.backend_pid, flush=True)
    try:
        connection.execute("SELECT count(*) FROM generate_series(1, 1000000000000)")
    except psycopg.OperationalError:
        print("lost", flush=True)
"""


def insert(url: str, said: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO kept VALUES (%s)", (said,))


def answers(url: str, seconds: float = 10) -> bool:
    """Say whether the server answers (again) in time."""

    def asked() -> bool:
        try:
            with psycopg.connect(url, connect_timeout=5) as connection:
                return connection.execute("SELECT 1").fetchone() == (1,)
        except psycopg.OperationalError:
            return False

    return processes.until(asked, seconds=seconds)


@pytest.fixture
def killed_while_busy(
    data_dir: Path, use: Callable[..., object], start: Callable[..., object], postmaster: Find
) -> Iterator[int]:
    """A cluster whose users and postmaster were killed while a backend was busy: that one's pid."""
    user = use(data_dir)
    url = user.hear()
    insert(url, "acknowledged")
    busy = start(BUSY, url)
    orphan = int(busy.hear())
    running = f"SELECT state FROM pg_stat_activity WHERE pid = {orphan}"
    with psycopg.connect(url, autocommit=True) as connection:
        assert processes.until(
            lambda: connection.execute(running).fetchone() == ("active",), seconds=10
        )
    user.kill(signal.SIGKILL)
    os.kill(postmaster(data_dir), signal.SIGKILL)
    return orphan


def test_a_killed_postmaster_is_started_again_under_its_users(
    data_dir: Path, rows: Rows, postmaster: Find
) -> None:
    with embedded.running(data_dir) as url:
        insert(url, "acknowledged")
        before = postmaster(data_dir)
        os.kill(before, signal.SIGKILL)
        at = monotonic()
        assert processes.until(lambda: not processes.is_alive(before), seconds=5)
        assert answers(url)
        assert monotonic() - at < 10
        assert rows(url) == ["acknowledged", "before"]
        assert postmaster(data_dir) != before
    assert not embedded.status(data_dir).is_running


def test_an_orphan_that_holds_the_memory_does_not_block_a_restart(
    data_dir: Path, killed_while_busy: int, rows: Rows
) -> None:
    assert processes.is_alive(killed_while_busy)
    at = monotonic()
    with embedded.running(data_dir) as url:
        assert monotonic() - at < 10
        assert not processes.is_alive(killed_while_busy)
        assert rows(url) == ["acknowledged", "before"]


def test_a_stop_ends_orphans_too(data_dir: Path, killed_while_busy: int) -> None:
    embedded.stop(data_dir)
    assert not processes.is_alive(killed_while_busy)


def test_a_killed_backend_takes_nothing_along(data_dir: Path, rows: Rows, postmaster: Find) -> None:
    with embedded.running(data_dir) as url:
        insert(url, "acknowledged")
        with psycopg.connect(url) as connection:
            connection.execute("INSERT INTO kept VALUES ('not committed')")
            os.kill(connection.info.backend_pid, signal.SIGKILL)
            with pytest.raises(psycopg.OperationalError):
                connection.execute("SELECT 1")
        before = postmaster(data_dir)
        assert answers(url)
        assert rows(url) == ["acknowledged", "before"]
        assert postmaster(data_dir) == before


def test_a_postmaster_that_is_a_zombie_does_not_block_a_restart(
    data_dir: Path, use: Callable[..., object], rows: Rows, postmaster: Find
) -> None:
    parent = use(data_dir)
    parent.hear()
    zombie = postmaster(data_dir)
    # Its parent cannot fetch its exit status, as an init that reaps nobody.
    os.kill(parent.pid, signal.SIGSTOP)
    os.kill(zombie, signal.SIGKILL)
    assert processes.until(lambda: not processes.is_alive(zombie), seconds=5)
    os.kill(zombie, 0)  # it still answers, and so does its number in postmaster.pid
    with embedded.running(data_dir) as url:
        assert rows(url) == ["before"]
        os.kill(zombie, 0)
        os.kill(parent.pid, signal.SIGCONT)
        parent.tell()
        assert parent.hear() == "left"
        assert rows(url) == ["before"]


def test_a_pid_file_with_the_number_of_a_stranger_does_not_block_a_restart(
    data_dir: Path, use: Callable[..., object], rows: Rows, postmaster: Find, ends: Ends
) -> None:
    user = use(data_dir)
    user.hear()
    user.kill(signal.SIGKILL)
    killed = postmaster(data_dir)
    os.kill(killed, signal.SIGKILL)
    assert ends(killed)
    # After a reboot, or in a new container, small numbers belong to others.
    file = data_dir / "cluster" / "postmaster.pid"
    file.write_text(file.read_text().replace(str(killed), str(os.getpid()), 1))
    with embedded.running(data_dir) as url:
        assert rows(url) == ["before"]


def test_a_user_killed_in_initdb_leaves_nothing_that_disturbs(
    empty_dir: Path, use: Callable[..., object]
) -> None:
    user = use(empty_dir)
    begun = empty_dir / "cluster.building" / "PG_VERSION"
    assert processes.until(begun.exists, seconds=30)
    user.kill(signal.SIGKILL)  # initdb itself goes on
    with embedded.running(empty_dir) as url, psycopg.connect(url) as connection:
        assert connection.info.dbname == "gridmap"
    assert not (empty_dir / "cluster.building").exists()


def test_a_user_killed_before_the_cluster_was_ready_leaves_it_to_be_made_again(
    empty_dir: Path, start: Callable[..., object]
) -> None:
    killed = start(
        """
        import os, signal, sys
        from pathlib import Path
        from gridmap.store import embedded
        from gridmap.store.embedded.server import Server

        Server._configure = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        with embedded.running(Path(sys.argv[1])):
            pass
        """,
        empty_dir,
    )
    assert killed.wait() == -signal.SIGKILL
    assert (empty_dir / "cluster.building" / "PG_VERSION").exists()
    assert not (empty_dir / "cluster").exists()
    with embedded.running(empty_dir) as url:
        assert answers(url)
    assert not (empty_dir / "cluster.building").exists()


def test_a_user_killed_before_the_database_was_made_leaves_it_to_be_made(
    empty_dir: Path, start: Callable[..., object]
) -> None:
    killed = start(
        """
        import os, signal, sys
        from pathlib import Path
        from gridmap.store import embedded
        from gridmap.store.embedded.server import Server

        Server._make_database = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        with embedded.running(Path(sys.argv[1])):
            pass
        """,
        empty_dir,
    )
    assert killed.wait() == -signal.SIGKILL
    with embedded.running(empty_dir) as url:
        assert answers(url, seconds=1)


def test_a_cluster_that_was_ready_is_never_thrown_away(data_dir: Path, rows: Rows) -> None:
    version = data_dir / "cluster" / "PG_VERSION"
    version.rename(data_dir / "elsewhere")
    with pytest.raises(Unavailable, match="nothing was touched"), embedded.running(data_dir):
        pass
    (data_dir / "elsewhere").rename(version)
    with embedded.running(data_dir) as url:
        assert rows(url) == ["before"]


def test_data_of_another_major_version_are_refused_and_left_alone(
    data_dir: Path, rows: Rows
) -> None:
    version = data_dir / "cluster" / "PG_VERSION"
    made_by = version.read_text()
    version.write_text("12\n")
    with (
        pytest.raises(EngineMissing, match="written by PostgreSQL 12") as refused,
        embedded.running(data_dir),
    ):
        pass
    assert "postgresql-12-postgis-3" in str(refused.value.hint)
    version.write_text(made_by)
    with embedded.running(data_dir) as url:
        assert rows(url) == ["before"]


def test_a_test_cluster_ends_with_its_process_even_when_that_is_killed(
    data_dir: Path, start: Callable[..., object], postmaster: Find, ends: Ends
) -> None:
    testing = start(
        """
        import sys
        from pathlib import Path
        from gridmap.store import embedded

        with embedded.running(Path(sys.argv[1]), durable=False) as url:
            print(url, flush=True)
            sys.stdin.readline()
        """,
        data_dir,
    )
    url = testing.hear()
    with psycopg.connect(url) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("off",)
    pid = postmaster(data_dir)
    testing.kill(signal.SIGKILL)
    assert ends(pid)
