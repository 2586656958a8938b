"""What an edit did, measured before and after, in the transaction of the edit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from gridmap.store import drafts, plans
from gridmap.store.database import Connection
from gridmap.store.drafts import Difference, Draft, GridRow


@dataclass(frozen=True)
class Outcome:
    """What an edit did, or would do.

    Parameters
    ----------
    revision
        Of the draft after the edit; unchanged for a preview.
    grids
        Figures of every changed grid before and after: `{"id", "code", "name", "level", "before",
        "after"}`, where `before` or `after` is None for one that is made or goes.
    households_moved
        Households whose lowest grid is another one now.
    buildings_cut
        Buildings that a boundary passes through after the edit and did not before.
    areas
        The changed grids after the edit as GeoJSON features, so that a page draws what is stored,
        or would be, without another question.
    """

    revision: int
    grids: list[dict[str, Any]] = field(default_factory=list)
    households_moved: int = 0
    buildings_cut: int = 0
    areas: list[dict[str, Any]] = field(default_factory=list)


def carry_out(
    connection: Connection,
    draft: Draft,
    kind: str,
    change: Difference,
    actor: str,
    *,
    undoes: int | None = None,
) -> Outcome:
    """Write a difference with its inverse into the log, derive anew, and measure."""
    grids = drafts.read_grids(connection, draft.id)
    affected = _affected(grids, change)
    before = drafts.read_figures(connection, draft.id, affected)
    cut = drafts.find_cut_buildings(connection, draft.id, change.touched())
    moved = drafts.count_moved_households(connection, change)
    drafts.apply_difference(connection, draft, change)
    grids = drafts.read_grids(connection, draft.id)
    leaves = [number for number in change.touched() if number in grids]
    drafts.rederive(connection, draft, leaves, _ancestors(grids, leaves, change))
    revision = drafts.log_edit(
        connection, draft, kind=kind, actor=actor, change=change, undoes=undoes
    )
    after = drafts.read_figures(connection, draft.id, _affected(grids, change))
    listed = [
        {"id": number, "before": before.get(number), "after": after.get(number)}
        for number in sorted(before.keys() | after.keys())
    ]
    return Outcome(
        revision,
        listed,
        moved,
        len(drafts.find_cut_buildings(connection, draft.id, leaves) - cut),
        plans.read_areas(connection, draft.id, ids=list(after)),
    )


def _affected(grids: dict[int, GridRow], change: Difference) -> list[int]:
    """Grids whose atoms or attributes change, and all above them."""
    numbers = set(change.touched())
    numbers |= {row["id"] for row in (*change.grids_before, *change.grids_after)}
    numbers |= {
        row["parent_id"]
        for row in (*change.grids_before, *change.grids_after)
        if row["parent_id"] is not None
    }
    for number in list(numbers):
        above = grids[number].parent_id if number in grids else None
        while above is not None and above in grids:
            numbers.add(above)
            above = grids[above].parent_id
    return sorted(numbers)


def _ancestors(
    grids: dict[int, GridRow], leaves: Sequence[int], change: Difference
) -> list[list[int]]:
    """Every grid above changed ones, a list for each level from below upwards."""
    found: dict[int, set[int]] = {}
    starts = set(leaves)
    starts |= {row["id"] for row in (*change.grids_before, *change.grids_after)}
    parents = {row["parent_id"] for row in (*change.grids_before, *change.grids_after)}
    for number in starts | parents:
        at = grids.get(number) if number is not None else None
        if at is not None and not at.lowest:
            found.setdefault(at.level, set()).add(at.id)
        while at is not None and at.parent_id is not None:
            at = grids[at.parent_id]
            found.setdefault(at.level, set()).add(at.id)
    return [sorted(found[level]) for level in sorted(found, reverse=True)]
