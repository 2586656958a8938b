"""Resource points and incidents.

A resource point is a disc with one character (服, 警, 医 …; Latin letters in English), so that the
style needs no sprite and every client can draw it. An open incident is filled, one that is done
is a ring.
"""

from __future__ import annotations

from gridmap.api.styles.palette import (
    BOLD,
    HALO,
    INK,
    MUTED,
    REGULAR,
    SEVERITY,
    Expression,
    StyleLayer,
    by_value,
    by_zoom,
    layer,
    name_in,
)

# category → (group, Chinese character, Latin letters)
CATEGORIES = {
    "service-centre": ("service", "服", "C"),
    "station": ("service", "站", "S"),
    "library": ("service", "书", "B"),
    "elderly-care": ("service", "老", "E"),
    "police-post": ("safety", "警", "P"),
    "hydrant": ("safety", "栓", "H"),
    "shelter": ("safety", "避", "R"),
    "legal-aid": ("law", "法", "L"),
    "mediation-room": ("law", "调", "M"),
    "deliberation": ("law", "议", "D"),
    "clinic": ("health", "医", "+"),
    "aed": ("health", "救", "A"),
    "partner": ("organisation", "共", "O"),
    "enterprise": ("organisation", "企", "F"),
    "school": ("organisation", "学", "T"),
    "market": ("organisation", "市", "K"),
}
MANY = ("hydrant", "aed", "enterprise")
GROUPS = {
    "service": "#1f7a63",
    "safety": "#2c5d94",
    "law": "#6f5196",
    "health": "#b23a48",
    "organisation": "#6b655c",
}
OTHER = GROUPS["organisation"]
# The states of an incident that ask nothing of anybody any more.
DONE = ("resolved", "verified", "closed", "rejected")


def _radius(share: float) -> Expression:
    stops = ((1, 8), (4, 11), (12, 17), (40, 26))
    pairs = (part for count, pixels in stops for part in (count, pixels * share))
    return ["interpolate", ["linear"], ["sqrt", ["get", "count"]], *pairs]


def _clusters(theme: str, source: str, colour: str) -> list[StyleLayer]:
    """What tiles carry at low zooms: one point for many, with their `count`."""
    return [
        layer(
            f"{theme}-cluster", "circle", source, theme, theme=theme, filter=["has", "count"],
            paint={
                "circle-color": colour,
                "circle-opacity": 0.78,
                "circle-stroke-color": "#ffffff",
                "circle-stroke-width": 1.5,
                # Where streets can be told apart a number would only hide the names of grids.
                "circle-radius": by_zoom((12, _radius(1)), (13, _radius(0.55))),
            },
        ),
        layer(
            f"{theme}-cluster-count", "symbol", source, theme, theme=theme,
            maxzoom=12.5, filter=["has", "count"],
            layout={
                "text-field": ["number-format", ["get", "count"], {"locale": "en"}],
                "text-font": BOLD,
                "text-size": 11,
                "text-allow-overlap": True,
            },
            paint={"text-color": "#ffffff"},
        ),
    ]  # fmt: skip


def resource_points(language: str) -> list[StyleLayer]:
    """Dots from afar, discs with a character near by, names at the closest zooms."""
    group = by_value("category", {key: GROUPS[of] for key, (of, _, _) in CATEGORIES.items()}, OTHER)
    written = 1 if language == "zh" else 2
    sign = by_value("category", {key: of[written] for key, of in CATEGORIES.items()}, "·")
    one: Expression = ["!", ["has", "count"]]
    # Hydrants stand at every corner: from afar they would hide the places that people go to.
    many: Expression = ["match", ["get", "category"], [*MANY], True, False]
    near_enough: Expression = ["all", one, ["any", ["!", many], [">=", ["zoom"], 16]]]
    # Their names say no more than their sign, and there are more of them than of all others.
    worth_a_name: Expression = ["all", one, ["any", ["!", many], [">=", ["zoom"], 18]]]
    hovered: Expression = ["boolean", ["feature-state", "hover"], False]
    return [
        *_clusters("resource-points", "resource-points", MUTED),
        layer(
            "resource-points", "circle", "resource-points", "resource-points",
            theme="resource-points", minzoom=12, filter=near_enough,
            paint={
                "circle-color": group,
                "circle-radius": by_zoom((12, 2), (14, 3), (15.2, 5), (16, 8.5), (18, 11)),
                "circle-stroke-color": "#ffffff",
                "circle-stroke-width": ["case", hovered, 3, 1.4],
            },
        ),
        layer(
            "resource-points-sign", "symbol", "resource-points", "resource-points",
            theme="resource-points", minzoom=15.7, filter=near_enough,
            layout={
                "text-field": sign,
                "text-font": BOLD,
                "text-size": by_zoom((15.7, 9), (18, 12.5)),
                "text-allow-overlap": True,
                "text-padding": 5,
            },
            paint={"text-color": "#ffffff"},
        ),
        layer(
            "resource-points-name", "symbol", "resource-points", "resource-points",
            theme="resource-points", minzoom=16.5, filter=worth_a_name,
            layout={
                "text-field": name_in(language),
                "text-font": REGULAR,
                "text-size": 11.5,
                "text-variable-anchor": ["top", "bottom", "right", "left"],
                "text-radial-offset": 1.1,
                "text-max-width": 8,
                "text-optional": True,
            },
            paint={"text-color": INK, "text-halo-color": HALO, "text-halo-width": 1.4},
        ),
    ]  # fmt: skip


def incidents() -> list[StyleLayer]:
    """Discs by severity; a ring where nothing is left to do."""
    colour: Expression = ["match", ["get", "severity"]]
    for severity, shade in SEVERITY.items():
        colour += [severity, shade]
    colour.append(SEVERITY[2])
    done: Expression = ["match", ["get", "state"], [*DONE], True, False]
    hovered: Expression = ["boolean", ["feature-state", "hover"], False]
    return [
        *_clusters("incidents", "incidents", SEVERITY[3]),
        layer(
            "incidents", "circle", "incidents", "incidents", theme="incidents", minzoom=11,
            filter=["!", ["has", "count"]],
            layout={"circle-sort-key": ["case", done, 0, 1]},
            paint={
                "circle-color": ["case", done, "#ffffff", colour],
                "circle-opacity": ["case", done, 0.35, 0.95],
                "circle-stroke-color": ["case", done, colour, "#ffffff"],
                "circle-stroke-opacity": ["case", done, 0.75, 1],
                "circle-stroke-width": ["case", hovered, 3, done, 1.2, 1.6],
                "circle-radius": by_zoom(
                    (11, ["case", done, 1.2, 2.4]),
                    (14, ["case", done, 2, 4.4]),
                    (16, ["case", done, 3.4, 6.5]),
                    (18, ["case", done, 5.5, 8.5]),
                ),
            },
        ),
    ]  # fmt: skip
