"""Random edits of every kind, as planners make them, and what must hold after each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

from gridmap.algorithms.codes import reading_order
from gridmap.geometry import coverage, edits
from gridmap.geometry.adjacency import shared_edges
from tests.geometry.drafts import Draft, Key, Land, Locked, Step

LINES = {"redraw", "split"}  # what a hand draws
BLOCK_M = 300.0  # around a point: farther than the ground between streets reaches


class Unsuitable(Exception):  # noqa: N818 - no edit was made up
    """There is nothing here that such an edit could be made of."""


@dataclass
class Walk:
    """A draft on its way: what was done, what was refused, and why."""

    draft: Draft
    rng: np.random.Generator
    accepted: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    done: list[Step] = field(default_factory=list)
    undone: list[Step] = field(default_factory=list)

    @classmethod
    def over(cls, land: Land, seed: int) -> Walk:
        return cls(Draft(land), np.random.default_rng(seed))

    @property
    def edits(self) -> int:
        """Accepted edits."""
        return self.accepted.total()

    def line_rate(self) -> float:
        """Share of drawn lines that were accepted."""
        taken = sum(self.accepted[kind] for kind in LINES)
        return taken / max(1, taken + sum(self.refused[kind] for kind in LINES))

    def step(self) -> None:
        """Make up one edit, carry it out or take note of its refusal, and prove everything."""
        kind = str(self.rng.choice(list(_EDITS), p=_WEIGHTS))
        try:
            made = _EDITS[kind](self)
        except Unsuitable:
            return
        except Locked:
            self.refused["locked"] += 1
            return
        except edits.RefusedEdit as refusal:
            self._note(kind, refusal)
            return
        if made is None:  # an undo or a redo, which is done
            self.accepted[kind] += 1
        elif made.gone or made.come:
            before = dict(self.draft.facts)
            self.draft.facts = self.draft.after(made)
            assert self.draft.after(made.inverse()) == before, "the inverse takes it back"
            self.done.append(made)
            self.undone.clear()
            self.accepted[kind] += 1
            self._look_at(made)
        assert self.draft.defects() == [], f"exact after {kind}"

    def _note(self, kind: str, refusal: edits.RefusedEdit) -> None:
        """Every refusal has its reason and its place."""
        (fault,) = refusal.faults
        assert fault.reason == refusal.message
        assert fault.place is not None, refusal.message
        assert np.isfinite(fault.place).all()
        self.refused[kind] += 1
        self.reasons[f"{kind}: {refusal.message}"] += 1

    def _look_at(self, made: Step) -> None:
        """New atoms are areas that survive being stored; levels are exact where something moved."""
        draft = self.draft
        fresh = draft.atoms(n for name, n in made.come if name == "atom")
        published = draft.land.crs.publish(fresh)
        assert shapely.is_valid(published).all()
        assert not len(fresh) or np.all(
            shapely.equals_exact(draft.land.crs.receive(published), fresh, 0.0)
        ), "bit for bit after it was stored"
        ids, leaf = draft.links()
        upper = draft.owners(leaf, 2)
        assert set(leaf.tolist()) == set(draft.grids(3)), "no grid without ground"
        moved = {n for name, n in (*made.come, *made.gone) if name == "atom"}
        touched = np.unique(upper[np.isin(ids, list(moved))])
        for grid in touched[:3]:
            mine = upper == grid
            atoms = draft.atoms(ids[mine])
            parts = coverage.dissolve(atoms, np.unique(leaf[mine], return_inverse=True)[1])
            whole = coverage.dissolve(atoms, np.zeros(len(atoms), dtype=np.int64))[0]
            assert coverage.is_exact(parts, whole), "micro-grids make their grid"

    # What edits are made of.

    def level(self) -> int:
        return int(self.rng.choice([2, 3]))

    def pick(self, items: Any) -> Any:
        if not len(items):
            raise Unsuitable
        return items[int(self.rng.integers(len(items)))]

    def area(self, grid: int, level: int) -> Any:
        """The area of a grid."""
        patch, _, _ = self.draft.ground([grid], level)
        return coverage.dissolve(patch.atoms, np.zeros(len(patch.atoms), dtype=np.int64))[0]

    def neighbours(self, level: int) -> tuple[int, int]:
        """Two grids of a level that share an edge."""
        ids, leaf = self.draft.links()
        owners = self.draft.owners(leaf, level)
        edges = shared_edges(self.draft.atoms(ids))
        pairs = np.column_stack((owners[edges.first], owners[edges.second]))
        one, other = self.pick(pairs[pairs[:, 0] != pairs[:, 1]]).tolist()
        return one, other


def _sloppy(walk: Walk, along: Any, *, spread_m: float = 10.0, ends_m: float = 1.5) -> Any:
    """A way as a hand draws it again: some metres off, the ends too."""
    begin, end = np.sort(walk.rng.random(2))
    if end - begin < 0.3:
        begin, end = 0.0, 1.0
    shares = np.linspace(begin, end, walk.rng.integers(3, 6))
    points = shapely.get_coordinates(shapely.line_interpolate_point(along, shares, normalized=True))
    off = np.array([ends_m, *[spread_m] * (len(points) - 2), ends_m])
    line = shapely.LineString(points + walk.rng.normal(0, 1, points.shape) * off[:, None])
    if not line.is_simple:
        raise Unsuitable
    return line


def _redraw(walk: Walk) -> Step:
    level = walk.level()
    one, other = walk.neighbours(level)
    sides = [walk.area(grid, level).boundary for grid in (one, other)]
    border = shapely.get_parts(shapely.line_merge(shapely.intersection(*sides)))
    long = [part for part in border if part.geom_type == "LineString" and part.length > 30]
    along = max(long, key=shapely.length, default=None)
    if along is None:
        raise Unsuitable
    line = _sloppy(walk, along)
    ground = walk.draft.ground([one, other], level, line)
    change = edits.redraw_boundary(ground[0], line, one, other)
    return walk.draft.adopt(ground, change, [one, other], level)


def _node(walk: Walk) -> Step:
    level = walk.level()
    ids, leaf = walk.draft.links()
    owners = walk.draft.owners(leaf, level)
    xy, of = shapely.get_coordinates(walk.draft.atoms(ids), return_index=True)
    points, number = np.unique(xy, axis=0, return_inverse=True)
    pairs = np.unique(np.column_stack((number.reshape(-1), owners[of])), axis=0)
    meeting = np.flatnonzero(np.bincount(pairs[:, 0]) >= 3)
    node = shapely.Point(walk.pick(points[meeting]))
    if node.distance(walk.draft.outline) < 1:
        raise Unsuitable
    to = shapely.Point(shapely.get_coordinates(node)[0] + walk.rng.normal(0, 8, 2))
    ground = walk.draft.around(shapely.LineString([node, to]), level)
    change = edits.move_node(ground[0], node, to)
    return walk.draft.adopt(ground, change, np.unique(ground[0].owners).tolist(), level)


def _large(walk: Walk, level: int, least_m2: float = 1500.0) -> int:
    """A grid that one would split."""
    ids, leaf = walk.draft.links()
    owners, number = np.unique(walk.draft.owners(leaf, level), return_inverse=True)
    area = np.bincount(number.reshape(-1), shapely.area(walk.draft.atoms(ids)))
    return int(walk.pick(owners[area > max(least_m2, np.median(area))]))


def _split(walk: Walk) -> Step:
    level = walk.level()
    grid = _large(walk, level)
    area = walk.area(grid, level)
    middle = shapely.get_coordinates(shapely.point_on_surface(area))[0]
    angle = walk.rng.uniform(0, np.pi)
    reach = 2 * np.hypot(*np.subtract(area.bounds[2:], area.bounds[:2]))
    way = np.array([np.cos(angle), np.sin(angle)]) * reach
    chords = shapely.get_parts(
        shapely.intersection(shapely.LineString([middle - way, middle + way]), area)
    )
    chord = max(chords, key=shapely.length)
    if chord.length < 20:
        raise Unsuitable
    ends = shapely.get_coordinates(chord)
    bend = ends.mean(axis=0) + walk.rng.normal(0, 0.05 * chord.length, 2)
    off = walk.rng.uniform(-3, 6, 2)  # short of the edge, or beyond it
    way = way / reach
    line = shapely.LineString([ends[0] - way * off[0], bend, ends[-1] + way * off[1]])
    ground = walk.draft.ground([grid], level, line)
    return walk.draft.adopt(ground, edits.split(ground[0], line, grid), [grid], level)


def _streets(walk: Walk) -> Step:
    level = walk.level()
    grid = _large(walk, level)
    area = walk.area(grid, level)
    streets = _within(walk.draft.land.streets, area.envelope)
    ground = walk.draft.ground([grid], level, area.envelope)
    change = edits.split_along_streets(ground[0], streets, grid)
    return walk.draft.adopt(ground, change, [grid], level)


def _evenly(walk: Walk) -> Step:
    level = walk.level()
    grid = _large(walk, level)
    land, box = walk.draft.land, walk.area(grid, level).envelope
    near = shapely.intersects(land.buildings, box)
    ground = walk.draft.ground([grid], level, box)
    change = edits.split_evenly(
        ground[0], grid, int(walk.rng.integers(2, 5)), land.buildings[near], land.households[near]
    )
    return walk.draft.adopt(ground, change, [grid], level)


def _merge(walk: Walk) -> Step:
    level = walk.level()
    into, other = walk.neighbours(level)
    if level == 2:
        return _rehomed(walk, {key[1]: into for key, up in _parents(walk) if up == other})
    ground = walk.draft.ground([into, other], 3)
    return walk.draft.adopt(
        ground, edits.merge(ground[0], np.array([other]), into), [into, other], 3
    )


def _parents(walk: Walk) -> list[tuple[Key, int]]:
    return [(key, up) for key, up in walk.draft.facts.items() if key[0] == "parent"]


def _rehomed(walk: Walk, parents: dict[int, int]) -> Step:
    for leaf, up in parents.items():
        before = walk.draft.facts["parent", leaf]
        if before != up and any(walk.draft.locked(grid) for grid in (before, up)):
            raise Locked
    return walk.draft.rewrite({("parent", leaf): up for leaf, up in parents.items()})


def _micro_grid(walk: Walk) -> Step:
    leaf, beside = walk.neighbours(3)
    return _rehomed(walk, {leaf: walk.draft.facts["parent", beside]})


def _building(walk: Walk) -> Step:
    level = walk.level()
    to, other = walk.neighbours(level)
    buildings = walk.draft.land.buildings
    near = np.flatnonzero(shapely.dwithin(buildings, walk.area(to, level), 15.0))
    near = near[
        shapely.intersects(shapely.point_on_surface(buildings[near]), walk.area(other, level))
    ]
    at = int(walk.pick(near))
    beside = np.flatnonzero(shapely.dwithin(buildings, buildings[at], 200.0))
    around = walk.draft.around(buildings[at], level)[0]
    givers = [grid for grid in np.unique(around.owners).tolist() if grid != to]
    ground = walk.draft.ground([to, *givers], level, buildings[at])
    change = edits.transfer_building(ground[0], buildings[at], buildings[beside[beside != at]], to)
    return walk.draft.adopt(ground, change, [to, *givers], level)


def _give(walk: Walk, to: int, level: int, choose: Callable[[np.ndarray], np.ndarray]) -> Step:
    """Give whole atoms to a grid, as lassos and brushes do."""
    ids, leaf = walk.draft.links()
    owners = walk.draft.owners(leaf, level)
    chosen = choose(walk.draft.atoms(ids)) & (owners != to)
    if not chosen.any():
        raise Unsuitable
    givers = np.unique(owners[chosen]).tolist()
    ground = walk.draft.ground([to, *givers], level)
    change = edits.transfer(ground[0], np.flatnonzero(np.isin(ground[1], ids[chosen])), to)
    return walk.draft.adopt(ground, change, [to, *givers], level)


def _beside(walk: Walk, to: int, level: int) -> Any:
    edge = walk.area(to, level).boundary
    return shapely.line_interpolate_point(edge, walk.rng.random(), normalized=True)


def _lasso(walk: Walk) -> Step:
    level = walk.level()
    to = walk.neighbours(level)[0]
    around = _beside(walk, to, level).buffer(walk.rng.uniform(20, 70), quad_segs=3)
    return _give(
        walk, to, level, lambda atoms: shapely.intersects(shapely.point_on_surface(atoms), around)
    )


def _paint(walk: Walk) -> Step:
    level = walk.level()
    to = walk.neighbours(level)[0]
    start = shapely.get_coordinates(_beside(walk, to, level))[0]
    brush = shapely.LineString([start, start + walk.rng.normal(0, 25, 2)]).buffer(2.5)
    return _give(walk, to, level, lambda atoms: shapely.intersects(atoms, brush))


def _block(walk: Walk) -> Step:
    level = walk.level()
    to, other = walk.neighbours(level)
    point = shapely.point_on_surface(walk.area(other, level))
    around = point.buffer(BLOCK_M)

    def choose(atoms: np.ndarray) -> np.ndarray:
        near = np.flatnonzero(shapely.intersects(atoms, around))
        patch = edits.Patch(atoms[near], np.zeros(len(near), dtype=np.int64), None)
        at = int(np.argmax(shapely.intersects(atoms[near], point)))
        found = np.zeros(len(atoms), dtype=bool)
        streets = _within(walk.draft.land.streets, around)
        found[near[edits.block_of(patch, streets, at)]] = True
        return found

    return _give(walk, to, level, choose)


def _within(lines: np.ndarray, area: Any) -> np.ndarray:
    found: np.ndarray = lines[shapely.intersects(lines, area)]
    return found


def _special(walk: Walk) -> Step:
    level = walk.level()
    if walk.rng.random() < 0.5:
        area = walk.pick(walk.draft.land.buildings)
    else:
        middle = shapely.point_on_surface(walk.area(_large(walk, level), level))
        area = middle.buffer(walk.rng.uniform(5, 25), quad_segs=3)
    if not area.intersects(walk.draft.land.territory):
        raise Unsuitable
    ground = walk.draft.around(area, level)
    change = edits.cut_out(ground[0], area)
    chosen = np.unique(ground[0].owners[np.concatenate((change.added_from, change.moved))])
    return walk.draft.adopt(ground, change, chosen.tolist(), level)


def _renumber(walk: Walk) -> Step:
    level = walk.level()
    grids = walk.draft.grids(level)
    ids, leaf = walk.draft.links()
    atoms = walk.draft.atoms(ids)
    owners = walk.draft.owners(leaf, level)
    middles = [
        shapely.get_coordinates(shapely.centroid(atoms[owners == grid][0]))[0] for grid in grids
    ]
    order = reading_order(np.array(middles))
    return walk.draft.rewrite(
        {("code", grids[at]): f"{number:03d}" for number, at in enumerate(order, start=1)}
    )


def _lock(walk: Walk) -> Step:
    """Lock some grids, or unlock all."""
    held = [key for key in walk.draft.facts if key[0] == "locked"]
    if held:
        return walk.draft.rewrite(dict.fromkeys(held))
    level = walk.level()
    return walk.draft.rewrite({("locked", int(walk.pick(walk.draft.grids(level)))): True})


def _undo(walk: Walk) -> None:
    if not walk.done:
        raise Unsuitable
    step = walk.done.pop()
    walk.draft.facts = walk.draft.after(step.inverse())
    walk.undone.append(step)


def _redo(walk: Walk) -> None:
    if not walk.undone:
        raise Unsuitable
    step = walk.undone.pop()
    walk.draft.facts = walk.draft.after(step)
    walk.done.append(step)


KINDS: dict[str, tuple[Callable[[Walk], Step | None], int]] = {
    "redraw": (_redraw, 26),
    "split": (_split, 8),
    "node": (_node, 8),
    "streets": (_streets, 2),
    "evenly": (_evenly, 3),
    "merge": (_merge, 14),
    "micro-grid": (_micro_grid, 5),
    "building": (_building, 6),
    "lasso": (_lasso, 6),
    "paint": (_paint, 5),
    "block": (_block, 4),
    "special": (_special, 3),
    "renumber": (_renumber, 1),
    "lock": (_lock, 3),
    "undo": (_undo, 7),
    "redo": (_redo, 4),
}
_EDITS = {kind: function for kind, (function, _) in KINDS.items()}
_WEIGHTS = np.array([weight for _, weight in KINDS.values()]) / sum(
    weight for _, weight in KINDS.values()
)
