"""Rows of grids → the tree of their levels: who is whose parent, and what each is called.

A file has one level or several (`level`), names parents by code or name (`parent`), and may leave
upper levels out: they follow from `parent`, and the one above from `general`. The lowest level has
the areas; every upper one is the union of what belongs to it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gridmap.algorithms.codes import GENERAL, number_code, reading_order
from gridmap.errors import InvalidInput

MOST_LEVELS = 9
_TERRITORY_CODE = re.compile(r"^\d{12}$")
_USUAL = {"grids": 2, "micro-grids": 3}
# What the grids are called that hold land of nobody.
UNASSIGNED = ("未划分", "Unassigned")
# Where the number of a grid would stand; no grid has it.
NO_NUMBER = "X00"
LEVEL_NAMES = {1: ("总网格", "general grid"), 2: ("网格", "grid"), 3: ("微网格", "micro-grid")}


@dataclass
class GridRow:
    """A grid of the file, or one that follows from the parents that its rows name.

    Parameters
    ----------
    row
        Row of the file; None where it follows.
    level, code, name, name_en, kind, properties
        As in the table of grids; `code` is numbered later where the file has none.
    parent
        What the file says about the parent grid: its code or name.
    territory
        Code of the territory that the file names as the parent.
    general
        What the file says about the parent's parent.
    area
        In metres on the lattice; None where it follows.
    up
        The parent, once it is found.
    """

    row: int | None
    level: int
    code: str | None
    name: str | None
    parent: str | None = None
    territory: str | None = None
    parent_name: str | None = None
    general: str | None = None
    name_en: str | None = None
    kind: str = "comprehensive"
    properties: dict[str, Any] = field(default_factory=dict)
    area: Any | None = None
    up: GridRow | None = None

    @property
    def key(self) -> str:
        """The same for no two grids of a plan."""
        return f"{self.level} {self.code}"

    @property
    def shown(self) -> str:
        """How a message calls it."""
        called = self.code or self.name or "without a name"
        return f"row {self.row} ({called})" if self.row is not None else f"grid {called}"


@dataclass
class Tree:
    """All grids of a plan, by level; the last level is the lowest one."""

    levels: dict[int, list[GridRow]]
    faults: dict[int, str] = field(default_factory=dict)  # row → reason

    @property
    def lowest(self) -> list[GridRow]:
        """The grids that atoms belong to."""
        return self.levels[max(self.levels)]

    @property
    def all(self) -> list[GridRow]:
        """From the top down."""
        return [grid for level in sorted(self.levels) for grid in self.levels[level]]


def build_tree(rows: list[GridRow], layer: str) -> Tree:
    """Find the levels and the parents; reasons for rows that do not fit are in `faults`."""
    for row in rows:
        row.level = row.level or _USUAL[layer]
        if row.parent and _TERRITORY_CODE.match(row.parent):
            row.parent, row.territory = None, row.parent
    tree = Tree({})
    for row in rows:
        if row.level > MOST_LEVELS:
            tree.faults[row.row or 0] = f"level {row.level} is none"
        else:
            tree.levels.setdefault(row.level, []).append(row)
    if not tree.levels:
        return tree
    for level in range(max(tree.levels), 1, -1):
        if level in tree.levels:
            _link(tree, level)
    _check_codes(tree)
    return tree


def _link(tree: Tree, level: int) -> None:
    """Give the grids of a level their parents, from the file or made."""
    above = max((other for other in tree.levels if other < level), default=None)
    grids = tree.levels[level]
    if above is None:
        if any(grid.parent for grid in grids):
            _make_parents(tree, level)
        return
    by_name: dict[str, GridRow] = {}
    for parent in reversed(tree.levels[above]):
        by_name |= {text: parent for text in (parent.name, parent.code) if text}
    unnamed = [grid for grid in grids if not grid.parent and not grid.territory]
    for grid in grids:
        if grid.parent:
            grid.up = by_name.get(grid.parent)
            if grid.up is None:
                tree.faults[grid.row or 0] = f"its parent {grid.parent} is not in the file"
    _link_by_place(tree, unnamed, tree.levels[above])


def _link_by_place(tree: Tree, grids: list[GridRow], parents: list[GridRow]) -> None:
    """A grid that names no parent belongs to the one that it lies in."""
    if not grids:
        return
    index = shapely.STRtree([parent.area for parent in parents])
    inner = shapely.point_on_surface(np.array([grid.area for grid in grids], dtype=object))
    for i, at in np.transpose(index.query(inner, predicate="intersects")).tolist():
        grids[i].up = grids[i].up or parents[at]
    for grid in grids:
        if grid.up is None:
            tree.faults[grid.row or 0] = "names no parent, and lies in none"


def _make_parents(tree: Tree, level: int) -> None:
    made: dict[str, GridRow] = {}
    for grid in tree.levels[level]:
        if grid.territory:
            continue
        if not grid.parent:
            tree.faults[grid.row or 0] = "names no parent, as other rows do"
            continue
        is_code = grid.parent.isascii() and grid.parent.isalnum()
        parent = made.setdefault(
            grid.parent,
            GridRow(
                None,
                level - 1,
                grid.parent if is_code else None,
                grid.parent_name or grid.parent,
                parent=grid.general,
            ),
        )
        parent.parent = parent.parent or grid.general
        grid.up = parent
    tree.levels[level - 1] = list(made.values())


def _check_codes(tree: Tree) -> None:
    for grids in tree.levels.values():
        counts = Counter(grid.code for grid in grids if grid.code)
        with_codes = sum(counts.values())
        seen: set[str] = set()
        for grid in grids:
            if grid.code is None and with_codes and grid.row is not None:
                tree.faults.setdefault(grid.row, "has no code, as other rows do")
            elif grid.code in seen and grid.row is not None:
                tree.faults.setdefault(grid.row, f"the code {grid.code} occurs twice")
            elif grid.code:
                seen.add(grid.code)


def number(tree: Tree, areas: dict[int, NDArray[np.object_]], territory_code: str) -> int:
    """Give codes to grids that have none, west to east and north to south inside their parent.

    Parameters
    ----------
    tree
        With parents.
    areas
        For each level the areas of its grids, in metres.
    territory_code
        The 12 digits that codes of the uppermost level begin with.

    Returns
    -------
    How many codes were given.

    Raises
    ------
    InvalidInput
        A parent's code is not of the kind that can be extended, or it has more than 999 children.
    """
    given = 0
    for level in sorted(tree.levels):
        grids = tree.levels[level]
        groups: dict[str, list[int]] = {}
        for i, grid in enumerate(grids):
            code = grid.up.code if grid.up else territory_code
            if grid.code is None and grid.kind == "unassigned":
                grid.code = f"{code}{NO_NUMBER}"
            elif grid.code is None:
                groups.setdefault(code or "", []).append(i)
        for code, members in groups.items():
            inner = shapely.get_coordinates(shapely.point_on_surface(areas[level][members]))
            first = GENERAL if level == 1 and len(grids) == 1 else 1
            for number_, at in enumerate(reading_order(inner).tolist(), start=first):
                grids[members[at]].code = _numbered(code, number_)
                given += 1
    return given


def _numbered(parent: str, number_: int) -> str:
    try:
        return number_code(parent, number_)
    except InvalidInput as error:
        raise InvalidInput(
            f"Grids without codes cannot be numbered: {error.message}",
            hint="Give the rows a column `code`.",
        ) from error
