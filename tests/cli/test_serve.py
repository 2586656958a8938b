"""`gridmap serve` as a process: what it says, how it stops, what it refuses."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from gridmap.cli.serve import is_loopback, refuse_open_door
from gridmap.errors import InvalidInput, NotAllowed
from gridmap.settings import Settings

GRIDMAP = str(Path(sys.executable).with_name("gridmap"))


@dataclass
class Serving:
    process: subprocess.Popen[str]
    url: str

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        """End it, and give its status and the rest of what it said."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out, err


def start(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GRIDMAP_")}
    return subprocess.Popen(
        [GRIDMAP, "serve", *arguments],
        env={**kept, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def serving(*arguments: str, **environment: str) -> Iterator[Serving]:
    process = start("--port", "0", *arguments, **environment)
    assert process.stdout
    try:
        line = process.stdout.readline()
        found = re.fullmatch(r"gridmap serves (http://\S+) \(Ctrl-C stops it\)\n", line)
        assert found, line + (process.stderr.read() if process.stderr else "")
        yield Serving(process, found[1])
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def until(found: Callable[[], bool], most_s: float = 60) -> None:
    deadline = time.monotonic() + most_s
    while not found():
        assert time.monotonic() < deadline, "it does not happen"


def answers(url: str, path: str = "/readyz") -> bool:
    with contextlib.suppress(httpx.TransportError):
        return httpx.get(url + path, timeout=10).status_code == 200
    return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_says_where_it_serves_and_that_it_has_stopped_and_nothing_else(
    database_url: str, tmp_path: Path, number: int
) -> None:
    with serving(GRIDMAP_DATABASE_URL=database_url, GRIDMAP_DATA_DIR=str(tmp_path)) as server:
        # Ready when it says so: not a moment later.
        assert httpx.get(f"{server.url}/readyz").status_code == 200
        assert httpx.get(f"{server.url}/tiles/grids/1/1/0.mvt").status_code == 204
        assert httpx.get(f"{server.url}/no-such-thing").status_code == 404
        assert server.stop(number) == (0, "gridmap has stopped\n", "")


def test_a_connection_that_stays_open_does_not_keep_it(database_url: str, tmp_path: Path) -> None:
    with (
        serving(GRIDMAP_DATABASE_URL=database_url, GRIDMAP_DATA_DIR=str(tmp_path)) as server,
        httpx.Client(base_url=server.url) as client,
    ):
        client.get("/healthz")
        began = time.monotonic()
        assert server.stop()[0] == 0
        assert time.monotonic() - began < 5


def test_a_port_that_is_taken_is_said_at_once(database_url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = start("--port", str(port), GRIDMAP_DATABASE_URL=database_url)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert out == ""
    assert err == (
        f"gridmap: Another program listens on port {port} of 127.0.0.1\n"
        f"Stop it, or choose another port: gridmap serve --port {port + 1}\n"
    )


def test_a_host_that_is_not_this_machine_is_refused() -> None:
    process = start("--host", "192.0.2.1", "--port", "0", GRIDMAP_TOKEN="x")
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "192.0.2.1" in err
    assert "Traceback" not in err


def test_an_open_door_needs_a_token(database_url: str, tmp_path: Path) -> None:
    environment = {"GRIDMAP_DATABASE_URL": database_url, "GRIDMAP_DATA_DIR": str(tmp_path)}
    process = start("--host", "0.0.0.0", "--port", "0", **environment)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "export GRIDMAP_TOKEN=" in err
    assert "--host 127.0.0.1" in err
    with serving("--host", "0.0.0.0", GRIDMAP_TOKEN="t0ken", **environment) as server:
        url = server.url.replace("0.0.0.0", "127.0.0.1")
        assert httpx.post(f"{url}/plans", json={}).status_code == 401
        assert httpx.get(f"{url}/healthz").status_code == 200


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_this_machine_itself_needs_no_token(host: str, tmp_path: Path) -> None:
    assert is_loopback(host)
    refuse_open_door(Settings(data_dir=tmp_path, host=host))


@pytest.mark.parametrize("host", ["", "0.0.0.0", "::", "10.0.0.1", "0"])
def test_every_other_address_does(host: str, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        refuse_open_door(Settings(data_dir=tmp_path, host=host))
    refuse_open_door(Settings(data_dir=tmp_path, host=host, token="t"))


def test_a_host_without_an_address_is_an_error_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        refuse_open_door(Settings(data_dir=tmp_path, host="no.such.host.invalid"))


# --- Several workers ------------------------------------------------------------------------------


def children(pid: int) -> set[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {int(each) for each in found if b"spawn_main" in command_of(each)}


def command_of(pid: str) -> bytes:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_workers_share_the_port_count_together_and_are_replaced(
    database_url: str, tmp_path: Path
) -> None:
    environment = {"GRIDMAP_DATABASE_URL": database_url, "GRIDMAP_DATA_DIR": str(tmp_path)}
    with serving("--workers", "2", **environment) as server:
        workers = children(server.process.pid)
        assert len(workers) == 2
        for column in range(40):
            httpx.get(f"{server.url}/tiles/grids/14/{column}/0.mvt")  # a connection for each

        def counted() -> float:
            text = httpx.get(f"{server.url}/metrics").text
            found = re.search(r'_count\{route="tile",status="204"\} (\S+)', text)
            return float(found[1]) if found else 0

        until(lambda: counted() == 40)
        os.kill(min(workers), signal.SIGKILL)
        until(lambda: len(children(server.process.pid) - {min(workers)}) == 2)
        until(lambda: answers(server.url))
        status, out, err = server.stop()
        assert (status, out) == (0, "gridmap has stopped\n")
        assert "Traceback" not in err


def test_workers_do_not_outlive_the_process_that_started_them(
    database_url: str, tmp_path: Path
) -> None:
    environment = {"GRIDMAP_DATABASE_URL": database_url, "GRIDMAP_DATA_DIR": str(tmp_path)}
    with serving("--workers", "2", **environment) as server:
        workers = children(server.process.pid)
        server.process.kill()
        until(lambda: not any(map(is_running, workers)))
        port = server.url.rpartition(":")[2]
    with serving("--port", port, **environment) as server:
        assert answers(server.url)


# --- With the embedded database -------------------------------------------------------------------


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that the user of the database server may enter; those of pytest are closed."""
    with tempfile.TemporaryDirectory(prefix="gridmap-test-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_it_comes_back_by_itself_when_its_database_is_killed(open_folder: Path) -> None:
    data_dir = open_folder / "data"
    with serving(GRIDMAP_DATA_DIR=str(data_dir)) as server:
        pid_file = data_dir / "cluster" / "postmaster.pid"
        first = int(pid_file.read_text().split()[0])
        assert httpx.get(f"{server.url}/tiles/grids/1/1/0.mvt").status_code == 204
        os.kill(first, signal.SIGKILL)
        # Never a 500: a problem that says try again, until it works again.
        column, deadline = 0, time.monotonic() + 20  # 10 on a machine that has time
        while True:
            answer = httpx.get(f"{server.url}/tiles/grids/18/{column}/0.mvt", timeout=10)
            if answer.status_code == 204 and answer.headers["etag"] and answers(server.url):
                break
            assert answer.status_code in {204, 503}
            assert time.monotonic() < deadline, "it does not come back"
            column += 1
        second = int(pid_file.read_text().split()[0])
        assert second != first
        status, out, err = server.stop()
        assert (status, out) == (0, "gridmap has stopped\n")
        assert "Traceback" not in err
        assert not is_running(second)
