"""The ground of the map: land use, water, streets and buildings, quiet enough to carry data."""

from __future__ import annotations

from gridmap.api.styles.palette import (
    HALO,
    MUTED,
    REGULAR,
    Expression,
    StyleLayer,
    by_value,
    by_zoom,
    layer,
    name_in,
)

LAND = {
    "residential": "#efece4",
    "commercial": "#f1e9e2",
    "industrial": "#e9e7e4",
    "park": "#d9e6cb",
    "square": "#ece8dc",
    "farmland": "#edf0dc",
    "orchard": "#e2ebd0",
    "forest": "#d0dfc2",
    "school": "#f2edd6",
    "hospital": "#f4e6e3",
    "government": "#ebe8ee",
    "village": "#efeae0",
}
WATER = "#bfd8e6"
WATER_TEXT = "#3d6f8e"

# Width in pixels at zooms 12, 15 and 18; the casing is what stands out on both sides of the fill.
STREETS = {
    "motorway": (2.6, 7.0, 34.0),
    "arterial": (2.0, 6.0, 30.0),
    "street": (0.9, 3.4, 19.0),
    "lane": (0.3, 1.5, 9.5),
}
ORDER = {"lane": 1, "street": 2, "arterial": 3, "motorway": 4}

BUILDINGS = {
    "residential": "#ddd5c8",
    "village-house": "#ddd3c3",
    "commercial": "#e3c9b8",
    "office": "#cfccd8",
    "public": "#c6d5cf",
    "school": "#e2d8a6",
    "hospital": "#e6c3c1",
    "industrial": "#ccc9c2",
}
BUILDING_EDGE = "#b3a897"


def _street_width(extra: float) -> Expression:
    def at(zoom: int) -> Expression:
        return by_value(
            "kind", {kind: width[zoom] + extra for kind, width in STREETS.items()}, extra
        )

    return by_zoom((12, at(0)), (15, at(1)), (18, at(2)), base=1.4)


def land() -> list[StyleLayer]:
    """What the ground is used for; households are coloured over it, water and streets are not."""
    return [
        layer(
            "land-use", "fill", "base", "land-use", theme="land-use",
            paint={"fill-color": by_value("kind", LAND, "#eeece6"), "fill-antialias": False},
        ),
    ]  # fmt: skip


def water() -> list[StyleLayer]:
    """Lakes and broad rivers as areas, brooks as lines."""
    areas: Expression = ["match", ["geometry-type"], ["Polygon", "MultiPolygon"], True, False]
    lines: Expression = ["match", ["geometry-type"], ["LineString", "MultiLineString"], True, False]
    return [
        layer(
            "water", "fill", "base", "water", theme="water", filter=areas,
            paint={"fill-color": WATER},
        ),
        layer(
            "water-line", "line", "base", "water", theme="water", filter=lines,
            layout={"line-cap": "round", "line-join": "round"},
            paint={
                "line-color": WATER,
                "line-width": by_zoom(
                    (10, by_value("kind", {"river": 1.4}, 0.6)),
                    (15, by_value("kind", {"river": 7}, 3)),
                    (18, by_value("kind", {"river": 36}, 12)),
                    base=1.5,
                ),
            },
        ),
    ]  # fmt: skip


def streets() -> list[StyleLayer]:
    """Paths, casings, fills and railways; wide streets lie over narrow ones."""
    roads: Expression = ["match", ["get", "kind"], [*STREETS], True, False]
    order = by_value("kind", ORDER, 0)
    return [
        layer(
            "streets-path", "line", "base", "streets", theme="streets", minzoom=14,
            filter=["==", ["get", "kind"], "path"],
            layout={"line-cap": "butt", "line-join": "round"},
            paint={
                "line-color": "#c9bfae",
                "line-width": by_zoom((14, 0.6), (18, 2.4)),
                "line-dasharray": [3, 1.6],
            },
        ),
        layer(
            "streets-casing", "line", "base", "streets", theme="streets", minzoom=12, filter=roads,
            layout={"line-cap": "round", "line-join": "round", "line-sort-key": order},
            paint={"line-color": "#d5d0c4", "line-width": _street_width(1.4)},
        ),
        layer(
            "streets", "line", "base", "streets", theme="streets", filter=roads,
            layout={"line-cap": "round", "line-join": "round", "line-sort-key": order},
            paint={
                "line-color": by_value(
                    "kind", {"motorway": "#fbe3b0", "arterial": "#fdf3d8"}, "#ffffff"
                ),
                "line-width": _street_width(0),
            },
        ),
        layer(
            "railway", "line", "base", "streets", theme="streets", minzoom=11,
            filter=["==", ["get", "kind"], "railway"],
            paint={"line-color": "#a7a29a", "line-width": by_zoom((11, 0.8), (18, 4))},
        ),
        layer(
            "railway-ties", "line", "base", "streets", theme="streets", minzoom=13,
            filter=["==", ["get", "kind"], "railway"],
            paint={
                "line-color": "#ffffff",
                "line-width": by_zoom((13, 0.6), (18, 2.4)),
                "line-dasharray": [4, 4],
            },
        ),
    ]  # fmt: skip


