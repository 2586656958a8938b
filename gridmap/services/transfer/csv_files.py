"""CSV with longitude and latitude, or with WKT."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Generator, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from gridmap.errors import InvalidInput, UnreadableFile
from gridmap.services.transfer.pages import PAGE_ROWS, Geometries, Page, Source
from gridmap.services.transfer.shapefiles import known_encoding
from gridmap.services.transfer.vocabulary import is_known_header, plain

_LONGITUDES = ("lon", "lng", "long", "longitude", "x", "经度", "經度", "东经", "坐标x", "point_x")
_LATITUDES = ("lat", "latitude", "y", "纬度", "緯度", "北纬", "坐标y", "point_y")
_TEXTS = ("wkt", "geom", "geometry", "the_geom", "wkt_geom", "geometry_wkt", "几何")
_SAMPLE = 1024 * 1024
# An outline of a hundred thousand vertices as WKT.
_LONGEST_FIELD = 8 * 1024**2
_MOST_COLLECTIONS = 16


def open_csv(
    path: Path, layer: str, *, mapped: dict[str, str], encoding: str | None = None
) -> Source:
    """Open a CSV file, its separator and encoding found from its first lines.

    Parameters
    ----------
    path
        The file.
    layer
        Public name of the layer that the rows are for.
    mapped
        Columns that the user has named: column → `lon`, `lat` or `wkt`.
    encoding
        Encoding that the user has named. Without it UTF-8 is taken, or GB18030 where the first
        line is Chinese column names in it that gridmap knows.

    Raises
    ------
    UnreadableFile
        No rows, another encoding, a quote that is never closed.
    InvalidInput
        No column of coordinates.
    """
    chosen, notes = _encoding(path, encoding)
    csv.field_size_limit(_LONGEST_FIELD)
    # What is not of the encoding becomes half surrogates, and its row is refused by name.
    stream = path.open(encoding=chosen, errors="surrogateescape", newline="")
    try:
        first = stream.readline()
        stream.seek(0)
        rows = csv.reader(stream, delimiter=_separator(first))
        header = [name.strip() for name in next(rows)]
        geometry = _Coordinates(header, mapped)
    except BaseException:
        stream.close()
        raise

    def pages() -> Generator[Page, None, None]:
        start = 1
        while page := _some(rows):
            count = len(page)
            yield _page(page, header, geometry, layer, start)
            start += count

    return Source("CSV", pages(), crs=None, notes=notes, handle=stream)


def _encoding(path: Path, given: str | None) -> tuple[str, tuple[str, ...]]:
    if given is not None:
        return known_encoding(given), ()
    with path.open("rb") as stream:
        sample = stream.read(_SAMPLE)
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", ()
    try:
        codecs.getincrementaldecoder("utf-8-sig")("strict").decode(sample)
    except UnicodeDecodeError as error:
        header = sample.split(b"\n", 1)[0].decode("gb18030", errors="replace")
        names = [name.strip().strip('"') for name in header.split(_separator(header))]
        known = [name for name in names if not name.isascii() and is_known_header(name)]
        if not known:
            raise UnreadableFile(
                "The texts of the CSV are no UTF-8, and nothing says what they are",
                hint="Name the encoding with --encoding; Chinese files are often GB18030.",
            ) from error
        return "gb18030", (f"Read as GB18030, because its columns are {', '.join(known)}",)
    return "utf-8-sig", ()


def _separator(line: str) -> str:
    return max(",;\t", key=line.count)


def _some(rows: Iterator[list[str]]) -> list[list[str]]:
    try:
        # Empty lines are no rows.
        return list(islice((row for row in rows if row), PAGE_ROWS))
    except csv.Error as error:
        raise UnreadableFile(
            f"The CSV cannot be read: {error}",
            hint="Most often a quotation mark is opened and not closed.",
        ) from error


class _Coordinates:
    """Which columns hold the geometry, and how to read it."""

    def __init__(self, header: list[str], mapped: dict[str, str]) -> None:
        named = {target: column for column, target in mapped.items()}
        self.text = self._find(header, named.get("wkt"), _TEXTS)
        self.longitude = self._find(header, named.get("lon"), _LONGITUDES)
        self.latitude = self._find(header, named.get("lat"), _LATITUDES)
        if self.text is None and (self.longitude is None or self.latitude is None):
            raise InvalidInput(
                f"The CSV has no columns of coordinates among {', '.join(header[:30])}",
                hint="Name them: --map COLUMN=lon --map COLUMN=lat, or --map COLUMN=wkt.",
            )
        if self.longitude is not None and self.latitude is not None:
            self.text = None

    @staticmethod
    def _find(header: list[str], given: str | None, names: tuple[str, ...]) -> int | None:
        if given is not None:
            return header.index(given)
        found = {plain(name): i for i, name in reversed(list(enumerate(header)))}
        return next((found[name] for name in names if name in found), None)

    @property
    def columns(self) -> set[int]:
        """Columns that are geometry and nothing else."""
        used = {self.text} if self.text is not None else {self.longitude, self.latitude}
        return {i for i in used if i is not None}

    def read(self, rows: list[list[str]], faults: dict[int, str]) -> Geometries:
        """Build the geometries of rows; say what is wrong with a row in `faults`."""
        good = np.array([i for i in range(len(rows)) if i not in faults], dtype=np.int64)
        built = np.full(len(rows), None, dtype=object)
        if self.text is not None:
            texts = [rows[i][self.text] for i in good]
            built[good] = _from_wkt(texts, good, faults)
        else:
            x = _numbers([rows[i][self.longitude or 0] for i in good], good, faults, "longitude")
            y = _numbers([rows[i][self.latitude or 0] for i in good], good, faults, "latitude")
            built[good] = shapely.points(x, y)
        built[list(faults)] = None
        return built


def _numbers(texts: list[str], rows: Any, faults: dict[int, str], what: str) -> Any:
    try:
        return np.array(texts, dtype=np.float64)
    except ValueError:
        values = np.full(len(texts), np.nan)
        for i, text in enumerate(texts):
            if not text.strip():
                faults.setdefault(int(rows[i]), f"has no {what}")
                continue
            try:
                values[i] = float(text)
            except ValueError:
                faults.setdefault(int(rows[i]), f"{what} {text[:40]!r} is no number of degrees")
        return values


def _from_wkt(texts: list[str], rows: Any, faults: dict[int, str]) -> Any:
    safe = np.array(texts, dtype=object)
    for i, text in enumerate(texts):
        if not text.strip():
            safe[i] = None
        elif text.upper().count("COLLECTION") > _MOST_COLLECTIONS:
            # GEOS reads collections in collections recursively, until the stack ends.
            safe[i] = None
            faults.setdefault(int(rows[i]), "collections are nested too deep")
    built = shapely.from_wkt(safe, on_invalid="ignore")
    for i in np.flatnonzero(shapely.is_missing(built)).tolist():
        if safe[i] is not None:
            faults.setdefault(int(rows[i]), f"{texts[i][:40]!r} is no WKT that can be read")
    return built


def _page(
    rows: list[list[str]], header: list[str], geometry: _Coordinates, layer: str, first: int
) -> Page:
    width = len(header)
    faults = {
        i: f"has {len(row)} fields where the header has {width}"
        for i, row in enumerate(rows)
        if len(row) != width
    }
    built = geometry.read(rows, faults)
    for i in faults:
        rows[i] = (rows[i] + [""] * width)[:width]
    columns = {
        header[i]: list(values)
        for i, values in enumerate(zip(*rows, strict=True))
        if i not in geometry.columns and header[i]
    }
    return Page(layer, first, columns, built, faults)
