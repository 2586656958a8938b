"""The same seed gives the same bytes, and the committed files are those that the generator makes."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from gridmap.cli.demo import command
from gridmap.demo.files import write
from gridmap.demo.generate import make


def contents(written):
    return {path.name: path.read_bytes() for path in sorted(written.iterdir())}


def test_a_second_run_gives_the_same_bytes_and_they_are_the_committed_ones(folder, tmp_path):
    for run in ("one", "two"):
        write(make("wenyuan"), tmp_path / run)
    first = contents(tmp_path / "one")
    assert first == contents(tmp_path / "two")
    assert first == contents(folder / "wenyuan")


@pytest.mark.slow
@pytest.mark.parametrize("key", ["nanjie", "xiameiqiao", "chengzhen", "donghu"])
def test_the_committed_files_of_every_place_are_what_the_generator_makes(folder, key, tmp_path):
    write(make(key), tmp_path)
    assert contents(tmp_path) == contents(folder / key)


def test_the_command_writes_one_place(tmp_path):
    result = CliRunner().invoke(
        command, ["generate", "--out", str(tmp_path), "--place", "wenyuan"], catch_exceptions=False
    )
    assert result.exit_code == 0
    assert "文苑社区" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["wenyuan"]


def test_an_unknown_place_is_refused_with_the_list_of_places(tmp_path):
    from gridmap.errors import NotFound

    with pytest.raises(NotFound) as caught:
        CliRunner().invoke(
            command, ["generate", "--out", str(tmp_path), "--place", "x"], catch_exceptions=False
        )
    assert "nanjie" in caught.value.hint
    assert not list(tmp_path.iterdir())
