"""16 bookers on one pool of people: attempts a second, double posts, and second tries.

Each attempt gives somebody a full-time post on a grid, as `POST /staffing/assignments` does: one
transaction with its audit. Most must be refused, because all want the same people. Processes, not
threads, so that the interpreter's lock is not what is measured; the same with one booker is the
ratio.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time

import sqlalchemy as sa

from gridmap.errors import Conflict
from gridmap.services import staffing
from gridmap.services.places import load_place
from gridmap.store import database, embedded

DATA = Path(__file__).resolve().parents[2] / "data" / "geojson"
BOOKERS, EACH, POOL = 16, 100, 200
BEGINS = datetime(2030, 1, 1, tzinfo=UTC)


def _book(
    url: str,
    people: list[int],
    grids: list[int],
    first: int,
    count: int,
    gate: multiprocessing.Barrier,  # type: ignore[valid-type]
    told: multiprocessing.Queue,  # type: ignore[type-arg]
) -> None:
    engine = database.connect_engine(url, pool_size=1)
    with engine.connect():
        pass
    gate.wait(120)  # type: ignore[attr-defined]
    begun, used = perf_counter(), process_time()
    won = refused = 0
    slowest = 0.0
    for number in range(first, first + count):
        before = perf_counter()
        try:
            staffing.assign(
                engine,
                staff_id=people[number * 7 % len(people)],
                role="grid-head",
                targets=[("grid", grids[number % len(grids)])],
                begins=BEGINS,
                full_time=True,
                actor="bench",
            )
            won += 1
        except Conflict:
            refused += 1
        slowest = max(slowest, perf_counter() - before)
    told.put((won, refused, slowest, begun, perf_counter(), process_time() - used))
    engine.dispose()


def _server_s(connection: sa.Connection) -> float:
    """CPU seconds of the database server and of all its processes that have ended."""
    backend = connection.scalar(sa.text("SELECT pg_backend_pid()"))
    parent = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1]
    ticks = Path(f"/proc/{parent}/stat").read_text().rpartition(")")[2].split()[11:15]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def _round(engine: sa.Engine, url: str, grids: list[int], bookers: int, count: int) -> float:
    with engine.begin() as connection:
        people = list(
            connection.scalars(
                sa.text(
                    "INSERT INTO staff (place, code, name, roles) SELECT 'nanjie',"
                    " gen_random_uuid()::text, '人' || n, '{grid-head}' FROM"
                    " generate_series(1, :n) AS n RETURNING id"
                ),
                {"n": POOL},
            )
        )
        before = _written(connection)
        served = _server_s(connection)
    context = multiprocessing.get_context("fork")
    gate, told = context.Barrier(bookers), context.Queue()
    workers = [
        context.Process(target=_book, args=(url, people, grids, n * count, count, gate, told))
        for n in range(bookers)
    ]
    for worker in workers:
        worker.start()
    answers = [told.get(timeout=300) for _ in workers]
    for worker in workers:
        worker.join()
    won, refused = (sum(answer[i] for answer in answers) for i in (0, 1))
    took = max(answer[4] for answer in answers) - min(answer[3] for answer in answers)
    with engine.connect() as connection:
        doubles = connection.scalar(
            sa.text(
                "SELECT count(*) FROM assignment a JOIN assignment b ON b.staff_id = a.staff_id"
                " AND b.id > a.id AND a.full_time AND b.full_time AND a.period && b.period"
            )
        )
        written = _written(connection) - before
        served = _server_s(connection) - served
        deadlocks = connection.scalar(
            sa.text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        )
    attempts = bookers * count
    assert won + refused == attempts
    assert (won, doubles, deadlocks) == (min(POOL, attempts), 0, 0)
    rate = attempts / took
    asked = sum(answer[5] for answer in answers) / attempts * 1000
    answered = served / attempts * 1000
    print(
        f"{bookers:>2} bookers: {attempts} attempts in {took:.2f} s = {rate:.0f}/s; {won} won, "
        f"{refused} refused, {doubles} double posts, {written - won} second tries, "
        f"{deadlocks} deadlocks; slowest {max(answer[2] for answer in answers) * 1000:.0f} ms; "
        f"{asked:.2f} CPU-ms asking and {answered:.2f} answering an attempt, which two cores of "
        f"one's own do {2000 / (asked + answered):.0f} times a second"
    )
    return rate


def _written(connection: sa.Connection) -> int:
    """How many assignments the bookers wrote."""
    question = sa.text("SELECT count(*) FROM audit WHERE actor = 'bench' AND action = 'assign'")
    return int(connection.scalar(question) or 0)


def main() -> None:
    """One booker, then sixteen, on the same pool sizes."""
    print(f"{os.cpu_count()} cores")
    with (
        tempfile.TemporaryDirectory(prefix="gridmap-bookings-") as folder,
        embedded.running(Path(folder)) as url,
    ):
        engine = database.connect_engine(url)
        database.upgrade(engine)
        load_place(engine, DATA / "nanjie", actor="bench")
        with engine.connect() as connection:
            grids = list(
                connection.scalars(sa.text("SELECT id FROM grid WHERE level = 3 ORDER BY id"))
            )
        alone = _round(engine, url, grids, 1, 4 * EACH)
        together = _round(engine, url, grids, BOOKERS, EACH)
        print(f"sixteen against one: {together / alone:.2f} ×")
        engine.dispose()


if __name__ == "__main__":
    main()
