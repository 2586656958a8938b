"""`python -m tests.benchmarks.tiles`: the tile path against the same work by SQL alone.

Runs gridmap's server and the raw statements in turn over the request lists of
`../shared/bench/tiles`, on the same rows with the same columns and buffer (compared byte by byte on
a sample first), and prints CPU milliseconds a tile of both: trust ratios, and CPU more than wall
time. The cap is raw CPU by all CPU of ours, the server's included: what share of the raw rate the
processors allow. The first round is thrown away; medians are quoted.
"""

from __future__ import annotations

import asyncio
import contextlib
import csv
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import click
import httpx
import mapbox_vector_tile

from gridmap.store.layers import LAYERS
from gridmap.store.zooms import BUFFER, EXTENT, ZOOMS
from tests.benchmarks import city
from tests.benchmarks.processes import cluster_cpu_s, process_cpu_s

HERE = Path(__file__).parent
NAMES = {
    "microgrids": "micro-grids",
    "points": "resource-points",
    "grids": "grids",
    "buildings": "buildings",
}
EVERYTHING = ",".join(LAYERS)
RAW_CONNECTIONS, CLIENTS = 4, 8


@dataclass(frozen=True)
class Round:
    """What one round over a list has cost, a tile."""

    per_s: float
    p50_ms: float
    p99_ms: float
    database_ms: float
    server_ms: float = 0.0

    @property
    def cpu_ms(self) -> float:
        return self.database_ms + self.server_ms


def read_list(name: str) -> list[tuple[str, int, int, int]]:
    with (city.INPUT / name).open() as file:
        return [
            (NAMES[row["layer"]], int(row["z"]), int(row["x"]), int(row["y"]))
            for row in csv.DictReader(file)
        ]


# --- Raw -----------------------------------------------------------------------------------------


def raw_statement(name: str, zoom: int) -> str:
    """What somebody writes who wants just this tile, without a thought about plans."""
    layer = LAYERS[name]
    columns = ", ".join(
        f"{item.column} AS {item.name}" for item in layer.properties if item.in_tiles
    )
    conditions = [layer.condition, ZOOMS[name].condition(zoom)]
    condition = "".join(f" AND {item}" for item in conditions if item)
    return (
        f"SELECT ST_AsMVT(t, '{name}', {EXTENT}, 'geom', 'id') FROM (SELECT id, {columns},"
        f" ST_AsMVTGeom(mercator, ST_TileEnvelope($1, $2, $3), {EXTENT}, {BUFFER}, true) AS geom"
        f" FROM {layer.table} WHERE geom && ST_Transform("
        f"ST_TileEnvelope($1, $2, $3, margin => {BUFFER / EXTENT}), 4326){condition}) AS t"
    )


