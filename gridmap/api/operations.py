"""The verbs of the API document: what is answered here and FastAPI does not know the form of."""

from __future__ import annotations

from typing import Any, get_args

from gridmap.api import locate as locate_api
from gridmap.api import search as search_api
from gridmap.api.components import (
    FLAG,
    INTEGER,
    NUMBER,
    TEXT,
    TIME,
    Schema,
    feature_name,
    list_of,
    page_name,
    ref,
)
from gridmap.api.features import SCHEMA_JSON
from gridmap.api.rendering import GEOJSON, JSON
from gridmap.api.selection import CRS_URIS, CURSOR_PATTERN, DEFAULT_LIMIT, MOST
from gridmap.geometry.datum import Datum
from gridmap.model import Layer, Property
from gridmap.services.locate import MOST_POINTS
from gridmap.store.layers import LAYERS

_PROBLEM = "application/problem+json"


def problem_responses(*statuses: int) -> Schema:
    """Responses of some statuses, and of whatever else, as problem documents."""
    says = {
        400: "The query, a header or the body cannot be read.",
        404: "There is no such thing.",
        413: "Too large.",
        415: "A media type that is not taken.",
        422: "The body can be read and not be accepted.",
        503: "The database does not answer, or too much is asked at once; try again.",
    }
    content = {"content": {_PROBLEM: {"schema": ref("Problem")}}}
    return {
        **{str(status): {"description": says[status], **content} for status in statuses},
        "default": {"description": "Another problem.", **content},
    }


def _query(name: str, schema: Schema, description: str, **more: Any) -> Schema:
    return {"name": name, "in": "query", "description": description, "schema": schema, **more}


def _choice(*values: str, default: str | None = None) -> Schema:
    return {**TEXT, "enum": list(values), **({"default": default} if default else {})}


_DATE = r"[1-9]\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?(Z|[+-](0\d|1[0-3]):[0-5]\d)"
_INSTANT = f"{_DATE}T{_CLOCK}"
_CURSOR = {**TEXT, "pattern": CURSOR_PATTERN}
_WORD = {**TEXT, "maxLength": 200, "pattern": r"^[^\x00]*$"}

_FORMAT = _query("f", _choice("json", default="json"), "The format of the answer.")
_CRS = _choice(*CRS_URIS.values(), default=CRS_URIS["CRS84"])
_OUT_CRS = _query("crs", _CRS, "Coordinates of the answer; in EPSG:4326 and 4490 latitude first.")
_DATUM = _query(
    "datum",
    _choice(*get_args(Datum), default="wgs84"),
    "What the coordinates are in; web maps in China have gcj02 or bd09.",
)
_NETWORK = _query(
    "network",
    {**_WORD, "default": "governance"},
    "The network of grid and micro-grid.",
)
_AT = _query(
    "at",
    {**TEXT, "format": "date"},
    "The day whose plans count, such as 2026-10-31; today without it.",
)
_NOT_MODIFIED = {"304": {"description": "What the client has (If-None-Match) is current."}}
_COMMON = [
    _query(
        "limit",
        {**INTEGER, "minimum": 1, "maximum": MOST, "default": DEFAULT_LIMIT},
        "How many features at most; more follow by the link `next`. Above the maximum it is the"
        " maximum.",
    ),
    _query(
        "bbox",
        {
            **list_of(NUMBER),
            "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
        },
        "West, south, east, north (with heights, six numbers). West of 180° and east of −180°: a"
        " window across the antimeridian.",
        style="form",
        explode=False,
    ),
    _query("bbox-crs", _CRS, "Coordinates of `bbox`."),
    _OUT_CRS,
    _query(
        "datetime",
        {**TEXT, "pattern": f"^({_INSTANT}(/({_INSTANT}|\\.\\.)?)?|(\\.\\.)?/{_INSTANT})$"},
        "An instant of RFC 3339, or two with a slash between, of which one may be open: `..`."
        " Grids, micro-grids and territories are those in force then (a day such as 2026-10-31 is"
        " enough); other layers without a time of their own are filtered by their last change.",
    ),
    _query("cursor", _CURSOR, "Where a page begins: only from a link `next`."),
    _query(
        "resultType",
        _choice("results", "hits", default="results"),
        "`hits` gives numberMatched and no features.",
    ),
    _FORMAT,
]


def _get(
    identity: str,
    tag: str,
    summary: str,
    parameters: list[Schema],
    schema: Schema,
    *statuses: int,
    media_type: str = JSON,
    cached: bool = False,
) -> Schema:
    return {
        "get": {
            "operationId": identity,
            "tags": [tag],
            "summary": summary,
            "parameters": parameters,
            "responses": {
                "200": {"description": summary, "content": {media_type: {"schema": schema}}},
                **(_NOT_MODIFIED if cached else {}),
                **problem_responses(*statuses, 503),
            },
        }
    }


def _filter(item: Property) -> Schema:
    kinds: dict[str, Schema] = {
        "integer": {**INTEGER, "format": "int64"},
        "number": NUMBER,
        "boolean": FLAG,
        "datetime": TIME,
    }
    return _query(
        item.name,
        # An array has the value among others.
        kinds.get(item.type, {**TEXT, "pattern": _WORD["pattern"]}),
        f"{item.title} {item.title_en}: only features that have this value.",
    )


