"""Boundaries and corners are pulled by mouse, finger and keys; micro-grids and grounds are pressed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import shapely
import sqlalchemy as sa
from playwright.sync_api import Browser, BrowserContext, Response, expect
from shapely.geometry import shape

from tests.web.conftest import served
from tests.web.page import Page
from tests.web.test_plans import METRE, crowded_pair, newest_plan, stored

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


class Seen:
    """The previews that the page was answered: what its planner has seen."""

    def __init__(self, page: Page) -> None:
        self._answers: list[Response] = []
        page.browser.on("response", self._hear)

    def _hear(self, answer: Response) -> None:
        asked = answer.request
        is_edit = asked.method == "POST" and asked.url.endswith("/edits")
        if is_edit and answer.ok and asked.post_data_json["preview"]:
            self._answers.append(answer)

    def read_shapes(self) -> dict[int, Any]:
        """The shapes of the last one by grid."""
        return {item["id"]: shape(item["geometry"]) for item in self._answers[-1].json()["areas"]}


def stored_shapes(engine: sa.Engine, grids: set[int]) -> dict[int, Any]:
    with engine.connect() as connection:
        rows = connection.execute(
            sa.text("SELECT id, ST_AsBinary(geom) AS shape FROM grid WHERE id = ANY(:grids)"),
            {"grids": sorted(grids)},
        )
        return {row.id: shapely.from_wkb(bytes(row.shape)) for row in rows}


def assert_stored_as_seen(engine: sa.Engine, seen: dict[int, Any]) -> None:
    """Every vertex is where the preview had it, to the ninth decimal (0.1 mm)."""
    now = stored_shapes(engine, set(seen))
    assert set(now) == set(seen)
    for grid, was in seen.items():
        assert shapely.equals_exact(_parts(was), _parts(now[grid]), tolerance=1e-9), grid


def _parts(geometry: Any) -> Any:
    return shapely.normalize(shapely.multipolygons([*shapely.get_parts(geometry)]))


def draft(planner: Page, studio: sa.Engine, name: str) -> int:
    planner.open("#/plans/nanjie")
    planner.make_draft(name, "陈静")
    return newest_plan(studio)


def pull_boundary(planner: Page, studio: sa.Engine, address: str, plan: int) -> dict[int, int]:
    """Drag a boundary and accept what it means; gives the households that are stored then."""
    first = shapes(studio, plan)
    grids, start, end = pull_of(address, plan)
    planner.open(f"#/plans/nanjie?plan={plan}&at={start.x},{start.y},17")
    planner.wait_for_revision(0)
    planner.take_tool("redraw")
    seen = Seen(planner)
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
    shown_shapes = seen.read_shapes()
    assert grids <= set(shown_shapes)
    planner.accept()
    assert_stored_as_seen(studio, shown_shapes)
    after = stored(studio, plan)
    assert {grid: now for grid, (now, _) in told.items()} == {g: str(after[g]) for g in grids}
    # A pixel is half a metre here.
    assert max(distance_to_edge(studio, grid, end) for grid in grids) < 1.5
    return after


def test_a_boundary_is_pulled_a_grid_split_and_merged_and_all_is_taken_back(
    planner: Page, studio: sa.Engine, address: str
) -> None:
    plan = draft(planner, studio, "拖动边界")
    first, shown = shapes(studio, plan), planner.read_areas()
    after = pull_boundary(planner, studio, address, plan)

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


def corner_of(address: str, plan: int) -> tuple[set[int], shapely.Point, shapely.Point]:
    """Grids that meet in a corner, the corner, and a point 15 m beside it where it may go."""
    features = httpx.get(f"{address}/plans/{plan}/grids", params={"level": 2}).json()["features"]
    areas = {item["id"]: shape(item["geometry"]) for item in features}
    met = Counter(
        spot for area in areas.values() for spot in {*map(tuple, shapely.get_coordinates(area))}
    )
    for spot in sorted(spot for spot, times in met.items() if times > 2):
        there = [spot[0] + 15 * METRE, spot[1] - 10 * METRE]
        body = {"kind": "node", "level": 2, "node": spot, "to": there, "revision": 0}
        answer = httpx.post(f"{address}/plans/{plan}/edits", json=body | {"preview": True})
        if answer.status_code == 200:
            corner = shapely.Point(spot)
            around = {grid for grid, area in areas.items() if area.distance(corner) == 0}
            return around, corner, shapely.Point(there)
    pytest.fail("no corner of this place can be moved")


def micro_grid_beside(engine: sa.Engine, plan: int) -> Any:
    """A grid, a micro-grid of its neighbour with people in it, and a point inside of each."""
    with engine.connect() as connection:
        return connection.execute(
            sa.text(
                "SELECT g.id AS taker, m.id AS given, m.parent_id AS giver, m.households,"
                " ST_X(a) AS ax, ST_Y(a) AS ay, ST_X(b) AS bx, ST_Y(b) AS by"
                " FROM grid g JOIN grid m ON m.plan_id = g.plan_id AND m.level = 3"
                " AND m.parent_id <> g.id AND m.households > 5 AND m.geom && g.geom"
                " AND ST_Length(ST_Intersection(ST_Boundary(m.geom), ST_Boundary(g.geom))) > 0.0006"
                " CROSS JOIN LATERAL ST_PointOnSurface(ST_Intersection("
                "g.geom, ST_Buffer(m.geom::geography, 60)::geometry)) AS a"
                " CROSS JOIN LATERAL ST_PointOnSurface(m.geom) AS b"
                " WHERE g.plan_id = :plan AND g.level = 2 ORDER BY g.id, m.id LIMIT 1"
            ),
            {"plan": plan},
        ).one()


@pytest.fixture
def phone(browser: Browser, address: str, pictures: Path) -> Iterator[Page]:
    """The page on a phone, which has fingers and no mouse; at the end its log is clean."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        locale="zh-CN",
        reduced_motion="reduce",
        has_touch=True,
    )
    made = Page(context.new_page(), address, pictures)
    yield made
    assert made.log == []
    assert made.foreign == []
    context.close()


