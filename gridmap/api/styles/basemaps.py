"""The map under the map, by setting: none, OpenStreetMap, 天地图, or one's own PMTiles archive."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from gridmap.api.styles.palette import StyleLayer
from gridmap.errors import Fault, InvalidInput, UnreadableFile
from gridmap.settings import Settings

OSM = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
OSM_CREDIT = "© OpenStreetMap contributors"
# Where the page serves an archive that lies on this machine.
ARCHIVE = "basemap.pmtiles"
TIANDITU_CREDIT = "天地图 © 国家地理信息公共服务平台"


@dataclass(frozen=True)
class Basemap:
    """Sources and layers that lie under everything, and the hosts that a page has to ask."""

    key: str
    sources: dict[str, Any] = field(default_factory=dict)
    layers: tuple[StyleLayer, ...] = ()
    hosts: tuple[str, ...] = ()
    archive: Path | None = None  # a PMTiles archive on this machine, which the page serves


def choose(settings: Settings, base_url: str = "") -> Basemap:
    """Make the base map of the settings; `base_url` is the address of the service.

    Raises
    ------
    InvalidInput
        天地图 without a key, or PMTiles without an address.
    UnreadableFile
        The PMTiles archive on this machine is none, or is not there.
    """
    match settings.basemap:
        case "osm":
            template = settings.basemap_url or OSM
            credit = OSM_CREDIT if settings.basemap_url is None else ""
            return _raster("osm", {"basemap": [template]}, credit=credit)
        case "tianditu":
            if not settings.tianditu_key:
                raise InvalidInput(
                    "天地图 needs a key",
                    hint="Register at tianditu.gov.cn and set GRIDMAP_TIANDITU_KEY.",
                    faults=(Fault("missing", field="GRIDMAP_TIANDITU_KEY"),),
                )
            return _raster(
                "tianditu",
                {
                    "basemap": _tianditu("vec", settings.tianditu_key),
                    "basemap-names": _tianditu("cva", settings.tianditu_key),
                },
                credit=TIANDITU_CREDIT,
            )
        case "pmtiles":
            if not settings.basemap_url:
                raise InvalidInput(
                    "The PMTiles base map needs its archive",
                    hint="Set GRIDMAP_BASEMAP_URL to a .pmtiles file or its https:// address.",
                    faults=(Fault("missing", field="GRIDMAP_BASEMAP_URL"),),
                )
            return _pmtiles(settings.basemap_url, base_url)
        case _:
            return Basemap("blank")


def _host(url: str) -> tuple[str, ...]:
    parts = urlsplit(url.replace("{s}", "a"))
    return (f"{parts.scheme}://{parts.netloc}",) if parts.netloc else ()


def _raster(key: str, templates: dict[str, list[str]], *, credit: str) -> Basemap:
    sources: dict[str, Any] = {}
    layers: list[StyleLayer] = []
    hosts: list[str] = []
    for name, tiles in templates.items():
        source: dict[str, Any] = {"type": "raster", "tiles": tiles, "tileSize": 256, "maxzoom": 18}
        if credit:
            source["attribution"] = credit
        sources[name] = source
        layers.append(_raster_layer(name))
        for url in tiles:
            hosts += [host for host in _host(url) if host not in hosts]
    return Basemap(key, sources, tuple(layers), tuple(hosts))


def _raster_layer(name: str) -> StyleLayer:
    return {
        "id": name,
        "type": "raster",
        "source": name,
        "metadata": {"gridmap:theme": "basemap"},
        # Pale, so that areas and points stay the subject.
        "paint": {"raster-saturation": -0.55, "raster-opacity": 0.82},
    }


def _tianditu(kind: str, key: str) -> list[str]:
    query = (
        f"SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={kind}&STYLE=default&TILEMATRIXSET=w"
        f"&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={key}"
    )
    return [f"https://t{server}.tianditu.gov.cn/{kind}_w/wmts?{query}" for server in range(4)]


def _pmtiles(where: str, base_url: str) -> Basemap:
    if urlsplit(where).scheme in {"http", "https"}:
        return _vector_archive(where, hosts=_host(where), archive=None)
    path = Path(where).expanduser().absolute()
    served = f"{base_url}/{ARCHIVE}"
    if _is_vector(path):
        return _vector_archive(served, hosts=(), archive=path)
    source = {"type": "raster", "url": f"pmtiles://{served}", "tileSize": 256}
    return Basemap("pmtiles", {"basemap": source}, (_raster_layer("basemap"),), archive=path)


def _is_vector(path: Path) -> bool:
    """Read from an archive's header what its tiles are (PMTiles 3, byte 99: 1 is MVT)."""
    try:
        with path.open("rb") as file:
            header = file.read(127)
    except OSError as error:
        raise UnreadableFile(
            f"The base map {path} cannot be read: {error.strerror}",
            hint="GRIDMAP_BASEMAP_URL names a .pmtiles file or an https:// address of one.",
        ) from error
    if len(header) < 127 or not header.startswith(b"PMTiles\x03"):
        raise UnreadableFile(
            f"The base map {path} is no PMTiles archive of version 3",
            hint="`pmtiles convert` makes one of an older archive or of MBTiles.",
        )
    return header[99] == 1


def _vector_archive(url: str, *, hosts: tuple[str, ...], archive: Path | None) -> Basemap:
    """Vector archives in the schema of Protomaps, which `pmtiles extract` cuts for any area."""
    grounds: StyleLayer = {
        "type": "fill",
        "source": "basemap",
        "metadata": {"gridmap:theme": "basemap"},
    }
    lines: StyleLayer = {**grounds, "type": "line"}
    layers: tuple[StyleLayer, ...] = (
        {**grounds, "id": "basemap-earth", "source-layer": "earth",
         "paint": {"fill-color": "#f6f5f1"}},
        {**grounds, "id": "basemap-green", "source-layer": "landuse",
         "filter": ["match", ["get", "kind"],
                    ["park", "forest", "wood", "grass", "nature_reserve", "garden"], True, False],
         "paint": {"fill-color": "#dfe9d4"}},
        {**grounds, "id": "basemap-water", "source-layer": "water",
         "filter": ["match", ["geometry-type"], ["Polygon", "MultiPolygon"], True, False],
         "paint": {"fill-color": "#c6dce8"}},
        {**lines, "id": "basemap-roads", "source-layer": "roads",
         "paint": {"line-color": "#ffffff",
                   "line-width": ["interpolate", ["exponential", 1.4], ["zoom"], 8,
                                  ["match", ["get", "kind"], "highway", 1.2, 0.3], 17,
                                  ["match", ["get", "kind"], ["highway", "major_road"], 14, 5]]}},
    )  # fmt: skip
    return Basemap(
        "pmtiles",
        {"basemap": {"type": "vector", "url": f"pmtiles://{url}", "attribution": OSM_CREDIT}},
        layers,
        hosts,
        archive,
    )
