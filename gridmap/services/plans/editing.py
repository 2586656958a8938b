"""The edits of a draft: each one request, one transaction, with its inverse in the log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from gridmap.errors import Conflict, Fault, InvalidInput
from gridmap.geometry import edits
from gridmap.services.plans.outcome import Outcome, carry_out
from gridmap.services.plans.work import EditWork
from gridmap.store import database, drafts
from gridmap.store.database import Engine


def redraw_boundary(
    engine: Engine,
    plan_id: int,
    *,
    one: int,
    other: int,
    line: Any,
    revision: int | None,
    actor: str,
    preview: bool = False,
) -> Outcome:
    """Make a drawn line (degrees) the boundary between two grids of one level.

    Raises
    ------
    RefusedEdit
        With the reason and the place in degrees.
    Conflict
        The draft was changed after `revision`, or a grid is locked.
    """

    def compute(work: EditWork) -> None:
        grids = [work.grid(one), work.grid(other)]
        if grids[0].level != grids[1].level:
            raise InvalidInput("A boundary lies between two grids of one level")
        work.cut(grids, line, lambda patch, drawn: edits.redraw_boundary(patch, drawn, one, other))

    return _edit(engine, plan_id, "redraw", compute, revision, actor, preview=preview)


def split_grid(
    engine: Engine,
    plan_id: int,
    *,
    grid: int,
    line: Any,
    revision: int | None,
    actor: str,
    preview: bool = False,
) -> Outcome:
    """Split a grid along a drawn line (degrees); the largest piece keeps its code."""

    def compute(work: EditWork) -> None:
        work.cut([work.grid(grid)], line, lambda patch, drawn: edits.split(patch, drawn, grid))

    return _edit(engine, plan_id, "split", compute, revision, actor, preview=preview)


def merge_grids(
    engine: Engine,
    plan_id: int,
    *,
    grids: Sequence[int],
    into: int,
    revision: int | None,
    actor: str,
    preview: bool = False,
) -> Outcome:
    """Merge grids of one level into one of them; their micro-grids stay what they are."""

    def compute(work: EditWork) -> None:
        chosen = [work.grid(number) for number in dict.fromkeys((into, *grids))]
        if len(chosen) < 2:
            raise InvalidInput("Two grids at least are needed for a merger")
        if len({item.level for item in chosen}) > 1:
            raise InvalidInput("Only grids of one level can be merged")
        work.merge(chosen, into)

    return _edit(engine, plan_id, "merge", compute, revision, actor, preview=preview)


def transfer_area(
    engine: Engine,
    plan_id: int,
    *,
    to: int,
    lasso: Any,
    revision: int | None,
    actor: str,
    preview: bool = False,
) -> Outcome:
    """Give every block (atom) whose middle lies in a lasso (degrees) to a grid."""

    def compute(work: EditWork) -> None:
        work.transfer(lasso, to)

    return _edit(engine, plan_id, "transfer", compute, revision, actor, preview=preview)


def rename_grid(
    engine: Engine, plan_id: int, *, grid: int, name: str, revision: int | None, actor: str
) -> Outcome:
    """Give a grid another name."""
    name = name.strip()
    if not name or len(name) > 100 or not name.isprintable():
        raise InvalidInput(
            "A name has 1 to 100 printable characters", faults=(Fault("unusable", field="name"),)
        )

    def compute(work: EditWork) -> None:
        work.rewrite({work.grid(grid).id: {"name": name}})

    return _edit(engine, plan_id, "rename", compute, revision, actor)


def undo(engine: Engine, plan_id: int, *, revision: int | None, actor: str) -> Outcome:
    """Take the last edit back that is not taken back yet, whoever made it.

    Raises
    ------
    Conflict
        There is nothing to undo.
    """
    return _step(engine, plan_id, "undo", revision, actor)


def redo(engine: Engine, plan_id: int, *, revision: int | None, actor: str) -> Outcome:
    """Make the last undone edit again, as long as nothing new was drawn since."""
    return _step(engine, plan_id, "redo", revision, actor)


class _Preview(Exception):  # noqa: N818 - leaves a transaction, is no error
    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


def _edit(
    engine: Engine,
    plan_id: int,
    kind: str,
    compute: Callable[[EditWork], None],
    revision: int | None,
    actor: str,
    *,
    preview: bool = False,
) -> Outcome:
    try:
        with database.transaction(engine, actor=actor) as connection:
            draft = drafts.lock_draft(connection, plan_id, revision)
            work = EditWork(connection, draft)
            compute(work)
            outcome = carry_out(connection, draft, kind, work.change, actor)
            if preview:
                # Everything was done and measured; leaving by an exception rolls it back.
                raise _Preview(outcome)  # noqa: TRY301
    except _Preview as seen:
        return replace(seen.outcome, revision=draft.revision)
    return outcome


def _step(engine: Engine, plan_id: int, kind: str, revision: int | None, actor: str) -> Outcome:
    with database.transaction(engine, actor=actor) as connection:
        draft = drafts.lock_draft(connection, plan_id, revision)
        done: list[int] = []
        undone: list[int] = []
        for row in drafts.read_log(connection, plan_id):
            if row.kind == "undo":
                undone.append(done.pop())
            elif row.kind == "redo":
                done.append(undone.pop())
            else:
                done.append(row.revision)
                undone.clear()
        stack = done if kind == "undo" else undone
        if not stack:
            raise Conflict(f"There is nothing to {kind}")
        change = drafts.read_change(connection, plan_id, stack[-1])
        if kind == "undo":
            change = change.inverse()
        return carry_out(connection, draft, kind, change, actor, undoes=stack[-1])