def _collection_paths(layer: Layer) -> dict[str, Schema]:
    here = f"/collections/{layer.name}"
    name = feature_name(layer).removesuffix("Feature")
    called = f"{layer.title} {layer.title_en}"
    number = {
        "name": "id",
        "in": "path",
        "required": True,
        "schema": {**INTEGER, "format": "int64"},
        "description": "Id of a feature.",
    }
    return {
        here: _get(f"get{name}", called, called, [_FORMAT], ref("Collection"), 400),
        f"{here}/schema": _get(
            f"get{name}Schema",
            called,
            "JSON schema of the features",
            [_FORMAT],
            {"type": "object"},
            400,
            media_type=SCHEMA_JSON,
        ),
        f"{here}/items": _get(
            f"get{name}Items",
            called,
            layer.description,
            [*_COMMON, *map(_filter, layer.properties)],
            ref(page_name(layer)),
            400,
            media_type=GEOJSON,
            cached=True,
        ),
        f"{here}/items/{{id}}": _get(
            f"get{name}Item",
            called,
            "One feature",
            [number, _OUT_CRS, _FORMAT],
            ref(feature_name(layer)),
            400,
            404,
            media_type=GEOJSON,
            cached=True,
        ),
    }


def _degrees(name: str, most: int) -> Schema:
    limits = {**NUMBER, "minimum": -most, "maximum": most}
    return _query(name, limits, "Degrees.", required=True)


def _responsible_path() -> Schema:
    language = {"type": "string", "enum": ["zh", "en"], "default": "zh"}
    return _get(
        "getResponsible",
        "locate",
        "Which posts answer for a point and where to go, without names; a page for browsers",
        [_degrees("lon", 180), _degrees("lat", 90), _query("lang", language, "Of the page.")],
        ref("PublicAnswer"),
        400,
    )


def _locate_paths() -> Schema:
    near = {"minimum": 0, "maximum": locate_api.MOST_POINTS_NEAR}
    one = _get(
        "locate",
        "locate",
        "All that is known of a point",
        [
            _degrees("lon", 180),
            _degrees("lat", 90),
            _DATUM,
            _NETWORK,
            _AT,
            _query(
                "limit",
                {**INTEGER, **near, "default": locate_api.DEFAULT_POINTS_NEAR},
                "How many of the nearest resource points.",
            ),
            _query(
                "category",
                _WORD,
                "Categories of resource points, with commas between; all without it.",
            ),
            _FORMAT,
        ],
        ref("Located"),
        400,
    )
    sent = {
        "text/csv": {"schema": {**TEXT, "description": "A table whose header names the columns."}},
        GEOJSON: {"schema": ref("Positions")},
        JSON: {"schema": ref("Positions")},
    }
    many = {
        "operationId": "locateMany",
        "tags": ["locate"],
        "summary": f"The codes of up to {MOST_POINTS:,} points, in the form in which they came",
        "description": "Rows and features stay in their order; one that is no point is answered"
        " with the reason in `error`. A CSV that is no UTF-8 is read as GB 18030, or as its"
        " Content-Type says, and answered in the same encoding.",
        "parameters": [
            _DATUM,
            _NETWORK,
            _AT,
            _query("lon_column", _WORD, "CSV: the column of the longitude."),
            _query("lat_column", _WORD, "CSV: the column of the latitude."),
        ],
        "requestBody": {"required": True, "content": sent},
        "responses": {
            "200": {
                "description": "The same points with the columns or properties of LocatedCodes.",
                "content": {
                    "text/csv": {"schema": TEXT},
                    GEOJSON: {"schema": ref("LocatedFeatures")},
                },
            },
            **problem_responses(400, 413, 415, 422, 503),
        },
    }
    return {**one, "post": many}


def paths() -> dict[str, Schema]:
    """All paths that are described by hand."""
    made = {
        "/": _get(
            "getLandingPage",
            "service",
            "The landing page (in a browser, the map)",
            [_query("f", _choice("json", "html", default="json"), "The format of the answer.")],
            ref("LandingPage"),
            400,
        ),
        "/conformance": _get(
            "getConformance", "service", "Conformance classes", [_FORMAT], ref("Conformance"), 400
        ),
        "/collections": _get(
            "getCollections", "service", "All layers", [_FORMAT], ref("Collections"), 400
        ),
        "/places": _get(
            "getPlaces", "places", "Every place and what it has", [_FORMAT], ref("Places"), 400
        ),
        "/search": _get(
            "search",
            "search",
            "Find by name or by the beginning of a code",
            [
                _query(
                    "q",
                    {
                        **TEXT,
                        "minLength": 1,
                        "maxLength": search_api.LONGEST,
                        "pattern": r"^[^\x00]*[^\s\x00][^\x00]*$",
                    },
                    "A name or code, or words of a name; traditional and simplified characters"
                    " find each other.",
                    required=True,
                ),
                _query("place", _WORD, "Key of a place to search in."),
                _query(
                    "limit",
                    {
                        **INTEGER,
                        "minimum": 1,
                        "maximum": search_api.MOST,
                        "default": search_api.DEFAULT,
                    },
                    "How many at most.",
                ),
                _FORMAT,
            ],
            ref("SearchResults"),
            400,
        ),
        "/locate": _locate_paths(),
        "/responsible": _responsible_path(),
    }
    page = {"text/html": {"schema": {**TEXT, "description": "The map, for browsers."}}}
    made["/"]["get"]["responses"]["200"]["content"] |= page
    for layer in LAYERS.values():
        made |= _collection_paths(layer)
    return made
