"""A database for the time of one command."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from gridmap.settings import Settings


@contextmanager
def open_database(settings: Settings) -> Iterator[str]:
    """Yield the URL of a database whose schema is the newest.

    With `GRIDMAP_DATABASE_URL` that server is used; otherwise the embedded cluster in the data
    folder runs at least until the end of the context.
    """
    from gridmap.store import embedded

    with _ending_in_order():
        if settings.database_url:
            _upgrade(settings.database_url)
            yield settings.database_url
            return
        with embedded.running(settings.data_dir) as url:
            _upgrade(url)
            yield url


def _upgrade(url: str) -> None:
    from gridmap.store import database

    engine = database.connect_engine(url)
    try:
        database.upgrade(engine)
    finally:
        engine.dispose()


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the process like an error, so that the cluster is stopped."""

    def leave(number: int, _frame: FrameType | None) -> None:
        sys.exit(128 + number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {}
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            before[number] = signal.signal(number, leave)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
