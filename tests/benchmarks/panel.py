"""The answers of the hotspots panel over a million incidents: part of `tests.benchmarks.hotspots`.

Xiameiqiao (19 km², 93 grids) with a year of generated incidents, 100,000 and then ten times as
many; each method of the panel is asked as `GET /hotspots` asks it, from the database to the
document.
"""

from __future__ import annotations

import resource
import statistics
import tempfile
import time
from datetime import datetime
from pathlib import Path

import numpy as np
import sqlalchemy as sa

from gridmap.services.hotspots import Question, find_hotspots
from gridmap.services.places import load_place
from gridmap.store import database, embedded
from gridmap.store.incidents import ensure_months

FOLDER = Path(tempfile.gettempdir()) / "gridmap-bench-hotspots"
DATA = Path(__file__).resolve().parents[2] / "data" / "geojson" / "xiameiqiao"
YEAR = (
    datetime.fromisoformat("2025-11-01T00:00:00+08:00"),
    datetime.fromisoformat("2026-11-01T00:00:00+08:00"),
)
REACH_S, REACH_RATIO = 2.0, 12.0
QUICK = (
    "getis-ord", "local-moran", "counts", "rates", "density", "emerging", "change",
    "scan", "space-time-scan", "permutation-scan",
)  # fmt: skip
SLOW = ("street-density", "dbscan", "st-dbscan", "bernoulli-scan", "near-repeat", "hdbscan")
_CATEGORIES = ("dispute", "hazard", "environment", "facility", "order", "service", "traffic")


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


def ask(engine: sa.Engine, method: str, runs: int) -> float:
    """Median seconds of an answer."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        find_hotspots(engine, Question("xiameiqiao", *YEAR, method=method))
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def report(methods: tuple[str, ...], *, small: int = 100_000, runs: int = 3) -> int:
    """Print seconds of each method at both sizes; give the number of figures missed."""
    found: dict[str, list[float]] = {method: [] for method in methods}
    for count in (small, 10 * small):
        with embedded.running(FOLDER / str(count)) as url:
            fill(url, count)
            engine = database.connect_engine(url)
            for method in methods:
                ask(engine, method, 1)
                found[method].append(ask(engine, method, runs))
            engine.dispose()
    print(f"\n{10 * small:,} incidents of a year, from the database to the answer")
    print(f"{'wall s':>8} {'reach':>7} {'× 10':>6}  method")
    for method, (few, many) in found.items():
        print(f"{many:8.3f} {REACH_S:7.2f} {many / few:6.1f}  {method}", flush=True)
    middle = statistics.median(many for _, many in found.values())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{middle:8.3f} {REACH_S:7.2f}         median of the methods; {memory:,.0f} MB at most")
    return sum(many > REACH_S or many / few > REACH_RATIO for few, many in found.values())
