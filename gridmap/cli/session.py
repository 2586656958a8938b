"""A database for the time of one command."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click

from gridmap.errors import EngineMissing
from gridmap.settings import Settings

# A closed terminal sends SIGHUP; Windows has none.
_ENDINGS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


@contextmanager
def open_database(settings: Settings) -> Iterator[str]:
    """Yield the URL of a database whose schema is the newest.

    With `GRIDMAP_DATABASE_URL` that server is used; otherwise the embedded cluster in the data
    folder runs at least until the end of the context.

    Raises
    ------
    EngineMissing
        There is no PostGIS; the hint says how to get one.
    Unavailable
        The data folder, the server or its schema cannot be used as it is.
    """
    with _ending_in_order():
        if settings.database_url:
            _upgrade(settings.database_url)
            yield settings.database_url
            return
        if os.name != "posix":
            raise EngineMissing(
                "The embedded database runs on Linux and macOS only",
                hint="Set GRIDMAP_DATABASE_URL to a server with PostGIS.",
            )
        from gridmap.store import embedded

        if not embedded.status(settings.data_dir).is_made:
            click.echo(f"Making a database in {settings.data_dir} …", err=True)
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
    for number in _ENDINGS:
        if signal.getsignal(number) is signal.SIG_DFL:
            before[number] = signal.signal(number, leave)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
