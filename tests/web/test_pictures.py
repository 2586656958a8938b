"""The screenshots of the documentation; `make pictures` puts them into docs/pictures."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.web.page import Page
from tests.web.test_page import one_grid

pytestmark = pytest.mark.browser


def test_pictures_of_the_map_are_taken(page: Page, town: sa.Engine) -> None:
    page.browser.set_viewport_size({"width": 1280, "height": 800})
    grid = one_grid(town, "nanjie")
    page.open()
    page.take_picture("overview-zh")
    page.switch_place("nanjie")
    page.click_grid(grid.x, grid.y)
    page.take_picture("nanjie-zh")
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
