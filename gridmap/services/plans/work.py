"""One edit on its way: what the draft is, what may be touched, and the difference that grows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.errors import Conflict, InvalidInput, NotFound
from gridmap.geometry import edits
from gridmap.geometry.crs import LocalCRS
from gridmap.store import drafts
from gridmap.store.database import Connection
from gridmap.store.drafts import Atoms, Difference, Draft, GridRow

Ints = NDArray[np.int64]
REACH_DEGREES = 0.0002  # about 20 m: farther than an edit reaches beyond its line


@dataclass(frozen=True)
class Ground:
    """Atoms of a draft that an edit may touch, as rows and as a patch in metres."""

    atoms: Atoms
    patch: edits.Patch
    level: int


class EditWork:
    """One edit on its way: what the draft is, and the difference that grows."""

    def __init__(self, connection: Connection, draft: Draft) -> None:
        self.connection = connection
        self.draft = draft
        self.grids = drafts.read_grids(connection, draft.id)
        self.crs = LocalCRS(draft.meridian)
        self.change = Difference()

    def grid(self, number: int) -> GridRow:
        """A grid of the draft that may be edited.

        Raises
        ------
        NotFound
            The draft has no such grid.
        Conflict
            It is locked.
        """
        found = self.any_grid(number)
        self._refuse_locked([number])
        return found

    def any_grid(self, number: int) -> GridRow:
        """A grid of the draft, locked or not."""
        if number not in self.grids:
            raise NotFound(f"Plan {self.draft.id} has no grid {number}")
        return self.grids[number]

    def leaves_of(self, number: int) -> list[int]:
        """Lowest grids of a grid, itself included."""
        if self.grids[number].lowest:
            return [number]
        children = [key for key, row in self.grids.items() if row.parent_id == number]
        return [leaf for child in children for leaf in self.leaves_of(child)]

    def chain(self, number: int | None) -> list[int]:
        """A grid and all above it, the lowest first."""
        found = []
        while number is not None and number in self.grids:
            found.append(number)
            number = self.grids[number].parent_id
        return found

    def owners(self, leaves: Ints, level: int) -> Ints:
        """The grid of a level that each lowest grid lies in; itself where there is none."""
        above = {
            int(leaf): next(
                (at for at in self.chain(int(leaf)) if self.grids[at].level == level), int(leaf)
            )
            for leaf in np.unique(leaves)
        }
        return np.array([above[int(leaf)] for leaf in leaves], dtype=np.int64)

    def ground(self, grids: Iterable[int], level: int, near: Any | None = None) -> Ground:
        """All atoms of some grids, and those of others near a geometry in degrees."""
        leaves = [leaf for number in grids for leaf in self.leaves_of(number)]
        atoms = drafts.read_atoms(self.connection, self.draft.id, leaves, near, REACH_DEGREES)
        outline = drafts.read_outline(self.connection, self.draft.territory_id)
        patch = edits.Patch(
            self.crs.receive(atoms.polygons),
            self.owners(atoms.grids, level),
            shapely.boundary(self.crs.receive(outline)),
        )
        return Ground(atoms, patch, level)

    def around(self, near: Any, level: int) -> Ground:
        """All atoms of the grids of a level that a geometry in degrees comes near to."""
        atoms = drafts.read_atoms(self.connection, self.draft.id, [], near, REACH_DEGREES)
        if not len(atoms.ids):
            raise InvalidInput("Nothing of the plan lies there", hint="Draw inside the territory.")
        return self.ground(np.unique(self.owners(atoms.grids, level)).tolist(), level, near)

    def in_metres(self, work: Callable[[], edits.Change]) -> edits.Change:
        """Compute a change; the place of a refusal comes back in degrees."""
        try:
            return work()
        except edits.RefusedEdit as refusal:
            place = refusal.faults[0].place
            point = None if place is None else self.crs.publish(shapely.Point(place))
            raise edits.RefusedEdit(refusal.message, place=point, hint=refusal.hint) from None

    def guard(self, moves: Iterable[tuple[int | None, int | None]]) -> None:
        """Refuse moves of ground from one grid to another where a locked one would change."""
        changed: set[int] = set()
        for before, after in set(moves):
            if before != after:
                changed |= set(self.chain(before)) ^ set(self.chain(after))
        self._refuse_locked(sorted(changed))

    def _refuse_locked(self, numbers: Sequence[int]) -> None:
        for number in numbers:
            if self.grids[number].locked:
                raise Conflict(f"{self.grids[number].name} is locked", hint="Unlock it first.")

    def rewrite(self, changes: dict[int, dict[str, Any]]) -> None:
        """Note new attributes of grids."""
        for row in drafts.read_grid_rows(self.connection, list(changes)):
            self.change.grids_before.append(row)
            self.change.grids_after.append(row | changes[row["id"]])

    def rehome(self, parents: dict[int, int]) -> None:
        """Note another parent of grids, where it is another one."""
        moves = {
            number: {"parent_id": parent, "parent": self.code_of(parent)}
            for number, parent in parents.items()
            if self.grids[number].parent_id != parent
        }
        self.guard((self.grids[number].parent_id, parents[number]) for number in moves)
        self.rewrite(moves)

    def code_of(self, number: int) -> str:
        """The code of a grid that is there, or is made by this edit."""
        if number in self.grids:
            return self.grids[number].code
        made = {row["id"]: str(row["code"]) for row in self.change.grids_after}
        return made[number]

    def make(
        self, number: int, like: GridRow, parent: int | None, *, lowest: bool, **attributes: Any
    ) -> None:
        """Note a new grid beside `like`, with the next free code under its parent."""
        row = drafts.read_grid_rows(self.connection, [like.id])[0]
        prefix = like.code[:-3]
        taken = {item.code for item in self.grids.values() if item.level == like.level}
        taken |= {item["code"] for item in self.change.grids_after}
        free = (f"{prefix}{n:03d}" for n in range(1, 1000))
        code = next((code for code in free if code not in taken), None)
        if code is None:
            raise InvalidInput(f"{prefix} has 999 grids already", hint="Merge some of them.")
        self.change.grids_after.append(
            row
            | {
                "id": number,
                "lowest": lowest,
                "code": code,
                "name": f"{row['name']}（新）",
                "name_en": f"{row['name_en']} (new)" if row["name_en"] else None,
                "parent_id": parent,
                "parent": row["parent"] if parent is None else self.code_of(parent),
                "locked": False,
            }
            | attributes
        )

    def remove(self, numbers: Iterable[int]) -> None:
        """Note grids that go."""
        gone = set(numbers)
        listed = {row["id"] for row in self.change.grids_before}
        self.change.grids_before.extend(
            drafts.read_grid_rows(self.connection, sorted(gone - listed))
        )
        self.change.grids_after[:] = [
            row for row in self.change.grids_after if row["id"] not in gone
        ]

    def finish(self) -> None:
        """Let upper grids go that have nothing below them any more.

        Raises
        ------
        InvalidInput
            The edit changes nothing.
        """
        if not (self.change.linked or self.change.grids_before or self.change.grids_after):
            raise InvalidInput("The edit changes nothing")
        parents = {number: row.parent_id for number, row in self.grids.items()}
        while True:
            for row in self.change.grids_before:
                parents.pop(row["id"], None)
            parents |= {row["id"]: row["parent_id"] for row in self.change.grids_after}
            held = set(parents.values())
            empty = [
                number
                for number in parents
                if number in self.grids and not self.grids[number].lowest and number not in held
            ]
            if not empty:
                return
            self.remove(empty)
