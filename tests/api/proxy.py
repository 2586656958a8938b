"""A way to the database that a test can cut, hold and mend."""

from __future__ import annotations

import select
import socket
import threading
from contextlib import suppress
from typing import Self
from urllib.parse import parse_qs, urlsplit


class Proxy:
    """Passes bytes between a port of its own and the Unix socket of a database.

    `mode` is "open"; "closed": what there is is reset, and nobody gets in; or "silent": everybody
    gets in and nothing is passed on, like a network that swallows packets. `forget` swallows what
    comes through the connections that there are and lets new ones work, like a server that has
    been replaced by another.
    """

    def __init__(self, database_url: str) -> None:
        parts = urlsplit(database_url)
        folder = parse_qs(parts.query)["host"][0]
        self._socket = f"{folder}/.s.PGSQL.{parse_qs(parts.query).get('port', ['5432'])[0]}"
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._forgotten: list[tuple[socket.socket, socket.socket]] = []
        self._mode = "open"
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="proxy")
        port = self._listener.getsockname()[1]
        self.url = f"postgresql://{parts.username}@127.0.0.1:{port}{parts.path}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()
        self._listener.close()
        self._cut()

    def set(self, mode: str) -> None:
        self._mode = mode

    def forget(self) -> None:
        self._forgotten += self._pairs
        self._pairs = []

    def _cut(self) -> None:
        for pair in (*self._pairs, *self._forgotten):
            for end in pair:
                end.close()
        self._pairs.clear()
        self._forgotten.clear()

    def _run(self) -> None:
        while not self._ended.is_set():
            if self._mode == "closed":
                self._cut()
            ends = [end for pair in self._pairs for end in pair]
            watched = [self._listener, *(ends if self._mode == "open" else ())]
            for ready in select.select(watched, [], [], 0.02)[0]:
                if ready is self._listener:
                    self._let_in()
                else:
                    self._pass_on(ready)

    def _let_in(self) -> None:
        client, _ = self._listener.accept()
        if self._mode == "closed":
            client.close()
            return
        server = socket.socket(socket.AF_UNIX)
        server.connect(self._socket)
        self._pairs.append((client, server))

    def _pass_on(self, ready: socket.socket) -> None:
        pair = next((pair for pair in self._pairs if ready in pair), None)
        if pair is None:
            return
        other = pair[1] if ready is pair[0] else pair[0]
        data = b""
        with suppress(OSError):
            data = ready.recv(65536)
            other.sendall(data)
        if not data:
            self._pairs.remove(pair)
            ready.close()
            other.close()
