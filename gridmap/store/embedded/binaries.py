"""Where this machine keeps PostgreSQL and PostGIS, and how to get them where it does not."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gridmap.errors import EngineMissing
from gridmap.store.requirements import EXTENSIONS, OLDEST_SERVER

# The PostgreSQL that a distribution has: (ID of os-release, VERSION_ID) → major version.
_OF_DISTRIBUTION = {
    ("debian", "11"): 13,
    ("debian", "12"): 15,
    ("debian", "13"): 17,
    ("ubuntu", "22.04"): 14,
    ("ubuntu", "24.04"): 16,
    ("ubuntu", "25.04"): 17,
    ("ubuntu", "25.10"): 17,
}


@dataclass(frozen=True)
class Programs:
    """The programs of one PostgreSQL, which all have one version."""

    folder: Path
    major: int

    def __truediv__(self, name: str) -> Path:
        """Path of a program."""
        return self.folder / name

    def lacks(self) -> list[str]:
        """Extensions that gridmap needs and this PostgreSQL has no control file of."""
        folders = [folder / "extension" for folder in self._shared()]
        return [
            name
            for name in EXTENSIONS
            if not any((folder / f"{name}.control").exists() for folder in folders)
        ]

    def _shared(self) -> list[Path]:
        config = self.folder / "pg_config"
        if config.exists() and (said := _said(config, "--sharedir")):
            return [Path(said)]
        above = self.folder.parent
        return [
            Path(f"/usr/share/postgresql/{self.major}"),  # Debian
            above / "share/postgresql",  # conda, plain builds
            above / f"share/postgresql@{self.major}",  # Homebrew
            above / "share/pgsql",  # Fedora
            above / "share",
        ]


def find_server(
    major: int | None = None, *, folders: Iterable[Path] | None = None, needs_postgis: bool = True
) -> Programs:
    """Find the newest PostgreSQL server with PostGIS, or the one of a major version.

    Raises
    ------
    EngineMissing
        None is there, it is too old, or an extension is missing; the hint has the commands.
    """
    found = list(_programs("postgres", _folders() if folders is None else folders))
    if major is not None:
        found = [programs for programs in found if programs.major == major]
    if not found:
        which = f"PostgreSQL {major}" if major else "PostgreSQL server"
        raise EngineMissing(f"There is no {which} on this machine", hint=installation(major))
    new_enough = [programs for programs in found if programs.major >= OLDEST_SERVER]
    if not new_enough:
        raise EngineMissing(
            f"PostgreSQL {found[0].major} is too old: gridmap needs {OLDEST_SERVER} or newer",
            hint=installation(),
        )
    for programs in new_enough:
        if not needs_postgis or not programs.lacks():
            return programs
    best = new_enough[0]
    raise EngineMissing(
        f"PostgreSQL {best.major} ({best.folder}) lacks the extension {', '.join(best.lacks())}",
        hint=installation(best.major),
    )


def find_client(program: str, *, at_least: int) -> Programs:
    """Find `pg_dump` and its sisters for a server of a major version.

    Raises
    ------
    EngineMissing
        None is there, or all are older than the server: they refuse to read a newer one.
    """
    found = list(_programs(program, _folders()))
    if not found:
        raise EngineMissing(
            f"There is no {program} on this machine",
            hint=f"Install the client of PostgreSQL {at_least}: "
            f"sudo apt-get install postgresql-client-{at_least}",
        )
    fitting = [programs for programs in found if programs.major >= at_least]
    if not fitting:
        raise EngineMissing(
            f"{program} {found[0].major} is older than the server, which is {at_least}",
            hint=f"Install the client of PostgreSQL {at_least}: "
            f"sudo apt-get install postgresql-client-{at_least}",
        )
    # The nearest version: its files can be read by the programs of the server that they came from.
    return min(fitting, key=lambda programs: programs.major)


def _programs(name: str, folders: Iterable[Path]) -> Iterator[Programs]:
    """Programs that are there, newest first, and in the order of the folders within a version."""
    seen: dict[Path, Programs] = {}
    for folder in folders:
        program = folder / name
        real = program.resolve()
        if real in seen or not os.access(program, os.X_OK):
            continue
        # postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)
        if version := re.search(r"\(PostgreSQL\) (\d+)", _said(program, "--version")):
            seen[real] = Programs(folder, int(version[1]))
    yield from sorted(seen.values(), key=lambda programs: -programs.major)


def _folders() -> Iterator[Path]:
    """Folders where distributions, Homebrew and conda put the programs of PostgreSQL."""
    for prefix in (os.environ.get("CONDA_PREFIX"), sys.prefix):
        if prefix:
            yield Path(prefix, "bin")
    for root, pattern in (
        ("/usr/lib/postgresql", "*/bin"),  # Debian, Ubuntu
        ("/usr", "pgsql-*/bin"),  # packages of postgresql.org for Fedora and RHEL
        ("/opt/homebrew/opt", "postgresql*/bin"),
        ("/usr/local/opt", "postgresql*/bin"),
        ("/Applications/Postgres.app/Contents/Versions", "*/bin"),
    ):
        yield from Path(root).glob(pattern)
    if (config := shutil.which("pg_config")) and (said := _said(Path(config), "--bindir")):
        yield Path(said)
    for name in os.environ.get("PATH", "").split(os.pathsep):
        if name:
            yield Path(name)
    yield from (Path("/usr/bin"), Path("/usr/local/bin"), Path("/opt/homebrew/bin"))


def _said(program: Path, *arguments: str) -> str:
    """What a program says; nothing if it fails."""
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def installation(major: int | None = None, *, release: Path = Path("/etc/os-release")) -> str:
    """The commands that install what is missing, those of this machine first."""
    system = _os_release(release)
    own = _OF_DISTRIBUTION.get((system.get("ID", ""), system.get("VERSION_ID", "")))
    wanted = major or (own if own and own >= OLDEST_SERVER else None)
    # Without a number: the package that depends on the distribution's own version.
    package = f"postgresql-{wanted}-postgis-3" if wanted else "postgresql-postgis"
    sudo = "" if os.name == "posix" and os.geteuid() == 0 else "sudo "
    apt = f"{sudo}apt-get install --no-install-recommends {package}"
    if own and (own < OLDEST_SERVER or (major and major != own)):
        newer = f"postgresql-{major or 17}-postgis-3"
        apt = (
            f"{sudo}apt-get install postgresql-common && "
            f"{sudo}/usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y && "
            f"{sudo}apt-get install --no-install-recommends {newer}"
        )
    ways = {
        "apt (Debian, Ubuntu)": apt,
        "dnf (Fedora, RHEL)": f"{sudo}dnf install postgresql-server postgresql-contrib postgis",
        "brew (macOS)": "brew install postgis",
        "conda-forge": "conda install --channel conda-forge postgis",
    }
    like = {system.get("ID", ""), *system.get("ID_LIKE", "").split()}
    first = "apt (Debian, Ubuntu)"
    if like & {"fedora", "rhel", "centos"}:
        first = "dnf (Fedora, RHEL)"
    elif sys.platform == "darwin":
        first = "brew (macOS)"
    order = sorted(ways, key=lambda name: name != first)
    lines = [f"  {name:<21} {ways[name]}" for name in order]
    return "\n".join(
        [
            "Install PostgreSQL with PostGIS:",
            *lines,
            "or use a PostGIS server that you have:",
            "  export GRIDMAP_DATABASE_URL=postgresql://user:password@host:5432/database",
        ]
    )


def _os_release(file: Path) -> dict[str, str]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    pairs = (line.partition("=") for line in lines if "=" in line)
    return {name: value.strip().strip("\"'") for name, _, value in pairs}
