"""OGC API – Features, Parts 1 and 2: landing page, conformance, collections, items.

Clauses that comments name are those of OGC 17-069r4 (Part 1).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from fastapi import APIRouter, Request, Response

from gridmap import __version__
from gridmap.api.deps import Parameters, base_url, get_memory, get_pool, parse_integer
from gridmap.api.rendering import (
    GEOJSON,
    JSON,
    answer,
    dump,
    is_known,
    make_etag,
    not_modified,
    prefers_html,
)
from gridmap.api.selection import (
    CRS_URIS,
    PageQuery,
    make_cursor,
    read_page_query,
    take_crs,
    take_format,
)
from gridmap.errors import NotFound
from gridmap.model import Layer, Property
from gridmap.store import features
from gridmap.store.layers import LAYERS, find_layer

SCHEMA_JSON = "application/schema+json"
OPENAPI_JSON = "application/vnd.oai.openapi+json;version=3.0"

CONFORMANCE = (
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
)

router = APIRouter(include_in_schema=False)  # `openapi.py` describes each collection by itself
_METHODS = ["GET", "HEAD"]


def _link(href: str, rel: str, media_type: str, title: str) -> dict[str, str]:
    return {"href": href, "rel": rel, "type": media_type, "title": title}


@router.api_route("/", methods=_METHODS)
async def landing(request: Request) -> Response:
    """The landing page: the application for browsers, links for programs."""
    parameters = Parameters(request)
    wanted = parameters.choice("f", ("json", "html"), "html" if prefers_html(request) else "json")
    page = getattr(request.app.state, "page", None)
    if wanted == "html" and page is not None:
        # The application keeps its own state in the query: a permalink is not refused.
        response: Response = page.index(request)
        return response
    parameters.finish()
    base = base_url(request)
    return answer(
        request,
        dump(
            {
                "title": "gridmap",
                "description": "The map under grid-based community governance (网格化治理)",
                "links": [
                    _link(f"{base}/?f=json", "self", JSON, "this document"),
                    _link(f"{base}/?f=html", "alternate", "text/html", "the map"),
                    _link(f"{base}/openapi.json", "service-desc", OPENAPI_JSON, "the API"),
                    _link(f"{base}/conformance", "conformance", JSON, "conformance classes"),
                    _link(f"{base}/collections", "data", JSON, "the layers"),
                    _link(f"{base}/places", "related", JSON, "the places"),
                ],
            }
        ),
        headers={"Vary": "Accept, Accept-Encoding"},
    )


@router.api_route("/conformance", methods=_METHODS)
async def conformance(request: Request) -> Response:
    """The conformance classes that hold."""
    parameters = Parameters(request)
    take_format(parameters)
    parameters.finish()
    return answer(request, dump({"conformsTo": CONFORMANCE}))


@router.api_route("/collections", methods=_METHODS)
async def collections(request: Request) -> Response:
    """All layers."""
    parameters = Parameters(request)
    take_format(parameters)
    parameters.finish()
    base = base_url(request)
    return answer(
        request,
        dump(
            {
                "collections": [await _describe(request, layer, base) for layer in LAYERS.values()],
                "crs": list(CRS_URIS.values()),
                "links": [_link(f"{base}/collections", "self", JSON, "this document")],
            }
        ),
    )


@router.api_route("/collections/{name}", methods=_METHODS)
async def collection(request: Request, name: str) -> Response:
    """One layer."""
    layer = find_layer(name)
    parameters = Parameters(request)
    take_format(parameters)
    parameters.finish()
    return answer(request, dump(await _describe(request, layer, base_url(request))))


@router.api_route("/collections/{name}/schema", methods=_METHODS)
async def schema(request: Request, name: str) -> Response:
    """The JSON schema of a layer's features."""
    layer = find_layer(name)
    parameters = Parameters(request)
    take_format(parameters)
    parameters.finish()
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{base_url(request)}/collections/{layer.name}/schema",
        "title": f"{layer.title} {layer.title_en}",
        "description": f"{layer.description}. What is not known is null.",
        **feature_schema(layer),
    }
    return answer(request, dump(document), SCHEMA_JSON)


@router.api_route("/collections/{name}/items", methods=_METHODS)
async def items(request: Request, name: str) -> Response:
    """A page of a layer's features."""
    layer = find_layer(name)
    query = read_page_query(Parameters(request), layer)
    base = base_url(request)
    async with features.snapshot(get_pool(request)) as connection:
        version = await features.read_version(connection, layer)
        etag = make_etag(__version__, version, layer.name, query, base, request.url.query)
        if is_known(request, etag):
            return not_modified(etag)
        matched = await get_memory(request).recall(
            ("count", layer.name, version, query.selection),
            lambda: features.count(connection, layer, query.selection),
        )
        # One more than asked for: whether there is a next page.
        rows = (
            []
            if query.hits_only
            else await features.read_page(
                connection,
                layer,
                query.selection,
                after=query.after,
                most=query.limit + 1,
                crs=query.crs,
            )
        )
    page = rows[: query.limit]
    links = _page_links(request, layer, base, page[-1][0] if len(rows) > query.limit else None)
    tail = {
        "numberMatched": matched,
        "numberReturned": len(page),
        "timeStamp": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "links": links,
    }
    body = b'{"type":"FeatureCollection","features":[%b],%b' % (
        ",".join([feature for _, feature in page]).encode(),
        dump(tail)[1:],
    )
    return answer(request, body, GEOJSON, etag=etag, headers=_content_crs(query))


