"""Codes are well formed, and numbers run as one reads a page."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridmap.algorithms.codes import check_code, number_code, parent_code, reading_order
from gridmap.errors import InvalidInput


@pytest.mark.parametrize(
    "code", ["532325", "532325101", "532325101003", "532325101003001", "5" * 18]
)
def test_a_well_formed_code_is_given_back(code):
    assert check_code(code) == code


@pytest.mark.parametrize(
    "code", ["", "53232", "5323251010031", "53232510100x", "５３２３２５", " 532325"]
)
def test_anything_else_is_refused(code):
    with pytest.raises(InvalidInput, match="is not a code"):
        check_code(code)


def test_a_code_of_the_wrong_level_is_refused():
    with pytest.raises(InvalidInput, match="12 digits"):
        check_code("532325101003001", digits=12)


def test_grids_number_inside_a_community_and_micro_grids_inside_a_grid():
    assert number_code("532325101003", 7) == "532325101003007"
    assert number_code("532325101003007", 12) == "532325101003007012"
    assert number_code("532325101003", 0) == "532325101003000"


@pytest.mark.parametrize(
    ("parent", "number"),
    [("532325101003", 1000), ("532325101003", -1), ("532325", 1), ("1" * 18, 1)],
)
def test_what_cannot_be_numbered_is_refused(parent, number):
    with pytest.raises(InvalidInput, match="cannot have an area"):
        number_code(parent, number)


def test_the_parent_is_three_digits_shorter():
    assert parent_code("532325101003007012") == "532325101003007"
    with pytest.raises(InvalidInput):
        parent_code("532325")


def test_areas_are_read_row_by_row_from_north_to_south_and_west_to_east():
    rows = np.array([[x, y] for y in (30.0, 20.0, 10.0) for x in (1.0, 2.0, 3.0, 4.0)])
    jitter = np.random.default_rng(4).normal(0, 0.3, rows.shape) * (0.3, 1)
    shuffled = np.random.default_rng(5).permutation(len(rows))
    order = reading_order((rows + jitter)[shuffled], rows=3)
    assert shuffled[order].tolist() == list(range(12))


@given(
    st.lists(
        st.tuples(st.floats(101, 102), st.floats(25, 26)), min_size=1, max_size=60, unique=True
    ),
    st.randoms(),
)
def test_the_order_is_a_permutation_that_does_not_depend_on_the_order_of_input(points, random):
    xy = np.array(points)
    order = reading_order(xy)
    assert sorted(order.tolist()) == list(range(len(xy)))
    mixed = list(range(len(xy)))
    random.shuffle(mixed)
    assert np.array_equal(xy[mixed][reading_order(xy[mixed])], xy[order])


def test_no_areas_have_an_empty_order():
    assert reading_order(np.zeros((0, 2))).tolist() == []
