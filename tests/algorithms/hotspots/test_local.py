"""Gi, Gi* and local Moran: reference answers, exactness, and false alarms."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.algorithms import hotspots
from gridmap.errors import InvalidInput
from gridmap.geometry import cells


@pytest.fixture(scope="module")
def columbus(read_table):
    table = read_table("columbus_spdep/columbus_crime_local.csv")
    pairs = read_table("columbus_spdep/columbus_queen_pairs.csv")
    neighbours = hotspots.neighbours_from_pairs(
        49, pairs["i"].astype(int) - 1, pairs["j"].astype(int) - 1
    )
    return table, neighbours


@pytest.fixture(scope="module")
def six_points(read_answers):
    answers = read_answers("esda_doctests/expected.json")
    x, y = np.array(answers["points"], float).T
    return answers, hotspots.neighbours_within(x, y, answers["threshold"])


def test_columbus_g_equals_spdep(columbus):
    table, neighbours = columbus
    standard = hotspots.row_standardised(neighbours)
    for star, lists, column in (
        (False, neighbours, "G_B"),
        (True, neighbours, "Gstar_B"),
        (True, standard, "Gstar_W"),
    ):
        found = hotspots.getis_ord(table["CRIME"], lists, star=star, test="normal")
        assert np.allclose(found.z, table[column], rtol=0, atol=1e-12)


def test_columbus_local_moran_equals_spdep(columbus):
    table, neighbours = columbus
    found = hotspots.local_moran(
        table["CRIME"], hotspots.row_standardised(neighbours), test="normal"
    )
    for ours, column in (
        (found.value, "Ii"),
        (found.expected, "E.Ii"),
        (found.z, "Z.Ii"),
        (found.p, "Pr.z....E.Ii.."),
    ):
        assert np.allclose(ours, table[column], rtol=0, atol=1e-12)


def test_six_points_equal_esda(six_points):
    answers, neighbours = six_points
    for star, column in ((False, "Gi_binary_z"), (True, "Gi_star_binary_z")):
        found = hotspots.getis_ord(answers["y"], neighbours, star=star, test="normal")
        assert np.allclose(found.z, answers[column], rtol=0, atol=1e-12)


def test_six_points_with_row_standardised_weights_equal_esda_but_for_its_variance(six_points):
    """A z does not change when a row's weights are all multiplied by the same number: Ord and
    Getis's variance holds Σ w². esda leaves it out for row-standardised weights, as if a cell had
    one neighbour; put back, its published values are ours.
    """
    answers, neighbours = six_points
    standard = hotspots.row_standardised(neighbours)
    degree = neighbours.degrees.astype(float)
    for star, column in ((False, "Gi_row_z"), (True, "Gi_star_row_z")):
        found = hotspots.getis_ord(answers["y"], standard, star=star, test="normal")
        plain = hotspots.getis_ord(answers["y"], neighbours, star=star, test="normal")
        assert np.allclose(found.z, plain.z, rtol=0, atol=1e-12)
        members, others = degree + star, 5 + star
        left_out = np.sqrt((others / members - 1) / (others - 1))
        assert np.allclose(found.z * left_out, answers[column], rtol=0, atol=1e-12)


def test_desmith_local_moran_equals_esda(read_answers):
    answers = read_answers("esda_doctests/expected.json")["desmith_moran_local"]
    pairs = [(int(i) - 1, int(j) - 1) for i, row in answers["neighbors"].items() for j in row]
    neighbours = hotspots.neighbours_from_pairs(10, *np.array(pairs).T)
    found = hotspots.local_moran(answers["z"], hotspots.row_standardised(neighbours), test="normal")
    # esda divides by n - 1 where Anselin's m has n.
    assert np.allclose(found.value * 9 / 10, answers["Is"], rtol=0, atol=1e-12)
    assert found.quadrant.tolist() == answers["q"]


def line(count):
    first = np.arange(count - 1)
    return hotspots.neighbours_from_pairs(count, np.r_[first, first + 1], np.r_[first + 1, first])


@given(st.lists(st.integers(0, 9), min_size=4, max_size=8))
def test_exact_tails_are_those_of_all_permutations(values):
    y = np.array(values, float)
    neighbours = line(y.size)
    found = hotspots.getis_ord(y, neighbours)
    moran = hotspots.local_moran(y, neighbours)
    assert found.test == "exact conditional permutation test"
    for cell in range(y.size):
        others = np.delete(y, cell)
        place = neighbours.members[neighbours.starts[cell] : neighbours.starts[cell + 1]]
        seen = y[place].sum()
        sums = np.array([sum(sample) for sample in itertools.combinations(others, place.size)])
        assert found.p_high[cell] == pytest.approx((sums >= seen).mean(), abs=1e-12)
        assert found.p_low[cell] == pytest.approx((sums <= seen).mean(), abs=1e-12)
        away = y - y.mean()
        like = away[cell] * (sums - place.size * y.mean())
        assert moran.p_high[cell] == pytest.approx(
            (like >= away[cell] * (seen - place.size * y.mean()) - 1e-9).mean(), abs=1e-12
        )


def test_permutations_estimate_the_exact_tails():
    window = cells.tessellate((0, 0, 2000, 2000), 100)
    rng = np.random.default_rng(8)
    counts = rng.poisson(2.0, window.count)
    neighbours = hotspots.cell_neighbours(window)
    exact = hotspots.getis_ord(counts, neighbours)
    drawn = hotspots.getis_ord(counts, neighbours, test="permutation", permutations=4999, seed=11)
    assert drawn.test == "4999 conditional permutations (seed 11)"
    assert drawn.smallest_p == 2 / 5000
    # Four standard errors of a share of 4,999.
    error = 4 * np.sqrt(exact.p_high * (1 - exact.p_high) / 4999) + 1e-3
    assert (np.abs(drawn.p_high - exact.p_high) < error).all()
    again = hotspots.getis_ord(counts, neighbours, test="permutation", permutations=4999, seed=11)
    assert (again.p == drawn.p).all()


def test_real_weights_take_permutations_and_say_so():
    window = cells.tessellate((0, 0, 1000, 1000), 100)
    lists = hotspots.cell_neighbours(window)
    weights = np.random.default_rng(1).random(lists.members.size)
    uneven = hotspots.Neighbours(lists.starts, lists.members, weights)
    counts = np.random.default_rng(2).poisson(2, window.count)
    assert "199 conditional permutations" in (
        hotspots.getis_ord(counts, uneven, permutations=199, seed=1).test
    )
    with pytest.raises(InvalidInput, match="seed"):
        hotspots.getis_ord(counts, uneven)
    with pytest.raises(InvalidInput, match="no exact test"):
        hotspots.getis_ord(counts, uneven, test="exact")
    with pytest.raises(InvalidInput, match="no exact test"):
        hotspots.getis_ord(counts + 0.5, lists, test="exact")


def test_an_answer_knows_when_its_test_is_too_coarse_for_the_correction():
    window = cells.tessellate((0, 0, 4000, 4000), 100)
    counts = np.random.default_rng(2).poisson(2, window.count)
    lists = hotspots.cell_neighbours(window)
    assert hotspots.getis_ord(counts, lists).can_discover
    coarse = hotspots.getis_ord(counts, lists, test="permutation", permutations=99, seed=3)
    assert not coarse.can_discover


@given(st.integers(0, 2**31))
def test_the_order_of_cells_does_not_matter(seed):
    rng = np.random.default_rng(seed)
    window = cells.tessellate((0, 0, 700, 700), 100)
    counts = rng.poisson(1.5, window.count)
    order = rng.permutation(window.count)
    straight = hotspots.getis_ord(counts, hotspots.cell_neighbours(window))
    shuffled = hotspots.getis_ord(counts[order], hotspots.cell_neighbours(window, order))
    for name in ("value", "z", "p_high", "p_low", "q", "direction"):
        assert np.allclose(
            getattr(straight, name)[order], getattr(shuffled, name), atol=1e-12, equal_nan=True
        )


def test_a_planted_hot_and_a_cold_place_are_found():
    window = cells.tessellate((0, 0, 4000, 4000), 100)
    middle = cells.centres(window)
    hot = np.hypot(*(middle - [1000, 1000]).T) < 250
    cold = np.hypot(*(middle - [3000, 3000]).T) < 500
    rng = np.random.default_rng(6)
    counts = rng.poisson(np.where(hot, 12.0, np.where(cold, 0.2, 3.0)))
    found = hotspots.getis_ord(counts, hotspots.cell_neighbours(window))
    assert found.direction[np.argmin(found.p_high)] == 1
    assert hot[np.argmin(found.p_high)]
    assert cold[np.argmin(found.p_low)]
    classes = found.classes()
    assert classes.max() == 3
    assert classes.min() <= -2
    assert (np.sign(classes)[found.direction != 0] == found.direction[found.direction != 0]).all()


def test_without_clusters_the_correction_names_almost_nothing():
    """A few very large cells, at random: the normal curve cries wolf, the exact test does not."""
    window = cells.tessellate((0, 0, 5000, 5000), 100)
    lists = hotspots.cell_neighbours(window)
    rng = np.random.default_rng(10)
    exact, normal = 0, 0
    for _ in range(60):
        counts = rng.poisson(1.0, window.count)
        counts[rng.choice(window.count, 25, replace=False)] += 40
        exact += bool(hotspots.getis_ord(counts, lists).direction.any())
        normal += bool(hotspots.getis_ord(counts, lists, test="normal").direction.any())
    assert exact <= 8  # 5 % of 60, and three standard errors
    assert normal > 50


def test_a_cell_without_neighbours_and_a_constant_field_are_not_tested():
    lists = hotspots.neighbours_from_pairs(4, [0, 1, 1, 2], [1, 0, 2, 1])
    found = hotspots.getis_ord([3, 1, 0, 9], lists)
    assert np.isnan([found.z[3], found.p[3], found.q[3]]).all()
    assert found.direction[3] == 0
    assert found.tests == 3
    flat = hotspots.getis_ord([2, 2, 2, 2], lists)
    assert np.isnan(flat.z).all()
    assert flat.direction.tolist() == [0, 0, 0, 0]
    assert hotspots.local_moran([2, 2, 2, 2], lists).direction.tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("values", [[1, 2, 3], [1, 2, np.nan, 3]])
def test_wrong_values_are_refused(values):
    with pytest.raises(InvalidInput) as refused:
        hotspots.getis_ord(values, line(4))
    assert refused.value.faults[0].field == "values"
