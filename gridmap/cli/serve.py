"""`gridmap serve`: the server process, or several that share one port."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import ipaddress
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import uvicorn
from uvicorn.supervisors.multiprocess import Multiprocess

from gridmap.errors import Conflict, InvalidInput, NotAllowed, Unavailable
from gridmap.settings import Settings

if TYPE_CHECKING:
    from gridmap.api.app import Application

_BACKLOG = 2048
_KEEP_ALIVE_S = 30
_LAST_ANSWERS_S = 5  # after a signal to stop
_START_S = 60.0
_PR_SET_PDEATHSIG = 1


@click.command()
@click.option("--host", help="Address to listen on; 127.0.0.1 when not given.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help="Port to listen on; 8080 when not given, 0 for any that is free.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    help="Processes that share the port; 1 when not given. One for each processor is enough.",
)
def command(host: str | None, port: int | None, workers: int | None) -> None:
    """Serve tiles, features and the page, until Ctrl-C.

    To listen beyond this machine, set GRIDMAP_TOKEN: writing then needs it, and so does reading
    exact incidents, hotspots and staff. Everything else is for everybody who reaches the address.
    """
    from gridmap.cli.session import open_database
    from gridmap.settings import read_settings

    settings = read_settings(os.environ)
    settings = replace(
        settings,
        host=settings.host if host is None else host,
        port=settings.port if port is None else port,
        workers=workers or settings.workers,
    )
    refuse_open_door(settings)
    # The port first: it is free or not at once, and the database may take a second to start.
    with _ended_by_signal(), _listening(settings) as listener, open_database(settings) as url:
        name, at = settings.host, listener.getsockname()[1]
        address = f"http://{f'[{name}]' if ':' in name else name}:{at}"

        def announce() -> None:
            click.echo(f"gridmap serves {address} (Ctrl-C stops it)")

        serve(settings, url, listener, announce)
    click.echo("gridmap has stopped")


def serve(
    settings: Settings, url: str, listener: socket.socket, announce: Callable[[], None]
) -> None:
    """Serve on a socket until a signal comes; `announce` is called once requests are answered.

    Raises
    ------
    Unavailable
        The server does not start; what it said before has the reason.
    """
    if settings.workers == 1:
        from gridmap.api.app import create_app

        server = AnnouncingServer(configure(create_app(settings, url), settings), announce)
        signal.signal(signal.SIGHUP, server.handle_exit)  # a terminal that is closed, too
        server.run([listener])
        started = server.started
    else:
        with tempfile.TemporaryDirectory(prefix="gridmap-metrics-") as folder:
            make = partial(make_worker, settings, url, Path(folder), os.getpid())
            supervisor = Workers(configure(make, settings, factory=True), [listener], announce)
            supervisor.run()
            started = supervisor.started
    if not started:
        raise Unavailable("The server does not start; the lines above have the reason")


def configure(app: Any, settings: Settings, *, factory: bool = False) -> uvicorn.Config:
    """Make uvicorn's configuration: the quick loop and parser, and a quiet log."""
    return uvicorn.Config(
        app,
        factory=factory,
        workers=settings.workers,
        loop="uvloop",
        http="httptools",
        ws="none",
        backlog=_BACKLOG,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=_LAST_ANSWERS_S,
        access_log=False,
        server_header=False,
        log_config=_logging(settings.log_level),
    )


class AnnouncingServer(uvicorn.Server):
    """A server that says when it answers."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        if self.started:
            self._announce()


class Workers(Multiprocess):
    """Processes that share a socket; one that ends is replaced."""

    def __init__(
        self, config: uvicorn.Config, sockets: list[socket.socket], announce: Callable[[], None]
    ) -> None:
        super().__init__(config, sockets)
        self._announce = announce
        self.started = False

    def init_processes(self) -> None:
        """Start all, and tell when each of them answers."""
        super().init_processes()
        self.started = all(
            process.wait_until_ready(_START_S, self.should_exit) for process in self.processes
        )
        if self.started:
            self._announce()
        elif not self.signal_queue:
            self.should_exit.set()

    def handle_hup(self) -> None:
        """End, as a single server does; not start again."""
        self.should_exit.set()


def make_worker(settings: Settings, url: str, counts: Path, parent: int) -> Application:
    """Make the application in a worker, which must not outlive the process that started it."""
    from gridmap.api.app import create_app

    if sys.platform == "linux":
        # It is killed at once: whoever starts gridmap again needs its port, and what it had begun
        # to write is taken back by the database.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it has gone before it could be watched
            sys.exit(1)
    return create_app(settings, url, counts=counts)


def refuse_open_door(settings: Settings) -> None:
    """Listen beyond this machine with a token only.

    Raises
    ------
    NotAllowed
        Others could reach the server, and no token keeps them from writing.
    InvalidInput
        The host is not an address or name of this machine.
    """
    if settings.token or is_loopback(settings.host):
        return
    raise NotAllowed(
        f"Listening on {settings.host or 'every address'} lets others in, and no token keeps them"
        " from writing",
        hint="Set one and start again:\n"
        "  export GRIDMAP_TOKEN="
        "$(python3 -c 'import secrets; print(secrets.token_urlsafe(24))')\n"
        "or listen on this machine only, with --host 127.0.0.1.",
    )


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine itself, whatever addresses its name has."""
    return bool(host) and all(
        ipaddress.ip_address(str(address[0]).partition("%")[0]).is_loopback
        for *_, address in _resolve(host, 0)
    )


def _resolve(host: str, port: int) -> list[Any]:
    try:
        return socket.getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except (socket.gaierror, UnicodeError) as error:
        raise InvalidInput(
            f"{host!r} is no address of this machine", hint="Try --host 127.0.0.1."
        ) from error


@contextlib.contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """Take the port, so that nobody else can while the rest starts."""
    family, kind, protocol, _, address = _resolve(settings.host, settings.port)[0]
    with socket.socket(family, kind, protocol) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
            listener.listen(_BACKLOG)
        except OSError as error:
            raise _about_port(error, settings) from error
        listener.set_inheritable(True)
        yield listener


def _about_port(error: OSError, settings: Settings) -> Exception:
    where = f"port {settings.port} of {settings.host}"
    if error.errno == errno.EADDRINUSE:
        return Conflict(
            f"Another program listens on {where}",
            hint=f"Stop it, or choose another port: gridmap serve --port {settings.port + 1}",
        )
    if error.errno == errno.EACCES:
        return NotAllowed(
            f"This user may not listen on {where}",
            hint="Ports from 1024 are free for all: gridmap serve --port 8080",
        )
    return InvalidInput(f"It is not possible to listen on {where}: {error.strerror}")


@contextlib.contextmanager
def _ended_by_signal() -> Iterator[None]:
    """Take Ctrl-C and SIGTERM for what they are here: the ordinary end."""
    try:
        yield
    except KeyboardInterrupt:
        click.echo("gridmap has stopped")
        sys.exit(0)
    except SystemExit as end:
        if end.code not in {128 + signal.SIGTERM, 128 + signal.SIGHUP}:
            raise
        click.echo("gridmap has stopped")
        sys.exit(0)


def _logging(level: str) -> dict[str, Any]:
    """Warnings and errors on stderr, one line each, and what gridmap itself says from `level`."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"format": "%(asctime)s %(levelname)s %(name)s [%(process)d] %(message)s"}
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {
            "gridmap": {"level": "DEBUG" if level == "trace" else level.upper()},
            # That the database is away is said once, by gridmap, and not by each connection.
            "asyncpg": {"level": "ERROR"},
        },
    }
