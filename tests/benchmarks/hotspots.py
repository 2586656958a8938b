"""The statistics of hotspots: `python -m tests.benchmarks.hotspots [NAME …]`, in a few minutes.

CPU seconds (best of a few runs, after one that loads the compiled loops) against the figure to
reach, on data drawn from a fixed seed; and how many times as long the same task takes in the peers
that are installed: scipy and scikit-learn always are, esda, pointpats, KDEpy and h3ronpy with the
extra `peers`. Then the panel is asked over a million incidents in PostGIS
(`tests/benchmarks/panel.py`).
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import ndimage
from scipy.spatial import cKDTree

from gridmap.algorithms import hotspots
from gridmap.geometry import cells
from tests.benchmarks import panel

CITY = (0.0, 0.0, 34_000.0, 29_700.0)  # 103,040 hexagons of 107 m


@dataclass(frozen=True)
class Task:
    """One line of the table: what, the figure to reach, ours, and how peers do it, by module."""

    title: str
    reach_s: float
    run: Callable[[], Any]
    runs: int = 5
    peers: Mapping[str, Callable[[], Any]] = field(default_factory=dict)


def _points(count: int, *, side_m: float = 40_000, clusters: int = 400) -> np.ndarray:
    """Half of the points in clusters 300 m wide, half anywhere; shape (2, count)."""
    rng = np.random.default_rng(0)
    middles = rng.uniform(0, side_m, (2, clusters))
    half = count // 2
    near = middles[:, rng.integers(0, clusters, half)] + rng.normal(0, 300, (2, half))
    return np.concatenate((near, rng.uniform(0, side_m, (2, count - half))), axis=1) % side_m


def counting() -> Task:
    """Count a million points into ten thousand hexagons."""
    x, y = np.random.default_rng(0).uniform(0, 10_000, (2, 1_000_000))
    window = hotspots.tessellate((0, 0, 10_000, 10_000), 107.5)
    degrees = x / 100_000, y / 100_000

    def h3() -> None:
        import h3ronpy.vector

        # Its hexagons are its own: as many, of about this size.
        found = h3ronpy.vector.coordinates_to_cells(degrees[1], degrees[0], 10)
        np.unique(np.asarray(found), return_counts=True)

    def nearest() -> None:
        # The hexagon of a point is the one with the nearest middle.
        middles = cells.centres(window, np.arange(window.count))
        found = cKDTree(middles).query(np.column_stack((x, y)))[1]
        np.bincount(found, minlength=window.count)

    return Task(
        f"1e6 points into {window.count:,} hexagons",
        0.03,
        lambda: hotspots.count_in_cells(window, x, y),
        peers={"scipy": nearest, "h3ronpy": h3},
    )


def gistar() -> Task:
    """Gi* of a city, exact, with the false discovery rate."""
    window = hotspots.tessellate(CITY, 107.0)
    lists = hotspots.cell_neighbours(window)
    rng = np.random.default_rng(0)
    counts = rng.poisson(rng.gamma(0.5, 4, window.count))

    def permuted() -> None:
        import esda
        import libpysal

        rows, members = lists.rows(), lists.members
        weights = libpysal.graph.Graph.from_arrays(rows, members, np.ones(members.size))
        esda.G_Local(counts.astype(float), weights, star=True, permutations=999, seed=1)

    return Task(
        f"Gi* exact with FDR, {window.count:,} hexagons",
        0.03,
        lambda: hotspots.getis_ord(counts, lists),
        peers={"esda": permuted},
    )


def density() -> Task:
    """Density of a million points on 1,024 × 1,024 pixels."""
    x, y = _points(1_000_000)
    box = (0.0, 0.0, 40_000.0, 40_000.0)

    def smoothed() -> None:
        # A Gaussian, cut where it ends, instead of the quartic kernel; corners as they fall.
        pixels = np.histogram2d(y, x, bins=1024, range=((0, 40_000), (0, 40_000)))[0]
        ndimage.gaussian_filter(pixels, 300 / (40_000 / 1024), mode="constant")

    def fft() -> None:
        import KDEpy

        points = np.column_stack((x, y))
        KDEpy.FFTKDE(kernel="biweight", bw=300).fit(points).evaluate((1024, 1024))

    return Task(
        "quartic density of 1e6 points on 1,024²",
        0.06,
        lambda: hotspots.density_surface(
            x, y, box, sigma_m=300, columns=1024, rows=1024, edge="none"
        ),
        peers={"scipy": smoothed, "KDEpy": fft},
    )


def dbscan() -> Task:
    """DBSCAN of a million points."""
    x, y = _points(1_000_000)

    def indexed() -> None:
        from sklearn.cluster import DBSCAN

        DBSCAN(eps=100, min_samples=50).fit(np.column_stack((x, y)))

    return Task(
        "DBSCAN of 1e6 points, 100 m, 50 points",
        1.0,
        lambda: hotspots.dbscan(x, y, radius_m=100, min_points=50),
        runs=2,
        peers={"sklearn": indexed},
    )


def knox() -> Task:
    """Knox's test of 100,000 points with 99 shuffles."""
    rng = np.random.default_rng(0)
    x, y = rng.uniform(0, 10_000, (2, 100_000))
    days = rng.integers(0, 365, 100_000)

    def shuffled() -> None:
        near = cKDTree(np.column_stack((x, y))).query_pairs(100, output_type="ndarray")
        rng = np.random.default_rng(1)
        for _ in range(100):
            at = rng.permutation(days)
            np.count_nonzero(np.abs(at[near[:, 0]] - at[near[:, 1]]) <= 7)

    def knox_of_pointpats() -> None:
        import pointpats

        pointpats.Knox(np.column_stack((x, y)), days[:, None], 100, 7, permutations=99)

    return Task(
        "Knox of 1e5 points, 1.6e6 close pairs, 99 shuffles",
        1.2,
        lambda: hotspots.knox_table(x, y, days, distance_bands=[100], delay_bands=[7], seed=1),
        runs=2,
        peers={"scipy": shuffled, "pointpats": knox_of_pointpats},
    )


