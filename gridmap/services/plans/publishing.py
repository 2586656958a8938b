"""From draft to published: the copy, the proof, and the day on which it starts."""

from __future__ import annotations

from datetime import date

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.errors import Conflict, Fault, InvalidInput
from gridmap.geometry import coverage
from gridmap.geometry.crs import LocalCRS
from gridmap.geometry.lineage import Shares, common_area, shares
from gridmap.store import audit, database, drafts, lineage, plans
from gridmap.store.database import Connection, Engine
from gridmap.store.drafts import GridRow

Ints = NDArray[np.int64]


def make_draft(engine: Engine, *, based_on: int, name: str, actor: str) -> int:
    """Copy a plan, of any state, into a new draft of the same network; give its id.

    Raises
    ------
    NotFound
        No such plan.
    """
    with database.transaction(engine, actor=actor) as connection:
        plan_id = plans.copy_plan(connection, based_on, name=name, author=actor)
        audit.record(
            connection,
            actor=actor,
            action="draft",
            noun="plan",
            noun_id=str(plan_id),
            detail={"based_on": based_on},
        )
    return plan_id


def check(engine: Engine, plan_id: int) -> list[coverage.Defect]:
    """Prove a plan's coverage, or list its defects with their places in degrees."""
    with database.translated(), engine.connect() as connection:
        return _defects(connection, plan_id)


def publish(
    engine: Engine, plan_id: int, *, starts: date, reviewer: str, revision: int | None, actor: str
) -> None:
    """Publish a draft from a day on, if the proof holds inside the same transaction.

    Raises
    ------
    InvalidInput
        The coverage has defects; each with its place.
    Conflict
        The reviewer is the author, or another plan starts on that day or later.
    """
    with database.transaction(engine, actor=actor) as connection:
        draft = drafts.lock_draft(connection, plan_id, revision)
        if reviewer == draft.author:
            raise Conflict(
                "A plan is published by somebody else than its author",
                hint="Ask another person to review it.",
            )
        defects = _defects(connection, plan_id)
        if defects:
            raise InvalidInput(
                f"The plan has {len(defects)} defects and cannot be published",
                faults=tuple(
                    Fault(f"{item.kind} of {item.area:.2f} m²", place=item.place)
                    for item in defects[:50]
                ),
            )
        before = plans.publish(
            connection,
            plan_id,
            starts=starts,
            reviewer=reviewer,
            certificate={"proof": "segment cancellation", "defects": 0, "revision": draft.revision},
        )
        carried = 0
        if before is not None:
            lineage.insert_shares(
                connection, _shares(connection, before, plan_id, LocalCRS(draft.meridian))
            )
            carried = lineage.carry_assignments_over(connection, plan_id, starts)
        audit.record(
            connection,
            actor=actor,
            action="publish",
            noun="plan",
            noun_id=str(plan_id),
            detail={"starts": starts.isoformat(), "reviewer": reviewer, "carried": carried},
        )


def _shares(connection: Connection, old: int, new: int, crs: LocalCRS) -> Shares:
    """What became of each grid of a plan, at every level that both plans have."""
    links = [lineage.read_links(connection, plan) for plan in (old, new)]
    atoms = [crs.receive(polygons) for _, _, polygons in links]
    housed = [lineage.read_buildings(connection, plan) for plan in (old, new)]
    common = sorted(housed[0].keys() & housed[1].keys())
    counts = np.array([housed[1][number][1:] for number in common], dtype=np.int64).reshape(-1, 2)
    grids = [drafts.read_grids(connection, plan) for plan in (old, new)]
    levels = {row.level for row in grids[0].values()} & {row.level for row in grids[1].values()}
    parts = []
    for level in sorted(levels):
        above = [_ancestors(of, level) for of in grids]
        (old_ids, old_leaf, _), (new_ids, new_leaf, _) = links
        area = common_area(
            atoms[0], old_ids, _mapped(above[0], old_leaf),
            atoms[1], new_ids, _mapped(above[1], new_leaf),
        )  # fmt: skip
        old_of, new_of = (
            _mapped(above[side], np.array([housed[side][n][0] for n in common], dtype=np.int64))
            for side in (0, 1)
        )
        parts.append(shares(area, old_of, new_of, counts[:, 0], counts[:, 1]))
    return Shares(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("old", "new", "households", "residents", "area_m2")
        )
    )


def _ancestors(grids: dict[int, GridRow], level: int) -> dict[int, int]:
    """For each lowest grid the grid of a level that it lies in, where there is one."""
    found = {}
    for leaf, row in grids.items():
        if row.lowest:
            at: GridRow | None = row
            while at is not None and at.level != level:
                at = grids[at.parent_id] if at.parent_id is not None else None
            if at is not None:
                found[leaf] = at.id
    return found


def _mapped(table: dict[int, int], keys: Ints) -> Ints:
    return np.array([table[int(key)] for key in keys], dtype=np.int64)


def _defects(connection: Connection, plan_id: int) -> list[coverage.Defect]:
    plan = plans.read_plan(connection, plan_id)
    crs = LocalCRS(plan.meridian)
    polygons = drafts.read_all_atoms(connection, plan_id)
    outline = crs.receive(drafts.read_outline(connection, plan.territory_id))
    found = coverage.find_defects(crs.receive(polygons), outline)
    return [
        coverage.Defect(
            item.kind,
            crs.publish(shapely.Point(item.place)).coords[0],
            item.area,
            item.areas,
            crs.publish(item.geometry),
        )
        for item in found
    ]
