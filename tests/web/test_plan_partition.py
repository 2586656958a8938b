"""A planner has a street of 12,000 households cut anew, compares, accepts and takes it back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from playwright.sync_api import BrowserContext, expect

from tests.web.conftest import served
from tests.web.page import Page

pytestmark = pytest.mark.browser

PLACES = ("xiameiqiao",)


@pytest.fixture(scope="module")
def street(engine: sa.Engine) -> sa.Engine:
    """A database of its own: here plans are written."""
    return engine


@pytest.fixture(scope="module")
def desk(street: sa.Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service on the street's database."""
    log = tmp_path_factory.mktemp("street") / "log"
    with served(street, log) as (url, _):
        yield url
    assert log.read_text() == "", "the log of the service is clean"


@pytest.fixture
def planner(tab: BrowserContext, desk: str, pictures: Path) -> Iterator[Page]:
    """The page at the planner's desk; at the end its log is clean."""
    made = Page(tab.new_page(), desk, pictures)
    yield made
    assert made.log == []
    assert made.foreign == []


def test_two_alternatives_are_compared_one_is_accepted_and_taken_back(
    planner: Page, street: sa.Engine, desk: str
) -> None:
    planner.open("#/plans/xiameiqiao")
    planner.make_draft("2027 年重划", "陈静")
    with street.connect() as connection:
        plan = connection.scalar(sa.text("SELECT max(id) FROM plan"))
    before = planner.read_areas()
    room = planner.browser.locator("[data-partition]")
    room.locator("summary").click()
    expect(room.locator("[name=partition-minimum]")).to_have_value("100")
    expect(room.locator("[name=partition-maximum]")).to_have_value("200")
    room.locator('[data-do="cut"]').click()
    expect(room.locator("progress")).to_be_visible()
    expect(planner.browser.locator('[data-partition="done"]')).to_be_visible(timeout=120_000)
    rows = room.locator('[data-list="alternatives"] tbody tr')
    expect(rows).to_have_count(3)
    expect(room.locator("[data-shown]")).to_have_attribute("data-shown", "1")
    planner.wait()
    planner.take_picture("plan-partition")
    room.locator('[data-alternative="2"]').click()
    expect(room.locator("[data-shown]")).to_have_attribute("data-shown", "2")
    grids, in_range = (int(rows.nth(1).locator("td").nth(column).inner_text()) for column in (0, 1))
    assert grids == in_range
    room.locator('[data-do="accept-alternative"]').click()
    planner.wait_for_revision(1)
    after = planner.read_areas()
    assert len(after) == grids
    assert sum(after.values()) == sum(before.values())
    assert all(100 <= households <= 200 for households in after.values())
    assert httpx.get(f"{desk}/plans/{plan}/check").json()["exact"]
    planner.press("Control+z")
    planner.wait_for_revision(2)
    assert planner.read_areas() == before


def test_a_partition_is_stopped_and_one_that_cannot_be_says_why(planner: Page) -> None:
    planner.open("#/plans/xiameiqiao")
    planner.make_draft("停一停", "陈静")
    room = planner.browser.locator("[data-partition]")
    room.locator("summary").click()
    room.locator('[data-do="cut"]').click()
    room.locator('[data-do="stop"]').click()
    expect(planner.browser.locator('[data-partition="cancelled"]')).to_be_visible()
    room.locator("[name=partition-grids]").fill("999")
    room.locator('[data-do="cut"]').click()
    expect(planner.browser.locator('[data-partition="failed"] [role=alert]')).to_be_visible()
    planner.take_picture("plan-partition-refused")
