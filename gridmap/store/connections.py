"""Connections that stay borrowed: for a path where lending costs as much as the work.

Taking a connection from asyncpg's pool and giving it back costs about 60 µs, and a light tile
without it 100. So a few are borrowed once and handed on here; whatever goes wrong with one, it is
given back, and the pool finds out whether it is still good and replaces it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator
from typing import Any

import asyncpg

from gridmap.errors import Unavailable
from gridmap.store.refusals import translated, unreachable

_PATIENCE_S = 5


class Connections:
    """At most `size` connections of a pool, for one statement at a time each."""

    def __init__(self, pool: asyncpg.Pool, *, size: int) -> None:
        self._pool = pool
        self._to_borrow = size
        self._idle: list[Any] = []
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._returns: set[asyncio.Task[None]] = set()
        self.size = size

    @property
    def busy(self) -> int:
        """How many work just now."""
        return self.size - self._to_borrow - len(self._idle)

    async def fetchrow(self, sql: str, *values: object) -> Any:
        """Fetch the first row of a statement, prepared on each connection at its first use.

        Raises
        ------
        Unavailable
            The database does not answer, all connections stay busy, or the statement took too long.
        """
        connection = await self._take()
        try:
            with translated():
                row = await connection.fetchrow(sql, *values)
        except BaseException:
            self._give_back(connection)
            raise
        self._idle.append(connection)
        self._call_next()
        return row

    async def _take(self) -> Any:
        while True:
            while self._idle:
                connection = self._idle.pop()
                if _is_alive(connection):
                    return connection
                self._give_back(connection)
            if self._to_borrow:
                return await self._borrow()
            await self._wait()

    async def _borrow(self) -> Any:
        self._to_borrow -= 1
        try:
            with translated():
                try:
                    return await self._pool.acquire(timeout=_PATIENCE_S)
                except OSError as error:
                    raise unreachable(error) from error
        except BaseException:
            self._to_borrow += 1
            self._call_next()
            raise

    async def _wait(self) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(_PATIENCE_S):
                await turn
        except TimeoutError:
            raise Unavailable(
                "All connections to the database are busy", hint="Try again in a moment."
            ) from None
        finally:
            if turn in self._waiting:
                self._waiting.remove(turn)
            elif turn.cancelled():
                self._call_next()

    def _call_next(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return

    def _give_back(self, connection: Any) -> None:
        """Let the pool mend or replace it, which may wait for a server that hangs."""

        async def release() -> None:
            with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await self._pool.release(connection, timeout=_PATIENCE_S)

        self._to_borrow += 1
        task = asyncio.get_running_loop().create_task(release())
        self._returns.add(task)
        task.add_done_callback(self._returns.discard)
        self._call_next()

    async def close(self) -> None:
        """Give back all that do not work just now."""
        while self._idle:
            self._give_back(self._idle.pop())
        await asyncio.gather(*self._returns)


def _is_alive(connection: Any) -> bool:
    try:
        return not connection.is_closed()
    except asyncpg.InterfaceError:  # the pool has taken it back, because it was closed
        return False


@contextlib.asynccontextmanager
async def borrowed(pool: asyncpg.Pool, *, size: int) -> AsyncIterator[Connections]:
    """Open a pool and hand its connections on until the end of the context.

    Raises
    ------
    Unavailable
        The database does not answer, or does not let gridmap in.
    """
    with translated():
        try:
            await pool
        except OSError as error:
            raise unreachable(error) from error
    connections = Connections(pool, size=size)
    try:
        yield connections
    finally:
        await connections.close()
        try:
            await asyncio.wait_for(pool.close(), _PATIENCE_S)
        except TimeoutError:
            pool.terminate()
