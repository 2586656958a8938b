"""A planner's work on the page, in a real Chromium; what is seen is what the database has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
import shapely
import sqlalchemy as sa
from playwright.sync_api import BrowserContext, expect
from shapely.geometry import shape

from tests.web.conftest import served
from tests.web.page import Page

pytestmark = pytest.mark.browser

PLACES = ("nanjie",)
METRE = 1 / 111_000


@pytest.fixture(scope="module")
def office(engine: sa.Engine) -> sa.Engine:
    """A database of its own with one place: here plans are written."""
    return engine


@pytest.fixture(scope="module")
def desk(office: sa.Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service on the office's database."""
    log = tmp_path_factory.mktemp("office") / "log"
    with served(office, log) as (url, _):
        yield url
    assert log.read_text() == "", "the log of the service is clean"


@pytest.fixture
def planner(tab: BrowserContext, desk: str, pictures: Path) -> Iterator[Page]:
    """The page at the planner's desk; at the end its log is clean."""
    made = Page(tab.new_page(), desk, pictures)
    yield made
    assert made.log == []
    assert made.foreign == []


class Boundary(NamedTuple):
    """Two neighbours, a point in each near their boundary, and a line that moves households."""

    grids: tuple[int, int]
    inside: tuple[shapely.Point, shapely.Point]
    line: list[list[float]]
    middle: shapely.Point


def find_boundary(desk: str, plan: int) -> Boundary:
    """Ask the service for previews until a line beside a boundary moves households."""
    features = httpx.get(f"{desk}/plans/{plan}/grids", params={"level": 2}).json()["features"]
    areas = {item["id"]: shape(item["geometry"]) for item in features}
    for one, mine in areas.items():
        for other, theirs in areas.items():
            found = _beside(mine, theirs) if one < other else None
            if found is None:
                continue
            line, middle = found
            near = middle.buffer(60 * METRE)
            inside = tuple(
                shapely.point_on_surface(shapely.intersection(area, near))
                for area in (mine, theirs)
            )
            body = {"kind": "redraw", "grids": [one, other], "line": line}
            answer = _preview(desk, plan, body)
            if answer.status_code == 200 and _moved(answer.json(), one) > 5:
                return Boundary((one, other), inside, line, middle)  # type: ignore[arg-type]
    pytest.fail("no boundary of this place moves a household")


def _beside(mine: Any, theirs: Any) -> tuple[list[list[float]], Any] | None:
    """A line of three points whose ends lie on the boundary, 40 m beside it in the middle."""
    shared = shapely.intersection(mine.boundary, theirs.boundary)
    if not 120 * METRE < shared.length < 400 * METRE:
        return None
    border = shapely.line_merge(shared)
    if border.geom_type != "LineString":
        return None
    ends = [border.interpolate(at, normalized=True) for at in (0.1, 0.9)]
    middle = border.interpolate(0.5, normalized=True)
    run = (ends[1].x - ends[0].x, ends[1].y - ends[0].y)
    length = (run[0] ** 2 + run[1] ** 2) ** 0.5
    aside = [middle.x - run[1] / length * 40 * METRE, middle.y + run[0] / length * 40 * METRE]
    return [[ends[0].x, ends[0].y], aside, [ends[1].x, ends[1].y]], middle


def _preview(desk: str, plan: int, body: dict[str, Any]) -> httpx.Response:
    revision = httpx.get(f"{desk}/plans/{plan}").json()["revision"]
    return httpx.post(
        f"{desk}/plans/{plan}/edits", json=body | {"revision": revision, "preview": True}
    )


def _moved(outcome: dict[str, Any], grid: int) -> int:
    figures = next(item for item in outcome["grids"] if item["id"] == grid)
    return abs(int(figures["before"]["households"]) - int(figures["after"]["households"]))


def newest_plan(office: sa.Engine) -> int:
    """The draft that was made last."""
    with office.connect() as connection:
        return int(connection.execute(sa.text("SELECT max(id) FROM plan")).scalar_one())


