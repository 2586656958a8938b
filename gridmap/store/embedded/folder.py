"""The data folder: its names, its locks, and that the server's user can get into it.

::

    data folder
    ├── cluster/            the PostgreSQL cluster; it is there only when it is complete
    │   ├── gridmap.conf    settings, written at each start
    │   ├── gridmap.keep    `gridmap db start` was here: do not stop with the last user
    │   └── server.log
    ├── cluster.building/   a cluster that is not complete; whoever finds it throws it away
    ├── cluster.lock        exclusive: somebody starts or stops the server just now
    ├── cluster.users       shared: this process uses the server
    └── cluster.server      held by the server and all its children, and so by orphans too
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from gridmap.errors import Conflict, Unavailable
from gridmap.store.embedded import account as accounts
from gridmap.store.embedded import processes

# Not TMPDIR, which can be too long for a socket; `make_socket_folder` trusts nothing in it.
_TEMPORARY = Path("/tmp")  # noqa: S108
_START_S = 600.0  # a start that replays 4 GB of WAL on a slow disk


class Folder:
    """Names and locks of one data folder."""

    def __init__(self, path: Path) -> None:
        with in_words(path):
            self.path = path.resolve()
            self.cluster = (self.path / "cluster").resolve()  # may be a link to another disk
            self.account = accounts.choose(self.path, self.cluster)
            self._see_owner()
        self.building = self.path / "cluster.building"
        self.keep = self.cluster / "gridmap.keep"
        self.log = self.cluster / "server.log"

    def make(self) -> None:
        """Make the folder if it is not there, and see that the server's user gets into it.

        Raises
        ------
        Unavailable
            It cannot be made or entered; the message names the folder and what to do.
        """
        with in_words(self.path):
            self._make_folders()
            if (
                self.account.is_other
                and not self.account.can_enter(self.path)
                and not any(self.path.iterdir())
            ):
                # Empty: it is ours to arrange.
                self.path.chmod(stat.S_IMODE(self.path.stat().st_mode) | stat.S_IXOTH)
        self._see_way_to(self.path)

    def _see_owner(self) -> None:
        if self.cluster.exists() and self.cluster.stat().st_uid != self.account.uid:
            owner = accounts.name_of(self.cluster.stat().st_uid)
            raise Unavailable(
                f"The database in {self.cluster} belongs to the user {owner!r}",
                hint=f"Run gridmap as {owner!r}, or set GRIDMAP_DATA_DIR to a folder of your own.",
            )

    def _make_folders(self) -> None:
        missing = [path for path in (self.path, *self.path.parents) if not path.exists()]
        if missing and missing[-1].parent.is_dir():
            self._see_way_to(missing[-1].parent)
        for path in reversed(missing):
            # Made by an ordinary user, the folder is his alone; made by root, it is a way through
            # to the cluster of another.
            path.mkdir(mode=0o711 if self.account.is_other else 0o700, exist_ok=True)
            if self.account.is_other:
                path.chmod(0o711)  # whatever the umask is
                if path.parent.stat().st_uid == self.account.uid:
                    os.chown(path, self.account.uid, self.account.gid, follow_symlinks=False)

    def _see_way_to(self, folder: Path) -> None:
        if self.account.can_enter(folder):
            return
        closed = next(
            path for path in (*reversed(folder.parents), folder) if not self.account.can_enter(path)
        )
        raise Unavailable(
            f"The user {self.account.name!r}, who runs the database server, "
            f"may not enter the folder {closed}",
            hint=f"Open it (chmod o+x {closed}), or set GRIDMAP_DATA_DIR to a folder elsewhere, "
            "such as /var/lib/gridmap.",
        )

    # --- Locks ------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def changing(self) -> Iterator[None]:
        """Be the only one who starts or stops the server."""
        lock = self._open("cluster.lock")
        try:
            if not processes.until(lambda: _try(lock, fcntl.LOCK_EX), seconds=_START_S):
                holders = ", ".join(map(str, processes.lock_holders(self.path / "cluster.lock")))
                raise Conflict(
                    f"Another gridmap process ({holders or 'unknown'}) has been starting or "
                    f"stopping the database in {self.path} for {_START_S:.0f} seconds",
                    hint="Wait for it, or end it.",
                )
            yield
        finally:
            os.close(lock)

    def use(self) -> int:
        """Note that this process uses the server, for as long as the descriptor is open.

        Call it while `changing` is held: nobody can be stopping the server then.
        """
        lock = self._open("cluster.users")
        fcntl.flock(lock, fcntl.LOCK_SH)
        return lock

    def is_used(self, mine: int | None = None) -> bool:
        """Say whether processes other than this one use the server.

        `mine` is this process's own descriptor of `use`, which is given up for the answer.
        """
        lock = self._open("cluster.users") if mine is None else mine
        try:
            return not _try(lock, fcntl.LOCK_EX)
        finally:
            os.close(lock)

    def users(self) -> list[int]:
        """Processes that use the server, as far as the system tells."""
        return processes.lock_holders(self.path / "cluster.users")

    @contextlib.contextmanager
    def serving(self) -> Iterator[int]:
        """Take the lock that a server keeps: a child that inherits the descriptor goes on with it.

        Every process of the server inherits it in turn, so the lock is free if and only if none of
        them is alive: not even an orphan, not even one in another container.

        Raises
        ------
        Conflict
            Something of a server is alive and none of our business.
        """
        lock = self._open("cluster.server")
        try:
            if not processes.until(lambda: _try(lock, fcntl.LOCK_EX), seconds=30):
                raise Conflict(
                    f"A database server that cannot be seen from here uses {self.cluster}",
                    hint="It runs in another container or on another machine; stop it there.",
                )
            yield lock
        finally:
            os.close(lock)

    def _open(self, name: str) -> int:
        with in_words(self.path):
            lock = os.open(
                self.path / name, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600
            )
            if self.account.is_other:
                os.fchown(lock, self.account.uid, self.account.gid)
            return lock

    # --- The folder of the socket -----------------------------------------------------------------

    def make_socket_folder(self) -> Path:
        """Make a short folder for the socket (its path may have 107 bytes) that only we can enter.

        Raises
        ------
        Unavailable
            Others occupy every name that we try.
        """
        for path in self._socket_folders():
            with in_words(_TEMPORARY), contextlib.suppress(FileExistsError):
                path.mkdir(mode=0o700)
            # A folder that somebody else laid out may be listened to, or moved away.
            if self._is_ours(path):
                if self.account.is_other:
                    os.chown(path, self.account.uid, self.account.gid, follow_symlinks=False)
                path.chmod(0o700)
                return path
        raise Unavailable(f"Other users occupy the names of gridmap's socket in {_TEMPORARY}")

    def remove_socket_folder(self) -> None:
        """Remove the folder of the socket, whichever it was; no server runs."""
        for path in self._socket_folders():
            if not os.path.lexists(path):
                break
            if self._is_ours(path):
                shutil.rmtree(path, ignore_errors=True)
                break

    def _socket_folders(self) -> Iterator[Path]:
        for attempt in range(100):
            name = hashlib.sha256(f"{self.cluster}\0{attempt}".encode()).hexdigest()[:12]
            yield _TEMPORARY / f"gridmap-{name}"

    def _is_ours(self, path: Path) -> bool:
        found = path.lstat()
        return stat.S_ISDIR(found.st_mode) and found.st_uid in {os.geteuid(), self.account.uid}


def _try(lock: int, kind: int) -> bool:
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def in_words(folder: Path) -> Iterator[None]:
    """Turn what the file system refuses into words."""
    try:
        yield
    except OSError as error:
        elsewhere = "set GRIDMAP_DATA_DIR to a folder elsewhere."
        reason, hint = {
            errno.ENOSPC: ("The disk is full", f"Free some space, or {elsewhere}"),
            errno.EDQUOT: ("The quota of the disk is used up", f"Free some space, or {elsewhere}"),
            errno.EROFS: ("The disk is read-only", f"Mount it writable, or {elsewhere}"),
            errno.EACCES: ("You may not write there", f"Change its rights, or {elsewhere}"),
            errno.EPERM: ("You may not write there", f"Change its rights, or {elsewhere}"),
            errno.ENOTDIR: ("A part of the path is a file", f"Move it, or {elsewhere}"),
        }.get(error.errno or 0, (error.strerror or str(error), f"Mend it, or {elsewhere}"))
        raise Unavailable(
            f"The data folder {folder} cannot be used. {reason}: {error.filename or folder}",
            hint=hint,
        ) from error