def buildings() -> list[StyleLayer]:
    """Footprints by use, and the same raised (off until somebody asks)."""
    colour = by_value("usage", BUILDINGS, BUILDINGS["residential"])
    footprints: Expression = ["!", ["has", "count"]]
    height: Expression = ["*", 3, ["max", 1, ["coalesce", ["get", "floors"], 1]]]
    return [
        layer(
            "buildings", "fill", "buildings", "buildings", theme="buildings", minzoom=13,
            filter=footprints,
            paint={
                "fill-color": colour,
                "fill-outline-color": BUILDING_EDGE,
                "fill-opacity": by_zoom((13, 0.55), (15, 0.9)),
            },
        ),
        layer(
            "buildings-hover", "fill", "buildings", "buildings", theme="buildings", minzoom=15,
            filter=footprints,
            paint={
                "fill-color": "#6b6152",
                "fill-opacity": ["case", ["boolean", ["feature-state", "hover"], False], 0.28, 0],
            },
        ),
        layer(
            "buildings-raised", "fill-extrusion", "buildings", "buildings", theme="raised",
            minzoom=14, filter=footprints, layout={"visibility": "none"},
            paint={
                "fill-extrusion-color": colour,
                "fill-extrusion-height": height,
                "fill-extrusion-opacity": 0.86,
                "fill-extrusion-vertical-gradient": True,
            },
        ),
    ]  # fmt: skip


def labels(language: str) -> list[StyleLayer]:
    """Names of water, streets, parks and buildings; houses, which have numbers, at the closest."""
    homes: Expression = ["match", ["get", "usage"], ["residential", "village-house"], True, False]
    return [
        layer(
            "water-name", "symbol", "base", "water", theme="water", minzoom=12,
            layout={
                "text-field": name_in(language),
                "text-font": REGULAR,
                "text-size": by_zoom((12, 11), (17, 15)),
                "text-letter-spacing": 0.18,
                "text-max-width": 6,
                "symbol-placement": "point",
            },
            paint={"text-color": WATER_TEXT, "text-halo-color": "#d9e9f1", "text-halo-width": 1},
        ),
        layer(
            "land-use-name", "symbol", "base", "land-use", theme="land-use", minzoom=15,
            filter=["match", ["get", "kind"], ["park", "square", "school", "hospital",
                                               "forest", "government"], True, False],
            layout={
                "text-field": name_in(language),
                "text-font": REGULAR,
                "text-size": by_zoom((15, 10.5), (18, 12.5)),
                "text-max-width": 7,
                "text-padding": 12,
            },
            paint={"text-color": "#62705a", "text-halo-color": HALO, "text-halo-width": 1.2},
        ),
        layer(
            "streets-name", "symbol", "base", "streets", theme="streets", minzoom=14,
            filter=["all", ["has", "name"], ["match", ["get", "kind"], "lane",
                    [">=", ["zoom"], 16.5], "path", False, True]],
            layout={
                "text-field": name_in(language),
                "text-font": REGULAR,
                "text-size": by_zoom((14, 10), (18, 13)),
                "text-letter-spacing": 0.08,
                "symbol-placement": "line",
                "symbol-spacing": 420,
                "text-max-angle": 35,
                "text-padding": 6,
            },
            paint={"text-color": MUTED, "text-halo-color": "#ffffff", "text-halo-width": 1.6},
        ),
        layer(
            "buildings-name", "symbol", "buildings", "buildings", theme="buildings", minzoom=16.5,
            filter=["all", ["!", ["has", "count"]], ["has", "name"],
                    ["any", [">=", ["zoom"], 18], ["!", homes]]],
            layout={
                "text-field": name_in(language),
                "text-font": REGULAR,
                "text-size": by_zoom((17, 10), (19, 12)),
                "text-max-width": 6,
                "text-padding": 4,
            },
            paint={"text-color": "#5b5145", "text-halo-color": HALO, "text-halo-width": 1},
        ),
    ]  # fmt: skip
