"""The nouns of the API document: schemas that its operations refer to."""

from __future__ import annotations

from typing import Any

from gridmap.api.features import property_schema
from gridmap.model import Layer
from gridmap.services.locate import COLUMNS
from gridmap.store.layers import LAYERS
from gridmap.store.overview import COUNT_NAMES
from gridmap.store.tables import metadata

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
INTEGER: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
FLAG: Schema = {"type": "boolean"}
TIME: Schema = {"type": "string", "format": "date-time"}
POSITION: Schema = {"type": "array", "minItems": 2, "maxItems": 2, "items": NUMBER}
BBOX: Schema = {"type": "array", "minItems": 4, "maxItems": 4, "items": NUMBER}


def ref(name: str) -> Schema:
    """Refer to a schema by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def list_of(items: Schema) -> Schema:
    """An array."""
    return {"type": "array", "items": items}


def nullable(schema: Schema) -> Schema:
    """The schema, or null, as OpenAPI 3.0 writes it."""
    if "$ref" in schema:
        return {"nullable": True, "allOf": [schema]}
    return {**schema, "nullable": True}


def record(optional: Schema | None = None, **members: Schema) -> Schema:
    """An object whose members are always there, and some that are not."""
    made: Schema = {"type": "object", "properties": {**members, **(optional or {})}}
    return {**made, "required": list(members)} if members else made


def _geometry(kind: str, depth: int) -> Schema:
    coordinates = POSITION
    for _ in range(depth):
        coordinates = list_of(coordinates)
    return record(type={"type": "string", "enum": [kind]}, coordinates=coordinates)


_GEOMETRIES = {
    "Point": _geometry("Point", 0),
    "LineString": _geometry("LineString", 1),
    "Polygon": _geometry("Polygon", 2),
    "MultiLineString": _geometry("MultiLineString", 2),
    "MultiPolygon": _geometry("MultiPolygon", 3),
}
_STORED = {"Point": "Point", "LineString": "MultiLineString", "Polygon": "MultiPolygon"}
_AREA = {"id": INTEGER, "code": TEXT, "name": TEXT, "name_en": nullable(TEXT), "kind": TEXT}
_COUNTED = {"households": INTEGER, "residents": INTEGER, "dossiers": INTEGER}
_NAMED = {"name": TEXT, "name_en": nullable(TEXT)}

_OWN: dict[str, Schema] = {
    "Fault": record(
        {"row": INTEGER, "field": TEXT, "place": POSITION},
        reason=TEXT,
    ),
    "Problem": {
        **record(
            {"hint": TEXT, "faults": list_of(ref("Fault")), "instance": TEXT},
            type=TEXT,
            title=TEXT,
            status=INTEGER,
            detail=TEXT,
        ),
        "description": "What went wrong (RFC 9457): what, where, and what to do.",
    },
    "Link": record(href=TEXT, rel=TEXT, type=TEXT, title=TEXT),
    "LandingPage": record(title=TEXT, description=TEXT, links=list_of(ref("Link"))),
    "Conformance": record(conformsTo=list_of(TEXT)),
    "Collection": record(
        {"extent": {"type": "object"}},
        id={"type": "string", "enum": list(LAYERS)},
        title=TEXT,
        description=TEXT,
        itemType={"type": "string", "enum": ["feature"]},
        crs=list_of(TEXT),
        storageCrs=TEXT,
        links=list_of(ref("Link")),
    ),
    "Collections": record(
        collections=list_of(ref("Collection")), crs=list_of(TEXT), links=list_of(ref("Link"))
    ),
    **_GEOMETRIES,
    "Level": record(level=INTEGER, count=INTEGER, name=nullable(TEXT), name_en=nullable(TEXT)),
    "Network": record(
        key=TEXT,
        **_NAMED,
        authoritative=FLAG,
        territory=TEXT,
        territory_name=TEXT,
        levels=list_of(ref("Level")),
    ),
    "Place": record(
        key=TEXT,
        code=nullable(TEXT),
        **_NAMED,
        time_zone=TEXT,
        demo=FLAG,
        bbox=nullable(BBOX),
        counts=record(**dict.fromkeys(COUNT_NAMES, INTEGER)),
        networks=list_of(ref("Network")),
    ),
    "Places": record(places=list_of(ref("Place"))),
    "SearchResult": record(
        {"kind": TEXT, "network": TEXT, "level": INTEGER, "category": TEXT},
        layer={
            "type": "string",
            "enum": [
                "territories",
                "grids",
                "resource-points",
                "buildings",
                "streets",
                "incidents",
            ],
        },
        id=INTEGER,
        code=nullable(TEXT),
        name=nullable(TEXT),
        name_en=nullable(TEXT),
        place=nullable(TEXT),
        lon=NUMBER,
        lat=NUMBER,
        bbox=BBOX,
    ),
    "SearchResults": record(results=list_of(ref("SearchResult"))),
    "LocatedTerritory": record(**_AREA),
    "LocatedGrid": record(**_AREA, level=INTEGER, **_COUNTED, buildings=INTEGER, area_m2=NUMBER),
    "LocatedBuilding": record(
        id=INTEGER,
        code=nullable(TEXT),
        name=nullable(TEXT),
        name_en=nullable(TEXT),
        address=nullable(TEXT),
        usage=TEXT,
        floors=nullable(INTEGER),
        units=INTEGER,
        **_COUNTED,
        distance_m={**NUMBER, "description": "0 inside, at most 30"},
    ),
    "Responsible": record(
        role=TEXT,
        role_name=TEXT,
        role_name_en=TEXT,
        name=nullable(TEXT),  # none without the token, where one is set
        target=record(
            {"network": TEXT, "level": INTEGER, "unit": INTEGER},
            kind={"type": "string", "enum": ["grid", "building", "unit", "street"]},
            code=nullable(TEXT),
            name=nullable(TEXT),
            name_en=nullable(TEXT),
        ),
    ),
    "NearPoint": record(
        id=INTEGER,
        code=nullable(TEXT),
        **_NAMED,
        category=TEXT,
        opening_hours=nullable(TEXT),
        organisation=nullable(TEXT),
        place=nullable(TEXT),
        lon=NUMBER,
        lat=NUMBER,
        distance_m=NUMBER,
    ),
    "Located": record(
        {
            "note": TEXT,
            "nearest_territory": nullable(
                record(code=TEXT, **_NAMED, distance_m=NUMBER),
            ),
        },
        lon=NUMBER,
        lat=NUMBER,
        territory=nullable(ref("LocatedTerritory")),
        territories={**list_of(ref("LocatedTerritory")), "description": "The largest first."},
        grids={
            "type": "object",
            "description": "Network → level → area.",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": ref("LocatedGrid"),
            },
        },
        grid=nullable(ref("LocatedGrid")),
        micro_grid=nullable(ref("LocatedGrid")),
        building=nullable(ref("LocatedBuilding")),
        responsible=list_of(ref("Responsible")),
        resource_points=list_of(ref("NearPoint")),
    ),
    "PublicAnswer": record(
        {"note": TEXT},
        lon=NUMBER,
        lat=NUMBER,
        **{
            area: nullable(record(code=TEXT, **_NAMED))
            for area in ("territory", "grid", "micro_grid")
        },
        posts=list_of(
            record(
                role=TEXT,
                role_name=TEXT,
                role_name_en=TEXT,
                target=record(
                    {"network": TEXT, "level": INTEGER, "unit": INTEGER},
                    kind={"type": "string", "enum": ["grid", "building", "unit", "street"]},
                    name=nullable(TEXT),
                    name_en=nullable(TEXT),
                ),
                people=INTEGER,
            )
        ),
        service_points=list_of(
            record(
                **_NAMED,
                category=TEXT,
                opening_hours=nullable(TEXT),
                lon=NUMBER,
                lat=NUMBER,
                distance_m=NUMBER,
            )
        ),
    ),
    "LocatedCodes": {
        "type": "object",
        "description": "Added to the properties of each feature, or to the columns of each row.",
        "properties": {
            **{name: nullable(TEXT) for name in COLUMNS},
            "building_id": nullable(INTEGER),
            "building_distance_m": nullable(NUMBER),
            "error": {**TEXT, "description": "Why it is no point; not there when it is one."},
        },
    },
    "LocatedFeatures": record(
        type={"type": "string", "enum": ["FeatureCollection"]},
        features=list_of(
            record(
                type={"type": "string", "enum": ["Feature"]},
                geometry={"type": "object", "nullable": True},
                properties=ref("LocatedCodes"),
            )
        ),
    ),
    "Positions": {
        "oneOf": [
            list_of({}),
            record(
                type={"type": "string", "enum": ["FeatureCollection"]},
                # Anything: what is no point comes back with the reason.
                features=list_of({}),
            ),
        ]
    },
}


def feature_name(layer: Layer) -> str:
    """Name of the schema of a layer's features."""
    return "".join(part.capitalize() for part in layer.name.split("-")) + "Feature"


