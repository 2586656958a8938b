"""Plans compared with each other, and networks of one place laid over each other."""

from __future__ import annotations

from typing import Any

import pytest
import shapely
import sqlalchemy as sa
from shapely.geometry import shape

from gridmap.errors import InvalidInput, NotFound
from gridmap.services import plans

PLACES = ("nanjie", "chengzhen")


@pytest.fixture(scope="module")
def places(engine: sa.Engine) -> sa.Engine:
    return engine


@pytest.fixture
def draft(places: sa.Engine) -> int:
    base = next(
        plan["id"]
        for plan in plans.list_plans(places, place="nanjie", network="governance")
        if plan["in_force"]
    )
    return plans.make_draft(places, based_on=base, name="2027", actor="ann")


def of_level(engine: sa.Engine, plan: int, level: int) -> list[dict[str, Any]]:
    return [item for item in plans.read(engine, plan)["grids"] if item["level"] == level]


def test_a_copy_differs_in_nothing(places: sa.Engine, draft: int) -> None:
    found = plans.compare(places, draft)
    assert found["new"]["id"] == draft
    assert found["old"]["in_force"]
    assert [item["level"] for item in found["levels"]] == [1, 2, 3]
    assert all(not item["changed"] and not item["gone"] for item in found["levels"])
    assert found["moved"]["features"] == []
    assert found["posts"] == []


def test_a_merger_names_who_is_affected(places: sa.Engine, draft: int) -> None:
    areas = {
        item["id"]: shape(item["geometry"])
        for item in plans.read_areas(places, draft, level=2)["features"]
    }
    first, second = next(
        (a, b)
        for a in areas
        for b in areas
        if a < b and shapely.intersection(areas[a].boundary, areas[b].boundary).length > 0.0005
    )
    figures = {item["id"]: item for item in of_level(places, draft, 2)}
    plans.merge_grids(places, draft, grids=[second], into=first, revision=0, actor="ann")
    found = plans.compare(places, draft)
    level = next(item for item in found["levels"] if item["level"] == 2)
    (merged,) = level["changed"]
    assert (merged["id"], merged["change"], len(merged["from"])) == (first, "merged", 2)
    (gone,) = level["gone"]
    assert gone["code"] in {figures[first]["code"], figures[second]["code"]}
    assert level["grids_before"] - level["grids_after"] == 1
    (moved,) = [item for item in found["moved"]["features"] if item["properties"]["level"] == 2]
    households = {figures[first]["households"], figures[second]["households"]}
    assert moved["properties"]["households"] == level["households_moved"] == min(households)
    assert shape(moved["geometry"]).area == pytest.approx(
        min(areas[first].area, areas[second].area), rel=0.9
    )
    assert {item["grid_name"] for item in found["posts"]} >= {moved["properties"]["from"]}


def test_networks_of_one_community_are_laid_over_each_other(places: sa.Engine) -> None:
    found = plans.cross_networks(places, place="chengzhen", one="party", other="governance")
    assert found["uncovered"] == [], "each network covers the whole community"
    assert sum(pair["households"] for pair in found["pairs"]) == 1084
    for side in ("one", "other"):
        for grid in found[side]["grids"]:
            shares = [
                pair[f"share_of_{side}"]
                for pair in found["pairs"]
                if pair[f"{side}_id"] == grid["id"]
            ]
            assert sum(shares) == pytest.approx(1)
    assert found["cut"], "they are not nested"


def test_a_network_without_a_plan_on_that_day_is_named(places: sa.Engine) -> None:
    with pytest.raises(NotFound, match="fire"):
        plans.cross_networks(places, place="chengzhen", one="party", other="fire")
    with pytest.raises(InvalidInput):
        plans.cross_networks(places, place="chengzhen", one="party", other="party")