async def run_raw(url: str, tiles: list[tuple[str, int, int, int]], folder: Path) -> Round:
    connections = [
        await asyncpg.connect(url, server_settings={"timezone": "UTC", "jit": "off"})
        for _ in range(RAW_CONNECTIONS)
    ]
    for connection in connections:  # the first tile of a connection costs 50 ms
        await connection.fetchval(raw_statement("grids", 14), 14, 0, 0)
    waiting, took = deque(tiles), []

    async def draw(connection: asyncpg.Connection) -> None:
        while waiting:
            name, *tile = waiting.popleft()
            began = time.perf_counter()
            await connection.fetchval(raw_statement(name, tile[0]), *tile)
            took.append(time.perf_counter() - began)

    used, began = cluster_cpu_s(folder), time.perf_counter()
    await asyncio.gather(*map(draw, connections))
    wall, used = time.perf_counter() - began, cluster_cpu_s(folder) - used
    for connection in connections:
        await connection.close()
    took.sort()
    count = len(took)
    return Round(
        count / wall,
        took[count // 2] * 1e3,
        took[int(count * 0.99)] * 1e3,
        used / count * 1e3,
    )


async def compare(url: str, base: str, tiles: list[tuple[str, int, int, int]]) -> str:
    """Compare a sample: the same bytes, or at least the same features in another order."""
    connection = await asyncpg.connect(url, server_settings={"timezone": "UTC"})
    same = reordered = 0
    async with httpx.AsyncClient(base_url=base, timeout=30) as client:
        for name, *tile in tiles:
            raw = await connection.fetchval(raw_statement(name, tile[0]), *tile) or b""
            ours = (await client.get(f"/tiles/{name}/{'/'.join(map(str, tile))}.mvt")).content
            if raw == ours:
                same += 1
            elif features_of(raw) == features_of(ours):
                reordered += 1
    await connection.close()
    wrong = len(tiles) - same - reordered
    return f"of {len(tiles)} compared {same} same bytes, {reordered} same features, {wrong} WRONG"


def features_of(mvt: bytes) -> list[str]:
    return sorted(
        f"{name} {feature['id']} {sorted(feature['properties'].items())} {feature['geometry']}"
        for name, layer in mapbox_vector_tile.decode(mvt).items()
        for feature in layer["features"]
    )


# --- gridmap -------------------------------------------------------------------------------------


@contextlib.contextmanager
def serving(url: str, *, cache_mb: int, workers: int = 1) -> Iterator[tuple[str, int]]:
    """Run `gridmap serve`, and yield its address and process id."""
    environment = {
        **os.environ,
        "GRIDMAP_DATABASE_URL": url,
        "GRIDMAP_TILE_CACHE_MB": str(cache_mb),
    }
    command = [sys.executable, "-m", "gridmap.cli.main", "serve", "--port", "0"]
    command = [str(Path(sys.executable).with_name("gridmap")), *command[3:]]
    with subprocess.Popen(
        [*command, "--workers", str(workers)], env=environment, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout
        said = server.stdout.readline()
        found = re.search(r"http://\S+", said)
        assert found, said
        try:
            yield found[0], server.pid
        finally:
            server.terminate()
            server.wait(20)


def run_ours(base: str, pid: int, name: str, count: int, folder: Path) -> Round:
    with tempfile.NamedTemporaryFile() as report:
        used, served = cluster_cpu_s(folder), process_cpu_s(pid)
        arguments = [
            f"--layer={theirs}={base}/tiles/{ours}/{{z}}/{{x}}/{{y}}.mvt"
            for theirs, ours in NAMES.items()
        ]
        subprocess.run(
            [
                *(sys.executable, str(city.INPUT / "bench_client.py")),
                *("--list", str(city.INPUT / name), "-c", str(CLIENTS), "-n", str(count)),
                *("--json", report.name, *arguments),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        used, served = cluster_cpu_s(folder) - used, process_cpu_s(pid) - served
        result = json.loads(report.read())
    assert set(result["status"]) <= {"200", "204"}, result["status"]
    done = result["n"]
    return Round(
        result["rps"], result["p50_ms"], result["p99_ms"], used / done * 1e3, served / done * 1e3
    )


def median(rounds: list[Round]) -> Round:
    kept = rounds[1:] or rounds
    return Round(*(statistics.median(column) for column in zip(*map(_row, kept), strict=True)))


def _row(one: Round) -> tuple[float, ...]:
    return one.per_s, one.p50_ms, one.p99_ms, one.database_ms, one.server_ms


def show(what: str, one: Round) -> None:
    print(
        f"  {what:8} {one.per_s:8.0f} tiles/s   p50 {one.p50_ms:6.1f}  p99 {one.p99_ms:6.1f} ms"
        f"   CPU {one.database_ms:.2f} + {one.server_ms:.2f} ms"
    )


def race(url: str, name: str, rounds: int, repeat: int, folder: Path) -> None:
    """Raw and gridmap in turn over a list, cold."""
    tiles = read_list(name) * repeat
    raw, ours = [], []
    with serving(url, cache_mb=0) as (base, pid):
        compared = asyncio.run(compare(url, base, tiles[:: max(1, len(tiles) // 40)]))
        print(f"{name}: {len(tiles)} tiles; {compared}")
        for _ in range(rounds + 1):
            raw.append(asyncio.run(run_raw(url, tiles, folder)))
            ours.append(run_ours(base, pid, name, len(tiles), folder))
    show("raw", median(raw))
    show("gridmap", median(ours))
    ratios = sorted(one.cpu_ms / other.cpu_ms for one, other in zip(raw[1:], ours[1:], strict=True))
    rates = sorted(other.per_s / one.per_s for one, other in zip(raw[1:], ours[1:], strict=True))
    print(
        f"  cap {statistics.median(ratios):.2f} of raw (rounds {ratios[0]:.2f}–{ratios[-1]:.2f}),"
        f" rate {statistics.median(rates):.2f} of raw"
    )


def low_zooms(url: str) -> None:
    """Tiles of every layer that hold the whole city, cold, one at a time."""
    print("low zooms, every layer in one tile, cold:")
    tiles = [(0, 0, 0), (2, 2, 1), (4, 11, 6), (6, 45, 26), (7, 91, 53), (8, 182, 106)]
    tiles += [(9, 365, 213), (10, 731, 427), (10, 732, 426), (11, 1463, 854), (12, 2927, 1710)]
    with serving(url, cache_mb=0) as (base, _), httpx.Client(base_url=base, timeout=60) as client:
        for zoom, column, row in tiles:
            took = []
            for _ in range(5):
                began = time.perf_counter()
                answer = client.get(f"/tiles/{EVERYTHING}/{zoom}/{column}/{row}.mvt")
                took.append(time.perf_counter() - began)
            plain, packed = len(answer.content), int(answer.headers["content-length"])
            print(
                f"  z{zoom:<2} {plain / 1e3:7.1f} kB, {packed / 1e3:6.1f} kB gzip,"
                f" {statistics.median(took) * 1e3:6.1f} ms (first {took[0] * 1e3:.1f})"
            )


def from_memory(url: str, rounds: int, seconds: int) -> None:
    """Requests that are answered from memory, by wrk."""
    paths = [
        f"/tiles/{name}/{zoom}/{column}/{row}.mvt"
        for name, zoom, column, row in read_list("tiles_main.csv")
    ]
    print("from memory:")
    with (
        serving(url, cache_mb=256) as (base, pid),
        tempfile.NamedTemporaryFile("w", suffix=".txt") as file,
        httpx.Client(base_url=base, timeout=60) as client,
    ):
        file.write("\n".join(paths) + "\n")
        file.flush()
        for path in paths:
            client.get(path)
        for label, header in (("200", "accept: */*"), ("304", "if-none-match: *")):
            for _ in range(rounds):
                used = process_cpu_s(pid)
                said = subprocess.run(
                    [
                        *("wrk", "-t1", f"-c{CLIENTS}", f"-d{seconds}s", "--latency"),
                        *("-s", str(HERE / "paths.lua"), base, "--", file.name, header),
                    ],
                    check=True,
                    capture_output=True,
                    text=True,
                ).stdout
                used = process_cpu_s(pid) - used
                count = int(re.search(r"(\d+) requests in", said)[1])
                rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])
                slow = re.search(r"99%\s+(\S+)", said)[1]
                failed = "  WITH ERRORS" if label == "200" and "Non-2xx" in said else ""
                print(
                    f"  {label} {rate:8.0f} requests/s   p99 {slow:>8}"
                    f"   {used / count * 1e6:5.1f} µs CPU each{failed}"
                )


@click.command()
@click.option("--rounds", default=3, help="Rounds that count; one more is thrown away.")
@click.option("--seconds", default=3, help="How long wrk runs, for each round from memory.")
@click.option(
    "--only",
    type=click.Choice(["cold", "light", "low", "memory"]),
    multiple=True,
    help="One part, or several.",
)
def main(rounds: int, seconds: int, only: tuple[str, ...]) -> None:
    """Measure the tile path."""
    parts = only or ("cold", "light", "low", "memory")
    with city.running() as url:
        if "cold" in parts:
            race(url, "tiles_main.csv", rounds, 1, city.FOLDER)
        if "light" in parts:
            race(url, "tiles_small.csv", rounds, 100, city.FOLDER)
        if "low" in parts:
            low_zooms(url)
        if "memory" in parts:
            from_memory(url, rounds, seconds)


if __name__ == "__main__":
    main()
