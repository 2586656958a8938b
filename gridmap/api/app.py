"""The application: tiles on the short way, everything else through FastAPI."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from gridmap import __version__
from gridmap.api import (
    comparisons,
    features,
    health,
    hotspots,
    locate,
    openapi,
    page,
    places,
    plan_edits,
    plan_partitions,
    plan_sources,
    plans,
    privacy,
    problems,
    public_counts,
    responsible,
    reviews,
    search,
    session,
    staff_events,
    staff_history,
    staff_loads,
    staff_proposals,
    staff_templates,
    staffing,
    styles,
    tiles,
)
from gridmap.api.access import Access
from gridmap.api.deps import Batches
from gridmap.api.memory import Memory
from gridmap.api.metrics import Metrics
from gridmap.services.plans.partition import Jobs
from gridmap.settings import Settings
from gridmap.store import database
from gridmap.store import tiles as tile_store
from gridmap.store.revisions import Revisions

# Where routers are included: one line for each noun, in the order in which they are matched.
# `gridmap.api.NOUN.router` is an APIRouter; the page comes last.
ROUTERS: tuple[Any, ...] = (
    hotspots.router,  # before the layers: its collections are called hotspots:…
    features.router,
    openapi.router,
    locate.router,
    responsible.router,
    places.router,
    plan_sources.router,
    comparisons.router,
    plan_edits.router,
    plan_partitions.router,
    plans.router,
    public_counts.router,
    reviews.router,
    search.router,
    session.router,
    staff_events.router,
    staff_history.router,
    staff_loads.router,
    staff_proposals.router,
    staff_templates.router,
    staffing.router,
    styles.router,
    health.router,
    page.router,
)


ANSWERS = "/tiles/hotspots/"  # tiles of answers: worked out, not read from a layer


class Application(FastAPI):
    """FastAPI behind two pieces of plain ASGI: tiles beside it, access before everything else."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or run the lifespan."""
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
        elif scope["path"].startswith("/tiles/") and not scope["path"].startswith(ANSWERS):
            refusal = self.state.access.refuse_personal(scope)
            if refusal is not None:
                await refusal(scope, receive, send)
            elif self.state.settings.token is not None and privacy.is_personal(scope["path"]):
                await self.state.tiles(scope, receive, privacy.kept_private(send))
            else:
                await self.state.tiles(scope, receive, send)
        else:
            await self.state.access(scope, receive, send)


def create_app(settings: Settings, database_url: str, *, counts: Path | None = None) -> Application:
    """Make the application on one database; nothing is opened before its lifespan starts.

    Parameters
    ----------
    settings
        Those of the process.
    database_url
        A database whose schema is the newest.
    counts
        A folder that several workers share to add up their metrics.
    """
    # Each worker has its share of the connections, so that 100 are enough for all.
    share = max(2, 8 // settings.workers)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            app.state.engine = database.connect_engine(database_url, pool_size=share)
            stack.callback(app.state.engine.dispose)
            app.state.pool = await stack.enter_async_context(
                database.open_pool(database_url, size=share)
            )
            drawing = await stack.enter_async_context(
                tile_store.open_connections(database_url, size=max(2, share // 2))
            )
            known = Revisions(database_url, salt=tile_store.fingerprint())
            await known.read(drawing)
            await stack.enter_async_context(known.kept())
            app.state.drawing, app.state.revisions = drawing, known
            app.state.tiles = tiles.Tiles(
                drawing, known, app.state.metrics, cache_mb=settings.tile_cache_mb
            )
            stack.push_async_callback(app.state.tiles.close)
            app.state.metrics.gauges |= {
                "pool_busy": lambda: app.state.pool.get_size() - app.state.pool.get_idle_size(),
                "pool_size": app.state.pool.get_size,
            }
            await stack.enter_async_context(app.state.metrics.written())
            app.state.partitions = Jobs()
            stack.callback(app.state.partitions.close)
            yield

    app = Application(title="gridmap", version=__version__, lifespan=lifespan, openapi_url=None)
    app.state.settings = settings
    app.state.schema = database.newest()
    app.state.memory = Memory()
    app.state.hotspots = hotspots.Answers()
    app.state.batches = Batches()
    app.state.metrics = Metrics(counts)
    app.state.page = page.Page(settings)
    app.state.access = Access(
        partial(FastAPI.__call__, app), app.state.metrics, token=settings.token
    )
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router)
    return app
