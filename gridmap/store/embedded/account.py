"""The ordinary user that the server runs as.

PostgreSQL refuses to run as root. When root starts gridmap, the server and everything that touches
the inside of the cluster runs as another user; the files of that user are never written as root.
"""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gridmap.errors import Unavailable

_CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """A user; `is_other` says that it is not the one who runs gridmap."""

    uid: int
    gid: int
    name: str
    is_other: bool

    def options(self) -> dict[str, Any]:
        """Arguments of `subprocess.Popen` that make a child run as this user.

        Variables of libpq are left out: a `PGPORT` meant for another server would move this one.
        """
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("PG")
        } | {"LC_ALL": "C"}
        options: dict[str, Any] = {
            "cwd": "/",
            "env": environment,
            "stdin": subprocess.DEVNULL,
            "umask": 0o077,
        }
        if self.is_other:
            try:
                groups = os.getgrouplist(self.name, self.gid)
            except OSError:
                groups = [self.gid]
            options |= {"user": self.uid, "group": self.gid, "extra_groups": groups}
        return options

    def run(
        self, *command: str | Path, said: str | None = None, keep: tuple[int, ...] = ()
    ) -> subprocess.CompletedProcess[str]:
        """Run a program to its end; `said` is its input, `keep` are descriptors that it inherits.

        Raises
        ------
        Unavailable
            The user may not run the program. Whether the program was content is in the answer.
        """
        options = self.options()
        if said is not None:
            del options["stdin"]
        try:
            return subprocess.run(
                [str(part) for part in command],
                input=said,
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
                pass_fds=keep,
                **options,
            )
        except PermissionError as error:
            raise Unavailable(
                f"The user {self.name!r}, who runs the database server, may not run {command[0]}",
                hint=f"Make every folder above {command[0]} searchable (chmod o+x), "
                "or run gridmap as an ordinary user.",
            ) from error

    def write(self, file: Path, text: str) -> None:
        """Write a file of this user, whole or not at all."""
        done = self.run(
            "/bin/sh", "-c", 'cat >"$1.new" && mv -f "$1.new" "$1"', "sh", file, said=text
        )
        if done.returncode:
            raise Unavailable(f"{file} cannot be written: {done.stderr.strip()}")

    def remove(self, *files: Path) -> None:
        """Remove files of this user that may be there."""
        done = self.run("rm", "-f", "--", *files)
        if done.returncode:
            raise Unavailable(f"A file cannot be removed: {done.stderr.strip()}")

    def can_enter(self, folder: Path) -> bool:
        """Say whether this user gets into a folder: asked of the system, which knows about ACLs."""
        return self.run("/bin/sh", "-c", 'cd "$1"', "sh", folder).returncode == 0


def choose(folder: Path, cluster: Path) -> Account:
    """Choose the user for a cluster in a data folder; neither has to be there.

    An ordinary user runs his own server. Root leaves it to the owner of the cluster, or to the
    owner of the nearest folder that is there, or to `postgres` or `nobody`.
    """
    me = os.geteuid()
    if me != 0:
        return _account(me, is_other=False)
    if cluster.exists() and (owner := cluster.stat().st_uid) != 0:
        return _account(owner, is_other=True)
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    owner = nearest.stat().st_uid
    if owner != 0 and _is_known(owner):
        return _account(owner, is_other=True)
    for name in _CANDIDATES:
        try:
            return _account(pwd.getpwnam(name).pw_uid, is_other=True)
        except KeyError:
            continue
    raise Unavailable(
        "PostgreSQL does not run as root, and there is no user 'postgres' or 'nobody'",
        hint="Run gridmap as an ordinary user, or make one: useradd --system postgres",
    )


def name_of(uid: int) -> str:
    """Name of a user, or the number where it has none."""
    return pwd.getpwuid(uid).pw_name if _is_known(uid) else str(uid)


def _is_known(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _account(uid: int, *, is_other: bool) -> Account:
    if not _is_known(uid):  # a folder from another machine or container
        return Account(uid, uid if is_other else os.getegid(), str(uid), is_other)
    entry = pwd.getpwuid(uid)
    return Account(uid, entry.pw_gid, entry.pw_name, is_other)
