"""`GET /search`: find a place on the map by its name or code."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from gridmap.api.deps import Parameters, get_pool
from gridmap.api.privacy import is_trusted
from gridmap.api.rendering import answer, dump
from gridmap.api.selection import take_format
from gridmap.store import features
from gridmap.store.search import find

MOST = 100
DEFAULT = 20
LONGEST = 100

router = APIRouter(include_in_schema=False)


@router.api_route("/search", methods=["GET", "HEAD"])
async def search(request: Request) -> Response:
    """Find by name or code, the best first."""
    parameters = Parameters(request)
    take_format(parameters)
    text = parameters.required_text("q", most=LONGEST)
    place = parameters.text("place")
    limit = parameters.integer("limit", low=1, high=MOST, default=DEFAULT)
    parameters.finish()
    async with features.snapshot(get_pool(request)) as connection:
        # Where an incident happened is somebody's.
        without = () if is_trusted(request) else ("incidents",)
        results = await find(connection, text, place=place, most=limit, without=without)
    return answer(request, dump({"results": results}), headers={"Cache-Control": "no-cache"})
