"""From the file to the plan."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import shapely

from gridmap.algorithms import partition
from gridmap.errors import Fault, InvalidInput
from gridmap.services.partition.answer import Answer
from gridmap.services.partition.reading import read_atoms
from gridmap.services.partition.source import Source
from gridmap.services.partition.tables import read_edges, read_locks

_SAME_POINT_M = 1e-3

# Proposals a second of a middling machine, and what the start of the program takes of the time.
_STEPS_PER_SECOND = 750_000
_START_S = 3.0
_LEAST_STEPS_PER_ATOM = 200
_LOADING_S = 3.0  # more than this was no reading of machine code


def steps_in(seconds: float, atoms: int) -> int:
    """Proposals that a search of so many atoms makes in `seconds` of processor time.

    A fixed rate, not one that is measured: so the same seed gives the same plan on a fast machine
    and on one that is busy, as long as the time suffices at all.
    """
    return max(_LEAST_STEPS_PER_ATOM * atoms, int((seconds - _START_S) * _STEPS_PER_SECOND))


def compile_loops() -> float:
    """Make the search ready; give the processor seconds that compiling took, 0 if it was done.

    Raises
    ------
    Unavailable
        numba is not installed.
    """
    began = time.process_time()
    partition.prepare()
    took = time.process_time() - began
    return took if took > _LOADING_S else 0.0


def cut_file(
    source: Source,
    *,
    minimum: int,
    maximum: int,
    grids: int | None = None,
    seed: int = 1,
    seconds: float | None = None,
    elapsed: Callable[[], float] | None = None,
) -> Answer:
    """Cut the atoms of a file into grids of `minimum` to `maximum` households.

    Parameters
    ----------
    seconds
        How long the search should take; by default what its size needs.
    elapsed
        Gives the share of the time that is used up; the search ends at 1.

    Raises
    ------
    UnreadableFile
        The file or a table is missing, or not what its name says.
    InvalidInput
        A column, a value, an atom or a lock that cannot be; or no plan has so many grids.
    Unavailable
        numba is not installed.
    """
    size = partition.SizeRange(minimum, maximum)
    if grids is not None and grids < 1:
        raise InvalidInput(f"{grids} grids are no plan", faults=(Fault("below 1", field="grids"),))
    if seconds is not None and not (math.isfinite(seconds) and seconds > 0):
        raise InvalidInput("The time is above 0 seconds", faults=(Fault("no time", field="time"),))
    names, polygons, households, blocks = read_atoms(source)
    index = {str(name): at for at, name in enumerate(names)}
    if source.adjacency is None:
        neighbours = _measure_edges(polygons, blocks)
    else:
        neighbours = read_edges(source.adjacency, index)
    atoms = partition.Atoms(
        households=households,
        area_m2=shapely.area(polygons),
        perimeter_m=shapely.length(polygons),
        centre=shapely.get_coordinates(shapely.point_on_surface(polygons)),
        neighbours=neighbours,
        outlines=partition.trace_outlines(polygons, neighbours),
    )
    plan = partition.partition(
        atoms,
        size,
        rng=np.random.default_rng(seed),
        grids=grids,
        fixed=None if source.locked is None else read_locks(source.locked, index),
        steps=None if seconds is None else steps_in(seconds, len(atoms)),
        elapsed=elapsed,
    )
    return Answer(tuple(names), plan, seed)


def _measure_edges(polygons: Any, blocks: list[Any] | None) -> partition.Neighbours:
    """Shared edges of the polygons; off the street inside a block."""
    from gridmap.geometry.adjacency import shared_edges  # noqa: PLC0415 - scipy: 0.3 s

    edges = shared_edges(polygons, unit=_SAME_POINT_M)
    inside = np.zeros(len(edges.first), dtype=bool)
    if blocks is not None:
        known = [block is not None for block in blocks]
        inside = np.array(
            [
                known[a] and blocks[a] == blocks[b]
                for a, b in zip(edges.first.tolist(), edges.second.tolist(), strict=True)
            ],
            dtype=bool,
        )
    return partition.Neighbours(
        first=edges.first,
        second=edges.second,
        length=edges.length,
        off_street=inside,
        barrier=np.zeros(len(edges.first), dtype=bool),
    )
