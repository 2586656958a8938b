"""From the pages of a file to rows that can be stored, without a database: the part read ahead."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from operator import is_
from typing import Any

import numpy as np
import shapely

from gridmap.geometry.repair import MOST_AREA_CHANGE
from gridmap.model import Layer
from gridmap.services.transfer.completing import complete
from gridmap.services.transfer.mapping import ColumnMapping
from gridmap.services.transfer.pages import Geometries, Page, Source
from gridmap.services.transfer.plausibility import check_whole
from gridmap.services.transfer.references import Reference
from gridmap.services.transfer.report import LayerLedger, Refusal, Repair
from gridmap.services.transfer.screening import Bounds, screen
from gridmap.store.packing import pack_rows
from gridmap.store.tables import metadata

# Little-endian WKB of a plane point, line, and polygon of one ring: its start, and its length but
# for the coordinates.
_PLAIN = {b"\1\1\0\0\0": 5, b"\1\2\0\0\0": 9, b"\1\3\0\0\0": 13}
_COORDINATE = 16


@dataclass
class Batch:
    """The good rows of a page, and what became of the others.

    Parameters
    ----------
    layer
        Public name of the layer.
    rows
        Row of the file of each good row.
    columns
        Column of the table → one value for each good row; `properties` among them where there
        are any.
    geometry
        In WGS 84.
    degrees
        In the file's own datum.
    shapes
        What is stored: geometries, or the WKB of those that are as they were read.
    packed
        The rows as COPY takes them, in the order of `written`; made ahead, because it takes a
        third of the time.
    ledger
        Counts and uses of columns of this page alone.
    """

    layer: str
    rows: list[int]
    columns: dict[str, list[Any]]
    geometry: Geometries
    degrees: Geometries
    labels: list[str] | None
    refusals: list[Refusal] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    ledger: LayerLedger = field(default_factory=lambda: LayerLedger(""))
    flattened: int = 0
    written: tuple[str, ...] = ()
    shapes: Geometries | None = None
    packed: list[bytes] = field(default_factory=list)

    def pack(self, table: str, place: str | None) -> None:
        """Pack the rows; `place` is that of every row, None where it is found later."""
        columns: dict[str, Any] = dict(self.columns)
        if place is not None:
            columns["place"] = place
        columns["geom"] = self.geometry if self.shapes is None else self.shapes
        self.written = tuple(columns)
        self.packed = pack_rows(metadata.tables[table], columns, len(self))

    def __len__(self) -> int:
        """How many good rows there are."""
        return len(self.geometry)

    def without(self, refused: dict[int, Refusal]) -> Batch:
        """The batch without some of its rows, which are refused."""
        keep = [i for i in range(len(self)) if i not in refused]
        return Batch(
            self.layer,
            [self.rows[i] for i in keep],
            {name: [column[i] for i in keep] for name, column in self.columns.items()},
            self.geometry[keep],
            self.degrees[keep],
            [self.labels[i] for i in keep] if self.labels is not None else None,
            [*self.refusals, *refused.values()],
            self.repairs,
            self.ledger,
            self.flattened,
            self.written,
            None,
            [self.packed[i] for i in keep],
        )


class Preparation:
    """Makes batches of the pages of one source.

    Parameters
    ----------
    source
        The file.
    layers
        Layers by public name.
    mappings
        How columns are used, by layer.
    reference
        What the coordinates are.
    near
        Where the place is, if it has anything yet. For a new place the middle of the first page
        stands for it.
    place
        Key of the place of all features, so that one far from the others is an error; None where
        each has its own.
    lenient
        Make areas that cross themselves valid whatever that does to their size; it is reported.
    """

    def __init__(
        self,
        source: Source,
        *,
        layers: dict[str, Layer],
        mappings: dict[str, ColumnMapping],
        reference: Reference,
        near: Bounds | None,
        place: str | None,
        lenient: bool = False,
    ) -> None:
        self.source = source
        self.layers = layers
        self.mappings = mappings
        self.reference = reference
        self.near = near
        self.place = place
        self.lenient = lenient
        self._checked = False

    def batches(self) -> Generator[Batch, None, None]:
        """Prepare one page after the other.

        Raises
        ------
        InvalidInput
            What is wrong with the whole file.
        """
        for page in self.source.pages:
            if not self._checked and len(page):
                check_whole(page.geometry, self.reference, self.near)
                if self.place is not None and self.near is None:
                    self.near = self._middle(page)
                self._checked = True
            yield self._batch(page)

    def _middle(self, page: Page) -> Bounds | None:
        degrees = self.reference.to_degrees(self.reference.as_read(page.geometry))
        bounds = shapely.bounds(degrees)
        bounds = bounds[np.isfinite(bounds).all(axis=1)]
        null_island = np.all(np.abs(bounds) < 0.01, axis=1)
        bounds = bounds[~null_island]
        if not len(bounds):
            return None
        x, y = np.median((bounds[:, :2] + bounds[:, 2:]) / 2, axis=0)
        return (float(x), float(y), float(x), float(y))

    def _batch(self, page: Page) -> Batch:
        layer = self.layers[page.layer]
        mapping = self.mappings[page.layer]
        if not self.source.lenient and len(page):
            mapping.check_columns(list(page.columns))
        ledger = LayerLedger(page.layer, rows=len(page))
        for reason, examples in page.left_out.items():
            for example in examples:
                ledger.leave_out(reason, example)
        screened = screen(
            page,
            shape=layer.geometry,
            table=layer.table,
            reference=self.reference,
            near=self.near,
            most_change=1.0 if self.lenient else MOST_AREA_CHANGE,
        )
        read = mapping.apply(page, ledger)
        refused = complete(page.layer, read, len(page), ledger)
        batch = Batch(
            page.layer,
            [],
            read.columns,
            screened.geometry,
            screened.degrees,
            None,
            ledger=ledger,
            flattened=screened.flattened,
            shapes=_as_read(page, screened.geometry),
        )
        if read.kept is not None:
            batch.columns["properties"] = read.kept
        self._sort(page, batch, screened.refused, refused)
        if layer.table != "grid" and len(batch):
            batch.pack(layer.table, self.place)
            batch.shapes = None
        batch.repairs = [
            Repair(page.layer, page.first_row + i, what, change, place, _label(page, i))
            for i, (what, change, place) in sorted(screened.repaired.items())
            if i not in screened.refused and i not in refused
        ]
        return batch

    @staticmethod
    def _sort(
        page: Page,
        batch: Batch,
        by_geometry: dict[int, tuple[str, tuple[float, float] | None]],
        by_values: dict[int, tuple[str, str]],
    ) -> None:
        """Keep the good rows in the batch, and list the others."""
        bad = sorted(by_geometry.keys() | by_values.keys())
        for i in bad:
            row, label = page.first_row + i, _label(page, i)
            if i in by_geometry:
                reason, place = by_geometry[i]
                batch.refusals.append(Refusal(page.layer, row, reason, None, place, label))
            else:
                name, reason = by_values[i]
                xy = shapely.get_coordinates(batch.geometry[i])[0]
                place = (round(float(xy[0]), 7), round(float(xy[1]), 7))
                batch.refusals.append(Refusal(page.layer, row, reason, name, place, label))
        batch.rows = list(range(page.first_row, page.first_row + len(page)))
        batch.labels = list(page.labels) if page.labels is not None else None
        if not bad:
            return
        gone = set(bad)
        keep = [i for i in range(len(page)) if i not in gone]
        batch.rows = [batch.rows[i] for i in keep]
        batch.columns = {name: [column[i] for i in keep] for name, column in batch.columns.items()}
        batch.geometry, batch.degrees = batch.geometry[keep], batch.degrees[keep]
        if batch.shapes is not None:
            batch.shapes = batch.shapes[keep]
        if batch.labels is not None:
            batch.labels = [batch.labels[i] for i in keep]


def _as_read(page: Page, geometry: Geometries) -> Geometries | None:
    """The WKB of each geometry that is as it was read, and of a plain kind; else the geometry."""
    if page.wkb is None:
        return None
    if _are_plain(page.wkb, page.geometry) and all(map(is_, geometry, page.geometry)):
        return page.wkb
    shapes = np.empty(len(page), dtype=object)
    sizes = (shapely.get_num_coordinates(page.geometry) * _COORDINATE).tolist()
    shapes[:] = [
        wkb
        if shape is read and wkb is not None and len(wkb) - _PLAIN.get(wkb[:5], -1) == size
        else shape
        for shape, read, wkb, size in zip(geometry, page.geometry, page.wkb, sizes, strict=True)
    ]
    return shapes


def _are_plain(wkb: Geometries, geometry: Geometries) -> bool:
    """Whether the WKB of a whole page is of one plain kind and holds what its geometries have."""
    blobs = wkb.tolist()
    heads = {blob[:5] if blob is not None else b"" for blob in blobs}
    if len(heads) != 1 or not heads <= _PLAIN.keys():
        return False
    sizes = shapely.get_num_coordinates(geometry) * _COORDINATE + _PLAIN[heads.pop()]
    return bool((np.fromiter(map(len, blobs), np.int64, len(blobs)) == sizes).all())


def _label(page: Page, index: int) -> str | None:
    return page.labels[index] if page.labels is not None else None
