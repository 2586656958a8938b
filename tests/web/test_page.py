"""What a planner does with the page, in a real Chromium on the five places."""

from __future__ import annotations

import re

import httpx
import pytest
import sqlalchemy as sa
from playwright.sync_api import BrowserContext, expect

from tests.web.page import Page

pytestmark = pytest.mark.browser

PLACES = {
    "nanjie": "南街社区",
    "xiameiqiao": "下湄桥街道",
    "wenyuan": "文苑社区",
    "chengzhen": "城镇社区",
    "donghu": "东湖社区",
}


def one_grid(town: sa.Engine, place: str, *, level: int = 2) -> sa.Row:
    """A grid in the middle of the order, and a point in it that is in none of its buildings."""
    with town.connect() as connection:
        return connection.execute(
            sa.text(
                "SELECT g.id, g.name, g.name_en, g.households, ST_X(p) AS x, ST_Y(p) AS y FROM ("
                "  SELECT *, ST_PointOnSurface(ST_Difference(geom, ST_Buffer(coalesce("
                "    (SELECT ST_Union(b.geom) FROM building b WHERE b.geom && grid.geom),"
                "    ST_GeomFromText('POLYGON EMPTY', 4326)), 0.00003))) AS p"
                "  FROM grid WHERE place = :place AND network = 'governance' AND level = :level"
                "  AND valid @> current_date ORDER BY code OFFSET 4 LIMIT 1) AS g"
            ),
            {"place": place, "level": level},
        ).one()


def test_it_opens_on_the_five_places(page: Page) -> None:
    page.open()
    assert set(page.read_places()) == set(PLACES.values())
    page.open_card("文苑社区")
    page.wait_for_place("wenyuan")
    assert page.title == "文苑社区"


@pytest.mark.parametrize("key", PLACES)
def test_every_place_can_be_switched_to_and_shows_its_figures(
    page: Page, town: sa.Engine, key: str
) -> None:
    page.open()
    page.switch_place(key)
    assert page.title == PLACES[key]
    with town.connect() as connection:
        households = connection.scalar(
            sa.text("SELECT sum(households) FROM building WHERE place = :key"), {"key": key}
        )
        west, south, east, north = connection.execute(
            sa.text(
                "SELECT ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b) FROM"
                " (SELECT ST_Extent(geom) AS b FROM territory WHERE place = :key) AS t"
            ),
            {"key": key},
        ).one()
    assert page.read_households() == households
    longitude, latitude, _ = page.camera
    assert west < longitude < east
    assert south < latitude < north
    assert page.read_legend()


def test_a_click_on_a_grid_tells_its_households(page: Page, town: sa.Engine) -> None:
    grid = one_grid(town, "nanjie")
    page.open("#/map/nanjie")
    page.click_grid(grid.x, grid.y)
    assert page.read_name() == grid.name
    assert page.read_households() == grid.households
    assert page.read_responsible(), "somebody is responsible"
    page.close_details()
    assert page.title == "南街社区"


def test_a_click_on_a_building_near_by_tells_its_chain(page: Page, town: sa.Engine) -> None:
    with town.connect() as connection:
        building = connection.execute(
            sa.text(
                "SELECT b.name, b.households, g.name AS grid, ST_X(p) AS x, ST_Y(p) AS y"
                " FROM building b CROSS JOIN ST_PointOnSurface(b.geom) AS p"
                " JOIN grid g ON ST_Contains(g.geom, p) AND g.level = 2 AND g.network = 'governance'"
                " WHERE b.place = 'wenyuan' AND b.households > 20"
                # A name or a sign over it would be what the click means.
                " AND NOT EXISTS (SELECT FROM resource_point r WHERE ST_DWithin(r.geom, p, 0.0004))"
                " AND NOT ST_DWithin(p, ST_Centroid(g.geom), 0.001) ORDER BY b.id LIMIT 1"
            )
        ).one()
    page.open(f"#/map/wenyuan?at={building.x},{building.y},17.4")
    page.click_map(building.x, building.y)
    expect(page.details).to_have_text(building.name)
    assert page.read_households() == building.households
    page.browser.locator(".chain button", has_text=building.grid).click()
    expect(page.details).to_have_text(building.grid)


def test_a_place_on_the_overview_opens_by_a_press_on_its_marker(
    page: Page, town: sa.Engine
) -> None:
    page.open()
    with town.connect() as connection:
        x, y = connection.execute(
            sa.text(
                "SELECT (ST_XMin(b) + ST_XMax(b)) / 2, (ST_YMin(b) + ST_YMax(b)) / 2 FROM"
                " (SELECT ST_Extent(geom) AS b FROM territory WHERE place = 'wenyuan') AS t"
            )
        ).one()
    page.click_map(x, y)
    page.wait_for_place("wenyuan")
    assert page.title == "文苑社区"


