"""A Dask cluster of processes of its own over TCP on loopback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_DEADLINE_S = 60


@dataclass
class Cluster:
    """A scheduler and its workers."""

    address: str
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def kill_one(self) -> None:
        """End a worker as a machine that loses its power does."""
        worker = self.workers.pop(0)
        worker.send_signal(signal.SIGKILL)
        worker.wait()


@contextmanager
def running(folder: Path, *, workers: int = 2) -> Iterator[Cluster]:
    """Run a scheduler and workers, one thread each, until the end of the context."""
    about = folder / "scheduler.json"
    environment = os.environ | {"DASK_DISTRIBUTED__ADMIN__LOG_LENGTH": "0", "OMP_NUM_THREADS": "1"}
    place = ["--host", "127.0.0.1", "--no-dashboard"]
    started: list[subprocess.Popen[bytes]] = []

    def start(*command: str) -> subprocess.Popen[bytes]:
        with (folder / f"log-{len(started)}.txt").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *command],
                cwd=folder,
                env=environment,
                stdout=log,
                stderr=log,
            )
        started.append(process)
        return process

    try:
        start("scheduler", *place, "--port", "0", "--scheduler-file", str(about))
        address = _address(about, started[0])
        cluster = Cluster(address)
        for _ in range(workers):
            cluster.workers.append(
                start(
                    *("worker", address, *place, "--no-nanny", "--nthreads", "1"),
                    *("--local-directory", str(folder)),
                )
            )
        yield cluster
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _address(about: Path, scheduler: subprocess.Popen[bytes]) -> str:
    """Where the scheduler listens: it writes a file when it does."""
    deadline = time.monotonic() + _DEADLINE_S
    while time.monotonic() < deadline:
        if scheduler.poll() is not None:
            raise RuntimeError(f"the scheduler ended with {scheduler.returncode}")
        try:
            return str(json.loads(about.read_text())["address"])
        except (FileNotFoundError, json.JSONDecodeError):
            time.sleep(0.05)  # another process writes it
    raise TimeoutError("the scheduler does not start")
