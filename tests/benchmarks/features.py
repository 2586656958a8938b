"""`python -m tests.benchmarks.features`: pages of GeoJSON against the same work by SQL alone.

Raw is what somebody writes by hand: four connections that let `ST_AsGeoJSON` make each page of the
same rows with the same properties. gridmap's server answers the same list over HTTP, with links,
counts and ETags. The first round counts matches that nobody has counted yet; it is shown by itself.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque

import asyncpg
import click
import httpx

from gridmap.store.layers import LAYERS
from tests.benchmarks import city
from tests.benchmarks.processes import cluster_cpu_s, process_cpu_s
from tests.benchmarks.tiles import serving

CONNECTIONS, CLIENTS = 4, 4
_COLUMNS = ", ".join(f'{item.column} AS "{item.name}"' for item in LAYERS["buildings"].properties)
_PAGE = """
    SELECT '{"type":"FeatureCollection","features":[' || coalesce(string_agg(feature, ','), '')
           || ']}'
    FROM (SELECT ST_AsGeoJSON(t.*, 'geom', 9) AS feature FROM (%s) AS t) AS features
"""
_WINDOW = f"""
    SELECT id, {_COLUMNS}, geom FROM building
    WHERE geom && ST_MakeEnvelope($1, $2, $3, $4, 4326)
      AND ST_Intersects(geom, ST_MakeEnvelope($1, $2, $3, $4, 4326))
    ORDER BY id LIMIT $5
"""
_AFTER = f"SELECT id, {_COLUMNS}, geom FROM building WHERE id > $1 ORDER BY id LIMIT $2"
_ONE = f"SELECT ST_AsGeoJSON(t.*, 'geom', 9) FROM (SELECT id, {_COLUMNS}, geom FROM building WHERE id = $1) AS t"

Question = tuple[str, str, tuple[float, ...]]  # query string, statement, its values


def questions(name: str) -> list[Question]:
    """Read a list of the benchmark: what to ask by HTTP, and the same by SQL."""
    lines = (city.INPUT / f"features_{name}.csv").read_text().splitlines()[1:]
    asked: list[Question] = []
    for line in lines:
        parts = dict(pair.split("=") for pair in line.partition("?")[2].split("&") if pair)
        limit = int(parts.get("limit", 0))
        if "bbox" in parts:
            window = tuple(map(float, parts["bbox"].split(",")))
            asked.append((line, _PAGE % _WINDOW, (*window, limit)))
        elif limit:
            after = int(parts.get("offset", 0))  # ids of the city have no gaps
            cursor = f"&cursor=after-{after}" if after else ""
            asked.append((f"items?limit={limit}{cursor}", _PAGE % _AFTER, (after, limit)))
        else:
            asked.append((line, _ONE, (int(line.partition("/")[2]),)))
    return asked


async def run_raw(url: str, asked: list[Question]) -> tuple[float, float, float]:
    """Pages a second, median milliseconds, CPU milliseconds of the database a page."""
    connections = [await asyncpg.connect(url) for _ in range(CONNECTIONS)]
    for connection in connections:
        await connection.fetchval(asked[0][1], *asked[0][2])
    waiting, took = deque(asked), []

    async def work(connection: asyncpg.Connection) -> None:
        while waiting:
            _, statement, values = waiting.popleft()
            began = time.perf_counter()
            await connection.fetchval(statement, *values)
            took.append(time.perf_counter() - began)

    used, began = cluster_cpu_s(city.FOLDER), time.perf_counter()
    await asyncio.gather(*map(work, connections))
    wall, used = time.perf_counter() - began, cluster_cpu_s(city.FOLDER) - used
    for connection in connections:
        await connection.close()
    return len(took) / wall, statistics.median(took) * 1e3, used / len(took) * 1e3


def run_ours(base: str, pid: int, asked: list[Question]) -> tuple[float, float, float]:
    """Pages a second, median milliseconds, CPU milliseconds of database and server a page."""
    with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
        file.write("\n".join(["q", *(query for query, _, _ in asked)]) + "\n")
        file.flush()
        used = cluster_cpu_s(city.FOLDER) + process_cpu_s(pid)
        said = subprocess.run(
            [
                *(sys.executable, str(city.INPUT / "feat_client.py"), file.name),
                *(f"{base}/collections/buildings/{{q}}", str(CLIENTS)),
            ],
            check=True,
            capture_output=True,
            text=True,
            cwd=city.INPUT,
        ).stdout
        used = cluster_cpu_s(city.FOLDER) + process_cpu_s(pid) - used
    result = json.loads(said)
    assert set(result["status"]) == {"200"}, result["status"]
    return result["rps"], result["p50_ms"], used / len(asked) * 1e3


def compare(url: str, base: str, asked: list[Question]) -> str:
    """Check on a sample that both give the same features."""

    async def raw() -> list[dict]:
        connection = await asyncpg.connect(url)
        made = [json.loads(await connection.fetchval(text, *values)) for _, text, values in asked]
        await connection.close()
        return made

    wrong = 0
    with httpx.Client(base_url=f"{base}/collections/buildings/", timeout=60) as client:
        for theirs, (query, _, _) in zip(asyncio.run(raw()), asked, strict=True):
            ours = client.get(query).json()
            wrong += _plain(ours) != _plain(theirs)
    return f"of {len(asked)} pages compared {wrong} differ" if wrong else "same features"


def _plain(document: dict) -> list[tuple]:
    found = document.get("features", [document])
    return [
        (item["properties"]["code"], item["properties"]["households"], item["geometry"])
        for item in found
    ]


@click.command()
@click.option("--rounds", default=3, help="Rounds that count; one more is thrown away.")
def main(rounds: int) -> None:
    """Measure pages of features."""
    with city.running() as url, serving(url, cache_mb=16) as (base, pid):
        for name in ("one", "first", "deep", "bbox100", "bbox1000"):
            asked = questions(name)
            asked *= max(1, 100 // len(asked))
            print(f"{name}: {len(asked)} requests; {compare(url, base, asked[::25])}")
            raw, ours = [], []
            for _ in range(rounds + 1):
                raw.append(asyncio.run(run_raw(url, asked)))
                ours.append(run_ours(base, pid, asked))
            first = ours[0]
            for who, measured in (("raw", raw[1:]), ("gridmap", ours[1:])):
                rate, p50, cpu = map(statistics.median, zip(*measured, strict=True))
                print(f"  {who:8} {rate:7.0f}/s   p50 {p50:6.1f} ms   CPU {cpu:6.2f} ms each")
            shares = [theirs[2] / mine[2] for theirs, mine in zip(raw[1:], ours[1:], strict=True)]
            rates = [mine[0] / theirs[0] for theirs, mine in zip(raw[1:], ours[1:], strict=True)]
            print(
                f"  cap {statistics.median(shares):.2f} of raw, rate {statistics.median(rates):.2f}"
                f" (first round, matches not counted yet: {first[0]:.0f}/s, CPU {first[2]:.2f} ms)"
            )


if __name__ == "__main__":
    main()
