"""How far people walk: along streets where there are some, and it is said which way it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from gridmap.algorithms.streets import DETOUR, StreetGraph, Walks, build_graph, straight_walks
from gridmap.geometry.crs import LocalCRS
from gridmap.store import database, places, walks
from gridmap.store.database import Connection, Engine

BY_STREETS, BY_LINE = "streets", "line"
IN_WORDS = {BY_STREETS: "along streets", BY_LINE: f"straight line × {DETOUR}"}


@dataclass(frozen=True)
class Meter:
    """Measures walks in one place.

    Parameters
    ----------
    crs
        The metric plane of the place.
    graph
        Its streets; None where it has none, and walks are straight lines × `DETOUR`.
    """

    crs: LocalCRS
    graph: StreetGraph | None

    @property
    def method(self) -> str:
        """How walks are measured, wherever that is possible: `streets` or `line`."""
        return BY_LINE if self.graph is None else BY_STREETS

    def metres(self, lonlat: Any) -> NDArray[np.float64]:
        """Degrees (longitude, latitude) as metres (easting, northing), (n, 2)."""
        return self.crs.to_metres(np.asarray(lonlat, dtype=np.float64).reshape(-1, 2))

    def walk(self, starts: NDArray[np.float64], doors: NDArray[np.float64]) -> Walks:
        """Walks between points in metres of `crs`, every start to every door."""
        if self.graph is None or not len(starts) or not len(doors):
            return straight_walks(starts, doors)
        return self.graph.walk(starts, doors)


# The streets of each place, in the revision that they were read in; one process, one memory.
_graphs: WeakKeyDictionary[Engine, dict[str, tuple[int, StreetGraph | None]]] = WeakKeyDictionary()


def open_meter(engine: Engine, place: str, connection: Connection | None = None) -> Meter:
    """Make what measures walks in a place; its graph of streets is kept until a street changes.

    Raises
    ------
    NotFound
        No such place.
    """
    if connection is None:
        with database.translated(), engine.connect() as own:
            return open_meter(engine, place, own)
    crs = LocalCRS(places.read_meridian(connection, place))
    # The revision is read first: a change meanwhile is then read again, never missed.
    revision = walks.read_street_revision(connection)
    kept = _graphs.setdefault(engine, {})
    known = kept.get(place)
    if known is None or known[0] != revision:
        known = (revision, build_graph(crs.project(walks.read_streets(connection, place))))
        kept[place] = known
    return Meter(crs, known[1])
