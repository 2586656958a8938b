"""Households and residents come to exact totals inside what there is room for."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gridmap.demo.people import Building, keep_units, occupy
from gridmap.demo.staffing import Roster, Target


def slab(floors, units):
    return Building(
        shapely.box(0, 0, 14 * units, 12), 0, "slab", "estate", "residential", floors,
        [floors * 2] * units,
    )  # fmt: skip


def house(room):
    return Building(shapely.box(0, 0, 10, 10), 0, "house", "houses", "residential", 2, [room])


def sums(buildings, name):
    return sum(sum(getattr(b, name)) for b in buildings)


@pytest.mark.parametrize("households", [700, 811, 900])
def test_totals_are_exact_and_nobody_lives_where_there_is_no_room(households):
    buildings = [slab(6, 1 + i % 5) for i in range(24)] + [house(1 + i % 2) for i in range(60)]
    occupy(
        buildings,
        np.random.default_rng(1),
        households=households,
        residents_a_household=2.98,
        residents=2500,
    )
    assert sums(buildings, "households") == households
    assert sums(buildings, "residents") == 2500
    for b in buildings:
        for room, lived, people in zip(b.capacity, b.households, b.residents, strict=True):
            assert 1 <= lived <= room
            assert lived <= people


def test_too_many_households_are_refused():
    with pytest.raises(AssertionError, match="no room"):
        occupy([house(1)], np.random.default_rng(0), households=9, residents_a_household=3)


@pytest.mark.parametrize("total", [20, 21, 33])
def test_units_are_kept_to_a_number(total):
    buildings = [slab(6 + i % 6, 2 + i % 4) for i in range(12)]
    keep_units(buildings, total, np.random.default_rng(2))
    assert sum(len(b.capacity) for b in buildings) == total
    assert {b.usage for b in buildings if not b.capacity} <= {"public", "office"}


def test_people_have_names_of_their_own_and_live_in_a_building():
    buildings = [house(2) for _ in range(5)]
    occupy(buildings, np.random.default_rng(0), households=None, residents_a_household=3)
    roster = Roster(buildings, "150621005003", np.random.default_rng(3))
    people = [roster.hire("volunteer") for _ in range(400)]
    assert len({person.name for person in people}) == 400
    assert len({person.code for person in people}) == 400
    assert all(2 <= len(person.name) <= 3 for person in people)
    assert all(buildings[0].polygon.intersects(person.home) for person in people)


def test_an_assignment_adds_the_role_and_a_vacancy_names_its_target():
    buildings = [house(2)]
    occupy(buildings, np.random.default_rng(0), households=None, residents_a_household=3)
    roster = Roster(buildings, "x", np.random.default_rng(3))
    person = roster.hire("volunteer", team="队")
    target = Target("unit", "x-L0001", unit=2)
    roster.assign(person, "unit-head", target)
    assert person.roles == ["volunteer", "unit-head"]
    assert target.as_dict() == {"kind": "unit", "code": "x-L0001", "unit": 2}
    roster.leave_open("grid-head", Target("grid", "c", "party"), "空缺")
    assert roster.vacancies[0]["target"] == {"kind": "grid", "network": "party", "code": "c"}
