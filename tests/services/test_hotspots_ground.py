"""The ground of very many points is drawn on pixels, and is that of their disks."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from gridmap.services.hotspots import ground


@pytest.mark.parametrize("reach", [10.0, 35.0])
def test_drawn_ground_is_that_of_the_disks_within_a_pixel(reach: float) -> None:
    rng = np.random.default_rng(1)
    middles = rng.uniform(0, 600, (8, 2))
    xy = middles[rng.integers(0, 8, 3_000)] + rng.normal(0, 40, (3_000, 2))
    drawn = ground.around(xy, reach)
    exact = shapely.union_all(shapely.buffer(shapely.points(xy), reach))
    pixel = max(reach / 3, float(np.ptp(xy, axis=0).max()) / 320)
    assert exact.buffer(2 * pixel).covers(drawn)
    assert drawn.buffer(2 * pixel).covers(exact)
    assert drawn.area == pytest.approx(exact.area, rel=0.05)


def test_points_that_lie_upon_each_other_are_one_disk() -> None:
    many = ground.around(np.full((1_500, 2), 7.0), 5.0)
    assert many.equals(shapely.buffer(shapely.Point(7, 7), 5.0))
    huge = ground.around(np.full((9_000, 2), 7.0), 5.0)
    assert huge.area == pytest.approx(np.pi * 25, rel=0.2)
