"""GeoJSON (RFC 7946) and one feature a line, read as a stream.

GDAL would read it too, but drops what it does not understand without a word, cuts texts at NUL,
replaces half surrogates, and runs commands that a file of `gdal_streamed_alg` names. Here every
item of `features` is a row, and a row that cannot be read is said to be so.
"""

from __future__ import annotations

import codecs
import gc
import json
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import IO, Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape

from gridmap.errors import TooLarge, UnreadableFile
from gridmap.services.transfer.pages import PAGE_ROWS, Geometries, Page, Source

# One feature; an outline of a million vertices is 40 MB of text.
_MOST_CHARACTERS = 128 * 1024**2
_CHUNK = 4 * 1024**2
_CHUNK_ROWS = 1_000
_CHUNK_POSITIONS = 200_000
_PAGE_POSITIONS = 2_000_000
_SPACE = " \t\r\n"
_DECODER = json.JSONDecoder()
WGS84 = "OGC:CRS84"


def open_geojson(path: Path, layer: str) -> Source:
    """Open a FeatureCollection, a feature or a geometry.

    Raises
    ------
    UnreadableFile
        No JSON, or JSON of another kind.
    """
    stream = path.open("rb")
    try:
        crs, features = _start(_Text(stream))
    except BaseException:
        stream.close()
        raise
    return Source("GeoJSON", _pages(features, layer), crs or _crs_behind(path), handle=stream)


def open_lines(path: Path, layer: str) -> Source:
    """Open a file of one GeoJSON feature a line (RFC 8142, newline-delimited GeoJSON)."""
    stream = path.open("rb")
    items = _lines(_Text(stream))
    return Source("GeoJSON, one feature a line", _pages(items, layer), WGS84, handle=stream)


class _Text:
    """A window on a JSON text that is read bit by bit."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("strict")
        self.text = ""
        self.position = 0
        self.ended = False

    def more(self) -> None:
        """Read on; what has been used is forgotten."""
        # In proportion to what is waiting, so that a long feature is not scanned a hundred times.
        raw = self._stream.read(max(_CHUNK, len(self.text) - self.position))
        self.ended = not raw
        try:
            added = self._decoder.decode(raw, final=self.ended)
        except UnicodeDecodeError as error:
            raise UnreadableFile(
                f"The text is no UTF-8: {error.reason}", hint="GeoJSON is UTF-8 always."
            ) from error
        self.text = self.text[self.position :] + added
        self.position = 0
        if len(self.text) > _MOST_CHARACTERS:
            raise TooLarge("A single feature has more than 128 million characters")

    def peek(self) -> str:
        """The next character that is no space; empty at the end."""
        while True:
            while self.position < len(self.text):
                if self.text[self.position] not in _SPACE:
                    return self.text[self.position]
                self.position += 1
            if self.ended:
                return ""
            self.more()

    def take(self, wanted: str) -> None:
        """Step over one character that must be there."""
        found = self.peek()
        if found != wanted:
            raise UnreadableFile(f"The JSON is broken: {wanted!r} expected, {found!r} found")
        self.position += 1

    def value(self) -> Any:
        """The next JSON value."""
        self.peek()
        while True:
            try:
                found, end = _DECODER.raw_decode(self.text, self.position)
            except json.JSONDecodeError as error:
                if self.ended or not self._may_be_cut(error):
                    raise UnreadableFile(f"The JSON is broken: {error.msg}") from error
            except RecursionError as error:
                raise UnreadableFile("The JSON is nested too deep") from error
            except ValueError as error:  # whole numbers of thousands of digits
                raise UnreadableFile(
                    "The JSON is broken: a whole number has thousands of digits"
                ) from error
            else:
                # A number at the end of the window may go on.
                if end < len(self.text) or self.ended or self.text[end - 1] in '}]"':
                    self.position = end
                    return found
            self.more()

    def _may_be_cut(self, error: json.JSONDecodeError) -> bool:
        near_the_end = len(self.text) - error.pos < 64
        return near_the_end or error.msg.startswith("Unterminated string")


def _start(text: _Text) -> tuple[str | None, Iterator[Any]]:
    """Read up to the first feature: the CRS, where it stands before, and the features."""
    if text.peek() != "{":
        raise UnreadableFile("The JSON is no object")
    text.take("{")
    members: dict[str, Any] = {}
    while text.peek() != "}":
        name = text.value()
        text.take(":")
        if name == "features" and members.get("type", "FeatureCollection") == "FeatureCollection":
            text.take("[")
            return _crs(members.get("crs")), _features(text)
        members[name] = text.value()
        if text.peek() == ",":
            text.take(",")
    _end(text)
    kind = members.get("type")
    if kind == "Feature":
        return _crs(members.get("crs")), iter([members])
    if kind in {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"}:
        return _crs(members.get("crs")), iter([{"type": "Feature", "geometry": members}])
    raise UnreadableFile(
        f"The JSON is no GeoJSON: its type is {kind!r}"
        if kind
        else "The JSON is no GeoJSON: it has no type"
    )


def _features(text: _Text) -> Iterator[Any]:
    more = text.peek() != "]"
    while more:
        yield text.value()
        more = text.peek() != "]"
        if more:
            text.take(",")
    text.take("]")
    while text.peek() == ",":
        text.take(",")
        if text.value() == "features":
            raise UnreadableFile("The GeoJSON has `features` twice")
        text.take(":")
        text.value()
    _end(text)


def _end(text: _Text) -> None:
    """Refuse what stands behind the whole: another file that was put to it would be lost.

    Raises
    ------
    UnreadableFile
    """
    text.take("}")
    if text.peek():
        raise UnreadableFile(
            f"Behind the end of the GeoJSON stands more: {text.text[text.position :][:20]!r}",
            hint="Two files that were put together are imported one by one.",
        )


def _lines(text: _Text) -> Iterator[Any]:
    while True:
        while text.peek() == "\x1e":
            text.take("\x1e")
        if not text.peek():
            return
        yield text.value()


def _crs(member: Any) -> str | None:
    """The CRS of a pre-RFC file; None where the file says nothing."""
    if member is None:
        return None
    name = member.get("properties", {}).get("name") if isinstance(member, dict) else None
    if not isinstance(name, str):
        raise UnreadableFile(
            "The member `crs` names no coordinate reference system",
            hint="Name it with --crs EPSG:… or --datum.",
        )
    return name


def _crs_behind(path: Path) -> str:
    """The CRS where a file says it behind its features, else that of RFC 7946."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(0, size - 4096))
        tail = stream.read().decode("utf-8", errors="ignore")
    at = tail.rfind('"crs"')
    if at < 0 or "]" in tail[at:] or "coordinates" in tail[at:]:
        return WGS84
    try:
        members = json.loads("{" + tail[at:])
    except ValueError:
        return WGS84
    return _crs(members.get("crs")) or WGS84


