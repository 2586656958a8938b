"""Archives out of the database: one snapshot, partitioned by place and month."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely

from gridmap.errors import Conflict, InvalidInput
from gridmap.services.archives.layout import PLACES, Ground, load_arrow, write_part
from gridmap.services.archives.months import after, midnight, months_between, zone_of
from gridmap.store import audit, database, exports
from gridmap.store.database import Connection, Engine

Progress = Callable[[str, int], None]  # a part as place/month, its incidents


@dataclass(frozen=True)
class Exported:
    """What was written."""

    folder: Path
    places: int
    parts: int
    incidents: int


def _quietly(_part: str, _incidents: int) -> None:
    """Nobody watches."""


def export_incidents(
    engine: Engine,
    folder: Path,
    *,
    actor: str,
    places: tuple[str, ...] = (),
    replace: bool = False,
    progress: Progress = _quietly,
) -> Exported:
    """Write the incidents of places as partitioned GeoParquet (see `layout`).

    All rows are those of one moment. The archive appears at once when it is complete; only its
    owner may read it, because it tells exactly where something happened. The audit says who took
    it.

    Parameters
    ----------
    engine, actor
        From where, and in whose name.
    folder
        The archive; it must not be there yet.
    places
        Keys of places; all by default.
    replace
        Whether an older archive at `folder` is replaced.
    progress
        Called after each part.

    Raises
    ------
    Conflict
        Something is there already.
    NotFound
        No such place.
    """
    load_arrow()
    _check_target(folder, replace=replace)
    making = folder.with_name(f".{folder.name}.being-written")
    shutil.rmtree(making, ignore_errors=True)
    try:
        making.mkdir(mode=0o700, parents=True)
    except OSError as error:
        raise InvalidInput(
            f"{folder} cannot be made: {error.strerror}", hint="Name a folder that you may write."
        ) from error
    try:
        with (
            database.translated(),
            engine.connect().execution_options(isolation_level="REPEATABLE READ") as snapshot,
        ):
            made = _write_all(snapshot, making, places, progress)
        with database.transaction(engine, actor=actor) as connection:
            audit.record(
                connection,
                actor=actor,
                action="export",
                noun="incident",
                detail={"places": [key for key, _, _ in made], "folder": str(folder.resolve())},
            )
        if folder.exists():
            shutil.rmtree(folder)
        making.rename(folder)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    return Exported(
        folder, len(made), sum(parts for _, parts, _ in made), sum(count for _, _, count in made)
    )


def _check_target(folder: Path, *, replace: bool) -> None:
    if folder.is_file():
        raise InvalidInput(f"{folder} is a file", hint="Name a folder that is not there yet.")
    if folder.exists() and any(folder.iterdir()):
        # Nothing but an archive is ever removed.
        if not (folder / PLACES).is_file():
            raise Conflict(
                f"{folder} is not empty, and no archive", hint="Name a folder that is not there."
            )
        if not replace:
            raise Conflict(f"{folder} is an archive already", hint="--replace writes it again.")


def _write_all(
    snapshot: Connection, folder: Path, places: tuple[str, ...], progress: Progress
) -> list[tuple[str, int, int]]:
    made = []
    features = []
    for record in exports.read_places(snapshot, places):
        parts = incidents = 0
        if record.first is not None and record.last is not None:
            zone = zone_of(record.time_zone)
            ground = Ground(record.key, record.meridian, record.time_zone)
            days = (moment.astimezone(zone).date() for moment in (record.first, record.last))
            for month in months_between(*days):
                begins, ends = midnight(month, zone), midnight(after(month), zone)
                rows = exports.read_rows(snapshot, record.key, begins, ends)
                if not rows:
                    continue
                named = f"{month:%Y-%m}"
                home = folder / f"place={record.key}" / f"month={named}"
                home.mkdir(parents=True)
                columns = _parse(rows)
                write_part(home / "part-0.parquet", columns, ground, named)
                parts, incidents = parts + 1, incidents + len(columns["id"])
                progress(f"{record.key}/{named}", len(columns["id"]))
        features.append(_feature(record, incidents))
        made.append((record.key, parts, incidents))
    text = json.dumps(
        {"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=1
    )
    (folder / PLACES).write_text(text, encoding="utf-8")
    return made


def _feature(record: exports.PlaceRecord, incidents: int) -> dict[str, Any]:
    shape = None if record.ground is None else shapely.from_wkb(record.ground)
    return {
        "type": "Feature",
        "geometry": None if shape is None else json.loads(shapely.to_geojson(shape)),
        "properties": {
            "key": record.key,
            "name": record.name,
            "meridian": record.meridian,
            "time_zone": record.time_zone,
            "incidents": incidents,
        },
    }


def _parse(text: bytes) -> dict[str, Any]:
    """Columns of a month, read with their types: nothing is guessed."""
    pa = load_arrow()
    from pyarrow import csv  # noqa: PLC0415

    kinds = {
        "id": pa.int64(),
        "code": pa.string(),
        "reported_at": pa.int64(),
        "closed_at": pa.int64(),
        "category": pa.string(),
        "severity": pa.int8(),
        "channel": pa.string(),
        "state": pa.string(),
        "lon": pa.float64(),
        "lat": pa.float64(),
    }
    table = csv.read_csv(
        io.BytesIO(text),
        read_options=csv.ReadOptions(column_names=list(exports.COLUMNS)),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        # COPY writes an empty text as "" and nothing as nothing.
        convert_options=csv.ConvertOptions(
            column_types=kinds,
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    return {name: table[name] for name in table.column_names}
