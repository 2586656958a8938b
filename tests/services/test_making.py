"""Drafts from nothing: the whole territory, or the blocks between its streets."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from gridmap.errors import InvalidInput, NotFound
from gridmap.services import plans
from gridmap.services.plans import NewPlan

PLACES = ("nanjie", "chengzhen")


@pytest.fixture(scope="module")
def places(engine: sa.Engine) -> sa.Engine:
    return engine


def made(engine: sa.Engine, place: str, **wanted: Any) -> dict[str, Any]:
    options = {"network": "governance", "name": "new"} | wanted
    number = plans.make_plan(engine, NewPlan(place, **options), actor="ann")
    assert plans.check(engine, number) == []
    with engine.connect() as connection:
        assert (
            connection.scalar(sa.text("SELECT count(*) FROM plan_residue(:plan)"), {"plan": number})
            == 0
        )
    return plans.read(engine, number)


def test_a_territory_is_one_grid_at_each_level(places: sa.Engine) -> None:
    plan = made(places, "nanjie", given="one")
    assert [(item["level"], item["code"]) for item in plan["grids"]] == [
        (1, "532325101003000"), (2, "532325101003000001"), (3, "532325101003000001001"),
    ]  # fmt: skip
    assert {item["households"] for item in plan["grids"]} == {8349}
    assert plan["state"] == "draft"


def test_a_territory_of_nobody_says_so(places: sa.Engine) -> None:
    plan = made(places, "chengzhen")
    assert [(item["kind"], item["households"]) for item in plan["grids"]] == [("unassigned", 1084)]


@pytest.mark.parametrize("place", ["nanjie", "chengzhen"])
def test_each_block_is_a_grid(places: sa.Engine, place: str) -> None:
    plan = made(places, place, source="blocks", given="each")
    lowest = [item for item in plan["grids"] if item["lowest"]]
    assert len(lowest) > 20
    assert len({item["code"] for item in lowest}) == len(lowest)
    top = min(item["level"] for item in plan["grids"])
    totals = {
        level: sum(item["households"] for item in plan["grids"] if item["level"] == level)
        for level in {item["level"] for item in plan["grids"]}
    }
    assert set(totals.values()) == {totals[top]}


def test_blocks_of_nobody_are_atoms_to_draw_with(places: sa.Engine) -> None:
    plan = made(places, "chengzhen", source="blocks", given="nobody")
    with places.connect() as connection:
        atoms = connection.scalar(
            sa.text("SELECT count(*) FROM plan_atom WHERE plan_id = :plan"), {"plan": plan["id"]}
        )
    assert len(plan["grids"]) == 1
    assert atoms > 20


def test_a_new_network_is_made_with_one_level(places: sa.Engine) -> None:
    plan = made(places, "chengzhen", network="fire", source="blocks", given="one")
    assert (plan["network"], [item["level"] for item in plan["levels"]]) == ("fire", [2])


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        ({"place": "nowhere"}, NotFound),
        ({"place": "nanjie", "territory": "999999999999"}, NotFound),
    ],
)
def test_what_is_not_there_is_named(
    places: sa.Engine, wanted: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        made(places, **wanted)


def test_several_territories_are_asked_about(places: sa.Engine) -> None:
    with places.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO territory (place, code, name, kind, geom) SELECT 'nanjie', "
                "'532325101999', '另一社区', 'community', geom FROM territory "
                "WHERE code = '532325101003'"
            )
        )
    with pytest.raises(InvalidInput, match="Several territories"):
        made(places, "nanjie", network="fire")
