"""The answers of the hotspots panel over a million incidents: part of `tests.benchmarks.hotspots`.

Xiameiqiao (19 km², 93 grids) with a year of generated incidents, 100,000 and then ten times as
many; each method of the panel is asked in its default unit, from the database to the document:

first
    no incident is in memory yet
changed
    another seed: a new answer over incidents that were read before
cached
    the same question once more, as the server answers it, down to the bytes

Methods are asked in a process of their own, whose greatest memory is told.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import sqlalchemy as sa

from gridmap.api.hotspots.kept import Answers
from gridmap.services.hotspots import Question, find_hotspots
from gridmap.services.hotspots.answer import METHODS
from gridmap.services.places import load_place
from gridmap.store import database, embedded
from gridmap.store.incidents import ensure_months

FOLDER = Path(tempfile.gettempdir()) / "gridmap-bench-hotspots"
DATA = Path(__file__).resolve().parents[2] / "data" / "geojson" / "xiameiqiao"
YEAR = (
    datetime.fromisoformat("2025-11-01T00:00:00+08:00"),
    datetime.fromisoformat("2026-11-01T00:00:00+08:00"),
)
REACH_S, REACH_CACHED_S, REACH_RATIO = 2.0, 0.05, 12.0
_SMALL, _LARGE = 100_000, 1_000_000
_CATEGORIES = ("dispute", "hazard", "environment", "facility", "order", "service", "traffic")


@dataclass(frozen=True)
class Times:
    """Wall seconds of a method's answers, CPU seconds of the first one, and memory so far."""

    method: str
    first: float
    changed: float
    cached: float
    cpu: float
    memory_mb: float


def fill(url: str, count: int) -> None:
    """Replace the incidents of the place by generated ones: half of them in 60 clusters."""
    engine = database.connect_engine(url)
    database.upgrade(engine)
    with engine.connect() as connection:
        have = connection.scalar(sa.text("SELECT count(*) FROM incident"))
        if have is not None and have == count:
            engine.dispose()
            return
        known = connection.scalar(sa.text("SELECT count(*) FROM place"))
    if not known:
        load_place(engine, DATA, actor="benchmark")
    rng = np.random.default_rng(11)
    with engine.connect() as connection:
        west, south, east, north = connection.execute(
            sa.text(
                "SELECT ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b) FROM "
                "(SELECT ST_Extent(geom) AS b FROM territory) AS t"
            )
        ).one()
    middles = rng.uniform((west, south), (east, north), (60, 2))
    near = middles[rng.integers(0, 60, count // 2)] + rng.normal(0, 0.0015, (count // 2, 2))
    far = rng.uniform((west, south), (east, north), (count - count // 2, 2))
    lonlat = np.round(np.concatenate((near, far)), 7)
    seconds = rng.integers(0, int((YEAR[1] - YEAR[0]).total_seconds()), count)
    category, severity = rng.integers(0, len(_CATEGORIES), count), rng.integers(1, 5, count)
    rows = np.column_stack((lonlat, seconds, category, severity))
    text = "\n".join(
        f"{lon!r}\t{lat!r}\t{at:.0f}\t{kind:.0f}\t{degree:.0f}"
        for lon, lat, at, kind, degree in rows.tolist()
    )
    with database.transaction(engine, actor="benchmark") as connection:
        connection.execute(sa.text("TRUNCATE incident CASCADE"))
        ensure_months(connection, *YEAR)
        connection.execute(
            sa.text("CREATE TEMP TABLE made (x float8, y float8, s int, c int, v int)")
        )
        raw = connection.connection.driver_connection
        with raw.cursor() as cursor, cursor.copy("COPY made FROM STDIN") as stream:
            stream.write(text)
        connection.execute(
            sa.text(
                "INSERT INTO incident (place, reported_at, category, severity, geom) "
                "SELECT 'xiameiqiao', CAST(:start AS timestamptz) + s * interval '1 second', "
                "(CAST(:names AS text[]))[c + 1], v, ST_SetSRID(ST_MakePoint(x, y), 4326) FROM made"
            ),
            {"start": YEAR[0], "names": list(_CATEGORIES)},
        )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE"))
    engine.dispose()


def ask_all(url: str, runs: int) -> None:
    """Print, for each method, the median times of its answers; a line of JSON each."""
    warm = database.connect_engine(url)
    for method in METHODS:
        question = Question("xiameiqiao", *YEAR, method=method)
        answers = Answers()
        answers.body(answers.ask(warm, question))  # loads compiled loops and libraries, too
        firsts, processors = [], []
        for _ in range(runs):
            cold = database.connect_engine(url)
            with cold.connect():
                start, used = time.perf_counter(), time.process_time()
            find_hotspots(cold, question)
            firsts.append(time.perf_counter() - start)
            processors.append(time.process_time() - used)
            cold.dispose()
        changed = [
            _seconds_of(warm, Question("xiameiqiao", *YEAR, method=method, seed=2 + run))
            for run in range(runs)
        ]
        cached = []
        for _ in range(11):
            start = time.perf_counter()
            answers.body(answers.ask(warm, question))
            cached.append(time.perf_counter() - start)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        middle = map(statistics.median, (firsts, changed, cached, processors))
        print(json.dumps(asdict(Times(method, *middle, memory))), flush=True)
    warm.dispose()


def _seconds_of(engine: sa.Engine, question: Question) -> float:
    start = time.perf_counter()
    find_hotspots(engine, question)
    return time.perf_counter() - start


def _measure(count: int, runs: int) -> list[Times]:
    with embedded.running(FOLDER / str(count)) as url:
        fill(url, count)
        command = [sys.executable, "-m", "tests.benchmarks.panel", url, str(runs)]
        found: list[Times] = []
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as asking:
            for line in asking.stdout or ():
                found.append(Times(**json.loads(line)))
                print(f"  {count:,}: {found[-1].method} {found[-1].first:.2f} s", flush=True)
    if asking.returncode:
        raise subprocess.CalledProcessError(asking.returncode, command)
    return found


def report(*, runs: int = 3) -> int:
    """Print seconds of each method at both sizes; give the number of figures missed."""
    few, many = _measure(_SMALL, runs), _measure(_LARGE, runs)
    print(f"\n{_LARGE:,} incidents of a year, from the database to the answer; wall s, medians")
    print(f"{'first':>7} {'CPU':>6} {'changed':>8} {'cached':>7} {'× 10':>6}  method")
    missed = 0
    for small, large in zip(few, many, strict=True):
        ratio = large.first / small.first
        print(
            f"{large.first:7.2f} {large.cpu:6.2f} {large.changed:8.2f} {large.cached:7.3f}"
            f" {ratio:6.1f}  {large.method}"
        )
        missed += large.first > REACH_S or large.cached > REACH_CACHED_S or ratio > REACH_RATIO
    print(
        f"{REACH_S:7.2f} {'':6} {REACH_S:8.2f} {REACH_CACHED_S:7.3f} {REACH_RATIO:6.1f}  to reach"
    )
    for name, middle in (
        ("first", [t.first for t in many]),
        ("changed", [t.changed for t in many]),
    ):
        print(f"{statistics.median(middle):7.2f} median of the {len(many)} methods, {name}")
    print(f"{max(time.memory_mb for time in many):7,.0f} MB at most, all methods in one process")
    return missed


if __name__ == "__main__":
    ask_all(sys.argv[1], int(sys.argv[2]))
