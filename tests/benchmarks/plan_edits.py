"""`make bench BENCH=plan_edits`: 300 grids are redrawn and published, from line to proof at COMMIT.

The draft is that of nanjie, with micro-grids split until it has 300 grids. Beside the milliseconds
of the clock stand those of the processors, of both sides together, which a loaded machine changes
less, and the share of sloppy lines that are accepted.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import numpy as np
import sqlalchemy as sa

from gridmap.errors import InvalidInput
from gridmap.services import plans
from gridmap.services.places import load_place
from gridmap.store import database, embedded
from tests.benchmarks.processes import cluster_cpu_s
from tests.services.test_plans import neighbours, one, rows, sloppy

DATA = Path(__file__).resolve().parents[2] / "data" / "geojson"
GRIDS = 300
EDITS = 80
PUBLICATIONS = 3


class Watch:
    """Milliseconds of the clock and of the processors, one after another."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.wall: list[float] = []
        self.processor: list[float] = []

    @contextmanager
    def measuring(self) -> Iterator[None]:
        """Measure what is inside."""
        used, started = self._used(), time.perf_counter()
        yield
        self.wall.append(1000 * (time.perf_counter() - started))
        self.processor.append(1000 * (self._used() - used))

    def _used(self) -> float:
        return time.process_time() + cluster_cpu_s(self.folder)

    def __str__(self) -> str:
        return (
            f"median {statistics.median(self.wall):.0f} ms, least {min(self.wall):.0f} ms; "
            f"processors {statistics.mean(self.processor):.0f} ms each"
        )


def make_draft(engine: sa.Engine) -> int:
    """A draft of nanjie with as many grids as the benchmark asks for."""
    base = one(
        engine,
        "SELECT p.id FROM plan p JOIN network n ON n.id = p.network_id WHERE n.key = 'governance' "
        "AND n.place = 'nanjie' AND p.valid @> current_date",
    )
    draft = plans.make_draft(engine, based_on=base, name="bench", actor="bench")
    fullest = rows(
        engine,
        "SELECT id FROM grid WHERE plan_id = :p AND lowest ORDER BY households DESC, id",
        p=draft,
    )
    missing = GRIDS - one(engine, "SELECT count(*) FROM grid WHERE plan_id = :p", p=draft)
    for (grid,) in fullest:
        if missing > 0:
            with suppress(InvalidInput):  # of one building
                plans.split_grid_evenly(
                    engine, draft, grid=grid, parts=2, revision=None, actor="bench"
                )
                missing -= 1
    return draft


def redraw(engine: sa.Engine, draft: int, folder: Path) -> str:
    """Redraw boundaries of both levels, and say what that took."""
    rng = np.random.default_rng(11)
    pairs = neighbours(engine, draft, 2) + neighbours(engine, draft, 3)
    watch, accepted = Watch(folder), 0
    for number in rng.permutation(len(pairs))[:EDITS]:
        first, second, line = pairs[number]
        drawn = sloppy(line, rng)
        with watch.measuring():
            try:
                plans.redraw_boundary(
                    engine, draft, one=first, other=second, line=drawn, revision=None, actor="bench"
                )
                accepted += 1
            except InvalidInput as refused:
                print(f"  refused: {refused.message}")
    return f"an edit: {watch}; {accepted} of {EDITS} lines accepted"


def publish(engine: sa.Engine, draft: int, folder: Path) -> str:
    """Publish the draft and copies of it, each from a day later on."""
    watch = Watch(folder)
    today = one(engine, "SELECT current_date")
    for number in range(PUBLICATIONS):
        plans.submit(engine, draft, revision=None, actor="bench")
        with watch.measuring():
            plans.publish(
                engine,
                draft,
                starts=today + timedelta(days=number + 1),
                revision=None,
                actor="reviewer",
            )
        draft = plans.make_draft(engine, based_on=draft, name="again", actor="bench")
    return f"publishing: {watch}"


def main() -> None:
    """A cluster of its own, the place, the edits, the publication."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with embedded.running(folder) as url:
            engine = database.connect_engine(url)
            database.upgrade(engine)
            load_place(engine, DATA / "nanjie", actor="bench")
            draft = make_draft(engine)
            print(f"{one(engine, 'SELECT count(*) FROM grid WHERE plan_id = :p', p=draft)} grids")
            print(redraw(engine, draft, folder))
            print(publish(engine, draft, folder))
            engine.dispose()


if __name__ == "__main__":
    main()
