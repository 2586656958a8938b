"""`/hotspots`: where incidents pile up more than chance, in a window and for some categories."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime

from gridmap.api.plans import Database
from gridmap.api.rendering import answer, dump, is_known, make_etag, not_modified
from gridmap.services.hotspots import Question, current_revision, find_hotspots, identify

router = APIRouter(tags=["Hotspots"])

_REMEMBERED = 64


@router.get("/hotspots")
def hotspots(
    request: Request,
    engine: Database,
    place: Annotated[str, Query(min_length=1, max_length=100)],
    begins: Annotated[AwareDatetime, Query(alias="from", description="First moment, with zone.")],
    ends: Annotated[AwareDatetime, Query(alias="to", description="End of the window, excluded.")],
    category: Annotated[list[str] | None, Query(max_length=50)] = None,
    channel: Annotated[list[str] | None, Query(max_length=50)] = None,
    severity: Annotated[int, Query(ge=1, le=4, description="The least one that counts.")] = 1,
    shape: Literal["hexagon", "square"] = "hexagon",
    size: Annotated[
        float | None, Query(ge=20, le=5000, description="Metres; the data chooses when missing.")
    ] = None,
    rings: Annotated[int, Query(ge=1, le=5)] = 1,
) -> Response:
    """Hot and cold cells by Gi*, exactly tested and corrected; the hotspots; clock and months."""
    question = Question(
        place=place,
        begins=begins,
        ends=ends,
        categories=tuple(sorted(set(category or ()))),
        channels=tuple(sorted(set(channel or ()))),
        least_severity=severity,
        shape=shape,
        size_m=size,
        rings=rings,
    )
    number = identify(question, current_revision(engine))
    etag = make_etag(number)
    if is_known(request, etag):
        return not_modified(etag)
    known: dict[str, dict[str, Any]] = request.app.state.hotspots
    found = known.pop(number, None)
    if found is None:
        found = find_hotspots(engine, question)
        while len(known) >= _REMEMBERED:
            known.pop(next(iter(known)), None)
    known[number] = found  # the last one asked for is the last one forgotten
    return answer(request, dump(found), etag=etag)
