"""Areas that nearly cover a territory become a coverage that does, or the place is named."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridmap.geometry.claims import outline_of, settle_claims
from gridmap.geometry.coverage import is_exact
from gridmap.geometry.crs import snap
from gridmap.geometry.outlines import keep_outline

ORIGIN = (500_000.0, 2_800_000.0)


def board(columns: int, rows: int, *, cell: float = 100.0, seed: int = 1) -> np.ndarray:
    """Quadrangles with bent shared edges, as a plan drawn along streets has them."""
    rng = np.random.default_rng(seed)
    x, y = np.meshgrid(np.arange(columns + 1) * cell, np.arange(rows + 1) * cell)
    node = np.stack([x, y], 2) + rng.uniform(-cell / 6, cell / 6, (rows + 1, columns + 1, 2))
    node += ORIGIN
    bend = rng.uniform(-cell / 20, cell / 20, (rows + 1, columns + 1, 2, 2))

    def middle(i: int, j: int, k: int, m: int) -> np.ndarray:
        along = 0 if k == i else 1
        return (node[i, j] + node[k, m]) / 2 + bend[min(i, k), min(j, m), along]

    areas = []
    for i in range(rows):
        for j in range(columns):
            ring = [
                node[i, j], middle(i, j, i, j + 1), node[i, j + 1],
                middle(i, j + 1, i + 1, j + 1), node[i + 1, j + 1],
                middle(i + 1, j, i + 1, j + 1), node[i + 1, j], middle(i, j, i + 1, j),
            ]  # fmt: skip
            areas.append(shapely.Polygon(ring))
    return snap(np.array(areas, dtype=object))


def shaken(areas: np.ndarray, by: float, seed: int = 3) -> np.ndarray:
    """Every outline drawn once more with an unsteady hand."""
    rng = np.random.default_rng(seed)

    def shake(xy: np.ndarray) -> np.ndarray:
        moved = xy + rng.uniform(-by, by, xy.shape)
        moved[-1] = moved[0]
        return moved

    return np.array([shapely.transform(area, shake) for area in areas], dtype=object)


def test_a_clean_plan_stays_as_it_is() -> None:
    areas = board(5, 4)
    settled = settle_claims(areas, outline_of(areas), tolerance_m=1)
    assert settled.repairs == settled.defects == []
    assert len(settled.atoms) == len(areas)
    for atom, owner in zip(settled.atoms, settled.owners, strict=True):
        assert shapely.equals(atom, areas[owner])


@pytest.mark.parametrize(("by", "tolerance_m"), [(0.005, 0.1), (0.2, 1.0), (1.0, 4.0), (3.0, 10.0)])
def test_edges_drawn_twice_become_one_and_the_outline_is_the_territorys(by, tolerance_m) -> None:
    areas = board(5, 4)
    territory = outline_of(areas)
    settled = settle_claims(shaken(areas, by), territory, tolerance_m=tolerance_m)
    assert settled.defects == []
    assert is_exact(settled.atoms, settled.outline)
    assert set(settled.owners.tolist()) == set(range(len(areas)))
    # The outline is noded and may bend by half a step of the lattice, not more.
    assert shapely.hausdorff_distance(settled.outline, territory) < 0.02
    assert all(case.given_to is not None for case in settled.repairs)


def test_a_missing_area_is_a_gap_with_its_size_place_and_neighbours() -> None:
    areas = board(3, 3)
    settled = settle_claims(np.delete(areas, 4), outline_of(areas), tolerance_m=1)
    (gap,) = settled.defects
    assert gap.kind == "gap"
    assert gap.area_m2 == pytest.approx(areas[4].area, rel=1e-3)
    assert shapely.Point(gap.place).within(areas[4])
    assert gap.areas == (1, 3, 4, 6)
    assert len(settled.atoms) == 0


def test_a_hole_in_the_middle_is_no_part_of_the_outline_around_areas() -> None:
    areas = board(3, 3)
    assert outline_of(np.delete(areas, 4)).equals(outline_of(areas))


def test_an_area_over_another_is_an_overlap_of_the_two() -> None:
    areas = board(3, 1)
    areas[0] = shapely.union(
        areas[0], shapely.box(*areas[1].bounds).intersection(areas[1].buffer(-20))
    )
    settled = settle_claims(areas, outline_of(areas), tolerance_m=1)
    assert [(case.kind, case.areas) for case in settled.defects] == [("overlap", (0, 1))]


def test_an_area_that_reaches_outside_is_named_and_one_without_land_too() -> None:
    areas = board(3, 1)
    territory = outline_of(areas[:2])
    settled = settle_claims(areas, territory, tolerance_m=1)
    assert [case.kind for case in settled.defects] == ["outside", "nothing left"]
    assert all(case.areas == (2,) for case in settled.defects)


def test_a_territory_of_several_parts_with_a_hole_is_covered() -> None:
    one, two = board(4, 4), board(2, 2, seed=5)
    two = shapely.transform(two, lambda xy: xy + np.array([2048.0, 0.0]))
    areas = np.concatenate((np.delete(one, 5), two))
    territory = shapely.union_all(areas)
    assert territory.geom_type == "MultiPolygon"
    settled = settle_claims(areas, territory, tolerance_m=1)
    assert settled.defects == []
    assert is_exact(settled.atoms, territory)


def test_a_second_plan_keeps_a_frozen_outline_vertex_by_vertex() -> None:
    areas = board(5, 4)
    first = settle_claims(areas, outline_of(areas), tolerance_m=1)
    again = settle_claims(shaken(areas, 0.3), first.outline, tolerance_m=2)
    kept = keep_outline(again, first.outline, tolerance_m=2)
    assert kept.defects == []
    assert shapely.equals_exact(
        shapely.normalize(kept.outline), shapely.normalize(first.outline), 0.0
    )
    assert is_exact(kept.atoms, first.outline)


def test_an_edge_that_meets_a_frozen_outline_away_from_its_vertices_is_refused() -> None:
    territory = shapely.box(0, 0, 1000, 1000)
    halves = np.array([shapely.box(0, 0, 500, 1000), shapely.box(500, 0, 1000, 1000)])
    settled = settle_claims(halves, territory, tolerance_m=1)
    assert settled.defects == []
    kept = keep_outline(settled, territory, tolerance_m=1)
    assert {case.kind for case in kept.defects} == {"off vertex"}
    assert [case.width_m for case in kept.defects] == [500, 500]
    assert kept.defects[0].areas == (0, 1)


@settings(max_examples=25, deadline=None)
@given(
    columns=st.integers(1, 4),
    rows=st.integers(1, 4),
    by=st.floats(0, 1.5),
    seed=st.integers(0, 1000),
)
def test_whatever_the_hand_the_result_is_exact_or_says_why_not(columns, rows, by, seed) -> None:
    areas = board(columns, rows, seed=seed)
    settled = settle_claims(shaken(areas, by, seed), outline_of(areas), tolerance_m=4.0)
    if settled.defects:
        assert len(settled.atoms) == 0
    else:
        assert is_exact(settled.atoms, settled.outline)
        assert shapely.area(settled.atoms).sum() == pytest.approx(settled.outline.area)
