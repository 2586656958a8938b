"""The hotspots room in a real Chromium, on places whose hotspots are known."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
import sqlalchemy as sa
from playwright.sync_api import BrowserContext, expect

from tests.web.conftest import served
from tests.web.page import Page

pytestmark = pytest.mark.browser

DATA = Path(__file__).resolve().parents[2] / "data" / "geojson"
METRES_A_DEGREE = 111_000


def test_the_planted_hotspot_is_listed_first_and_is_red_on_the_map(page: Page) -> None:
    planted = json.loads((DATA / "nanjie" / "place.json").read_text())["clusters"][0]
    page.open("#/hotspots/nanjie")
    rows = page.find_hotspots(days=365, category=planted["category"])
    assert rows[0].startswith("第 1 处")
    page.take_picture("hotspots")

    longitude, latitude = page.show_hotspot(0)
    north = (latitude - planted["lat"]) * METRES_A_DEGREE
    east = (longitude - planted["lon"]) * METRES_A_DEGREE * math.cos(math.radians(latitude))
    assert math.hypot(east, north) < planted["radius_m"]
    page.take_picture("hotspots-first")
    red, _, blue = page.read_colour(longitude, latitude)
    assert red > blue + 40

    assert page.read_rows("spot-grids")
    assert page.read_rows("spot-responsible")
    assert page.read_rows("spot-incidents")
    assert "spot:0" in unquote(page.link)
    page.reload()
    expect(page.browser.locator('.spot[data-spot="1"]')).to_be_visible()
    page.browser.locator("[data-do=spots]").click()

    link = page.link
    assert "ask=365" in link
    page.reload()
    page.wait_for_answer()
    assert page.read_rows("hotspots") == rows
    assert page.browser.locator(".clock tbody td").count() == 7 * 24
    assert page.browser.locator(".calendar rect").count() == 365 + 1
    assert len(page.read_rows("months")) == 12


def test_an_analyst_goes_through_the_methods_time_and_what_to_do(page: Page) -> None:
    page.open("#/hotspots/nanjie?ask=90/environment/1&lang=en")
    page.wait_for_answer()
    assert any("after correcting for" in words for words in page.read_rows("classes"))
    seen = page.browser.locator(".time-slider output").inner_text()
    page.browser.locator("input[name=time]").press("ArrowLeft")
    expect(page.browser.locator(".time-slider output")).not_to_have_text(seen)
    page.wait_for_answer()
    assert "back:1" in unquote(page.link)

    assert any("per km²" in words for words in page.ask_by("density"))
    page.take_picture("hotspots-density")
    for method in ("st-dbscan", "permutation-scan", "near-repeat"):
        assert page.ask_by(method)
        page.take_picture(f"hotspots-{method}")
    expect(page.browser.locator("[data-list=near-repeat] tbody tr")).to_have_count(7)

    page.ask_by("emerging")
    page.browser.locator("input[name=time]").press("Home")
    expect(page.browser.locator(".time-slider output")).to_contain_text(" to ")
    page.wait()
    page.take_picture("hotspots-step")

    page.browser.locator("[data-do=suggest]").click()
    assert page.read_rows("suggested")
    page.browser.locator("[data-do=scores]").click()
    expect(page.browser.locator("[data-list=scores] tbody tr").first).to_be_visible()
    page.browser.locator("[data-do=series]").click()
    assert len(page.read_rows("series")) == 27
    for kind in ("geojson", "gpkg", "pdf", "html", "png"):
        with page.browser.expect_download() as kept:
            page.browser.locator(f"[data-file={kind}]").click()
        assert kept.value.path().stat().st_size > 1_000


def test_two_times_are_swiped_over_each_other(page: Page) -> None:
    page.open("#/hotspots/nanjie?ask=90/all/1/method:counts/swipe:yes&lang=zh")
    page.wait_for_answer()
    expect(page.browser.locator(".swipe-map[data-idle]")).to_be_attached()
    handle = page.browser.locator(".swipe-handle")
    handle.focus()
    handle.press("End")
    expect(page.browser.locator(".swipe-map")).to_have_attribute(
        "style", re.compile("inset.0(px)? 0%")
    )
    handle.press("Home")
    page.take_picture("hotspots-swipe")
    page.browser.locator("input[name=swipe]").uncheck()
    expect(page.browser.locator(".swipe-map")).to_have_count(0)


def test_the_hotspots_room_fits_a_phone_and_says_when_there_is_nothing(page: Page) -> None:
    page.browser.set_viewport_size({"width": 390, "height": 800})
    page.open("#/hotspots/nanjie?ask=2020-01-01..2020-01-31/fire/4&lang=en")
    expect(page.browser.locator(".message-title")).to_have_text("No such incidents in this time")
    page.open("#/hotspots/nanjie?ask=365/all/1&lang=zh")
    page.wait_for_answer()
    page.read_rows("hotspots")
    page.take_picture("hotspots-phone")
    assert page.browser.evaluate("document.documentElement.scrollWidth") <= 390


def test_what_a_method_is_told_besides_stands_in_the_link_and_in_the_answer(page: Page) -> None:
    page.open("#/hotspots/nanjie?ask=90/environment/1/method:density&lang=en")
    page.wait_for_answer()
    page.browser.locator("[data-part=more] > summary").click()
    page.browser.locator("select[name=kernel]").select_option("gaussian")
    page.browser.locator("select[name=rule]").select_option("given")
    page.browser.locator("input[name=bandwidth]").fill("120")
    page.browser.locator('[data-do="find"]').click()
    how = page.browser.locator(".hotspots-how p")
    expect(how).to_contain_text("(standard deviation) 120 m, as given")
    assert "/kernel:gaussian/rule:given/bandwidth:120" in unquote(page.link)
    page.reload()
    page.wait_for_answer()
    expect(how).to_contain_text("120 m, as given")

    page.browser.locator("[data-part=more] > summary").click()
    page.ask_by("scan")
    page.browser.locator("select[name=windows]").select_option("rectangles")
    page.browser.locator('[data-do="find"]').click()
    expect(how).to_contain_text("Rectangles")
    assert "windows:rectangles" in unquote(page.link)
    assert "kernel" not in page.link
    page.take_picture("hotspots-more")


def test_a_server_with_a_token_asks_for_it_before_it_shows_incidents(
    town: sa.Engine, tab: BrowserContext, pictures: Path, tmp_path: Path
) -> None:
    with served(town, tmp_path / "log", GRIDMAP_TOKEN="t0ken") as (url, _):
        page = Page(tab.new_page(), url, pictures)
        page.open("#/map/nanjie")
        assert page.log == []
        page.open("#/hotspots/nanjie?ask=90/all/1")
        page.reload()
        token = page.browser.locator("input[name=token]")
        expect(token).to_be_visible()
        assert not page.browser.locator("[data-list=hotspots]").count()
        page.take_picture("hotspots-locked")
        token.fill("wrong")
        page.browser.locator("[data-do=unlock]").click()
        expect(page.browser.locator(".unlock [role=alert]")).to_have_text("口令不对。")
        token.fill("t0ken")
        page.browser.locator("[data-do=unlock]").click()
        page.wait_for_answer()
        assert page.read_rows("classes")
        # Those that a browser writes itself of the two refusals.
        assert {line for line in page.log if "401" not in line} == set()
