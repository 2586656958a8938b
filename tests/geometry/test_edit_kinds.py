"""Corners, even parts, streets, buildings, cut-outs and loose pieces: always an exact coverage."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gridmap.geometry import coverage, edits
from gridmap.geometry.adjacency import broken_groups, shared_edges
from tests.geometry.test_edits import area_of, ground, nanjie, sloppy_line, squares


def four_grids() -> edits.Patch:
    """A square of four grids that meet in its middle, and a fifth that takes one corner away."""
    patch = squares()
    middle = shapely.get_coordinates(shapely.centroid(patch.atoms))
    owners = (middle[:, 0] > 128).astype(np.int64) + 2 * (middle[:, 1] > 128)
    owners[(middle[:, 0] > 192) & (middle[:, 1] > 192)] = 4
    return edits.Patch(patch.atoms, owners, patch.outline)


def homes(patch: edits.Patch, per_atom: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """Buildings of 8 × 8 m in rows inside each atom, ten households each."""
    low = shapely.bounds(patch.atoms)[:, :2]
    boxes = [
        shapely.box(x + 8 + 14 * i, y + 20, x + 16 + 14 * i, y + 28)
        for x, y in low
        for i in range(per_atom)
    ]
    return np.array(boxes, dtype=object), np.full(len(boxes), 10)


def test_a_corner_moves_and_every_grid_that_meets_there_follows() -> None:
    patch = four_grids()
    before = [area_of(patch, grid) for grid in range(4)]
    change = edits.move_node(patch, shapely.Point(127, 129), shapely.Point(108, 112))
    after = change.apply(patch)
    assert coverage.is_exact(after.atoms, ground(patch))
    assert area_of(after, 0) < before[0]
    assert area_of(after, 3) > before[3]
    assert not len(broken_groups(shared_edges(after.atoms), after.owners))


@pytest.mark.parametrize(
    ("node", "to", "said"),
    [
        ((128, 60), (100, 60), "No three grids"),
        ((128, 128), (128, 128), "hardly moved"),
        ((128, 128), (300, 300), "cross"),
    ],
)
def test_a_corner_that_cannot_be_moved_is_refused_in_words(
    node: tuple[float, float], to: tuple[float, float], said: str
) -> None:
    with pytest.raises(edits.RefusedEdit, match=said):
        edits.move_node(four_grids(), shapely.Point(node), shapely.Point(to))


@pytest.mark.parametrize("parts", [2, 3, 5])
def test_even_parts_hang_together_hold_as_many_households_and_cut_no_building(parts: int) -> None:
    patch = squares()
    buildings, households = homes(patch)
    after = edits.split_evenly(patch, 0, parts, buildings, households).apply(patch)
    assert coverage.is_exact(after.atoms, ground(patch))
    assert not len(broken_groups(shared_edges(after.atoms), after.owners))
    grids = [shapely.union_all(after.atoms[after.owners == g]) for g in np.unique(after.owners)]
    assert len(grids) == parts + 1
    inside = np.array([shapely.contains(grid, buildings) for grid in grids])
    assert np.all(inside.sum(axis=0) == 1), "every building lies in one grid as a whole"
    held = sorted(inside @ households)[:parts]
    assert max(held) - min(held) <= 0.15 * np.mean(held) + 10


def test_streets_split_a_grid_where_they_are_edges_and_where_they_are_not() -> None:
    patch = squares()
    along_edge = shapely.LineString([(-10, 128), (266, 128)])
    through = shapely.LineString([(100, -10), (100, 266)])
    after = edits.split_along_streets(patch, np.array([along_edge, through]), 0).apply(patch)
    assert coverage.is_exact(after.atoms, ground(patch))
    assert len(np.unique(after.owners)) == 5
    with pytest.raises(edits.RefusedEdit, match="No street"):
        edits.split_along_streets(patch, np.array([shapely.LineString([(500, 0), (500, 9)])]), 0)


def test_a_building_goes_with_its_ground_halfway_to_the_next_ones() -> None:
    patch = squares()
    buildings, _ = homes(patch)
    at = int(np.argmax(shapely.dwithin(buildings, shapely.Point(114, 90), 1)))
    others = np.delete(buildings, at)
    after = edits.transfer_building(patch, buildings[at], others, 1).apply(patch)
    assert coverage.is_exact(after.atoms, ground(patch))
    given = shapely.union_all(after.atoms[after.owners == 1])
    assert shapely.contains(given, buildings[at])
    assert shapely.area(shapely.intersection(given, others)).sum() == pytest.approx(
        sum(other.area for other in others if shapely.bounds(other)[0] > 128)
    )
    far = int(np.argmax(shapely.dwithin(buildings, shapely.Point(20, 90), 1)))
    with pytest.raises(edits.RefusedEdit, match="does not touch"):
        edits.transfer_building(patch, buildings[far], np.delete(buildings, far), 1)


def test_a_school_is_cut_out_of_two_grids_and_a_belt_across_one_is_refused() -> None:
    patch = squares()
    school = shapely.Point(128, 128).buffer(40, quad_segs=4)
    after = edits.cut_out(patch, school).apply(patch)
    assert coverage.is_exact(after.atoms, ground(patch))
    assert area_of(after, edits.NEW) == pytest.approx(school.area, rel=0.01)
    with pytest.raises(edits.RefusedEdit, match="in two"):
        edits.cut_out(patch, shapely.box(-5, 100, 140, 140))


def test_a_line_drawn_beside_a_street_is_laid_onto_it() -> None:
    patch = squares()
    street = shapely.LineString([(-20, 70), (60, 72), (130, 90), (280, 90)])
    drawn = shapely.LineString([(-10, 76), (80, 70), (200, 97), (262, 84)])
    edges = shapely.union_all(shapely.boundary(patch.atoms))
    laid = edits.follow_streets(drawn, np.array([street]), edges)
    assert shapely.hausdorff_distance(laid, shapely.intersection(street, laid.envelope)) < 0.3
    alone = shapely.LineString([(0, 200), (200, 205)])
    assert edits.follow_streets(alone, np.array([street]), edges).equals(alone)


def test_a_block_is_what_no_street_separates() -> None:
    patch = squares()
    streets = np.array([shapely.LineString([(128, -9), (128, 300)])])
    assert len(edits.block_of(patch, streets, 0)) == 8


def test_pieces_of_one_block_become_one_again_and_others_stay() -> None:
    patch = squares()
    roots = np.arange(len(patch.atoms))
    change = edits.split(patch, shapely.LineString([(-5, 30), (130, 30)]), 0)
    cut = change.apply(patch)
    roots = change.origins(roots)
    assert len(cut.atoms) == len(patch.atoms) + 2
    back = np.where(cut.owners == edits.NEW, 0, cut.owners)
    joined = edits.tidy(cut.atoms, back, roots, back != cut.owners)
    assert len(joined.polygons) == 2
    left = np.concatenate((cut.atoms[joined.group < 0], joined.polygons))
    assert len(left) == len(patch.atoms)
    assert coverage.is_exact(left, ground(patch))


def walk(edit_count: int) -> tuple[int, int, int]:
    """Redraw boundaries of nanjie by sloppy lines, tidying after each, as the service does."""
    patch, territory = nanjie(2)
    start = len(patch.atoms)
    roots = np.arange(start)
    rng = np.random.default_rng(77)
    drawn = accepted = 0
    while drawn < edit_count:
        edges = shared_edges(patch.atoms)
        first, second = patch.owners[edges.first], patch.owners[edges.second]
        pairs = np.unique(
            np.sort(np.column_stack((first, second))[first != second], axis=1), axis=0
        )
        one, other = pairs[rng.integers(len(pairs))]
        line = sloppy_line(patch, one, other, rng)
        if line is None:
            continue
        drawn += 1
        try:
            change = edits.redraw_boundary(patch, line, int(one), int(other))
        except edits.RefusedEdit:
            continue
        accepted += 1
        after = change.apply(patch)
        roots = change.origins(roots)
        fresh = np.arange(len(after.atoms)) >= len(after.atoms) - len(change.added)
        given = np.zeros(len(patch.atoms), dtype=bool)
        given[change.moved] = True
        fresh[: len(fresh) - len(change.added)] |= np.delete(given, change.removed)
        joined = edits.tidy(after.atoms, after.owners, roots, fresh)
        alone = joined.group < 0
        sources = [int(np.argmax(joined.group == n)) for n in range(len(joined.polygons))]
        patch = edits.Patch(
            np.concatenate((after.atoms[alone], joined.polygons)),
            np.concatenate((after.owners[alone], after.owners[sources])),
            patch.outline,
        )
        roots = np.concatenate((roots[alone], roots[sources]))
        if accepted % 20 == 0:
            assert coverage.is_exact(patch.atoms, territory)
    assert coverage.is_exact(patch.atoms, territory)
    return accepted, start, len(patch.atoms)


def test_edits_leave_few_loose_pieces() -> None:
    accepted, start, end = walk(40)
    assert accepted >= 0.93 * 40
    assert end <= 1.5 * start


@pytest.mark.long
def test_a_thousand_edits_leave_half_as_many_atoms_more_at_most() -> None:
    accepted, start, end = walk(1000)
    assert accepted >= 0.93 * 1000
    assert end <= 1.5 * start