def test_layers_are_switched_off_and_on_and_asked_for_only_when_on(page: Page) -> None:
    page.open("#/map/donghu")
    assert not page.is_on("incidents")
    assert not any(re.search(r"/tiles/incidents/\d", url) for url in page.requests)
    page.switch_layer("incidents")
    assert page.is_on("incidents")
    assert any(re.search(r"/tiles/incidents/\d", url) for url in page.requests)
    page.switch_layer("households")
    expect(page.browser.locator(".legend")).to_have_count(0)
    page.switch_layer("households")
    assert len(page.read_legend()) == 5


def test_networks_and_levels_are_chosen_by_their_own_names(page: Page) -> None:
    page.open("#/map/chengzhen")
    assert page.choices() == ["治理网", "党建网", "居民小组"]
    page.choose("党建网")
    assert page.read_figure("grids") == 4
    page.choose("居民小组")
    assert page.read_figure("grids") == 9
    page.open("#/map/nanjie")
    assert page.choices() == ["总网格 1", "网格 27", "微网格 247"]
    page.choose("微网格")
    assert "level=3" in page.link
    expect(page.browser.locator(".legend")).to_contain_text("每个微网格的户数")


def test_hovering_highlights_and_asks_nothing(page: Page, town: sa.Engine) -> None:
    grid = one_grid(town, "nanjie")
    page.open("#/map/nanjie")
    before = len(page.requests)
    page.point_at(grid.x, grid.y)
    expect(page.browser.locator(".map canvas")).to_have_css("cursor", "pointer")
    assert len(page.requests) == before


def test_simplified_and_traditional_characters_find_the_same(page: Page, town: sa.Engine) -> None:
    with town.connect() as connection:
        name, traditional = connection.execute(
            sa.text(
                "SELECT name, replace(replace(name, '园', '園'), '东', '東') FROM street"
                " WHERE name ~ '[园东]' AND place IS NOT NULL ORDER BY place, id LIMIT 1"
            )
        ).one()
    page.open()
    simple = page.search(name)
    assert simple[0] == name
    assert page.search(traditional) == simple


def test_a_grid_is_found_by_its_code_and_shown_in_its_place(page: Page, town: sa.Engine) -> None:
    with town.connect() as connection:
        micro = connection.execute(
            sa.text(
                "SELECT code, name, households FROM grid WHERE place = 'nanjie' AND level = 3"
                " ORDER BY code OFFSET 100 LIMIT 1"
            )
        ).one()
    page.open()
    assert page.search(micro.code) == [micro.name]
    page.take_result()
    assert page.read_name() == micro.name
    assert page.read_households() == micro.households
    # The level that the grid is of is shown around it.
    expect(page.browser).to_have_url(re.compile(r"#/map/nanjie\?.*level=3"))
    assert page.camera[2] > 15


def test_what_is_not_found_is_said(page: Page) -> None:
    page.open("#/map/donghu")
    page.search_box.press_sequentially("没有这个地方")
    expect(page.browser.locator(".search-message")).to_have_text("没有找到，换个名称或编码试试")
    expect(page.search_box).to_have_value("没有这个地方")


def test_a_permalink_gives_the_same_picture_again(
    page: Page, tab: BrowserContext, address: str, town: sa.Engine
) -> None:
    grid = one_grid(town, "chengzhen")
    page.open("#/map/chengzhen")
    page.switch_layer("buildings")
    page.switch_layer("resource-points")
    page.click_grid(grid.x, grid.y)
    page.browser.locator(".details-head .icon-button").click()
    page.wait()
    page.browser.mouse.move(0, 0)
    link, camera = page.link, page.camera
    pictures = []
    for _ in range(2):
        page.reload()
        expect(page.details).to_have_text(grid.name)
        page.wait()
        assert page.link == link
        assert page.camera == camera
        pictures.append(page.browser.locator(".map").screenshot())
    assert pictures[0] == pictures[1]
    other = Page(tab.new_page(), address, page.pictures)
    other.open(link)
    expect(other.details).to_have_text(grid.name)
    assert not other.is_on("buildings")


def test_back_returns_step_by_step(page: Page, town: sa.Engine) -> None:
    grid = one_grid(town, "donghu")
    page.open()
    page.switch_place("donghu")
    page.click_grid(grid.x, grid.y)
    expect(page.details).to_have_text(grid.name)
    page.go_back()
    expect(page.details).to_have_count(0)
    assert page.title == "东湖社区"
    page.go_back()
    expect(page.browser.locator(".card")).to_have_count(5)


def test_english_is_spoken_everywhere_and_remembered(page: Page, town: sa.Engine) -> None:
    grid = one_grid(town, "nanjie")
    page.open("#/map/nanjie")
    assert page.language == "zh-CN"
    page.switch_language()
    assert page.language.startswith("en")
    assert page.title == "Nanjie Community"
    assert any(url.endswith("/styles/gridmap-en.json") for url in page.requests)
    page.click_grid(grid.x, grid.y)
    assert page.read_name() == grid.name_en
    # Names of people stay as they are written.
    page.browser.locator(".responsible").evaluate("node => node.remove()")
    said = page.browser.locator(".shell").inner_text().replace("中文", "")
    assert not re.search(r"[\u4e00-\u9fff]", said), said
    page.browser.goto("about:blank")
    page.open()
    assert page.language.startswith("en")


