"""Emerging hot spots in Esri's words."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.algorithms import hotspots
from gridmap.errors import InvalidInput, TooLarge
from gridmap.geometry import cells

SIGNS = {"+": 1, "-": -1, "0": 0}


def classify(signs, trend, **options):
    code = hotspots.classify_emerging([[SIGNS[sign] for sign in signs]], [trend], **options)[0]
    return hotspots.CATEGORIES[code]


def test_every_published_sequence_gets_its_category(read_answers):
    answers = read_answers("ehsa_categories/categories.json")
    for case in answers["cases"]:
        assert classify(case["signs"], case["mk_trend"]) == case["expected"], case
    for case in answers["ambiguous"]:
        assert classify(case["signs"], case["mk_trend"]) == case["candidates"][0], case


def test_later_wording_wants_a_sporadic_cell_hot_at_the_end(read_answers):
    case = read_answers("ehsa_categories/categories.json")["ambiguous"][2]
    assert classify(case["signs"], 0, sporadic_needs_last=True) == "no_pattern"


@given(st.lists(st.sampled_from([-1, 0, 1]), min_size=1, max_size=24), st.sampled_from([-1, 0, 1]))
def test_cold_is_the_mirror_of_hot(signs, trend):
    hot = hotspots.classify_emerging([signs], [trend])[0]
    cold = hotspots.classify_emerging([[-sign for sign in signs]], [-trend])[0]
    assert hotspots.CATEGORIES[cold] == (
        hotspots.CATEGORIES[hot]
        .replace("hot", "c__d")
        .replace("cold", "hot")
        .replace("c__d", "cold")
    )
    if 1 not in signs and -1 not in signs:
        assert hot == 0


def test_there_are_seventeen_categories():
    assert len(set(hotspots.CATEGORIES)) == 17


def planted(places, seed=4):
    """A window of cells, counts of 24 steps, and the places where they differ from the rest."""
    window = cells.tessellate((0, 0, 3000, 3000), 100)
    middle = cells.centres(window)
    rate = np.full((window.count, 24), 1.0)
    chosen = {}
    for name, (x, y, series) in places.items():
        chosen[name] = np.hypot(*(middle - [x, y]).T) < 180
        rate[chosen[name]] = series
    return window, np.random.default_rng(seed).poisson(rate), chosen


@pytest.fixture(scope="module")
def town():
    return planted(
        {
            "hot persistent": (600, 600, np.full(24, 9.0)),
            "hot new": (2300, 700, np.r_[np.ones(23), 12]),
            "hot historical": (700, 2300, np.r_[np.full(23, 9.0), 1]),
        }
    )


@pytest.mark.parametrize("test", ["exact", "normal"])
@pytest.mark.parametrize("reference", ["cube", "window"])
def test_planted_places_get_their_words(town, test, reference):
    window, counts, places = town
    lists = hotspots.cell_neighbours(window)
    found = hotspots.emerging_hotspots(counts, lists, back_steps=0, test=test, reference=reference)
    names = np.array(found.names)
    assert found.test.endswith(reference)
    for name, chosen in places.items():
        # A place of one ring: its outer cells have quiet neighbours.
        inner = chosen & (lists.sums(chosen.astype(int)) == 6)
        assert (names[inner] == name).mean() > 0.6, name
    around = np.any(list(places.values()), axis=0).astype(int)
    far = (around == 0) & (lists.sums(around) == 0)
    assert (names[far] == "no_pattern").mean() > (0.97 if test == "exact" else 0.85)


def test_a_place_that_gets_worse_intensifies():
    window, counts, places = planted({"worse": (1500, 1500, np.linspace(8, 30, 24))})
    found = hotspots.emerging_hotspots(counts, hotspots.cell_neighbours(window))
    names = np.array(found.names)[places["worse"]]
    assert (names == "hot intensifying").mean() > 0.5
    assert set(names) <= {"hot intensifying", "hot consecutive"}


def test_scores_are_gi_star_of_the_cell_its_neighbours_and_the_step_before(town):
    window, counts, _ = town
    lists = hotspots.cell_neighbours(window)
    found = hotspots.emerging_hotspots(counts, lists)
    cell, step = 333, 7
    members = [cell, *lists.members[lists.starts[cell] : lists.starts[cell + 1]]]
    around = counts[members, step].sum() + counts[members, step - 1].sum()
    width, size = 2 * len(members), counts.size
    expected = (around - width * counts.mean()) / (
        counts.std() * np.sqrt((size * width - width**2) / (size - 1))
    )
    assert found.z[cell, step] == pytest.approx(expected)


def test_exact_signs_by_tables_are_those_of_the_plain_way(town):
    window, counts, _ = town
    lists = hotspots.cell_neighbours(window)
    found = hotspots.emerging_hotspots(counts, lists, back_steps=0)
    around = np.stack([lists.sums(column) for column in counts.T], axis=1)
    high, low = hotspots.neighbour_sum_tails(
        counts.ravel(), np.repeat(lists.degrees, 24), around.ravel()
    )
    q = hotspots.benjamini_hochberg(hotspots.two_sided(high, low)).q
    expected = np.where(q <= 0.05, np.where(high <= low, 1, -1), 0)
    assert (found.sign.ravel() == expected).all()


def test_a_rise_that_all_share_makes_none_hot_against_the_step():
    window = cells.tessellate((0, 0, 1500, 1500), 100)
    rng = np.random.default_rng(5)
    counts = rng.poisson(np.linspace(1, 20, 12), (window.count, 12))
    lists = hotspots.cell_neighbours(window)
    against_cube = hotspots.emerging_hotspots(counts, lists, back_steps=0, test="normal")
    against_step = hotspots.emerging_hotspots(
        counts, lists, back_steps=0, test="normal", reference="step"
    )
    assert (against_cube.sign[:, -1] == 1).mean() > 0.9
    assert (against_step.sign != 0).mean() < 0.01


def test_what_cannot_be_asked_is_refused(town):
    window, counts, _ = town
    lists = hotspots.cell_neighbours(window)
    with pytest.raises(InvalidInput, match="one row for each cell"):
        hotspots.emerging_hotspots(counts[1:], lists)
    with pytest.raises(InvalidInput, match="back_steps"):
        hotspots.emerging_hotspots(counts, lists, back_steps=-1)
    with pytest.raises(InvalidInput, match="step alone"):
        hotspots.emerging_hotspots(counts, lists, reference="step")
    with pytest.raises(TooLarge):
        hotspots.emerging_hotspots(counts * 100_000, lists)
    with pytest.raises(InvalidInput):
        hotspots.classify_emerging([[0, 1]], [0, 0])
