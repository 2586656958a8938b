"""`python -m tests.benchmarks.import_rate`: `gridmap import` against `ogr2ogr` with COPY.

Both are programs of their own and read the same seeded file of buildings into the same PostGIS, in
turn, from their start to their end. ogr2ogr makes a plain table with one spatial index. gridmap
checks every outline and value, and fills its own table: seven indexes, the web-mercator twin, a
foreign key, the search index, the revision, the report. At most 1.5 times the time of ogr2ogr is
asked for. With `--own-table` there is a third figure: ogr2ogr appending to gridmap's table, where it
meets the same indexes and checks nothing.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import click
import numpy as np
import psycopg
import pyogrio
import shapely

from gridmap.store import database, embedded
from tests.benchmarks.processes import cluster_cpu_s

LIMIT = 1.5
_GRIDMAP = (sys.executable, "-c", "from gridmap.cli.main import main; main()")
_DEGREES = np.array([1 / 100_900, 1 / 110_800])  # of a metre at 25° north


def write_buildings(path: Path, count: int) -> None:
    """Write a city of turned houses, L-shaped ones among them, street by street."""
    rng = np.random.default_rng(20261031)
    side = int(np.ceil(np.sqrt(count)))
    row, column = np.divmod(np.arange(count), side)
    centre = np.column_stack((102 + column * 35e-5, 25 + row * 30e-5))
    centre += rng.uniform(-5e-5, 5e-5, centre.shape)
    half = np.column_stack((rng.uniform(4, 14, count), rng.uniform(3, 8, count)))
    turn = rng.uniform(0, np.pi / 2, count)
    # A house, and the same with a corner cut out.
    plain = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, 1), (-1, 1)])
    bent = np.array([(-1, -1), (1, -1), (1, 0), (0, 0), (0, 1), (-1, 1)])
    corner = np.where((rng.random(count) < 0.3)[:, None, None], bent, plain) * half[:, None, :]
    cosine, sine = np.cos(turn)[:, None], np.sin(turn)[:, None]
    x = corner[..., 0] * cosine - corner[..., 1] * sine
    y = corner[..., 0] * sine + corner[..., 1] * cosine
    xy = np.stack((x, y), axis=2) * _DEGREES + centre[:, None, :]
    shapes = shapely.remove_repeated_points(shapely.polygons(xy))
    number = np.arange(count)
    texts = {
        "code": [f"B{i:07d}" for i in number],
        "name": [f"{i % 300 + 1}号楼" if i % 3 == 0 else None for i in number],
        "usage": rng.choice(["residential", "office", "school", "commercial"], count).tolist(),
    }
    counts = {"floors": number % 33 + 1, "households": number % 80, "residents": number % 80 * 3}
    pyogrio.raw.write(
        path,
        shapely.to_wkb(shapes),
        [*(np.array(values, dtype=object) for values in texts.values()), *counts.values()],
        [*texts, *counts],
        geometry_type="Polygon",
        crs="EPSG:4326",
        layer="buildings",
    )


def run_ogr2ogr(url: str, path: Path, *options: str) -> None:
    """Load a file with ogr2ogr and COPY."""
    subprocess.run(
        [
            "ogr2ogr",
            "-f",
            "PostgreSQL",
            f"PG:{url}",
            path,
            "--config",
            "PG_USE_COPY",
            "YES",
            *options,
        ],
        check=True,
        stderr=subprocess.DEVNULL,  # it warns that the GeoPackage is newer than itself
    )


def run_gridmap(url: str, path: Path) -> None:
    """Load a file with the command line."""
    subprocess.run(
        [*_GRIDMAP, "import", path, "--layer", "buildings", "--place", "bench", "--again"],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"GRIDMAP_DATABASE_URL": url},
    )


def timed(work: Callable[[], None], folder: Path, url: str) -> tuple[float, float, float]:
    """Wall seconds of the work, and CPU seconds of the program and of the database."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("TRUNCATE building CASCADE")
        connection.execute("CHECKPOINT")
        used, own, began = cluster_cpu_s(folder), _children_cpu_s(), time.perf_counter()
        work()
        wall, program = time.perf_counter() - began, _children_cpu_s() - own
        # What a session has used is counted once it has ended, a moment after its client.
        while connection.execute(_OTHERS).fetchone() != (0,):
            pass
        return wall, program, cluster_cpu_s(folder) - used


_OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@click.command()
@click.option("--n", "count", default=200_000, help="Buildings.")
@click.option("--rounds", default=3, help="Rounds that count; one more is thrown away.")
@click.option("--format", "suffix", type=click.Choice(["gpkg", "fgb"]), default="gpkg")
@click.option("--own-table", is_flag=True, help="Let ogr2ogr fill gridmap's table also.")
def main(count: int, rounds: int, suffix: str, *, own_table: bool) -> None:
    """Measure the rate of importing buildings."""
    with tempfile.TemporaryDirectory(prefix="gridmap-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        path = folder / f"buildings.{suffix}"
        write_buildings(path, count)
        data = folder / "data"
        with embedded.running(data) as url:
            engine = database.connect_engine(url)
            database.upgrade(engine)
            engine.dispose()
            own = ("-append", "-nln", "building", "-nlt", "PROMOTE_TO_MULTI")
            works: dict[str, Callable[[], None]] = {
                "ogr2ogr": lambda: run_ogr2ogr(url, path, "-nln", "plain", "-overwrite"),
                "gridmap": lambda: run_gridmap(url, path),
            }
            if own_table:
                works["ogr2ogr into gridmap's table"] = lambda: run_ogr2ogr(url, path, *own)
            taken: dict[str, list[tuple[float, float, float]]] = {who: [] for who in works}
            for _ in range(rounds + 1):
                for who, work in works.items():
                    taken[who].append(timed(work, data, url))
                    print(f"  {who}: {taken[who][-1][0]:.1f} s", flush=True)
    medians = {
        who: [statistics.median(column) for column in zip(*measured[1:], strict=True)]
        for who, measured in taken.items()
    }
    for who, (wall, program, cluster) in medians.items():
        print(
            f"{who}: {wall:.2f} s, {count / wall:,.0f} buildings/s; "
            f"CPU {program:.2f} s, of the database {cluster:.2f} s"
        )
    ratio = medians["gridmap"][0] / medians["ogr2ogr"][0]
    print(f"gridmap / ogr2ogr: {ratio:.2f} (asked: at most {LIMIT})")
    sys.exit(0 if ratio <= LIMIT else 1)


if __name__ == "__main__":
    main()