def test_a_finger_pulls_a_corner_and_gives_a_micro_grid(
    phone: Page, studio: sa.Engine, address: str
) -> None:
    plan = draft(phone, studio, "手指拖动")
    browser = phone.browser
    fingers = browser.context.new_cdp_session(browser)
    grids, corner, there = corner_of(address, plan)
    phone.open(f"#/plans/nanjie?plan={plan}&at={corner.x},{corner.y},18")
    phone.wait_for_revision(0)
    seen = Seen(phone)
    browser.locator("[data-tool=redraw]").tap()
    phone.wait()
    start, end = phone.spot(corner.x, corner.y), phone.spot(there.x, there.y)
    for kind, (x, y) in (("touchStart", start), ("touchMove", end)):
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    # Held still, it tells what would be.
    expect(browser.locator("[data-list=live] tr[data-grid]").first).to_be_visible()
    browser.screenshot(path=phone.pictures / "plan-finger.png")
    fingers.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert set(phone.read_consequences()) <= grids
    shown = seen.read_shapes()
    phone.accept()
    assert_stored_as_seen(studio, shown)
    # A pixel is a quarter of a metre here.
    assert all(distance_to_edge(studio, grid, there) < 1 for grid in grids)

    given = micro_grid_beside(studio, plan)
    before = stored(studio, plan)
    phone.open(f"#/plans/nanjie?plan={plan}&at={given.bx},{given.by},16.5")
    phone.reload()  # so that nothing is selected
    phone.wait_for_revision(1)
    browser.locator("[data-tool=lasso]").tap()
    browser.touchscreen.tap(*phone.spot(given.ax, given.ay))
    phone.choose("微网格")
    browser.touchscreen.tap(*phone.spot(given.bx, given.by))
    told = phone.read_consequences()
    assert told[given.taker][0] == str(before[given.taker] + given.households)
    phone.take_picture("plan-micro-grid-given")
    phone.accept()
    after = stored(studio, plan)
    assert after[given.taker] == before[given.taker] + given.households
    assert after[given.giver] == before[given.giver] - given.households
    with studio.connect() as connection:
        found = connection.execute(
            sa.text("SELECT parent_id, households FROM grid WHERE id = :id"), {"id": given.given}
        ).one()
    assert tuple(found) == (given.taker, given.households)


def test_a_hospital_becomes_a_special_grid_and_what_a_check_finds_is_gone_to(
    planner: Page, studio: sa.Engine, address: str
) -> None:
    plan = draft(planner, studio, "专属网格")
    browser = planner.browser
    query = {"place": "nanjie", "kind": "hospital", "limit": 1}
    (ground,) = httpx.get(f"{address}/collections/land-use/items", params=query).json()["features"]
    hospital = shape(ground["geometry"])
    inside = hospital.representative_point()
    planner.open(f"#/plans/nanjie?plan={plan}&at={inside.x},{inside.y},16.5")
    planner.wait_for_revision(0)
    planner.take_tool("special")
    planner.choose("用地")
    planner.take_picture("plan-grounds-offered")
    browser.locator("[name=special-name]").fill("县医院")
    planner.click_map(inside.x, inside.y)
    planner.read_consequences()
    planner.accept()
    with studio.connect() as connection:
        made = connection.execute(
            sa.text(
                "SELECT id, kind, households, ST_AsBinary(geom) AS shape FROM grid"
                " WHERE plan_id = :plan AND name = '县医院'"
            ),
            {"plan": plan},
        ).one()
    assert made.kind == "special"
    cut = shapely.from_wkb(bytes(made.shape))
    assert cut.intersection(hospital).area > 0.98 * hospital.area

    # Too many households in one micro-grid: the check finds it, and a press goes there.
    stays, joins, _ = crowded_pair(studio, plan)
    body = {"kind": "merge", "grids": [joins], "into": stays, "revision": 1}
    assert httpx.post(f"{address}/plans/{plan}/edits", json=body).status_code == 200
    planner.reload()
    planner.wait_for_revision(2)
    browser.locator('[data-do="check"]').click()
    expect(browser.locator(".finish .exact")).to_be_visible()
    found = browser.locator('[data-found="findings"] [data-kind="size"]')
    row = found.locator("li button").first
    row.click()
    planner.wait()
    expect(row).to_have_attribute("aria-pressed", "true")
    expect(browser.locator('tr[aria-selected="true"]')).to_have_attribute("data-grid", str(stays))
    middle = stored_shapes(studio, {stays})[stays].centroid
    longitude, latitude, zoom = planner.camera
    assert abs(longitude - middle.x) + abs(latitude - middle.y) < 100 * METRE
    assert zoom > 16
    planner.take_picture("plan-finding")
