"""The proof finds every planted defect and no other, and unions keep every vertex."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridmap.geometry.atoms import arrange
from gridmap.geometry.coverage import dissolve, find_defects, is_exact
from gridmap.geometry.crs import LATTICE_M, LocalCRS, snap

TOWN = shapely.box(424_000, 2_821_000, 425_500, 2_822_200)


def cut_town(seed, lines=14):
    rng = np.random.default_rng(seed)
    low, high = np.array(TOWN.bounds[:2]) - 60, np.array(TOWN.bounds[2:]) + 60
    return arrange(
        TOWN, [shapely.linestrings(rng.uniform(low, high, (3, 2))) for _ in range(lines)]
    )


def whole(atoms):
    return dissolve(atoms, np.zeros(len(atoms), dtype=np.int64))[0]


def moved(shape, x, y):
    return shapely.transform(shape, lambda xy: xy + np.array([x, y]))


def test_an_exact_coverage_has_no_defect():
    atoms = cut_town(1)
    assert find_defects(atoms, whole(atoms)) == []


def test_a_missing_atom_is_a_gap_of_its_size_at_its_place():
    atoms = cut_town(2)
    territory = whole(atoms)
    (defect,) = find_defects(np.delete(atoms, 7), territory)
    assert defect.kind == "gap"
    assert defect.area == pytest.approx(atoms[7].area)
    assert atoms[7].contains(shapely.Point(defect.place))
    assert shapely.equals(defect.geometry, atoms[7])


def test_an_atom_twice_is_an_overlap_of_both():
    atoms = cut_town(3)
    (defect,) = find_defects(np.append(atoms, atoms[4]), whole(atoms))
    assert defect.kind == "overlap"
    assert defect.areas == (4, len(atoms))
    assert defect.area == pytest.approx(atoms[4].area)


def test_everything_twice_is_found():
    atoms = cut_town(3)
    defects = find_defects(np.append(atoms, atoms), whole(atoms))
    assert {defect.kind for defect in defects} == {"overlap"}
    assert sum(defect.area for defect in defects) == pytest.approx(TOWN.area, rel=1e-6)


def test_one_area_over_all_and_its_atoms_is_found():
    atoms = cut_town(5)
    territory = whole(atoms)
    assert not is_exact(np.append(atoms, territory), territory)
    assert is_exact(np.array([territory]), territory)


def test_an_area_outside_is_told_from_an_overlap():
    atoms = cut_town(6)
    stray = shapely.box(426_000, 2_821_000, 426_100, 2_821_100)
    (defect,) = find_defects(np.append(atoms, stray), whole(atoms))
    assert (defect.kind, defect.area, defect.areas) == ("outside", 10_000.0, (len(atoms),))


def test_a_vertex_that_only_one_side_has_is_reported_where_it_is():
    left = shapely.Polygon([(0, 0), (10, 0), (10, 5), (10, 10), (0, 10)])
    right = shapely.Polygon([(10, 0), (20, 0), (20, 10), (10, 10)])
    defects = find_defects([left, right], shapely.box(0, 0, 20, 10))
    assert {defect.kind for defect in defects} == {"unshared vertex"}
    assert {defect.area for defect in defects} == {0.0}
    assert all(defect.place[0] == 10 for defect in defects)


def test_an_outline_may_have_fewer_or_more_vertices_than_its_areas():
    plain = shapely.box(0, 0, 20, 10)
    halves = [shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)]
    dense = shapely.segmentize(plain, 2.5)
    assert is_exact(halves, plain)
    assert is_exact(halves, dense)
    assert is_exact([shapely.segmentize(half, 5) for half in halves], plain)


def test_one_lattice_step_is_seen():
    a, b = shapely.box(0, 0, 10, 10), shapely.box(10 + LATTICE_M, 0, 20, 10)
    (defect,) = find_defects([a, b], shapely.box(0, 0, 20, 10))
    assert defect.kind == "gap"
    assert defect.area == pytest.approx(10 * LATTICE_M)


def test_an_area_that_crosses_itself_is_named_before_anything_else():
    bow = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    (defect,) = find_defects([bow], shapely.box(0, 0, 10, 10))
    assert (defect.kind, defect.areas, defect.place) == ("invalid", (0,), (5.0, 5.0))


def test_no_areas_leave_the_whole_territory_as_a_gap():
    (defect,) = find_defects(np.array([], dtype=object), shapely.box(0, 0, 4, 4))
    assert (defect.kind, defect.area) == ("gap", 16.0)


def test_holes_exclaves_and_parts_that_touch_at_a_point_are_covered():
    hole = shapely.box(3, 3, 6, 6)
    territory = shapely.MultiPolygon(
        [shapely.box(0, 0, 10, 10).difference(hole), shapely.box(10, 10, 14, 14)]
    )
    assert is_exact([territory], territory)
    assert is_exact(list(territory.geoms), territory)
    (defect,) = find_defects([*territory.geoms, hole], territory)
    assert (defect.kind, defect.area) == ("outside", 9.0)


def plant(kind, atoms, i, rng):
    """Spoil atom i; every way is one that pairwise overlap checks or the union's holes may miss."""
    spoiled = atoms.copy()
    if kind == "remove":
        return np.delete(spoiled, i)
    if kind == "double":
        return np.append(spoiled, spoiled[i])
    if kind == "shift":
        spoiled[i] = moved(spoiled[i], LATTICE_M * rng.integers(1, 9), 0)
    elif kind == "vertex":
        xy = shapely.get_coordinates(spoiled[i].exterior)
        k = int(rng.integers(1, len(xy) - 1))
        xy[k] += (LATTICE_M, -LATTICE_M)
        spoiled[i] = shapely.polygons(xy)
    elif kind == "shrink":
        spoiled[i] = shapely.box(*snap(spoiled[i].centroid.buffer(0.5)).bounds)
    elif kind == "hole":
        point = snap(spoiled[i].representative_point())
        hole = shapely.box(point.x, point.y, point.x + LATTICE_M, point.y + LATTICE_M)
        spoiled[i] = shapely.Polygon(spoiled[i].exterior, [hole.exterior])
    return spoiled


