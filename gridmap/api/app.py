"""The application: tiles on the short way, everything else through FastAPI."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from gridmap import __version__
from gridmap.api import problems
from gridmap.settings import Settings
from gridmap.store import database


def create_app(settings: Settings, database_url: str) -> FastAPI:
    """Make the application on one database; nothing is opened before its lifespan starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.engine = database.connect_engine(database_url)
        async with database.open_pool(database_url) as pool:
            app.state.pool = pool
            yield
        app.state.engine.dispose()

    app = FastAPI(
        title="gridmap", version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None
    )
    app.state.settings = settings
    problems.install(app)
    return app
