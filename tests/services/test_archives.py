"""Archives: what is written is what there was, and others can read it."""

from __future__ import annotations

import json
import stat
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from gridmap.errors import Conflict, InvalidInput, NotFound, UnreadableFile
from gridmap.services import archives
from tests.archives import make_archive

PLACES = ("nanjie",)


@pytest.fixture(scope="module")
def demo(engine: sa.Engine) -> sa.Engine:
    return engine


@pytest.fixture(scope="module")
def archive(demo: sa.Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out") / "archive"
    archives.export_incidents(demo, folder, actor="archivist")
    return folder


def test_every_incident_is_in_the_archive_once_with_its_values(demo, archive):
    frame = gpd.read_parquet(archive)
    with demo.connect() as connection:
        rows = connection.execute(
            sa.text(
                "SELECT id, code, reported_at, closed_at, category, severity, channel, state, "
                "place, ST_X(geom) AS lon, ST_Y(geom) AS lat FROM incident ORDER BY id"
            )
        ).all()
    assert len(rows) > 1000
    frame = frame.sort_values("id")
    for name in ("id", "code", "category", "severity", "channel", "state", "place"):
        assert frame[name].astype(object).tolist() == [getattr(row, name) for row in rows], name
    assert frame.geometry.x.tolist() == [row.lon for row in rows]
    assert frame.geometry.y.tolist() == [row.lat for row in rows]
    assert frame.reported_at.dt.to_pydatetime().tolist() == [row.reported_at for row in rows]
    closed = [None if moment is None else moment for moment in (row.closed_at for row in rows)]
    assert [None if np.isnat(np.datetime64(m.to_datetime64())) else m.to_pydatetime()
            for m in frame.closed_at] == closed  # fmt: skip


def test_the_month_in_the_folder_is_that_of_the_place(archive):
    for path in archive.rglob("*.parquet"):
        table = pq.ParquetFile(path).read(["reported_at"])
        local = table["reported_at"].cast(pa.timestamp("us", "Asia/Shanghai"))
        months = {moment.strftime("%Y-%m") for moment in local.to_pylist()}
        assert months == {path.parent.name.removeprefix("month=")}


def test_parts_are_geoparquet_whose_covering_lets_readers_skip(archive):
    part = next(archive.rglob("*.parquet"))
    about = json.loads(pq.read_schema(part).metadata[b"geo"])
    column = about["columns"]["geometry"]
    assert about["version"] == "1.1.0"
    assert column["encoding"] == "WKB"
    assert column["geometry_types"] == ["Point"]
    assert column["covering"]["bbox"]["xmin"] == ["bbox", "xmin"]
    everything = gpd.read_parquet(part)
    assert everything.crs.to_string() == "OGC:CRS84"
    west, south, east, north = everything.total_bounds
    assert column["bbox"] == [west, south, east, north]
    half = (west, south, (west + east) / 2, north)
    by_covering = gpd.read_parquet(part, bbox=half)
    wanted = everything.cx[half[0] : half[2], half[1] : half[3]]
    assert set(wanted.id) <= set(by_covering.id)  # the covering is rounded outwards
    assert len(by_covering) <= len(wanted) + 3
    boxes = [box_of(row) for row in pq.read_table(part, columns=["bbox"])["bbox"].to_pylist()]
    assert all(
        xmin <= point.x <= xmax and ymin <= point.y <= ymax
        for point, (xmin, ymin, xmax, ymax) in zip(everything.geometry, boxes, strict=True)
    )


def box_of(box: dict[str, float]) -> tuple[float, float, float, float]:
    return box["xmin"], box["ymin"], box["xmax"], box["ymax"]


def test_only_the_owner_may_look_and_the_audit_says_who_took_it(demo, archive):
    assert stat.S_IMODE(archive.stat().st_mode) == 0o700
    with demo.connect() as connection:
        row = connection.execute(
            sa.text("SELECT actor, detail FROM audit WHERE action = 'export'")
        ).first()
    assert row.actor == "archivist"
    assert "nanjie" in row.detail["places"]


def test_an_archive_is_not_written_over_unless_asked(demo, archive, tmp_path):
    before = sorted(path.name for path in archive.rglob("*"))
    with pytest.raises(Conflict, match="already"):
        archives.export_incidents(demo, archive, actor="test")
    again = archives.export_incidents(demo, archive, actor="test", replace=True)
    assert sorted(path.name for path in archive.rglob("*")) == before
    assert again.incidents == archives.open_archive(str(archive)).rows
    (tmp_path / "precious.txt").write_text("mine")
    with pytest.raises(Conflict, match="not empty"):
        archives.export_incidents(demo, tmp_path, actor="test", replace=True)
    assert (tmp_path / "precious.txt").exists()


def test_the_same_rows_make_the_same_bytes(demo, archive, tmp_path):
    archives.export_incidents(demo, tmp_path / "again", actor="test")
    for path in archive.rglob("*.parquet"):
        assert path.read_bytes() == (tmp_path / "again" / path.relative_to(archive)).read_bytes()


def test_a_place_that_is_not_there_leaves_nothing_behind(demo, tmp_path):
    with pytest.raises(NotFound, match="atlantis"):
        archives.export_incidents(demo, tmp_path / "x", actor="test", places=("atlantis",))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("method", ["getis-ord", "emerging"])
def test_the_database_and_its_archive_give_the_same_answer(demo, archive, method):
    question = archives.Question(method=method, size_m=150)
    ours = archives.analyse(archives.open_place(demo, "nanjie"), question, archives.count_here)
    theirs = archives.analyse(archives.open_archive(str(archive)), question, archives.count_here)
    assert ours.incidents == theirs.incidents > 0
    assert (ours.begins, ours.ends, ours.steps) == (theirs.begins, theirs.ends, theirs.steps)
    assert ours.cells.drop(columns="geometry").equals(theirs.cells.drop(columns="geometry"))


def test_choices_of_incidents_are_those_of_the_database(demo, archive):
    chosen = {"categories": ("dispute", "fire"), "least_severity": 2}
    days = {"begins": date(2026, 2, 10), "ends": date(2026, 5, 3)}
    question = archives.Question(method="counts", size_m=200, **chosen, **days)
    ours = archives.analyse(
        archives.open_place(demo, "nanjie", **chosen, **days), question, archives.count_here
    )
    theirs = archives.analyse(archives.open_archive(str(archive)), question, archives.count_here)
    assert ours.incidents == theirs.incidents > 0
    assert ours.steps == 4
    months = ["2026-02", "2026-03", "2026-04", "2026-05"]
    assert (ours.cells[months].to_numpy() == theirs.cells[months].to_numpy()).all()
    with demo.connect() as connection:
        counted = connection.scalar(
            sa.text(
                "SELECT count(*) FROM incident WHERE category IN ('dispute', 'fire') "
                "AND severity >= 2 AND reported_at >= '2026-02-10 00:00+08' "
                "AND reported_at < '2026-05-03 00:00+08'"
            )
        )
    assert ours.incidents == counted


def test_geoparquet_of_others_is_counted_too(tmp_path):
    rng = np.random.default_rng(3)
    lon, lat = rng.uniform(116.2, 116.3, 500), rng.uniform(39.8, 39.9, 500)
    at = np.datetime64("2026-03-01", "us") + rng.integers(0, 30 * 86_400, 500) * np.timedelta64(
        1_000_000, "us"
    )
    frame = gpd.GeoDataFrame(
        {"reported_at": at}, geometry=gpd.points_from_xy(lon, lat), crs="EPSG:4326"
    )
    frame.to_parquet(tmp_path / "theirs.parquet")
    source = archives.open_archive(str(tmp_path / "*.parquet"))
    assert (source.begins, source.ends) == (date(2026, 3, 1), date(2026, 4, 1))
    answer = archives.analyse(source, archives.Question(size_m=500), archives.count_here)
    assert answer.incidents == 500


def test_what_is_no_archive_is_refused_in_words(tmp_path):
    with pytest.raises(NotFound, match="no archive"):
        archives.open_archive(str(tmp_path))
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and then nothing")
    with pytest.raises(UnreadableFile, match=r"a\.parquet is not a whole"):
        archives.open_archive(str(tmp_path))
    pq.write_table(pa.table({"x": [1]}), tmp_path / "a.parquet")
    with pytest.raises(UnreadableFile, match="not an archive") as refused:
        archives.open_archive(str(tmp_path))
    assert {fault.field for fault in refused.value.faults} == {"reported_at", "geometry"}


def test_an_empty_window_and_too_many_bins_are_refused(tmp_path):
    source = archives.open_archive(str(make_archive(tmp_path / "archive", 1_200)))
    empty = archives.Question(begins=date(2026, 5, 1), ends=date(2026, 5, 1))
    with pytest.raises(InvalidInput, match="empty"):
        archives.analyse(source, empty, archives.count_here)
    with pytest.raises(InvalidInput, match="too many"):
        archives.analyse(source, archives.Question(size_m=10), archives.count_here)


def test_places_far_apart_are_not_laid_on_one_plane(tmp_path):
    make_archive(tmp_path / "a", 1_200)
    lon = np.array([75.9, 76.0])
    frame = gpd.GeoDataFrame(
        {"reported_at": np.array(["2026-03-01", "2026-03-02"], "datetime64[us]")},
        geometry=gpd.points_from_xy(lon, [39.4, 39.5]),
        crs="EPSG:4326",
    )
    frame.to_parquet(tmp_path / "kashgar.parquet")
    with pytest.raises(InvalidInput, match="75"):
        archives.open_archive(str(tmp_path))
