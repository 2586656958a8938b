"""The hotspots room in a real Chromium, on places whose hotspots are known."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from playwright.sync_api import expect

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

    link = page.link
    assert "ask=365" in link
    page.reload()
    assert page.read_rows("hotspots") == rows
    assert page.browser.locator(".clock tbody td").count() == 7 * 24
    assert len(page.read_rows("months")) == 12


def test_the_hotspots_room_fits_a_phone_and_says_when_there_is_nothing(page: Page) -> None:
    page.browser.set_viewport_size({"width": 390, "height": 800})
    page.open("#/hotspots/nanjie?ask=2020-01-01..2020-01-31/fire/4&lang=en")
    expect(page.browser.locator(".message-title")).to_have_text("No such incidents in this time")
    page.open("#/hotspots/nanjie?ask=365/all/1&lang=zh")
    page.read_rows("hotspots")
    page.take_picture("hotspots-phone")
    assert page.browser.evaluate("document.documentElement.scrollWidth") <= 390
