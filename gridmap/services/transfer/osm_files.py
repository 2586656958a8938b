"""OpenStreetMap extracts (`.osm.pbf`): buildings, streets, water, land use, points in one go.

Closed ways and multipolygon relations become areas by osmium's assembler. An extract cuts objects
at its edge; what is not whole is left out and counted. What each layer takes:

=================  ==============================================================================
buildings          areas with `building`
streets            ways with `highway` or `railway` of a kind in `words.STREET_KIND`
water              areas of water, and ways with `waterway`
land-use           areas with `landuse`, `leisure`, `natural`, … of a kind in `LAND_USE_KIND`,
                   that are no building and no water
resource-points    nodes, and areas by a point inside them, with a category in `POINT_CATEGORY`
=================  ==============================================================================
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import shapely

from gridmap.errors import UnreadableFile
from gridmap.services.transfer.geojson import WGS84
from gridmap.services.transfer.pages import Page, Source
from gridmap.services.transfer.vocabulary import FIELDS

_POINT_KEYS = (
    "amenity", "emergency", "healthcare", "office", "shop", "craft", "tourism", "leisure",
)  # fmt: skip
_AREA_KEYS = ("landuse", "leisure", "amenity", "natural", "place", "highway")
_KEYS = tuple(
    dict.fromkeys(("building", "railway", "water", "waterway", *_POINT_KEYS, *_AREA_KEYS))
)
_NO = {"no", "none", "proposed", "construction", "razed", "demolished", "abandoned", "disused"}
# Every feature may have tags of its own: fewer of them in a page have fewer columns.
_PAGE_ROWS = 10_000
_NOT_WHOLE = "cut by the edge of the extract, or its outline does not close"
# Tags about the mapping, not about the thing.
_ABOUT_MAPPING = ("created_by", "source", "note", "fixme", "FIXME", "type", "area")


def open_osm(path: Path, layers: tuple[str, ...]) -> Source:
    """Open an extract for some of the layers above.

    Raises
    ------
    UnreadableFile
        A broken file.
    """
    return Source("OpenStreetMap", _pages(path, layers), crs=WGS84, lenient=True)


class _Collector:
    """Features of each layer, until they fill a page."""

    def __init__(self, layers: tuple[str, ...]) -> None:
        self.layers = layers
        self.tags: dict[str, list[dict[str, str]]] = defaultdict(list)
        self.shapes: dict[str, list[str]] = defaultdict(list)
        self.labels: dict[str, list[str]] = defaultdict(list)
        self.left_out: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self.done: dict[str, int] = defaultdict(int)

    def add(self, layer: str, label: str, tags: dict[str, str], shape: str) -> None:
        """Take a feature in; `shape` is WKB in hexadecimal."""
        self.tags[layer].append(tags)
        self.shapes[layer].append(shape)
        self.labels[layer].append(label)

    def full(self) -> Generator[Page, None, None]:
        """Pages that are full."""
        for layer in self.layers:
            if len(self.shapes[layer]) >= _PAGE_ROWS:
                yield self._page(layer)

    def rest(self) -> Generator[Page, None, None]:
        """What is left at the end, for every layer, also where it is nothing."""
        for layer in self.layers:
            yield self._page(layer)

    def _page(self, layer: str) -> Page:
        rows = self.tags.pop(layer, [])
        names = dict.fromkeys(name for row in rows for name in row)
        geometry = shapely.from_wkb(np.array(self.shapes.pop(layer, []), dtype=object))
        if layer == "resource-points":
            areal = shapely.get_type_id(geometry) != 0
            geometry[areal] = shapely.point_on_surface(geometry[areal])
        page = Page(
            layer,
            self.done[layer] + 1,
            {name: [row.get(name) for row in rows] for name in names},
            geometry,
            labels=self.labels.pop(layer, []),
            left_out=self.left_out.pop(layer, {}),
        )
        self.done[layer] += len(page)
        return page


def _pages(path: Path, layers: tuple[str, ...]) -> Generator[Page, None, None]:
    collector = _Collector(layers)
    factory = osmium.geom.WKBFactory()
    # Objects that should become areas, until they do: label → layers.
    expected: dict[str, list[str]] = {}
    try:
        reader = osmium.FileProcessor(str(path)).with_areas()
        for item in reader.with_filter(osmium.filter.KeyFilter(*_KEYS)):
            _sort(item, collector, factory, expected)
            yield from collector.full()
    except (RuntimeError, OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(f"{path.name} is a broken extract: {error}") from error
    for label, wanted in expected.items():
        for layer in wanted:
            collector.left_out[layer][_NOT_WHOLE].append(label)
    yield from collector.rest()


def _sort(item: Any, collector: _Collector, factory: Any, expected: dict[str, list[str]]) -> None:
    tags = {tag.k: tag.v for tag in item.tags if tag.k not in _ABOUT_MAPPING}
    if item.is_area():
        label = f"{'way' if item.from_way() else 'relation'}/{item.orig_id()}"
        wanted = [layer for layer in _of_area(tags) if layer in collector.layers]
        if wanted:
            shape = factory.create_multipolygon(item)
            expected.pop(label, None)
            for layer in wanted:
                collector.add(layer, label, tags, shape)
    elif item.is_node():
        label = f"node/{item.id}"
        if _category(tags) and "resource-points" in collector.layers:
            collector.add("resource-points", label, tags, factory.create_point(item))
        elif "resource-points" in collector.layers and (key := _first(tags, _POINT_KEYS)):
            reason = f"no place that serves: {key}={tags[key]}"
            collector.left_out["resource-points"][reason].append(label)
    elif item.is_way():
        _sort_way(item, tags, collector, factory, expected)
    elif item.is_relation() and item.tags.get("type") == "multipolygon":
        _expect(f"relation/{item.id}", tags, collector, expected)


def _sort_way(
    item: Any,
    tags: dict[str, str],
    collector: _Collector,
    factory: Any,
    expected: dict[str, list[str]],
) -> None:
    label = f"way/{item.id}"
    is_area = item.is_closed() and item.tags.get("area") != "no"
    layer = _of_line(tags, is_area=item.is_closed() and item.tags.get("area") == "yes")
    if layer in collector.layers:
        try:
            collector.add(layer, label, tags, factory.create_linestring(item))
        except (RuntimeError, osmium.InvalidLocationError):
            collector.left_out[layer][_NOT_WHOLE].append(label)
    elif layer == "unknown street" and "streets" in collector.layers:
        key = _first(tags, ("highway", "railway"))
        collector.left_out["streets"][f"no street: {key}={tags[key or '']}"].append(label)
    if is_area:
        _expect(label, tags, collector, expected)
    elif "building" in tags and "buildings" in collector.layers:
        collector.left_out["buildings"]["its outline is not closed"].append(label)


def _expect(
    label: str, tags: dict[str, str], collector: _Collector, expected: dict[str, list[str]]
) -> None:
    wanted = [layer for layer in _of_area(tags) if layer in collector.layers]
    if wanted:
        expected[label] = wanted


def _first(tags: Mapping[str, str], keys: tuple[str, ...]) -> str | None:
    return next((key for key in keys if key in tags), None)


def _word(layer: str, name: str, tags: Mapping[str, str], keys: tuple[str, ...]) -> str | None:
    """The word of the vocabulary that the tags have for a property."""
    words = next(item.words for item in FIELDS[layer] if item.name == name)
    for key in keys:
        if key in tags and tags[key] not in _NO:
            known = words.get(key, {})
            found = known.get(tags[key].split(";")[0], known.get("*"))
            if found:
                return found
    return None


def _category(tags: Mapping[str, str]) -> str | None:
    return _word("resource-points", "category", tags, _POINT_KEYS)


def _of_line(tags: Mapping[str, str], *, is_area: bool) -> str | None:
    if is_area:
        return None
    if "highway" in tags or "railway" in tags:
        known = _word("streets", "kind", tags, ("highway", "railway"))
        return "streets" if known else "unknown street"
    if _word("water", "kind", tags, ("waterway",)) and "natural" not in tags:
        return "water"
    return None


def _of_area(tags: Mapping[str, str]) -> list[str]:
    """Layers that an area with these tags is for."""
    layers = []
    building = tags.get("building", "no") not in _NO
    if building:
        layers.append("buildings")
    water = (
        tags.get("natural") in {"water", "bay"}
        or tags.get("waterway") in {"riverbank", "dock"}
        or tags.get("landuse") in {"reservoir", "basin"}
        or ("water" in tags and tags["water"] not in _NO)
    )
    if water and not building:
        layers.append("water")
    elif not building and _word("land-use", "kind", tags, _AREA_KEYS) and _is_ground(tags):
        layers.append("land-use")
    if _category(tags):
        layers.append("resource-points")
    return layers


def _is_ground(tags: Mapping[str, str]) -> bool:
    """A closed street is the ground of a square only where it is said to be an area."""
    return "highway" not in tags or any(key in tags for key in ("landuse", "leisure", "place"))
