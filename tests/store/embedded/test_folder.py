"""The data folder: who owns it, who gets in, and what is said when it cannot be used."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from gridmap.errors import Unavailable
from gridmap.store import embedded
from gridmap.store.embedded import processes
from gridmap.store.embedded.folder import Folder

Rows = Callable[[str], list[str]]
Find = Callable[[Path], int]

# Everything is imported before the change of user: the interpreter may be in a folder of root's.
AS_ANOTHER = """
    import os, pwd, sys
    from pathlib import Path
    import psycopg, psycopg.conninfo
    from gridmap.errors import GridmapError
    from gridmap.store import embedded

    user = pwd.getpwnam(sys.argv[1])
    os.setgroups([])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
    os.environ["HOME"] = "/nonexistent"
    os.chdir("/")
    try:
        with embedded.running(Path(sys.argv[2])) as url:
            print(url, flush=True)
            sys.stdin.readline()
    except GridmapError as error:
        print(error.message, "|", error.hint, flush=True)
"""


def owner_of(pid: int) -> int:
    return Path("/proc", str(pid)).stat().st_uid


def test_the_server_never_runs_as_root(data_dir: Path, postmaster: Find) -> None:
    with embedded.running(data_dir):
        assert owner_of(postmaster(data_dir)) == (data_dir / "cluster").stat().st_uid != 0


@pytest.mark.usefixtures("as_root")
def test_an_ordinary_user_runs_a_server_of_his_own(
    empty_dir: Path, start: Callable[..., object], postmaster: Find
) -> None:
    nobody = pwd.getpwnam("nobody")
    os.chown(empty_dir.parent, nobody.pw_uid, nobody.pw_gid)
    user = start(AS_ANOTHER, "nobody", empty_dir)
    assert user.hear().startswith("postgresql://")
    assert owner_of(postmaster(empty_dir)) == nobody.pw_uid
    assert {path.stat().st_uid for path in empty_dir.iterdir()} == {nobody.pw_uid}
    # Root shares it, and does not take it over.
    with embedded.running(empty_dir) as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    user.tell()
    assert user.wait() == 0
    with embedded.running(empty_dir):
        assert owner_of(postmaster(empty_dir)) == nobody.pw_uid


@pytest.mark.usefixtures("as_root")
def test_what_root_made_its_owner_can_use(data_dir: Path, start: Callable[..., object]) -> None:
    owner = (data_dir / "cluster").owner()
    user = start(AS_ANOTHER, owner, data_dir)
    assert user.hear().startswith("postgresql://")
    user.tell()
    assert user.wait() == 0


@pytest.mark.usefixtures("as_root")
def test_another_user_is_told_whose_it_is(data_dir: Path, start: Callable[..., object]) -> None:
    owner = (data_dir / "cluster").owner()
    said = start(AS_ANOTHER, "daemon", data_dir).hear()
    assert f"belongs to the user '{owner}'" in said
    assert "GRIDMAP_DATA_DIR" in said


@pytest.mark.usefixtures("as_root")
def test_a_closed_folder_above_is_named_with_the_way_to_open_it(
    empty_dir: Path, rows: Rows, made_once: Path
) -> None:
    closed = empty_dir / "closed"
    closed.mkdir(parents=True)
    subprocess.run(["cp", "-a", made_once, closed / "data"], check=True)
    closed.chmod(0o700)
    with (
        pytest.raises(Unavailable, match=f"enter the folder {closed}$") as refused,
        embedded.running(closed / "data"),
    ):
        pass
    assert f"chmod o+x {closed}" in str(refused.value.hint)
    assert "GRIDMAP_DATA_DIR" in str(refused.value.hint)
    with pytest.raises(Unavailable, match=f"enter the folder {closed}$"):
        Folder(closed / "new" / "data").make()
    assert not (closed / "new").exists()
    closed.chmod(0o701)
    with embedded.running(closed / "data") as url:
        assert rows(url) == ["before"]


@pytest.mark.usefixtures("as_root")
def test_folders_that_root_makes_are_open_whatever_the_umask_is(empty_dir: Path) -> None:
    before = os.umask(0o077)
    try:
        Folder(empty_dir / "deep" / "down").make()
    finally:
        os.umask(before)
    assert {oct(path.stat().st_mode & 0o777) for path in (empty_dir, empty_dir / "deep")} == {
        "0o711"
    }


@pytest.mark.usefixtures("as_root")
def test_a_folder_that_may_not_be_written_is_named(
    empty_dir: Path, start: Callable[..., object]
) -> None:
    said = start(AS_ANOTHER, "nobody", empty_dir / "mine").hear()
    assert f"The data folder {empty_dir / 'mine'} cannot be used" in said
    assert "You may not write there" in said
    assert "GRIDMAP_DATA_DIR" in said


def test_a_path_through_a_file_is_refused(empty_dir: Path) -> None:
    empty_dir.parent.joinpath("file").write_text("")
    with pytest.raises(Unavailable, match="is a file"), embedded.running(empty_dir / "../file/x"):
        pass


@pytest.mark.usefixtures("as_root")
def test_a_full_disk_is_told_and_leaves_nothing_half_made(tiny_disk: Path) -> None:
    with (
        pytest.raises(Unavailable, match="disk of the data folder is full"),
        embedded.running(tiny_disk / "data"),
    ):
        pass
    assert not (tiny_disk / "data" / "cluster").exists()
    assert not (tiny_disk / "data" / "cluster.building").exists()


@pytest.mark.usefixtures("as_root")
def test_a_read_only_disk_is_told(tiny_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", tiny_disk], check=True)
    with pytest.raises(Unavailable, match="disk is read-only"), embedded.running(tiny_disk / "d"):
        pass


@pytest.mark.parametrize("name", ["with space", 'it\'s "quoted"', "网格数据", "x" * 200])
def test_any_name_of_a_folder_will_do(
    empty_dir: Path, made_once: Path, name: str, rows: Rows
) -> None:
    empty_dir.mkdir(mode=0o711)
    subprocess.run(["cp", "-a", made_once, empty_dir / name], check=True)
    with embedded.running(empty_dir / name) as url:
        assert rows(url) == ["before"]
        socket = Path(str(psycopg.conninfo.conninfo_to_dict(url)["host"]))
        assert len(os.fsencode(socket / ".s.PGSQL.5432")) <= 107
        assert socket.stat().st_mode & 0o777 == 0o700
    embedded.stop(empty_dir / name)


def test_a_cluster_may_be_a_link_to_another_disk(
    empty_dir: Path, data_dir: Path, rows: Rows
) -> None:
    elsewhere = empty_dir.parent / "elsewhere"
    (data_dir / "cluster").rename(elsewhere)
    (data_dir / "cluster").symlink_to(elsewhere)
    with embedded.running(data_dir) as url:
        assert rows(url) == ["before"]


@pytest.mark.usefixtures("as_root")
@pytest.mark.parametrize("trap", ["folder", "link"])
def test_a_socket_folder_that_somebody_else_laid_out_is_not_used(
    data_dir: Path, rows: Rows, trap: str
) -> None:
    daemon = pwd.getpwnam("daemon").pw_uid
    folder = Folder(data_dir)
    expected = folder.make_socket_folder()
    expected.rmdir()
    if trap == "folder":
        expected.mkdir()
        os.chown(expected, daemon, -1)
    else:
        expected.symlink_to(data_dir)
        os.chown(expected, daemon, -1, follow_symlinks=False)
    try:
        with embedded.running(data_dir) as url:
            assert str(expected) not in url
            assert rows(url) == ["before"]
    finally:
        if trap == "folder":
            assert expected.stat().st_uid == daemon
            expected.rmdir()
        else:
            expected.unlink()
    assert (data_dir / "cluster").exists()


def test_a_crash_leaves_a_socket_folder_that_is_used_again(
    data_dir: Path, use: Callable[..., object], rows: Rows, postmaster: Find
) -> None:
    user = use(data_dir)
    url = user.hear()
    user.kill()
    pid = postmaster(data_dir)
    processes.end([pid], number=signal.SIGKILL, seconds=10)
    with embedded.running(data_dir) as again:
        assert again == url
        assert rows(again) == ["before"]
    assert not Path(str(psycopg.conninfo.conninfo_to_dict(url)["host"])).exists()
