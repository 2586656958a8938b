"""A tree of grids → the rows of a plan."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from gridmap.geometry.crs import LocalCRS
from gridmap.services.transfer.grid_levels import Tree
from gridmap.store import plans

_DIGITS = re.compile(r"^[0-9]+$")


def new_grids(
    tree: Tree, areas: dict[int, list[Any]], territory_code: str, crs: LocalCRS
) -> list[plans.NewGrid]:
    """The grids of a tree as they are stored, from the top down.

    Parameters
    ----------
    areas
        For each level the areas of its grids, in metres.
    territory_code
        The parent of the uppermost grids.
    """
    made = []
    for level in sorted(tree.levels):
        published = crs.publish(np.array(areas[level], dtype=object))
        for grid, shape in zip(tree.levels[level], published, strict=True):
            assert grid.code is not None
            made.append(
                plans.NewGrid(
                    key=grid.key,
                    level=level,
                    code=grid.code,
                    name=grid.name or grid.code,
                    name_en=grid.name_en,
                    kind=grid.kind,
                    parent_key=grid.up.key if grid.up else None,
                    parent_code=grid.up.code if grid.up else grid.territory or territory_code,
                    geometry=shape,
                    properties=grid.properties,
                )
            )
    return made


def common_code(tree: Tree) -> str | None:
    """The territory that all codes begin with: a community, or the street or county around."""
    codes = [grid.code for grid in tree.lowest if grid.code]
    if not codes or any(len(code) < 12 or not _DIGITS.match(code) for code in codes):
        return None
    for length in (12, 9, 6):
        if len({code[:length] for code in codes}) == 1:
            return codes[0][:length].ljust(12, "0")
    return None
