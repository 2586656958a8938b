"""`gridmap db`, as somebody types it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from select import select

import psycopg
import pytest

from gridmap.store import database, embedded
from gridmap.store.embedded import processes

Run = Callable[..., subprocess.CompletedProcess[str]]

PROGRAM = (sys.executable, "-c", "from gridmap.cli.main import main; main()")


@pytest.fixture(scope="module")
def data_dir(quick_disk: Path) -> Iterator[Path]:
    """A data folder; whatever runs in it ends with the tests."""
    with tempfile.TemporaryDirectory(
        prefix="gridmap-test-", dir=quick_disk, ignore_cleanup_errors=True
    ) as name:
        Path(name).chmod(0o755)
        folder = Path(name, "data")
        yield folder
        embedded.stop(folder, force=True)


@pytest.fixture
def run(data_dir: Path) -> Run:
    """Type a command."""

    def typed(*words: object, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*PROGRAM, *map(str, words)],
            env={**os.environ, "GRIDMAP_DATA_DIR": str(data_dir), **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return typed


def told(done: subprocess.CompletedProcess[str]) -> dict[str, object]:
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_the_life_of_a_database(run: Run, data_dir: Path, tmp_path: Path) -> None:
    assert told(run("db", "status", "--json")) == {
        "kind": "embedded",
        "running": False,
        "kept": False,
        "data_folder": str(data_dir),
        "newest_revision": database.newest(),
    }
    started = told(run("db", "start", "--json"))
    assert started["running"] is True
    assert started["kept"] is True
    assert started["revision"] == database.newest()
    assert started["users"] == []
    with psycopg.connect(str(started["url"])) as connection:
        connection.execute("INSERT INTO place (key, name, meridian) VALUES ('p', '徐州', 117)")

    assert told(run("db", "upgrade", "--json")) == {"revision": database.newest()}
    file = tmp_path / "b.dump"
    assert told(run("db", "backup", file, "--json"))["bytes"] == file.stat().st_size

    refused = run("db", "restore", file)
    assert refused.returncode == 1
    assert "not empty" in refused.stderr
    assert "--replace" in refused.stderr
    assert refused.stdout == ""
    assert told(run("db", "restore", file, "--replace", "--json"))["revision"] == database.newest()

    status = told(run("db", "status", "--json"))
    assert status["process"] == started["process"]
    assert run("db", "stop").stdout == "The database is stopped.\n"
    assert run("db", "stop").stdout == "The database was not running.\n"
    assert not processes.is_alive(int(str(started["process"])))


def test_status_for_people_has_no_braces(run: Run) -> None:
    said = run("db", "status").stdout
    assert "running" in said
    assert "{" not in said


def test_a_command_starts_the_database_and_stops_it_again(run: Run, data_dir: Path) -> None:
    assert run("db", "upgrade").returncode == 0
    assert not embedded.status(data_dir).is_running


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_command_that_is_ended_stops_its_database(data_dir: Path, number: signal.Signals) -> None:
    code = """if True:
        import os, sys
        from gridmap.cli.session import open_database
        from gridmap.settings import read_settings

        with open_database(read_settings(os.environ)):
            print("up", flush=True)
            sys.stdin.readline()
    """
    with subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, "GRIDMAP_DATA_DIR": str(data_dir)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert select([process.stdout], [], [], 60)[0]
        assert process.stdout.readline() == "up\n"
        assert embedded.status(data_dir).users == (process.pid,)
        process.send_signal(number)
        assert process.wait(60) != 0
    assert not embedded.status(data_dir).is_running


def test_a_file_that_is_no_backup_ends_in_one_message(run: Run, tmp_path: Path) -> None:
    (tmp_path / "b").write_text("nothing of the kind")
    done = run("db", "restore", tmp_path / "b", "--replace")
    assert done.returncode == 1
    assert "gridmap: " in done.stderr
    assert "is no backup" in done.stderr
    assert "Traceback" not in done.stderr


# --- With the server of somebody else -------------------------------------------------------------


def test_the_same_commands_work_on_another_server(
    run: Run, database_url: str, tmp_path: Path
) -> None:
    status = told(run("db", "status", "--json", GRIDMAP_DATABASE_URL=database_url))
    assert status["kind"] == "server"
    assert status["revision"] == database.newest()
    done = run("db", "backup", tmp_path / "b", GRIDMAP_DATABASE_URL=database_url)
    assert done.returncode == 0, done.stderr
    done = run("db", "restore", tmp_path / "b", GRIDMAP_DATABASE_URL=database_url)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("verb", ["start", "stop"])
def test_another_server_is_not_ours_to_start_or_stop(
    run: Run, database_url: str, verb: str
) -> None:
    done = run("db", verb, GRIDMAP_DATABASE_URL=database_url)
    assert done.returncode == 1
    assert "GRIDMAP_DATABASE_URL is set" in done.stderr


def test_a_server_that_is_not_there_is_told_without_the_password(run: Run) -> None:
    done = run("db", "upgrade", GRIDMAP_DATABASE_URL="postgresql://u:hunter2@127.0.0.1:1/db")
    assert done.returncode == 1
    assert "No database server answers" in done.stderr
    assert "hunter2" not in done.stderr + done.stdout


def test_a_wrong_setting_is_told_before_anything_is_touched(run: Run, data_dir: Path) -> None:
    done = run("db", "status", GRIDMAP_PROT="1")
    assert done.returncode == 1
    assert "GRIDMAP_PROT: unknown setting" in done.stderr