def _page_links(
    request: Request, layer: Layer, base: str, last: int | None
) -> list[dict[str, str]]:
    here = f"{base}/collections/{layer.name}"
    asked = parse_qsl(request.url.query, keep_blank_values=True)
    said = f"?{urlencode(asked)}" if asked else ""
    links = [
        _link(f"{here}/items{said}", "self", GEOJSON, "this page"),
        _link(here, "collection", JSON, "the layer"),
    ]
    if last is not None:
        kept = [pair for pair in asked if pair[0] != "cursor"]
        query = urlencode([*kept, ("cursor", make_cursor(last))])
        links.append(_link(f"{here}/items?{query}", "next", GEOJSON, "the next page"))
    return links


def _content_crs(query: PageQuery) -> dict[str, str]:
    return {"Content-Crs": f"<{CRS_URIS[query.crs]}>"}


@router.api_route("/collections/{name}/items/{number}", methods=_METHODS)
async def item(request: Request, name: str, number: str) -> Response:
    """One feature."""
    layer = find_layer(name)
    parameters = Parameters(request)
    take_format(parameters)
    crs = take_crs(parameters, "crs")
    parameters.finish()
    base = base_url(request)
    missing = NotFound(f"There is no feature {number[:40]!r} in {layer.name}")
    try:
        feature_id = parse_integer(number)
    except ValueError:
        raise missing from None
    version, feature = await features.read_item(get_pool(request), layer, feature_id, crs=crs)
    if feature is None:
        raise missing
    etag = make_etag(__version__, version, layer.name, feature_id, crs, base)
    if is_known(request, etag):
        return not_modified(etag)
    here = f"{base}/collections/{layer.name}"
    links = [
        _link(f"{here}/items/{feature_id}", "self", GEOJSON, "this feature"),
        _link(here, "collection", JSON, "the layer"),
    ]
    body = b'%b,"links":%b}' % (feature.removesuffix("}").encode(), dump(links))
    headers = {"Content-Crs": f"<{CRS_URIS[crs]}>"}
    return answer(request, body, GEOJSON, etag=etag, headers=headers)


async def _describe(request: Request, layer: Layer, base: str) -> dict[str, Any]:
    """Describe a layer as a collection."""
    async with features.snapshot(get_pool(request)) as connection:
        version = await features.read_version(connection, layer)
        box, times = await get_memory(request).recall(
            ("extent", layer.name, version), lambda: features.read_extent(connection, layer)
        )
    extent: dict[str, Any] = {}
    if box is not None:
        extent["spatial"] = {"bbox": [box], "crs": CRS_URIS["CRS84"]}
    if layer.time:
        extent["temporal"] = {
            "interval": [[time and time.isoformat().replace("+00:00", "Z") for time in times]],
            "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian",
        }
    here = f"{base}/collections/{quote(layer.name)}"
    return {
        "id": layer.name,
        "title": f"{layer.title} {layer.title_en}",
        "description": layer.description,
        "itemType": "feature",
        **({"extent": extent} if extent else {}),
        "crs": list(CRS_URIS.values()),
        "storageCrs": CRS_URIS["CRS84"],
        "links": [
            _link(here, "self", JSON, "this layer"),
            _link(f"{here}/items", "items", GEOJSON, "the features"),
            # GDAL takes the types of fields from here, instead of guessing from one page.
            _link(f"{here}/schema", "describedBy", SCHEMA_JSON, "the schema"),
            _link(f"{base}/tiles/{layer.name}/tilejson.json", "related", JSON, "as vector tiles"),
        ],
    }


def property_schema(item: Property) -> dict[str, Any]:
    """The JSON schema of a property's values."""
    kinds: dict[str, dict[str, Any]] = {
        "datetime": {"type": "string", "format": "date-time"},
        "array": {"type": "array", "items": {"type": "string"}},
    }
    return {**kinds.get(item.type, {"type": item.type}), "title": f"{item.title} {item.title_en}"}


def feature_schema(layer: Layer) -> dict[str, Any]:
    """The JSON schema of a layer's features; types only, as GDAL reads no alternatives."""
    return {
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "integer"},
            "geometry": {"type": "object"},
            "properties": {
                "type": "object",
                "properties": {item.name: property_schema(item) for item in layer.properties},
            },
        },
    }
