"""What is counted: the parts of an archive, or the incidents of one place in the database."""

from __future__ import annotations

import glob
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.errors import Fault, InvalidInput, NotFound, UnreadableFile
from gridmap.geometry.crs import LocalCRS, meridian_of
from gridmap.services.archives.layout import PLACES, Ground, load_arrow
from gridmap.services.archives.months import after, midnight, months_between, zone_of
from gridmap.store import database, exports, points
from gridmap.store.database import Engine

_NEEDED = ("reported_at", "geometry")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Group:
    """A row group of a part: what can be skipped, or read alone.

    `first` and `last` are microseconds since 1970 (UTC), None where the file does not say.
    """

    number: int
    rows: int
    first: int | None
    last: int | None


@dataclass(frozen=True)
class Part:
    """One file of an archive."""

    path: Path
    ground: Ground
    groups: tuple[Group, ...]
    box: tuple[float, float, float, float]  # west, south, east, north in degrees
    columns: frozenset[str]

    @property
    def rows(self) -> int:
        """Number of incidents."""
        return sum(group.rows for group in self.groups)


@dataclass(frozen=True)
class Points:
    """Incidents in memory: metres, and microseconds since 1970 (UTC)."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    at: NDArray[np.int64]


@dataclass(frozen=True)
class Source:
    """Incidents and the ground that they lie on.

    Parameters
    ----------
    name
        In words, for the answer.
    crs
        The metric plane that is counted in.
    area
        The ground in metres; None where nobody says it, then the box of the incidents counts.
    time_zone
        The clock of dates in a question.
    begins, ends
        First day, and the day after the last: whole months.
    parts, points
        One of the two.
    """

    name: str
    crs: LocalCRS
    area: Any
    time_zone: str
    begins: date
    ends: date
    parts: tuple[Part, ...] = ()
    points: Points | None = None

    @property
    def rows(self) -> int:
        """Number of incidents, before any is chosen."""
        return sum(part.rows for part in self.parts) if self.points is None else self.points.x.size


def open_place(
    engine: Engine,
    place: str,
    *,
    begins: date | None = None,
    ends: date | None = None,
    categories: tuple[str, ...] = (),
    channels: tuple[str, ...] = (),
    least_severity: int = 1,
) -> Source:
    """Read the incidents of a place from the database.

    Parameters
    ----------
    engine, place
        Whose incidents.
    begins, ends
        Days of the place's own time, the last one excluded; all whole months by default.
    categories, channels, least_severity
        Which incidents; all by default.

    Raises
    ------
    NotFound
        No such place, or it has neither territory nor incidents.
    """
    with database.translated(), engine.connect() as connection:
        record = exports.read_places(connection, (place,))[0]
        if record.ground is None or record.first is None or record.last is None:
            raise NotFound(f"{place} has no territory, or no incidents")
        zone = zone_of(record.time_zone)
        first = begins or record.first.astimezone(zone).date().replace(day=1)
        last = ends or after(record.last.astimezone(zone).date())
        found = points.read_incidents(
            connection,
            place,
            midnight(first, zone),
            midnight(max(last, first + timedelta(1)), zone),
            categories=categories,
            channels=channels,
            least_severity=least_severity,
        )
    crs = LocalCRS(record.meridian)
    xy = crs.to_metres(np.column_stack((found.lon, found.lat)))
    at = np.round(found.at * 1e6).astype(np.int64)
    held = Points(np.ascontiguousarray(xy[:, 0]), np.ascontiguousarray(xy[:, 1]), at)
    area = crs.project(shapely.from_wkb(record.ground))
    return Source(place, crs, area, record.time_zone, first, last, points=held)


def open_archive(
    pattern: str,
    *,
    places: tuple[str, ...] = (),
    area: Any = None,
    time_zone: str = "UTC",
) -> Source:
    """Look at the footers of an archive's parts; no incident is read yet.

    Parameters
    ----------
    pattern
        A folder (all its `*.parquet`), a file, or a pattern such as `archive/*/month=2026-*/*`.
    places
        Only the parts of these places; all by default.
    area
        The ground in degrees; by default what the archive says of its places.
    time_zone
        Of parts that do not say theirs.

    Raises
    ------
    NotFound
        No part fits the pattern.
    UnreadableFile
        A part is no Parquet file, or has no `reported_at` and `geometry`.
    """
    files = _files(pattern)
    if not files:
        raise NotFound(
            f"There is no archive at {pattern}",
            hint="Name the folder that `gridmap incidents export` wrote, or a pattern of files.",
        )
    parts = [_read_footer(path, time_zone) for path in files]
    chosen = tuple(part for part in parts if not places or part.ground.key in places)
    if not chosen:
        known = ", ".join(sorted({part.ground.key for part in parts}))
        raise NotFound(f"The archive has no part of {', '.join(places)}", hint=f"It has {known}.")
    ground = area if area is not None else _read_ground(chosen)
    crs = _plane_of(chosen)
    zones = {part.ground.time_zone for part in chosen}
    zone = min(zones)
    begins, ends = _span(chosen)
    shown = None if ground is None else crs.project(ground)
    return Source(pattern, crs, shown, zone, begins, ends, parts=chosen)


def _files(pattern: str) -> list[Path]:
    path = Path(pattern)
    if path.is_dir():
        found: Iterable[Path] = path.rglob("*.parquet")
    else:
        found = (Path(name) for name in glob.glob(pattern, recursive=True))  # noqa: PTH207 - absolute patterns
    # Names that begin with _ or . are not data, as elsewhere.
    return sorted(p.resolve() for p in found if p.is_file() and p.name[0] not in "_.")


def _read_footer(path: Path, time_zone: str) -> Part:
    pa = load_arrow()
    try:
        footer = pa.parquet.read_metadata(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise UnreadableFile(
            f"{path} is not a whole Parquet file",
            hint="Copy it again, or leave it out of the pattern.",
            faults=(Fault(str(error).splitlines()[0].rstrip(".")),),
        ) from error
    schema = footer.schema.to_arrow_schema()
    names = frozenset(schema.names)
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise UnreadableFile(
            f"{path} is not an archive of incidents",
            hint="Its parts have the columns reported_at (time) and geometry (points).",
            faults=tuple(Fault("no such column", field=name) for name in missing),
        )
    if not pa.types.is_timestamp(schema.field("reported_at").type):
        raise UnreadableFile(
            f"{path} has times that are not timestamps",
            faults=(Fault(f"{schema.field('reported_at').type}", field="reported_at"),),
        )
    about = schema.metadata or {}
    own = json.loads(about.get(b"gridmap", b"{}"))
    column = json.loads(about.get(b"geo", b"{}")).get("columns", {}).get("geometry", {})
    box = column.get("bbox")
    if box is None:
        raise UnreadableFile(
            f"{path} does not say where its points lie",
            hint="Write it as GeoParquet with a bbox.",
            faults=(Fault("no bbox of the geometry", field="geo"),),
        )
    box = (box[0], box[1], box[len(box) // 2], box[len(box) // 2 + 1])
    key = own.get("place") or _folder_value(path, "place")
    meridian = own.get("meridian", meridian_of((box[0] + box[2]) / 2))
    ground = Ground(key, int(meridian), own.get("time_zone", time_zone))
    zone_of(ground.time_zone)
    return Part(path, ground, _groups(footer), box, names)


def _folder_value(path: Path, name: str) -> str:
    values = [part.partition("=")[2] for part in path.parts if part.startswith(f"{name}=")]
    return values[-1] if values else ""


def _groups(footer: Any) -> tuple[Group, ...]:
    names = [footer.schema.column(i).path for i in range(footer.num_columns)]
    at = names.index("reported_at")
    groups = []
    for number in range(footer.num_row_groups):
        group = footer.row_group(number)
        known = group.column(at).statistics
        told = known is not None and known.has_min_max
        first, last = (_stamp(known.min), _stamp(known.max)) if told else (None, None)
        groups.append(Group(number, group.num_rows, first, last))
    return tuple(groups)


def _stamp(moment: datetime) -> int:
    known = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (known - _EPOCH) // _MICROSECOND


def _read_ground(parts: tuple[Part, ...]) -> Any:
    """The ground of the places, where the archive has a file of it; else None."""
    keys = {part.ground.key for part in parts}
    roots = {folder for part in parts for folder in part.path.parents[:4]}
    found: dict[str, Any] = {}
    for root in roots:
        file = root / PLACES
        if not file.is_file():
            continue
        for feature in json.loads(file.read_text(encoding="utf-8"))["features"]:
            if feature["properties"]["key"] in keys and feature["geometry"]:
                shape = shapely.from_geojson(json.dumps(feature["geometry"]))
                found[feature["properties"]["key"]] = shape
    return shapely.union_all([found[key] for key in sorted(keys)]) if keys <= set(found) else None


def _plane_of(parts: tuple[Part, ...]) -> LocalCRS:
    """The plane that most incidents are at home in; no incident may be far from its meridian."""
    weight: dict[int, int] = {}
    for part in parts:
        weight[part.ground.meridian] = weight.get(part.ground.meridian, 0) + part.rows
    meridian = max(sorted(weight), key=lambda key: weight[key])
    west, east = min(part.box[0] for part in parts), max(part.box[2] for part in parts)
    if west < meridian - _FARTHEST or east > meridian + _FARTHEST:
        raise InvalidInput(
            f"The incidents reach from {west:.2f}° to {east:.2f}° east",
            hint=f"One question spans {_FARTHEST}° on either side of {meridian}°, where a metre is "
            "a metre within 0.6 %: ask region by region, by --place or by a pattern of files.",
            faults=(Fault("too wide for one metric plane", field="archive"),),
        )
    return LocalCRS(meridian)


_FARTHEST = 6


def _span(parts: tuple[Part, ...]) -> tuple[date, date]:
    """Whole months in which there are incidents, by what the footers say."""
    first, last = [], []
    for part in parts:
        zone = zone_of(part.ground.time_zone)
        for group in part.groups:
            if group.first is None or group.last is None:
                raise UnreadableFile(
                    f"{part.path} does not say when its incidents happened",
                    hint="Write it with statistics, as Parquet writers do by default.",
                    faults=(Fault("no statistics", field="reported_at"),),
                )
            first.append((_EPOCH + group.first * _MICROSECOND).astimezone(zone).date())
            last.append((_EPOCH + group.last * _MICROSECOND).astimezone(zone).date())
    if not first:
        raise NotFound("The archive has no incident")
    months = months_between(min(first), max(last))
    return months[0], after(months[-1])