def _pages(items: Iterator[Any], layer: str) -> Generator[Page, None, None]:
    first, ended = 1, False
    while not ended:
        page = _Page(layer, first)
        while not page.is_full() and not ended:
            with _collector_paused():
                chunk = list(_chunk(items))
                ended = not chunk
                page.add(chunk)
        if page.rows:
            yield page.finished()
        first += len(page.rows)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """No search for cycles while lists of coordinates come and go: it would double the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _chunk(items: Iterator[Any]) -> Iterator[Any]:
    """Few enough features that their coordinates as Python lists are soon forgotten again."""
    weight = 0
    for count, item in enumerate(items, start=1):
        yield item
        geometry = item.get("geometry") if isinstance(item, dict) else None
        weight += _weight(geometry.get("coordinates") if isinstance(geometry, dict) else None)
        if count >= _CHUNK_ROWS or weight >= _CHUNK_POSITIONS:
            return


def _weight(coordinates: Any) -> int:
    """Roughly how many positions there are."""
    if not isinstance(coordinates, list) or not coordinates:
        return 1
    deepest = max(coordinates, key=lambda item: len(item) if isinstance(item, list) else 0)
    return len(coordinates) + (len(deepest) if isinstance(deepest, list) else 0)


class _Page:
    """A page in the making."""

    def __init__(self, layer: str, first: int) -> None:
        self.layer = layer
        self.first = first
        self.rows: list[dict[str, Any]] = []
        self.geometry: list[Geometries] = []
        self.faults: dict[int, str] = {}
        self.open_rings: set[int] = set()
        self.positions = 0

    def is_full(self) -> bool:
        """Whether the next feature is for another page."""
        return len(self.rows) >= PAGE_ROWS or self.positions >= _PAGE_POSITIONS

    def add(self, items: list[Any]) -> None:
        """Take some features in."""
        offset = len(self.rows)
        faults: dict[int, str] = {}
        members: list[Any] = []
        for i, item in enumerate(items):
            good = isinstance(item, dict) and item.get("type") == "Feature"
            if not good:
                faults[i] = "is no GeoJSON feature"
            properties = item.get("properties") if good else None
            if properties is not None and not isinstance(properties, dict):
                faults[i] = "its properties are no object"
                properties = None
            self.rows.append(properties or {})
            members.append(item.get("geometry") if good else None)
        built, open_rings = _build(members, faults)
        self.geometry.append(built)
        self.positions += int(shapely.get_num_coordinates(built).sum())
        self.faults.update({offset + i: reason for i, reason in faults.items()})
        self.open_rings |= {offset + i for i in open_rings}

    def finished(self) -> Page:
        """The page."""
        names = dict.fromkeys(chain.from_iterable(self.rows))
        return Page(
            self.layer,
            self.first,
            {name: [row.get(name) for row in self.rows] for name in names},
            np.concatenate(self.geometry),
            self.faults,
            dict.fromkeys(self.open_rings, "an outline that was not closed has been closed"),
        )


def _build(members: list[Any], faults: dict[int, str]) -> tuple[Geometries, set[int]]:
    """Geometries of GeoJSON members, polygons in one go; and those whose rings were open."""
    built = np.full(len(members), None, dtype=object)
    open_rings: set[int] = set()
    polygons: list[int] = []
    points: list[int] = []
    for i, member in enumerate(members):
        kind = member.get("type") if isinstance(member, dict) else None
        if kind == "Polygon":
            polygons.append(i)
        elif kind == "Point":
            points.append(i)
        elif member is not None:
            built[i] = _built_alone(member, i, faults, open_rings)
    for chosen, together in ((polygons, _polygons), (points, _points)):
        if not chosen:
            continue
        try:
            made, unclosed = together([members[i]["coordinates"] for i in chosen])
        except (ValueError, TypeError, KeyError, IndexError, shapely.errors.ShapelyError):
            # One of them is not as it should be: find out which.
            for i in chosen:
                built[i] = _built_alone(members[i], i, faults, open_rings)
        else:
            built[chosen] = made
            open_rings |= {chosen[i] for i in unclosed}
    return built, open_rings


def _points(coordinates: list[Any]) -> tuple[Geometries, set[int]]:
    xy = np.array(coordinates, dtype=np.float64)[:, :2]
    return np.asarray(shapely.points(xy)), set()


def _polygons(coordinates: list[Any]) -> tuple[Geometries, set[int]]:
    rings = [ring for polygon in coordinates for ring in polygon]
    owner = np.repeat(np.arange(len(coordinates)), [len(polygon) for polygon in coordinates])
    lengths = np.array([len(ring) for ring in rings])
    if len(np.unique(owner)) != len(coordinates) or np.any(lengths < 3):
        raise ValueError("a polygon without outline, or an outline without area")
    xy = np.array(list(chain.from_iterable(rings)), dtype=np.float64)[:, :2]
    first, last = np.cumsum(lengths) - lengths, np.cumsum(lengths) - 1
    closed = np.all((xy[first] == xy[last]) | np.isnan(xy[first]), axis=1)
    made = shapely.linearrings(xy, indices=np.repeat(np.arange(len(rings)), lengths))
    return shapely.polygons(made, indices=owner), set(owner[~closed].tolist())


def _built_alone(member: Any, index: int, faults: dict[int, str], open_rings: set[int]) -> Any:
    try:
        built = shape(member)
        if any(_is_open(ring) for ring in _rings(member)):
            open_rings.add(index)
    except (ValueError, shapely.errors.ShapelyError) as error:
        words = "its coordinates are no numbers" if "convert" in str(error) else str(error)
        faults.setdefault(index, f"the geometry cannot be read: {words}")
        return None
    except (TypeError, KeyError, IndexError, AttributeError, RecursionError):
        faults.setdefault(index, "the geometry cannot be read: it is no GeoJSON geometry")
        return None
    return built


def _rings(member: dict[str, Any]) -> list[Any]:
    if member["type"] == "Polygon":
        return list(member["coordinates"])
    if member["type"] == "MultiPolygon":
        return [ring for polygon in member["coordinates"] for ring in polygon]
    return []


def _is_open(ring: list[NDArray[Any]]) -> bool:
    return len(ring) > 0 and list(ring[0][:2]) != list(ring[-1][:2])
