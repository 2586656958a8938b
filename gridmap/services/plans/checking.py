"""Everything that is wrong with a plan, with its place: the proof, and what a planner mends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import shapely

from gridmap.geometry.crs import LATTICE_M, LocalCRS
from gridmap.services.plans.publishing import check
from gridmap.store import database, figures, plans
from gridmap.store.database import Engine

# A piece with less area or less mean width is a slip of the hand, no part of a grid.
SLIVER_M2 = 25.0
SLIVER_WIDTH_M = 1.0


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    Parameters
    ----------
    kind
        `gap`, `overlap`, `outside`, `unshared vertex`, `invalid` (they break the proof); `sliver`,
        `non-contiguous`, `size`, `cut building`, `unassigned`.
    place
        Longitude and latitude in degrees.
    area_m2
        Of the gap, the overlap, the piece apart, the smaller part of the building, or the grid.
    grid
        Id of the grid that it is about, where there is one.
    households
        How many the grid has above the most (positive) or below the least; of `unassigned` how
        many live there.
    """

    kind: str
    place: tuple[float, float]
    area_m2: float
    grid: int | None = None
    households: int | None = None


@dataclass(frozen=True)
class Report:
    """What a check found; the coverage is exact when no finding breaks the proof."""

    exact: bool
    findings: list[Finding]

    @property
    def tolerance(self) -> dict[str, float]:
        """What still counts as right: lattice of the proof, slivers, cut buildings."""
        return {
            "lattice_m": LATTICE_M,
            "sliver_m2": SLIVER_M2,
            "sliver_width_m": SLIVER_WIDTH_M,
            "cut_building_m2": figures.CUT_BUILDING_M2,
        }


def inspect(engine: Engine, plan_id: int) -> Report:
    """Prove a plan's coverage and look at every grid.

    Raises
    ------
    NotFound
        No such plan.
    """
    defects = [Finding(item.kind, item.place, item.area) for item in check(engine, plan_id)]
    with database.translated(), engine.connect() as connection:
        crs = LocalCRS(plans.read_plan(connection, plan_id).meridian)
        told = figures.read_figures(connection, plan_id)
        shapes = figures.read_shapes(connection, plan_id)
        cut = figures.find_cut_buildings(connection, plan_id)
    findings = list(defects)
    for number, shape in shapes.items():
        findings += _of_grid(number, told[number], shape, crs)
    seen: set[int] = set()
    for item in cut:
        if item["building_id"] not in seen:
            seen.add(item["building_id"])
            place = (item["lon"], item["lat"])
            findings.append(Finding("cut building", place, item["area_m2"], item["grid_id"]))
    return Report(not defects, findings)


def _of_grid(number: int, told: dict[str, Any], shape: Any, crs: LocalCRS) -> list[Finding]:
    found = []
    parts = sorted(shapely.get_parts(crs.project(shape)), key=lambda part: -part.area)
    for at, part in enumerate(parts):
        is_sliver = part.area < SLIVER_M2 or 2 * part.area < SLIVER_WIDTH_M * part.length
        if is_sliver or at > 0:
            kind = "sliver" if is_sliver else "non-contiguous"
            found.append(Finding(kind, _middle(crs.unproject(part)), float(part.area), number))
    middle = _middle(shape)
    if told["deviation"]:
        found.append(Finding("size", middle, told["area_m2"], number, told["deviation"]))
    if told["kind"] == "unassigned":
        found.append(Finding("unassigned", middle, told["area_m2"], number, told["households"]))
    return found


def _middle(shape: Any) -> tuple[float, float]:
    point = shapely.point_on_surface(shape)
    return (round(float(point.x), 9), round(float(point.y), 9))
