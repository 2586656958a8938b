"""Where the atoms stand, and how faults in it are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gridmap.errors import Fault, InvalidInput

_LISTED = 20


@dataclass(frozen=True)
class Source:
    """Where the atoms and what is known of them stand.

    Parameters
    ----------
    layer
        Name of the layer; None if the file has one only.
    households, atom
        Columns: number of households, and the atom's name in the tables.
    adjacency
        CSV with the columns ``a``, ``b`` (atoms), ``length_m``, and optionally ``kind``
        (``internal`` is off the street, ``river`` cannot be crossed) and ``barrier`` (0 or 1; then
        `kind` says nothing of barriers). None: shared edges are measured.
    block
        Column with the block of each atom: an edge inside a block is off the street. Only without
        `adjacency`.
    locked
        CSV with the columns ``atom``, ``grid`` (a whole number) and optionally ``complete`` (1: no
        atom comes to this grid).
    crs
        What the coordinates are, where the file does not say it.
    """

    path: Path
    layer: str | None = None
    households: str = "households"
    atom: str = "atom"
    adjacency: Path | None = None
    block: str | None = None
    locked: Path | None = None
    crs: str | None = None


def refuse(message: str, faults: Sequence[Fault]) -> None:
    """Raise if there are faults, and name the first of them."""
    if faults:
        more = len(faults) - _LISTED
        raise InvalidInput(
            message,
            hint=f"And {more} more." if more > 0 else None,
            faults=tuple(faults[:_LISTED]),
        )
