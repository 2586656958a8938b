"""Any result as a folium map: for notebooks and for `gridmap map`.

A map is one HTML file that opens without a network: Leaflet is written into it from the files that
were built with the page, instead of the ten addresses that folium refers to.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import folium
from branca.element import Element, Figure
from folium.plugins import HeatMapWithTime

from gridmap.errors import InvalidInput, NotFound
from gridmap.store import database, frames
from gridmap.store.database import Engine

if TYPE_CHECKING:
    import geopandas as gpd

ASSETS = Path(__file__).parent / "web" / "dist" / "folium"
# ColorBrewer's YlGnBu in five classes: safe for colour-blind readers and in print.
CLASSES = ("#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494")
NO_DATA = "#d9d9d9"
_GROUND = {
    "park": "#dcebd0",
    "forest": "#cfe3c4",
    "farmland": "#f0eed8",
    "orchard": "#e3ecd0",
    "school": "#f3e9d7",
    "industrial": "#e9e6ec",
}
_WIDTHS = {"motorway": 4, "arterial": 3.5, "street": 2, "lane": 1, "path": 0.6, "railway": 1}
# Signs of the player: of its own font, and those that every font has.
_SIGNS = {
    "e071": "00AB", "e072": "25B6", "e073": "2016", "e074": "25A0",
    "e075": "00BB", "e030": "21BB", "e031": "21BB", "e141": "00D7",
}  # fmt: skip
_HEAT = 0.2  # of one point, so that several on one spot are hotter than one
# What a browser fetches by itself; a link that somebody may follow is none of it.
_REMOTE = re.compile(
    r"""\bsrc\s*=\s*["']?(https?:)?//|<link\b[^>]*\bhref\s*=\s*["']?(https?:)?//"""
    r"""|url\(\s*["']?(https?:)?//|@import\s+["'](https?:)?//""",
    re.IGNORECASE,
)


def read_layer(engine: Engine, name: str, **wanted: Any) -> gpd.GeoDataFrame:
    """Read a served layer as a GeoDataFrame, as in `read_layer(engine, "grids", level=2)`.

    See `gridmap.store.frames.read_layer` for the columns and errors.
    """
    with database.translated(), engine.connect() as connection:
        return frames.read_layer(connection, name, **wanted)


def connect(url: str) -> Engine:
    """Make an engine for `read_layer` from a PostgreSQL URL."""
    return database.connect_engine(url)


class OfflineMap(folium.Map):
    """A folium map that asks nobody: Leaflet stands in the file, there is no base map."""

    # What folium would fetch; awesome-markers, jQuery and Bootstrap are not used here.
    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - as folium declares it
    default_css: list[tuple[str, str]] = []  # noqa: RUF012

    def __init__(self, **options: Any) -> None:
        options.setdefault("tiles", None)
        options.setdefault("prefer_canvas", True)
        options.setdefault("control_scale", True)
        super().__init__(**options)

    def render(self, **kwargs: Any) -> str:
        """Write Leaflet into the head before the map's own script."""
        header = _figure(self).header
        header.add_child(Element(f"<script>{_asset('leaflet.js')}</script>"), name="leaflet")
        header.add_child(Element(f"<style>{_asset_style()}</style>"), name="leaflet_css")
        return cast("str", super().render(**kwargs))  # type: ignore[no-untyped-call]

    def to_html(self) -> str:
        """Give the page as text.

        Raises
        ------
        InvalidInput
            Something on the map would be fetched from a network.
        """
        text = _figure(self).render()
        found = _REMOTE.search(text)
        if found:
            around = text[max(found.start() - 40, 0) : found.end() + 60]
            raise InvalidInput(
                f"The map would fetch something from a network: …{around}…",
                hint="Its save() writes the file all the same.",
            )
        return text

    def write(self, path: Path) -> None:
        """Write the page to one file; errors as in `to_html`."""
        path.write_text(self.to_html(), encoding="utf-8")


def _figure(drawn: folium.Map | PlayedHeat) -> Figure:
    return cast("Figure", drawn.get_root())


def _asset(name: str) -> str:
    path = ASSETS / name
    if not path.exists():
        raise NotFound(
            f"{path} is not there: the page was not built",
            hint="Run `make demo` once, or install gridmap from its wheel.",
        )
    return path.read_text(encoding="utf-8")


class PlayedHeat(HeatMapWithTime):
    """folium's heat map that plays, with its scripts written into the file.

    Heat is relative and measured in pixels: it shows where and when to look, and is no density.
    """

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - as folium declares it
    default_css: list[tuple[str, str]] = []  # noqa: RUF012

    def render(self, **kwargs: Any) -> str:
        """Write the scripts into the head, after Leaflet."""
        header = _figure(self).header
        templates = Path(folium.__file__).parent / "templates"
        texts = [
            "window.$ = window.$ || {extend: Object.assign};",  # all that is wanted of jQuery
            *map(_asset, ("iso8601.js", "leaflet.timedimension.min.js")),
            (templates / "pa7_hm.min.js").read_text(encoding="utf-8"),
            (templates / "pa7_leaflet_hm.min.js").read_text(encoding="utf-8"),
        ]
        for number, text in enumerate(texts):
            header.add_child(Element(f"<script>{text}</script>"), name=f"played_heat_{number}")
        header.add_child(Element(f"<style>{_clock_style()}</style>"), name="played_heat_style")
        return cast("str", super().render(**kwargs))  # type: ignore[no-untyped-call]


