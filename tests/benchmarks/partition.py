"""`gridmap partition` as a planner runs it: `python -m tests.benchmarks.partition [DIR …]`.

The whole command in a process of its own, its processor time, and its answer judged here with
polygons alone. Towns: one that is drawn here, at scale 1 and 10, so that the growth shows; and the
ones in DIR (`instance.gpkg`, `adjacency.csv`), or, where the benchmark's folder is beside the
repository, towns by its generator (it needs networkx), then judged by its scorer too.
"""

from __future__ import annotations

import csv
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyogrio
import shapely

SHARED = Path(__file__).resolve().parents[3] / "shared" / "bench" / "partition"
COMMAND = Path(sys.executable).with_name("gridmap")
SEEDS = (93, 7, 11)
HOUSEHOLDS_A_GRID = 129


@dataclass(frozen=True)
class Town:
    """Where a town's atoms stand."""

    name: str
    folder: Path
    scale: int
    by_others: bool


def draw_town(folder: Path, scale: int) -> Town:
    """Blocks of a bent lattice of streets, 12,000 households at scale 1, in EPSG:4547."""
    rng = np.random.default_rng(scale)
    side = round(32 * scale**0.5)
    x, y = np.meshgrid(np.arange(side + 1.0), np.arange(side + 1.0), indexing="ij")
    bent = np.stack((x + 0.4 * np.sin(y / 5), y + 0.4 * np.sin(x / 4)), axis=-1)
    points = np.round(500_000 + 140 * (bent + rng.uniform(-0.2, 0.2, bent.shape)), 2)
    rings = np.stack((points[:-1, :-1], points[1:, :-1], points[1:, 1:], points[:-1, 1:]), axis=2)
    blocks = shapely.polygons(rings.reshape(-1, 4, 2))
    size = rng.gamma(0.35, 1.0, len(blocks))
    households = np.minimum(np.round(size / size.sum() * 12_000 * scale), 180).astype(np.int64)
    pyogrio.raw.write(
        folder / "instance.gpkg",
        shapely.to_wkb(blocks),
        [np.arange(len(blocks)), households],
        ["atom", "hh"],
        layer="atoms",
        geometry_type="Polygon",
        crs="EPSG:4547",
    )
    return Town(f"drawn here, scale {scale}", folder, scale, by_others=False)


def find_towns(root: Path) -> list[Town]:
    """Towns that are named, or that can be made."""
    if len(sys.argv) > 1:
        return [Town(name, Path(name), 1, by_others=True) for name in sys.argv[1:]]
    towns = []
    for scale in (1, 10):
        (root / f"own{scale}").mkdir()
        towns.append(draw_town(root / f"own{scale}", scale))
    if not SHARED.is_dir():
        print("the towns of the shared benchmark are not beside the repository: left out")
        return towns
    if importlib.util.find_spec("networkx") is None:
        print("the shared benchmark's generator needs networkx: left out")
        return towns
    for seed in SEEDS:
        folder = root / f"seed{seed}"
        subprocess.run(
            [sys.executable, SHARED / "make_instance.py", "--out", folder, "--seed", str(seed)],
            check=True,
            capture_output=True,
        )
        towns.append(Town(f"generator's seed {seed}", folder, 1, by_others=True))
    return towns


def run(town: Town) -> float:
    """Cut a town with the command; give its processor seconds."""
    source = town.folder / "instance.gpkg"
    _, _, _, (households,) = pyogrio.raw.read(
        source, layer="atoms", columns=["hh"], read_geometry=False
    )
    grids = round(households.sum() / HOUSEHOLDS_A_GRID)
    adjacency = town.folder / "adjacency.csv"
    beside = ["--adjacency", adjacency] if adjacency.exists() else []
    before = os.times()
    subprocess.run(
        [
            COMMAND, "partition", source, "--layer", "atoms", "--households", "hh",
            "--min", "100", "--max", "200", "--grids", str(grids), *beside,
            "--seed", "1", "--time", str(5 * 12 if town.scale > 1 else 5),
            "--out", town.folder / "answer.csv",
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    after = os.times()
    return (
        after.children_user + after.children_system - before.children_user - before.children_system
    )


def judge(town: Town) -> str:
    """Range, contiguity and compactness of the answer, from the polygons."""
    _, _, shapes, (atoms, households) = pyogrio.raw.read(
        town.folder / "instance.gpkg", layer="atoms", columns=["atom", "hh"]
    )
    with (town.folder / "answer.csv").open(encoding="utf-8") as stream:
        grid_of = {int(row["atom"]): int(row["grid"]) for row in csv.DictReader(stream)}
    polygons = shapely.from_wkb(shapes)
    grid = np.array([grid_of[int(atom)] for atom in atoms])
    united = np.array(
        [shapely.coverage_union_all(polygons[grid == number]) for number in np.unique(grid)]
    )
    total = np.array([households[grid == number].sum() for number in np.unique(grid)])
    compactness = 4 * np.pi * shapely.area(united) / shapely.length(united) ** 2
    broken = int((shapely.get_num_geometries(united) > 1).sum())
    return (
        f"{len(united)} grids, {np.mean((total >= 100) & (total <= 200)):.1%} in range, "
        f"{broken} in parts, mean compactness {compactness.mean():.4f}"
    )


def judge_by_others(town: Town) -> str:
    """The shared scorer's words for the same answer."""
    done = subprocess.run(
        [sys.executable, SHARED / "score.py", town.folder, town.folder / "answer.csv"],
        check=True,
        capture_output=True,
        text=True,
    )
    said = json.loads(done.stdout)
    return (
        f"independent: {said['n_grids']} grids, {said['in_band_share']:.1%} in range, "
        f"{said['non_contiguous']} not contiguous, mean compactness {said['pp_mean']:.4f}, "
        f"{said['cut_internal_km']:.2f} km off the street"
    )


def main() -> int:
    """Print a line for each town."""
    subprocess.run(
        [sys.executable, "-c", "from gridmap.algorithms.partition import prepare; prepare()"],
        check=True,
    )
    spent: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as root:
        for town in find_towns(Path(root)):
            seconds = run(town)
            print(f"{town.name}: {judge(town)}; {seconds:.1f} CPU-s", flush=True)
            if town.by_others and SHARED.is_dir():
                print(f"  {judge_by_others(town)}", flush=True)
            if not town.by_others:
                spent[town.scale] = seconds
    if len(spent) > 1:
        print(f"scale 10 / scale 1: {spent[10] / spent[1]:.1f} of at most 12 times the time")
    return 0


if __name__ == "__main__":
    sys.exit(main())
