"""Many points at once, on a grown town."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
import sqlalchemy as sa

from gridmap.errors import TooLarge
from gridmap.services.locate import COLUMNS, MOST_POINTS, locate_point, locate_points
from gridmap.services.locate.belonging import windows

PLACES = ("nanjie",)


@pytest.fixture(scope="module")
def nanjie(engine: sa.Engine) -> sa.Engine:
    return engine


def column(rows: list[tuple], name: str) -> list:
    return [row[COLUMNS.index(name)] for row in rows]


def test_every_building_is_in_the_micro_grid_that_counts_it(nanjie: sa.Engine) -> None:
    """The codes of all buildings, against what the database itself says of their middles."""
    with nanjie.connect() as connection:
        known = connection.execute(
            sa.text("""
                SELECT b.code, ST_X(p) AS lon, ST_Y(p) AS lat, g.code AS micro_grid
                FROM building AS b, LATERAL ST_PointOnSurface(b.geom) AS p
                JOIN grid AS g ON g.lowest AND g.network = 'governance' AND ST_Intersects(g.geom, p)
                ORDER BY b.id
            """)
        ).all()
    rows = locate_points(nanjie, np.array([[item.lon, item.lat] for item in known]))
    assert column(rows, "micro_grid") == [item.micro_grid for item in known]
    assert column(rows, "building") == [item.code for item in known]
    assert all(
        micro_grid.startswith(grid)
        for micro_grid, grid in zip(column(rows, "micro_grid"), column(rows, "grid"), strict=True)
    )


def test_every_corner_of_every_micro_grid_gets_one_chain(nanjie: sa.Engine) -> None:
    """Corners are where neighbours meet, and where rounding shows."""
    with nanjie.connect() as connection:
        shapes = shapely.from_wkb(
            list(connection.scalars(sa.text("SELECT ST_AsBinary(geom) FROM grid WHERE lowest")))
        )
    corners = np.unique(shapely.get_coordinates(shapes), axis=0)
    rows = locate_points(nanjie, corners)
    assert None not in column(rows, "micro_grid")
    assert None not in column(rows, "community")
    assert all(
        micro_grid.startswith(grid)
        for micro_grid, grid in zip(column(rows, "micro_grid"), column(rows, "grid"), strict=True)
    )
    # The middle of two corners of an edge, which need not be a number on the edge.
    ring = shapely.get_exterior_ring(shapely.get_parts(shapes))
    ends = [shapely.get_coordinates(item) for item in ring]
    middles = np.concatenate([(line[:-1] + line[1:]) / 2 for line in ends])
    assert None not in column(locate_points(nanjie, middles), "micro_grid")


def test_one_point_and_many_agree(nanjie: sa.Engine) -> None:
    rng = np.random.default_rng(7)
    points = np.column_stack((rng.uniform(101.232, 101.250, 60), rng.uniform(25.490, 25.505, 60)))
    rows = locate_points(nanjie, points)
    for (lon, lat), micro_grid, building in zip(
        points.tolist(), column(rows, "micro_grid"), column(rows, "building_id"), strict=True
    ):
        one = locate_point(nanjie, lon, lat, limit=0)
        assert micro_grid == (one["micro_grid"]["code"] if one["micro_grid"] else None)
        assert building == (one["building"]["id"] if one["building"] else None)


def test_order_and_company_do_not_matter(nanjie: sa.Engine) -> None:
    rng = np.random.default_rng(8)
    points = np.column_stack((rng.uniform(101.232, 101.250, 500), rng.uniform(25.490, 25.505, 500)))
    rows = locate_points(nanjie, points)
    assert locate_points(nanjie, points[::-1]) == rows[::-1]
    assert locate_points(nanjie, points[:9]) == rows[:9]


def test_more_than_a_hundred_thousand_points_are_refused(nanjie: sa.Engine) -> None:
    with pytest.raises(TooLarge):
        locate_points(nanjie, np.zeros((MOST_POINTS + 1, 2)))


def test_windows_hold_every_point_and_little_else() -> None:
    rng = np.random.default_rng(9)
    points = rng.uniform(-1, 1, (1000, 2))
    boxes = windows(points, 0.5, 0.01)
    assert len(boxes) == 16
    covered = shapely.STRtree(shapely.points(points)).query(
        shapely.box(*boxes.T), predicate="intersects"
    )
    assert np.unique(covered[1]).tolist() == list(range(1000))
    assert (boxes[:, 2:] - boxes[:, :2] <= 0.52).all()
    assert windows(np.empty((0, 2)), 0.5, 0.01).shape == (0, 4)
