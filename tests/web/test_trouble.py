"""The page when there is nothing to show: nothing loaded yet, or a service that went away."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import BrowserContext, expect

from tests.web.conftest import served
from tests.web.page import Page

pytestmark = pytest.mark.browser


def test_a_service_that_dies_is_told_in_words_and_asked_again(
    tab: BrowserContext, town: sa.Engine, tmp_path: Path
) -> None:
    with served(town, tmp_path / "first") as (address, process):
        page = Page(tab.new_page(), address, tmp_path)
        page.open("#/map/donghu")
        process.kill()
        process.wait()

        page.browser.locator('[data-theme="incidents"]').click()
        alert = page.browser.locator(".stage-note[role=alert]")
        expect(alert).to_contain_text("地图数据没有读到")
        page.browser.locator(".place-switcher select").select_option("")
        page.browser.locator(".place-switcher select").select_option("nanjie")
        page.browser.locator('.rooms a[href*="#/incidents"]').click()
        expect(page.browser.locator(".panel [role=alert]")).to_contain_text("连不上服务")
        page.search_box.press_sequentially("网格")
        expect(page.browser.locator(".search-message")).to_contain_text("搜索没有成功")
        page.press("Escape")

    port = int(address.rsplit(":", 1)[1])
    with served(town, tmp_path / "second", port=port):
        page.browser.locator(".panel [role=alert] button").click()
        expect(page.browser.locator('[data-list="incidents"] > li')).to_have_count(100)
        alert.get_by_role("button").click()
        page.wait()
        expect(alert).to_have_count(0)
        assert page.foreign == []


def test_an_empty_database_says_how_to_begin(
    tab: BrowserContext, empty_town: sa.Engine, tmp_path: Path
) -> None:
    with served(empty_town, tmp_path / "log") as (address, _):
        page = Page(tab.new_page(), address, tmp_path)
        page.open()
        expect(page.browser.locator(".panel-content")).to_contain_text("gridmap demo")
        page.browser.get_by_role("button", name="放大").click()
        page.wait()
        assert page.log == []
