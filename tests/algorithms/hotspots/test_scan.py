"""Kulldorff's scan against SaTScan, SpatialEpi, and a look at every single cylinder."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridmap.algorithms import hotspots
from gridmap.algorithms.hotspots import scan
from gridmap.errors import InvalidInput, TooLarge

SOUTH_WEST = {"allegheny", "beaver", "butler", "fayette", "greene", "washington", "westmoreland"}


@pytest.fixture(scope="module")
def pennsylvania(read_table):
    table = read_table("pennlc_kulldorff/pennlc.csv")
    return table, 1000 * table["x_km"], 1000 * table["y_km"]


def names(table, cluster):
    return set(table["county"][cluster.sites].tolist())


def test_pennsylvania_bernoulli_equals_spatialepi(pennsylvania):
    table, x, y = pennsylvania
    found = hotspots.bernoulli_scan(
        x, y, table["cases"], table["population"], replicates=99, seed=1
    )
    first = found.clusters[0]
    assert names(table, first) == SOUTH_WEST
    assert table["population"][first.sites].sum() == 2_399_367
    assert first.cases == 2359
    assert first.expected == pytest.approx(2008, abs=0.5)
    assert first.log_likelihood_ratio == pytest.approx(36.6, abs=0.05)
    assert first.p == 0.01


def test_pennsylvania_with_strata_equals_spatialepi(pennsylvania, read_table):
    table, x, y = pennsylvania
    strata = read_table("pennlc_kulldorff/pennlc_strata.csv")
    kind = np.char.add(np.char.add(strata["race"], strata["gender"]), strata["age"])
    row = np.searchsorted(table["county"], strata["county"])
    column = np.unique(kind, return_inverse=True)[1]
    cases, population = np.zeros((2, 67, 16))
    np.add.at(cases, (row, column), strata["cases"])
    np.add.at(population, (row, column), strata["population"])
    expected = hotspots.expected_by_strata(cases, population)
    assert np.allclose(expected, table["expected"], rtol=1e-12)
    found = hotspots.poisson_scan(x, y, table["cases"], expected, replicates=999, seed=1)
    first, second = found.clusters[:2]
    assert names(table, first) == {"delaware", "philadelphia"}
    assert (first.cases, round(first.expected)) == (1900, 1674)
    assert first.log_likelihood_ratio == pytest.approx(17.7, abs=0.05)
    assert first.p == 0.001
    assert names(table, second) == SOUTH_WEST
    assert second.log_likelihood_ratio == pytest.approx(7.1, abs=0.05)
    # 0.036 with the 999 replicates of the reference: two standard errors of a difference.
    assert second.p == pytest.approx(0.036, abs=0.017)


@pytest.fixture(scope="module")
def new_york(reference):
    """Sites, their coordinates in metres, and cases by day of November 2001."""
    lines = (reference / "satscan_nyc" / "NYCfever.geo").read_text().split("\n")
    rows = [line.split() for line in lines if line.strip()]
    zips = [row[0] for row in rows]
    to_metres = pyproj.Transformer.from_crs(
        "EPSG:4326", "+proj=tmerc +lon_0=-74 +lat_0=40.7 +k=1 +R=6367000", always_xy=True
    )
    x, y = to_metres.transform([float(row[2]) for row in rows], [float(row[1]) for row in rows])
    cases = np.zeros((len(zips), 24), int)
    for line in (reference / "satscan_nyc" / "NYCfever.cas").read_text().split("\n"):
        if line.strip():
            site, count, day = line.split()
            cases[zips.index(site), int(day.split("/")[2]) - 1] += int(count)
    return zips, np.array(x), np.array(y), cases


def test_new_york_space_time_permutation_equals_satscan(new_york):
    zips, x, y, cases = new_york
    options = {
        "longest_steps": 7,
        "prospective": True,
        "largest_radius_m": 3000,
        "replicates": 999,
        "tie_m": 0.0,
    }
    found = hotspots.space_time_permutation_scan(x, y, cases, seed=1, **options)
    answers = [
        ("11418 11415 11419 11435 11416 11421 11451 11375 11417", 21, 4, 0.67, 3.845418, 0.242),
        ("11372", 23, 2, 0.16, 3.164201, 0.575),
        ("10472", 22, 2, 0.29, 2.137259, 0.966),
    ]
    for cluster, (sites, day, seen, expected, ratio, p) in zip(
        found.clusters, answers, strict=False
    ):
        assert [zips[site] for site in cluster.sites] == sites.split()
        assert (cluster.first_step, cluster.end_step) == (day, 24)
        assert cluster.cases == seen
        assert cluster.expected == pytest.approx(expected, abs=0.005)
        assert cluster.log_likelihood_ratio == pytest.approx(ratio, abs=5e-7)
        # SaTScan stopped after 207 replicates: three standard errors of its p-value.
        assert cluster.p == pytest.approx(p, abs=0.11)
    assert found.clusters[0].radius_m == pytest.approx(2900, abs=6)
    stopped = hotspots.space_time_permutation_scan(x, y, cases, seed=1, stop_after=50, **options)
    assert stopped.maxima.size < 400
    assert stopped.clusters[0].p == 50 / stopped.maxima.size


def test_ratios_of_given_clusters_equal_published_ones(read_answers):
    answers = read_answers("formula_checks/expected.json")["bernoulli_llr"]
    ratio = hotspots.bernoulli_likelihood_ratio(
        answers["inside_cases"], answers["inside_pop"], answers["cases"], answers["pop"]
    )
    assert ratio == pytest.approx(answers["published_llr"], abs=5e-7)
    assert hotspots.poisson_likelihood_ratio(1900, 1673.648667, 10_279) == pytest.approx(
        17.66288, abs=1e-4
    )
    assert hotspots.poisson_likelihood_ratio(5, 9, 100) == 0


def every_cylinder(x, y, cases, expected, window, share=0.5, tie=1e-3):
    """Largest ratio by looking at all circles and intervals."""
    total = cases.sum()
    expected = expected * (total / expected.sum())
    best, steps = 0.0, cases.shape[1]
    shortest, longest, alive = window
    for centre in range(x.size):
        distance = np.hypot(x - x[centre], y - y[centre])
        for radius in distance:
            inside = distance <= radius + tie
            if expected[inside].sum() > share * total * (1 + 1e-9):
                continue
            for length in range(shortest, longest + 1):
                for start in range(steps - length if alive else 0, steps - length + 1):
                    c = cases[inside, start : start + length].sum()
                    e = expected[inside, start : start + length].sum()
                    if c >= 2 and e > 0:
                        ratio = float(hotspots.poisson_likelihood_ratio(c, e, total))
                        best = max(best, ratio)
    return best


@settings(max_examples=30)
@given(
    st.integers(2, 14),
    st.integers(2, 9),
    st.integers(0, 2**31),
    st.sampled_from(["flat", "product", "free"]),
    st.booleans(),
    st.booleans(),
)
def test_the_best_cylinder_is_the_best_of_all(count, steps, seed, kind, alive, lattice):
    rng = np.random.default_rng(seed)
    x, y = rng.integers(0, 4, (2, count)).astype(float)
    if not lattice:
        x, y = x + rng.random(count), y + rng.random(count)
    shape = {"flat": np.ones(steps), "product": rng.gamma(2, 1, steps)}.get(kind)
    expected = np.outer(rng.gamma(2, 1, count), shape if shape is not None else np.ones(steps))
    if kind == "free":
        expected *= rng.gamma(2, 1, expected.shape)
    cases = rng.poisson(expected * rng.gamma(1, 1, (count, 1)))
    if not cases.sum():
        return
    shortest, longest = sorted(rng.integers(1, steps + 1, 2).tolist())
    found = hotspots.space_time_poisson_scan(
        x,
        y,
        cases,
        expected,
        shortest_steps=shortest,
        longest_steps=longest,
        prospective=alive,
        replicates=0,
    )
    best = every_cylinder(x, y, cases, expected, (shortest, longest, alive))
    if found.clusters:
        first = found.clusters[0]
        assert first.log_likelihood_ratio == pytest.approx(best, rel=1e-9)
        assert first.log_likelihood_ratio == pytest.approx(
            float(hotspots.poisson_likelihood_ratio(first.cases, first.expected, cases.sum())),
            rel=1e-9,
        )
        assert np.isnan(first.p)
    else:
        assert best == 0


@given(st.integers(2, 25), st.integers(0, 2**31), st.booleans())
def test_the_best_circle_is_the_best_of_all(count, seed, lattice):
    rng = np.random.default_rng(seed)
    x, y = rng.integers(0, 5, (2, count)).astype(float)
    if not lattice:
        x, y = x + rng.random(count), y + rng.random(count)
    people = rng.integers(5, 40, count)
    cases = rng.binomial(people, rng.beta(1, 4, count))
    found = hotspots.poisson_scan(x, y, cases, people, replicates=0)
    best = every_cylinder(x, y, cases[:, None], people[:, None] * 1.0, (1, 1, False))
    seen = found.clusters[0].log_likelihood_ratio if found.clusters else 0
    assert seen == pytest.approx(best, rel=1e-9)
    shares = hotspots.bernoulli_scan(x, y, cases, people, replicates=0)
    best = 0.0
    for centre in range(count):
        distance = np.hypot(x - x[centre], y - y[centre])
        for radius in distance:
            inside = distance <= radius + 1e-3
            if people[inside].sum() <= people.sum() / 2 and cases[inside].sum() >= 2:
                ratio = hotspots.bernoulli_likelihood_ratio(
                    cases[inside].sum(), people[inside].sum(), cases.sum(), people.sum()
                )
                best = max(best, float(ratio))
    seen = shares.clusters[0].log_likelihood_ratio if shares.clusters else 0
    assert seen == pytest.approx(best, rel=1e-9, abs=1e-9)


def lattice_town(seed, side=12):
    rng = np.random.default_rng(seed)
    x, y = (values.ravel() * 100.0 for values in np.meshgrid(np.arange(side), np.arange(side)))
    return rng, x, y


def test_on_a_lattice_the_order_of_sites_does_not_matter():
    rng, x, y = lattice_town(3)
    cases = rng.poisson(3, x.size)
    straight = hotspots.poisson_scan(x, y, cases, np.ones(x.size), replicates=0)
    for _ in range(3):
        order = rng.permutation(x.size)
        shuffled = hotspots.poisson_scan(
            x[order], y[order], cases[order], np.ones(x.size), replicates=0
        )
        assert shuffled.clusters[0].log_likelihood_ratio == pytest.approx(
            straight.clusters[0].log_likelihood_ratio, rel=1e-12
        )
        assert set(order[shuffled.clusters[0].sites]) == set(straight.clusters[0].sites)


def test_planted_clusters_are_found_first_and_do_not_overlap():
    rng, x, y = lattice_town(5)
    rate = np.full((x.size, 10), 1.0)
    one = np.hypot(x - 200, y - 200) < 150
    two = np.hypot(x - 900, y - 800) < 150
    rate[one, 6:9] = 6
    rate[two, 2:5] = 4
    cases = rng.poisson(rate)
    found = hotspots.space_time_poisson_scan(x, y, cases, np.ones(x.size), replicates=199, seed=2)
    first, second = found.clusters[:2]
    assert (first.first_step, first.end_step) == (6, 9)
    assert np.isin(first.sites, np.flatnonzero(one)).mean() > 0.8
    assert (second.first_step, second.end_step) == (2, 5)
    assert np.isin(second.sites, np.flatnonzero(two)).mean() > 0.8
    assert first.p == second.p == 0.005
    assert first.relative_risk > first.ratio > 3
    members = np.concatenate([cluster.sites for cluster in found.clusters])
    assert np.unique(members).size == members.size
    assert found.clusters[-1].p > 0.05
    permuted = hotspots.space_time_permutation_scan(x, y, cases, replicates=99, seed=2)
    assert permuted.clusters[0].p == 0.01
    assert permuted.clusters[0].first_step in (2, 6)


def test_false_alarms_stay_at_the_level():
    rng, x, y = lattice_town(7, side=8)
    alarms = 0
    for seed in range(200):
        cases = rng.multinomial(150, np.full(x.size, 1 / x.size))
        found = hotspots.poisson_scan(x, y, cases, np.ones(x.size), replicates=39, seed=seed)
        alarms += found.clusters[0].p <= 0.05
    assert alarms <= 20  # 10 are expected; three standard errors more


def test_an_early_stop_gives_about_the_same_p():
    rng, x, y = lattice_town(8)
    cases = rng.poisson(2, x.size)
    options = {"replicates": 999, "seed": 3}
    whole = hotspots.poisson_scan(x, y, cases, np.ones(x.size), **options)
    early = hotspots.poisson_scan(x, y, cases, np.ones(x.size), stop_after=50, **options)
    assert early.maxima.size < whole.maxima.size
    assert (whole.maxima[: early.maxima.size] == early.maxima).all()
    assert early.clusters[0].p == pytest.approx(whole.clusters[0].p, abs=0.15)


def test_nothing_to_find_is_an_answer():
    found = hotspots.poisson_scan([0, 1, 2], [0, 0, 0], [0, 0, 0], [1, 1, 1], replicates=9, seed=1)
    assert found.clusters == ()
    nothing = np.zeros((3, 4), int)
    found = hotspots.space_time_permutation_scan([0, 1, 2], [0, 0, 0], nothing, replicates=0)
    assert found.clusters == ()


def test_what_cannot_be_scanned_is_refused():
    x, y = [0.0, 100.0, 200.0], [0.0, 0.0, 0.0]
    with pytest.raises(InvalidInput, match="seed"):
        hotspots.poisson_scan(x, y, [3, 1, 1], [1, 1, 1])
    with pytest.raises(InvalidInput, match="expected wherever"):
        hotspots.poisson_scan(x, y, [3, 1, 1], [0, 1, 1], replicates=0)
    with pytest.raises(InvalidInput, match="more cases than people"):
        hotspots.bernoulli_scan(x, y, [3, 1, 1], [2, 2, 2], replicates=0)
    with pytest.raises(TooLarge):
        hotspots.bernoulli_scan(x, y, [3, 1, 1], [10**9, 2, 2], replicates=0)
    with pytest.raises(InvalidInput, match="one row for each site"):
        hotspots.space_time_permutation_scan(x, y, [3, 1, 1], replicates=0)
    with pytest.raises(InvalidInput, match="interval"):
        hotspots.space_time_permutation_scan(
            x, y, [[3, 1], [1, 1], [0, 1]], longest_steps=3, replicates=0
        )
    with pytest.raises(InvalidInput, match="largest share"):
        hotspots.poisson_scan(x, y, [3, 1, 1], [1, 1, 1], largest_share=1.5, replicates=0)
    with pytest.raises(InvalidInput, match="tables"):
        hotspots.expected_by_strata([1, 2], [3, 4])


@pytest.mark.parametrize("cases", [200, 9_000])  # shuffled one by one, and dealt step by step
def test_shuffled_tables_keep_both_margins_and_scatter_evenly(cases):
    rng = np.random.default_rng(6)
    counts = rng.multinomial(cases, np.full(60, 1 / 60)).reshape(12, 5)
    by_site, by_step = counts.sum(axis=1), counts.sum(axis=0)
    draw = scan.shuffler(by_site, by_step)
    drawn = np.array([draw(rng) for _ in range(2_000)])
    assert (drawn.sum(axis=2) == by_site).all()
    assert (drawn.sum(axis=1) == by_step).all()
    expected = np.outer(by_site, by_step) / cases
    rest = (cases - by_site[:, None]) * (cases - by_step) / cases / (cases - 1)
    assert drawn.mean(axis=0) == pytest.approx(expected, rel=0.06)
    assert drawn.var(axis=0) == pytest.approx(expected * rest, rel=0.2)
