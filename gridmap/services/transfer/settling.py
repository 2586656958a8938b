"""The areas of a file of grids, arranged to an exact coverage, and what had to be settled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.geometry.atoms import OUTLINE_STEP_M, step_outline
from gridmap.geometry.claims import Case, Settlement, outline_of, settle_claims
from gridmap.geometry.coverage import dissolve
from gridmap.geometry.crs import LocalCRS
from gridmap.geometry.outlines import keep_outline
from gridmap.services.transfer.grid_levels import GridRow, Tree
from gridmap.services.transfer.leaving import fill_tree
from gridmap.services.transfer.report import Left, Refusal, Repair

# Vertices that the outline of a new territory has at most, beside its own.
_MOST_STEPS = 20_000


@dataclass
class Arranged:
    """An exact coverage, or the reasons why there is none."""

    settlement: Settlement
    refusals: list[Refusal] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


def arrange(
    tree: Tree,
    crs: LocalCRS,
    *,
    layer: str,
    territory: Any | None,
    frozen: bool,
    tolerance_m: float,
    leave: bool = False,
) -> Arranged:
    """Arrange the areas of the lowest level, and compare those of the upper ones with them.

    Parameters
    ----------
    tree
        The grids, their areas in metres on the lattice.
    crs
        The place's own.
    layer
        Public name of the layer, for the report.
    territory
        What the grids cut, in degrees; None takes the outline around them.
    frozen
        Plans cover the territory already: its outline keeps its vertices.
    tolerance_m
        Gaps and overlaps up to this mean width are settled.
    leave
        What cannot be settled is nobody's and stands in `left`, not in `refusals`.
    """
    areas = np.array([grid.area for grid in tree.lowest], dtype=object)
    outline = outline_of(areas) if territory is None else crs.receive(territory)
    if not frozen:
        # Later lines and plans end at vertices of the outline, which never moves again.
        outline = step_outline(outline, step_m=max(OUTLINE_STEP_M, outline.length / _MOST_STEPS))
    settlement = settle_claims(areas, outline, tolerance_m=tolerance_m, leave=leave)
    if frozen and len(settlement.atoms):
        reach_m = np.inf if leave else None
        settlement = keep_outline(settlement, outline, tolerance_m=tolerance_m, reach_m=reach_m)
    grids = tree.lowest
    if leave and len(settlement.atoms):
        settlement = fill_tree(tree, settlement)
    arranged = Arranged(settlement)
    arranged.repairs = [_repair(case, grids, crs, layer) for case in settlement.repairs]
    if not len(settlement.atoms) or not leave:
        arranged.refusals = [_refusal(case, grids, crs, layer) for case in settlement.defects]
    else:
        arranged.left = [_left(case, grids, crs) for case in settlement.defects]
    if len(settlement.atoms):
        different = _compare_upper(tree, settlement, crs, layer, tolerance_m)
        if leave:
            arranged.left += [
                Left("different", item.reason, place=item.place, rows=(item.row,))
                for item in different
            ]
        else:
            arranged.refusals += different
    arranged.refusals.sort(key=lambda refusal: refusal.row)
    arranged.left.sort(key=lambda item: -(item.area_m2 or 0.0))
    return arranged


def _first_row(case: Case, grids: list[GridRow]) -> int:
    named = [index for index in case.areas if index >= 0]
    return (grids[named[0]].row or 0) if named else 0


def _refusal(case: Case, grids: list[GridRow], crs: LocalCRS, layer: str) -> Refusal:
    row = _first_row(case, grids)
    return Refusal(layer, row, _said(case, grids), place=_place(case, crs))


def _repair(case: Case, grids: list[GridRow], crs: LocalCRS, layer: str) -> Repair:
    to = grids[case.given_to] if case.given_to is not None and case.given_to >= 0 else None
    return Repair(
        layer,
        _first_row(case, grids),
        _said(case, grids),
        place=_place(case, crs),
        kind=case.kind,
        area_m2=round(case.area_m2, 3),
        given_to=(to.code or to.name or to.shown) if to else None,
    )


def _left(case: Case, grids: list[GridRow], crs: LocalCRS) -> Left:
    rows = (grids[index].row for index in case.areas if index >= 0)
    return Left(
        case.kind,
        _said(case, grids),
        round(case.area_m2, 3),
        _place(case, crs),
        tuple(row for row in rows if row is not None),
    )


def areas_by_level(tree: Tree, settlement: Settlement) -> dict[int, list[Any]]:
    """Exact unions of atoms for the grids of each level; None for a grid without any."""
    owners = np.asarray(settlement.owners)
    grids = tree.lowest
    level = max(tree.levels)
    found: dict[int, list[Any]] = {}
    while True:
        index = {id(grid): i for i, grid in enumerate(tree.levels[level])}
        numbers = np.array([index[id(grid)] for grid in grids], dtype=np.int64)
        groups = numbers[owners]
        used, dense = np.unique(groups, return_inverse=True)
        unions: NDArray[np.object_] = dissolve(settlement.atoms, dense.reshape(-1))
        areas: list[Any] = [None] * len(tree.levels[level])
        for at, union in zip(used.tolist(), unions, strict=True):
            areas[at] = union
        found[level] = areas
        above = [grid.up for grid in tree.levels[level]]
        if any(grid is None for grid in above):
            return found
        owners, grids = groups, [grid for grid in above if grid is not None]
        level = grids[0].level


def _compare_upper(
    tree: Tree, settlement: Settlement, crs: LocalCRS, layer: str, tolerance_m: float
) -> list[Refusal]:
    """Compare the areas that a file has for upper levels with the union of what they hold."""
    refusals = []
    by_level = areas_by_level(tree, settlement)
    for level in sorted(tree.levels)[:-1]:
        for grid, union in zip(tree.levels[level], by_level[level], strict=True):
            if grid.row is None:
                continue
            if union is None:
                refusals.append(Refusal(layer, grid.row, "has no grid of the level below"))
                continue
            rest = shapely.get_parts(shapely.symmetric_difference(grid.area, union))
            width = 2 * shapely.area(rest) / np.maximum(shapely.length(rest), 1e-9)
            if len(rest) and width.max() > tolerance_m:
                worst = rest[width.argmax()]
                reason = f"differs from the union of what belongs to it by {worst.area:,.1f} m²"
                inner = shapely.get_coordinates(shapely.point_on_surface(worst))
                place = crs.to_degrees(inner)[0].round(7).tolist()
                refusals.append(Refusal(layer, grid.row, reason, place=(place[0], place[1])))
    return refusals


def _place(case: Case, crs: LocalCRS) -> tuple[float, float]:
    longitude, latitude = crs.to_degrees(np.array([case.place]))[0].round(7).tolist()
    return (longitude, latitude)


def _said(case: Case, grids: list[GridRow]) -> str:
    named = [grids[i].shown for i in case.areas[1:4] if i >= 0]
    size = f"{case.area_m2:,.2f} m², {case.width_m:.2f} m wide"
    given = ""
    if case.given_to is not None and case.given_to >= 0:
        given = f", given to {grids[case.given_to].shown}"
    if case.kind == "overlap":
        return f"overlaps {' and '.join(named) or 'itself'}: {size}{given}"
    if case.kind == "gap":
        beside = f" beside {' and '.join(named)}" if named else ""
        return f"leaves a gap{beside}: {size}{given}"
    if case.kind == "outside":
        cut = ", cut off" if case.given_to is not None else ""
        return f"reaches outside of the territory: {size}{cut}"
    if case.kind == "off vertex":
        moved = ", moved there" if case.given_to is not None else ""
        return (
            f"an edge meets the frozen outline {case.width_m:.2f} m away from its next vertex"
            f"{moved}"
        )
    return "nothing is left of it inside the territory"
