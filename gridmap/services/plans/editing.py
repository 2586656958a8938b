"""How an edit is carried out: locked, computed, written with its inverse, or only seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NotRequired, TypedDict

from gridmap.errors import Conflict
from gridmap.services.plans.outcome import Outcome, carry_out
from gridmap.services.plans.work import EditWork
from gridmap.store import database, drafts
from gridmap.store.database import Engine


class Asked(TypedDict):
    """Who asks for an edit, of which revision, and whether only its consequences are wanted.

    A `revision` of None skips the check that nobody else has drawn meanwhile.
    """

    revision: int | None
    actor: str
    preview: NotRequired[bool]


class _Preview(Exception):  # noqa: N818 - leaves a transaction, is no error
    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


def carry(
    engine: Engine, plan_id: int, kind: str, compute: Callable[[EditWork], None], asked: Asked
) -> Outcome:
    """Carry out one edit in one transaction; a preview is carried out and rolled back.

    Raises
    ------
    RefusedEdit
        It cannot be done: why, and the place in degrees.
    Conflict
        The draft was changed after the asked revision, or a grid is locked.
    """
    actor = asked["actor"]
    try:
        with database.transaction(engine, actor=actor) as connection:
            draft = drafts.lock_draft(connection, plan_id, asked["revision"])
            work = EditWork(connection, draft)
            compute(work)
            work.finish()
            outcome = carry_out(connection, draft, kind, work.change, actor)
            if asked.get("preview", False):
                # Everything was done and measured; leaving by an exception rolls it back.
                raise _Preview(outcome)  # noqa: TRY301
    except _Preview as seen:
        return replace(seen.outcome, revision=draft.revision)
    return outcome


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
