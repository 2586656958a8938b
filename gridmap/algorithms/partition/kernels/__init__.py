"""Compiled loops of the partitioner: they check nothing, their callers did.

Loaded by `load` when a plan is asked for and not before, because numba takes most of a second to
import. The first call on a machine compiles; afterwards the machine code is read from the cache.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from gridmap.errors import Unavailable


def load() -> ModuleType:
    """Load the loops.

    Raises
    ------
    Unavailable
        numba is not installed. There is no slow substitute.
    """
    try:
        return import_module(f"{__name__}.annealing")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"numba", "llvmlite"}:
            raise
        raise Unavailable(
            "The partitioner needs numba, which is not installed.",
            hint="pip install gridmap[analysis]",
        ) from error
