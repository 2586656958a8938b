"""What an operator's machines ask: is the process alive, can it work, what has it done."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from gridmap.api.metrics import Metrics
from gridmap.errors import Unavailable
from gridmap.store import revisions

router = APIRouter(tags=["operation"])

_PATIENCE_S = 3.0


@router.get("/healthz", operation_id="getLiveness", summary="The process is alive")
async def healthz() -> dict[str, str]:
    """Answer, without asking anybody else."""
    return {"status": "ok"}


@router.get(
    "/readyz",
    operation_id="getReadiness",
    summary="The database answers and has the schema of this program",
    responses={
        503: {
            "description": "It does not, or has another one.",
            "content": {"application/problem+json": {"schema": {"type": "object"}}},
        }
    },
)
async def readyz(request: Request) -> dict[str, str]:
    """Ask the database for its schema.

    Raises
    ------
    Unavailable
        It does not answer within 3 s, or its schema is older or newer than the program.
    """
    try:
        async with asyncio.timeout(_PATIENCE_S):
            found = await revisions.read_schema(request.app.state.drawing)
    except TimeoutError:
        raise Unavailable(f"The database does not answer within {_PATIENCE_S:g} s") from None
    if found != request.app.state.schema:
        raise Unavailable(
            f"The schema of the database is {found or 'not there'}, and this program needs"
            f" {request.app.state.schema}",
            hint="Run `gridmap db upgrade` with the newest program.",
        )
    return {"status": "ok", "schema": str(found)}


@router.get(
    "/metrics",
    operation_id="getMetrics",
    summary="Metrics in the text format of Prometheus",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def metrics(request: Request) -> Response:
    """Write what all workers have counted."""
    counted: Metrics = request.app.state.metrics
    return Response(counted.render(), media_type=CONTENT_TYPE_LATEST)
