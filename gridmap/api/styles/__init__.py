"""Complete MapLibre styles on the tiles: the page loads them, and so can any other client.

The filters of the grids show the governance network at level 2; a client with a choice of network
and level replaces both, in every layer whose metadata has `gridmap:shows`. `gridmap:theme` in the
metadata says to which switch of a legend a layer belongs.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from gridmap import __version__
from gridmap.api.deps import Parameters, base_url
from gridmap.api.privacy import is_trusted
from gridmap.api.rendering import answer, dump, is_known, make_etag, not_modified
from gridmap.api.styles import areas, basemaps, ground, points
from gridmap.api.styles.palette import PAPER, StyleLayer
from gridmap.errors import NotFound
from gridmap.settings import Settings

# name → language of the labels
STYLES = {"gridmap": "zh", "gridmap-en": "en"}

# One source for what is looked at together, so that a switched-off theme costs no request.
SOURCES = {
    "base": "land-use,water,streets",
    "areas": "territories,grids",
    "buildings": "buildings",
    "resource-points": "resource-points",
    "incidents": "incidents",
}

router = APIRouter()


def compose(
    name: str, settings: Settings, base_url: str, *, personal: bool = True
) -> dict[str, Any]:
    """Make one style; `base_url` is the address of the service, without a slash at its end.

    Incidents are in it where what is somebody's may be read (`personal`).

    Raises
    ------
    NotFound
        No such style; the hint lists those that there are.
    """
    if name not in STYLES:
        raise NotFound(f"There is no style {name!r}", hint=f"Styles: {', '.join(STYLES)}.")
    language = STYLES[name]
    basemap = basemaps.choose(settings, base_url)
    under: StyleLayer = {"id": "paper", "type": "background", "paint": {"background-color": PAPER}}
    own_ground = ground.land()
    own_streets = [*ground.water(), *ground.streets()]
    if basemap.key != "blank":
        # The base map draws them already; a reader can switch ours on in its place.
        for made in [*own_ground, *own_streets]:
            made.setdefault("layout", {})["visibility"] = "none"
    layers = [
        under,
        *basemap.layers,
        *own_ground,
        *areas.fills(),
        *own_streets,
        *ground.buildings(),
        *areas.boundaries(),
        # A name gives way to what comes after it.
        *ground.labels(language),
        *(points.incidents() if personal else ()),
        *points.resource_points(language),
        *areas.labels(language),
    ]
    return {
        "version": 8,
        "name": name,
        "metadata": {"gridmap:language": language, "gridmap:basemap": basemap.key},
        "center": [110.5, 31.5],
        "zoom": 4,
        "sources": {
            **basemap.sources,
            **{
                source: {"type": "vector", "url": f"{base_url}/tiles/{listed}/tilejson.json"}
                for source, listed in SOURCES.items()
                if personal or source != "incidents"
            },
        },
        "layers": layers,
    }


@router.api_route(
    "/styles/{name}.json",
    methods=["GET", "HEAD"],
    tags=["tiles"],
    operation_id="style",
    summary="A complete MapLibre style on the tiles: `gridmap` in Chinese, `gridmap-en` in English",
    response_class=Response,
    responses={200: {"content": {"application/json": {}}}, 404: {"description": "No such style"}},
)
async def style(name: str, request: Request) -> Response:
    """Answer one style; addresses in it are absolute, so it works from anywhere."""
    Parameters(request).finish()
    settings: Settings = request.app.state.settings
    body = dump(compose(name, settings, base_url(request), personal=is_trusted(request)))
    etag = make_etag(__version__, body)
    if is_known(request, etag):
        return not_modified(etag)
    # Styles are read by maps on other people's pages, too.
    return answer(request, body, etag=etag, headers={"Access-Control-Allow-Origin": "*"})