def test_everything_is_reached_by_keyboard(page: Page, town: sa.Engine) -> None:
    page.open("#/map/nanjie")
    page.press("Tab")
    expect(page.focused).to_have_text("跳到地图")
    page.press("Enter")
    expect(page.focused).to_have_class(re.compile("maplibregl-canvas"))
    longitude, _, zoom = page.camera
    page.press("ArrowRight")
    page.wait()
    assert page.camera[0] > longitude
    page.press("+")
    page.wait()
    assert page.camera[2] > zoom
    page.press("Enter")  # what is at the centre
    expect(page.details).to_be_visible()
    page.press("Escape")
    expect(page.details).to_have_count(0)

    page.press("/")
    expect(page.focused).to_have_attribute("role", "combobox")
    page.search_box.press_sequentially("532325101003001")
    expect(page.browser.locator(".search-result").nth(1)).to_be_visible()
    page.press("ArrowDown")
    second = page.browser.locator(".search-result").nth(1)
    expect(second).to_have_attribute("aria-selected", "true")
    expect(page.search_box).to_have_attribute(
        "aria-activedescendant", second.get_attribute("id") or ""
    )
    name = second.locator(".search-name").inner_text()
    page.press("Enter")
    expect(page.details).to_have_text(name)
    expect(page.focused).to_have_text(name)
    page.press("Escape")
    expect(page.details).to_have_count(0)


def test_rooms_tell_what_there_is_and_lead_to_the_map(page: Page, town: sa.Engine) -> None:
    page.open("#/map/nanjie")
    page.enter_room("plans")
    rows = page.read_rows("grids")
    counts = [int(re.findall(r"([\d,]+) ?户", row)[-1].replace(",", "")) for row in rows]
    assert len(rows) == 27
    assert counts == sorted(counts, reverse=True)
    page.press_row("grids", 0)
    assert page.read_households() == counts[0]
    page.close_details()

    page.enter_room("incidents")
    assert len(page.read_rows("incidents")) == 100
    page.press_row("incidents", 3)
    expect(page.browser.locator(".facts")).to_contain_text("上报时间")
    page.close_details()

    page.enter_room("staff")
    page.press_row("grids", 2)
    assert any("网格长" in row for row in page.read_responsible())
    page.close_details()

    page.enter_room("hotspots")
    with town.connect() as connection:
        count = connection.scalar(sa.text("SELECT count(*) FROM incident WHERE place = 'nanjie'"))
    expect(page.browser.locator(".lead")).to_contain_text(f"{count:,}")


def test_rooms_without_a_place_ask_for_one(page: Page) -> None:
    for room in ("plans", "staff", "incidents", "hotspots"):
        page.open(f"#/{room}")
        expect(page.browser.locator(".message-title")).to_have_text("请先选择一个地方")


def test_a_stale_link_is_explained(page: Page) -> None:
    page.open("#/map/atlantis")
    expect(page.browser.locator(".message-title")).to_contain_text("atlantis")
    page.open("#/map/nanjie?selection=grids/999999999")
    expect(page.browser.locator(".message-title")).to_have_text("这个对象已经不在了")
    # The browser itself notes that the thing was not there.
    assert all("404" in line for line in page.log)
    page.log.clear()


def test_a_narrow_screen_has_all_of_it(page: Page, town: sa.Engine) -> None:
    page.browser.set_viewport_size({"width": 390, "height": 844})
    grid = one_grid(town, "wenyuan")
    page.open("#/map/wenyuan")
    width = page.browser.evaluate("document.documentElement.scrollWidth")
    assert width == 390
    page.click_grid(grid.x, grid.y)
    assert page.read_households() == grid.households
    handle = page.browser.locator(".sheet-handle")
    before = page.browser.locator(".map").bounding_box()
    handle.click()
    expect(handle).to_have_attribute("aria-expanded", "false")
    page.wait()
    after = page.browser.locator(".map").bounding_box()
    assert before is not None
    assert after is not None
    assert after["height"] > before["height"] + 200, "the map gets the room of the sheet"
    page.switch_language()
    handle.click()
    page.close_details()
    fingers = (
        ".rooms a, .map-buttons button, select, .language, .switch, .choice-option, .search-box"
    )
    for target in page.browser.locator(fingers).all():
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= 44, target.inner_text()


def test_the_policy_of_the_page_lets_in_nothing_else(page: Page, address: str) -> None:
    answer = httpx.get(address, headers={"Accept": "text/html"})
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    page.open("#/map/nanjie")
    assert page.foreign == []
    assert all(url.startswith((address, "blob:", "data:")) for url in page.requests)
