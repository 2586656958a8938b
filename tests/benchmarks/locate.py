"""`python -m tests.benchmarks.locate`: how fast points get their codes.

100,000 points as CSV and as GeoJSON over HTTP, in the whole city at random and near its buildings
(most are in one); single points one after the other.
"""

from __future__ import annotations

import io
import json
import statistics
import time

import click
import httpx
import numpy as np
import sqlalchemy as sa

from gridmap.store import database
from tests.benchmarks import city
from tests.benchmarks.processes import cluster_cpu_s, process_cpu_s
from tests.benchmarks.tiles import serving

MOST_S = 10.0


def at_random(count: int) -> np.ndarray:
    rng = np.random.default_rng(1)
    return np.column_stack((rng.uniform(77.0, 77.5, count), rng.uniform(28.4, 28.8, count)))


def at_home(url: str, count: int) -> np.ndarray:
    """Points within 15 m of the middle of a building, as addresses are."""
    engine = database.connect_engine(url)
    with engine.connect() as connection:
        rows = connection.execute(
            sa.text("""
                SELECT ST_X(middle), ST_Y(middle) FROM building, ST_Centroid(geom) AS middle
                ORDER BY id LIMIT :count
            """),
            {"count": count},
        ).all()
    engine.dispose()
    rng = np.random.default_rng(2)
    return np.array([tuple(row) for row in rows]) + rng.uniform(-15, 15, (count, 2)) / 110_000


def as_csv(points: np.ndarray) -> bytes:
    out = io.StringIO()
    out.write("id,lon,lat\n")
    for number, (lon, lat) in enumerate(points.tolist()):
        out.write(f"{number},{lon:.7f},{lat:.7f}\n")
    return out.getvalue().encode()


def as_json(points: np.ndarray) -> bytes:
    features = [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": point}, "properties": {}}
        for point in points.round(7).tolist()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def post(client: httpx.Client, pid: int, what: str, body: bytes, kind: str, count: int) -> None:
    used = cluster_cpu_s(city.FOLDER), process_cpu_s(pid)
    began = time.perf_counter()
    response = client.post("/locate", content=body, headers={"Content-Type": kind})
    took = time.perf_counter() - began
    assert response.status_code == 200, response.text[:500]
    database_s, server_s = (
        cluster_cpu_s(city.FOLDER) - used[0],
        process_cpu_s(pid) - used[1],
    )
    verdict = "" if took <= MOST_S * count / 100_000 else f"   MORE THAN {MOST_S:g} s"
    print(
        f"  {what:22} {took:5.1f} s  {count / took:8.0f} points/s"
        f"   CPU {database_s:.1f} + {server_s:.1f} s{verdict}"
    )


@click.command()
@click.option("--count", default=100_000, help="How many points.")
@click.option("--rounds", default=2, help="How many times each file.")
def main(count: int, rounds: int) -> None:
    """Measure /locate."""
    with (
        city.running() as url,
        serving(url, cache_mb=16) as (base, pid),
        httpx.Client(base_url=base, timeout=120) as client,
    ):
        print(f"POST /locate, {count:,} points:")
        for where, points in (("at random", at_random(count)), ("at home", at_home(url, count))):
            files = (
                ("csv", as_csv(points), "text/csv"),
                ("json", as_json(points), "application/json"),
            )
            for what, body, kind in files:
                for _ in range(rounds):
                    post(client, pid, f"{where}, {what}", body, kind, count)
        took = []
        for lon, lat in at_home(url, 200).tolist():
            began = time.perf_counter()
            client.get("/locate", params={"lon": lon, "lat": lat}).raise_for_status()
            took.append(time.perf_counter() - began)
        took = sorted(took[20:])
        print(
            f"GET /locate: p50 {statistics.median(took) * 1e3:.1f} ms,"
            f" p99 {took[int(len(took) * 0.99)] * 1e3:.1f} ms"
        )


if __name__ == "__main__":
    main()
