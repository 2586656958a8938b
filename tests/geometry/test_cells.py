"""Cells are the Voronoi cells of their centres, known by number and by key."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gridmap.errors import InvalidInput, TooLarge
from gridmap.geometry import cells

SHAPES = st.sampled_from(["hexagon", "square"])
PLACES = st.floats(-5e5, 5e5)


@given(
    shape=SHAPES,
    size=st.floats(10, 2000),
    west=PLACES,
    south=PLACES,
    width=st.floats(0, 5000),
    height=st.floats(0, 5000),
    seed=st.integers(0, 2**31),
)
def test_every_point_goes_to_the_cell_with_the_nearest_centre(
    shape, size, west, south, width, height, seed
):
    size = max(size, (width + height) / 100)
    window = cells.tessellate((west, south, west + width, south + height), size, shape=shape)
    rng = np.random.default_rng(seed)
    x = west + width * np.r_[rng.random(40), 0, 0, 1, 1]
    y = south + height * np.r_[rng.random(40), 0, 1, 0, 1]
    numbers = cells.assign(window, x, y)
    assert (numbers >= 0).all()
    centres = cells.centres(window)
    distances = np.hypot(x[:, None] - centres[:, 0], y[:, None] - centres[:, 1])
    own = distances[np.arange(x.size), numbers]
    assert np.allclose(own, distances.min(axis=1), rtol=1e-9, atol=1e-6)


@pytest.mark.parametrize("shape", ["hexagon", "square"])
def test_the_polygons_are_an_exact_coverage_and_hold_their_points(shape):
    window = cells.tessellate((103_000.3, -2_000.7, 104_300, -1_200), 97.3, shape=shape)
    polygons = cells.polygons(window)
    assert shapely.is_valid(polygons).all()
    assert shapely.is_ccw(shapely.get_exterior_ring(polygons)).all()
    assert np.allclose(shapely.area(polygons), window.cell_area_m2, rtol=1e-9)
    # Corners that neighbours share are the same numbers, so that the union has no slit.
    union = shapely.coverage_union_all(polygons)
    assert union.geom_type == "Polygon"
    assert len(union.interiors) == 0
    rng = np.random.default_rng(5)
    x, y = rng.uniform(103_001, 104_299, 500), rng.uniform(-2_000, -1_201, 500)
    own = polygons[cells.assign(window, x, y)]
    assert (shapely.distance(own, shapely.points(x, y)) < 1e-6).all()


@pytest.mark.parametrize("shape", ["hexagon", "square"])
def test_a_window_covers_its_box_and_little_more(shape):
    box = (10.0, 20.0, 990.0, 640.0)
    window = cells.tessellate(box, 100, shape=shape)
    union = shapely.union_all(cells.polygons(window))
    assert union.buffer(1e-6).covers(shapely.box(*box))
    assert window.count <= 12 * 9


@given(shape=SHAPES, west=PLACES, south=PLACES)
def test_a_cell_has_the_same_key_in_every_window(shape, west, south):
    one = cells.tessellate((west, south, west + 900, south + 900), 100, shape=shape)
    other = cells.tessellate((west - 510, south + 230, west + 700, south + 2000), 100, shape=shape)
    x, y = np.meshgrid(np.linspace(west, west + 700, 9), np.linspace(south + 230, south + 900, 9))
    keys = cells.keys(one, cells.assign(one, x, y))
    assert (keys == cells.keys(other, cells.assign(other, x, y))).all()
    assert (cells.numbers_of(one, cells.keys(one)) == np.arange(one.count)).all()
    assert (np.diff(cells.keys(one)) > 0).all()


def test_a_key_outside_the_window_and_a_point_outside_have_no_number():
    window = cells.tessellate((0, 0, 500, 500), 100)
    assert cells.assign(window, [-1e6, np.nan, 250, 250], [250, 250, 1e6, np.nan]).tolist() == (
        [-1, -1, -1, -1]
    )
    far = cells.tessellate((1e6, 1e6, 1e6 + 500, 1e6 + 500), 100)
    assert (cells.numbers_of(window, cells.keys(far)) == -1).all()


def test_the_order_of_points_does_not_matter():
    window = cells.tessellate((0, 0, 5000, 5000), 123)
    rng = np.random.default_rng(1)
    x, y = rng.uniform(-100, 5100, (2, 40_000))
    order = rng.permutation(x.size)
    assert (cells.assign(window, x, y)[order] == cells.assign(window, x[order], y[order])).all()


@pytest.mark.parametrize("shape", ["hexagon", "square"])
def test_shares_of_cells_add_up_to_the_area(shape):
    area = shapely.Polygon([(100, 80), (930, 150), (700, 870), (420, 500), (90, 760)])
    window = cells.tessellate(area.bounds, 61, shape=shape)
    share = cells.covered_share(window, area)
    assert share.min() >= 0
    assert share.max() == 1
    assert share.sum() * window.cell_area_m2 == pytest.approx(area.area, rel=1e-12)


@pytest.mark.parametrize(
    ("box", "size", "field"),
    [
        ((0, 0, 1, 1), 0, "size_m"),
        ((0, 0, 1, 1), float("nan"), "size_m"),
        ((2, 0, 1, 1), 5, "bounds"),
        ((0, 0, float("inf"), 1), 5, "bounds"),
    ],
)
def test_a_window_that_cannot_be_is_refused(box, size, field):
    with pytest.raises(InvalidInput) as refused:
        cells.tessellate(box, size)
    assert refused.value.faults[0].field == field
    assert refused.value.hint


def test_too_many_cells_are_refused_before_memory_is_taken():
    with pytest.raises(TooLarge):
        cells.tessellate((0, 0, 1e7, 1e7), 1)


def test_wrong_numbers_and_lengths_are_refused():
    window = cells.tessellate((0, 0, 500, 500), 100)
    with pytest.raises(InvalidInput):
        cells.centres(window, [window.count])
    with pytest.raises(InvalidInput):
        cells.assign(window, [1, 2], [1])
