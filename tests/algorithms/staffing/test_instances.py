"""The benchmark's instances: read whole, or refused in words."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from gridmap.errors import InvalidInput, NotFound
from tests.benchmarks import staffing as benchmark
from tests.benchmarks.staffing_instance import made_up, read

FILES = {
    "slots.csv": "slot,role,area,x,y,households,req\na,worker,M1,0,0,40,1\nb,head,G1,9,0,0,0\n",
    "staff.csv": (
        "staff,role,second_role,capacity,skills,hx,hy,absent\n"
        "s,worker,,1,1,3.5,0,0\nt,worker,head,1,0,0,0,0\n"
    ),
    "yesterday.csv": "slot,staff\nb,t\n",
    "locks.csv": "slot,staff\n",
    "params.json": json.dumps(
        {
            "unfilled": {"worker": 20000, "head": 20000},
            "secondary_role_pen": 200,
            "change_pen": 300,
            "second_unit_pen": 400,
            "detour": 1.3,
            "max_walk_m": 2000,
        }
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_an_instance_is_staffed_and_written(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out, prices = folder / "A.csv", folder / "P.csv"
    words = ["staffing", str(folder), "--out", str(out), "--prices", str(prices)]
    monkeypatch.setattr(sys, "argv", words)
    benchmark.main()
    assert "gap 0.0000 %" in capsys.readouterr().out
    assert sorted(out.read_text().split()) == ["a,s", "b,t", "slot,staff"]
    assert len(prices.read_text().split()) == 3


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("slots.csv", "slot,role\na,worker\n", "slots.csv lacks the columns x, y"),
        ("slots.csv", FILES["slots.csv"] + "a,head,G1,9,0,0,0\n", "row 3: 'a' is there twice"),
        ("slots.csv", FILES["slots.csv"].replace("40", "many"), "row 1: 'many' is no number"),
        ("slots.csv", FILES["slots.csv"] + "c,head\n", "row 3: too few values"),
        ("slots.csv", FILES["slots.csv"] + "c,cook,G1,9,0,0,0\n", "a post of 'cook' empty costs"),
        ("slots.csv", FILES["slots.csv"].replace(",9,", ",nan,"), "cannot be used"),
        ("locks.csv", "slot,staff\na,nobody\n", "locks.csv, row 1: there is no staff 'nobody'"),
        ("params.json", "{", "params.json is no JSON"),
        ("params.json", "{}", "params.json lacks unfilled"),
    ],
)
def test_what_cannot_be_read_is_said_with_file_and_row(
    folder: Path, name: str, text: str, said: str
) -> None:
    (folder / name).write_text(text)
    with pytest.raises(InvalidInput, match=said):
        read(folder)


def test_a_missing_file_or_folder_is_named(folder: Path) -> None:
    (folder / "locks.csv").unlink()
    with pytest.raises(NotFound, match=r"locks\.csv"):
        read(folder)
    with pytest.raises(NotFound, match="no folder"):
        read(folder / "nowhere")


def test_made_up_instances_are_the_same_for_a_seed() -> None:
    one, same, other = made_up(2, 3), made_up(2, 3), made_up(2, 4)
    assert (one.posts.xy == same.posts.xy).all()
    assert (one.posts.xy != other.posts.xy).any()
    assert len(one.posts) == 2 * 548
