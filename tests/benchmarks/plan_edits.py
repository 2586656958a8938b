"""`make bench BENCH=plan_edits`: a boundary is redrawn, from the drawn line to the proof at COMMIT.

The draft is that of nanjie: 27 grids and 247 micro-grids. Beside the milliseconds stands the
processor time of both sides, which a loaded machine changes less, and the share of sloppy lines
that are accepted.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
import sqlalchemy as sa

from gridmap.errors import InvalidInput
from gridmap.services import plans
from gridmap.services.places import load_place
from gridmap.store import database, embedded
from tests.benchmarks.processes import cluster_cpu_s
from tests.services.test_plans import neighbours, one, sloppy

DATA = Path(__file__).resolve().parents[2] / "data" / "geojson"
EDITS = 80


def redraw(engine: sa.Engine, folder: Path) -> str:
    """Redraw boundaries of both levels, and say what that took."""
    base = one(
        engine,
        "SELECT p.id FROM plan p JOIN network n ON n.id = p.network_id "
        "WHERE n.key = 'governance' AND n.place = 'nanjie' AND p.state = 'published'",
    )
    draft = plans.make_draft(engine, based_on=base, name="bench", actor="bench")
    rng = np.random.default_rng(11)
    pairs = neighbours(engine, draft, 2) + neighbours(engine, draft, 3)
    milliseconds, accepted = [], 0
    used = time.process_time() + cluster_cpu_s(folder)
    for number in rng.permutation(len(pairs))[:EDITS]:
        first, second, line = pairs[number]
        drawn = sloppy(line, rng)
        started = time.perf_counter()
        try:
            plans.redraw_boundary(
                engine, draft, one=first, other=second, line=drawn, revision=None, actor="bench"
            )
            accepted += 1
        except InvalidInput as refused:
            print(f"  refused: {refused.message}")
        milliseconds.append(1000 * (time.perf_counter() - started))
    used = time.process_time() + cluster_cpu_s(folder) - used
    return (
        f"{accepted} of {EDITS} lines accepted; median {statistics.median(milliseconds):.0f} ms, "
        f"least {min(milliseconds):.0f} ms; processor {1000 * used / EDITS:.0f} ms an edit"
    )


def main() -> None:
    """A cluster of its own, the place, and the edits."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with embedded.running(folder) as url:
            engine = database.connect_engine(url)
            database.upgrade(engine)
            load_place(engine, DATA / "nanjie", actor="bench")
            print(redraw(engine, folder))
            engine.dispose()


if __name__ == "__main__":
    main()
