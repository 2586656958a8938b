"""Territory, streets and water → the blocks between them, as atoms of a new plan.

All geometry is in metres on the lattice of the place (`gridmap.geometry.crs`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from gridmap.geometry.atoms import OUTLINE_STEP_M, arrange, merge_slivers, step_outline
from gridmap.geometry.claims import Case, Settlement, unsettled
from gridmap.geometry.coverage import dissolve
from gridmap.geometry.outlines import keep_outline

# A strip between the two carriageways of a street is no block.
LEAST_BLOCK_M2 = 200.0
LEAST_WIDTH_M = 4.0
# A corner of a block on a frozen outline moves to the nearer vertex, at most so far.
_REACH_M = OUTLINE_STEP_M
_LINE_TOLERANCE_M = 1.0
_MOST_ROUNDS = 6


def cut_blocks(territory: Any, lines: Any, *, frozen: bool) -> Settlement:
    """Cut a territory along streets and water into blocks.

    Parameters
    ----------
    territory
        Polygon or multipolygon.
    lines
        Lines of streets and outlines of water; dead ends cut nothing. None cuts nothing at all.
    frozen
        Plans cover the territory already: its outline keeps its vertices.

    Returns
    -------
    An exact coverage, one owner for each block. Where a street meets a frozen outline far from
    every vertex of it, the blocks beside it are one. Defects stay only where that does not help.
    """
    whole = territory if frozen else step_outline(territory)
    cutting = np.asarray(lines, dtype=object)
    if frozen:
        # Streets leave the territory at vertices that its outline has already.
        corners = shapely.multipoints(shapely.get_coordinates(whole))
        cutting = shapely.snap(cutting, corners, OUTLINE_STEP_M / 2 + _LINE_TOLERANCE_M)
    faces = arrange(whole, cutting)
    faces, _ = merge_slivers(faces, minimum_area_m2=LEAST_BLOCK_M2, minimum_width_m=LEAST_WIDTH_M)
    settled = _owned(faces)
    for _ in range(_MOST_ROUNDS if frozen else 0):
        kept = keep_outline(settled, whole, tolerance_m=_LINE_TOLERANCE_M, reach_m=_REACH_M)
        if not kept.defects:
            return _owned(kept.atoms, kept.repairs)
        faces = _joined(faces, [case.place for case in kept.defects])
        settled = _owned(faces)
    return unsettled(whole, [], kept.defects) if frozen else settled


def _owned(faces: Any, repairs: list[Case] | None = None) -> Settlement:
    """Each face an owner of its own."""
    owners = np.arange(len(faces), dtype=np.int64)
    return Settlement(faces, owners, shapely.coverage_union_all(faces), repairs or [])


def _joined(faces: Any, places: list[tuple[float, float]]) -> Any:
    """Without the edges near some places: what meets the outline there is one block."""
    near, at = shapely.STRtree(faces).query(
        shapely.points(places), predicate="dwithin", distance=OUTLINE_STEP_M / 2
    )
    group = np.arange(len(faces))
    for place in np.unique(near):
        together = np.isin(group, group[at[near == place]])
        group[together] = group[together].min()
    _, number = np.unique(group, return_inverse=True)
    return shapely.get_parts(dissolve(faces, number.reshape(-1)))


def whole(territory: Any, *, frozen: bool) -> Settlement:
    """A territory as one block for each of its parts, all of one owner."""
    outline = territory if frozen else step_outline(territory)
    parts = shapely.get_parts(outline)
    if not len(parts):
        return unsettled(outline, [], [])
    return Settlement(parts, np.zeros(len(parts), dtype=np.int64), outline)
