"""Rates and empirical Bayes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.algorithms import hotspots
from gridmap.errors import InvalidInput

# Counties that touch at a corner or across water: spdep's queen neighbours have the first and not
# the second, the GAL file the other way round.
CORNERS = """
Swain-Cherokee Franklin-Johnston Buncombe-Transylvania Haywood-Henderson Burke-Lincoln
Catawba-Cleveland Rowan-Montgomery Warren-Nash Nash-Wake Halifax-Franklin Rockingham-Forsyth
Davidson-Stanly Stanly-Richmond Hoke-Richmond Moore-Scotland Stokes-Guilford Caswell-Guilford
"""
WATER = "Currituck-Dare Northampton-Warren"


@pytest.fixture(scope="module")
def carolina(read_table, read_gal):
    table = read_table("nc_sids_eb/nc_sids_eb.csv")
    _, lists = read_gal("esda_doctests/sids2.gal")
    at = {str(name): place for place, name in enumerate(table["NAME"])}

    def pairs(words):
        for pair in words.split():
            i, j = (at[name] for name in pair.split("-"))
            yield from ((i, j), (j, i))

    found = set(zip(lists.rows().tolist(), lists.members.tolist(), strict=True))
    queen = sorted((found | set(pairs(CORNERS))) - set(pairs(WATER)))
    return table, hotspots.neighbours_from_pairs(100, *np.array(queen).T)


def test_global_smoothing_equals_spdep(carolina):
    table, _ = carolina
    found = hotspots.smooth_rates(table["SID74"], table["BIR74"])
    assert found.variance[0] == pytest.approx(7.692931e-07, rel=1e-6)
    assert found.mean[0] == pytest.approx(0.002021445, rel=1e-6)
    assert np.allclose(found.raw, table["raw"], rtol=1e-12, atol=0)
    assert np.allclose(found.smoothed, table["EB_global"], rtol=1e-12, atol=0)


def test_local_smoothing_equals_spdep(carolina):
    table, queen = carolina
    found = hotspots.smooth_rates_locally(table["SID74"], table["BIR74"], queen)
    assert np.allclose(found.smoothed, table["EB_local"], rtol=1e-10, atol=0)


def test_probability_map_equals_spdep(carolina):
    table, _ = carolina
    found = hotspots.probability_map(table["SID74"], table["BIR74"])
    assert np.allclose(found.expected, table["expCount"], rtol=1e-12)
    assert np.allclose(100 * found.ratio, table["relRisk"], rtol=1e-12)
    assert np.allclose(found.p_low, table["pmap"], rtol=1e-12)


def test_gamma_poisson_risks_equal_spatialepi(read_table):
    table = read_table("pennlc_kulldorff/pennlc.csv")
    answers = read_table("pennlc_kulldorff/pennlc_ebayes_gamma_poisson.csv")
    found = hotspots.relative_risks(table["cases"], table["expected"])
    assert np.allclose(found.mean, answers["RR_eBayes"], rtol=0, atol=1e-8)
    assert np.allclose(found.median, answers["RRmed"], rtol=0, atol=1e-8)


def test_local_spread_round_the_centre_is_the_plain_sum():
    rng = np.random.default_rng(1)
    people, events = rng.integers(50, 500, 6), rng.integers(0, 9, 6)
    lists = hotspots.neighbours_from_pairs(6, [0, 1, 1, 2, 4, 5], [1, 0, 2, 1, 5, 4])
    found = hotspots.smooth_rates_locally(events, people, lists, deviations="centre")
    for cell in range(6):
        group = [cell, *lists.members[lists.starts[cell] : lists.starts[cell + 1]]]
        n, rate = people[group], events[group] / people[group]
        mean = events[group].sum() / n.sum()
        variance = (n * (rate - mean) ** 2).sum() / n.sum() - mean / n.mean()
        assert found.mean[cell] == pytest.approx(mean)
        assert found.variance[cell] == pytest.approx(max(variance, 0), abs=1e-15)


@given(
    st.lists(st.tuples(st.integers(1, 5000), st.floats(0, 0.2)), min_size=3, max_size=30),
    st.integers(0, 2**31),
)
def test_a_smoothed_rate_lies_between_the_raw_one_and_the_mean(places, seed):
    rng = np.random.default_rng(seed)
    people = np.array([place[0] for place in places])
    events = rng.binomial(people, [place[1] for place in places])
    found = hotspots.smooth_rates(events, people)
    low, high = np.minimum(found.raw, found.mean), np.maximum(found.raw, found.mean)
    assert (found.smoothed >= low - 1e-12).all()
    assert (found.smoothed <= high + 1e-12).all()


def test_the_fewer_people_the_nearer_to_the_mean():
    people = np.array([3, 3000, 2000, 2500, 1800])
    events = np.array([1, 300, 20, 260, 15])
    found = hotspots.smooth_rates(events, people)
    kept = np.abs(found.smoothed - found.mean) / np.abs(found.raw - found.mean)
    assert kept[0] < 0.2
    assert kept[1] > 0.8


def test_nobody_of_nobody_is_not_a_rate():
    rates = hotspots.raw_rates([0, 2], [0, 4])
    assert np.isnan(rates[0])
    assert rates[1] == 0.5
    found = hotspots.smooth_rates([0, 2, 5], [0, 4, 6])
    assert found.smoothed[0] == found.mean[0]
    with pytest.raises(InvalidInput, match="nobody could have had them"):
        hotspots.raw_rates([1, 2], [0, 4])
    with pytest.raises(InvalidInput):
        hotspots.raw_rates([0, 0], [0, 0])


def test_tails_of_the_probability_map_overlap_in_the_count_itself():
    found = hotspots.probability_map([0, 3, 30], [100, 100, 100])
    assert found.p_high[0] == 1
    assert (found.p_low + found.p_high > 1).all()
    assert found.p_high[2] < 1e-3
