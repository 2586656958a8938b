"""The application: tiles on the short way, everything else through FastAPI."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from gridmap import __version__
from gridmap.api import features, page, places, problems, search, styles, tiles
from gridmap.api.memory import Memory
from gridmap.settings import Settings
from gridmap.store import database

# Where routers are included: one line for each noun, in the order in which they are matched.
# `gridmap.api.NOUN.router` is an APIRouter; the page comes last.
ROUTERS: tuple[Any, ...] = (
    features.router,
    places.router,
    search.router,
    styles.router,
    page.router,
)


class Application(FastAPI):
    """FastAPI, with the tiles answered before its middlewares and dependencies are reached."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or run the lifespan."""
        if scope["type"] == "http" and scope["path"].startswith("/tiles/"):
            await self.state.tiles(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def create_app(settings: Settings, database_url: str) -> Application:
    """Make the application on one database; nothing is opened before its lifespan starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.engine = database.connect_engine(database_url)
        async with database.open_pool(database_url) as pool:
            app.state.pool = pool
            app.state.tiles = tiles.Tiles(pool)
            yield
        app.state.engine.dispose()

    app = Application(title="gridmap", version=__version__, lifespan=lifespan, openapi_url=None)
    app.state.settings = settings
    app.state.memory = Memory()
    app.state.page = page.Page(settings)
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router)
    return app
