"""Vector tiles: a plain ASGI application in front of FastAPI."""

from __future__ import annotations

import re

import asyncpg
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from gridmap import errors
from gridmap.api import problems
from gridmap.store import layers, tiles

_PATH = re.compile(
    r"/tiles/([a-z,-]{1,200})/(0|[1-9]\d?)/(0|[1-9]\d{0,7})/(0|[1-9]\d{0,7})\.mvt", re.ASCII
)


class Tiles:
    """Answers `/tiles/…`."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool = pool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            response = await self._tile(scope["path"])
        except errors.GridmapError as error:
            response = problems.render(error)
        await response(scope, receive, send)

    async def _tile(self, path: str) -> Response:
        found = _PATH.fullmatch(path)
        if not found:
            raise errors.NotFound("There is no such tile")
        names, *numbers = found.groups()
        zoom, column, row = map(int, numbers)
        chosen = [layers.find_layer(name) for name in names.split(",")]
        parts = [await tiles.draw(self.pool, layer, zoom, column, row) for layer in chosen]
        body = b"".join(parts)
        return Response(
            body,
            status_code=200 if body else 204,
            media_type="application/vnd.mapbox-vector-tile",
        )
