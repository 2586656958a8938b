"""Batches into the tables of their layers, inside the one transaction of the import."""

from __future__ import annotations

from types import TracebackType
from typing import Self

import numpy as np
import shapely

from gridmap.model import Layer
from gridmap.services.transfer.preparing import Batch
from gridmap.services.transfer.report import Refusal
from gridmap.store import imports, incidents
from gridmap.store.database import Connection
from gridmap.store.loading import PackedCopy
from gridmap.store.packing import pack_rows
from gridmap.store.tables import metadata

# Layers whose rows have codes of their own, each at most once in a place.
WITH_CODES = {"territories", "buildings", "resource-points", "incidents"}


class Writer:
    """Writes the batches of one import.

    Rows are on their way until `finish`: before that the connection can do nothing else.

    Parameters
    ----------
    connection
        Of the import's transaction.
    layers
        Layers by public name.
    place
        Key of the place of all features; None gives each that of the territory around it.
    """

    def __init__(
        self, connection: Connection, *, layers: dict[str, Layer], place: str | None
    ) -> None:
        self.connection = connection
        self.layers = layers
        self.place = place
        self._copying = PackedCopy(connection)
        self.without_place = 0
        self.places: set[str] = set()
        self._codes: dict[str, set[str]] = {name: set() for name in layers}
        self._stored_codes: dict[tuple[str, str | None], bool] = {}

    def __enter__(self) -> Self:
        """Begin with nothing on its way."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Finish, or break off after an error."""
        self._copying.__exit__(kind, error, trace)

    def finish(self) -> None:
        """Wait until what was written is stored, so that the database can be asked something."""
        self._copying.finish()

    def check(self, batch: Batch) -> Batch:
        """Give the batch a place for each row, and refuse codes that are taken."""
        if not len(batch):
            return batch
        if self.place is None:
            batch.columns["place"] = self._places_of(batch)
        if batch.layer not in WITH_CODES or "code" not in batch.columns:
            return batch
        refused = self._taken(batch)
        return batch.without(refused) if refused else batch

    def write(self, batch: Batch) -> None:
        """Append the rows of a batch."""
        if not len(batch):
            return
        if batch.layer == "incidents":
            times = batch.columns["reported_at"]
            self.finish()
            incidents.ensure_months(self.connection, min(times), max(times))
        table = self.layers[batch.layer].table
        names, rows = list(batch.written), batch.packed
        if self.place is None:
            columns = {"place": batch.columns["place"]}
            places = pack_rows(metadata.tables[table], columns, len(batch))
            names.append("place")
            rows = [row + place for row, place in zip(rows, places, strict=True)]
        self._copying.write(table, names, rows)

    def _places_of(self, batch: Batch) -> list[str | None]:
        """The place of the smallest territory that a point of each feature lies in."""
        self.finish()
        west, south, east, north = shapely.total_bounds(batch.geometry).tolist()
        keys, shapes = imports.read_territories(self.connection, (west, south, east, north))
        found: list[str | None] = [None] * len(batch)
        if keys:
            # Sorted by area: the first hit is the smallest.
            tree = shapely.STRtree(shapes)
            rows, hits = tree.query(shapely.centroid(batch.geometry), predicate="intersects")
            order = np.lexsort((hits, rows))
            for row, hit in zip(rows[order].tolist(), hits[order].tolist(), strict=True):
                if found[row] is None:
                    found[row] = keys[hit]
        self.without_place += found.count(None)
        self.places.update(key for key in found if key is not None)
        return found

    def _taken(self, batch: Batch) -> dict[int, Refusal]:
        """Rows whose code the file has had before, or the database has."""
        codes = batch.columns["code"]
        places = batch.columns.get("place", [self.place] * len(batch))
        seen = self._codes[batch.layer]
        stored = self._stored(batch.layer, codes, places)
        given = {*codes}
        given.discard(None)
        if not stored and len(given) == len(codes) and seen.isdisjoint(given):
            seen |= given
            return {}
        refused = {}
        for i, code in enumerate(codes):
            if code is None:
                continue
            if code in seen:
                refused[i] = _refusal(batch, i, f"the code {code} occurs twice in the file")
            elif (places[i], code) in stored:
                refused[i] = _refusal(batch, i, f"there is a row with the code {code} already")
            seen.add(code)
        return refused

    def _stored(
        self, layer: str, codes: list[str | None], places: list[str | None]
    ) -> set[tuple[str | None, str]]:
        given = [code for code in codes if code is not None]
        if layer == "territories":
            self.finish()
            found = imports.find_territory_codes(self.connection, given)
            return {(place, code) for place in set(places) for code in found}
        table = self.layers[layer].table
        taken: set[tuple[str | None, str]] = set()
        for place in set(places):
            # Asked once, before the import's own rows are there.
            if (layer, place) not in self._stored_codes:
                self.finish()
                self._stored_codes[layer, place] = imports.has_codes(self.connection, table, place)
            if self._stored_codes[layer, place]:
                self.finish()
                found = imports.find_codes(self.connection, table, place, given)
                taken |= {(place, code) for code in found}
        return taken


def _refusal(batch: Batch, index: int, reason: str) -> Refusal:
    longitude, latitude = shapely.get_coordinates(batch.geometry[index])[0].tolist()
    return Refusal(
        batch.layer,
        batch.rows[index],
        reason,
        "code",
        (round(longitude, 7), round(latitude, 7)),
        batch.labels[index] if batch.labels is not None else None,
    )
