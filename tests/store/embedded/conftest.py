"""Clusters that are really started, killed and recovered, each in a data folder of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from select import select

import psycopg
import pytest

from gridmap.store import embedded
from gridmap.store.embedded import processes

DEADLINE_S = 60


@pytest.fixture
def empty_dir(quick_disk: Path) -> Iterator[Path]:
    """A data folder in which nothing is made yet; whatever runs in it ends with the test."""
    with tempfile.TemporaryDirectory(
        prefix="gridmap-test-", dir=quick_disk, ignore_cleanup_errors=True
    ) as name:
        # As a folder of pytest's would not be: open to the server's user.
        Path(name).chmod(0o755)
        data_dir = Path(name, "data")
        yield data_dir
        embedded.stop(data_dir, force=True)


@pytest.fixture(scope="session")
def made_once(quick_disk: Path) -> Iterator[Path]:
    """A cluster with one table and one committed row, not running."""
    with tempfile.TemporaryDirectory(
        prefix="gridmap-test-", dir=quick_disk, ignore_cleanup_errors=True
    ) as name:
        Path(name).chmod(0o755)
        data_dir = Path(name, "data")
        with (
            embedded.running(data_dir) as url,
            psycopg.connect(url) as connection,
        ):
            connection.execute("CREATE TABLE kept (said text)")
            connection.execute("INSERT INTO kept VALUES ('before')")
        yield data_dir


@pytest.fixture
def data_dir(empty_dir: Path, made_once: Path) -> Path:
    """A copy of that cluster, for one test."""
    subprocess.run(["cp", "-a", made_once, empty_dir], check=True)
    return empty_dir


class Process:
    """Another process of gridmap; it says things by lines and is told things by lines."""

    def __init__(self, code: str, *arguments: object, **options: object) -> None:
        self.popen = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            bufsize=1,
            **options,  # type: ignore[call-overload]
        )
        self.pid = self.popen.pid

    def hear(self) -> str:
        """The next line that it says."""
        assert self.popen.stdout is not None
        ready, _, _ = select([self.popen.stdout], [], [], DEADLINE_S)
        assert ready, "it says nothing"
        line = self.popen.stdout.readline()
        return str(line).rstrip("\n")

    def tell(self, line: str = "") -> None:
        """Say a line to it."""
        assert self.popen.stdin is not None
        self.popen.stdin.write(f"{line}\n")

    def kill(self, number: signal.Signals = signal.SIGKILL) -> int:
        """End it and wait for it."""
        self.popen.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        """Wait until it ends."""
        return self.popen.wait(DEADLINE_S)

    def close(self) -> None:
        """End it in any case and close what connects us."""
        if self.popen.poll() is None:
            self.popen.send_signal(signal.SIGCONT)
            self.popen.kill()
            self.popen.wait()
        for stream in (self.popen.stdin, self.popen.stdout):
            if stream is not None:
                stream.close()


Start = Callable[..., Process]

USE = """
    import sys
    from pathlib import Path
    from gridmap.store import embedded

    with embedded.running(Path(sys.argv[1])) as url:
        print(url, flush=True)
        sys.stdin.readline()
    print("left", flush=True)
"""


@pytest.fixture
def start() -> Iterator[Start]:
    """Start other processes; none of them outlives the test."""
    started: list[Process] = []

    def run(code: str, *arguments: object, **options: object) -> Process:
        started.append(Process(code, *arguments, **options))
        return started[-1]

    yield run
    for process in started:
        process.close()


@pytest.fixture
def use(start: Start) -> Callable[..., Process]:
    """Start a process that uses the cluster of a data folder until it is told a line."""

    def run(data_dir: Path, **options: object) -> Process:
        return start(USE, data_dir, **options)

    return run


@pytest.fixture
def as_root() -> None:
    """For tests about root and another user."""
    if os.geteuid() != 0:
        pytest.skip("only root can act for another user")


@pytest.fixture
def tiny_disk() -> Iterator[Path]:
    """A file system of 8 MB."""
    with tempfile.TemporaryDirectory(prefix="gridmap-test-") as name:
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=8m,mode=755", "tmpfs", name],
            check=False,
            capture_output=True,
        )
        if mounted.returncode:
            pytest.skip("no right to mount a file system here")
        yield Path(name)
        subprocess.run(["umount", name], check=True)


@pytest.fixture
def rows() -> Callable[[str], list[str]]:
    """Read what is in the table of `made_once`."""

    def read(url: str) -> list[str]:
        with psycopg.connect(url, connect_timeout=5) as connection:
            return [said for (said,) in connection.execute("SELECT said FROM kept ORDER BY said")]

    return read


@pytest.fixture
def postmaster() -> Callable[[Path], int]:
    """Find the process id of the server that runs."""

    def find(data_dir: Path) -> int:
        pid = embedded.status(data_dir).pid
        assert pid is not None
        return pid

    return find


@pytest.fixture
def ends() -> Callable[[int], bool]:
    """Say whether a process ends in time."""
    return lambda pid: processes.until(lambda: not processes.is_alive(pid), seconds=DEADLINE_S)