def stored(office: sa.Engine, plan: int, *, level: int = 2) -> dict[int, int]:
    """Households of a plan's grids, as the database has them."""
    with office.connect() as connection:
        rows = connection.execute(
            sa.text("SELECT id, households FROM grid WHERE plan_id = :plan AND level = :level"),
            {"plan": plan, "level": level},
        )
        return {row.id: row.households for row in rows}


def special_grids(office: sa.Engine, plan: int) -> set[int]:
    """Grids of a school or a hospital, to which the size profile does not apply."""
    with office.connect() as connection:
        rows = connection.scalars(
            sa.text("SELECT id FROM grid WHERE plan_id = :plan AND kind = 'special'"),
            {"plan": plan},
        )
        return set(rows)


def crowded_pair(office: sa.Engine, plan: int) -> tuple[int, int, Any]:
    """Two micro-grids with a common edge and the most households, and a point in the second.

    The point is near the first one, so that it is in sight when the map shows that.
    """
    with office.connect() as connection:
        row = connection.execute(
            sa.text(
                "SELECT a.id, b.id AS other, ST_X(p) AS x, ST_Y(p) AS y FROM grid a JOIN grid b"
                " ON b.geom && a.geom AND a.id <> b.id AND b.parent_id = a.parent_id"
                " AND ST_Length(ST_Intersection(ST_Boundary(a.geom), ST_Boundary(b.geom))) > 0.0003"
                " CROSS JOIN LATERAL ST_PointOnSurface(ST_Intersection("
                "b.geom, ST_Buffer(a.geom::geography, 30)::geometry)) AS p"
                " WHERE a.plan_id = :plan AND b.plan_id = :plan AND a.level = 3 AND b.level = 3"
                " ORDER BY a.households + b.households DESC, a.id LIMIT 1"
            ),
            {"plan": plan},
        ).one()
    return row.id, row.other, row


def open_draft(planner: Page, office: sa.Engine, name: str) -> int:
    """Make a draft on the page, as its author 陈静."""
    planner.open("#/plans/nanjie")
    planner.make_draft(name, "陈静")
    plan = newest_plan(office)
    assert planner.read_areas() == stored(office, plan)
    return plan


def begin_redrawing(planner: Page, found: Boundary, plan: int) -> None:
    """Go there, and choose both grids by pressing on them."""
    planner.open(f"#/plans/nanjie?plan={plan}&at={found.middle.x},{found.middle.y},16.6")
    planner.take_tool("redraw")
    for point in found.inside:
        planner.click_map(point.x, point.y)


def test_a_boundary_follows_the_mouse_after_its_consequences_were_seen(
    planner: Page, office: sa.Engine, desk: str
) -> None:
    plan = open_draft(planner, office, "2027 年调整")
    planner.take_picture("plan-open")
    found = find_boundary(desk, plan)
    before = stored(office, plan)
    begin_redrawing(planner, found, plan)
    planner.draw(found.line)
    told = planner.read_consequences()
    assert set(told) == set(found.grids)
    assert all(now != was for now, was in told.values()), "households of both change"
    assert stored(office, plan) == before, "a preview stores nothing"
    planner.take_picture("plan-preview")
    planner.accept()
    after = stored(office, plan)
    for grid, (now, was) in told.items():
        assert (str(before[grid]), str(after[grid])) == (was, now)
    assert planner.read_areas() == after

    planner.press("Control+z")
    planner.wait_for_revision(2)
    assert stored(office, plan) == before == planner.read_areas()
    planner.press("Control+Shift+Z")
    planner.wait_for_revision(3)
    assert stored(office, plan) == after == planner.read_areas()


