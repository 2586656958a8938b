"""One process or a cluster that loses a worker: the same answer to the last digit."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import pytest

from gridmap.errors import Conflict, Unavailable, UnreadableFile
from gridmap.services import archives
from gridmap.services.archives import engines
from tests import cluster
from tests.archives import make_archive

METHODS = ("counts", "getis-ord", "local-moran", "emerging", "trend")


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[cluster.Cluster]:
    with cluster.running(tmp_path_factory.mktemp("cluster")) as running:
        yield running


def answers_equal(ours: archives.Answer, theirs: archives.Answer) -> None:
    assert ours.incidents == theirs.incidents
    assert list(ours.cells.columns) == list(theirs.cells.columns)
    for name in ours.cells.columns.drop("geometry"):
        here, there = ours.cells[name].to_numpy(), theirs.cells[name].to_numpy()
        assert here.dtype == there.dtype
        if here.dtype.kind == "O":
            assert (here == there).all()
        else:
            assert here.tobytes() == there.tobytes(), name  # every bit, NaN too
    assert (ours.cells.geometry.to_wkb() == theirs.cells.geometry.to_wkb()).all()


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut small archives as large ones are cut."""
    monkeypatch.setattr(
        engines,
        "cut_into_batches",
        partial(engines.cut_into_batches, rows=2_000),
    )


@pytest.mark.usefixtures("small_batches")
@pytest.mark.parametrize("method", METHODS)
def test_a_cluster_and_one_process_agree_to_the_last_bit(tmp_path, dask, method):
    source = archives.open_archive(str(make_archive(tmp_path / "archive", 24_000)))
    question = archives.Question(method=method, size_m=800)
    here = archives.analyse(source, question, archives.count_here)
    count = partial(archives.count_on_dask, scheduler=dask.address)
    answers_equal(here, archives.analyse(source, question, count))


@pytest.mark.parametrize("incidents", [1_200_000, pytest.param(10_000_000, marks=pytest.mark.long)])
def test_a_worker_killed_in_the_middle_changes_nothing(tmp_path, monkeypatch, incidents):
    rows = max(incidents // 16, 60_000)
    monkeypatch.setattr(engines, "cut_into_batches", partial(engines.cut_into_batches, rows=rows))
    source = archives.open_archive(str(make_archive(tmp_path / "archive", incidents)))
    assert source.rows == incidents // 12 * 12
    question = archives.Question(method="getis-ord", size_m=400)
    here = archives.analyse(source, question, archives.count_here)
    seen: list[tuple[int, int]] = []
    with cluster.running(tmp_path) as running:

        def watch(done: int, batches: int) -> None:
            if done == 1:
                running.kill_one()
            seen.append((done, batches))

        count = partial(archives.count_on_dask, scheduler=running.address, progress=watch)
        there = archives.analyse(source, question, count)
        assert len(running.workers) == 1
    batches = seen[0][1]
    assert batches > 4, "there was no middle to be killed in"
    assert seen == [(done, batches) for done in range(batches + 1)]
    answers_equal(here, there)


def test_a_cluster_without_workers_is_given_up_in_words(tmp_path):
    source = archives.open_archive(str(make_archive(tmp_path / "archive", 1_200)))
    with cluster.running(tmp_path, workers=0) as empty:
        count = partial(archives.count_on_dask, scheduler=empty.address, without_workers_s=0.5)
        with pytest.raises(Unavailable, match="no worker"):
            archives.analyse(source, archives.Question(size_m=500), count)


def test_no_scheduler_is_said_with_what_to_start(tmp_path, monkeypatch):
    monkeypatch.setattr(engines, "_CONNECT_S", 0.3)
    source = archives.open_archive(str(make_archive(tmp_path / "archive", 1_200)))
    count = partial(archives.count_on_dask, scheduler="tcp://127.0.0.1:9")
    with pytest.raises(Unavailable, match="No Dask scheduler") as refused:
        archives.analyse(source, archives.Question(size_m=500), count)
    assert "dask scheduler" in refused.value.hint


def test_a_file_that_workers_cannot_read_is_named(tmp_path, dask):
    folder = make_archive(tmp_path / "archive", 1_200)
    source = archives.open_archive(str(folder))
    lost = next(folder.rglob("month=2026-05/*.parquet"))
    lost.unlink()
    count = partial(archives.count_on_dask, scheduler=dask.address)
    with pytest.raises(UnreadableFile, match="month=2026-05") as refused:
        archives.analyse(source, archives.Question(size_m=500), count)
    assert "same path" in refused.value.hint


def test_another_version_on_a_worker_is_refused(tmp_path, dask, monkeypatch):
    source = archives.open_archive(str(make_archive(tmp_path / "archive", 1_200)))
    monkeypatch.setattr(engines, "version", lambda _name: "99.0")
    count = partial(archives.count_on_dask, scheduler=dask.address)
    with pytest.raises(Conflict, match=r"99\.0"):
        archives.analyse(source, archives.Question(size_m=500), count)


def test_incidents_in_memory_are_not_for_a_cluster():
    points = archives.sources.Points(np.zeros(0), np.zeros(0), np.zeros(0, np.int64))
    source = archives.Source("x", None, None, "UTC", None, None, points=points)
    with pytest.raises(Conflict, match="archives, not the database"):
        archives.count_on_dask(source, None, scheduler="tcp://127.0.0.1:9")
