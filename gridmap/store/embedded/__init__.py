"""A private PostGIS cluster in gridmap's data folder, on a Unix socket.

Every process that uses the cluster holds a shared lock; the last one to leave stops the server,
unless `start` asked to keep it. Locks vanish with their process, whatever ends it: after `kill -9`
of anything the next one finds the server running and shares it, or finds it dead and recovers it.
`docs/decisions/0001-embedded-postgis.md` has the reasons.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gridmap.errors import Conflict, GridmapError
from gridmap.store.embedded.folder import Folder
from gridmap.store.embedded.server import Server

_log = logging.getLogger(__name__)
_WATCH_S = 0.5


@dataclass(frozen=True)
class Status:
    """What the embedded cluster does; `users` are process ids, as far as the system tells."""

    data_dir: Path
    is_made: bool
    is_running: bool
    is_kept: bool
    pid: int | None
    url: str | None
    users: tuple[int, ...]
    version: int | None  # major version of PostgreSQL that made it


@contextlib.contextmanager
def running(data_dir: Path, *, durable: bool = True) -> Iterator[str]:
    """Use the cluster for a while, and yield the URL of its database `gridmap`.

    The cluster is made and started if need be, shared with other processes, started again if
    its server is killed meanwhile, and stopped by the last one who leaves.

    Parameters
    ----------
    data_dir
        gridmap's data folder; made if it is not there.
    durable
        False for tests: faster, forgets on a crash, and on Linux ends with this process.

    Raises
    ------
    EngineMissing
        There is no PostGIS on this machine, or not of the version that made the cluster.
    Unavailable
        The folder cannot be used or the server does not start.
    """
    folder = Folder(data_dir)
    folder.make()
    server = Server(folder, durable=durable)
    with folder.changing():
        using = folder.use()
        try:
            url = server.start().url
        except BaseException:
            os.close(using)
            raise
    leaving = threading.Event()
    watch = threading.Thread(
        target=_watch, args=(server, leaving), name="gridmap-watch", daemon=True
    )
    if durable:  # what forgets on a crash is of no use after one
        watch.start()
    try:
        yield url
    finally:
        leaving.set()
        if durable:
            watch.join()
        with folder.changing():
            if not folder.is_used(using) and not folder.keep.exists():
                server.stop()


def _watch(server: Server, leaving: threading.Event) -> None:
    """Start the server again whenever it has crashed; one that was stopped stays stopped."""
    told = ""
    while not leaving.wait(_WATCH_S):
        try:
            if not server.crashed():
                continue
            with server.folder.changing():
                if server.crashed():
                    server.start()
                    _log.warning("the database server had crashed and was started again")
        except (GridmapError, OSError) as error:
            if str(error) != told:  # once, not twice a second
                told = str(error)
                _log.exception("the database server crashed and does not start again")


def start(data_dir: Path) -> Status:
    """Start the cluster and keep it until `stop`, whoever uses it meanwhile."""
    folder = Folder(data_dir)
    folder.make()
    server = Server(folder, durable=True)
    with folder.changing():
        server.start()
        folder.account.write(folder.keep, "")
    return status(data_dir)


def stop(data_dir: Path, *, force: bool = False) -> bool:
    """Stop the cluster; say whether it was running.

    Raises
    ------
    Conflict
        Other processes use it and `force` is not set; it stops when they leave.
    """
    folder = Folder(data_dir)
    if not folder.cluster.exists():
        return False
    server = Server(folder, durable=True)
    with folder.changing():
        if folder.keep.exists():
            folder.account.remove(folder.keep)
        if folder.is_used() and not force:
            pids = ", ".join(map(str, folder.users()))
            raise Conflict(
                f"Other gridmap processes ({pids or 'unknown'}) use the database; "
                "it stops when they end",
                hint="--force stops it now.",
            )
        return server.stop()


def status(data_dir: Path) -> Status:
    """What the cluster does just now; starts nothing and waits for nobody."""
    folder = Folder(data_dir)
    server = Server(folder, durable=True)
    postmaster = server.running()
    version = folder.cluster / "PG_VERSION"
    return Status(
        data_dir=folder.path,
        is_made=folder.cluster.exists(),
        is_running=postmaster is not None,
        is_kept=folder.keep.exists(),
        pid=postmaster.pid if postmaster else None,
        url=postmaster.url if postmaster else None,
        users=tuple(folder.users()),
        version=int(version.read_text().strip()) if version.exists() else None,
    )