def test_a_grid_is_split_checked_and_published_by_two_people(
    planner: Page, office: sa.Engine
) -> None:
    plan = open_draft(planner, office, "拆分后的方案")
    before = stored(office, plan)
    grid = max(before, key=lambda number: before[number])
    planner.select_row(grid)
    planner.take_tool("split")
    with office.connect() as connection:
        west, south, east, north = connection.execute(
            sa.text(
                "SELECT ST_XMin(geom), ST_YMin(geom), ST_XMax(geom), ST_YMax(geom)"
                " FROM grid WHERE id = :id"
            ),
            {"id": grid},
        ).one()
    middle, edge = (west + east) / 2, 8 * METRE
    planner.draw([[middle, south - edge], [middle, north + edge]])
    assert grid in planner.read_consequences()
    planner.take_picture("plan-split")
    planner.accept()
    assert len(stored(office, plan)) == len(before) + 1
    assert planner.read_areas() == stored(office, plan)

    planner.browser.locator('[data-do="check"]').click()
    expect(planner.browser.locator(".exact")).to_have_text("没有空白，没有交叉重叠。")
    planner.browser.locator("[data-do=submit]").click()
    expect(planner.plan).to_have_attribute("data-state", "in review")
    planner.browser.locator("[name=starts]").fill("2027-01-01")
    publish = planner.browser.locator("[data-do=publish]")
    expect(publish).to_be_disabled()  # by its author
    planner.browser.locator("[name=actor]").fill("李明")
    publish.click()
    expect(planner.plan).to_have_attribute("data-state", "published")
    expect(planner.browser.locator('[data-list="lineage"] tbody tr')).not_to_have_count(0)
    planner.take_picture("plan-published")
    planner.browser.locator(".plan .back").click()
    assert any("拆分后的方案 已发布" in row for row in planner.read_rows("plans"))
    planner.take_picture("plan-list")
    with office.connect() as connection:
        row = connection.execute(
            sa.text("SELECT state, author, reviewer, lower(valid)::text FROM plan WHERE id = :id"),
            {"id": plan},
        ).one()
    assert tuple(row) == ("published", "陈静", "李明", "2027-01-01")


def test_the_next_problem_is_the_worst_that_is_left(planner: Page, office: sa.Engine) -> None:
    planner.browser.set_viewport_size({"width": 1280, "height": 800})
    plan = open_draft(planner, office, "微网格规模")
    planner.choose("微网格")
    assert planner.read_areas() == stored(office, plan, level=3)
    stays, joins, point = crowded_pair(office, plan)
    planner.select_row(stays)
    planner.take_tool("merge")
    planner.click_map(point.x, point.y)
    planner.read_consequences()
    planner.accept()

    households = stored(office, plan, level=3)
    assert joins not in households
    special = special_grids(office, plan)
    off = {
        grid: 0 if grid in special else max(20 - count, count - 60, 0)
        for grid, count in households.items()
    }
    wrong = [grid for grid in off if off[grid] > 0]
    expect(planner.browser.locator(".plan .lead")).to_contain_text(f"{len(wrong)} 个不符合")
    planner.browser.locator('tr[aria-selected="true"] .cell-link').click()
    planner.browser.locator('[data-do="next"]').click()
    planner.wait()
    chosen = planner.browser.locator('tr[aria-selected="true"]')
    found = int(chosen.get_attribute("data-grid") or 0)
    assert off[found] == max(off.values())
    planner.take_picture("plan-next-problem")
    # It is let go of by pressing on it on the map.
    with office.connect() as connection:
        inside = connection.execute(
            sa.text(
                "SELECT ST_X(p) AS x, ST_Y(p) AS y"
                " FROM (SELECT ST_PointOnSurface(geom) AS p FROM grid WHERE id = :id) AS g"
            ),
            {"id": found},
        ).one()
    planner.click_map(inside.x, inside.y)
    expect(chosen).to_have_count(0)


