from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gridmap.algorithms import partition
from gridmap.algorithms.partition.answer import measure_grids
from gridmap.errors import InvalidInput
from tests.algorithms.partition_towns import hangs_together, judge, lattice, squares, town

FEW = 8_000  # proposals: enough for what must hold of every plan


def cut(atoms, minimum, maximum, *, seed=1, **asked):
    return partition.partition(
        atoms,
        partition.SizeRange(minimum, maximum),
        rng=np.random.default_rng(seed),
        **asked,
    )


@st.composite
def problems(draw):
    columns, rows = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    count = columns * rows
    households = draw(st.lists(st.integers(0, 60), min_size=count, max_size=count))
    rivers = set()
    if columns > 1 and draw(st.booleans()):
        bank = draw(st.integers(1, columns - 1))
        rivers = {(y * columns + bank - 1, y * columns + bank) for y in range(rows)}
    minimum = draw(st.integers(1, 60))
    maximum = minimum + draw(st.integers(0, 80))
    return lattice(columns, rows, households, rivers=rivers), minimum, maximum


@settings(max_examples=40, deadline=None)
@given(problems(), st.integers(0, 9))
def test_every_atom_has_one_grid_that_hangs_together_and_is_in_the_range_or_reported(problem, seed):
    atoms, minimum, maximum = problem
    judge(atoms, cut(atoms, minimum, maximum, seed=seed, steps=FEW))


@settings(max_examples=25, deadline=None)
@given(problems(), st.integers(0, 9), st.data())
def test_the_number_of_grids_is_the_one_asked_for_or_refused_with_what_can_be(problem, seed, data):
    atoms, minimum, maximum = problem
    asked = data.draw(st.integers(1, len(atoms)))
    try:
        plan = cut(atoms, minimum, maximum, seed=seed, grids=asked, steps=FEW)
    except InvalidInput as error:
        hint = error.hint
    else:
        judge(atoms, plan)
        assert len(np.unique(plan.grid)) == asked
        return
    assert hint.startswith("Ask for ")


@settings(max_examples=15, deadline=None)
@given(problems(), st.integers(0, 9))
def test_the_same_seed_gives_the_same_plan(problem, seed):
    atoms, minimum, maximum = problem
    one, other = (cut(atoms, minimum, maximum, seed=seed, steps=FEW) for _ in range(2))
    assert (one.grid == other.grid).all()
    assert one.in_time


def plans_by_brute_force(atoms, minimum, maximum, grids):
    """Every plan in the range, as lists of sets."""

    def grow(rest, parts):
        if not rest:
            if len(parts) == grids:
                yield parts
            return
        if len(parts) == grids:
            return
        first, *others = sorted(rest)
        for mask in range(1 << len(others)):
            part = {first, *(v for i, v in enumerate(others) if mask >> i & 1)}
            total = int(atoms.households[sorted(part)].sum())
            if minimum <= total <= maximum and hangs_together(atoms, part):
                yield from grow(rest - part, [*parts, part])

    yield from grow(frozenset(range(len(atoms))), [])


def mean_compactness(atoms, parts):
    grid = np.zeros(len(atoms), dtype=np.int64)
    for number, part in enumerate(parts):
        grid[sorted(part)] = number
    return float(measure_grids(atoms, grid).compactness.mean())


