"""Edits that move nothing: names, numbers, locks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Unpack

import numpy as np

from gridmap.algorithms.codes import reading_order
from gridmap.errors import Fault, InvalidInput
from gridmap.services.plans.editing import Asked, carry
from gridmap.services.plans.outcome import Outcome
from gridmap.services.plans.work import EditWork
from gridmap.store import drafts
from gridmap.store.database import Engine
from gridmap.store.drafts import GridRow


def rename_grid(
    engine: Engine, plan_id: int, *, grid: int, name: str, **asked: Unpack[Asked]
) -> Outcome:
    """Give a grid another name."""
    name = check_name(name)

    def compute(work: EditWork) -> None:
        work.rewrite({work.grid(grid).id: {"name": name}})

    return carry(engine, plan_id, "rename", compute, asked)


def check_name(name: str) -> str:
    """Give a name back without blanks around it.

    Raises
    ------
    InvalidInput
        Empty, too long, or with characters that cannot be printed.
    """
    name = name.strip()
    if not name or len(name) > 100 or not name.isprintable():
        raise InvalidInput(
            "A name has 1 to 100 printable characters", faults=(Fault("unusable", field="name"),)
        )
    return name


def lock_grids(
    engine: Engine,
    plan_id: int,
    *,
    grids: Sequence[int],
    locked: bool,
    **asked: Unpack[Asked],
) -> Outcome:
    """Lock grids, so that no edit changes them, or unlock them."""

    def compute(work: EditWork) -> None:
        chosen = [work.any_grid(number) for number in dict.fromkeys(grids)]
        work.rewrite({row.id: {"locked": locked} for row in chosen if row.locked != locked})

    return carry(engine, plan_id, "lock" if locked else "unlock", compute, asked)


def renumber(engine: Engine, plan_id: int, *, level: int, **asked: Unpack[Asked]) -> Outcome:
    """Number the grids of a level anew, and all below them, as one reads a page.

    Among the children of one grid the numbers run from west to east, then from north to south; a
    code is that of the parent and three digits, where it was so before.
    """

    def compute(work: EditWork) -> None:
        places = drafts.read_middles(work.connection, work.draft.id)
        codes = {number: row.code for number, row in work.grids.items()}
        parents: list[int | None] = []
        for row in sorted(work.grids.values(), key=lambda row: row.level):
            if row.parent_id not in parents:
                parents.append(row.parent_id)
        for parent in parents:
            family = [row for row in work.grids.values() if row.parent_id == parent]
            if family[0].level < level or (parent is None and len(family) == 1):
                continue
            xy = work.crs.to_metres(np.array([places[row.id] for row in family]))
            prefix = _prefix(work, family, codes)
            for number, at in enumerate(reading_order(xy), start=1):
                codes[family[at].id] = f"{prefix}{number:03d}"
        if len(set(zip(codes.values(), (r.level for r in work.grids.values()), strict=True))) < len(
            codes
        ):
            raise InvalidInput("Two grids would have one code", hint="Number a level above.")
        changed = {
            number: {
                "code": code,
                "parent": codes.get(work.grids[number].parent_id or 0),
            }
            for number, code in codes.items()
            if code != work.grids[number].code
        }
        for update in changed.values():
            if update["parent"] is None:
                del update["parent"]
        work.rewrite({number: dict(update) for number, update in changed.items()})

    return carry(engine, plan_id, "renumber", compute, asked)


def _prefix(work: EditWork, family: list[GridRow], codes: dict[int, str]) -> str:
    """What the codes of one family begin with."""
    parent = family[0].parent_id
    if parent is not None and len(family[0].code) == len(work.grids[parent].code) + 3:
        return codes[parent]
    return Counter(row.code[:-3] for row in family).most_common(1)[0][0]