def page_name(layer: Layer) -> str:
    """Name of the schema of a page of a layer's features."""
    return feature_name(layer).removesuffix("Feature") + "Page"


def _geometry_of(layer: Layer) -> Schema:
    if layer.geometry in _STORED:
        found = ref(_STORED[layer.geometry])
    else:
        found = {"oneOf": [ref(kind) for kind in _GEOMETRIES]}
    may_miss = metadata.tables[layer.table].c.geom.nullable
    return nullable(found) if may_miss else found


def _feature(layer: Layer) -> Schema:
    columns = metadata.tables[layer.table].c
    properties = {
        item.name: nullable(property_schema(item))
        if columns[item.column].nullable
        else property_schema(item)
        for item in layer.properties
    }
    return record(
        {"links": list_of(ref("Link"))},
        type={"type": "string", "enum": ["Feature"]},
        id=INTEGER,
        geometry=_geometry_of(layer),
        properties=record(**properties),
    )


def _page(layer: Layer) -> Schema:
    return record(
        type={"type": "string", "enum": ["FeatureCollection"]},
        features=list_of(ref(feature_name(layer))),
        numberMatched=INTEGER,
        numberReturned=INTEGER,
        timeStamp=TIME,
        links=list_of(ref("Link")),
    )


def schemas() -> dict[str, Schema]:
    """All schemas by name."""
    made = dict(_OWN)
    for layer in LAYERS.values():
        made[feature_name(layer)] = _feature(layer)
        made[page_name(layer)] = _page(layer)
    return made
