"""Tiles of an answer: `/tiles/hotspots/{id}/{z}/{x}/{y}.mvt`, and `.png` for densities."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from gridmap.api.deps import base_url
from gridmap.api.hotspots.kept import Kept, verify
from gridmap.api.hotspots.routes import AnswerId
from gridmap.api.plans import Database
from gridmap.api.rendering import answer, is_known, make_etag, not_modified
from gridmap.services.hotspots.tiles import DEEPEST, LAYER, draw_mvt, draw_png, make_density_raster

router = APIRouter(tags=["Hotspots"])

MVT = "application/vnd.mapbox-vector-tile"
Zoom = Annotated[int, Path(ge=0, le=DEEPEST)]
Step = Annotated[int, Path(ge=0, lt=2**DEEPEST)]
_CORS = {"Access-Control-Allow-Origin": "*"}


@router.get("/tiles/hotspots/{number}/{z}/{x}/{y}.mvt", response_class=Response)
def read_mvt(
    request: Request, number: AnswerId, z: Zoom, x: Step, y: Step, engine: Database, kept: Kept
) -> Response:
    """A vector tile of an answer: `class` and `count` of each feature, with its id."""
    verify(engine, number)
    etag = make_etag(number, z, x, y)
    if is_known(request, etag):
        return not_modified(etag)

    def draw() -> bytes:
        return draw_mvt(engine, kept.find(engine, number), z, x, y)

    body = kept.made((number, "mvt", z, x, y), draw)
    if not body:
        return Response(status_code=204, headers={**_CORS, "ETag": etag})
    return answer(request, body, MVT, etag=etag, headers=_CORS)


@router.get("/tiles/hotspots/{number}/{z}/{x}/{y}.png", response_class=Response)
def read_png(
    request: Request, number: AnswerId, z: Zoom, x: Step, y: Step, engine: Database, kept: Kept
) -> Response:
    """A picture of a density: the colours of its legend, the same at every zoom."""
    verify(engine, number)
    etag = make_etag(number, "png", z, x, y)
    if is_known(request, etag):
        return not_modified(etag)

    def draw() -> bytes:
        found = kept.find(engine, number)
        raster = kept.made((number, "raster"), lambda: (make_density_raster(found),))[0]
        return draw_png(found, raster, z, x, y)

    body = kept.made((number, "png", z, x, y), draw)
    return Response(body, media_type="image/png", headers={**_CORS, "ETag": etag})


@router.get("/tiles/hotspots/{number}/tilejson.json")
def describe(request: Request, number: AnswerId, engine: Database, kept: Kept) -> dict[str, Any]:
    """The TileJSON of an answer, with its legend and how it was made."""
    verify(engine, number)
    found = kept.find(engine, number)
    case = found.case
    bounds = list(case.crs.publish(case.area, decimals=6).bounds)
    return {
        "tilejson": "3.0.0",
        "name": f"hotspots {found.question.method} {found.question.place}",
        "description": found.document["explanation"]["en"],
        "tiles": [f"{base_url(request)}/tiles/hotspots/{number}/{{z}}/{{x}}/{{y}}.mvt"],
        "minzoom": 0,
        "maxzoom": DEEPEST,
        "bounds": bounds,
        "vector_layers": [{"id": LAYER, "fields": {"class": "Number", "count": "Number"}}],
        "legend": found.document["legend"],
    }
