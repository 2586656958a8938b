"""A draft in memory: the same edits as the service's, on every place and on real Shanghai.

Atoms are immutable and keep their number for ever; an edit is a difference of links, parents, codes
and locks, and its inverse is the same with the two sides exchanged.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from shapely.geometry import shape

from gridmap.geometry import coverage, edits
from gridmap.geometry.blocks import cut_blocks
from gridmap.geometry.crs import LocalCRS

PLACES = Path(__file__).resolve().parents[2] / "data" / "geojson"
SHANGHAI = Path(__file__).resolve().parents[3] / "shared" / "data" / "shanghai-lujiazui-osm.gpkg"
REACH_M = 20.0  # what an edit may touch beyond the grids that it names
Key = tuple[str, int]


class Locked(Exception):  # noqa: N818 - an edit that a lock refuses
    """A locked grid would change."""


@dataclass(frozen=True)
class Land:
    """What a draft begins with, in metres."""

    crs: LocalCRS
    territory: Any
    atoms: np.ndarray
    leaf: list[int]
    parent: dict[int, int]
    streets: np.ndarray
    buildings: np.ndarray
    households: np.ndarray


@dataclass
class Step:
    """A difference: what is taken away and what is put in its place, by key."""

    gone: dict[Key, Any] = field(default_factory=dict)
    come: dict[Key, Any] = field(default_factory=dict)

    def inverse(self) -> Step:
        return Step(self.come, self.gone)


class Draft:
    """Atoms and who has them: `facts` says everything that an edit may change.

    ("atom", n) → lowest grid; ("parent", leaf) → upper grid; ("code", grid); ("locked", grid).
    """

    def __init__(self, land: Land) -> None:
        self.land = land
        self.outline = shapely.boundary(land.territory)
        self.shapes: dict[int, Any] = dict(enumerate(land.atoms))
        self.roots = {number: number for number in self.shapes}
        self.next_grid = 1 + max(*land.leaf, *land.parent.values())
        self.facts: dict[Key, Any] = {("atom", n): of for n, of in enumerate(land.leaf)}
        self.facts |= {("parent", of): up for of, up in land.parent.items()}
        self.facts |= {("code", grid): str(grid) for grid in self.grids(3) + self.grids(2)}

    def grids(self, level: int) -> list[int]:
        """Grids of a level, 2 or 3 (the lowest)."""
        found = (
            key[1] if level == 3 else up for key, up in self.facts.items() if key[0] == "parent"
        )
        return sorted(set(found))

    def locked(self, grid: int) -> bool:
        return ("locked", grid) in self.facts

    def links(self) -> tuple[np.ndarray, np.ndarray]:
        """Numbers of the atoms, ascending, and their lowest grids."""
        pairs = sorted((key[1], of) for key, of in self.facts.items() if key[0] == "atom")
        ids, leaf = np.array(pairs, dtype=np.int64).T
        return ids, leaf

    def owners(self, leaf: np.ndarray, level: int) -> np.ndarray:
        if level == 3:
            return leaf
        return np.array([self.facts["parent", int(of)] for of in leaf], dtype=np.int64)

    def atoms(self, ids: Iterable[int]) -> np.ndarray:
        return np.array([self.shapes[int(n)] for n in ids], dtype=object)

    def ground(
        self, grids: Iterable[int], level: int, near: Any | None = None
    ) -> tuple[edits.Patch, np.ndarray, np.ndarray]:
        """All atoms of some grids and those near a geometry, as the service reads them."""
        ids, leaf = self.links()
        owners = self.owners(leaf, level)
        chosen = np.isin(owners, list(grids))
        if near is not None:
            west, south, east, north = near.bounds
            box = shapely.box(west - REACH_M, south - REACH_M, east + REACH_M, north + REACH_M)
            chosen |= shapely.intersects(self.atoms(ids), box)
        patch = edits.Patch(self.atoms(ids[chosen]), owners[chosen], self.outline)
        return patch, ids[chosen], leaf[chosen]

    def around(self, near: Any, level: int) -> tuple[edits.Patch, np.ndarray, np.ndarray]:
        """All atoms of the grids that a geometry comes near to."""
        owners = self.ground([], level, near)[0].owners
        return self.ground(np.unique(owners).tolist(), level, near)

    def adopt(
        self,
        ground: tuple[edits.Patch, np.ndarray, np.ndarray],
        change: edits.Change,
        chosen: list[int],
        level: int,
    ) -> Step:
        """The difference that a change of a patch makes."""
        patch, ids, leaf = ground
        step = Step()
        made = self.reserve(len(change.fresh))
        adopted = edits.adopt(
            patch,
            leaf,
            np.array([self.roots[int(n)] for n in ids], dtype=np.int64),
            change,
            made=np.array(made, dtype=np.int64),
            chosen=np.array(chosen, dtype=np.int64),
            reserve=None if level == 3 else self.reserve,
        )
        self._refuse_locked(adopted.moves.tolist())
        for i in (*adopted.gone, *adopted.handed):
            step.gone["atom", int(ids[i])] = int(leaf[i])
        for i, of in zip(adopted.handed, adopted.handed_to, strict=True):
            step.come["atom", int(ids[i])] = int(of)
        for polygon, root, of in zip(adopted.polygons, adopted.roots, adopted.leaf, strict=True):
            number = len(self.shapes)
            self.shapes[number] = polygon
            self.roots[number] = int(root)
            step.come["atom", number] = int(of)
        if level == 3:
            up = self.facts["parent", chosen[0]]
            for number in made:
                step.come["parent", number] = up
        for number, up in adopted.parents.items():
            self._note(step, ("parent", number), up)
        left = {of for key, of in self.after(step).items() if key[0] == "atom"}
        for number in adopted.emptied:
            if number not in left:
                step.come.pop(("parent", number), None)
                step.gone["parent", number] = self.facts["parent", number]
        return step

    def _refuse_locked(self, moves: list[list[int]]) -> None:
        """As the service guards: no grid that loses or gains ground is locked."""
        for one, other in moves:
            changed = set(self._chain(one)) ^ set(self._chain(other))
            if one != other and any(self.locked(grid) for grid in changed):
                raise Locked

    def _chain(self, leaf: int) -> list[int]:
        up = self.facts.get(("parent", leaf))
        return [] if up is None else [leaf, up]

    def _note(self, step: Step, key: Key, value: Any) -> None:
        if self.facts.get(key) != value:
            if key in self.facts:
                step.gone[key] = self.facts[key]
            step.come[key] = value

    def rewrite(self, changes: dict[Key, Any]) -> Step:
        """The difference to new facts; None takes one away."""
        step = Step()
        for key, value in changes.items():
            if value is None:
                if key in self.facts:
                    step.gone[key] = self.facts[key]
            else:
                self._note(step, key, value)
        return step

    def reserve(self, count: int) -> list[int]:
        start, self.next_grid = self.next_grid, self.next_grid + count
        return list(range(start, self.next_grid))

    def after(self, step: Step) -> dict[Key, Any]:
        """The facts after a difference; what it takes away must be there as it says."""
        facts = dict(self.facts)
        for key, value in step.gone.items():
            assert facts.pop(key) == value
        for key, value in step.come.items():
            assert key not in facts
            facts[key] = value
        return facts

    def defects(self) -> list[coverage.Defect]:
        """The proof: segment cancellation of all atoms against the territory."""
        ids, _ = self.links()
        return coverage.find_defects(self.atoms(ids), self.land.territory)


@cache
def of_place(key: str, network: str = "governance") -> Land:
    """A place of the project; grids without micro-grids are their own."""
    folder = PLACES / key
    crs = LocalCRS(json.loads((folder / "place.json").read_text())["meridian"])

    def read(name: str) -> list[dict[str, Any]]:
        return json.loads((folder / f"{name}.geojson").read_text())["features"]

    features = read("atoms")
    atoms = np.array([crs.receive(shape(item["geometry"])) for item in features], dtype=object)
    inside = shapely.point_on_surface(crs.unproject(atoms[:1]))[0]
    covering = [
        shape(item["geometry"]) for item in read("territories")
        if shape(item["geometry"]).intersects(inside)
    ]  # fmt: skip
    total = shapely.area(atoms).sum()
    outlines = [crs.receive(area) for area in covering]
    territory = min(outlines, key=lambda area: abs(area.area - total))
    codes = [item["properties"][network] for item in features]
    buildings = read("buildings")
    return _land(
        crs,
        territory,
        atoms,
        codes,
        [code[:15] for code in codes],
        crs.project(np.array([shape(item["geometry"]) for item in read("streets")], dtype=object)),
        crs.project(np.array([shape(item["geometry"]) for item in buildings], dtype=object)),
        np.array([item["properties"]["households"] or 0 for item in buildings]),
    )


@cache
def of_shanghai() -> Land:
    """Blocks between the real streets of the Bund and Lujiazui, sown to grids and micro-grids."""
    crs = LocalCRS(123)
    roads = crs.project(shapely.from_wkb(pyogrio.raw.read(SHANGHAI, layer="roads")[2]))
    buildings = crs.project(shapely.from_wkb(pyogrio.raw.read(SHANGHAI, layer="buildings")[2]))
    settled = cut_blocks(
        shapely.box(*shapely.total_bounds(roads)).buffer(-100), roads, frozen=False
    )
    middle = shapely.get_coordinates(shapely.centroid(settled.atoms))
    rng = np.random.default_rng(3)
    micro = middle[rng.choice(len(middle), 120, replace=False)]
    nearest = ((middle[:, None] - micro) ** 2).sum(2).argmin(1)
    seeds = micro[rng.choice(120, 30, replace=False)]
    above = ((micro[:, None] - seeds) ** 2).sum(2).argmin(1)
    return _land(
        crs,
        settled.outline,
        settled.atoms,
        [f"{above[of]:03d}{of:03d}" for of in nearest],
        [f"{above[of]:03d}" for of in nearest],
        roads,
        buildings,
        np.maximum(1, (shapely.area(buildings) / 90).astype(np.int64)),
    )


def _land(
    crs: LocalCRS,
    territory: Any,
    atoms: np.ndarray,
    codes: list[str],
    above: list[str],
    streets: np.ndarray,
    buildings: np.ndarray,
    households: np.ndarray,
) -> Land:
    leaves = {code: number for number, code in enumerate(sorted(set(codes)))}
    uppers = {code: len(leaves) + number for number, code in enumerate(sorted(set(above)))}
    parent = {leaves[code]: uppers[up] for code, up in zip(codes, above, strict=True)}
    leaf = [leaves[code] for code in codes]
    return Land(crs, territory, atoms, leaf, parent, streets, buildings, households)
