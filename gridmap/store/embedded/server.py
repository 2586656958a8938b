"""One cluster and its postmaster: made, started, recovered, stopped."""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from gridmap.errors import EngineMissing, Unavailable
from gridmap.store.embedded import binaries, configuration, processes
from gridmap.store.embedded.folder import Folder, in_words

DATABASE = "gridmap"
_READY_S = 600.0  # replaying 4 GB of WAL on a slow disk
_STOP_S = 120.0  # writing what is dirty to a slow disk
_LOG_BYTES = 16 * 2**20
_SCRATCH = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=128MB")


@dataclass(frozen=True)
class Postmaster:
    """What a running server says of itself in `postmaster.pid`."""

    pid: int
    port: int
    socket: Path
    status: str

    @property
    def url(self) -> str:
        """URL of gridmap's database; the port is in it so that no `PGPORT` moves it."""
        return f"postgresql://gridmap@/{DATABASE}?host={quote(str(self.socket))}&port={self.port}"


class Server:
    """The server of one data folder; start and stop only while `folder.changing()` is held."""

    def __init__(self, folder: Folder, *, durable: bool) -> None:
        self.folder = folder
        self._durable = durable

    # --- What is ----------------------------------------------------------------------------------

    def noted(self) -> Postmaster | None:
        """What `postmaster.pid` says, alive or not; a server that was stopped leaves none."""
        try:
            lines = (self.folder.cluster / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, NotADirectoryError):
            return None
        # pid, folder, time, port, socket folder, address, shared memory, status
        lines += [""] * (8 - len(lines))
        pid, _, _, port, socket, _, _, status = lines[:8]
        if not pid.strip().isdigit():
            return None
        return Postmaster(
            int(pid), int(port) if port.isdigit() else 0, Path(socket), status.strip()
        )

    def is_alive(self, postmaster: Postmaster) -> bool:
        """Say whether it runs: not a zombie, and not another process that was given its number."""
        if not processes.is_alive(postmaster.pid):
            return False
        works_in = processes.working_folder(postmaster.pid)
        return works_in is None or works_in == self.folder.cluster

    def running(self) -> Postmaster | None:
        """The server, if it runs and answers."""
        found = self.noted()
        return found if found and found.status == "ready" and self.is_alive(found) else None

    def crashed(self) -> bool:
        """Say whether a server ended without cleaning up; one that was stopped did clean up."""
        found = self.noted()
        return found is not None and not self.is_alive(found)

    # --- Start ------------------------------------------------------------------------------------

    def start(self) -> Postmaster:
        """Make the cluster if there is none, recover it after a crash, and start it.

        Raises
        ------
        EngineMissing
            There is no PostGIS here, or not of the version that made the cluster.
        Unavailable
            It does not start; the message has the server's own last words.
        """
        postmaster = self._started()
        # Whoever started it may have been killed before he made the database.
        self._make_database(postmaster)
        return postmaster

    def _started(self) -> Postmaster:
        found = self.noted()
        if found and self.is_alive(found):
            if found.status != "stopping":
                return self._until_ready(found.pid, lambda: self.is_alive(found))
            processes.until(lambda: not self.is_alive(found), seconds=_STOP_S)
        self._end_orphans()
        with self.folder.serving() as lock:
            if not self.folder.cluster.exists():
                self._make(lock)
            programs = self._programs()
            self._configure(self.folder.cluster)
            self._clear_pid_file()
            return self._launch(programs, lock)

    def _programs(self) -> binaries.Programs:
        version = self.folder.cluster / "PG_VERSION"
        if not version.exists():
            raise Unavailable(
                f"{self.folder.cluster} is there and is no database; nothing was touched",
                hint="Move it away, or set GRIDMAP_DATA_DIR to a folder elsewhere.",
            )
        major = int(version.read_text().strip())
        try:
            return binaries.find_server(major)
        except EngineMissing as error:
            raise EngineMissing(
                f"The data in {self.folder.cluster} was written by PostgreSQL {major}. "
                f"{error.message}. Nothing was changed",
                hint=error.hint,
            ) from error

    def _make(self, lock: int) -> None:
        """Make a cluster beside its place and move it there when it is complete."""
        programs = binaries.find_server()
        building, account = self.folder.building, self.folder.account
        with in_words(self.folder.path):
            if building.exists():
                shutil.rmtree(building)
            building.mkdir(mode=0o700)
            if account.is_other:
                os.chown(building, account.uid, account.gid, follow_symlinks=False)
        try:
            self._initialise(programs, building, lock)
            self._configure(building)
            with in_words(self.folder.path):
                building.rename(self.folder.cluster)
                above = os.open(self.folder.path, os.O_RDONLY)
                os.fsync(above)
                os.close(above)
        finally:
            shutil.rmtree(building, ignore_errors=True)

    def _initialise(self, programs: binaries.Programs, building: Path, lock: int) -> None:
        account = self.folder.account
        offered = account.run("locale", "-a").stdout if shutil.which("locale") else ""
        letters = configuration.choose_locale(offered)
        # The lock goes along: if we are killed, the next one waits until initdb has ended.
        done = account.run(
            *(programs / "initdb", "--pgdata", building, "--username", "gridmap"),
            *("--auth", "trust", "--encoding", "UTF8", "--no-instructions"),
            *("--lc-collate", "C", "--lc-ctype", letters),
            *(() if self._durable else ("--no-sync",)),
            keep=(lock,),
        )
        if done.returncode:
            raise self._refusal("The database cannot be made", done.stderr)

    def _configure(self, cluster: Path) -> None:
        account = self.folder.account
        conf = cluster / "postgresql.conf"
        text = conf.read_text(encoding="utf-8")
        if "gridmap.conf" not in text:
            account.write(conf, f"{text.rstrip()}\n\ninclude_if_exists = 'gridmap.conf'\n")
        settings = configuration.render(
            memory=configuration.memory(),
            disk=configuration.disk(cluster),
            shared_memory=configuration.shared_memory(),
            can_sync_disk=configuration.can_sync_disk(platform.release()),
        )
        own = cluster / "gridmap.conf"
        if not own.exists() or own.read_text(encoding="utf-8") != settings:
            account.write(own, settings)

    def _launch(self, programs: binaries.Programs, lock: int) -> Postmaster:
        socket = self.folder.make_socket_folder()
        for left in socket.iterdir():
            left.unlink()  # the lock file of a socket names a process too
        self._turn_log()
        scratch = [] if self._durable else [part for item in _SCRATCH for part in ("-c", item)]
        options = self.folder.account.options()
        child = subprocess.Popen(
            # The shell opens the log as the server's user, and becomes the server.
            ["/bin/sh", "-c", 'log=$1; shift; exec "$@" >>"$log" 2>&1', "sh"]
            + [str(part) for part in (self.folder.log, programs / "postgres")]
            + ["-D", str(self.folder.cluster), "-k", str(socket), *scratch],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # A Ctrl-C is meant for us, not for a server that others may use as well.
            start_new_session=True,
            pass_fds=(lock,),
            # Only in tests, from the main thread.
            preexec_fn=None if self._durable else _dying_with_parent(),  # noqa: PLW1509
            **options,
        )
        # Its parent has to fetch its exit status, or it stays a zombie.
        threading.Thread(target=child.wait, name="gridmap-reaper", daemon=True).start()
        return self._until_ready(child.pid, lambda: processes.is_alive(child.pid))

    def _turn_log(self) -> None:
        log = self.folder.log
        if log.exists() and log.stat().st_size > _LOG_BYTES:
            self.folder.account.run("mv", "-f", log, log.with_suffix(".log.1"))

    def _until_ready(self, pid: int, is_alive: Callable[[], bool]) -> Postmaster:
        ready: list[Postmaster] = []

        def answers_or_ended() -> bool:
            found = self.noted()
            if found and found.pid == pid and found.status == "ready":
                ready.append(found)
            return bool(ready) or not is_alive()

        if not processes.until(answers_or_ended, seconds=_READY_S):
            raise Unavailable(
                f"The database in {self.folder.cluster} has been starting for {_READY_S:.0f} s",
                hint=f"Its log is {self.folder.log}.",
            )
        if not ready:
            raise self._refusal("The database does not start", self._last_words())
        return ready[-1]

    def _make_database(self, postmaster: Postmaster) -> None:
        url = postmaster.url.replace(f"/{DATABASE}?", "/postgres?")
        try:
            with psycopg.connect(url, autocommit=True) as connection:
                there = connection.execute(
                    "SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)
                ).fetchone()
                if not there:
                    connection.execute(f"CREATE DATABASE {DATABASE}")
        except psycopg.Error as error:
            raise self._refusal("The database does not answer", str(error)) from error

    # --- After a crash ----------------------------------------------------------------------------

    def _end_orphans(self) -> None:
        """End backends that outlived their postmaster: they hold its memory and block a restart."""
        orphans = processes.working_in(self.folder.cluster, name="postgres")
        if orphans and not processes.end(orphans, number=signal.SIGQUIT, seconds=5):
            processes.end(orphans, number=signal.SIGKILL, seconds=5)

    def _clear_pid_file(self) -> None:
        """Remove a `postmaster.pid` that names a zombie or a stranger.

        PostgreSQL itself clears one that names nobody, and takes every other number for a rival. By
        now we know better: nobody holds the lock that a server and all its children keep.
        """
        found = self.noted()
        if found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(found.pid, 0)
                self.folder.account.remove(self.folder.cluster / "postmaster.pid")

    # --- Stop -------------------------------------------------------------------------------------

    def stop(self) -> bool:
        """Stop the server; say whether one was running."""
        found = self.noted()
        was_running = found is not None and self.is_alive(found)
        if found and was_running:
            gentle = signal.SIGINT if self._durable else signal.SIGQUIT
            with contextlib.suppress(ProcessLookupError):
                os.kill(found.pid, gentle)
            if not processes.until(lambda: not self.is_alive(found), seconds=_STOP_S):
                processes.end([found.pid], number=signal.SIGQUIT, seconds=10)
        self._end_orphans()
        self.folder.remove_socket_folder()
        return was_running

    # --- Words ------------------------------------------------------------------------------------

    def _last_words(self) -> str:
        try:
            return "\n".join(self.folder.log.read_text(errors="replace").splitlines()[-8:])
        except OSError:
            return ""

    def _refusal(self, what: str, said: str) -> Unavailable:
        hint = f"The log of the server is {self.folder.log}."
        if "No space left on device" in said:
            what, hint = "The disk of the data folder is full", "Free some space and try again."
        elif "Read-only file system" in said:
            what, hint = "The disk of the data folder is read-only", "Mount it writable."
        return Unavailable(f"{what} ({self.folder.cluster}): {said.strip()}", hint=hint)


def _dying_with_parent() -> Callable[[], None] | None:
    """Make what a child does first, so that it ends when its parent ends, even by `kill -9`.

    Linux only: the signal comes when the *thread* that started the child ends. It is set after the
    change of user, which would clear it.
    """
    if sys.platform != "linux":
        return None
    libc, parent = ctypes.CDLL(None), os.getpid()

    def arrange() -> None:
        set_parent_death_signal = 1
        libc.prctl(set_parent_death_signal, signal.SIGQUIT)
        if os.getppid() != parent:  # it ended in between
            os._exit(1)

    return arrange
