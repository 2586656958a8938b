"""One alternative becomes one edit of the draft, with its inverse in the log."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.algorithms.codes import reading_order
from gridmap.errors import Conflict, NotFound
from gridmap.geometry.edits.cutting import change_of
from gridmap.services.plans.outcome import Outcome, carry_out
from gridmap.services.plans.partition.ground import KEPT_FROM, Ground
from gridmap.services.plans.partition.proposing import Proposal
from gridmap.store import database, drafts, raw_land
from gridmap.store.database import Connection, Engine
from gridmap.store.drafts import Difference, Draft

Ints = NDArray[np.int64]

_MOST_CHILDREN = 999


def accept(
    engine: Engine, proposal: Proposal, at: int, *, revision: int | None, actor: str
) -> Outcome:
    """Store an alternative as one edit: it is undone and redone like any other.

    A new grid keeps the id, the code and the name of the present one that it shares most
    households with; so lineage and posts follow, and little changes that need not.

    Raises
    ------
    NotFound
        No such alternative.
    Conflict
        The draft was changed after the alternatives were made.
    """
    if not 0 <= at < len(proposal.alternatives):
        raise NotFound(f"There is no alternative {at + 1}")
    begun = proposal.ground
    with database.transaction(engine, actor=actor) as connection:
        draft = drafts.lock_draft(connection, begun.plan_id, revision)
        if draft.revision != begun.revision:
            raise Conflict(
                f"The draft is at revision {draft.revision}; the alternatives were made for "
                f"{begun.revision}",
                hint="Make them again.",
            )
        change = _Writing(connection, draft, proposal, at).difference()
        return carry_out(connection, draft, "partition", change, actor)


class _Writing:
    """The difference of rows that an alternative is."""

    def __init__(self, connection: Connection, draft: Draft, proposal: Proposal, at: int) -> None:
        self._connection = connection
        self._draft = draft
        self._ground: Ground = proposal.ground
        self._chosen = proposal.alternatives[at]
        self._change = Difference()
        self._names = raw_land.read_networks(connection, draft.place, draft.network)[
            draft.territory_id
        ].levels

    def difference(self) -> Difference:
        """Links and grids, before and after."""
        begun = self._ground
        plan = self._chosen.plan.grid
        free = plan < KEPT_FROM
        number_of = np.where(free, plan, -1)
        ids = self._name_level(number_of, begun.holder, begun.level)
        leaf = begun.stored.grids[begun.faces.origin].copy()
        if self._chosen.micro is None:
            leaf[free] = np.array([ids[int(n)] for n in number_of[free]], dtype=np.int64)
        else:
            leaf = self._name_micro(number_of, ids, leaf)
        self._drop(number_of, set(ids.values()), set(leaf.tolist()))
        self._link(leaf)
        return self._change

    def _name_level(self, number_of: Ints, holder: Ints, level: int) -> dict[int, int]:
        """Give each new grid an id: of the present one it is most like, or a new one."""
        begun = self._ground
        free = number_of >= 0
        weight = begun.households + 1e-6 * shapely.area(begun.faces.polygons)
        old = np.where(free, holder, -1)
        matched = _match(number_of, old, weight, self._may_last(begun.level))
        rest = [n for n in np.unique(number_of[free]).tolist() if n not in matched]
        parents = {n: int(begun.parent[np.flatnonzero(number_of == n)[0]]) for n in rest}
        new = drafts.reserve_grids(self._connection, len(rest)) if rest else []
        # Codes of grids that go are not given again: one code means one grid in a draft's log.
        taken = {row.code for row in begun.grids.values() if row.level == level}
        for at in self._ordered(number_of, rest):
            some = int(holder[np.flatnonzero(begun.parent == parents[at])[0]])
            row = drafts.read_grid_rows(self._connection, [some])[0]
            self._change.grids_after.append(self._row(row, new[rest.index(at)], taken))
        return matched | dict(zip(rest, new, strict=True))

    def _may_last(self, level: int) -> set[int]:
        """Grids whose id, code and name may go on: not those that stand for nobody's land."""
        return {
            key
            for key, row in self._ground.grids.items()
            if row.level == level and row.kind == "comprehensive"
        }

    def _ordered(self, number_of: Ints, numbers: list[int]) -> list[int]:
        """Numbers of grids in reading order."""
        if not numbers:
            return []
        centre = shapely.get_coordinates(shapely.centroid(self._ground.faces.polygons))
        middle = np.array([centre[number_of == n].mean(axis=0) for n in numbers])
        return [numbers[i] for i in reading_order(middle).tolist()]

    def _row(
        self,
        like: dict[str, Any],
        key: int,
        taken: set[str],
        *,
        parent: tuple[int | None, str] | None = None,
    ) -> dict[str, Any]:
        """A grid beside another one, with the next free code under its parent."""
        parent_id, parent_code = parent or (like["parent_id"], str(like["parent"]))
        prefix = parent_code if parent else str(like["code"])[:-3]
        codes = (f"{prefix}{n:03d}" for n in range(1, _MOST_CHILDREN + 1))
        code = next((code for code in codes if code not in taken), None)
        if code is None:
            raise Conflict(f"There are more than {_MOST_CHILDREN} grids under {prefix}")
        taken.add(code)
        level = next(
            (item for item in self._names if item["level"] == like["level"]),
            {"name": "网格", "name_en": "grid"},
        )
        number = int(code[-3:])
        english = level.get("name_en")
        return like | {
            "id": key,
            "code": code,
            "name": f"第{number}{level['name']}",
            "name_en": f"{english} {number}" if english else None,
            "kind": "comprehensive",
            "parent_id": parent_id,
            "parent": parent_code,
            "locked": False,
        }

    def _name_micro(self, number_of: Ints, ids: dict[int, int], leaf: Ints) -> Ints:
        """Micro-grids: those present go on where their grid does, others are made."""
        begun, micro = self._ground, self._chosen.micro
        if micro is None:
            return leaf
        codes = {key: row.code for key, row in begun.grids.items()}
        codes |= {row["id"]: str(row["code"]) for row in self._change.grids_after}
        like = drafts.read_grid_rows(self._connection, [int(leaf[0])])[0]
        after = leaf.copy()
        taken = set(codes.values())
        for number, grid in ids.items():
            inside = np.flatnonzero(number_of == number)
            below = {
                key
                for key, row in begun.grids.items()
                if row.lowest and row.parent_id == grid and row.kind == "comprehensive"
            }
            weight = begun.households[inside] + 1e-6 * shapely.area(begun.faces.polygons[inside])
            matched = _match(micro[inside], leaf[inside], weight, below)
            rest = [n for n in np.unique(micro[inside]).tolist() if n not in matched]
            new = drafts.reserve_grids(self._connection, len(rest)) if rest else []
            for n, key in zip(rest, new, strict=True):
                self._change.grids_after.append(
                    self._row(like, key, taken, parent=(grid, codes[grid]))
                )
                matched[n] = key
            after[inside] = [matched[n] for n in micro[inside].tolist()]
        return after

    def _drop(self, number_of: Ints, uppers: set[int], leaves: set[int]) -> None:
        """Note the grids that have nothing left."""
        begun = self._ground
        cut = set(begun.holder[number_of >= 0].tolist())
        gone = cut - uppers
        for key, row in begun.grids.items():
            above = row.parent_id
            while above is not None and above not in cut:
                above = begun.grids[above].parent_id
            if above is not None and (not row.lowest or key not in leaves):
                gone.add(key)
        if gone:
            self._change.grids_before.extend(drafts.read_grid_rows(self._connection, sorted(gone)))

    def _link(self, leaf: Ints) -> None:
        """Note which atoms are cut, and which change hands."""
        begun, stored = self._ground, self._ground.stored
        made = change_of(replace(begun.patch, owners=stored.grids), begun.faces, leaf)
        pieces = drafts.insert_pieces(
            self._connection,
            self._draft.territory_id,
            begun.crs.publish(made.added),
            stored.roots[made.added_from].tolist(),
        )
        gone = np.concatenate((made.removed, made.moved))
        self._change.unlinked.extend(
            zip(stored.ids[gone].tolist(), stored.grids[gone].tolist(), strict=True)
        )
        self._change.linked.extend(zip(pieces, made.added_owner.tolist(), strict=True))
        self._change.linked.extend(
            zip(stored.ids[made.moved].tolist(), made.moved_to.tolist(), strict=True)
        )


def _match(new: Ints, old: Ints, weight: NDArray[np.float64], allowed: set[int]) -> dict[int, int]:
    """New number → present id, the largest overlaps first; each at most once."""
    pairs, at = np.unique(np.column_stack((new, old)), axis=0, return_inverse=True)
    total = np.bincount(at.reshape(-1), weight)
    matched: dict[int, int] = {}
    used: set[int] = set()
    for i in np.argsort(-total, kind="stable").tolist():
        number, key = pairs[i].tolist()
        if number >= 0 and key in allowed and number not in matched and key not in used:
            matched[number] = key
            used.add(key)
    return matched
