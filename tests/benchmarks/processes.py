"""CPU seconds of processes, from /proc."""

from __future__ import annotations

import os
from pathlib import Path

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def process_cpu_s(pid: int) -> float:
    """User and system time of a process and its children, of those also that have gone."""
    return sum(_used(each) for each in (pid, *_descendants(pid)))


def cluster_cpu_s(folder: Path) -> float:
    """User and system time of a PostgreSQL cluster: its first process and all that it started."""
    pid = int((folder / "cluster" / "postmaster.pid").read_text().split()[0])
    return process_cpu_s(pid)


def _used(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    # utime, stime, and those of children that were waited for (man 5 proc, fields 14 to 17).
    return sum(int(field) for field in fields[11:15]) * _TICK_S


def _descendants(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except FileNotFoundError:
        return []
    found = [int(child) for child in children]
    return found + [deeper for child in found for deeper in _descendants(child)]
