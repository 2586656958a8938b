"""How long the embedded PostGIS takes to start, cold and warm: `python -m tests.benchmarks.starts`."""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from gridmap.store import embedded


def main() -> None:
    """Start from nothing once, then five times from a stopped cluster."""
    with tempfile.TemporaryDirectory(prefix="gridmap-starts-") as folder:
        warm = []
        for number in range(6):
            before = perf_counter()
            with embedded.running(Path(folder)):
                took = perf_counter() - before
            if number == 0:
                print(f"cold start {took:.2f} s")
            else:
                warm.append(took)
        print(f"warm start {median(warm):.2f} s (median of {len(warm)})")


if __name__ == "__main__":
    main()
