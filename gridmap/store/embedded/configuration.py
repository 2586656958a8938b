"""Settings of the cluster, sized to the machine."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

_MB = 2**20
_GB = 2**30


def render(*, memory: int, disk: int, shared_memory: int, can_sync_disk: bool) -> str:
    """Render `gridmap.conf`.

    Parameters
    ----------
    memory
        Bytes of memory that this process may use.
    disk
        Size in bytes of the disk of the data folder.
    shared_memory
        Size in bytes of `/dev/shm`.
    can_sync_disk
        The system can write out a whole disk at once, and tells of failures.
    """
    settings = {
        # Who gets in: only who can enter the folder of the socket.
        "listen_addresses": "",
        "port": 5432,
        "unix_socket_permissions": "0700",
        # Memory: what suits tiles and bulk loads, less on a small machine.
        "shared_buffers": _between(32, memory // 4, 512),
        "work_mem": _between(4, memory // 64, 64),
        "maintenance_work_mem": _between(64, memory // 8, 512),
        "effective_cache_size": _between(128, memory // 2, 16384),
        # Bulk loads: few checkpoints.
        "max_wal_size": "4GB" if disk >= 40 * _GB else "1GB",
        "wal_compression": "on",
        # Solid-state disks, short queries, skewed geometries.
        "random_page_cost": 1.1,
        "jit": "off",
        "default_statistics_target": 200,
        "timezone": "UTC",
        # Personal data stays out of the log: no statements, no DETAIL with the values of a row.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_line_prefix": "%m [%p] %a ",
        "lc_messages": "C",
    }
    if shared_memory < _GB:
        # Containers often have 64 MB of it: a parallel query would fail for want of it.
        settings["dynamic_shared_memory_type"] = "mmap"
    if can_sync_disk:
        # After a crash every file is synced before the log is replayed: one by one, that takes
        # seconds on a busy disk, and 0.7 s instead of 4.5 s in one call.
        settings["recovery_init_sync_method"] = "syncfs"
    lines = [f"{name} = '{value}'" for name, value in settings.items()]
    heading = "# Written by gridmap at each start. Your own settings: ALTER SYSTEM, which wins."
    return "\n".join([heading, *lines, ""])


def _between(least_mb: int, bytes_: int, most_mb: int) -> str:
    return f"{max(least_mb, min(bytes_ // _MB, most_mb))}MB"


def memory() -> int:
    """Bytes of memory that this process may use: the machine's, or its container's."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limits = [machine]
    for file in ("memory.max", "memory/memory.limit_in_bytes"):  # cgroup 2 and 1
        try:
            limits.append(int(Path("/sys/fs/cgroup", file).read_text()))
        except (OSError, ValueError):  # none here, or "max"
            continue
    return min(limits)


def disk(folder: Path) -> int:
    """Size in bytes of the disk of a folder."""
    found = os.statvfs(folder)
    return found.f_frsize * found.f_blocks


def shared_memory() -> int:
    """Size in bytes of `/dev/shm`; without limit where the system has none."""
    folder = Path("/dev/shm")  # noqa: S108 - only measured
    return disk(folder) if folder.is_dir() else 2**63


def can_sync_disk(release: str) -> bool:
    """Say whether `syncfs` is there and reports errors: Linux 5.8, from `platform.release()`."""
    found = re.match(r"(\d+)\.(\d+)", release)
    return (
        sys.platform == "linux" and found is not None and (int(found[1]), int(found[2])) >= (5, 8)
    )


UTF8_LOCALES = ("C.UTF-8", "C.utf8", "en_US.UTF-8", "en_US.utf8")


def choose_locale(offered: str) -> str:
    """Choose what letters are, from the output of `locale -a`.

    It has to be a UTF-8 locale: with plain `C`, a trigram index sees no letter in Chinese words.
    """
    names = offered.split()
    return next((name for name in UTF8_LOCALES if name in names), UTF8_LOCALES[0])
