"""Territory and lines → faces that share every vertex."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridmap.geometry.adjacency import shared_edges
from gridmap.geometry.atoms import OUTLINE_STEP_M, arrange, merge_slivers, step_outline
from gridmap.geometry.coverage import dissolve, find_defects
from gridmap.geometry.crs import LATTICE_M, snap

CORNER = np.array([500_000, 2_800_000])
TOWN = shapely.box(500_000, 2_800_000, 501_000, 2_800_800)


def line(*points):
    return shapely.linestrings(np.array(points, dtype=float) + CORNER)


def outline_of(faces):
    return dissolve(faces, np.zeros(len(faces), dtype=np.int64))[0]


def bits(shapes):
    return shapely.get_coordinates(shapes).tobytes()


@st.composite
def lines_across(draw):
    coordinate = st.floats(-100, 1100)
    points = st.lists(st.tuples(coordinate, coordinate), min_size=2, max_size=5, unique=True)
    return [line(*part) for part in draw(st.lists(points, min_size=1, max_size=12))]


@settings(deadline=None, max_examples=60)
@given(lines_across())
def test_the_faces_of_any_lines_cover_the_territory_exactly(lines):
    faces = arrange(TOWN, lines)
    assert find_defects(faces, outline_of(faces)) == []
    assert shapely.get_coordinates(snap(faces)).tobytes() == bits(faces)
    assert shapely.area(faces).sum() == pytest.approx(TOWN.area, abs=4 * LATTICE_M * TOWN.length)


@settings(deadline=None, max_examples=40)
@given(lines_across())
def test_arranging_an_exact_coverage_again_changes_no_bit(lines):
    # But for a vertex at just half a step beside an edge, which may be drawn in the second time.
    faces = arrange(TOWN, lines)
    again = arrange(outline_of(faces), faces)
    assert bits(again) == bits(faces)


def test_a_line_that_ends_on_another_gives_its_vertex_to_both_sides():
    faces = arrange(TOWN, [line((-10, 400), (1010, 400)), line((333.3, 400), (333.3, 810))])
    south = next(face for face in faces if face.bounds[1] == 2_800_000)
    corner = (snap(shapely.Point(500_333.3, 2_800_400)).x, 2_800_400.0)
    assert corner in south.exterior.coords[:]
    assert len(faces) == 3


def test_a_dangling_street_cuts_nothing():
    assert len(arrange(TOWN, [line((-10, 400), (1010, 400)), line((500, 400), (500, 600))])) == 2


def test_a_line_on_an_existing_edge_changes_nothing():
    cuts = [line((-10, 400), (1010, 400)), line((500, -10), (500, 810))]
    faces = arrange(TOWN, cuts)
    assert bits(arrange(TOWN, [*cuts, line((100, 400), (700, 400))])) != b""
    assert len(arrange(TOWN, [*cuts, line((100, 400), (700, 400))])) == len(faces) == 4


def test_a_line_through_a_vertex_where_four_meet_makes_six():
    cuts = [line((-10, 400), (1010, 400)), line((500, -10), (500, 810))]
    faces = arrange(TOWN, [*cuts, line((100, 0), (900, 800))])
    assert len(faces) == 6
    assert find_defects(faces, outline_of(faces)) == []


def test_the_outline_of_a_polygon_cuts_like_a_line():
    lake = shapely.box(500_200, 2_800_200, 500_400, 2_800_400)
    faces = arrange(TOWN, [lake])
    assert len(faces) == 2
    assert any(len(face.interiors) == 1 for face in faces)


def test_a_territory_of_several_parts_with_a_hole_keeps_them():
    hole = shapely.box(500_300, 2_800_300, 500_500, 2_800_500)
    exclave = shapely.box(501_500, 2_800_000, 501_700, 2_800_200)
    touching = shapely.box(501_700, 2_800_200, 501_900, 2_800_400)
    territory = shapely.MultiPolygon([TOWN.difference(hole), exclave, touching])
    faces = arrange(territory, [line((-10, 100), (2000, 100)), line((400, -10), (400, 810))])
    assert find_defects(faces, territory) == []
    assert shapely.area(faces).sum() == territory.area


def test_no_line_at_all_leaves_the_territory():
    assert len(arrange(TOWN, [])) == 1


def test_slivers_join_the_neighbour_with_the_longest_shared_edge():
    cuts = [line((-10, 400), (1010, 400)), line((-10, 400.5), (1010, 400.5))]
    faces = arrange(TOWN, [*cuts, line((600, 400.5), (600, 810))])
    merged, now = merge_slivers(faces, minimum_area_m2=10, minimum_width_m=2)
    assert len(faces) == 4
    assert len(merged) == 3
    assert find_defects(merged, TOWN) == []
    sliver = int(np.argmin(shapely.area(faces)))
    south = next(i for i, face in enumerate(merged) if face.bounds[1] == 2_800_000)
    assert now[sliver] == south


def test_a_sliver_stays_with_its_owner_and_what_is_kept_stays():
    cuts = [line((-10, 400), (1010, 400)), line((-10, 400.5), (1010, 400.5))]
    faces = arrange(TOWN, [*cuts, line((600, 400.5), (600, 810))])
    owners = (shapely.bounds(faces)[:, 3] > 2_800_400.2).astype(np.int64)
    merged, now = merge_slivers(faces, minimum_area_m2=10, minimum_width_m=2, owners=owners)
    sliver = int(np.argmin(shapely.area(faces)))
    assert merged[now[sliver]].bounds[3] > 2_800_700
    keep = np.arange(len(faces)) == sliver
    same, _ = merge_slivers(faces, minimum_area_m2=10, minimum_width_m=2, keep=keep)
    assert len(same) == len(faces)


@settings(deadline=None, max_examples=30)
@given(lines_across())
def test_merging_slivers_keeps_the_coverage_and_every_face_has_a_new_one(lines):
    faces = arrange(TOWN, lines)
    merged, now = merge_slivers(faces, minimum_area_m2=2000, minimum_width_m=5)
    assert find_defects(merged, outline_of(faces)) == []
    assert np.array_equal(np.unique(now), np.arange(len(merged)))
    sizes = np.bincount(now, shapely.area(faces))
    assert np.allclose(sizes, shapely.area(merged))
    assert len(shared_edges(merged).first) <= len(shared_edges(faces).first)


def test_a_stepped_outline_has_vertices_all_along_and_is_left_alone_the_next_time() -> None:
    rough = shapely.Polygon(
        [(0, 0), (100.3, 1.7), (90, 80), (5, 61.1)], [[(20, 20), (60, 22), (40, 50)]]
    )
    once = step_outline(rough)
    lengths = [
        np.hypot(*np.diff(shapely.get_coordinates(ring), axis=0).T).max()
        for ring in shapely.get_rings(once)
    ]
    assert max(lengths) < OUTLINE_STEP_M + 0.05
    assert once.symmetric_difference(rough).area < 2.0  # half a lattice step along the outline
    assert shapely.equals_exact(step_outline(once), once, 0.0)
