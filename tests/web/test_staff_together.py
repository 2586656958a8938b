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


def test_a_template_asks_for_skills_and_says_which_row_is_wrong(
    clerk: Page, teams: sa.Engine
) -> None:
    clerk.open("#/staff/nanjie")
    open_sheet(clerk, "模板")
    sheet = clerk.browser.locator('[data-template="1+1+N"].template-sheet')
    head = sheet.locator('[data-role="grid-head"]')
    head.locator("summary").click()
    head.locator('input[name="skills"]').fill("组织协调、方言")
    head.locator('input[name="several_areas"]').check()
    sheet.locator('[data-do="save"]').click()
    expect(clerk.browser.locator("[data-outcome=template]")).to_be_visible()
    expect(head.locator("summary")).to_have_text("可兼多处 · 须会组织协调、方言")
    with teams.connect() as connection:
        asked = sa.text("SELECT skills, several_areas FROM template_role WHERE role = 'grid-head'")
        assert tuple(connection.execute(asked).one()) == (["组织协调", "方言"], True)

    sheet.locator('[data-do="add-role"]').click()
    added = sheet.locator("tbody").last
    added.locator("summary").click()
    added.locator('select[name="level"]').select_option("/2")
    sheet.locator('[data-do="save"]').click()
    expect(clerk.browser.locator('[data-list="faults"]')).to_have_text(
        "第 5 行 · 同一级别的同一岗位重复"
    )
    (refusal,) = clerk.log
    assert "422" in refusal
    clerk.log.clear()
    clerk.take_picture("staff-template-refused")


def test_a_post_is_given_for_a_time_handed_over_and_its_holder_is_absent(
    clerk: Page, teams: sa.Engine
) -> None:
    with teams.connect() as connection:
        grid = connection.scalar(sa.text("SELECT id FROM grid WHERE code = '532325101003003'"))
    clerk.open(f"#/staff/nanjie?selection=grids/{grid}")
    clerk.browser.locator("select[name=area-role]").select_option("volunteer")
    clerk.browser.locator('[data-do="find-somebody"]').click()
    manner = clerk.browser.locator('[data-form="manner"]')
    manner.locator("summary").click()
    manner.locator('input[name="from"]').fill("2027-01-01")
    manner.locator('input[name="until"]').fill("2027-06-30")
    manner.locator('select[name="link"]').select_option("mobile")
    clerk.take_picture("staff-manner")
    clerk.browser.locator('[data-do="assign"]').first.click()
    expect(clerk.browser.locator("[data-outcome=assigned]")).to_be_visible()
    with teams.connect() as connection:
        made = sa.text("""
            SELECT lower(period) AT TIME ZONE 'Asia/Shanghai', upper(period) AT TIME ZONE 'Asia/Shanghai'
            FROM assignment WHERE link = 'mobile'
        """)
        begins, ends = connection.execute(made).one()
    assert (begins.isoformat(), ends.isoformat()) == ("2027-01-01T00:00:00", "2027-07-01T00:00:00")

    clerk.open(f"#/staff/nanjie?selection=grids/{grid}&level=2")
    expect(clerk.browser.locator('[data-link="mobile"] > small')).to_contain_text(
        "流动成员 · 2027年1月1日 至 2027年6月30日"
    )
    volunteer = clerk.browser.locator('[data-list="area-posts"] > li[data-link="duty"]').last
    number = volunteer.get_attribute("data-assignment")
    volunteer.locator('[data-do="change-post"]').click()
    volunteer.locator('[data-do="absent"]').click()
    expect(clerk.browser.locator("[data-outcome=absent]")).to_contain_text("岗位保留")
    volunteer.locator('[data-do="change-post"]').click()
    expect(volunteer.locator('[data-do="back"]')).to_be_visible()
    volunteer.locator('select[name="heir"]').select_option(index=1)
    clerk.take_picture("staff-hand-over")
    volunteer.locator('[data-do="hand-over"]').click()
    expect(clerk.browser.locator("[data-outcome=handed-over]")).to_be_visible()
    with teams.connect() as connection:
        history = sa.text("""
            SELECT n.staff_id <> o.staff_id, n.role = o.role AND n.grid_id = o.grid_id, s.absent IS NULL
            FROM assignment o JOIN assignment n ON lower(n.period) = upper(o.period)
            JOIN staff s ON s.id = o.staff_id WHERE o.id = :number
        """)
        assert tuple(connection.execute(history, {"number": number}).one()) == (True, True, False)


def test_a_household_without_a_name_is_paired_and_the_pair_ends(
    clerk: Page, teams: sa.Engine
) -> None:
    with teams.connect() as connection:
        building = connection.scalar(
            sa.text("""
                SELECT id FROM building b WHERE place = 'nanjie' AND households > 3 AND NOT EXISTS (
                  SELECT FROM household_point h WHERE h.building_id = b.id) ORDER BY id LIMIT 1
            """)
        )
    clerk.open(f"#/staff/nanjie?selection=buildings/{building}")
    form = clerk.browser.locator('[data-form="pair"]')
    form.locator('select[name="pair-person"]').select_option(index=1)
    form.locator('input[name="until"]').fill("2027-12-31")
    form.locator('[data-do="pair"]').click()
    expect(clerk.browser.locator("[data-outcome=paired]")).to_be_visible()
    (pair,) = clerk.read_rows("pairs")
    assert "-H1" in pair
    assert "2027年12月31日" in pair
    clerk.take_picture("staff-pair")
    count = sa.text("""
        SELECT count(*) FROM assignment a JOIN household_point h ON h.id = a.household_point_id
        WHERE h.building_id = :building AND a.link = 'pair' AND upper(a.period) > now()
    """)
    with teams.connect() as connection:
        assert connection.scalar(count, {"building": building}) == 1
    clerk.browser.locator('[data-do="end-pair"]').click()
    expect(clerk.browser.locator('[data-list="pairs"] > li')).to_have_count(0)
    with teams.connect() as connection:
        assert connection.scalar(count, {"building": building}) == 0
