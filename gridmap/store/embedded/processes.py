"""Processes of the machine: who lives, who works in which folder, who holds a lock."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from pathlib import Path

_PROC = Path("/proc")
_POLL_S = 0.01


def until(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Wait for a condition; say whether it came true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_S)
    return True


def is_alive(pid: int) -> bool:
    """Say whether a process runs; a zombie does not, although it still answers to `kill(pid, 0)`.

    Under a container's init that reaps nobody, zombies stay for ever.
    """
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return _state(pid) not in {"Z", "X", ""}


def _state(pid: int) -> str:
    if _PROC.joinpath("self").exists():
        try:
            # pid (name) state …; the name may hold spaces and parentheses.
            return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return ""
    said = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return said.stdout.strip()[:1]


def working_folder(pid: int) -> Path | None:
    """Working folder of a process; nothing where the system does not tell us."""
    try:
        return (_PROC / str(pid) / "cwd").readlink()
    except OSError:
        return None


def working_in(folder: Path, *, name: str) -> list[int]:
    """Living processes with a program name whose working folder is this one.

    Empty on systems without `/proc`.
    """
    found = []
    for entry in _PROC.glob("[0-9]*"):
        try:
            matches = (entry / "comm").read_text().strip() == name
        except OSError:  # it ended just now
            continue
        pid = int(entry.name)
        if matches and working_folder(pid) == folder and is_alive(pid):
            found.append(pid)
    return found


def end(pids: Iterable[int], *, number: signal.Signals, seconds: float) -> bool:
    """Send a signal and wait until none of the processes is alive."""
    pids = list(pids)
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
    return until(lambda: not any(is_alive(pid) for pid in pids), seconds=seconds)


def lock_holders(file: Path) -> list[int]:
    """Processes that hold an `flock` on a file, as far as the system tells."""
    try:
        here = file.stat()
        lines = (_PROC / "locks").read_text().splitlines()
    except OSError:
        return []
    device = f"{os.major(here.st_dev):02x}:{os.minor(here.st_dev):02x}:{here.st_ino}"
    # 1: FLOCK  ADVISORY  READ 1234 fe:00:5678 0 EOF; a line with "->" is one that waits.
    rows = (line.split() for line in lines if "->" not in line)
    return sorted({int(row[4]) for row in rows if row[1] == "FLOCK" and row[5] == device})
