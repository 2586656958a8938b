"""`/public/incidents`: what everybody may know, and nothing that is somebody's."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from gridmap.api.plans import Database
from gridmap.api.problems import InvalidQuery
from gridmap.api.rendering import GEOJSON, answer, dump, is_known, make_etag, not_modified
from gridmap.errors import Fault
from gridmap.services.public_counts import count_in_public

router = APIRouter(tags=["Public"])


@router.get("/public/incidents")
def read_public_incidents(
    request: Request,
    engine: Database,
    place: Annotated[str, Query(min_length=1, max_length=100, description="Key of a place.")],
    month: Annotated[
        str, Query(min_length=7, max_length=7, description="A month that is over: 2026-03.")
    ],
) -> Response:
    """Incidents per grid in a month that is over, with small counts hidden.

    There is nothing else to choose: two answers that overlap could be subtracted from each other.
    """
    others = set(request.query_params) - {"place", "month"}
    if others:
        raise InvalidQuery(
            "The public counts cannot be chosen from",
            hint="Parameters: place, month.",
            faults=tuple(Fault("not a parameter here", field=name) for name in sorted(others)),
        )
    body = dump(count_in_public(engine, place, month))
    etag = make_etag(body)
    if is_known(request, etag):
        return not_modified(etag)
    return answer(request, body, GEOJSON, etag=etag)
