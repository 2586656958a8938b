"""The part of a plan that an edit works on, and what the edit does to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.errors import Fault, InvalidInput

Polygons = NDArray[np.object_]
Ints = NDArray[np.int64]

REACH_M = 5.0  # how far an end of a drawn line is moved to meet an edge
SMALLEST_PIECE_M2 = 4.0  # a smaller piece is a slip of the hand
NEW = -1


class RefusedEdit(InvalidInput):
    """A line or choice that cannot be carried out: why, and where (metres)."""

    def __init__(self, reason: str, *, place: Any = None, hint: str | None = None) -> None:
        where = None if place is None else tuple(shapely.get_coordinates(place)[0].tolist())
        super().__init__(reason, hint=hint, faults=(Fault(reason, place=where),))


@dataclass(frozen=True)
class Patch:
    """The part of a plan that an edit may touch.

    Parameters
    ----------
    atoms
        Polygons: all of the grids that the edit names, and all others within reach of its line.
    owners
        Number of the lowest grid of each atom.
    outline
        Boundary lines of the territory, which no edit moves.
    """

    atoms: Polygons
    owners: Ints
    outline: Any


@dataclass(frozen=True)
class Change:
    """What an edit does to a patch.

    Parameters
    ----------
    removed
        Indices of atoms that are replaced.
    added
        The atoms that replace them.
    added_from
        For each added atom, the index of the atom that it was a part of.
    added_owner
        For each added atom its grid; `NEW`, `NEW - 1`, … stand for grids to be made.
    moved
        Indices of atoms that stay as they are and change hands.
    moved_to
        Their new grids.
    """

    removed: Ints
    added: Polygons
    added_from: Ints
    added_owner: Ints
    moved: Ints
    moved_to: Ints

    @property
    def fresh(self) -> list[int]:
        """Placeholders of the grids that are made: `NEW`, `NEW - 1`, …, those with ground."""
        wanted = np.concatenate((self.added_owner, self.moved_to))
        return sorted({int(item) for item in wanted if item <= NEW}, reverse=True)

    def apply(self, patch: Patch) -> Patch:
        """The patch after the edit."""
        owners = patch.owners.copy()
        owners[self.moved] = self.moved_to
        kept = np.ones(len(owners), dtype=bool)
        kept[self.removed] = False
        return Patch(
            np.concatenate((patch.atoms[kept], self.added)),
            np.concatenate((owners[kept], self.added_owner)),
            patch.outline,
        )

    def origins(self, before: Ints) -> Ints:
        """Give each atom of the patch after the edit what `before` says of the one it is of."""
        kept = np.ones(len(before), dtype=bool)
        kept[self.removed] = False
        return np.concatenate((before[kept], before[self.added_from]))


def handover(patch: Patch, after: Ints) -> Change:
    """Let whole atoms change hands: `after` is the grid of each atom of the patch."""
    none = np.empty(0, dtype=np.int64)
    moved = np.flatnonzero(after != patch.owners)
    return Change(none, np.empty(0, dtype=object), none, none, moved, after[moved])
