"""`gridmap serve`: the server process."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import click
import uvicorn


class AnnouncingServer(uvicorn.Server):
    """A server that says when it listens, and where."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[int], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: Any = None) -> None:
        """Start, then tell the port."""
        await super().startup(sockets)
        if self.started:
            self._announce(self.servers[0].sockets[0].getsockname()[1])


@click.command()
@click.option("--host", help="Address to listen on; 127.0.0.1 when not given.")
@click.option("--port", type=int, help="Port to listen on; 8080 when not given.")
def command(host: str | None, port: int | None) -> None:
    """Serve tiles, features and the page."""
    from gridmap.api.app import create_app
    from gridmap.cli.session import open_database
    from gridmap.settings import read_settings

    settings = read_settings(os.environ)
    settings = replace(
        settings, host=host or settings.host, port=settings.port if port is None else port
    )
    with open_database(settings) as url:
        config = uvicorn.Config(
            create_app(settings, url),
            host=settings.host,
            port=settings.port,
            log_level="warning",
            access_log=False,
            server_header=False,
        )
        AnnouncingServer(
            config, lambda at: click.echo(f"gridmap serves http://{settings.host}:{at}")
        ).run()