@pytest.mark.parametrize("seed", range(6))
def test_on_tiny_towns_the_search_finds_the_best_plan_of_all(seed):
    rng = np.random.default_rng(seed)
    widths = np.cumsum(np.concatenate(([0.0], rng.integers(40, 160, 4))))
    heights = np.cumsum(np.concatenate(([0.0], rng.integers(40, 160, 2))))
    boxes = [
        shapely.box(west, south, east, north)
        for south, north in pairwise(heights.tolist())
        for west, east in pairwise(widths.tolist())
    ]
    atoms = town(boxes, rng.integers(0, 40, 8))
    total = int(atoms.households.sum())
    minimum, maximum = total // 4, total // 2
    every = list(plans_by_brute_force(atoms, minimum, maximum, 3))
    plan = cut(
        atoms,
        minimum,
        maximum,
        grids=3,
        weights=partition.Weights(off_street_per_km=0, ragged=0, enclosing=0),
    )
    if not every:
        assert plan.misses
        return
    best = max(mean_compactness(atoms, parts) for parts in every)
    assert plan.misses == ()
    assert float(plan.figures.compactness.mean()) == pytest.approx(best, abs=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_a_plan_in_the_range_is_found_where_there_is_one(seed):
    rng = np.random.default_rng(seed + 50)
    atoms = lattice(4, 2, rng.integers(0, 30, 8))
    total = int(atoms.households.sum())
    for grids in (2, 3, 4):
        minimum, maximum = total // grids - 6, total // grids + 6
        possible = any(plans_by_brute_force(atoms, minimum, maximum, grids))
        try:
            plan = cut(atoms, minimum, maximum, grids=grids, seed=seed)
        except InvalidInput:
            assert not possible
            continue
        assert (plan.misses == ()) == possible


def test_bounds_by_counting_hold_for_every_plan_there_is():
    rng = np.random.default_rng(4)
    for _ in range(12):
        atoms = lattice(3, 2, rng.integers(0, 40, 6))
        for grids in range(1, 7):
            if not any(plans_by_brute_force(atoms, 20, 45, grids)):
                continue
            plan = cut(atoms, 20, 45, steps=500)
            assert plan.least <= grids <= plan.most


def test_compactness_is_preferred_to_stripes():
    plan = cut(lattice(4, 4, [10] * 16), 40, 40, grids=4)
    assert plan.figures.compactness == pytest.approx([math.pi / 4] * 4)


def test_grids_are_numbered_from_one_in_reading_order():
    plan = cut(lattice(4, 4, [10] * 16), 40, 40, grids=4)
    rows = plan.grid.reshape(4, 4)
    assert rows[3, 0] == 1
    assert rows[3, 3] == 2
    assert rows[0, 0] == 3
    assert rows[0, 3] == 4


def test_no_grid_encloses_another_where_that_can_be_avoided():
    households = [4] * 25
    households[12] = 100
    # Two atoms lead from the centre to the edge: 108 households, and 88 for the grid around it.
    plan = cut(lattice(5, 5, households), 85, 110, grids=2)
    assert plan.misses == ()
    assert plan.figures.encloses.tolist() == [0, 0]


def test_an_island_of_a_full_grid_is_enclosed_because_nothing_else_is_left():
    ground = shapely.box(0, 0, 300, 300)
    island = shapely.box(100, 100, 200, 200)
    atoms = town([ground.difference(island), island], [100, 100])
    plan = cut(atoms, 90, 110)
    assert plan.misses == ()
    assert sorted(plan.figures.encloses.tolist()) == [0, 1]


def test_no_grid_reaches_over_a_river_and_each_bank_has_its_grids():
    rivers = {(y * 6 + 2, y * 6 + 3) for y in range(4)}
    atoms = lattice(6, 4, [10] * 24, rivers=rivers)
    plan = cut(atoms, 30, 60)
    judge(atoms, plan)
    west = {int(plan.grid[v]) for v in range(24) if v % 6 < 3}
    east = {int(plan.grid[v]) for v in range(24) if v % 6 >= 3}
    assert not west & east
    assert plan.misses == ()


def test_boundaries_keep_to_streets_where_shapes_allow_it():
    # Two blocks of 2 × 2 atoms side by side: cut between them, not through both.
    inside = {(0, 1), (2, 3), (4, 5), (6, 7), (0, 4), (1, 5), (2, 6), (3, 7)}
    atoms = lattice(4, 2, [10] * 8, off_street=inside)
    plan = cut(atoms, 40, 40, grids=2)
    assert plan.off_street_m == 0
    assert plan.boundary_m == 200


def test_an_exclave_is_cut_apart_and_one_too_small_is_reported():
    polygons = squares(3, 3) + squares(1, 1, east=1000.0) + squares(2, 2, east=2000.0)
    atoms = town(polygons, [10] * 9 + [7] + [15] * 4)
    plan = cut(atoms, 25, 50)
    judge(atoms, plan)
    assert [(miss.households, miss.reason) for miss in plan.misses] == [
        (7, "the whole piece of ground has 7 households")
    ]
    assert any("3 pieces" in note for note in plan.notes)


def test_a_piece_that_no_number_of_grids_fits_is_reported():
    plan = cut(lattice(4, 1, [50, 40, 50, 50]), 100, 180)
    assert len(plan.misses) == 1
    assert "no number of grids of 100 to 180 adds up" in plan.misses[0].reason


def test_an_atom_above_the_maximum_stands_alone_and_is_reported_with_its_reason():
    households = [20] * 12
    households[5] = 240
    atoms = lattice(4, 3, households)
    plan = cut(atoms, 40, 100)
    judge(atoms, plan)
    assert [(miss.households, miss.reason) for miss in plan.misses] == [
        (240, "one atom has 240 households alone; split it between buildings")
    ]


def test_empty_ground_goes_to_grids_with_households():
    atoms = lattice(6, 6, [0] * 30 + [30] * 6)
    plan = cut(atoms, 60, 90)
    judge(atoms, plan)
    assert plan.misses == ()


def test_ground_without_households_is_one_reported_grid():
    plan = cut(lattice(2, 2, [0] * 4), 10, 20)
    assert plan.grid.tolist() == [1, 1, 1, 1]
    assert plan.misses[0].reason == "the whole piece of ground has 0 households"


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 99), st.data())
def test_locked_atoms_stay_in_their_grids_and_complete_grids_take_nobody(seed, data):
    atoms = lattice(5, 4, [10] * 20)
    grid = np.full(20, -1)
    grid[[0, 1]] = 7
    grid[data.draw(st.sampled_from([4, 9, 14]))] = 3
    whole = data.draw(st.sampled_from([(10, 15), (16, 17)]))
    grid[list(whole)] = 12
    fixed = partition.Fixed(grid, frozenset({12}))
    plan = cut(atoms, 20, 60, fixed=fixed, seed=seed, steps=FEW)
    judge(atoms, plan)
    held = grid >= 0
    assert (plan.grid[held] == grid[held]).all()
    assert np.flatnonzero(plan.grid == 12).tolist() == list(whole)


