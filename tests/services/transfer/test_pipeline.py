"""Pages come in their order, errors in their place, and the thread ends with its reader."""

from __future__ import annotations

import threading
from contextlib import closing

import pytest

from gridmap.services.transfer.pipeline import read_ahead


def running() -> int:
    return sum(thread.name == "gridmap-import" for thread in threading.enumerate())


def test_items_come_in_their_order() -> None:
    with closing(read_ahead(lambda: (i for i in range(100)))) as items:
        assert list(items) == list(range(100))
    assert running() == 0


def test_an_error_comes_after_the_items_before_it() -> None:
    def failing():
        yield 1
        yield 2
        raise ValueError("third")

    with closing(read_ahead(failing)) as items:
        assert (next(items), next(items)) == (1, 2)
        with pytest.raises(ValueError, match="third"):
            next(items)
    assert running() == 0


def test_a_reader_that_stops_early_ends_the_thread_and_closes_the_source() -> None:
    closed = threading.Event()

    def endless():
        try:
            number = 0
            while True:
                yield number
                number += 1
        finally:
            closed.set()

    with closing(read_ahead(endless)) as items:
        assert next(items) == 0
    assert closed.is_set()
    assert running() == 0


def test_no_more_is_read_ahead_than_is_said() -> None:
    made: list[int] = []
    seen = threading.Semaphore(0)

    def counted():
        for number in range(20):
            made.append(number)
            seen.release()
            yield number

    with closing(read_ahead(counted, depth=2)) as items:
        next(items)
        for _ in range(4):  # one taken, two waiting, one in the hand
            assert seen.acquire(timeout=5)
        assert not seen.acquire(timeout=0.2)
        assert len(made) == 4
