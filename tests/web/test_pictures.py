"""The screenshots of the documentation; `make pictures` puts them into docs/pictures."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from playwright.sync_api import BrowserContext, expect

from tests.web.page import Page
from tests.web.test_page import one_grid

pytestmark = pytest.mark.browser


def test_pictures_of_the_map_are_taken(page: Page, town: sa.Engine) -> None:
    grid = one_grid(town, "nanjie")
    page.open()
    page.take_picture("overview-zh")
    page.switch_place("nanjie")
    page.click_grid(grid.x, grid.y)
    page.take_picture("nanjie-zh")
    page.open("#/plans/xiameiqiao")
    page.read_rows("grids")
    page.take_picture("xiameiqiao-plans-zh")
    page.open("#/map/donghu?lang=en")
    page.take_picture("donghu-en")


def test_pictures_of_a_narrow_screen_are_taken(page: Page, town: sa.Engine) -> None:
    page.browser.set_viewport_size({"width": 390, "height": 844})
    grid = one_grid(town, "wenyuan")
    page.open("#/map/wenyuan")
    page.click_grid(grid.x, grid.y)
    page.take_picture("narrow-zh")
    page.open("#/incidents/chengzhen?lang=en")
    page.read_rows("incidents")
    page.take_picture("narrow-en")


def test_pictures_are_sharp_on_a_dense_screen(
    tab: BrowserContext, page: Page, town: sa.Engine
) -> None:
    page.open("#/map/chengzhen")
    expect(page.browser.locator(".map canvas")).to_be_visible()
    assert page.take_picture("chengzhen-zh").stat().st_size > 50_000