def test_atoms_locked_to_one_grid_are_joined_by_a_path():
    grid = np.full(12, -1)
    grid[[0, 3]] = 5
    atoms = lattice(4, 3, [5] * 12)
    plan = cut(atoms, 20, 40, grids=2, fixed=partition.Fixed(grid))
    judge(atoms, plan)
    assert plan.grid[0] == plan.grid[3] == 5


def test_locked_atoms_on_two_banks_are_refused():
    grid = np.array([2, -1, -1, 2])
    atoms = lattice(4, 1, [10] * 4, rivers={(1, 2)})
    with pytest.raises(InvalidInput, match="locked to grid 2 cannot hang together"):
        cut(atoms, 10, 20, fixed=partition.Fixed(grid))


def test_a_locked_grid_outside_the_range_says_so():
    grid = np.array([1, 1, 1, -1, -1, -1])
    plan = cut(
        lattice(6, 1, [30] * 6), 50, 70, fixed=partition.Fixed(grid, frozenset({1})), steps=FEW
    )
    reasons = {miss.grid: miss.reason for miss in plan.misses}
    assert reasons[1] == "it is locked as it is"


def test_everything_may_be_complete_already():
    fixed = partition.Fixed(np.array([4, 4, 9, 9]), frozenset({4, 9}))
    plan = cut(lattice(4, 1, [10] * 4), 15, 25, fixed=fixed)
    assert plan.grid.tolist() == [4, 4, 9, 9]
    assert plan.misses == ()


def test_a_number_of_grids_that_cannot_be_is_refused_with_the_numbers_that_can():
    with pytest.raises(InvalidInput, match="120 households cannot make 7") as refused:
        cut(lattice(4, 3, [10] * 12), 20, 40, grids=7)
    assert refused.value.hint == "Ask for 3 to 6 grids, or for another range of households."


def test_when_the_time_is_over_there_is_a_plan_all_the_same():
    atoms = lattice(8, 8, [5] * 64)
    calls = iter([0.0] * 5)
    plan = cut(atoms, 20, 40, elapsed=lambda: next(calls, 1.0))
    judge(atoms, plan)
    assert not plan.in_time


def test_a_caller_can_stop_the_search():
    def stop() -> float:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cut(lattice(4, 4, [10] * 16), 20, 40, elapsed=stop)


