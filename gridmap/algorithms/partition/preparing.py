"""The compiled loops made ready before their time counts."""

from __future__ import annotations

import numpy as np

from gridmap.algorithms.partition.partitioning import partition
from gridmap.algorithms.partition.problem import Atoms, Neighbours, SizeRange


def prepare() -> None:
    """Compile the loops, or read what a former call left: about 11 s, then 0.2 s.

    A search calls for them by itself; this is for a caller who measures time, and for an
    installation that wants the wait behind it. The machine code is kept beside the sources or,
    where these are read-only, in the user's cache folder; ``NUMBA_CACHE_DIR`` names another. Where
    none can be written, every process compiles for itself.

    Raises
    ------
    Unavailable
        numba is not installed.
    """
    row = np.arange(4)
    no = np.zeros(3, dtype=bool)
    atoms = Atoms(
        households=np.full(4, 30),
        area_m2=np.full(4, 1e4),
        perimeter_m=np.full(4, 400.0),
        centre=np.column_stack((row * 100.0, np.zeros(4))),
        neighbours=Neighbours(row[:-1], row[1:], np.full(3, 100.0), no, no),
    )
    partition(atoms, SizeRange(50, 70), grids=2, rng=np.random.default_rng(1), steps=100)
