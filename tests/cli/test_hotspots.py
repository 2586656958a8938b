"""`gridmap incidents export` and `gridmap hotspots`, as a person calls them."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from gridmap.cli.main import gridmap
from gridmap.errors import GridmapError

PLACES = ("nanjie",)


@pytest.fixture(scope="module")
def demo_url(engine: sa.Engine, database_url: str) -> str:
    return database_url


@pytest.fixture
def run(demo_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GRIDMAP_DATABASE_URL", demo_url)

    def call(*words: object) -> Result:
        done = CliRunner().invoke(gridmap, [str(word) for word in words])
        if isinstance(done.exception, GridmapError):
            raise done.exception
        assert done.exit_code == 0, done.output
        return done

    return call


def test_an_archive_and_the_database_write_the_same_file(run, tmp_path):
    said = run("incidents", "export", "--out", tmp_path / "archive").output
    assert "nanjie/2026-03" in said
    window = ("--from", "2026-03-01", "--to", "2026-07-01", "--size", 150)
    ours = run("hotspots", "--place", "nanjie", *window, "--out", tmp_path / "a.geojson").output
    run("hotspots", "--archive", tmp_path / "archive", *window, "--out", tmp_path / "b.geojson")
    assert (tmp_path / "a.geojson").read_bytes() == (tmp_path / "b.geojson").read_bytes()
    assert "4 months, cells of 150 m" in ours
    assert "exact conditional permutation test" in ours


@pytest.mark.parametrize("ending", ["geojson", "gpkg", "parquet"])
def test_every_format_holds_the_same_cells(run, tmp_path, ending):
    out = tmp_path / f"cells.{ending}"
    run("hotspots", "--place", "nanjie", "--size", 200, "--method", "emerging", "--out", out)
    frame = gpd.read_parquet(out) if ending == "parquet" else gpd.read_file(out)
    assert frame.crs.to_epsg() == 4326
    assert {"cell", "count", "category", "trend_z"} <= set(frame.columns)
    assert frame["count"].sum() > 1000
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Which incidents"),
        (("--place", "nanjie", "--engine", "dask"), "go together"),
        (("--place", "nanjie", "--scheduler", "tcp://127.0.0.1:1"), "go together"),
        (
            ("--place", "nanjie", "--engine", "dask", "--scheduler", "tcp://127.0.0.1:1"),
            "not the database",
        ),
        (("--archive", "/nowhere/at/all"), "no archive"),
        (("--place", "atlantis"), "no place atlantis"),
        (("--place", "nanjie", "--from", "2026-05-01", "--to", "2026-04-01"), "empty"),
    ],
)
def test_what_cannot_be_asked_is_said(run, tmp_path, words, said):
    with pytest.raises(GridmapError, match=said):
        run("hotspots", *words, "--out", tmp_path / "x.geojson")
    assert not list(tmp_path.iterdir())


def test_a_file_of_no_known_ending_is_refused_before_any_counting(run, tmp_path):
    with pytest.raises(GridmapError, match="ending"):
        run("hotspots", "--place", "nanjie", "--out", tmp_path / "cells.shp")


def test_a_file_that_cannot_be_written_is_refused_before_any_counting(run):
    with pytest.raises(GridmapError, match="cannot be written"):
        run("hotspots", "--place", "nanjie", "--out", Path("/proc/cells.geojson"))
    with pytest.raises(GridmapError, match="cannot be made"):
        run("incidents", "export", "--place", "nanjie", "--out", Path("/proc/archive"))
