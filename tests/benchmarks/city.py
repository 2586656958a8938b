"""The city of the tile benchmark, loaded as layers of gridmap in a database `bench` of its own.

300,000 buildings, 30,000 micro-grids, 3,000 grids and 50,000 points (`../shared/bench/tiles`). The
folder `BENCH_FOLDER` (in the temporary folder when not set) keeps the cluster between runs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from gridmap.store import database, embedded

FOLDER = Path(os.environ.get("BENCH_FOLDER", Path(tempfile.gettempdir()) / "gridmap-bench"))
INPUT = Path(__file__).resolve().parents[3] / "shared" / "bench" / "tiles"

_ROWS = (
    """INSERT INTO place (key, code, name, name_en, meridian)
       VALUES ('bench', '990101001000', '基准市', 'Bench city', 78)""",
    """INSERT INTO territory (id, place, code, name, name_en, kind, geom)
       VALUES (1, 'bench', '990101001000', '基准市', 'Bench city', 'town',
               (SELECT ST_Multi(ST_Union(geom)) FROM city.microgrids))""",
    """INSERT INTO network (id, place, territory_id, key, name, name_en, authoritative, levels)
       VALUES (1, 'bench', 1, 'governance', '综治网', 'Governance', true,
               '[{"level": 1, "name": "总网格"}, {"level": 2, "name": "网格"},
                 {"level": 3, "name": "微网格"}]')""",
    """INSERT INTO plan (id, network_id, name, state, valid, author, reviewer, published_at)
       VALUES (1, 1, '基准方案', 'published', '[2025-01-01,)', 'a', 'b', now())""",
    """INSERT INTO grid (id, plan_id, place, network, level, lowest, code, name, parent, valid,
                         households, geom)
       SELECT 100000 + k, 1, 'bench', 'governance', 1, false, '990101001' || lpad(k::text, 3, '0'),
              'Total grid ' || k, '990101001000', '[2025-01-01,)', population, ST_Multi(area)
       FROM (SELECT 1 + id / 100 AS k, sum(population) AS population, ST_Union(geom) AS area
             FROM city.grids GROUP BY 1) AS t""",
    """INSERT INTO grid (id, plan_id, place, network, level, lowest, code, name, parent_id, parent,
                         valid, households, geom)
       SELECT id, 1, 'bench', 'governance', 2, false, '990101001001' || lpad(id::text, 4, '0'),
              name, 100000 + 1 + id / 100, '990101001' || lpad((1 + id / 100)::text, 3, '0'),
              '[2025-01-01,)', population, ST_Multi(geom)
       FROM city.grids""",
    """INSERT INTO grid (id, plan_id, place, network, level, lowest, code, name, parent_id, parent,
                         valid, households, geom)
       SELECT 10000 + id, 1, 'bench', 'governance', 3, true,
              '9901010010010000' || lpad(id::text, 5, '0'), name, grid_id,
              '990101001001' || lpad(grid_id::text, 4, '0'), '[2025-01-01,)', population,
              ST_Multi(geom)
       FROM city.microgrids""",
    "INSERT INTO atom (id, territory_id, geom) SELECT id, 1, geom FROM city.microgrids",
    """INSERT INTO plan_atom (plan_id, atom_id, grid_id)
       SELECT 1, id, 10000 + id FROM city.microgrids""",
    """INSERT INTO building (id, place, code, name, usage, floors, households, residents, geom)
       SELECT id, 'bench', code, name, usage, floors, households, households * 3, ST_Multi(geom)
       FROM city.buildings""",
    """INSERT INTO resource_point (id, place, code, name, category, capacity, organisation, geom)
       SELECT id, 'bench', code, name, kind, capacity, owner, geom FROM city.points""",
)


@contextmanager
def running() -> Iterator[str]:
    """Run the cluster of the benchmark and yield the URL of `bench`, loaded at the first time."""
    with embedded.running(FOLDER) as url:
        yield load(url)


def load(cluster_url: str) -> str:
    """Make the database `bench` when it is not there, and give its URL."""
    url = sa.make_url(cluster_url).set(database="bench")
    admin = database.connect_engine(cluster_url)
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.scalar(sa.text("SELECT 1 FROM pg_database WHERE datname = 'bench'")):
            # Renamed when it is complete: a load that was interrupted starts again.
            connection.execute(sa.text("DROP DATABASE IF EXISTS bench_loading"))
            connection.execute(sa.text("CREATE DATABASE bench_loading"))
            _fill(url.set(database="bench_loading").render_as_string(hide_password=False))
            connection.execute(sa.text("ALTER DATABASE bench_loading RENAME TO bench"))
    admin.dispose()
    shown = url.render_as_string(hide_password=False)
    engine = database.connect_engine(shown)
    database.upgrade(engine)
    engine.dispose()
    return shown


def _fill(url: str) -> None:
    engine = database.connect_engine(url)
    database.upgrade(engine)
    began = time.perf_counter()
    psql = shutil.which("psql") or "psql"
    subprocess.run(
        [psql, "-q", "-d", url, "-f", str(INPUT / "schema_load.sql")],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    print(f"the city is made: {time.perf_counter() - began:.0f} s")
    # At once, because the coverage of the plan is proved at the end of the transaction.
    began = time.perf_counter()
    with database.transaction(engine, actor="benchmark") as connection:
        for statement in _ROWS:
            connection.execute(sa.text(statement))
    print(f"its rows are in the tables of gridmap: {time.perf_counter() - began:.0f} s")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("VACUUM ANALYZE"))
    engine.dispose()
