"""Colours, fonts and the shorthand of expressions that every part of a style shares.

The ground is calm so that colour can belong to data: households are ColorBrewer's YlOrBr (safe for
colour-blind readers and in print), incidents its RdPu, and neither meets the green of parks, the
blue of water or the teal of what is selected.
"""

from __future__ import annotations

from typing import Any

Expression = list[Any]
StyleLayer = dict[str, Any]

# MapLibre draws all glyphs from fonts of the reader's machine when a style names no `glyphs`;
# it reads the weight from the first name.
REGULAR = ["Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "Noto Sans"]
BOLD = ["Noto Sans CJK SC Bold", *REGULAR]

PAPER = "#f4f3ee"
INK = "#2b3238"
MUTED = "#5c666e"
HALO = "rgba(255, 255, 255, 0.88)"
ACCENT = "#0b6670"

HOUSEHOLDS = ("#fff7d6", "#fee0a0", "#fdbb63", "#ee8a35", "#c25a10")
# Where the classes of households begin, for a level that nobody has measured yet; the page puts
# its own breaks here, from the grids that it shows.
HOUSEHOLD_BREAKS = {1: (500, 1000, 2000, 4000), 2: (100, 150, 200, 300), 3: (10, 20, 40, 80)}

SEVERITY = {1: "#fbb4b9", 2: "#f768a1", 3: "#c51b8a", 4: "#7a0177"}


def by_zoom(*stops: tuple[float, Any], base: float = 1) -> Expression:
    """A value that changes with the zoom: `(zoom, value)` pairs, exponential with `base`."""
    curve: Expression = ["linear"] if base == 1 else ["exponential", base]
    return ["interpolate", curve, ["zoom"], *(part for stop in stops for part in stop)]


def by_value(name: str, values: dict[str, Any], other: Any) -> Expression:
    """A value for each text of a property."""
    pairs = (part for pair in values.items() for part in pair)
    return ["match", ["get", name], *pairs, other]


def name_in(language: str) -> Expression:
    """The name in a language; Chinese where there is no English one."""
    chinese: Expression = ["coalesce", ["get", "name"], ""]
    if language == "zh":
        return chinese
    return ["coalesce", ["get", "name_en"], chinese]


def layer(
    name: str,
    kind: str,
    source: str,
    source_layer: str,
    *,
    theme: str,
    paint: dict[str, Any] | None = None,
    layout: dict[str, Any] | None = None,
    **members: Any,
) -> StyleLayer:
    """One layer; `theme` says which switch of the page it belongs to."""
    made: StyleLayer = {
        "id": name,
        "type": kind,
        "source": source,
        "source-layer": source_layer,
        "metadata": {"gridmap:theme": theme},
    }
    made.update(members)
    if layout:
        made["layout"] = layout
    if paint:
        made["paint"] = paint
    return made
