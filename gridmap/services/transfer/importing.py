"""The story of an import, from a path to a report."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from gridmap.errors import Conflict
from gridmap.geometry.crs import meridian_of
from gridmap.services.transfer import references
from gridmap.services.transfer.datum_check import check_datum
from gridmap.services.transfer.detection import detect
from gridmap.services.transfer.mapping import ColumnMapping
from gridmap.services.transfer.opening import hash_file, open_source
from gridmap.services.transfer.options import ImportOptions, Progress, zone_of
from gridmap.services.transfer.pages import Source
from gridmap.services.transfer.pipeline import read_ahead
from gridmap.services.transfer.preparing import Batch, Preparation
from gridmap.services.transfer.references import Reference
from gridmap.services.transfer.report import ImportRefused, Report
from gridmap.services.transfer.screening import Bounds
from gridmap.services.transfer.storing import Writer
from gridmap.store import audit, database, imports, places
from gridmap.store.database import Connection, Engine
from gridmap.store.layers import find_layer

_TIME_ZONE = "Asia/Shanghai"


class _NotStored(Exception):  # noqa: N818 - rolls the transaction back and is no error
    """The transaction is to be rolled back, and the report says why."""


def _silent(_done: int, _total: int | None, _what: str) -> None:
    """No progress is shown."""


def import_file(
    engine: Engine,
    path: Path,
    options: ImportOptions,
    *,
    actor: str,
    progress: Progress = _silent,
) -> Report:
    """Load a file into a layer, all or nothing.

    Parameters
    ----------
    engine
        Of a database with the newest schema.
    path
        The file.
    options
        Layer, place, and what the user knows about the file.
    actor
        Who imports; recorded in `import_run` and in the audit.
    progress
        Is told how many rows are done.

    Returns
    -------
    Report
        What was accepted, repaired and refused.

    Raises
    ------
    ImportRefused
        Rows are not good, and `skip_bad` was not given; nothing is stored, and the error has the
        report.
    InvalidInput, UnreadableFile, TooLarge
        The file as a whole is not good.
    Conflict
        The file was imported before.
    """
    started = time.monotonic()
    options.check()
    kind = detect(path)
    with tempfile.TemporaryDirectory(prefix="gridmap-import-") as folder:
        source = open_source(path, kind, Path(folder), options)
        with closing(source.pages):
            reference = references.resolve(
                source.crs,
                format_=source.format,
                crs=options.crs,
                datum=options.datum,
                swapped=options.swap_axes,
            )
            report = Report(path.name, hash_file(path), source.format, source.layer)
            report.reference = reference.as_dict()
            for note in source.notes:
                report.note(note)
            run = _Run(engine, source, reference, options, actor, report, progress)
            try:
                run.do(options.layers_for(is_osm=kind == "osm"))
            finally:
                report.seconds = time.monotonic() - started
    return report


class _Run:
    """One import on its way."""

    def __init__(
        self,
        engine: Engine,
        source: Source,
        reference: Reference,
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

    def do(self, names: tuple[str, ...]) -> None:
        """Import into the layers of these names."""
        try:
            with database.transaction(self.engine, actor=self.actor) as connection:
                self._load(connection, names)
                self._decide()
                self._record(connection)
        except _NotStored:
            if self.options.dry_run and not self._is_bad():
                return
            raise ImportRefused(
                self._said(),
                report=self.report,
                hint=None
                if not self.report.accepted
                else "Mend the rows, or give --skip-bad to store the others.",
            ) from None
        self.report.stored = True

    def _decide(self) -> None:
        """Leave the transaction unless everything is to be stored."""
        if self.report.refused and not self.options.skip_bad:
            self.report.why_not = "rows are not good"
        elif not self.report.accepted:
            self.report.why_not = "no row is good"
        elif self.options.dry_run:
            self.report.why_not = "it was a dry run"
        if self.report.why_not:
            raise _NotStored

    def _is_bad(self) -> bool:
        return self.report.why_not != "it was a dry run"

    def _said(self) -> str:
        refused, rows = self.report.refused, self.report.rows
        if not rows:
            return f"{self.report.file} has no rows; nothing was stored"
        return (
            f"{refused:,} of {rows:,} rows of {self.report.file} are not good; nothing was stored"
        )

    def _load(self, connection: Connection, names: tuple[str, ...]) -> None:
        layers = {name: find_layer(name) for name in names}
        place = self._place(connection)
        self._check_earlier(connection, names)
        zone = zone_of(self.options.time_zone or (place.time_zone if place else _TIME_ZONE))
        near = imports.read_extent(connection, place.key) if place else None
        preparation = Preparation(
            self.source,
            layers=layers,
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
            one_place=self.options.place is not None,
        )
        writer = Writer(connection, layers=layers, place=self.options.place)
        if self.options.replace:
            self._delete(connection, names)
        with closing(read_ahead(preparation.batches)) as batches:
            self._store(connection, batches, writer, is_new=place is None)
        self._say_places(writer)
        for layer in layers.values():
            if self.report.ledger(layer.name).accepted:
                imports.analyze(connection, layer.table)

    def _place(self, connection: Connection) -> imports.PlaceRow | None:
        """The place that is stored already."""
        key = self.options.place
        found = imports.read_place(connection, key) if key else None
        if found:
            self.report.place = {
                "key": found.key,
                "name": found.name,
                "how": "given",
                "created": False,
                "meridian": found.meridian,
            }
        return found

    def _check_earlier(self, connection: Connection, names: tuple[str, ...]) -> None:
        for name in names:
            imports.lock_imports(connection, name, self.options.place)
            earlier = imports.find_earlier(
                connection,
                sha256=bytes.fromhex(self.report.sha256),
                source_layer=self.source.layer,
                layer=name,
                place=self.options.place,
            )
            if earlier and not (self.options.again or self.options.replace):
                raise Conflict(
                    f"The same file was imported into {name} on "
                    f"{earlier.at:%Y-%m-%d %H:%M} by {earlier.actor} as {earlier.source} "
                    f"({earlier.accepted:,} rows)",
                    hint="Give --again to import it once more"
                    + (
                        ", or --replace to put it in the place of what is there."
                        if self.options.place
                        else "."
                    ),
                )

    def _delete(self, connection: Connection, names: tuple[str, ...]) -> None:
        assert self.options.place is not None
        for name in names:
            table = find_layer(name).table
            deleted = imports.delete_rows(connection, table, self.options.place)
            self.report.ledger(name).deleted = deleted

    def _store(
        self,
        connection: Connection,
        batches: Generator[Batch, None, None],
        writer: Writer,
        *,
        is_new: bool,
    ) -> None:
        done, creates = 0, is_new and self.options.place is not None
        for batch in batches:
            self._check_datum(connection, batch, writer)
            if creates and len(batch):
                self._create_place(connection, batch)
                creates = False
            checked = writer.check(batch)
            self._take(checked)
            if not self.report.refused or self.options.skip_bad:
                writer.write(checked)
            done += batch.ledger.rows
            self.progress(done, self.source.rows, "rows")

    def _check_datum(self, connection: Connection, batch: Batch, writer: Writer) -> None:
        """Compare the first page of each layer with what is stored."""
        if batch.layer in self.datum_checked or not len(batch):
            return
        self.datum_checked.add(batch.layer)
        territory = None
        if self.options.place is not None:
            _, shapes = imports.read_territories(connection, place=self.options.place)
            territory = shapely.union_all(shapes) if len(shapes) else None
        found = check_datum(
            batch.degrees,
            table=writer.layers[batch.layer].table,
            reference=self.reference,
            territory=territory,
            read_near=lambda table, bounds: _read_near(connection, table, bounds),
        )
        self.report.datum_check[batch.layer] = found

    def _create_place(self, connection: Connection, batch: Batch) -> None:
        key = self.options.place
        assert key is not None
        bounds = shapely.bounds(batch.geometry)
        longitude = float(np.median((bounds[:, 0] + bounds[:, 2]) / 2))
        meridian = meridian_of(longitude)
        name = self.options.place_name or key
        places.insert_place(
            connection,
            key=key,
            name=name,
            meridian=meridian,
            time_zone=self.options.time_zone or _TIME_ZONE,
        )
        self.report.place = {
            "key": key,
            "name": name,
            "how": "given",
            "created": True,
            "meridian": meridian,
        }

    def _take(self, batch: Batch) -> None:
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

    def _say_places(self, writer: Writer) -> None:
        if self.options.place is not None:
            return
        keys = sorted(writer.places)
        self.report.place = {
            "key": keys[0] if len(keys) == 1 else None,
            "name": None,
            "how": "territory" if keys else "none",
            "created": False,
            "meridian": None,
        }
        if keys:
            self.report.note(f"Places were given by territory: {', '.join(keys)}")
        if writer.without_place:
            self.report.note(f"{writer.without_place:,} rows lie in no territory and have no place")

    def _record(self, connection: Connection) -> None:
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
            noun="layer",
            noun_id=",".join(runs),
            detail={
                "file": self.report.file,
                "sha256": self.report.sha256,
                "place": self.options.place,
                "runs": list(runs.values()),
                "accepted": self.report.accepted,
                "deleted": sum(ledger.deleted for ledger in self.report.layers.values()),
            },
        )


def _read_near(connection: Connection, table: str, bounds: Bounds) -> Any:
    return imports.read_near(connection, table, bounds, limit=5_000)
