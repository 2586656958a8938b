"""Placement against every choice there is."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from gridmap.algorithms.placement import place_at_median, place_to_cover
from gridmap.errors import InvalidInput


@pytest.mark.parametrize("seed", range(5))
def test_no_other_choice_covers_more(seed: int) -> None:
    rng = np.random.default_rng(seed)
    reaches = rng.random((9, 40)) < 0.2
    weights = rng.integers(0, 5, 40).astype(float)
    made = place_to_cover(reaches, weights, 3)
    best = max(
        weights[reaches[list(chosen)].any(axis=0)].sum() for chosen in combinations(range(9), 3)
    )
    assert made.proved
    assert made.covered == pytest.approx(best)
    assert made.gains.sum() == pytest.approx(best)
    assert (np.diff(made.gains) <= 0).all()


@pytest.mark.parametrize("seed", range(5))
def test_no_other_choice_is_nearer(seed: int) -> None:
    rng = np.random.default_rng(seed)
    candidates, points = rng.random((8, 2)) * 100, rng.random((30, 2)) * 100
    metres = np.hypot(*(candidates[:, None] - points[None]).transpose(2, 0, 1))
    weights = rng.integers(1, 5, 30).astype(float)
    there = np.hypot(*(points - 50).T)
    made = place_at_median(metres, weights, 2, present_m=there)
    best = max(
        float((np.maximum(there - metres[list(chosen)].min(axis=0), 0) * weights).sum())
        for chosen in combinations(range(8), 2)
    )
    assert made.proved
    assert made.gains.sum() == pytest.approx(best)


def test_where_nothing_is_to_gain_something_is_named_all_the_same() -> None:
    made = place_to_cover(np.zeros((3, 4), bool), np.ones(4), 2)
    assert made.covered == 0
    assert len(made.chosen) == 2


def test_more_than_there_are_cannot_be_placed() -> None:
    with pytest.raises(InvalidInput):
        place_to_cover(np.ones((2, 3), bool), np.ones(3), 3)