def _clock_style() -> str:
    """The slider's style with signs of every font, instead of a font that would be fetched."""
    style = re.sub(r"@font-face\s*\{[^}]*\}", "", _asset("leaflet.timedimension.control.css"))
    for glyph, sign in _SIGNS.items():
        style = style.replace(f"\\{glyph}", f"\\{sign}\\FE0E")
    return style


def add_played_heat(
    drawn: OfflineMap,
    frames: Sequence[Sequence[tuple[float, float]]],
    labels: Sequence[str],
    *,
    radius_px: int = 18,
) -> None:
    """Add points that are played frame by frame, as a heat map.

    Parameters
    ----------
    drawn
        The map.
    frames, labels
        Points of each frame, (latitude, longitude) in degrees; what stands beside the slider.
    radius_px
        Radius of a point in pixels.

    Raises
    ------
    InvalidInput
        Not as many labels as frames, or no point at all.
    """
    if len(frames) != len(labels) or not any(len(frame) for frame in frames):
        raise InvalidInput(
            "A heat map that plays has points, and a label for each frame",
            hint="Count the frames and the labels.",
        )
    data = [[[latitude, longitude, _HEAT] for latitude, longitude in frame] for frame in frames]
    heat = PlayedHeat(  # type: ignore[no-untyped-call]
        data, index=list(labels), radius=radius_px, max_opacity=0.8
    )
    heat.add_to(drawn)


def _asset_style() -> str:
    def inlined(found: re.Match[str]) -> str:
        picture = base64.b64encode((ASSETS / found[1]).read_bytes()).decode()
        return f"url(data:image/png;base64,{picture})"

    return re.sub(r"url\((images/[\w.-]+)\)", inlined, _asset("leaflet.css"))


@dataclass(frozen=True)
class Classes:
    """Class limits of a number and the colour of each class, for a legend in words."""

    limits: tuple[float, ...]
    colours: tuple[str, ...]

    def colour(self, value: float | None) -> str:
        """The colour of a value; grey where there is none."""
        if value is None or value != value:  # noqa: PLR0124 - NaN
            return NO_DATA
        above = sum(value >= limit for limit in self.limits[1:-1])
        return self.colours[above]

    def legend(self) -> list[tuple[str, str]]:
        """Pairs of colour and words."""
        return [
            (colour, f"{low:,.0f}–{high:,.0f}")
            for colour, (low, high) in zip(self.colours, pairwise(self.limits), strict=True)
        ]


def classify(values: Sequence[float], *, count: int = len(CLASSES)) -> Classes:
    """Cut values into at most `count` classes of about equal size (quantiles)."""
    present = sorted(float(value) for value in values if value is not None and value == value)  # noqa: PLR0124
    if not present:
        return Classes((0.0, 0.0), (NO_DATA,))
    steps = [present[round(i * (len(present) - 1) / count)] for i in range(count + 1)]
    limits = sorted(set(steps))
    if len(limits) == 1:
        limits = [limits[0], limits[0]]
    return Classes(tuple(limits), CLASSES[: len(limits) - 1])


def choropleth(
    areas: gpd.GeoDataFrame, column: str, *, title: str, fields: Sequence[str] = ("name", "code")
) -> OfflineMap:
    """Colour areas by a number, with a legend in words.

    Parameters
    ----------
    areas
        Polygons in EPSG:4326.
    column
        A numeric column.
    title
        What the number means, with its unit.
    fields
        Columns that the tooltip shows besides the number.
    """
    drawn = _map_around(areas)
    classes = classify(areas[column].tolist())
    add_areas(drawn, areas, name=title, fields=(*fields, column), colour=(column, classes))
    add_legend(drawn, title, classes.legend())
    return drawn


