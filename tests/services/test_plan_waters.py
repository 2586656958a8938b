"""Water between two banks is a barrier of a partition, unless a bank could be no grid by itself."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from gridmap.algorithms.partition import Neighbours
from gridmap.algorithms.partition.problem import join
from gridmap.geometry.edits.cutting import neighbours
from gridmap.services.plans.partition.waters import bar_water, wide_water

RIVER = 3


def town(width: float = 20.0) -> NDArray[np.object_]:
    """Three blocks, a river with water of a width, and three blocks."""
    north = [shapely.box(100 * i, 0, 100 * i + 100, 100) for i in range(3)]
    south = [shapely.box(100 * i, -width - 100, 100 * i + 100, -width) for i in range(3)]
    # The banks have vertices where the blocks' corners are, as the faces of an arrangement have.
    top = [(x, 0) for x in range(0, 301, 100)]
    bottom = [(x, -width) for x in range(300, -1, -100)]
    return np.array([*north, shapely.Polygon(top + bottom), *south], dtype=object)


def pieces(
    faces: NDArray[np.object_], water: NDArray[np.object_], households: list[int]
) -> list[set[int]]:
    """Faces that hang together without crossing the water."""
    wide = wide_water(water)
    nothing = np.array([wide], dtype=object)
    first, second, wet, length = neighbours(faces, nothing, 0.5)
    no = np.zeros(len(first), dtype=bool)
    edges = bar_water(
        faces,
        np.array(households),
        Neighbours(first, second, length, no, no),
        wet,
        wide,
        100,
    )
    open_ = ~edges.barrier
    number = join(len(faces), first[open_], second[open_])
    return [set(np.flatnonzero(number == at).tolist()) for at in range(int(number.max()) + 1)]


def test_a_river_goes_with_one_bank_and_parts_the_other_from_it() -> None:
    faces = town()
    found = pieces(faces, faces[[RIVER]], [60, 60, 60, 0, 60, 60, 60])
    assert sorted(map(len, found)) == [3, 4]
    assert {0, 1, 2} in found or {4, 5, 6} in found


def test_a_river_in_two_faces_is_no_way_across_it() -> None:
    faces = town()
    river = faces[RIVER]
    west = shapely.intersection(river, shapely.box(0, -500, 100, 500))
    east = shapely.intersection(river, shapely.box(100, -500, 300, 500))
    faces = np.array([*faces[:RIVER], west, *faces[RIVER + 1 :], east], dtype=object)
    found = pieces(faces, np.array([river], dtype=object), [60, 60, 60, 0, 60, 60, 60, 0])
    assert len(found) == 2
    assert not any({0, 4} <= piece for piece in found)


def test_a_bank_of_too_few_households_is_reached_over_the_water() -> None:
    faces = town()
    assert len(pieces(faces, faces[[RIVER]], [60, 60, 60, 0, 30, 30, 30])) == 1


def test_a_boundary_in_the_middle_of_the_water_is_not_crossed() -> None:
    faces = np.array([shapely.box(0, 0, 100, 100), shapely.box(0, -100, 100, 0)], dtype=object)
    stream = np.array([shapely.box(0, -10, 100, 10)], dtype=object)
    assert len(pieces(faces, stream, [150, 150])) == 2
    assert len(pieces(faces, stream, [150, 50])) == 1


def test_a_pond_belongs_to_everybody_around_it() -> None:
    ring = [
        shapely.box(100 * i, 100 * j, 100 * i + 100, 100 * j + 100)
        for i in range(3)
        for j in range(3)
    ]
    faces = np.array(ring, dtype=object)
    assert len(pieces(faces, faces[[4]], [60, 60, 60, 60, 0, 60, 60, 60, 60])) == 1


@pytest.mark.parametrize("width", [3.0, 6.0])
def test_water_as_narrow_as_a_lane_is_stepped_over(width: float) -> None:
    assert wide_water(np.array([shapely.box(0, 0, 500, width)], dtype=object)).is_empty


def test_only_the_wide_part_of_a_stream_parts_its_banks() -> None:
    stream = [shapely.box(0, 0, 500, 4), shapely.box(500, -10, 700, 20)]
    west, _, east, _ = wide_water(np.array(stream, dtype=object)).bounds
    assert 490 < west <= 500
    assert east == pytest.approx(700)
