"""Compiled loops: what would take minutes in numpy takes milliseconds here.

Each module holds the loops of one subject, compiled by numba at the first call on a machine and
read from its cache afterwards. They are loaded by the functions that need them and not before,
because numba takes half a second to import. They check nothing: their callers did.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from gridmap.errors import Unavailable


def load(subject: str) -> ModuleType:
    """Load the loops of a subject.

    Raises
    ------
    Unavailable
        numba is not installed. There is no slow substitute.
    """
    try:
        return import_module(f"{__name__}.{subject}")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"numba", "llvmlite"}:
            raise
        raise Unavailable(
            "This method needs numba, which is not installed.",
            hint="pip install gridmap[analysis]",
        ) from error
