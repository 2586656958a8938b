"""Points as JSON: features come back with their codes among the properties."""

from __future__ import annotations

from datetime import date
from typing import Any

from gridmap.errors import InvalidInput, TooLarge
from gridmap.geometry.datum import Datum
from gridmap.services.locate.batch import MOST_POINTS
from gridmap.services.locate.points import free_names, locate_good, why_not_a_point
from gridmap.store.database import Engine

_HINT = "Send a GeoJSON FeatureCollection of points, or an array of [longitude, latitude]."


def locate_document(
    engine: Engine,
    document: Any,
    *,
    datum: Datum = "wgs84",
    network: str = "governance",
    day: date | None = None,
) -> dict[str, Any]:
    """Add the codes to the points of a parsed JSON document.

    Parameters
    ----------
    document
        A GeoJSON FeatureCollection whose features are points, or an array of positions.

    Returns
    -------
    collection
        A FeatureCollection in the order of what came; members and properties of features stay.
        What is no point has the reason in the property `error`.

    Raises
    ------
    InvalidInput
        Neither of the two forms.
    TooLarge
        More than 100,000 points.
    """
    features = _features(document)
    if len(features) > MOST_POINTS:
        raise TooLarge(f"More than {MOST_POINTS:,} points", hint="Send them in parts.")
    points = [_point(feature) for feature in features]
    if isinstance(document, list):
        for feature, point in zip(features, points, strict=True):
            if isinstance(point, str):
                feature["geometry"] = None
    located = locate_good(engine, points, datum=datum, network=network, day=day)
    return {
        "type": "FeatureCollection",
        "features": [
            _with_codes(feature, row) for feature, row in zip(features, located, strict=True)
        ],
    }


def _features(document: Any) -> list[Any]:
    if isinstance(document, list):
        return [
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": item}}
            for item in document
        ]
    if isinstance(document, dict) and document.get("type") == "FeatureCollection":
        features = document.get("features")
        if isinstance(features, list):
            return features
        raise InvalidInput("The FeatureCollection has no array of features", hint=_HINT)
    raise InvalidInput("The JSON is neither a FeatureCollection nor an array", hint=_HINT)


def _point(feature: Any) -> tuple[float, float] | str:
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    if not isinstance(geometry, dict):
        return "not a feature with a geometry"
    if geometry.get("type") != "Point":
        kind = geometry.get("type")
        return f"a {kind[:40]}, not a Point" if isinstance(kind, str) else "not a Point"
    position = geometry.get("coordinates")
    if not isinstance(position, list) or len(position) < 2:
        return "no position of longitude and latitude"
    lon, lat = position[:2]
    if not (_is_number(lon) and _is_number(lat)):
        return "a coordinate is not a number"
    try:
        lon, lat = float(lon), float(lat)
    except OverflowError:
        return "a coordinate is not finite"
    return why_not_a_point(lon, lat) or (lon, lat)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _with_codes(feature: Any, row: tuple[Any, ...]) -> dict[str, Any]:
    whole = feature if isinstance(feature, dict) else {}
    given = whole.get("properties")
    properties = given if isinstance(given, dict) else {}
    added = dict(zip(free_names(set(properties)), row, strict=True))
    if row[-1] is None:
        added.popitem()  # no error
    return {
        "type": "Feature",
        **{key: whole[key] for key in whole if key not in {"type", "geometry", "properties"}},
        "geometry": whole.get("geometry"),
        "properties": {**properties, **added},
    }
