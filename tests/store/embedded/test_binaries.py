"""Finding PostgreSQL and PostGIS, and saying how to get them."""

from __future__ import annotations

from pathlib import Path

import pytest

from gridmap.errors import EngineMissing
from gridmap.store.embedded import binaries


def lay_out(root: Path, major: int, *extensions: str) -> Path:
    """A folder of programs as packages lay it out: what is asked of them is their version."""
    folder = root / str(major) / "bin"
    folder.mkdir(parents=True)
    for name in ("postgres", "initdb", "pg_dump"):
        program = folder / name
        program.write_text(
            f"#!/bin/sh\necho '{name} (PostgreSQL) {major}.4 (Debian {major}.4-1)'\n"
        )
        program.chmod(0o755)
    shared = folder.parent / "share" / "postgresql" / "extension"
    shared.mkdir(parents=True)
    for name in extensions:
        (shared / f"{name}.control").write_text("")
    return folder


ALL = ("postgis", "btree_gist", "pg_trgm")


def test_the_postgis_of_this_machine_is_found() -> None:
    found = binaries.find_server()
    assert found.major >= 15
    assert (found / "initdb").exists()
    assert found.lacks() == []
    assert binaries.find_client("pg_dump", at_least=found.major).major >= found.major


def test_the_newest_complete_version_is_taken(tmp_path: Path) -> None:
    folders = [
        lay_out(tmp_path, 96, *ALL),
        lay_out(tmp_path, 98, *ALL),
        lay_out(tmp_path, 99, "btree_gist", "pg_trgm"),
    ]
    assert binaries.find_server(folders=folders).major == 98
    assert binaries.find_server(96, folders=folders).major == 96


def test_without_postgresql_every_way_to_get_it_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineMissing, match="no PostgreSQL server") as refused:
        binaries.find_server(folders=[tmp_path])
    hint = str(refused.value.hint)
    for way in (
        "apt-get install --no-install-recommends postgresql-",
        "dnf install postgresql-server postgresql-contrib postgis",
        "brew install postgis",
        "conda install --channel conda-forge postgis",
        "GRIDMAP_DATABASE_URL=postgresql://",
    ):
        assert way in hint


def test_without_postgis_its_package_for_that_version_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineMissing, match="lacks the extension postgis") as no:
        binaries.find_server(folders=[lay_out(tmp_path, 97, "btree_gist", "pg_trgm")])
    assert "postgresql-97-postgis-3" in str(no.value.hint)


def test_an_old_version_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineMissing, match="PostgreSQL 13 is too old"):
        binaries.find_server(folders=[lay_out(tmp_path, 13, *ALL)])


def test_a_missing_version_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineMissing, match="no PostgreSQL 16 on this machine"):
        binaries.find_server(16, folders=[lay_out(tmp_path, 17, *ALL)])


@pytest.mark.parametrize(
    ("release", "first"),
    [
        ('ID=debian\nVERSION_ID="12"', "postgresql-15-postgis-3"),
        ('ID=debian\nVERSION_ID="13"', "postgresql-17-postgis-3"),
        ('ID=ubuntu\nVERSION_ID="24.04"\nID_LIKE=debian', "postgresql-16-postgis-3"),
        # Its own PostgreSQL is too old.
        ('ID=ubuntu\nVERSION_ID="22.04"\nID_LIKE=debian', "apt.postgresql.org.sh"),
        # Not in the table: the package that depends on the distribution's own version.
        ('ID=linuxmint\nVERSION_ID="23"\nID_LIKE="ubuntu debian"', "postgresql-postgis"),
        ('ID="rocky"\nVERSION_ID="9.4"\nID_LIKE="rhel centos fedora"', "dnf install"),
    ],
)
def test_the_command_for_this_distribution_comes_first(
    tmp_path: Path, release: str, first: str
) -> None:
    file = tmp_path / "os-release"
    file.write_text(release)
    assert first in binaries.installation(release=file).splitlines()[1]


def test_a_client_older_than_the_server_is_refused() -> None:
    with pytest.raises(EngineMissing, match="older than the server, which is 99") as refused:
        binaries.find_client("pg_dump", at_least=99)
    assert "postgresql-client-99" in str(refused.value.hint)
