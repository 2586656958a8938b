"""Moran's I and General G."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from gridmap.algorithms import hotspots
from gridmap.errors import InvalidInput


def test_st_louis_moran_equals_esda(read_table, read_gal, read_answers):
    answers = read_answers("esda_doctests/expected.json")["stl_hom_moran"]
    homicides = read_table("esda_doctests/stl_hom.txt", skip=1)
    _, neighbours = read_gal("esda_doctests/stl.gal")
    found = hotspots.moran(homicides["HR8893"], hotspots.row_standardised(neighbours))
    assert found.value == pytest.approx(answers["I"], abs=1e-12)
    assert found.expected == pytest.approx(answers["EI"], abs=1e-12)
    assert found.p == pytest.approx(answers["p_norm"], abs=1e-12)


def test_north_carolina_moran_equals_esda(reference, read_gal, read_answers):
    import pyogrio.raw

    answers = read_answers("esda_doctests/expected.json")["sids2_moran_SIDR74"]
    _, _, _, (rates,) = pyogrio.raw.read(
        reference / "esda_doctests" / "sids2.dbf", columns=["SIDR74"], read_geometry=False
    )
    _, neighbours = read_gal("esda_doctests/sids2.gal")
    found = hotspots.moran(rates, hotspots.row_standardised(neighbours))
    assert found.value == pytest.approx(answers["I"], abs=1e-12)
    assert found.p == pytest.approx(answers["p_norm"], abs=1e-12)


def test_columbus_moran_equals_spdep(read_table):
    table = read_table("columbus_spdep/columbus_crime_local.csv")
    pairs = read_table("columbus_spdep/columbus_queen_pairs.csv")
    neighbours = hotspots.neighbours_from_pairs(
        49, pairs["i"].astype(int) - 1, pairs["j"].astype(int) - 1
    )
    found = hotspots.moran(table["CRIME"], hotspots.row_standardised(neighbours))
    assert found.value == pytest.approx(0.500188557, abs=1e-9)


def test_six_points_general_g_equals_esda(read_answers):
    answers = read_answers("esda_doctests/expected.json")
    x, y = np.array(answers["points"], float).T
    neighbours = hotspots.neighbours_within(x, y, answers["threshold"])
    found = hotspots.general_g(answers["y"], neighbours)
    assert found.value == pytest.approx(answers["G_global"]["expected"], abs=1e-8)
    assert found.p_high == pytest.approx(answers["G_global"]["p_norm"], abs=1e-6)


def test_moments_are_those_of_all_relabellings():
    y = np.array([2.0, 3.0, 3.2, 5.0, 8.0, 7.0])
    lists = hotspots.neighbours_from_pairs(
        6, [0, 1, 1, 2, 2, 3, 4, 5, 0], [1, 0, 2, 1, 4, 5, 3, 0, 5], np.arange(1.0, 10)
    )
    orders = [y[list(order)] for order in itertools.permutations(range(6))]
    g = [(v @ lists.sums(v)) / (y.sum() ** 2 - (y**2).sum()) for v in orders]
    found = hotspots.general_g(y, lists)
    assert found.expected == pytest.approx(np.mean(g), abs=1e-14)
    assert found.variance == pytest.approx(np.var(g), abs=1e-14)
    away = [v - y.mean() for v in orders]
    i = [6 / 45 * (v @ lists.sums(v)) / (v @ v) for v in away]
    moran = hotspots.moran(y, lists, assumption="randomisation")
    assert moran.expected == pytest.approx(np.mean(i), abs=1e-14)
    assert moran.variance == pytest.approx(np.var(i), abs=1e-14)


def test_permutations_are_seeded_and_counted():
    lists = hotspots.neighbours_from_pairs(6, [0, 1, 2, 3, 4, 5], [1, 0, 3, 2, 5, 4])
    y = [1, 1, 5, 5, 9, 9]
    found = hotspots.moran(y, lists, permutations=999, seed=4)
    assert found == hotspots.moran(y, lists, permutations=999, seed=4)
    # One pairing in 15 puts like beside like.
    assert found.p_high == pytest.approx(1 / 15, abs=0.03)
    with pytest.raises(InvalidInput, match="seed"):
        hotspots.moran(y, lists, permutations=9)


def test_nothing_to_compare_is_refused():
    lists = hotspots.neighbours_from_pairs(3, [0, 1], [1, 0])
    with pytest.raises(InvalidInput):
        hotspots.moran([4, 4, 4], lists)
    with pytest.raises(InvalidInput):
        hotspots.general_g([-1, 2, 3], lists)
