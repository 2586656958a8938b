"""What a planner looks at: plans, figures of their grids, their areas and their log."""

from __future__ import annotations

from typing import Any

from gridmap.store import database, documents, drafts, figures, lineage, plans
from gridmap.store.database import Engine


def list_plans(
    engine: Engine, *, place: str | None = None, network: str | None = None
) -> list[dict[str, Any]]:
    """Plans of every state, the newest first."""
    with database.translated(), engine.connect() as connection:
        return documents.list_plans(connection, place=place, network=network)


def read(engine: Engine, plan_id: int) -> dict[str, Any]:
    """A plan with its size profile and the figures of its grids.

    Raises
    ------
    NotFound
        No such plan.
    """
    with database.translated(), engine.connect() as connection:
        found = documents.describe_plan(connection, plan_id)
        grids = figures.read_figures(connection, plan_id)
        found["totals"] = figures.read_totals(connection, plan_id)
    found["grids"] = [{"id": number, **told} for number, told in grids.items()]
    return found


def read_areas(engine: Engine, plan_id: int, *, level: int | None = None) -> dict[str, Any]:
    """The grids of a plan with their figures, as GeoJSON; `totals` for each level."""
    with database.translated(), engine.connect() as connection:
        plans.read_plan(connection, plan_id)
        features = plans.read_areas(connection, plan_id, level=level)
        told = figures.read_figures(connection, plan_id)
        for number, count in figures.count_cut_buildings(connection, plan_id, list(told)).items():
            told[number]["buildings_cut"] = count
        return {
            "type": "FeatureCollection",
            "features": figures.joined(features, told),
            "totals": figures.read_totals(connection, plan_id),
        }


def read_log(engine: Engine, plan_id: int) -> list[dict[str, Any]]:
    """The edits of a plan, the first one first."""
    with database.translated(), engine.connect() as connection:
        plans.read_plan(connection, plan_id)
        return [row._asdict() for row in drafts.read_log(connection, plan_id)]


def read_lineage(engine: Engine, plan_id: int) -> list[dict[str, Any]]:
    """What became of the grids of the plan before this one, with the shares that went where."""
    with database.translated(), engine.connect() as connection:
        plans.read_plan(connection, plan_id)
        return lineage.read_lineage(connection, plan_id)
