"""Incidents as columns, and those that were read lately: a changed question reads none again."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from gridmap.geometry.crs import LocalCRS
from gridmap.services.hotspots.question import Question
from gridmap.store import points
from gridmap.store.database import Connection, Engine

Metres = NDArray[np.float64]
Moments = NDArray[np.datetime64]

MOST_ROWS = 3_000_000  # incidents that are kept of each database: 40 bytes each, 120 MB
SQUARE_M = 200.0  # ground where anything happens is counted in squares of this size
_COLUMN_M = 50.0


@dataclass(frozen=True)
class Incidents:
    """Where (x, y in metres), when (in the time of the place, to the second), and which."""

    xy: Metres
    at: Moments
    id: NDArray[np.int64]

    def __len__(self) -> int:
        """Count them."""
        return len(self.id)

    def chosen(self, wanted: NDArray[Any]) -> Incidents:
        """Some of them, by numbers or by a mask."""
        return Incidents(self.xy[wanted], self.at[wanted], self.id[wanted])

    @cached_property
    def occupied_squares(self) -> int:
        """Number of squares of 200 m where anything happened."""
        if not len(self):
            return 0
        column, row = np.floor(self.xy / SQUARE_M).astype(np.int64).T
        column -= column.min()
        row -= row.min()
        width, height = int(column.max()) + 1, int(row.max()) + 1
        number = row * width + column
        # A town has few squares, which are counted faster than numbers are sorted.
        if width * height <= 4 * len(self) + 1_000_000:
            return int(np.count_nonzero(np.bincount(number, minlength=1)))
        return int(np.unique(number).size)

    def within(self, west: float, south: float, east: float, north: float) -> NDArray[np.int64]:
        """Numbers of those in a box, its rim included."""
        order, starts, first = self._columns
        low = np.clip(int(np.floor(west / _COLUMN_M)) - first, 0, len(starts) - 1)
        high = np.clip(int(np.floor(east / _COLUMN_M)) + 1 - first, 0, len(starts) - 1)
        near = order[starts[low] : starts[high]]
        x, y = self.xy[near, 0], self.xy[near, 1]
        found: NDArray[np.int64] = near[(x >= west) & (x <= east) & (y >= south) & (y <= north)]
        return found

    @cached_property
    def _columns(self) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
        """Numbers by strips of 50 m from the west, where each strip starts, and the first one."""
        strip = np.floor(self.xy[:, 0] / _COLUMN_M).astype(np.int64)
        first = int(strip.min(initial=0)) if not len(strip) else int(strip.min())
        strip -= first
        count = int(strip.max(initial=-1)) + 1
        # 16 bits are sorted digit by digit, in no time.
        narrow = strip.astype(np.uint16) if count < 1 << 16 else strip
        starts = np.concatenate(([0], np.cumsum(np.bincount(strip, minlength=count))))
        return np.argsort(narrow, kind="stable"), starts, first


@dataclass(frozen=True)
class _Block:
    """What was read: all incidents of a window that pass a filter, with their exact moments."""

    begins: int
    ends: int
    incidents: Incidents
    micros: NDArray[np.int64]

    def window(self, begins: int, ends: int) -> Incidents:
        """Those of a window inside the block's, in the same order (by id)."""
        if (begins, ends) == (self.begins, self.ends):
            return self.incidents
        return self.incidents.chosen((self.micros >= begins) & (self.micros < ends))


class _Recent:
    """Blocks of one database at one revision of its incidents, the longest unused forgotten."""

    def __init__(self) -> None:
        self._revision = -1
        self._blocks: OrderedDict[tuple[Any, ...], _Block] = OrderedDict()
        self._guard = Lock()

    def find(self, revision: int, key: tuple[Any, ...], begins: int, ends: int) -> _Block | None:
        with self._guard:
            if revision != self._revision:
                return None
            for place, block in self._blocks.items():
                if place[0] == key and block.begins <= begins and ends <= block.ends:
                    self._blocks.move_to_end(place)
                    return block
        return None

    def keep(self, revision: int, key: tuple[Any, ...], block: _Block) -> None:
        with self._guard:
            if revision < self._revision or len(block.micros) > MOST_ROWS:
                return
            if revision > self._revision:
                self._blocks.clear()
                self._revision = revision
            for place, other in list(self._blocks.items()):
                inside = block.begins <= other.begins and other.ends <= block.ends
                if place[0] == key and inside:
                    del self._blocks[place]
            self._blocks[key, block.begins, block.ends] = block
            while sum(len(other.micros) for other in self._blocks.values()) > MOST_ROWS:
                self._blocks.popitem(last=False)


_RECENT: WeakKeyDictionary[Engine, _Recent] = WeakKeyDictionary()
_GUARD = Lock()


def read_incidents(
    connection: Connection,
    question: Question,
    window: tuple[datetime, datetime],
    categories: tuple[str, ...],
    crs: LocalCRS,
    zone: ZoneInfo,
) -> Incidents:
    """Incidents of a half-open window that pass the filters of a question, ordered by id.

    Up to three million incidents of each database stay in memory, by the revision of the layer: a
    question about a part of a window that was read before is answered from there, exactly as if it
    were read again. They are forgotten with the next change of any incident.
    """
    begins, ends = map(_micros, window)
    key = (
        question.place,
        crs.meridian,
        zone.key,
        tuple(sorted(set(categories))),
        tuple(sorted(set(question.channels))),
        question.least_severity,
    )
    with _GUARD:
        recent = _RECENT.setdefault(connection.engine, _Recent())
    revision = points.read_revision(connection)
    block = recent.find(revision, key, begins, ends)
    if block is None:
        found = points.read_incidents(
            connection,
            question.place,
            *window,
            categories=categories,
            channels=question.channels,
            least_severity=question.least_severity,
        )
        xy = crs.to_metres(np.column_stack((found.lon, found.lat)))
        incidents = Incidents(xy, to_local(found.at, zone), found.id)
        block = _Block(begins, ends, incidents, np.round(found.at * 1e6).astype(np.int64))
        # Outside of a snapshot somebody may have written meanwhile.
        if points.read_revision(connection) == revision:
            recent.keep(revision, key, block)
    return block.window(begins, ends)


def to_local(at: NDArray[np.float64], zone: ZoneInfo) -> Moments:
    """Seconds since 1970 (UTC) as the clocks of a zone show them."""
    moments: Moments = at.astype("datetime64[s]")
    if not len(at):
        return moments
    # The offset is looked up once a day: no zone changes it more often.
    days = moments.astype("datetime64[D]").astype(np.int64)
    first = int(days.min())
    offsets = np.array(
        [int(_offset(np.datetime64(day, "D"), zone)) for day in range(first, int(days.max()) + 1)],
        dtype="timedelta64[s]",
    )
    shifted: Moments = moments + offsets[days - first]
    return shifted


def _offset(day: np.datetime64, zone: ZoneInfo) -> float:
    noon = datetime.fromisoformat(f"{day}T12:00:00+00:00").astimezone(zone)
    offset = noon.utcoffset()
    return offset.total_seconds() if offset else 0.0


def _micros(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
