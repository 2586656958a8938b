"""Incidents on streets."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gridmap.algorithms import hotspots
from gridmap.errors import InvalidInput

CROSS = shapely.from_wkt(["LINESTRING (0 0, 100 0)", "LINESTRING (50 -50, 50 50)"])


def test_streets_that_cross_are_cut_there():
    graph = hotspots.street_graph(CROSS)
    assert graph.length_m.tolist() == [50, 50, 50, 50]
    degree = np.bincount(np.concatenate((graph.first, graph.second)))
    assert sorted(degree.tolist()) == [1, 1, 1, 1, 4]


def test_incidents_move_to_the_nearest_street_and_the_rest_are_told():
    graph = hotspots.street_graph(CROSS)
    found = hotspots.snap_to_streets([10, 48, 90, 400], [5, 30, 20, 0], graph.lines, reach_m=15)
    assert found.incident.tolist() == [0, 1]
    assert found.unsnapped.tolist() == [2, 3]
    assert found.distance_m.tolist() == [5, 2]
    places = shapely.line_interpolate_point(graph.lines[found.edge], found.offset_m)
    assert shapely.get_coordinates(places).tolist() == [[10, 0], [50, 30]]
    density = hotspots.network_density(
        graph.first, graph.second, graph.length_m, found.edge, found.offset_m, sigma_m=5, lixel_m=1
    )
    assert density.total == pytest.approx(2, rel=0.02)


@given(
    st.lists(st.tuples(st.floats(-200, 200), st.floats(-200, 200)), max_size=30), st.floats(1, 99)
)
def test_every_incident_is_snapped_within_reach_or_told(points, reach):
    x, y = np.array(points).reshape(-1, 2).T
    found = hotspots.snap_to_streets(x, y, CROSS, reach_m=reach)
    everyone = np.concatenate((found.incident, found.unsnapped))
    assert sorted(everyone.tolist()) == list(range(len(points)))
    assert (found.distance_m <= reach).all()
    far = shapely.distance(shapely.points(x, y)[:, None], CROSS).min(axis=1, initial=np.inf)
    assert (far[found.unsnapped] > reach).all()
    assert found.distance_m == pytest.approx(far[found.incident], abs=1e-9)


def test_no_streets_and_no_incidents_are_answered():
    nothing = hotspots.street_graph([])
    assert nothing.length_m.size == 0
    assert hotspots.snap_to_streets([1.0], [1.0], [], reach_m=5).unsnapped.tolist() == [0]
    assert hotspots.snap_to_streets([], [], CROSS, reach_m=5).incident.size == 0


@pytest.mark.parametrize("lines", [[shapely.Point(0, 0)], [None], [shapely.box(0, 0, 1, 1)]])
def test_what_is_no_street_is_refused(lines):
    with pytest.raises(InvalidInput):
        hotspots.street_graph(lines)


@given(st.integers(0, 2**16), st.floats(3, 200))
def test_the_nearest_of_many_streets_is_that_of_geos(seed, reach):
    rng = np.random.default_rng(seed)
    corners = rng.uniform(0, 500, (25, 1, 2)) + rng.normal(0, 60, (25, 3, 2)).cumsum(axis=1)
    graph = hotspots.street_graph(shapely.linestrings(corners))
    x, y = rng.uniform(-100, 600, (2, 60))
    x[:9], y[:9] = corners[:9, 0].T  # ends, where several streets are equally near
    found = hotspots.snap_to_streets(x, y, graph.lines, reach_m=reach)
    away = shapely.distance(graph.lines, shapely.points(x, y)[:, None])
    assert found.incident.tolist() == np.flatnonzero(away.min(axis=1) <= reach).tolist()
    assert found.edge.tolist() == away.argmin(axis=1)[found.incident].tolist()
    offset = shapely.line_locate_point(
        graph.lines[found.edge], shapely.points(x, y)[found.incident]
    )
    assert found.offset_m == pytest.approx(offset, abs=1e-6)
