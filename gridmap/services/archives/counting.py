"""Counting: rows of an archive's parts into cells and steps. The same loop here and on a worker.

A count is a whole number and sums of whole numbers do not depend on their order, so that however an
archive is cut among workers, the cube of all is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gridmap.algorithms.hotspots.cube import Cube, build_cube, merge_cubes
from gridmap.errors import InvalidInput, UnreadableFile
from gridmap.geometry import cells
from gridmap.geometry.crs import LocalCRS
from gridmap.services.archives.layout import Ground, decode_points, load_arrow
from gridmap.services.archives.sources import Part, Points

BATCH_ROWS = 1_000_000  # some 40 MB while they are counted


@dataclass(frozen=True)
class Counting:
    """What is counted, in which cells and steps: all that a worker needs to know.

    Parameters
    ----------
    window
        The cells.
    meridian
        Of the metric plane that they lie in.
    borders
        Borders of the steps in microseconds since 1970, for each time zone.
    categories, channels
        Those that count; all when empty.
    least_severity
        The least severity that counts.
    """

    window: cells.Tessellation
    meridian: int
    borders: dict[str, tuple[int, ...]]
    categories: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    least_severity: int = 1

    @property
    def steps(self) -> int:
        """Number of steps."""
        return len(next(iter(self.borders.values()))) - 1


@dataclass(frozen=True)
class Slice:
    """Row groups of one file."""

    path: Path
    ground: Ground
    groups: tuple[int, ...]
    columns: frozenset[str]


@dataclass(frozen=True)
class Partial:
    """The cube of a batch, as narrow as it travels."""

    cell: NDArray[np.int32]
    step: NDArray[np.int16]
    count: NDArray[np.int32]
    rows: int  # that were read

    def widen(self) -> Cube:
        """The cube again."""
        none = np.zeros(self.cell.size, np.int64)
        return Cube(
            self.cell.astype(np.int64),
            self.step.astype(np.int64),
            none,
            none,
            self.count.astype(np.int64),
        )


def cut_into_batches(
    parts: Iterable[Part], counting: Counting, *, rows: int = BATCH_ROWS
) -> list[tuple[Slice, ...]]:
    """Row groups that may lie in the window, in batches of about so many rows."""
    batches: list[tuple[Slice, ...]] = []
    batch: list[Slice] = []
    held = 0
    for part in parts:
        borders = counting.borders[part.ground.time_zone]
        taken: list[int] = []
        for group in part.groups:
            if group.first is not None and group.first >= borders[-1]:
                continue
            if group.last is not None and group.last < borders[0]:
                continue
            taken.append(group.number)
            held += group.rows
            if held >= rows:
                batch.append(Slice(part.path, part.ground, tuple(taken), part.columns))
                batches.append(tuple(batch))
                batch, taken, held = [], [], 0
        if taken:
            batch.append(Slice(part.path, part.ground, tuple(taken), part.columns))
    if batch:
        batches.append(tuple(batch))
    return batches


def count_batch(batch: Sequence[Slice], counting: Counting) -> Partial:
    """Count a batch.

    Raises
    ------
    UnreadableFile
        A file cannot be read: it is damaged, or not where this machine looks.
    """
    rows = 0
    cubes = []
    for piece in batch:
        points = _read(piece, counting)
        rows += points.x.size
        cubes.append(count_points(points, piece.ground.time_zone, counting))
    cube = merge_cubes(cubes) if len(cubes) != 1 else cubes[0]
    return Partial(
        cube.cell.astype(np.int32), cube.step.astype(np.int16), cube.count.astype(np.int32), rows
    )


def count_points(points: Points, zone: str, counting: Counting) -> Cube:
    """Count incidents in memory."""
    borders = np.array(counting.borders[zone], np.int64)
    cell = cells.assign(counting.window, points.x, points.y)
    step = np.searchsorted(borders, points.at, side="right") - 1
    step[step >= counting.steps] = -1
    return build_cube(cell, step)


def _read(piece: Slice, counting: Counting) -> Points:
    pa = load_arrow()
    same_plane = piece.ground.meridian == counting.meridian and {"x", "y"} <= piece.columns
    wanted = ["reported_at", *(("x", "y") if same_plane else ("geometry",))]
    filters = {"category": counting.categories, "channel": counting.channels}
    chosen = {name: values for name, values in filters.items() if values}
    wanted += list(chosen)
    if counting.least_severity > 1:
        wanted.append("severity")
    missing = [name for name in wanted if name not in piece.columns]
    if missing:
        raise InvalidInput(
            f"{piece.path} has no {', '.join(missing)}", hint="Ask without choosing by it."
        )
    try:
        with pa.parquet.ParquetFile(piece.path, read_dictionary=list(chosen)) as file:
            table = file.read_row_groups(list(piece.groups), columns=wanted)
    except (pa.ArrowInvalid, OSError) as error:
        raise UnreadableFile(
            f"{piece.path} cannot be read",
            hint="Every worker must see the archive under the same path.",
        ) from error
    table = _choose(pa, table, chosen, counting.least_severity)
    # A point without a moment is no incident of any window.
    at = _column(table, "reported_at").cast(pa.timestamp("us", tz="UTC")).cast(pa.int64())
    moments = at.fill_null(np.iinfo(np.int64).min).to_numpy()
    if same_plane:
        x, y = (_column(table, name).to_numpy(zero_copy_only=False) for name in ("x", "y"))
        return Points(x, y, moments)
    lon, lat = decode_points(table["geometry"])
    xy = LocalCRS(counting.meridian).to_metres(np.column_stack((lon, lat)))
    return Points(xy[:, 0], xy[:, 1], moments)


def _column(table: Any, name: str) -> Any:
    """A column in one piece."""
    return table[name].combine_chunks()


def _choose(pa: Any, table: Any, chosen: dict[str, tuple[str, ...]], severity: int) -> Any:
    """Only the rows of the wanted categories, channels and severities."""
    from pyarrow import compute  # noqa: PLC0415

    for name, values in chosen.items():
        table = table.filter(compute.is_in(table[name], value_set=pa.array(values)))
    if severity > 1:
        table = table.filter(compute.greater_equal(table["severity"], severity))
    return table
