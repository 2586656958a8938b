"""What the OpenAPI document says about tiles, which FastAPI itself never sees."""

from __future__ import annotations

from typing import Any

from gridmap.store.layers import LAYERS
from gridmap.store.zooms import DEEPEST

_PROBLEM = {"application/problem+json": {"schema": {"type": "object"}}}


def _parameter(name: str, where: str, description: str, **schema: Any) -> dict[str, Any]:
    return {
        "name": name,
        "in": where,
        "required": where == "path",
        "description": description,
        "schema": schema,
    }


_LAYERS = {
    "name": "layers",
    "in": "path",
    "required": True,
    "description": "One layer or several with commas between, each once.",
    "style": "simple",
    "explode": False,
    "schema": {
        "type": "array",
        "minItems": 1,
        "uniqueItems": True,
        "items": {"type": "string", "enum": list(LAYERS)},
    },
}
_FILTERS = [
    _parameter("place", "query", "Key of a place; grids and micro-grids only.", type="string"),
    _parameter("network", "query", "Key of a network; grids and micro-grids only.", type="string"),
    _parameter(
        "level",
        "query",
        "Level of the grids; grids and micro-grids only.",
        type="integer",
        minimum=0,
        maximum=99,
    ),
    _parameter(
        "at",
        "query",
        "The day whose plans and territories are drawn, instead of today's.",
        type="string",
        format="date",
    ),
]
_NOT_MODIFIED = {"description": "What the client has (If-None-Match) is current."}
_REFUSALS = {
    "400": {"description": "A filter cannot be used.", "content": _PROBLEM},
    "404": {"description": "There is no such layer, zoom or tile.", "content": _PROBLEM},
    "503": {
        "description": "The database does not answer; try again after Retry-After seconds.",
        "content": _PROBLEM,
    },
}

PATHS: dict[str, Any] = {
    "/tiles/{layers}/{z}/{x}/{y}.mvt": {
        "get": {
            "operationId": "getTile",
            "tags": ["tiles"],
            "summary": "A vector tile",
            "description": "Layers are thinned out towards low zooms as their TileJSON says. Bytes"
            " are kept for ever under the URL of TileJSON, which names the revision.",
            "parameters": [
                _LAYERS,
                _parameter("z", "path", "Zoom.", type="integer", minimum=0, maximum=DEEPEST),
                _parameter("x", "path", "Column from the west.", type="integer", minimum=0),
                _parameter("y", "path", "Row from the north.", type="integer", minimum=0),
                _parameter("v", "query", "The revision, from TileJSON.", type="string"),
                *_FILTERS,
            ],
            "responses": {
                "200": {
                    "description": "Mapbox Vector Tile 2.1; features have the ids of their rows.",
                    "content": {
                        "application/vnd.mapbox-vector-tile": {
                            "schema": {"type": "string", "format": "binary"}
                        }
                    },
                },
                "204": {"description": "Nothing is there."},
                "304": _NOT_MODIFIED,
                **_REFUSALS,
            },
        }
    },
    "/tiles/{layers}/tilejson.json": {
        "get": {
            "operationId": "getTileJson",
            "tags": ["tiles"],
            "summary": "TileJSON 3.0.0 of some layers",
            "description": "Where the tiles are, with the revision in their URL, and what is drawn"
            " at which zoom. `attribution` is there when an imported source wants to be named.",
            "parameters": [_LAYERS, *_FILTERS],
            "responses": {
                "200": {
                    "description": "TileJSON.",
                    "content": {"application/json": {"schema": {"type": "object"}}},
                },
                "304": _NOT_MODIFIED,
                **_REFUSALS,
            },
        }
    },
}