def place_map(engine: Engine, place: str, *, network: str = "governance") -> OfflineMap:
    """Draw a place: ground, water, streets, buildings, its grids by households, resource points.

    Raises
    ------
    NotFound
        There is no such place, or it has no published plan in any network.
    """
    grids = read_layer(engine, "grids", place=place)
    if grids.empty:
        raise NotFound(
            f"There is no place {place!r} with a published plan", hint="`gridmap demo` loads five."
        )
    networks = list(dict.fromkeys(grids["network"]))
    chosen = grids[grids["network"] == (network if network in networks else networks[0])]
    drawn = _map_around(grids)
    _add_ground(drawn, engine, place)
    lowest = chosen[chosen["level"] == chosen["level"].max()]
    level = lowest if chosen["level"].max() <= 2 else chosen[chosen["level"] == 2]
    classes = classify(level["households"].tolist())
    columns = ("name", "code", "households", "residents", "buildings")
    add_areas(drawn, level, name="网格 Grids", fields=columns, colour=("households", classes))
    if level is not lowest:
        add_areas(drawn, lowest, name="微网格 Micro-grids", fields=columns, show=False)
    for key in networks:
        if key != chosen["network"].iloc[0]:
            others = grids[grids["network"] == key]
            add_areas(drawn, others, name=f"网 Network: {key}", fields=columns, show=False)
    _add_points(drawn, read_layer(engine, "resource-points", place=place))
    folium.LayerControl(collapsed=False).add_to(drawn)
    add_legend(drawn, "每格户数 Households per grid", classes.legend())
    return drawn


def _map_around(frame: gpd.GeoDataFrame) -> OfflineMap:
    west, south, east, north = frame.total_bounds.tolist()
    drawn = OfflineMap(location=[(south + north) / 2, (west + east) / 2], zoom_start=14)
    drawn.fit_bounds([[south, west], [north, east]])
    return drawn


def add_areas(
    drawn: folium.Map,
    areas: gpd.GeoDataFrame,
    *,
    name: str,
    fields: Sequence[str],
    colour: tuple[str, Classes] | None = None,
    show: bool = True,
) -> None:
    """Add areas as a layer that can be switched, with a tooltip of `fields`."""

    def style(feature: dict[str, Any]) -> dict[str, Any]:
        if colour is None:
            return {"color": "#555555", "weight": 1, "fillOpacity": 0}
        column, classes = colour
        fill = classes.colour(feature["properties"][column])
        return {"color": "#3b3b3b", "weight": 1.2, "fillColor": fill, "fillOpacity": 0.4}

    folium.GeoJson(
        areas[[*fields, "geometry"]].to_json(),
        name=name,
        show=show,
        style_function=style,
        highlight_function=lambda _: {"weight": 3},
        tooltip=folium.GeoJsonTooltip(fields=list(fields)),
    ).add_to(drawn)


def _add_ground(drawn: folium.Map, engine: Engine, place: str) -> None:
    ground = folium.FeatureGroup(name="底图 Ground", control=True).add_to(drawn)

    def add(name: str, columns: Sequence[str], style: Any) -> None:
        frame = read_layer(engine, name, place=place)
        if not frame.empty:
            data = frame[[*columns, "geometry"]].to_json()
            folium.GeoJson(data, style_function=style, interactive=False).add_to(ground)

    add(
        "land-use",
        ("kind",),
        lambda item: {
            "stroke": False,
            "fillColor": _GROUND.get(item["properties"]["kind"], "#f2efe9"),
            "fillOpacity": 1,
        },
    )
    add(
        "water",
        (),
        lambda _: {"color": "#9cc4de", "weight": 1, "fillColor": "#b5d4e8", "fillOpacity": 1},
    )
    add(
        "streets",
        ("kind",),
        lambda item: {"color": "#b9b2a7", "weight": _WIDTHS[item["properties"]["kind"]]},
    )
    add(
        "buildings",
        (),
        lambda _: {"color": "#a39b8f", "weight": 0.5, "fillColor": "#c9c1b5", "fillOpacity": 1},
    )


def _add_points(drawn: folium.Map, points: gpd.GeoDataFrame) -> None:
    group = folium.FeatureGroup(name="资源点 Resource points").add_to(drawn)
    for point in points.itertuples():
        folium.CircleMarker(
            (point.geometry.y, point.geometry.x),
            radius=4,
            color="#8c2d04",
            weight=1,
            fill_color="#fe9929",
            fill_opacity=0.9,
            tooltip=html.escape(f"{point.name} · {point.category}"),
        ).add_to(group)


def add_legend(drawn: folium.Map, title: str, entries: Sequence[tuple[str, str]]) -> None:
    """Write a legend into the lower left corner: colour and words."""
    rows = "".join(
        f'<div><span style="display:inline-block;width:1.4em;height:.9em;margin-right:.5em;'
        f'border:1px solid #888;background:{colour}"></span>{html.escape(words)}</div>'
        for colour, words in entries
    )
    _figure(drawn).html.add_child(
        Element(
            '<div style="position:fixed;left:12px;bottom:64px;z-index:1000;background:#fffffff0;'
            'padding:8px 12px;border:1px solid #ccc;border-radius:4px;font:13px/1.6 sans-serif">'
            f"<strong>{html.escape(title)}</strong>{rows}</div>"
        )
    )


__all__ = [
    "OfflineMap",
    "add_areas",
    "add_legend",
    "choropleth",
    "classify",
    "connect",
    "place_map",
    "read_layer",
]