@settings(deadline=None, max_examples=120)
@given(
    st.sampled_from(["remove", "double", "shift", "vertex", "shrink", "hole"]),
    st.integers(0, 50),
    st.integers(0, 10_000),
)
def test_every_planted_defect_is_found(kind, seed, chance):
    atoms = cut_town(seed, lines=8)
    rng = np.random.default_rng(chance)
    spoiled = plant(kind, atoms, int(rng.integers(len(atoms))), rng)
    assert find_defects(spoiled, whole(atoms))


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 1000), st.integers(2, 9))
def test_unions_of_the_same_atoms_are_exact_however_they_are_grouped(seed, groups):
    atoms = cut_town(seed)
    labels = np.random.default_rng(seed).integers(0, groups, len(atoms))
    labels = np.unique(labels, return_inverse=True)[1]
    areas = dissolve(atoms, labels)
    assert find_defects(areas, whole(atoms)) == []
    assert np.allclose(shapely.area(areas), np.bincount(labels, shapely.area(atoms)))
    corners = {tuple(xy) for xy in shapely.get_coordinates(atoms).tolist()}
    assert {tuple(xy) for xy in shapely.get_coordinates(areas).tolist()} <= corners


def test_a_negative_group_is_left_out():
    atoms = cut_town(9)
    labels = np.zeros(len(atoms), dtype=np.int64)
    labels[3] = -1
    (rest,) = dissolve(atoms, labels)
    assert rest.area == pytest.approx(TOWN.area - atoms[3].area, rel=1e-6)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 1000))
def test_nine_decimals_keep_the_proof(seed):
    crs = LocalCRS(102)
    atoms = cut_town(seed)
    published = crs.publish(atoms)
    assert is_exact(published, crs.publish(whole(atoms)), unit=1e-9)
    assert shapely.get_coordinates(crs.receive(published)).tobytes() == (
        shapely.get_coordinates(atoms).tobytes()
    )
