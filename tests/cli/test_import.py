"""`gridmap import` end to end: a command, a database, and what a person reads."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from gridmap.cli.main import main

PROGRAM = (sys.executable, "-c", "from gridmap.cli.main import main; main()")
SQUARE = "[[[101.24,25.5],[101.2401,25.5],[101.2401,25.5001],[101.24,25.5001],[101.24,25.5]]]"


def feature(properties: str, geometry: str = f'{{"type":"Polygon","coordinates":{SQUARE}}}') -> str:
    return f'{{"type":"Feature","properties":{properties},"geometry":{geometry}}}'


@pytest.fixture
def write(tmp_path: Path):
    def make(*features: str, name: str = "楼栋.geojson") -> Path:
        path = tmp_path / name
        text = '{"type":"FeatureCollection","features":[' + ",".join(features) + "]}"
        path.write_text(text, encoding="utf-8")
        return path

    return make


@dataclass(frozen=True)
class Done:
    """What a command printed, and how it ended."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def gridmap(database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Run the command in this process; starting Python each time takes longer than the work."""
    for name in os.environ:
        if name.startswith("GRIDMAP_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("GRIDMAP_DATABASE_URL", database_url)

    def run(*arguments: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["gridmap", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return Done(int(ended.value.code or 0), printed.out, printed.err)

    return run


def count(engine: sa.Engine, table: str) -> int:
    with engine.connect() as connection:
        return connection.scalar(sa.text(f"SELECT count(*) FROM {table}"))


def test_a_good_file_is_stored_and_the_report_says_how_each_column_was_used(
    gridmap, write, engine
) -> None:
    path = write(
        feature('{"名称":"甲楼","户数":"12","颜色":"红"}'), feature('{"名称":"乙楼","户数":8}')
    )
    done = gridmap(
        "import", path, "--layer", "buildings", "--place", "nanjie", "--place-name", "南街"
    )
    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert lines[0] == "楼栋.geojson (GeoJSON)"
    assert "place        nanjie 南街, new, meridian 102°" in lines
    assert "coordinates  OGC:CRS84, from the file" in lines
    assert "buildings: 2 of 2 rows accepted" in lines
    assert "名称 → name (by its name)" in lines
    assert "kept in properties: 颜色" in lines
    assert lines[-1].startswith("Stored in ")
    assert count(engine, "building") == 2


def test_as_a_program_of_its_own_it_does_the_same(write, engine, database_url) -> None:
    path = write(feature('{"name":"程序"}'), name="程序.geojson")
    done = subprocess.run(
        [*PROGRAM, "import", path, "--layer", "buildings", "--place", "nanjie"],
        capture_output=True,
        env=os.environ | {"GRIDMAP_DATABASE_URL": database_url, "PYTHONIOENCODING": "utf-8"},
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "buildings: 1 of 1 rows accepted" in done.stdout
    assert count(engine, "building WHERE name = '程序'") == 1


def test_bad_rows_are_listed_and_the_command_fails(gridmap, write, engine) -> None:
    path = write(
        feature('{"户数":"3"}'), feature('{"户数":"-3"}'), feature("{}", "null"), name="bad.geojson"
    )
    before = count(engine, "building")
    done = gridmap("import", path, "--layer", "buildings", "--place", "nanjie")
    assert done.returncode == 1
    assert "row 2: households -3 is negative at 101.24" in done.stdout
    assert "row 3: has no geometry" in done.stdout
    assert "Nothing was stored: rows are not good." in done.stdout
    assert "gridmap: 2 of 3 rows of bad.geojson are not good; nothing was stored" in done.stderr
    assert "--skip-bad" in done.stderr
    assert "Traceback" not in done.stderr
    assert count(engine, "building") == before
    again = gridmap("import", path, "--layer", "buildings", "--place", "nanjie", "--skip-bad")
    assert again.returncode == 0
    assert "1 of 3 rows accepted, 2 refused" in again.stdout
    assert count(engine, "building") == before + 1


def test_json_is_the_whole_report_also_when_nothing_was_stored(gridmap, write) -> None:
    path = write(feature('{"name":"x","floors":"ground"}'), name="json.geojson")
    done = gridmap("import", path, "--layer", "buildings", "--place", "nanjie", "--json")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert set(report) == {
        "file", "sha256", "format", "source_layer", "stored", "why_not", "place", "reference",
        "datum_check", "rows", "accepted", "repaired", "refused", "layers", "repairs", "refusals",
        "plan", "left", "notes", "seconds",
    }  # fmt: skip
    assert report["stored"] is False
    (refusal,) = report["refusals"]
    assert refusal["row"] == 1
    assert refusal["field"] == "floors"
    assert refusal["reason"] == "'ground' is no number"
    assert set(report["layers"][0]) == {
        "layer", "rows", "accepted", "repaired", "refused", "deleted", "columns", "unknown_values",
        "defaults", "left_out", "import_run",
    }  # fmt: skip


def test_columns_are_mapped_by_hand(gridmap, write, engine) -> None:
    path = write(feature('{"a":"丙楼","b":"7","c":"x"}'), name="mapped.geojson")
    done = gridmap(
        "import", path, "--layer", "buildings", "--place", "nanjie",
        "--map", "a=name", "--map", "b=households", "--map", "c=-",
    )  # fmt: skip
    assert done.returncode == 0
    with engine.connect() as connection:
        row = connection.execute(sa.text("SELECT * FROM building WHERE name = '丙楼'")).one()
    assert (row.households, row.properties) == (7, {})


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--place", "nanjie"], "Say which layer the file is for"),
        (["--layer", "rivers"], "choose one of territories, streets"),
        (["--layer", "buildings", "--place", "Nan Jie"], "small letters"),
        (["--layer", "buildings", "--map", "name"], "is not COLUMN=PROPERTY"),
        (["--layer", "buildings", "--replace"], "needs a place"),
        (["--layer", "buildings", "--publish"], "is for grids"),
        (["--layer", "osm"], "is no extract of OpenStreetMap"),
    ],
)
def test_what_cannot_be_meant_is_said_in_a_sentence(gridmap, write, arguments, says) -> None:
    done = gridmap("import", write(feature("{}")), *arguments)
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_import_of_the_same_file_is_told(gridmap, write) -> None:
    path = write(feature('{"name":"twice"}'), name="twice.geojson")
    arguments = ("import", path, "--layer", "buildings", "--place", "nanjie", "--actor", "王五")
    assert gridmap(*arguments).returncode == 0
    done = gridmap(*arguments)
    assert done.returncode == 1
    assert "The same file was imported into buildings" in done.stderr
    assert "by 王五" in done.stderr
    assert "--again" in done.stderr


def test_help_names_every_option(gridmap) -> None:
    done = gridmap("import", "--help")
    assert done.returncode == 0
    for option in (
        "--layer", "--place", "--map", "--crs", "--datum", "--swap-axes", "--encoding", "--skip-bad",
        "--again", "--replace", "--dry-run", "--network", "--territory", "--tolerance", "--publish",
        "--json",
    ):  # fmt: skip
        assert option in done.stdout


def test_grids_with_a_gap_are_refused_with_the_rows_around_it(gridmap, write, engine) -> None:
    def cell(i: int, j: int) -> str:
        west, south = 101.3 + i * 1e-3, 25.6 + j * 1e-3
        east, north = 101.3 + (i + 1) * 1e-3, 25.6 + (j + 1) * 1e-3
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        code = f"5323251010990{i}{j}"
        return feature(
            f'{{"code":"{code}"}}', json.dumps({"type": "Polygon", "coordinates": [ring]})
        )

    cells = [cell(i, j) for i in range(3) for j in range(3)]
    path = write(*cells[:4], *cells[5:], name="gap.geojson")
    done = gridmap("import", path, "--layer", "grids", "--place", "gap", "--publish")
    assert done.returncode == 1
    assert "leaves a gap beside row" in done.stdout
    assert count(engine, "grid") == 0
    done = gridmap(
        "import",
        write(*cells, name="whole.geojson"),
        "--layer",
        "grids",
        "--place",
        "gap",
        "--publish",
    )
    assert done.returncode == 0
    assert (
        "(published) of network governance: 9 of level 2, 9 atoms, 0 buildings inside"
        in done.stdout
    )
    assert count(engine, "grid") == 9