def test_others_are_heard_and_grids_are_merged_and_given_blocks(
    planner: Page, office: sa.Engine, desk: str
) -> None:
    plan = open_draft(planner, office, "两人同改")
    found = find_boundary(desk, plan)
    one, other = found.grids
    body = {"kind": "rename", "grid": one, "name": "改过的名字", "revision": 0}
    headers = {"X-Gridmap-Actor": "%E7%8E%8B%E8%8A%B3"}  # 王芳
    httpx.post(f"{desk}/plans/{plan}/edits", json=body, headers=headers).raise_for_status()
    begin_redrawing(planner, found, plan)
    planner.draw(found.line)
    notice = planner.browser.locator(".plan-notice")
    expect(notice).to_contain_text("方案已被改动")
    expect(notice).to_contain_text("第 1 版：王芳 改了名称")
    planner.wait_for_revision(1)
    expect(planner.browser.locator(f'tr[data-grid="{one}"]')).to_contain_text("改过的名字")
    assert any("409" in line for line in planner.log)
    planner.log.clear()

    before = stored(office, plan)
    planner.take_tool("merge")
    for point in found.inside:
        planner.click_map(point.x, point.y)
    assert planner.read_consequences()[one] == (str(before[one] + before[other]), str(before[one]))
    planner.accept()
    merged = stored(office, plan)
    assert merged == planner.read_areas()
    assert other not in merged

    planner.browser.locator("[data-step=undo]").click()
    planner.wait_for_revision(3)
    assert stored(office, plan) == before == planner.read_areas()

    planner.take_tool("lasso")
    x, y, reach = found.middle.x, found.middle.y, 90 * METRE
    planner.draw([[x - reach, y - reach], [x + reach, y - reach], [x, y + reach]])
    told = planner.read_consequences()
    planner.accept()
    after = stored(office, plan)
    assert {grid: str(after[grid]) for grid in told if grid in after} == {
        grid: now for grid, (now, _) in told.items() if grid in after
    }
    assert sum(after.values()) == sum(before.values())


def test_a_grid_is_split_without_a_pointer(planner: Page, office: sa.Engine) -> None:
    plan = open_draft(planner, office, "只用键盘")
    before = stored(office, plan)
    planner.browser.locator("tr[data-grid] .cell-link").first.focus()
    planner.press("Enter")
    planner.wait()
    planner.browser.locator("[data-tool=split]").focus()
    planner.press("Enter")
    expect(planner.browser.locator(".map[data-drawing] canvas")).to_be_focused()
    for keys in (["ArrowUp"] * 5, ["ArrowDown"] * 10):
        for key in keys:
            planner.press(key)
            planner.wait()
        planner.press("Space")
    planner.press("Enter")
    planner.read_consequences()
    planner.press("Tab", "Enter")
    planner.wait_for_revision(1)
    assert len(stored(office, plan)) == len(before) + 1


def test_a_narrow_screen_redraws_too_and_says_why_not(
    planner: Page, office: sa.Engine, desk: str
) -> None:
    planner.browser.set_viewport_size({"width": 390, "height": 844})
    plan = open_draft(planner, office, "手机上的草稿")
    planner.take_picture("plan-narrow-open")
    found = find_boundary(desk, plan)
    begin_redrawing(planner, found, plan)
    # A line that stays inside one grid separates nothing.
    inside = found.inside[0]
    planner.draw([[inside.x, inside.y], [inside.x + 20 * METRE, inside.y + 5 * METRE]])
    expect(planner.browser.locator(".plan-notice.alarm")).to_contain_text("不能这样修改")
    said = planner.browser.locator(".plan-notice.alarm").inner_text()
    assert all(letter not in said for letter in "abcdefghijklmnopqrstuvwxyz"), said
    planner.take_picture("plan-narrow-refused")
    planner.log.clear()
    for target in planner.browser.locator(".plan-desk button").all():
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= 44, target.inner_text()
    planner.press("Backspace", "Backspace")
    planner.draw(found.line)
    planner.read_consequences()
    assert planner.browser.evaluate("document.documentElement.scrollWidth") == 390
    planner.take_picture("plan-narrow-preview")
    planner.switch_language()
    planner.take_picture("plan-narrow-preview-en")
    planner.accept()
    assert planner.read_areas() == stored(office, plan)
