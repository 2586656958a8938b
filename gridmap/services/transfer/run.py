"""What every import does around its rows: the place, earlier imports, the datum, the record."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import shapely

from gridmap.errors import Conflict
from gridmap.geometry.crs import meridian_of
from gridmap.services.transfer.datum_check import check_datum
from gridmap.services.transfer.mapping import ColumnMapping
from gridmap.services.transfer.options import ImportOptions, Progress, zone_of
from gridmap.services.transfer.pages import Geometries, Source
from gridmap.services.transfer.preparing import Batch, Preparation
from gridmap.services.transfer.references import Reference
from gridmap.services.transfer.report import ImportRefused, Report
from gridmap.services.transfer.screening import Bounds
from gridmap.store import audit, imports, places
from gridmap.store.database import Connection, Engine
from gridmap.store.layers import find_layer

_TIME_ZONE = "Asia/Shanghai"
_DRY_RUN = "it was a dry run"


class NotStored(Exception):  # noqa: N818 - rolls the transaction back and is no error
    """The transaction is to be rolled back, and the report says why."""


class Run(ABC):
    """One import on its way.

    Parameters
    ----------
    engine
        Of the database.
    source, reference
        The file, and what its coordinates are.
    options
        What the user said.
    actor
        Who imports.
    report
        Filled on the way.
    progress
        Is told how many rows are done.

    Attributes
    ----------
    datum_checked
        Layers whose first rows have been compared with what is stored.
    """

    def __init__(
        self,
        engine: Engine,
        source: Source,
        reference: Reference,
        *,
        options: ImportOptions,
        actor: str,
        report: Report,
        progress: Progress,
    ) -> None:
        self.engine = engine
        self.source = source
        self.reference = reference
        self.options = options
        self.actor = actor
        self.report = report
        self.progress = progress
        self.datum_checked: set[str] = set()

    @abstractmethod
    def do(self, names: tuple[str, ...]) -> None:
        """Import into the layers of these names.

        Raises
        ------
        ImportRefused
            Rows are not good.
        """

    def decide(self) -> None:
        """Leave the transaction unless everything is to be stored.

        Raises
        ------
        NotStored
        """
        if self.report.refused and not (self.options.skip_bad or self.options.leave):
            self.report.why_not = "rows are not good"
        elif not self.report.accepted:
            self.report.why_not = "no row is good"
        elif self.options.dry_run:
            self.report.why_not = _DRY_RUN
        if self.report.why_not:
            raise NotStored

    def give_up(self, hint: str) -> None:
        """Say that nothing was stored; after a dry run that found nothing this is no error.

        Raises
        ------
        ImportRefused
        """
        if self.report.why_not == _DRY_RUN:
            return
        refused, rows = self.report.refused, self.report.rows
        said = (
            f"{refused:,} of {rows:,} rows of {self.report.file} are not good; nothing was stored"
            if rows
            else f"{self.report.file} has no rows; nothing was stored"
        )
        # Where no row is good, the file as a whole is something else.
        raise ImportRefused(said, report=self.report, hint=hint if self.report.accepted else None)

    def prepare(
        self, names: tuple[str, ...], place: imports.PlaceRow | None, near: Bounds | None
    ) -> Preparation:
        """Make what turns pages into batches."""
        zone = self._zone(place)
        return Preparation(
            self.source,
            layers={name: find_layer(name) for name in names},
            mappings={
                name: ColumnMapping(
                    name,
                    self.options.mapped,
                    zone=zone,
                    short_names=self.source.short_names,
                    lenient=self.source.lenient,
                )
                for name in names
            },
            reference=self.reference,
            near=near,
            place=self.options.place,
            lenient=self.options.leave,
        )

    def _zone(self, place: imports.PlaceRow | None) -> ZoneInfo:
        return zone_of(self.options.time_zone or (place.time_zone if place else _TIME_ZONE))

    def find_place(self, connection: Connection) -> imports.PlaceRow | None:
        """The place that is stored already."""
        key = self.options.place
        found = imports.read_place(connection, key) if key else None
        if found:
            self._say_place(found, created=False)
        return found

    def create_place(
        self, connection: Connection, geometry: Geometries, *, meridian: int | None = None
    ) -> imports.PlaceRow:
        """Make the place that the user has named; its zone of metres is that of the data.

        What was arranged already says its `meridian`: atoms keep their bits in that zone only.
        """
        key = self.options.place
        assert key is not None
        bounds = shapely.bounds(geometry)
        longitude = float(np.median((bounds[:, 0] + bounds[:, 2]) / 2))
        made = imports.PlaceRow(
            key,
            self.options.place_name or key,
            meridian_of(longitude) if meridian is None else meridian,
            self.options.time_zone or _TIME_ZONE,
        )
        places.insert_place(
            connection,
            key=made.key,
            name=made.name,
            meridian=made.meridian,
            time_zone=made.time_zone,
        )
        self._say_place(made, created=True)
        return made

    def _say_place(self, place: imports.PlaceRow, *, created: bool) -> None:
        self.report.place = {
            "key": place.key,
            "name": place.name,
            "how": "given",
            "created": created,
            "meridian": place.meridian,
        }

    def check_earlier(self, connection: Connection, names: tuple[str, ...]) -> None:
        """Refuse a file that was imported before, unless the user means it.

        Raises
        ------
        Conflict
        """
        for name in names:
            imports.lock_imports(connection, name, self.options.place)
            earlier = imports.find_earlier(
                connection,
                sha256=bytes.fromhex(self.report.sha256),
                source_layer=self.source.layer,
                layer=name,
                place=self.options.place,
                network=self.options.network if name in {"grids", "micro-grids"} else None,
            )
            if earlier is None or self.options.again or self.options.replace:
                continue
            replace = ", or --replace to put it in the place of what is there"
            raise Conflict(
                f"The same file was imported into {name} on {earlier.at:%Y-%m-%d %H:%M} by "
                f"{earlier.actor} as {earlier.source} ({earlier.accepted:,} rows)",
                hint=f"Give --again to import it once more{replace if self.options.place else ''}.",
            )

    def check_datum(self, connection: Connection, batch: Batch) -> None:
        """Compare the first page of each layer with what is stored.

        Raises
        ------
        InvalidInput
            It looks like another datum.
        """
        if batch.layer in self.datum_checked or not len(batch):
            return
        self.datum_checked.add(batch.layer)
        territory = None
        if self.options.place is not None:
            _, shapes = imports.read_territories(connection, place=self.options.place)
            territory = shapely.union_all(shapes) if len(shapes) else None
        self.report.datum_check[batch.layer] = check_datum(
            batch.degrees,
            table=find_layer(batch.layer).table,
            reference=self.reference,
            territory=territory,
            read_near=lambda table, bounds: imports.read_near(
                connection, table, bounds, limit=5_000
            ),
        )

    def take(self, batch: Batch) -> None:
        """Add what became of a batch to the report."""
        ledger, page = self.report.ledger(batch.layer), batch.ledger
        ledger.rows += page.rows
        ledger.accepted += len(batch)
        known = {use.column for use in ledger.columns}
        ledger.columns.extend(use for use in page.columns if use.column not in known)
        ledger.unknown_values.update(page.unknown_values)
        ledger.defaults.update(page.defaults)
        for reason, count in page.left_out.items():
            ledger.leave_out(reason, *page.left_out_examples[reason], count=count)
        self.report.refuse(batch.refusals)
        self.report.repair(batch.repairs)
        if batch.flattened:
            self.report.note("Heights and measures of coordinates were dropped")

    def record(self, connection: Connection, *, noun: str = "layer", noun_id: str = "") -> None:
        """Leave a row in `import_run` for each layer, and one act in the audit."""
        runs = {}
        for ledger in self.report.layers.values():
            runs[ledger.layer] = imports.insert_run(
                connection,
                actor=self.actor,
                layer=ledger.layer,
                place=self.options.place,
                source=self.report.file,
                sha256=bytes.fromhex(self.report.sha256),
                accepted=ledger.accepted,
                repaired=ledger.repaired,
                refused=ledger.refused,
            )
            ledger.import_run = runs[ledger.layer]
        document: dict[str, Any] = self.report.as_dict() | {"stored": True}
        for run_id in runs.values():
            imports.finish_run(connection, run_id, document)
        audit.record(
            connection,
            actor=self.actor,
            action="import",
            noun=noun,
            noun_id=noun_id or ",".join(runs),
            detail={
                "file": self.report.file,
                "sha256": self.report.sha256,
                "place": self.options.place,
                "runs": list(runs.values()),
                "accepted": self.report.accepted,
                "deleted": sum(ledger.deleted for ledger in self.report.layers.values()),
            },
        )