def scan() -> Task:
    """One replicate of a space-time scan: 1,024 sites × 52 steps, half of each."""
    rng = np.random.default_rng(0)
    x, y = rng.uniform(0, 10_000, (2, 1024))
    people = rng.gamma(4, 1, 1024)
    share = np.outer(people / people.sum(), np.full(52, 1 / 52))
    cases = rng.multinomial(5000, share.ravel()).reshape(share.shape)
    made: dict[str, float] = {}

    def replicates(count: int) -> float:
        start = time.process_time()
        hotspots.space_time_poisson_scan(
            x, y, cases, people, replicates=count, seed=1, most_clusters=1
        )
        return time.process_time() - start

    def run() -> float:
        # Laying out the circles is done once, so a replicate is a difference.
        made["one"] = (replicates(11) - replicates(1)) / 10
        return made["one"]

    return Task("scan of 1,024 sites × 52 steps, one replicate", 0.15, run, runs=1)


def emerging() -> Task:
    """Emerging hot spots of a city over a year of weeks."""
    window = hotspots.tessellate(CITY, 107.0)
    lists = hotspots.cell_neighbours(window)
    rng = np.random.default_rng(0)
    counts = rng.poisson(rng.gamma(0.5, 1, (window.count, 1)), (window.count, 52))
    return Task(
        f"emerging hot spots exact, {window.count:,} × 52",
        0.9,
        lambda: hotspots.emerging_hotspots(counts, lists),
        runs=2,
    )


TASKS = (counting, gistar, density, dbscan, knox, scan, emerging)

_FIRST_CALL = """
import time
import numpy as np
start = time.process_time()
from gridmap.algorithms import hotspots
x, y = np.random.default_rng(0).uniform(0, 5000, (2, 2000))
hotspots.dbscan(x, y, radius_m=100, min_points=5)
print(time.process_time() - start)
"""


def first_call_s() -> float:
    """CPU seconds of import and first call in a new process, in a warm install."""
    # Without byte code every process compiles scipy and numba from source: not what is measured.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", _FIRST_CALL]
    answers = [
        float(
            subprocess.run(
                command, check=True, capture_output=True, text=True, env=environment
            ).stdout
        )
        for _ in range(3)
    ]
    return min(answers)


def _cpu_s(run: Callable[[], Any]) -> float:
    start = time.process_time()
    answer = run()
    # A task that measures itself says so.
    return answer if isinstance(answer, float) else time.process_time() - start


def main() -> int:
    """Print the table; fail where a figure is missed by more than half."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[[], *(task.__name__ for task in TASKS)])
    given = parser.parse_args()
    print(f"{'CPU s':>8} {'reach':>7}  task")
    missed = 0
    for make in TASKS:
        if given.names and make.__name__ not in given.names:
            continue
        task = make()
        _cpu_s(task.run)
        best = min(_cpu_s(task.run) for _ in range(task.runs))
        missed += best > 1.5 * task.reach_s
        line = f"{best:8.3f} {task.reach_s:7.2f}  {task.title}"
        for name, run in task.peers.items():
            if importlib.util.find_spec(name):
                theirs = _cpu_s(run)
                line += f"; {name} {theirs:.2f} s, {theirs / best:.0f} times as long"
            else:
                line += f"; {name} is not installed"
        print(line, flush=True)
    if not given.names:
        seconds = first_call_s()
        missed += seconds > 1.5
        print(f"{seconds:8.3f} {1.0:7.2f}  first call in a new process (dbscan)")
        missed += panel.report()
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
