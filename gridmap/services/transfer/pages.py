"""What every reader gives: pages of features, as columns, in the file's own coordinates."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import shapely
from numpy.typing import NDArray

# Features of a page: large enough that the work on arrays outweighs the work around it, small
# enough that a file of any size needs little memory and that the database never waits long for one.
PAGE_ROWS = 10_000
FIRST_PAGE_ROWS = 5_000
# Collections inside collections are read recursively by GEOS; nobody needs more than a few.
_MOST_COLLECTIONS = 16
_COLLECTION_LITTLE = b"\x01\x07\x00\x00\x00"
_COLLECTION_BIG = b"\x00\x00\x00\x00\x07"

_COLLECTIONS = {_COLLECTION_LITTLE[1:], _COLLECTION_BIG[1:]}

Geometries = NDArray[np.object_]


class Closable(Protocol):
    """A file, or what holds one."""

    def close(self) -> None:
        """Give it back."""


@dataclass(frozen=True)
class Page:
    """Some features of a source.

    Parameters
    ----------
    layer
        Public name of the layer that they are for.
    first_row
        Row of the first one, counted from 1.
    columns
        Name → one value for each feature (list or array), as the format has them.
    geometry
        Geometries in the source's coordinates, x or longitude first; None where there is none.
    faults
        Index of a feature → why it cannot be read.
    repairs
        Index of a feature → what was repaired in reading it.
    labels
        The features' own names in the source, such as `way/1234`.
    left_out
        Features that the source has, but not for this layer or not whole: reason → examples.
    wkb
        What each geometry was read from, where the format has WKB; None for one that was mended.
    """

    layer: str
    first_row: int
    columns: Mapping[str, Sequence[Any] | NDArray[Any]]
    geometry: Geometries
    faults: dict[int, str] = field(default_factory=dict)
    repairs: dict[int, str] = field(default_factory=dict)
    labels: Sequence[str] | None = None
    left_out: Mapping[str, Sequence[str]] = field(default_factory=dict)
    wkb: Geometries | None = None

    def __len__(self) -> int:
        """How many features there are."""
        return len(self.geometry)


@dataclass(frozen=True)
class Source:
    """A file that is open for reading.

    Parameters
    ----------
    format
        Name of the format, for people.
    pages
        The features.
    crs
        What the file says about its coordinates (an authority code or WKT), or None.
    rows
        How many features there are, where the format says so.
    layer
        Name of the layer inside the file that is read.
    lenient
        Attributes are many people's free text (OpenStreetMap): one that cannot be read is left
        out, and kept in `properties`, instead of refusing its feature.
    short_names
        Column names are cut after ten bytes (dBASE).
    notes
        What the reader has to say about the file.
    handle
        What is open, to be closed at the end, whether pages were read or not.
    """

    format: str
    pages: Generator[Page, None, None]
    crs: str | None
    rows: int | None = None
    layer: str | None = None
    lenient: bool = False
    short_names: bool = False
    notes: tuple[str, ...] = ()
    handle: Closable | None = None

    def close(self) -> None:
        """Close what is open."""
        self.pages.close()
        if self.handle is not None:
            self.handle.close()


def geometries_of(
    wkb: Sequence[bytes | None] | NDArray[Any],
) -> tuple[Geometries, dict[int, str], dict[int, str]]:
    """Read WKB; give the geometries, faults and repairs by index.

    Of an array, the elements that are not as they were read become None.
    """
    blobs = np.asarray(wkb, dtype=object)
    faults: dict[int, str] = {}
    if not {None if blob is None else blob[1:5] for blob in blobs}.isdisjoint(_COLLECTIONS):
        faults = {
            i: "collections are nested too deep" for i, deep in enumerate(_are_deep(blobs)) if deep
        }
    blobs[list(faults)] = None
    try:
        geometries = shapely.from_wkb(blobs, on_invalid="ignore")
    except NotImplementedError:
        _leave_curves(blobs, faults)
        geometries = shapely.from_wkb(blobs, on_invalid="ignore")
    repairs = {}
    for i in np.flatnonzero(shapely.is_missing(geometries) & (blobs != None)):  # noqa: E711 - by element
        closed = shapely.from_wkb(blobs[i], on_invalid="fix")
        if closed is None:
            faults[int(i)] = "the geometry cannot be read"
        else:
            geometries[i], blobs[i] = closed, None
            repairs[int(i)] = "an outline that was not closed has been closed"
    return geometries, faults, repairs


def _are_deep(blobs: Geometries) -> list[bool]:
    return [
        blob is not None
        and blob[1:5] in _COLLECTIONS
        and blob.count(_COLLECTION_LITTLE) + blob.count(_COLLECTION_BIG) > _MOST_COLLECTIONS
        for blob in blobs
    ]


def _leave_curves(blobs: Geometries, faults: dict[int, str]) -> None:
    for i, blob in enumerate(blobs):
        try:
            shapely.from_wkb(blob, on_invalid="ignore")
        except NotImplementedError:
            faults[i] = "is curved; only straight edges are read"
            blobs[i] = None
