"""A base map of somebody else's, by setting, and a browser that cannot draw at all."""

from __future__ import annotations

import base64
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import BrowserContext, BrowserType, expect

from tests.web.conftest import FLAGS, served
from tests.web.page import Page

pytestmark = pytest.mark.browser

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class OnePixel(BaseHTTPRequestHandler):
    """Answers every tile with one pixel."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        self.wfile.write(PIXEL)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as it is named there
        """Nothing: tests are quiet."""


@pytest.fixture
def tiles() -> Iterator[str]:
    """A tile server on this machine that is not gridmap."""
    with ThreadingHTTPServer(("127.0.0.1", 0), OnePixel) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_a_base_map_is_asked_for_and_can_be_switched_off(
    tab: BrowserContext, town: sa.Engine, tiles: str, tmp_path: Path
) -> None:
    template = f"{tiles}/{{z}}/{{x}}/{{y}}.png"
    settings = {"GRIDMAP_BASEMAP": "osm", "GRIDMAP_BASEMAP_URL": template}
    with served(town, tmp_path / "log", **settings) as (address, _):
        page = Page(tab.new_page(), address, tmp_path, friends=(tiles,))
        page.open("#/map/donghu")
        assert any(url.startswith(tiles) for url in page.requests)
        assert page.is_on("basemap")
        page.switch_layer("basemap")
        assert "layers=" in page.link
        assert page.log == []
        assert page.foreign == []


def test_a_base_map_that_does_not_answer_leaves_the_map_usable(
    tab: BrowserContext, town: sa.Engine, tmp_path: Path
) -> None:
    settings = {
        "GRIDMAP_BASEMAP": "osm",
        "GRIDMAP_BASEMAP_URL": "http://127.0.0.1:9/{z}/{x}/{y}.png",
    }
    with served(town, tmp_path / "log", **settings) as (address, _):
        page = Page(tab.new_page(), address, tmp_path)
        page.open("#/map/donghu")
        assert page.foreign, "it was tried"
        assert page.title == "东湖社区"
        expect(page.browser.locator("[role=alert]")).to_have_count(0)


def test_without_webgl_the_lists_still_work(
    browser_type: BrowserType, address: str, tmp_path: Path, browser_type_launch_args: Any
) -> None:
    flags = [flag for flag in FLAGS if "gl" not in flag] + ["--disable-3d-apis"]
    browser = browser_type.launch(**{**browser_type_launch_args, "args": flags})
    try:
        page = Page(browser.new_page(locale="zh-CN"), address, tmp_path)
        page.browser.goto(f"{address}/#/plans/nanjie")
        expect(page.browser.locator(".stage [role=alert]")).to_contain_text("WebGL")
        assert len(page.read_rows("grids")) == 27
    finally:
        browser.close()
