"""From draft to published: the copy, the proof, and the day on which it starts."""

from __future__ import annotations

from datetime import date

import shapely

from gridmap.errors import Conflict, Fault, InvalidInput
from gridmap.geometry import coverage
from gridmap.geometry.crs import LocalCRS
from gridmap.store import audit, database, drafts, plans
from gridmap.store.database import Connection, Engine


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
        plans.publish(
            connection,
            plan_id,
            starts=starts,
            reviewer=reviewer,
            certificate={"proof": "segment cancellation", "defects": 0, "revision": draft.revision},
        )
        audit.record(
            connection,
            actor=actor,
            action="publish",
            noun="plan",
            noun_id=str(plan_id),
            detail={"starts": starts.isoformat(), "reviewer": reviewer},
        )


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
