"""What an edit did, measured before and after, in the transaction of the edit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from gridmap.store import consequences, drafts, figures, plans
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
        Every changed grid before and after: `{"id", "before", "after"}` with the figures of
        `store.figures`, where `before` or `after` is None for one that is made or goes.
    households_moved
        Households that belong to another grid now, of whatever level.
    buildings_cut
        Buildings that a boundary passes through after the edit and did not before.
    staff
        People with a post today in the changed grids, as they are published.
    open_incidents
        Incidents that are not done and belong to another grid now.
    totals
        `{"level", "before", "after"}` for each level: what all its grids are together.
    areas
        The changed grids after the edit as GeoJSON features, so that a page draws what is stored,
        or would be, without another question.
    """

    revision: int
    grids: list[dict[str, Any]] = field(default_factory=list)
    households_moved: int = 0
    buildings_cut: int = 0
    staff: int = 0
    open_incidents: int = 0
    totals: list[dict[str, Any]] = field(default_factory=list)
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
    before, cut_before = _measured(connection, draft, affected)
    totals = figures.read_totals(connection, draft.id)
    moves = _moves(connection, draft, grids, change)
    staff = consequences.count_staff(connection, draft, _giving_and_taking(grids, moves))
    drafts.apply_difference(connection, draft, change)
    grids = drafts.read_grids(connection, draft.id)
    leaves = [number for number in change.touched() if number in grids]
    drafts.rederive(connection, draft, leaves, _ancestors(grids, leaves, change))
    revision = drafts.log_edit(
        connection, draft, kind=kind, actor=actor, change=change, undoes=undoes
    )
    after, cut_after = _measured(connection, draft, _affected(grids, change))
    listed = [
        {"id": number, "before": before.get(number), "after": after.get(number)}
        for number in sorted(before.keys() | after.keys())
    ]
    was = {row["level"]: row for row in totals}
    now = {row["level"]: row for row in figures.read_totals(connection, draft.id)}
    return Outcome(
        revision,
        listed,
        consequences.count_moved_households(connection, moves),
        len(cut_after - cut_before),
        staff,
        consequences.count_open_incidents(connection, moves),
        [
            {"level": level, "before": was.get(level), "after": now.get(level)}
            for level in sorted(was.keys() | now.keys())
        ],
        figures.joined(plans.read_areas(connection, draft.id, ids=list(after)), after),
    )


def _measured(
    connection: Connection, draft: Draft, numbers: Sequence[int]
) -> tuple[dict[int, dict[str, Any]], set[int]]:
    """Figures of some grids, and the buildings that a boundary of the lowest ones cuts."""
    told = figures.read_figures(connection, draft.id, numbers)
    cut: set[int] = set()
    for row in told.values():
        row["buildings_cut"] = 0
    for item in figures.find_cut_buildings(connection, draft.id, list(told)):
        row = told[item["grid_id"]]
        row["buildings_cut"] += 1
        if row["lowest"]:
            cut.add(item["building_id"])
    return told, cut


def _moves(
    connection: Connection, draft: Draft, grids: dict[int, GridRow], change: Difference
) -> Difference:
    """Atoms whose grid changes, also those whose lowest grid has another parent only."""
    after = {row["id"]: row["parent_id"] for row in change.grids_after}
    rehomed = {
        row["id"]: (row["parent_id"], after[row["id"]])
        for row in change.grids_before
        if row["id"] in after and row["parent_id"] != after[row["id"]]
    }
    if not rehomed:
        return change
    listed = {atom for atom, _ in (*change.unlinked, *change.linked)}
    unlinked, linked = list(change.unlinked), list(change.linked)
    for number, (old, new) in rehomed.items():
        leaves = [key for key in grids if _is_below(grids, key, number) and grids[key].lowest]
        for atom in drafts.read_atom_ids(connection, draft.id, leaves):
            if atom not in listed and old is not None and new is not None:
                unlinked.append((atom, old))
                linked.append((atom, new))
    return Difference(unlinked, linked)


def _is_below(grids: dict[int, GridRow], number: int | None, above: int) -> bool:
    while number is not None and number in grids:
        if number == above:
            return True
        number = grids[number].parent_id
    return False


def _giving_and_taking(grids: dict[int, GridRow], moves: Difference) -> list[int]:
    """Grids that lose or gain ground, up to where both sides are one grid again."""
    gained = dict(moves.linked)
    found: set[int] = set()
    for atom, old in moves.unlinked:
        new = gained.get(atom)
        if new != old:
            found.add(old)
            if new is not None:
                found.add(new)
    return sorted(number for number in found if number in grids)


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
