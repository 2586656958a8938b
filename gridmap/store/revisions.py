"""Which revision each layer's table has, known without asking.

The database tells every commit that changes a layer on the channel `gridmap_layers` (payload
"<table> <revision>"). One connection of its own listens and keeps the numbers in memory; while it
is down nothing is believed and `read` asks the database. A heartbeat reads all numbers again, which
finds out a connection that is dead without saying so, another day, and a restored backup.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import logging
from collections.abc import AsyncIterator, Mapping
from typing import Any

import asyncpg

from gridmap.errors import GridmapError, Unavailable
from gridmap.model import Layer
from gridmap.store.connections import Connections

_log = logging.getLogger(__name__)

CHANNEL = "gridmap_layers"
HEARTBEAT_S = 5.0
_ANSWER_S = 3.0
_RETRY_S = 0.5

# The state of every layer in one snapshot. The identity changes when the numbers start again: in
# another cluster, on another timeline after a recovery, in another database or restored table.
_READ = """
SELECT json_object_agg(source, revision)::text AS revisions,
       current_date - DATE '2000-01-01' AS day,
       (SELECT system_identifier FROM pg_control_system())::text
         || ' ' || (SELECT timeline_id FROM pg_control_checkpoint())
         || ' ' || (SELECT oid FROM pg_database WHERE datname = current_database())
         || ' ' || 'layer_revision'::regclass::oid AS identity
FROM layer_revision
"""


class Revisions:
    """The revisions of all layers as this process knows them.

    Parameters
    ----------
    url
        The database.
    salt
        What else makes an answer another one of the same rows; a part of `identity`.

    Attributes
    ----------
    generation
        Grows with every change of what is known, so that others may keep what they derive.
    identity
        Eight characters for the history that the numbers count in.
    listening
        True while commits are told; nobody may believe the numbers otherwise.
    """

    def __init__(self, url: str, *, salt: str = "") -> None:
        self._url = url
        self._salt = salt
        self._numbers: dict[str, int] = {}
        self._day = 0
        self._answers: bool | None = None  # not asked yet
        self.generation = 0
        self.identity = ""
        self.listening = False

    def version(self, layer: Layer) -> str:
        """Name the state of a layer that is known now."""
        return name_version(layer, self._numbers.get(layer.table, 0), self._day)

    @contextlib.asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Keep the numbers in a background task until the end of the context."""
        task = asyncio.create_task(self._listen(), name="revisions")
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def read(self, connections: Connections) -> None:
        """Ask the database, as everybody must while `listening` is false.

        Raises
        ------
        Unavailable
            The database does not answer.
        """
        self._take(await connections.fetchrow(_READ))

    def learn(self, table: str, revision: int, day: int) -> None:
        """Take over what a statement has seen, which may be news; numbers only grow."""
        if revision > self._numbers.get(table, 0) or day > self._day:
            self._numbers[table] = max(revision, self._numbers.get(table, 0))
            self._day = max(day, self._day)
            self.generation += 1

    def _take(self, row: Mapping[str, Any] | None) -> None:
        if row is None or row["revisions"] is None:
            raise Unavailable("The database has no revisions of layers", hint="gridmap db upgrade")
        numbers: dict[str, int] = json.loads(row["revisions"])
        identity = hashlib.sha256(f"{row['identity']} {self._salt}".encode()).hexdigest()[:8]
        if identity != self.identity:
            self.identity, self._numbers, self._day = identity, numbers, row["day"]
            self.generation += 1
            return
        for table, number in numbers.items():
            self.learn(table, number, row["day"])

    async def _listen(self) -> None:
        while True:
            try:
                await self._listen_once()
                reason = "the connection was closed"
            except (GridmapError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                reason = str(error) or type(error).__name__
            if self._answers is not False:
                _log.warning("the database does not answer: %s", reason)
            self._answers = False
            await asyncio.sleep(_RETRY_S)

    async def _listen_once(self) -> None:
        """Listen on one connection until it is lost."""
        connection = await asyncpg.connect(
            self._url,
            timeout=_ANSWER_S,
            server_settings={"application_name": "gridmap revisions", "timezone": "UTC"},
        )
        lost = asyncio.Event()

        def lose(_connection: asyncpg.Connection) -> None:
            self.listening = False
            lost.set()

        try:
            connection.add_termination_listener(lose)
            # Listen first, read second: a commit in between is told, and telling twice is harmless.
            await connection.add_listener(CHANNEL, self._hear)
            while not lost.is_set():
                self._take(await connection.fetchrow(_READ, timeout=_ANSWER_S))
                self.listening = True
                if self._answers is False:
                    _log.warning("the database answers again")
                self._answers = True
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(lost.wait(), HEARTBEAT_S)
        finally:
            self.listening = False
            connection.terminate()

    def _hear(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        table, _, number = str(payload).rpartition(" ")
        if table and number.isascii() and number.isdigit():
            self.learn(table, int(number), self._day)


def name_version(layer: Layer, revision: int, day: int) -> str:
    """Name a state of a layer: its revision, and the day where rows come and go by date."""
    return f"{revision}d{day}" if "current_date" in (layer.condition or "") else str(revision)


async def read_schema(connections: Connections) -> str | None:
    """Find the revision of the schema; None where there is no schema.

    Raises
    ------
    Unavailable
        The database does not answer.
    """
    (there,) = await connections.fetchrow("SELECT to_regclass('alembic_version') IS NOT NULL")
    if not there:
        return None
    found: str
    (found,) = await connections.fetchrow("SELECT version_num FROM alembic_version")
    return found
