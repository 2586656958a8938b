"""One edit on its way from a drawn line to a difference of rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.errors import Conflict, InvalidInput, NotFound
from gridmap.geometry import edits, nesting
from gridmap.geometry.crs import LocalCRS
from gridmap.store import drafts, plans
from gridmap.store.database import Connection
from gridmap.store.drafts import Difference, Draft, GridRow

Ints = NDArray[np.int64]
Operation = Callable[[edits.Patch, Any], edits.Change]
_REACH_DEGREES = 0.0002  # about 20 m: farther than an edit reaches beyond its line


class EditWork:
    """One edit on its way: what the draft is, and the difference that grows."""

    def __init__(self, connection: Connection, draft: Draft) -> None:
        self.connection = connection
        self.draft = draft
        self.grids = drafts.read_grids(connection, draft.id)
        self.crs = LocalCRS(draft.meridian)
        self.change = Difference()
        self.new_parents: dict[int, int | None] = {}

    def grid(self, number: int) -> GridRow:
        """A grid of the draft that may be edited."""
        if number not in self.grids:
            raise NotFound(f"Plan {self.draft.id} has no grid {number}")
        found = self.grids[number]
        if found.locked:
            raise Conflict(f"{found.name} is locked", hint="Unlock it first.")
        return found

    def leaves_of(self, number: int) -> list[int]:
        """Lowest grids of a grid, itself included."""
        if self.grids[number].lowest:
            return [number]
        children = [key for key, row in self.grids.items() if row.parent_id == number]
        return [leaf for child in children for leaf in self.leaves_of(child)]

    def ancestor(self, leaf: int, level: int) -> int:
        """The grid of a level that a lowest grid lies in."""
        number: int | None = leaf
        while number is not None:
            row = self.grids[number]
            if row.level == level:
                return number
            number = row.parent_id
        raise NotFound(f"Grid {leaf} has no ancestor of level {level}")

    def cut(self, chosen: Sequence[GridRow], line: Any, operation: Operation) -> None:
        """Carry out an operation that cuts along a line, at the level of the chosen grids."""
        leaves = [leaf for row in chosen for leaf in self.leaves_of(row.id)]
        ids, polygons, leaf = drafts.read_atoms(
            self.connection, self.draft.id, leaves, line, _REACH_DEGREES
        )
        atoms = self.crs.receive(polygons)
        level = chosen[0].level
        owners = np.array([self.ancestor(int(item), level) for item in leaf], dtype=np.int64)
        outline = drafts.read_outline(self.connection, self.draft.territory_id)
        patch = edits.Patch(atoms, owners, shapely.boundary(self.crs.receive(outline)))
        try:
            change = operation(patch, self.crs.project(line))
        except edits.RefusedEdit as refusal:
            raise _in_degrees(refusal, self.crs) from None
        self._adopt(ids, polygons, leaf, owners, change, chosen)

    def _adopt(
        self,
        ids: Ints,
        polygons: NDArray[np.object_],
        leaf: Ints,
        owners: Ints,
        change: edits.Change,
        chosen: Sequence[GridRow],
    ) -> None:
        """Turn a change of a patch into a difference of rows, micro-grids settled."""
        new_upper = sorted(
            {int(item) for item in change.added_owner if item <= edits.NEW}, reverse=True
        )
        numbers = drafts.reserve_grids(self.connection, len(new_upper))
        upper_of = dict(zip(new_upper, numbers, strict=True))
        added_owner = np.array(
            [upper_of.get(int(item), int(item)) for item in change.added_owner], dtype=np.int64
        )
        moved_to = np.array(
            [upper_of.get(int(item), int(item)) for item in change.moved_to], dtype=np.int64
        )
        kept = np.ones(len(ids), dtype=bool)
        kept[change.removed] = False
        owners = owners.copy()
        owners[change.moved] = moved_to
        faces = np.concatenate((self.crs.receive(polygons[kept]), change.added))
        upper = np.concatenate((owners[kept], added_owner))
        before = np.concatenate((leaf[kept], leaf[change.added_from]))
        named = {row.id for row in chosen} | set(numbers)
        inside = np.isin(upper, list(named))
        after = before.copy()
        parents: dict[int, int] = {}
        if chosen[0].lowest:
            after[inside] = upper[inside]
            for number in numbers:
                self._make_grid(number, chosen[0], chosen[0].parent_id, lowest=True)
        else:
            for number in numbers:
                self._make_grid(number, chosen[0], chosen[0].parent_id, lowest=False)
            spare = drafts.reserve_grids(self.connection, len(numbers) + 4)
            settled = nesting.settle(
                faces[inside], before[inside], upper[inside], first_new=spare[0]
            )
            after[inside] = settled.leaf
            parents = settled.parent
        self._write_links(ids, leaf, kept, change, after)
        self._rehome(parents, before[inside], after)

    def _write_links(
        self, ids: Ints, leaf: Ints, kept: NDArray[np.bool_], change: edits.Change, after: Ints
    ) -> None:
        stays = int(kept.sum())
        published = self.crs.publish(change.added)
        territory_ids = [self.draft.territory_id] * len(published)
        new_ids = plans.insert_atoms(self.connection, territory_ids, published)
        gone = np.flatnonzero(~kept)
        handed = np.flatnonzero(after[:stays] != leaf[kept])
        kept_ids = ids[kept]
        self.change.unlinked.extend((int(ids[i]), int(leaf[i])) for i in gone)
        self.change.unlinked.extend((int(kept_ids[i]), int(leaf[kept][i])) for i in handed)
        self.change.linked.extend(
            (new, int(owner)) for new, owner in zip(new_ids, after[stays:], strict=True)
        )
        self.change.linked.extend((int(kept_ids[i]), int(after[i])) for i in handed)

    def _rehome(self, parents: dict[int, int], before: Ints, after: Ints) -> None:
        """Micro-grids that lie in another grid now, are new, or have nothing left."""
        moves: dict[int, dict[str, Any]] = {}
        for number, parent in parents.items():
            if number not in self.grids:
                self._make_grid(number, self._any_leaf(parent), parent, lowest=True)
            elif self.grids[number].parent_id != parent:
                moves[number] = {"parent_id": parent, "parent": self._code_of(parent)}
        if moves:
            self.rewrite(moves)
        for number in set(before.tolist()) - set(after.tolist()):
            if not self._has_other_atoms(number):
                self.remove([number])

    def _has_other_atoms(self, number: int) -> bool:
        left = {atom for atom, owner in self.change.unlinked if owner == number}
        return drafts.count_atoms(self.connection, self.draft.id, number) > len(left)

    def _any_leaf(self, upper: int) -> GridRow:
        leaves = [row for row in self.grids.values() if row.lowest]
        return next((row for row in leaves if row.parent_id == upper), leaves[0])

    def _code_of(self, number: int) -> str:
        if number in self.grids:
            return self.grids[number].code
        made = {row["id"]: str(row["code"]) for row in self.change.grids_after}
        return made[number]

    def _make_grid(self, number: int, like: GridRow, parent: int | None, *, lowest: bool) -> None:
        """Note a new grid beside `like`, with the next free code under its parent."""
        row = drafts.read_grid_rows(self.connection, [like.id])[0]
        prefix = like.code[:-3]
        taken = {item.code for item in self.grids.values() if item.level == like.level}
        taken |= {item["code"] for item in self.change.grids_after}
        code = next(f"{prefix}{n:03d}" for n in range(1, 1000) if f"{prefix}{n:03d}" not in taken)
        self.change.grids_after.append(
            row
            | {
                "id": number,
                "lowest": lowest,
                "code": code,
                "name": f"{row['name']}（新）",
                "name_en": f"{row['name_en']} (new)" if row["name_en"] else None,
                "parent_id": parent,
                "locked": False,
            }
        )

    def rewrite(self, changes: dict[int, dict[str, Any]]) -> None:
        """Note new attributes of grids."""
        for row in drafts.read_grid_rows(self.connection, list(changes)):
            self.change.grids_before.append(row)
            self.change.grids_after.append(row | changes[row["id"]])

    def remove(self, numbers: Sequence[int]) -> None:
        """Note grids that go."""
        listed = {row["id"] for row in self.change.grids_before}
        for row in drafts.read_grid_rows(self.connection, [n for n in numbers if n not in listed]):
            self.change.grids_before.append(row)
        self.change.grids_after[:] = [
            row for row in self.change.grids_after if row["id"] not in numbers
        ]

    def merge(self, chosen: Sequence[GridRow], into: int) -> None:
        """Merge grids: lowest ones by their atoms, others by their children."""
        others = [row for row in chosen if row.id != into]
        if chosen[0].lowest:
            ids, _, leaf = drafts.read_atoms(
                self.connection, self.draft.id, [row.id for row in others], None, 0.0
            )
            self.change.unlinked.extend(zip(ids.tolist(), leaf.tolist(), strict=True))
            self.change.linked.extend((atom, into) for atom in ids.tolist())
        else:
            code = self.grids[into].code
            gone = {row.id for row in others}
            moves = {
                key: {"parent_id": into, "parent": code}
                for key, row in self.grids.items()
                if row.parent_id in gone
            }
            self.rewrite(moves)
        self.remove([row.id for row in others])

    def transfer(self, lasso: Any, to: int) -> None:
        """Give the atoms whose middle lies in a lasso to a grid, micro-grids settled."""
        target = self.grid(to)
        ids, polygons, leaf = drafts.read_atoms(
            self.connection, self.draft.id, self.leaves_of(to), lasso, _REACH_DEGREES
        )
        owners = np.array([self.ancestor(int(item), target.level) for item in leaf], dtype=np.int64)
        chosen = np.flatnonzero(
            shapely.intersects(shapely.point_on_surface(polygons), lasso) & (owners != to)
        )
        if not len(chosen):
            raise InvalidInput(
                "The lasso holds no block that could change hands",
                hint="Draw it around the middle of at least one block.",
            )
        touched = [self.grid(int(number)) for number in np.unique(owners[chosen])]
        every = [leaf_ for row in (target, *touched) for leaf_ in self.leaves_of(row.id)]
        more = drafts.read_atoms(self.connection, self.draft.id, every, None, 0.0)
        position = {int(number): at for at, number in enumerate(more[0])}
        owners = np.array(
            [self.ancestor(int(item), target.level) for item in more[2]], dtype=np.int64
        )
        patch = edits.Patch(self.crs.receive(more[1]), owners, shapely.LineString())
        change = edits.transfer(patch, np.array([position[int(ids[i])] for i in chosen]), to)
        self._adopt(*more, owners, change, [target, *touched])


def _in_degrees(refusal: edits.RefusedEdit, crs: LocalCRS) -> edits.RefusedEdit:
    place = refusal.faults[0].place
    point = None if place is None else crs.publish(shapely.Point(place))
    return edits.RefusedEdit(refusal.message, place=point, hint=refusal.hint)
