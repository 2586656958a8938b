"""From draft to published: the copy, the proof, and the day on which it starts."""

from __future__ import annotations

from datetime import date

import shapely

from gridmap.errors import Conflict, Fault, InvalidInput
from gridmap.geometry import coverage
from gridmap.geometry.crs import LocalCRS
from gridmap.services.plans.inheriting import inherit
from gridmap.services.plans.reviewing import certify
from gridmap.store import audit, database, drafts, imports, lineage, plans, reviews
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
    engine: Engine, plan_id: int, *, starts: date, revision: int | None, actor: str
) -> None:
    """Publish a plan that is in review from a day on, if the proof holds in the same transaction.

    The one who publishes is the reviewer. The plan before it ends on that day; until then it stays
    the one in force.

    Raises
    ------
    InvalidInput
        The day lies in the past; the coverage has defects, or land is given to nobody: each with
        its place.
    Conflict
        It is not in review, or was changed after `revision`; the reviewer is the author; another
        plan starts on that day or later.
    """
    with database.transaction(engine, actor=actor) as connection:
        plan = reviews.lock(connection, plan_id, revision, state="in review", act="published")
        if actor == plan.author:
            raise Conflict(
                "A plan is published by somebody else than its author",
                hint="Ask another person to review it.",
            )
        if starts < (today := imports.read_today(connection)):
            raise InvalidInput(
                f"A plan starts today ({today}) or later: the past is not changed",
                faults=(Fault("lies in the past", field="starts"),),
            )
        _refuse_unassigned(connection, plan_id)
        _refuse_defects(connection, plan_id)
        before = plans.publish(
            connection,
            plan_id,
            starts=starts,
            reviewer=actor,
            certificate={
                "proof": "segment cancellation",
                "defects": 0,
                "revision": plan.revision,
                **certify(connection, plan_id),
            },
        )
        carried = 0
        if before is not None:
            lineage.insert_shares(
                connection, inherit(connection, before, plan_id, LocalCRS(plan.meridian))
            )
            carried = lineage.carry_assignments_over(connection, plan_id, starts)
        audit.record(
            connection,
            actor=actor,
            action="publish",
            noun="plan",
            noun_id=str(plan_id),
            detail={"starts": starts.isoformat(), "before": before, "carried": carried},
        )


def _refuse_unassigned(connection: Connection, plan_id: int) -> None:
    reviews.drop_empty_unassigned(connection, plan_id)
    left = reviews.read_unassigned(connection, plan_id)
    if left:
        raise InvalidInput(
            f"Land of {sum(row.area_m2 for row in left):,.0f} m² is given to no grid",
            hint="Give it to the grids beside it, or make grids of it.",
            faults=tuple(
                Fault(f"{row.area_m2:,.2f} m² unassigned", place=(row.lon, row.lat))
                for row in left[:50]
            ),
        )


def _refuse_defects(connection: Connection, plan_id: int) -> None:
    defects = _defects(connection, plan_id)
    if defects:
        raise InvalidInput(
            f"The plan has {len(defects)} defects and cannot be published",
            faults=tuple(
                Fault(f"{item.kind} of {item.area:.2f} m²", place=item.place)
                for item in defects[:50]
            ),
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
