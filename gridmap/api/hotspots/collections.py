"""An answer as a collection of OGC API - Features: `/collections/hotspots:{id}/items`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import shapely
from fastapi import APIRouter, Query, Request, Response

from gridmap.api.deps import base_url
from gridmap.api.hotspots.kept import Kept
from gridmap.api.hotspots.routes import AnswerId
from gridmap.api.plans import Database
from gridmap.api.rendering import GEOJSON, JSON, answer, dump, make_etag
from gridmap.api.selection import CRS_URIS
from gridmap.errors import Fault, InvalidInput, NotFound
from gridmap.services.hotspots import Answer

router = APIRouter(tags=["Hotspots"])

Box = Annotated[str | None, Query(max_length=200, description="west,south,east,north")]


@router.get("/collections/hotspots:{number}")
def describe(request: Request, number: AnswerId, engine: Database, kept: Kept) -> Response:
    """The collection of an answer's features."""
    found = kept.find(engine, number)
    case = found.case
    here = f"{base_url(request)}/collections/hotspots:{number}"
    return answer(
        request,
        dump(
            {
                "id": f"hotspots:{number}",
                "title": f"{found.question.method}, {found.question.place}",
                "description": found.document["explanation"]["en"],
                "itemType": "feature",
                "extent": {
                    "spatial": {
                        "bbox": [list(case.crs.publish(case.area, decimals=6).bounds)],
                        "crs": CRS_URIS["CRS84"],
                    },
                    "temporal": {
                        "interval": [
                            [found.question.begins.isoformat(), found.question.ends.isoformat()]
                        ]
                    },
                },
                "crs": [CRS_URIS["CRS84"]],
                "links": [
                    _link(here, "self", JSON, "this collection"),
                    _link(f"{here}/items", "items", GEOJSON, "the features"),
                ],
            }
        ),
        etag=make_etag(number, "collection"),
    )


@router.get("/collections/hotspots:{number}/items")
def items(
    request: Request,
    number: AnswerId,
    engine: Database,
    kept: Kept,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 1_000,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    bbox: Box = None,
) -> Response:
    """A page of the features; `next` leads to the one after it."""
    found = kept.find(engine, number)
    matched = _inside(found, bbox)
    page = matched[offset : offset + limit]
    here = f"{base_url(request)}/collections/hotspots:{number}"
    box = f"&bbox={bbox}" if bbox else ""
    links = [
        _link(f"{here}/items?limit={limit}&offset={offset}{box}", "self", GEOJSON, "this page"),
        _link(here, "collection", JSON, "the collection"),
    ]
    if offset + limit < len(matched):
        after = f"{here}/items?limit={limit}&offset={offset + limit}{box}"
        links.append(_link(after, "next", GEOJSON, "the next page"))
    document = {
        "type": "FeatureCollection",
        "features": page,
        "numberMatched": len(matched),
        "numberReturned": len(page),
        "timeStamp": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "links": links,
    }
    etag = make_etag(number, "items", limit, offset, bbox)
    return answer(request, dump(document), GEOJSON, etag=etag)


@router.get("/collections/hotspots:{number}/items/{feature}")
def item(
    request: Request, number: AnswerId, feature: str, engine: Database, kept: Kept
) -> Response:
    """One feature of an answer."""
    found = kept.find(engine, number)
    wanted = next((one for one in found.document["features"] if str(one["id"]) == feature), None)
    if wanted is None:
        raise NotFound(f"There is no feature {feature[:40]!r} in this answer")
    return answer(request, dump(wanted), GEOJSON, etag=make_etag(number, "item", feature))


def _inside(found: Answer, bbox: str | None) -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = found.document["features"]
    if bbox is None:
        return features
    try:
        west, south, east, north = (float(part) for part in bbox.split(","))
    except ValueError:
        west, south, east, north = 1.0, 0.0, 0.0, 0.0
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise InvalidInput(
            "bbox is west,south,east,north in degrees",
            faults=(Fault("not four numbers in order", field="bbox"),),
        )
    window = shapely.box(west, south, east, north)
    shapes = found.case.crs.unproject(found.finding.shapes)
    if found.finding.shown is not None:
        shapes = shapes[found.finding.shown]
    near = shapely.intersects(shapes, window)
    return [feature for feature, wanted in zip(features, near, strict=True) if wanted]


def _link(href: str, rel: str, media_type: str, title: str) -> dict[str, str]:
    return {"href": href, "rel": rel, "type": media_type, "title": title}
