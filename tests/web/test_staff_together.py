"""Events of teams, weekly patrols, templates and the past, in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import BrowserContext, expect

from tests.web.conftest import served
from tests.web.page import Page

pytestmark = pytest.mark.browser

PLACES = ("nanjie",)


@pytest.fixture(scope="module")
def teams(engine: sa.Engine) -> sa.Engine:
    """A database of its own with one place: here teams are sent out."""
    return engine


@pytest.fixture(scope="module")
def counter(teams: sa.Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service on that database."""
    log = tmp_path_factory.mktemp("teams") / "log"
    with served(teams, log) as (url, _):
        yield url
    assert log.read_text() == "", "the log of the service is clean"


@pytest.fixture
def clerk(tab: BrowserContext, counter: str, pictures: Path) -> Iterator[Page]:
    """The page at the clerk's desk; at the end its log is clean."""
    made = Page(tab.new_page(), counter, pictures)
    yield made
    assert made.log == []
    assert made.foreign == []


def open_sheet(page: Page, name: str) -> None:
    page.browser.locator(".choice-option", has_text=name).first.click()
    expect(page.browser.locator(f'.together[aria-label="{name}"]')).to_be_visible()


def where_teams_go(engine: sa.Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return dict(connection.execute(sa.text("SELECT team, grid_id FROM event_team")).all())


def test_on_the_seventh_seven_teams_go_to_seven_grids_and_two_change_places(
    clerk: Page, teams: sa.Engine
) -> None:
    clerk.open("#/staff/nanjie")
    open_sheet(clerk, "活动")
    form = clerk.browser.locator('[data-form="event"]')
    assert form.locator('input[name="day"]').input_value().endswith("-07")
    expect(form.locator('input[name="team"]:checked')).to_have_count(7)
    clerk.browser.locator('[data-do="plan-event"]').click()
    expect(clerk.browser.locator("[data-outcome=planned]")).to_contain_text(
        "7 支队伍去 7 个不同的网格"
    )
    listed = clerk.browser.locator('[data-list="event-teams"] > li')
    expect(listed).to_have_count(7)
    before = where_teams_go(teams)
    assert len(set(before.values())) == len(before) == 7
    clerk.take_picture("staff-event")

    first, second = (listed.nth(i).get_attribute("data-team") or "" for i in (0, 1))
    choice = clerk.browser.get_by_label(f"{first}的去处")
    expect(choice.locator("option")).to_have_count(27)
    choice.select_option(str(before[second]))
    expect(clerk.browser.locator("[data-outcome=moved]")).to_contain_text(first)
    after = where_teams_go(teams)
    assert (after[first], after[second]) == (before[second], before[first])

    clerk.browser.locator('[data-do="call-off"]').click()
    expect(clerk.browser.locator("[data-outcome=called-off]")).to_be_visible()
    assert where_teams_go(teams) == {}
    clerk.browser.locator('[data-do="undo"]').click()
    expect(clerk.browser.locator("[data-outcome=planned]")).to_be_visible()
    assert where_teams_go(teams) == after
    clerk.browser.locator('[data-do="plan-event"]').click()
    expect(clerk.browser.get_by_role("alert")).to_contain_text("当天已有")
    # The browser writes every refusal into its log; this one was wanted.
    (refusal,) = clerk.log
    assert "409" in refusal
    clerk.log.clear()


def test_a_weekly_patrol_says_who_is_on_duty_and_another_team_stands_in(
    clerk: Page, teams: sa.Engine
) -> None:
    clerk.browser.set_viewport_size({"width": 390, "height": 844})
    clerk.open("#/staff/nanjie?lang=en")
    open_sheet(clerk, "Patrols")
    form = clerk.browser.locator('[data-form="rota"]')
    form.locator('input[name="begins"]').fill("2026-12-02")
    clerk.browser.locator('[data-do="make-rota"]').click()
    expect(clerk.browser.locator("[data-outcome=rota]")).to_be_visible()
    clerk.browser.locator('input[name="first-day"]').fill("2026-12-01")
    duty = clerk.browser.locator('[data-list="duty"] > li')
    expect(duty).to_have_count(4)
    saturday = clerk.browser.locator('[data-list="duty"] > li[data-day="2026-12-05"]')
    on_duty = saturday.get_attribute("data-team")
    assert on_duty == "红色先锋队"
    saturday.locator("select").select_option("紫色文艺队")
    expect(clerk.browser.locator("[data-outcome=stands-in]")).to_contain_text("5 Dec 2026")
    expect(saturday).to_have_attribute("data-team", "紫色文艺队")
    expect(saturday.locator("select")).to_contain_text("for 红色先锋队")
    assert clerk.browser.evaluate("document.documentElement.scrollWidth") <= 390
    clerk.take_picture("staff-rota-phone")
    with teams.connect() as connection:
        swap = connection.execute(sa.text("SELECT day::text, team, instead FROM rota_swap")).one()
    assert tuple(swap) == ("2026-12-05", "红色先锋队", "紫色文艺队")


def test_a_template_is_changed_and_the_past_is_as_it_was(clerk: Page, teams: sa.Engine) -> None:
    clerk.open("#/staff/nanjie")
    open_sheet(clerk, "模板")
    sheet = clerk.browser.locator('[data-template="1+1+N"].template-sheet')
    expect(sheet.locator("[data-sentence]")).to_contain_text("27 个中 20 个齐全")
    sheet.get_by_label("志愿者（网格）最少人数").fill("4")
    sheet.locator('[data-do="save"]').click()
    expect(clerk.browser.locator("[data-outcome=template]")).to_contain_text("1+1+N")
    expect(sheet.locator("[data-sentence]")).to_contain_text("27 个中 0 个齐全")
    clerk.take_picture("staff-templates")
    with teams.connect() as connection:
        asked = sa.text("SELECT minimum FROM template_role WHERE role = 'volunteer'")
        assert connection.scalar(asked) == 4

    open_sheet(clerk, "历史")
    expect(clerk.browser.locator('[data-figure="held"]')).to_contain_text("475")
    clerk.browser.locator('input[name="as-of"]').fill("2025-01-01")
    expect(clerk.browser.locator('[data-figure="held"] .number')).to_have_text("0")
    clerk.take_picture("staff-history")
