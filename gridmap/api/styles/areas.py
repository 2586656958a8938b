"""Territories and grids: households as colour, boundaries by level, names inside."""

from __future__ import annotations

from gridmap.api.styles.palette import (
    ACCENT,
    BOLD,
    HALO,
    HOUSEHOLD_BREAKS,
    HOUSEHOLDS,
    INK,
    Expression,
    StyleLayer,
    by_zoom,
    layer,
    name_in,
)

NETWORK = "governance"
LEVEL = 2
BOUNDARY = "#4a4038"


def _households(level: int) -> Expression:
    breaks = HOUSEHOLD_BREAKS[level]
    steps = (part for pair in zip(breaks, HOUSEHOLDS[1:], strict=True) for part in pair)
    return ["step", ["coalesce", ["get", "households"], 0], HOUSEHOLDS[0], *steps]


def _of(relation: str, level: int) -> Expression:
    return [
        "all",
        ["==", ["get", "network"], NETWORK],
        [relation, ["get", "level"], level],
    ]


def grid_layer(name: str, kind: str, shows: str, theme: str, **members: object) -> StyleLayer:
    """A layer of grids; `shows` is `level` for the chosen one and `above` for those around it.

    A client that offers a choice of network and level replaces the two numbers in the filter.
    """
    condition = _of("==" if shows == "level" else "<", LEVEL)
    made = layer(name, kind, "areas", "grids", theme=theme, filter=condition, **members)  # type: ignore[arg-type]
    made["metadata"]["gridmap:shows"] = shows
    return made


def fills() -> list[StyleLayer]:
    """What lies under streets and buildings: the wash of the territory, and the households."""
    return [
        grid_layer(
            "grids-households", "fill", "level", "households",
            paint={
                "fill-color": _households(LEVEL),
                "fill-opacity": by_zoom((11, 0.7), (15, 0.5), (18, 0.38)),
                "fill-antialias": False,
            },
        ),
        layer(
            "territories-fill", "fill", "areas", "territories", theme="territories",
            paint={"fill-color": ACCENT, "fill-opacity": 0},
        ),
        grid_layer(
            "grids-hover", "fill", "level", "grids",
            paint={
                "fill-color": ACCENT,
                "fill-opacity": ["case", ["boolean", ["feature-state", "hover"], False], 0.14, 0],
            },
        ),
    ]  # fmt: skip


def boundaries() -> list[StyleLayer]:
    """Lines over everything else, each on a light casing; the higher the level, the wider."""
    return [
        layer(
            "territories-band", "line", "areas", "territories", theme="territories",
            layout={"line-join": "round"},
            paint={
                "line-color": "#7d6b8f",
                "line-opacity": 0.16,
                "line-width": by_zoom((8, 3), (13, 9), (18, 18)),
            },
        ),
        grid_layer(
            "grids-casing", "line", "level", "grids", minzoom=11,
            layout={"line-join": "round"},
            paint={
                "line-color": "#ffffff",
                "line-opacity": 0.75,
                "line-width": by_zoom((11, 1.2), (15, 3), (18, 5)),
            },
        ),
        grid_layer(
            "grids-line", "line", "level", "grids", minzoom=10,
            layout={"line-join": "round"},
            paint={
                "line-color": BOUNDARY,
                "line-opacity": 0.85,
                "line-width": by_zoom((10, 0.4), (13, 0.8), (15, 1.4), (18, 2.4)),
            },
        ),
        grid_layer(
            "grids-above-casing", "line", "above", "grids", minzoom=11,
            layout={"line-join": "round"},
            paint={
                "line-color": "#ffffff",
                "line-opacity": 0.8,
                "line-width": by_zoom((11, 2.4), (15, 5.2), (18, 8)),
            },
        ),
        grid_layer(
            "grids-above", "line", "above", "grids", minzoom=10,
            layout={"line-join": "round"},
            paint={
                "line-color": BOUNDARY,
                "line-width": by_zoom((10, 0.8), (13, 1.8), (15, 2.8), (18, 4.4)),
            },
        ),
        layer(
            "territories-line", "line", "areas", "territories", theme="territories",
            layout={"line-join": "round"},
            paint={
                "line-color": "#5d4b70",
                "line-width": by_zoom((8, 0.8), (13, 1.4), (18, 2.4)),
                "line-dasharray": [5, 2, 1, 2],
            },
        ),
    ]  # fmt: skip


def _in_lines(text: Expression) -> Expression:
    """Break a name such as 第3网格（荷城花园） before its bracket, and nowhere else."""
    bracket: Expression = ["max", ["index-of", "（", text], ["index-of", " (", text]]
    return [
        "case", [">", bracket, 0],
        ["concat", ["slice", text, 0, bracket], "\n", ["slice", text, bracket]],
        text,
    ]  # fmt: skip


def labels(language: str) -> list[StyleLayer]:
    """Names of grids with their households, and of territories."""
    text = name_in(language)
    lines = _in_lines(text)
    unit = " 户" if language == "zh" else " households"
    households: Expression = [
        "concat", ["number-format", ["get", "households"], {"locale": "en"}], unit,
    ]  # fmt: skip
    return [
        grid_layer(
            "grids-name", "symbol", "level", "grids", minzoom=13,
            layout={
                "text-field": [
                    "step", ["zoom"], lines,
                    15, ["format", lines, {}, "\n", {}, households, {"font-scale": 0.82}],
                ],
                "text-font": BOLD,
                "text-size": by_zoom((13, 11), (16, 13.5), (18, 15)),
                "text-line-height": 1.35,
                "text-max-width": 12,
                "text-padding": 3,
            },
            paint={"text-color": INK, "text-halo-color": HALO, "text-halo-width": 1.6},
        ),
        layer(
            "territories-name", "symbol", "areas", "territories", theme="territories",
            minzoom=9, maxzoom=14.5,
            filter=["match", ["get", "kind"], ["community", "village"], [">=", ["zoom"], 12],
                    ["<", ["zoom"], 13]],
            layout={
                "text-field": text,
                "text-font": BOLD,
                "text-size": by_zoom((9, 12), (14, 16)),
                "text-letter-spacing": 0.12 if language == "zh" else 0.02,
                "text-max-width": 10,
            },
            paint={"text-color": "#4d3c60", "text-halo-color": HALO, "text-halo-width": 2},
        ),
    ]  # fmt: skip
