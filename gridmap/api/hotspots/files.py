"""An answer as a file: GeoJSON, GeoPackage, one page of PDF, or a folium map."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Annotated, Literal

import folium
import geopandas as gpd
import shapely
from fastapi import APIRouter, Query, Response

from gridmap.api.hotspots.kept import Kept
from gridmap.api.hotspots.routes import AnswerId
from gridmap.api.plans import Database
from gridmap.api.rendering import GEOJSON, dump
from gridmap.errors import TooLarge
from gridmap.maps import OfflineMap, add_legend
from gridmap.services.hotspots import Answer
from gridmap.services.hotspots.report import write_pdf

router = APIRouter(tags=["Hotspots"])

_TYPES = {
    "geojson": GEOJSON,
    "gpkg": "application/geopackage+sqlite3",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
}
_MOST_FOLIUM = 50_000  # features: more of them do not open in a browser


@router.get("/hotspots/{number}/file", response_class=Response)
def export(
    number: AnswerId,
    engine: Database,
    kept: Kept,
    f: Annotated[Literal["geojson", "gpkg", "pdf", "html"], Query()] = "geojson",
    lang: Literal["zh", "en"] = "zh",
) -> Response:
    """The answer as a file to keep."""
    found = kept.find(engine, number)

    def write() -> bytes:
        if f == "gpkg":
            return write_geopackage(found)
        if f == "pdf":
            return write_pdf(found, lang)
        return write_html(found, lang) if f == "html" else dump(found.document)

    body = kept.made((number, "file", f, lang), write)
    name = f"hotspots-{found.question.method}.{f}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if f == "html":
        # It is opened from a disk, never in the name of this service.
        headers["Content-Security-Policy"] = "sandbox allow-scripts"
    return Response(body, media_type=_TYPES[f], headers=headers)


def write_geopackage(found: Answer) -> bytes:
    """Two layers: `classes` (what the map shows), and `hotspots` (the places by rank)."""
    classes = gpd.GeoDataFrame.from_features(found.document["features"], crs="EPSG:4326")
    spots = [
        {
            "type": "Feature",
            "geometry": spot["geometry"],
            "properties": {
                "rank": rank,
                "incidents": spot["incidents"],
                "expected": spot["expected"],
                "class": spot["class"],
                "words_zh": spot["words"]["zh"],
                "words_en": spot["words"]["en"],
                "from": spot["from"],
                "to": spot["to"],
            },
        }
        for rank, spot in enumerate(found.document["hotspots"], 1)
    ]
    with tempfile.TemporaryDirectory(prefix="gridmap-") as folder:
        path = Path(folder) / "hotspots.gpkg"
        if len(classes):
            classes.to_file(path, layer="classes", driver="GPKG", engine="pyogrio")
        if spots or not len(classes):
            places = gpd.GeoDataFrame.from_features(
                spots, columns=None if spots else ["rank", "geometry"], crs="EPSG:4326"
            )
            places.to_file(path, layer="hotspots", driver="GPKG", engine="pyogrio")
        return path.read_bytes()


def write_html(found: Answer, language: str) -> bytes:
    """One folium page that opens without a network."""
    document = found.document
    if len(document["features"]) > _MOST_FOLIUM:
        raise TooLarge(
            f"{len(document['features']):,} features do not open in one page",
            hint="Take larger cells, or the vector tiles.",
        )
    west, south, east, north = found.case.crs.publish(found.case.area, decimals=6).bounds
    drawn = OfflineMap(location=[(south + north) / 2, (west + east) / 2], zoom_start=14)
    drawn.fit_bounds([[south, west], [north, east]])
    colours = {entry["class"]: entry["colour"] for entry in document["legend"]}

    def style(feature: dict[str, dict[str, int]]) -> dict[str, object]:
        colour = colours.get(feature["properties"]["class"], "#eeeeee")
        return {"color": "#666", "weight": 0.5, "fillColor": colour, "fillOpacity": 0.7}

    folium.GeoJson(
        json.loads(shapely.to_geojson(found.case.crs.publish(found.case.area, decimals=6))),
        name="territory",
        control=False,
        style_function=lambda _: {"color": "#555", "weight": 2, "fillColor": "#fff"},
    ).add_to(drawn)
    if document["features"]:
        classes = {"type": "FeatureCollection", "features": document["features"]}
        # Clusters are points: circles of their colour, not pins.
        pin = folium.CircleMarker(radius=4)
        folium.GeoJson(
            classes, name="classes", style_function=style, marker=pin, smooth_factor=0
        ).add_to(drawn)
    for rank, spot in enumerate(document["hotspots"][:20], 1):
        words = f"{rank}. {spot['incidents']}: {spot['words'][language]}"
        folium.GeoJson(
            spot["geometry"],
            name=f"{rank}",
            control=False,
            tooltip=words,
            style_function=lambda _: {"color": "#1f262b", "weight": 2, "fillOpacity": 0},
        ).add_to(drawn)
    legend = [(entry["colour"], entry[language]) for entry in document["legend"]]
    add_legend(drawn, document["summary"][language], legend)
    return drawn.to_html().encode()
