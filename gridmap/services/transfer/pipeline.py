"""Reading ahead: the next pages are prepared while the database stores this one."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator
from contextlib import closing
from typing import Generic, TypeVar

T = TypeVar("T")


class _End:
    """The last thing in the queue, with the error that ended the reading, if one did."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


class _Reader(threading.Thread, Generic[T]):
    """Runs an iterator into a short queue, until it ends or is stopped."""

    def __init__(self, items: Callable[[], Generator[T, None, None]], depth: int) -> None:
        super().__init__(name="gridmap-import", daemon=True)
        self.waiting: queue.Queue[T | _End] = queue.Queue(maxsize=depth)
        self.stopped = threading.Event()
        self._items = items

    def run(self) -> None:
        """Fill the queue."""
        end = _End()
        try:
            with closing(self._items()) as opened:
                for item in opened:
                    if not self._offer(item):
                        break
        except BaseException as error:  # noqa: BLE001 - raised again by who waits
            end = _End(error)
        self._offer(end)

    def _offer(self, item: T | _End) -> bool:
        while not self.stopped.is_set():
            try:
                self.waiting.put(item, timeout=0.05)
            except queue.Full:
                continue
            return True
        return False


def read_ahead(
    items: Callable[[], Generator[T, None, None]], *, depth: int = 2
) -> Generator[T, None, None]:
    """Run a generator in a thread of its own, at most `depth` items ahead.

    An error in the thread is raised here, in its place of the order. When the caller stops early,
    the thread ends before this generator does.
    """
    reader: _Reader[T] = _Reader(items, depth)
    reader.start()
    try:
        while True:
            item = reader.waiting.get()
            if not isinstance(item, _End):
                yield item
                continue
            if item.error is not None:
                raise item.error
            return
    finally:
        reader.stopped.set()
        reader.join()
