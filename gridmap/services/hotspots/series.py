"""Counts that survive a redraw: series per grid of today, across the plans that were valid before.

A point lies where it lies: incidents are counted in today's grids exactly, whenever they happened.
Sums that were kept by old grids only (a report of last year) are carried over by lineage, in
proportion to what of each old grid went into each new one. Both stand side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.algorithms import hotspots
from gridmap.errors import NotFound
from gridmap.services.hotspots.case import Case, read_case
from gridmap.services.hotspots.question import Question, check
from gridmap.store import database, evidence
from gridmap.store.database import Engine

_LEVELS = {"grids": 2, "micro-grids": 3}

Table = NDArray[np.float64]


@dataclass(frozen=True)
class _Version:
    """Grids of one plan, with the months' counts of their own time."""

    plan: int
    name: str
    begins: str | None
    ends: str | None
    ids: list[int]
    codes: list[str]
    names: list[str]
    table: Table  # of all incidents of the window, wherever the plan was valid


def count_by_grid(engine: Engine, question: Question) -> dict[str, Any]:
    """Series by month of each grid of today's plan.

    Returns
    -------
    `months` (first days), `versions` (plans with their days), and `grids`: `exact` counts of points
    in the grid as it is today, `by_lineage` what the plans valid at the time would have reported,
    carried over to today's grid by shares, and `from` which old grids went into it.

    Raises
    ------
    NotFound
        The place has no plan of this network that is valid today.
    """
    check(question)
    level = _LEVELS.get(question.unit, 2)
    with database.translated(), engine.connect() as connection:
        case = read_case(connection, question)
        rows = evidence.read_versions(connection, question.place, question.network, level)
        heirs = evidence.read_heirs(connection, [row["id"] for row in rows])
    edges = hotspots.month_edges(case.begins, case.ends - np.timedelta64(1, "s"))
    versions = _versions(case, rows, edges)
    today = next((plan for plan in versions if _is_current(rows, plan.plan)), None)
    if today is None:
        raise NotFound(f"{question.place} has no plan of this network that is valid today")
    carried = _carry(versions, today, heirs, edges)
    origins = _origins(versions, today, heirs)
    return {
        "months": [str(edge.astype("datetime64[D]")) for edge in edges[:-1]],
        "versions": [
            {"plan": plan.plan, "name": plan.name, "from": plan.begins, "to": plan.ends}
            for plan in versions
        ],
        "grids": [
            {
                "id": number,
                "code": today.codes[row],
                "name": today.names[row],
                "exact": today.table[row].astype(int).tolist(),
                "by_lineage": np.round(carried[row], 2).tolist(),
                "from": origins.get(number, []),
            }
            for row, number in enumerate(today.ids)
        ],
    }


def _versions(case: Case, rows: list[dict[str, Any]], edges: Any) -> list[_Version]:
    months = hotspots.steps_between(case.incidents.at, edges)
    made = []
    for plan in dict.fromkeys(row["plan"] for row in rows):
        own = [row for row in rows if row["plan"] == plan]
        shapes = case.crs.project(shapely.from_wkb([bytes(row["geom"]) for row in own]))
        number, grid = shapely.STRtree(shapes).query(
            shapely.points(case.incidents.xy), predicate="intersects"
        )
        # On a border the first of the grids has it.
        order = np.lexsort((grid, number))
        number, first = np.unique(number[order], return_index=True)
        cube = hotspots.build_cube(grid[order][first], months[number])
        table = hotspots.dense_counts(cube, len(own), len(edges) - 1).astype(np.float64)
        made.append(
            _Version(
                plan,
                own[0]["plan_name"],
                own[0]["begins"] and str(own[0]["begins"]),
                own[0]["ends"] and str(own[0]["ends"]),
                [row["id"] for row in own],
                [row["code"] for row in own],
                [row["name"] for row in own],
                table,
            )
        )
    return made


def _is_current(rows: list[dict[str, Any]], plan: int) -> bool:
    return any(row["plan"] == plan and row["current"] for row in rows)


def _carry(
    versions: list[_Version], today: _Version, heirs: list[tuple[int, int, float]], edges: Any
) -> Table:
    """What each plan counted in its own months, as sums in today's grids."""
    total = np.zeros_like(today.table)
    for plan in versions:
        valid = np.array([_in_days(edge, plan) for edge in edges[:-1]])
        if plan.plan == today.plan:
            # Also what nobody had a plan for: months before the first one.
            before = all(_starts_after(edges[0], other) for other in versions)
            if before:
                first = min(other.begins or "" for other in versions)
                valid |= edges[:-1] < np.datetime64(first or "0001-01-01")
            total += today.table * valid
        else:
            total += _shares(plan, versions, today, heirs) @ (plan.table * valid)
    return total


def _in_days(month: np.datetime64, plan: _Version) -> bool:
    day = str(month.astype("datetime64[D]"))
    return (plan.begins or "") <= day and (plan.ends is None or day < plan.ends)


def _starts_after(month: np.datetime64, plan: _Version) -> bool:
    return plan.begins is not None and plan.begins > str(month.astype("datetime64[D]"))


def _shares(
    plan: _Version, versions: list[_Version], today: _Version, heirs: list[tuple[int, int, float]]
) -> Table:
    """Share of each old grid in each of today's, through all plans in between."""
    row_of = {number: row for row, number in enumerate(today.ids)}
    known: dict[int, dict[int, float]] = {number: {number: 1.0} for number in today.ids}
    for later in reversed(versions[: versions.index(today)]):
        for number in later.ids:
            found: dict[int, float] = {}
            for old, new, share in heirs:
                if old == number:
                    for end, rest in known.get(new, {}).items():
                        found[end] = found.get(end, 0.0) + share * rest
            known[number] = found
    made = np.zeros((len(today.ids), len(plan.ids)))
    for column, number in enumerate(plan.ids):
        for end, share in known.get(number, {}).items():
            made[row_of[end], column] = share
    return made


def _origins(
    versions: list[_Version], today: _Version, heirs: list[tuple[int, int, float]]
) -> dict[int, list[dict[str, Any]]]:
    named = {
        number: (plan.codes[row], plan.names[row])
        for plan in versions
        for row, number in enumerate(plan.ids)
    }
    found: dict[int, list[dict[str, Any]]] = {}
    for old, new, share in heirs:
        if new in today.ids and old in named:
            code, name = named[old]
            found.setdefault(new, []).append({"code": code, "name": name, "share": round(share, 4)})
    return found
