"""The story of an import, from a path to a report."""

from __future__ import annotations

import tempfile
import time
from contextlib import closing
from pathlib import Path

from gridmap.services.transfer import references
from gridmap.services.transfer.detection import detect
from gridmap.services.transfer.layer_import import LayerImport
from gridmap.services.transfer.opening import hash_file, open_source
from gridmap.services.transfer.options import ImportOptions, Progress
from gridmap.services.transfer.report import Report
from gridmap.services.transfer.run import Run
from gridmap.store.database import Engine


def _silent(_done: int, _total: int | None, _what: str) -> None:
    """No progress is shown."""


def _story(names: tuple[str, ...]) -> type[Run]:
    if names[0] not in {"grids", "micro-grids"}:
        return LayerImport
    from gridmap.services.transfer.grid_import import GridImport  # noqa: PLC0415 - needs scipy

    return GridImport


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
        with closing(source):
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
            names = options.layers_for(is_osm=kind == "osm")
            run = _story(names)(
                engine,
                source,
                reference,
                options=options,
                actor=actor,
                report=report,
                progress=progress,
            )
            try:
                run.do(names)
            finally:
                report.seconds = time.monotonic() - started
    return report
