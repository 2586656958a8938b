"""A private PostGIS cluster in gridmap's data folder, on a Unix socket."""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from gridmap.errors import EngineMissing


def _bin() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        raise EngineMissing("There is no PostgreSQL on this machine")
    return found[-1].parent


def _server_user() -> str | None:
    return "postgres" if os.geteuid() == 0 else None


@contextlib.contextmanager
def running(data_dir: Path, *, durable: bool = True) -> Iterator[str]:
    """Run the cluster and yield its URL."""
    cluster = data_dir / "cluster"
    user = _server_user()
    data_dir.mkdir(parents=True, exist_ok=True)
    socket = Path("/tmp") / f"gridmap-{hashlib.sha256(str(cluster).encode()).hexdigest()[:12]}"
    socket.mkdir(mode=0o700, exist_ok=True)
    if user:
        for folder in (data_dir, socket):
            shutil.chown(folder, user, pwd.getpwnam(user).pw_gid)

    def call(*args: str) -> None:
        subprocess.run(
            args,
            check=True,
            user=user,
            group=user,
            extra_groups=[] if user else None,
            cwd="/",
            stdout=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
        )

    if not (cluster / "PG_VERSION").exists():
        call(
            str(_bin() / "initdb"),
            "-D",
            str(cluster),
            "-U",
            "gridmap",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        )
    fast = "" if durable else "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    call(
        str(_bin() / "pg_ctl"),
        "-D",
        str(cluster),
        "-w",
        "-l",
        str(data_dir / "log"),
        "-o",
        f"-k {socket} -c listen_addresses='' -c jit=off -c random_page_cost=1.1 -c shared_buffers=256MB {fast}",
        "start",
    )
    try:
        subprocess.run(
            [str(_bin() / "createdb"), "-h", str(socket), "-U", "gridmap", "gridmap"],
            check=False,
            stderr=subprocess.DEVNULL,
        )
        yield f"postgresql://gridmap@/gridmap?host={socket}&port=5432"
    finally:
        call(str(_bin() / "pg_ctl"), "-D", str(cluster), "-m", "fast", "-w", "stop")
        shutil.rmtree(socket, ignore_errors=True)
