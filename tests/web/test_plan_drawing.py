"""A boundary is pulled on the map, a grid split evenly and merged again, and all of it taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import shapely
import sqlalchemy as sa
from playwright.sync_api import BrowserContext, expect
from shapely.geometry import shape

from tests.web.conftest import served
from tests.web.page import Page
from tests.web.test_plans import METRE, newest_plan, stored

pytestmark = pytest.mark.browser

PLACES = ("nanjie",)


@pytest.fixture(scope="module")
def studio(engine: sa.Engine) -> sa.Engine:
    """A database of its own with one place: here boundaries are pulled."""
    return engine


@pytest.fixture(scope="module")
def address(studio: sa.Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service on the studio's database."""
    log = tmp_path_factory.mktemp("studio") / "log"
    with served(studio, log) as (url, _):
        yield url
    assert log.read_text() == "", "the log of the service is clean"


@pytest.fixture
def planner(tab: BrowserContext, address: str, pictures: Path) -> Iterator[Page]:
    """The page at the planner's desk; at the end its log is clean."""
    made = Page(tab.new_page(), address, pictures)
    yield made
    assert made.log == []
    assert made.foreign == []


def pull_of(address: str, plan: int) -> tuple[set[int], shapely.Point, shapely.Point]:
    """Two neighbours, the middle of their longest straight boundary, and a point 35 m beside it."""
    features = httpx.get(f"{address}/plans/{plan}/grids", params={"level": 2}).json()["features"]
    areas = {item["id"]: shape(item["geometry"]) for item in features}
    found = []
    for one, mine in areas.items():
        for other, theirs in areas.items():
            if one < other and mine.intersects(theirs):
                border = shapely.line_merge(mine.boundary.intersection(theirs.boundary))
                parts = [part for part in shapely.get_parts(border) if part.length > 120 * METRE]
                found += [(part, one, other) for part in parts]
    line, one, other = max(found, key=lambda item: item[0].length)
    middle = line.interpolate(0.5, normalized=True)
    ahead = line.interpolate(0.52, normalized=True)
    along = shapely.LineString([middle, ahead])
    x, y = (ahead.x - middle.x) / along.length, (ahead.y - middle.y) / along.length
    return {one, other}, middle, shapely.Point(middle.x - 35 * METRE * y, middle.y + 35 * METRE * x)


def shapes(engine: sa.Engine, plan: int) -> list[tuple[int, bytes]]:
    with engine.connect() as connection:
        rows = connection.execute(
            sa.text(
                "SELECT id, ST_AsBinary(ST_Normalize(geom)) AS shape FROM grid"
                " WHERE plan_id = :plan ORDER BY id"
            ),
            {"plan": plan},
        )
        return [(row.id, bytes(row.shape)) for row in rows]


def distance_to_edge(engine: sa.Engine, grid: int, point: shapely.Point) -> float:
    """Metres between a point and the stored boundary of a grid."""
    with engine.connect() as connection:
        found = connection.scalar(
            sa.text(
                "SELECT ST_Distance(ST_Boundary(geom)::geography,"
                " ST_SetSRID(ST_MakePoint(:x, :y), 4326)::geography) FROM grid WHERE id = :id"
            ),
            {"id": grid, "x": point.x, "y": point.y},
        )
    return float(found)


def draft(planner: Page, studio: sa.Engine, name: str) -> int:
    planner.open("#/plans/nanjie")
    planner.make_draft(name, "陈静")
    return newest_plan(studio)


def test_a_boundary_is_pulled_a_grid_split_and_merged_and_all_is_taken_back(
    planner: Page, studio: sa.Engine, address: str
) -> None:
    plan = draft(planner, studio, "拖动边界")
    first, shown = shapes(studio, plan), planner.read_areas()
    grids, start, end = pull_of(address, plan)
    planner.open(f"#/plans/nanjie?plan={plan}&at={start.x},{start.y},17")
    planner.wait_for_revision(0)
    planner.take_tool("redraw")
    mouse = planner.browser.mouse
    mouse.move(*planner.spot(start.x, start.y))
    mouse.down()
    mouse.move(*planner.spot((start.x + end.x) / 2, (start.y + end.y) / 2))
    mouse.move(*planner.spot(end.x, end.y))
    expect(planner.browser.locator(".toolbox [role=status]")).to_contain_text("已抓住边界")
    planner.browser.screenshot(path=planner.pictures / "plan-pull.png")
    mouse.up()
    told = planner.read_consequences()
    assert set(told) == grids
    assert shapes(studio, plan) == first, "a preview stores nothing"
    planner.take_picture("plan-pulled")
    planner.accept()
    after = stored(studio, plan)
    assert {grid: now for grid, (now, _) in told.items()} == {g: str(after[g]) for g in grids}
    # A pixel is half a metre here.
    assert max(distance_to_edge(studio, grid, end) for grid in grids) < 1.5

    crowded = max(after, key=lambda number: after[number])
    row = planner.browser.locator(f'tr[data-grid="{crowded}"]')
    if row.get_attribute("aria-selected") != "true":  # the edit has selected one of its grids
        planner.select_row(crowded)
    planner.take_tool("split")
    planner.choose("均分")
    planner.browser.locator('[data-do="end"]').click()
    planner.read_consequences()
    planner.accept()
    split = stored(studio, plan)
    (new,) = set(split) - set(after)  # not the number that the preview had
    assert abs(split[crowded] - split[new]) <= 0.2 * (split[crowded] + split[new])

    with studio.connect() as connection:
        inside = connection.execute(
            sa.text(
                "SELECT ST_X(p) AS x, ST_Y(p) AS y FROM"
                " (SELECT ST_PointOnSurface(geom) AS p FROM grid WHERE id = :id) AS g"
            ),
            {"id": new},
        ).one()
    planner.open(f"#/plans/nanjie?plan={plan}&at={inside.x},{inside.y},17")
    planner.wait_for_revision(2)
    if row.get_attribute("aria-selected") != "true":
        planner.select_row(crowded)
    planner.open(f"#/plans/nanjie?plan={plan}&at={inside.x},{inside.y},17")
    planner.take_tool("merge")
    planner.click_map(inside.x, inside.y)
    planner.read_consequences()
    planner.accept()
    assert stored(studio, plan) == after == planner.read_areas()

    for revision in (4, 5, 6):
        planner.browser.locator("[data-step=undo]").click()
        planner.wait_for_revision(revision)
    assert shapes(studio, plan) == first
    assert planner.read_areas() == shown


def test_a_boundary_is_pulled_by_keys_alone(planner: Page, studio: sa.Engine, address: str) -> None:
    plan = draft(planner, studio, "键盘拖动")
    grids, start, _ = pull_of(address, plan)
    planner.open(f"#/plans/nanjie?plan={plan}&at={start.x},{start.y},18")
    planner.wait_for_revision(0)
    planner.browser.locator("[data-tool=redraw]").focus()
    planner.press("Enter", "Space")
    status = planner.browser.locator(".toolbox [role=status]")
    expect(status).to_contain_text("已抓住边界")
    planner.press("ArrowUp")
    planner.wait()
    planner.press("Space")
    assert set(planner.read_consequences()) == grids
    planner.browser.locator('[data-do="discard"]').click()
    expect(status).to_contain_text("选择第一个网格")