@pytest.mark.parametrize(
    ("minimum", "maximum", "reason"),
    [(0, 10, "at least 0"), (-5, 10, "at least -5"), (20, 10, "at least 20 and at most 10")],
)
def test_a_range_that_is_none_is_refused(minimum, maximum, reason):
    with pytest.raises(InvalidInput, match=reason):
        partition.SizeRange(minimum, maximum)


def neighbours(*pairs, length=10.0):
    ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    no = np.zeros(len(ends), dtype=bool)
    return partition.Neighbours(ends[:, 0], ends[:, 1], np.full(len(ends), length), no, no)


def loose(households, edges, *, area=100.0):
    count = len(households)
    return partition.Atoms(
        households=np.array(households, dtype=np.int64),
        area_m2=np.full(count, area),
        perimeter_m=np.full(count, 40.0),
        centre=np.zeros((count, 2)),
        neighbours=edges,
    )


@pytest.mark.parametrize(
    ("households", "edges", "said"),
    [
        ([], neighbours(), "no atoms"),
        ([1, -2], neighbours((0, 1)), "negative households"),
        ([1, 2], neighbours((0, 2)), "unknown atom"),
        ([1, 2], neighbours((0, -1)), "unknown atom"),
        ([1, 2], neighbours((1, 1)), "an atom beside itself"),
        ([1, 2], neighbours((0, 1), (1, 0)), "a pair that stands here twice"),
        ([1, 2], neighbours((0, 1), length=math.nan), "no length"),
        ([1, 2], neighbours((0, 1), length=0.0), "no length"),
    ],
)
def test_atoms_that_cannot_be_are_refused(households, edges, said):
    with pytest.raises(InvalidInput, match=said):
        loose(households, edges)


def test_atoms_without_area_are_refused():
    with pytest.raises(InvalidInput, match="no area"):
        loose([1, 2], neighbours((0, 1)), area=math.nan)


def test_atoms_without_outlines_are_cut_and_the_answer_says_what_was_not_looked_for():
    plan = cut(loose([10] * 4, neighbours((0, 1), (1, 2), (2, 3))), 15, 25)
    assert plan.misses == ()
    assert any("no exact coverage" in note for note in plan.notes)


def test_outlines_that_do_not_meet_vertex_by_vertex_are_not_trusted():
    # The eastern neighbours end in the middle of the western atom's edge.
    polygons = np.array(
        [shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 5), shapely.box(10, 5, 20, 10)]
    )
    edges = neighbours((0, 1), (0, 2), (1, 2))
    assert partition.trace_outlines(polygons, edges) is None


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 6), st.integers(2, 6), st.data())
def test_holes_are_counted_without_geometry(columns, rows, data):
    polygons = squares(columns, rows)
    atoms = lattice(columns, rows, [1] * len(polygons))
    taken = {data.draw(st.integers(0, len(polygons) - 1))}
    for v in data.draw(st.permutations(range(len(polygons)))):  # a random connected set
        if hangs_together(atoms, [*taken, v]) and data.draw(st.booleans()):
            taken.add(v)
    grid = np.array([int(v in taken) for v in range(len(polygons))])
    united = shapely.union_all([polygons[v] for v in taken])
    assert united.geom_type == "Polygon"
    figures = measure_grids(atoms, grid)
    at = figures.grid.tolist().index(1)
    assert figures.encloses[at] == len(united.interiors)
    assert figures.perimeter_m[at] == pytest.approx(united.length)
    assert figures.area_m2[at] == pytest.approx(united.area)


def test_figures_agree_with_the_united_polygons():
    atoms = lattice(6, 5, list(range(30)))
    polygons = squares(6, 5)
    plan = cut(atoms, 60, 130, steps=FEW)
    for i, number in enumerate(plan.figures.grid.tolist()):
        united = shapely.union_all([polygons[v] for v in np.flatnonzero(plan.grid == number)])
        assert plan.figures.area_m2[i] == pytest.approx(united.area)
        assert plan.figures.compactness[i] == pytest.approx(
            4 * math.pi * united.area / united.length**2
        )
    mean = plan.figures.households.mean()
    assert plan.figures.deviation == pytest.approx(plan.figures.households / mean - 1)
