"""What kind of file is it? Decided by its first bytes, not by its name."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Literal

from gridmap.errors import NotFound, UnreadableFile

Kind = Literal[
    "zip",
    "geopackage",
    "shapefile",
    "flatgeobuf",
    "geoparquet",
    "osm",
    "geojson",
    "geojson-lines",
    "csv",
]

FORMATS = (
    "GeoJSON (also one feature a line), GeoPackage, Shapefile (also zipped), FlatGeobuf, "
    "GeoParquet, CSV with coordinates or WKT, OpenStreetMap .osm.pbf"
)
_HINT = f"gridmap reads {FORMATS}."
_HEAD = 64 * 1024
# First bytes of what people try, and what to say.
_NOT_READ = {
    b"\x1f\x8b": "a gzip file; unpack it first",
    b"BZh": "a bzip2 file; unpack it first",
    b"7z\xbc\xaf": "a 7z archive; unpack it first",
    b"Rar!": "a RAR archive; unpack it first",
    b"\xfd7zXZ": "an xz file; unpack it first",
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file; save it as CSV",
}

_STARTS: dict[bytes, Kind] = {
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"SQLite format 3\0": "geopackage",
    b"\x00\x00\x27\x0a": "shapefile",
    b"fgb\x03": "flatgeobuf",
    b"PAR1": "geoparquet",
}


def detect(path: Path) -> Kind:
    """Say what kind of file `path` is.

    Raises
    ------
    NotFound
        There is no such file here.
    UnreadableFile
        Empty, no file, or of a format that gridmap does not read.
    """
    if str(path).startswith("/vsi"):
        raise UnreadableFile(
            f"{path} is no file of this machine; gridmap opens no addresses and no virtual files",
            hint="Download it first.",
        )
    if not path.exists():
        raise NotFound(f"There is no file {path}")
    if not path.is_file():
        raise UnreadableFile(f"{path} is no file", hint=_HINT)
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be opened: {error.strerror}") from error
    if not head.strip(b"\0 \t\r\n"):
        raise UnreadableFile(f"{path.name} is empty", hint=_HINT)
    for start, what in _NOT_READ.items():
        if head.startswith(start):
            raise UnreadableFile(f"{path.name} is {what}", hint=_HINT)
    return _of_binary(path, head) or _of_text(path, head)


def _of_binary(path: Path, head: bytes) -> Kind | None:
    if path.suffix.casefold() in {".shx", ".dbf", ".prj", ".cpg"}:
        raise UnreadableFile(f"{path.name} is a part of a shapefile", hint="Give the file .shp.")
    for start, kind in _STARTS.items():
        if head.startswith(start):
            return kind
    return "osm" if b"OSMHeader" in head[:64] else None


def _of_text(path: Path, head: bytes) -> Kind:
    start = head.removeprefix(codecs.BOM_UTF8).lstrip(b" \t\r\n")
    if start.startswith(b"\x1e"):
        return "geojson-lines"
    if start.startswith(b"{"):
        return "geojson-lines" if _is_lines(start) else "geojson"
    if start.startswith(b"["):
        raise UnreadableFile(f"{path.name} is JSON, but not GeoJSON", hint=_HINT)
    if start.startswith(b"<"):
        raise UnreadableFile(
            f"{path.name} is XML (KML, GML, GPX, VRT, OSM XML …), which gridmap does not open",
            hint=f"Convert it to GeoPackage first. {_HINT}",
        )
    line = start.split(b"\n", 1)[0]
    if b"\0" not in head and any(mark in line for mark in (b",", b";", b"\t")):
        return "csv"
    raise UnreadableFile(f"{path.name} is of no format that gridmap knows", hint=_HINT)


def _is_lines(start: bytes) -> bool:
    """Whether the first line is a whole feature and another one follows."""
    first, _, rest = start.partition(b"\n")
    compact = first.replace(b" ", b"")
    return (
        b'"type":"Feature"' in compact
        and b'"FeatureCollection"' not in compact
        and first.rstrip().endswith(b"}")
        and rest.lstrip()[:1] in {b"{", b"\x1e"}
    )
