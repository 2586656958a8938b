"""What Prometheus reads: counted in plain lists, because a tile from memory costs 40 µs in all.

With several workers each writes its counts into a file of a shared folder once a second, and the
one that is asked adds them up: counts of workers that have gone still count, their gauges do not.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from bisect import bisect_left
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

# Seconds. A tile from memory, a cold one, a page of features, a large question.
BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_WRITE_S = 1.0

Numbers = dict[str, float]


class Metrics:
    """The counts of one process.

    `requests` holds for each "route status" the counts per bucket, the last one for what is slower
    than all, and then the sum of seconds. `counters` and `gauges` are asked when somebody reads.
    """

    def __init__(self, shared: Path | None = None) -> None:
        self.requests: dict[tuple[str, int], list[float]] = {}
        self.counters: dict[str, Callable[[], float]] = {}
        self.gauges: dict[str, Callable[[], float]] = {}
        self._shared = shared

    def count(self, route: str, status: int, seconds: float) -> None:
        """Count one request of a class of routes."""
        row = self.requests.get((route, status))
        if row is None:
            row = self.requests[route, status] = [0.0] * (len(BUCKETS) + 2)
        row[bisect_left(BUCKETS, seconds)] += 1
        row[-1] += seconds

    def render(self) -> bytes:
        """Write all counts in the text format of Prometheus."""
        registry = CollectorRegistry()
        registry.register(_Reading(self._states()))
        return generate_latest(registry)

    @contextlib.asynccontextmanager
    async def written(self) -> AsyncIterator[None]:
        """Write the counts into the shared folder, where there is one, until the context ends."""
        task = asyncio.create_task(self._write_on(), name="metrics") if self._shared else None
        try:
            yield
        finally:
            if task:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
                self._write()

    def _state(self) -> dict[str, object]:
        return {
            "requests": [[*key, row] for key, row in self.requests.items()],
            "counters": {name: read() for name, read in self.counters.items()},
            "gauges": {name: read() for name, read in self.gauges.items()},
        }

    def _states(self) -> Iterator[dict[str, object]]:
        yield self._state()
        if self._shared is None:
            return
        for file in sorted(self._shared.glob("*.json")):
            if file.stem != str(os.getpid()):
                state = json.loads(file.read_bytes())
                if not Path(f"/proc/{file.stem}").exists():
                    state["gauges"] = {}
                yield state

    async def _write_on(self) -> None:
        while True:
            self._write()
            await asyncio.sleep(_WRITE_S)

    def _write(self) -> None:
        if self._shared is None:
            return
        file = self._shared / f"{os.getpid()}.json"
        fresh = file.with_suffix(".new")
        fresh.write_text(json.dumps(self._state()))
        fresh.replace(file)


class _Reading(Collector):
    """The sum of the states of all workers, as families of Prometheus."""

    def __init__(self, states: Iterator[dict[str, object]]) -> None:
        self._requests: dict[tuple[str, int], list[float]] = {}
        self._counters: Numbers = {}
        self._gauges: Numbers = {}
        for state in states:
            self._add(state)

    def _add(self, state: dict[str, object]) -> None:
        for route, status, row in state["requests"]:  # type: ignore[attr-defined]
            total = self._requests.setdefault((route, status), [0.0] * len(row))
            total[:] = [mine + theirs for mine, theirs in zip(total, row, strict=True)]
        for kind, totals in (("counters", self._counters), ("gauges", self._gauges)):
            for name, value in state[kind].items():  # type: ignore[attr-defined]
                totals[name] = totals.get(name, 0.0) + value

    def collect(self) -> Iterator[Metric]:
        """Give the families."""
        requests = HistogramMetricFamily(
            "gridmap_request_duration_seconds",
            "Requests by class of route and status, and how long they took",
            labels=("route", "status"),
        )
        for (route, status), row in sorted(self._requests.items()):
            seen, cumulated = 0.0, []
            for limit, count in zip((*map(str, BUCKETS), "+Inf"), row[:-1], strict=True):
                seen += count
                cumulated.append((limit, seen))
            requests.add_metric((route, str(status)), cumulated, row[-1])
        yield requests
        for name, value in sorted(self._counters.items()):
            yield CounterMetricFamily(f"gridmap_{name}", HELP[name], value=value)
        for name, value in sorted(self._gauges.items()):
            yield GaugeMetricFamily(f"gridmap_{name}", HELP[name], value=value)


HELP = {
    "tile_cache_hits": "Layers of tiles that were found in memory and current",
    "tile_cache_misses": "Layers of tiles that had to be drawn",
    "tile_cache_shared": "Layers of tiles that waited for the same one being drawn already",
    "tile_cache_evicted": "Layers of tiles that were dropped for want of room",
    "tile_cache_entries": "Layers of tiles in memory",
    "tile_cache_bytes": "Memory of the layers of tiles",
    "tile_pool_busy": "Connections that draw a tile just now",
    "tile_pool_size": "Connections for drawing tiles",
    "pool_busy": "Connections that read features just now",
    "pool_size": "Connections for reading features",
    "revisions_listening": "Workers that are told of every commit",
}
