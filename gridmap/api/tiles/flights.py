"""Equal questions at the same time are answered by one piece of work."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from gridmap.errors import GridmapError, Unavailable

T = TypeVar("T")


class Flights(Generic[T]):
    """Work under way by key. Nobody waits longer than `patience_s`; the work itself goes on.

    A driver cannot always be stopped at once (a database that hangs does not hear that it should),
    so the one who asks is let go and the work ends when it ends.
    """

    def __init__(self, patience_s: float) -> None:
        self._patience_s = patience_s
        self._under_way: dict[Hashable, asyncio.Future[T]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.shared = 0

    async def join(self, key: Hashable, work: Callable[[], Awaitable[T]]) -> T:
        """Wait for the work of this key, started by this call when there is none.

        Raises
        ------
        Unavailable
            It takes too long.
        """
        future = self._under_way.get(key)
        if future is None:
            loop = asyncio.get_running_loop()
            future = loop.create_future()
            self._under_way[key] = future
            timer = loop.call_later(self._patience_s, self._let_go, future)
            task = loop.create_task(self._do(key, future, timer, work))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        else:
            self.shared += 1
        return await asyncio.shield(future)

    async def _do(
        self,
        key: Hashable,
        future: asyncio.Future[T],
        timer: asyncio.TimerHandle,
        work: Callable[[], Awaitable[T]],
    ) -> None:
        try:
            result = await work()
        except asyncio.CancelledError:
            future.cancel()
            raise
        except Exception as error:  # noqa: BLE001 - it is for those who wait, whatever it is
            if not future.done():
                future.set_exception(error)
                future.exception()  # read here, in case that everybody has gone
        else:
            if not future.done():
                future.set_result(result)
        finally:
            timer.cancel()
            if self._under_way.get(key) is future:
                del self._under_way[key]

    def _let_go(self, future: asyncio.Future[T]) -> None:
        if not future.done():
            error: GridmapError = Unavailable(
                f"The database does not answer within {self._patience_s:g} s",
                hint="Try again in a moment.",
            )
            future.set_exception(error)
            future.exception()

    async def close(self) -> None:
        """Stop what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for future in self._under_way.values():  # of tasks that had not begun
            future.cancel()
