"""Features into the layers that hold them as they are: all but grids."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing, contextmanager

from gridmap.services.transfer.pipeline import read_ahead
from gridmap.services.transfer.preparing import Batch
from gridmap.services.transfer.run import NotStored, Run
from gridmap.services.transfer.storing import WITH_CODES, Writer
from gridmap.store import database, imports
from gridmap.store.database import Connection
from gridmap.store.layers import find_layer
from gridmap.store.loading import indexes_built_later, place_checked_once

# From here on it pays to build indexes behind the rows instead of growing them.
_MANY_ROWS = 50_000


class LayerImport(Run):
    """Reads, checks and stores batch after batch in one transaction."""

    def do(self, names: tuple[str, ...]) -> None:
        """Import into the layers of these names.

        Raises
        ------
        ImportRefused
            Rows are not good, and the others are not to be stored without them.
        """
        try:
            with database.transaction(self.engine, actor=self.actor) as connection:
                self._load(connection, names)
                self.decide()
                self.record(connection)
        except NotStored:
            self.give_up("Mend the rows, or give --skip-bad to store the others.")
        else:
            self.report.stored = True

    def _load(self, connection: Connection, names: tuple[str, ...]) -> None:
        place = self.find_place(connection)
        self.check_earlier(connection, names)
        near = imports.read_extent(connection, place.key) if place else None
        preparation = self.prepare(names, place, near)
        writer = Writer(connection, layers=preparation.layers, place=self.options.place)
        if self.options.replace:
            self._delete(connection, names)
        with closing(read_ahead(preparation.batches)) as batches, self._loading(connection, names):
            self._store(connection, batches, writer, names, is_new=place is None)
        if self.options.place is None:
            self._say_places(writer)
        for name in names:
            if self.report.ledger(name).accepted:
                imports.analyze(connection, find_layer(name).table)

    def _delete(self, connection: Connection, names: tuple[str, ...]) -> None:
        assert self.options.place is not None
        for name in names:
            deleted = imports.delete_rows(connection, find_layer(name).table, self.options.place)
            self.report.ledger(name).deleted = deleted

    def _is_large(self, names: tuple[str, ...]) -> bool:
        """Whether to treat the table as a whole instead of row by row.

        A partitioned table has indexes and triggers for each partition, under names of their own.
        """
        one_table = len(names) == 1 and find_layer(names[0]).table != "incident"
        return one_table and (self.source.rows or 0) >= _MANY_ROWS

    @contextmanager
    def _loading(self, connection: Connection, names: tuple[str, ...]) -> Iterator[None]:
        """Build indexes behind the rows where a large file meets an almost empty table."""
        table = find_layer(names[0]).table
        rows = self.source.rows or 0
        if not self._is_large(names) or not imports.has_fewer_rows(connection, table, rows // 4):
            yield
            return
        keep = ("btree",) if self._looks_up_codes(connection, names[0]) else ()
        with indexes_built_later(connection, table, keep=keep) as later:
            if later:
                self.report.note("Indexes were built behind the rows; readers of the layer waited")
            yield

    def _looks_up_codes(self, connection: Connection, name: str) -> bool:
        """Whether codes of the file are compared with codes that are stored, page by page."""
        place = self.options.place
        return name in WITH_CODES and (
            place is None or imports.has_codes(connection, find_layer(name).table, place)
        )

    def _store(
        self,
        connection: Connection,
        batches: Generator[Batch, None, None],
        writer: Writer,
        names: tuple[str, ...],
        *,
        is_new: bool,
    ) -> None:
        place, done, begun = self.options.place, 0, False
        with ExitStack() as stack:
            for batch in batches:
                if batch.layer not in self.datum_checked:
                    writer.finish()
                    self.check_datum(connection, batch)
                if not begun and len(batch):
                    if place is not None and is_new:
                        self.create_place(connection, batch.geometry)
                    if place is not None and self._is_large(names):
                        table = find_layer(names[0]).table
                        stack.enter_context(place_checked_once(connection, table, place))
                    stack.enter_context(writer)
                    begun = True
                checked = writer.check(batch)
                self.take(checked)
                if not self.report.refused or self.options.skip_bad:
                    writer.write(checked)
                done += batch.ledger.rows
                self.progress(done, self.source.rows, "rows")

    def _say_places(self, writer: Writer) -> None:
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
