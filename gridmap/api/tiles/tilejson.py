"""TileJSON 3.0.0: where the tiles of some layers are, and what is in them at which zoom."""

from __future__ import annotations

import html
import math
from typing import Any
from urllib.parse import quote, urlencode

from gridmap.api.tiles.questions import Combination
from gridmap.model import Layer, Property
from gridmap.store.tiles import Bounds, Chosen, Survey
from gridmap.store.zooms import DRAWN_TO, ZOOMS

_WORLD: Bounds = (-180.0, -85.051129, 180.0, 85.051129)
_COUNT = "数量 (number of what is merged here; absent where nothing is merged)"


def describe(
    base_url: str,
    combination: Combination,
    chosen: Chosen,
    survey: Survey,
) -> dict[str, Any]:
    """Describe the tiles of a combination; an empty one is described with the whole world."""
    names = ",".join(layer.name for layer in combination.layers)
    west, south, east, north = survey.bounds or _WORLD
    described: dict[str, Any] = {
        "tilejson": "3.0.0",
        "name": names,
        "description": "\n".join(
            f"{layer.title} {layer.title_en}: {ZOOMS[layer.name].note}."
            for layer in combination.layers
        ),
        "version": "1.0.0",
        "scheme": "xyz",
        "tiles": [
            f"{base_url}/tiles/{quote(names, safe=',')}/{{z}}/{{x}}/{{y}}.mvt?"
            + urlencode([*chosen, ("v", combination.token)])
        ],
        "minzoom": min(ZOOMS[layer.name].first for layer in combination.layers),
        "maxzoom": DRAWN_TO,
        "bounds": [west, south, east, north],
        "center": [(west + east) / 2, (south + north) / 2, _zoom(west, south, east, north)],
        "vector_layers": [_layer(layer) for layer in combination.layers],
    }
    if survey.credits:
        # Maps show it as HTML.
        described["attribution"] = " | ".join(html.escape(credit) for credit in survey.credits)
    return described


def _layer(layer: Layer) -> dict[str, Any]:
    zooms = ZOOMS[layer.name]
    fields = {item.name: _field(item) for item in layer.properties if item.in_tiles}
    if zooms.merged_below:
        fields["count"] = _COUNT
    return {
        "id": layer.name,
        "description": f"{layer.title} {layer.title_en}: {layer.description}; {zooms.note}.",
        "minzoom": zooms.first,
        "maxzoom": DRAWN_TO,
        "fields": fields,
    }


def _field(item: Property) -> str:
    kind = "integer, seconds since 1970 UTC" if item.type == "datetime" else item.type
    return f"{item.title} {item.title_en} ({kind})"


def _zoom(west: float, south: float, east: float, north: float) -> int:
    """The zoom at which the box fills about a screen of two tiles of 512."""
    spread = max((east - west) / 360, (north - south) / 180, 1e-6)
    return max(0, min(DRAWN_TO, int(math.log2(2 / spread))))
