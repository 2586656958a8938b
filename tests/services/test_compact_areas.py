"""The enterprises of donghu in three areas: every one in exactly one, without overlap, seeded."""

from __future__ import annotations

import pytest
import shapely
import sqlalchemy as sa

from gridmap.errors import InvalidInput, NotFound
from gridmap.services import compact_areas

PLACES = ("donghu",)


@pytest.fixture(scope="module")
def donghu(engine: sa.Engine) -> sa.Engine:
    return engine


@pytest.mark.parametrize(("k", "seed"), [(1, 0), (3, 0), (3, 7), (5, 0), (8, 1)])
def test_every_point_is_in_exactly_one_area_and_no_area_overlaps_another(
    donghu: sa.Engine, k: int, seed: int
) -> None:
    found = compact_areas.cut(donghu, "donghu", category="enterprise", k=k, seed=seed)
    areas = [shapely.geometry.shape(area["geometry"]) for area in found["areas"]]
    sizes = [area["count"] for area in found["areas"]]
    assert sum(sizes) == len(found["points"])
    assert max(sizes) - min(sizes) <= 1
    assert shapely.coverage_is_valid(areas)
    for point in found["points"]:
        inside = [area.covers(shapely.Point(point["lon"], point["lat"])) for area in areas]
        assert inside.count(True) == 1
        assert inside[point["area"] - 1]
    with donghu.connect() as connection:
        ground = connection.scalar(
            sa.text("SELECT ST_AsText(ST_Union(geom)) FROM territory WHERE place = 'donghu'")
        )
    ground = shapely.from_wkt(ground)
    assert abs(shapely.union_all(areas).area - ground.area) < 1e-7 * ground.area


def test_the_same_seed_gives_the_same_areas(donghu: sa.Engine) -> None:
    first, second = (
        compact_areas.cut(donghu, "donghu", category="enterprise", k=3, seed=5) for _ in range(2)
    )
    assert first == second


def test_more_areas_than_points_and_unknown_places_are_refused(donghu: sa.Engine) -> None:
    with pytest.raises(InvalidInput):
        compact_areas.cut(donghu, "donghu", category="enterprise", k=99)
    with pytest.raises(NotFound):
        compact_areas.cut(donghu, "atlantis", category="enterprise", k=3)
