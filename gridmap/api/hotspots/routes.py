"""Questions and answers: `POST /hotspots` for an id, `GET /hotspots/{id}` for the answer."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response

from gridmap.api.deps import base_url
from gridmap.api.hotspots.asking import Asked
from gridmap.api.hotspots.kept import Kept, verify
from gridmap.api.plans import Database
from gridmap.api.rendering import GEOJSON, answer, dump, is_known, make_etag, not_modified
from gridmap.services import hotspots
from gridmap.services.hotspots.placing import Wish, suggest_places
from gridmap.services.hotspots.question import LONGEST_ID
from gridmap.services.hotspots.scores import score_methods
from gridmap.services.hotspots.series import count_by_grid

router = APIRouter(tags=["Hotspots"])

AnswerId = Annotated[
    str,
    Path(min_length=1, max_length=LONGEST_ID, description="Id of an answer, of POST /hotspots."),
]


@router.get("/hotspots")
def find(
    request: Request, engine: Database, kept: Kept, asked: Annotated[Asked, Query()]
) -> Response:
    """Answer a question at once: the same document as `GET /hotspots/{id}`."""
    question = asked.as_question(engine)
    etag = make_etag(hotspots.ask(engine, question))
    if is_known(request, etag):
        return not_modified(etag)
    return answer(request, kept.body(kept.ask(engine, question)), GEOJSON, etag=etag)


@router.post("/hotspots")
def ask(request: Request, asked: Asked, engine: Database) -> dict[str, Any]:
    """Give the id of an answer, and where it is read; nothing is stored."""
    number = hotspots.ask(engine, asked.as_question(engine))
    base = base_url(request)
    return {
        "id": number,
        "answer": f"{base}/hotspots/{number}",
        "tiles": f"{base}/tiles/hotspots/{number}/{{z}}/{{x}}/{{y}}.mvt",
        "raster": f"{base}/tiles/hotspots/{number}/{{z}}/{{x}}/{{y}}.png",
        "collection": f"{base}/collections/hotspots:{number}",
    }


@router.get("/hotspots/{number}")
def read(request: Request, number: AnswerId, engine: Database, kept: Kept) -> Response:
    """The answer: GeoJSON with a legend in words, ranked places, clock, months and calendar."""
    verify(engine, number)
    etag = make_etag(number)
    if is_known(request, etag):
        return not_modified(etag)
    return answer(request, kept.body(kept.find(engine, number)), GEOJSON, etag=etag)


@router.get("/hotspots/{number}/scores")
def scores(request: Request, number: AnswerId, engine: Database, kept: Kept) -> Response:
    """Every method side by side: how well the first half of the window predicts the second."""
    question = verify(engine, number)
    body = kept.made((number, "scores"), lambda: dump(score_methods(engine, question)))
    return answer(request, body, etag=make_etag(number, "scores"))


@router.get("/hotspots/{number}/series")
def series(request: Request, number: AnswerId, engine: Database, kept: Kept) -> Response:
    """Counts by month and grid, across every plan that was valid: exactly, and by lineage."""
    question = verify(engine, number)
    body = kept.made((number, "series"), lambda: dump(count_by_grid(engine, question)))
    return answer(request, body, etag=make_etag(number, "series"))


@router.get("/hotspots/{number}/placement")
def placement(
    request: Request,
    number: AnswerId,
    engine: Database,
    kept: Kept,
    count: Annotated[int, Query(ge=1, le=10)] = 1,
    reach: Annotated[float, Query(ge=50, le=5000, allow_inf_nan=False)] = 300.0,
    aim: Literal["cover", "median"] = "cover",
    station: Annotated[list[str] | None, Query(max_length=20)] = None,
) -> Response:
    """Where one more station or patrol would reach most incidents that none is near to now."""
    question = verify(engine, number)
    default = Wish()
    wish = Wish(count, reach, tuple(station) if station else default.categories, aim)
    body = kept.made((number, wish), lambda: dump(suggest_places(engine, question, wish)))
    return answer(request, body, etag=make_etag(number, wish))
