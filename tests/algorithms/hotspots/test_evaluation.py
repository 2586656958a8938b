"""Scores of a map on the next window."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.algorithms import hotspots
from gridmap.errors import InvalidInput


def test_the_table_equals_ptools(read_answers):
    answers = read_answers("formula_checks/expected.json")["pai_ptools"]
    found = hotspots.score_table(answers["pred"], answers["obs"], area=answers["area"])
    assert np.allclose(found.pai, answers["PAI"], rtol=1e-12)
    assert np.allclose(found.pei, answers["PEI"], rtol=1e-12)
    assert np.allclose(found.ratio, answers["RRI"], rtol=1e-12)


def test_a_map_that_knows_everything_has_pei_1():
    counts = np.random.default_rng(0).poisson(1.0, 400)
    found = hotspots.score_map(counts, counts, share=0.05)
    assert found.pei == 1
    assert found.pai == pytest.approx(found.hit_rate / 0.05)
    assert found.hits == np.sort(counts)[-20:].sum()


def test_a_map_that_knows_nothing_has_pai_1():
    counts = np.random.default_rng(0).poisson(1.0, 400)
    found = hotspots.score_map(np.zeros(400), counts, share=0.05)
    assert found.pai == pytest.approx(1)
    assert found.hits == pytest.approx(counts.sum() * 0.05)


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), min_size=2, max_size=30),
    st.floats(0.02, 0.98),
    st.integers(0, 2**31),
)
def test_scores_do_not_depend_on_the_order_of_cells(cells, share, seed):
    predicted, observed = np.array(cells).T
    order = np.random.default_rng(seed).permutation(len(cells))
    one = hotspots.score_map(predicted, observed, share=share)
    other = hotspots.score_map(predicted[order], observed[order], share=share)
    if observed.sum():
        assert one.hits == pytest.approx(other.hits)
        assert 0 <= one.hit_rate <= 1
        assert one.pei <= 1 + 1e-12
    else:
        assert np.isnan(one.hit_rate)


def test_larger_cells_use_more_of_the_budget():
    found = hotspots.score_map([5, 1, 1], [10, 10, 10], area=[2, 1, 1], share=0.5)
    assert found.hits == 10
    assert found.pei == pytest.approx(0.5)  # the two small cells would have caught 20


def test_recapture_compares_the_hot_cells_with_the_town():
    before, after = [10, 5, 5], [5, 10, 5]
    assert hotspots.recapture_rate(before, after, [True, False, False]) == 0.5
    assert hotspots.recapture_rate(before, after, [True, True, True]) == 1
    assert np.isnan(hotspots.recapture_rate(before, after, [False, False, False]))


def test_cells_without_area_are_refused():
    with pytest.raises(InvalidInput):
        hotspots.score_map([1, 2], [1, 2], area=[1, 0])
    with pytest.raises(InvalidInput):
        hotspots.score_map([1, 2], [1, 2], share=5)
