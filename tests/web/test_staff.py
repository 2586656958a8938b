"""The staff room in a real Chromium: what is done there is what the database has."""

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
def personnel(engine: sa.Engine) -> sa.Engine:
    """A database of its own with one place: here posts are given."""
    return engine


@pytest.fixture(scope="module")
def counter(personnel: sa.Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service on that database."""
    log = tmp_path_factory.mktemp("personnel") / "log"
    with served(personnel, log) as (url, _):
        yield url
    assert log.read_text() == "", "the log of the service is clean"


@pytest.fixture
def clerk(tab: BrowserContext, counter: str, pictures: Path) -> Iterator[Page]:
    """The page at the clerk's desk; at the end its log is clean."""
    made = Page(tab.new_page(), counter, pictures)
    yield made
    assert made.log == []
    assert made.foreign == []


def read_holders(engine: sa.Engine, grid: int, role: str) -> list[int]:
    """Who holds a role in a grid now."""
    with engine.connect() as connection:
        return list(
            connection.scalars(
                sa.text(
                    "SELECT staff_id FROM assignment"
                    " WHERE grid_id = :grid AND role = :role AND period @> now()"
                ),
                {"grid": grid, "role": role},
            )
        )


def test_a_vacancy_is_filled_by_dragging_a_person_onto_the_map(
    clerk: Page, personnel: sa.Engine
) -> None:
    clerk.open("#/staff/nanjie")
    vacancies = clerk.read_rows("vacancies")
    clerk.take_picture("staff")
    grid, role = clerk.open_vacancy("micro-grid-worker")
    before = read_holders(personnel, grid, role)
    clerk.take_picture("staff-candidates")

    person = clerk.drag_candidate(clerk.corner)
    expect(clerk.browser.locator("[data-outcome=missed]")).to_be_visible()
    assert read_holders(personnel, grid, role) == before

    assert clerk.drag_candidate(clerk.camera[:2]) == person
    expect(clerk.browser.locator("[data-outcome=assigned]")).to_contain_text("微网格员")
    assert read_holders(personnel, grid, role) == [*before, person]
    assert len(clerk.read_rows("vacancies")) == len(vacancies) - 1


def test_a_proposal_is_accepted_in_part_and_what_stays_empty_has_its_reason(
    clerk: Page, personnel: sa.Engine
) -> None:
    clerk.open("#/staff/nanjie")
    clerk.propose()
    expect(clerk.browser.locator(".exact")).to_have_text("已证明是最优方案。")
    changes = clerk.read_rows("changes")
    assert clerk.read_figure("changes") == len(changes)
    assert clerk.read_figure("empty") == clerk.browser.locator('[data-list="empty"] > li').count()
    for row in clerk.browser.locator('[data-list="empty"] small:not(.price)').all_inner_texts():
        assert row.endswith("。")
    clerk.take_picture("staff-proposal")
    with personnel.connect() as connection:
        begun = connection.scalar(sa.text("SELECT now()"))
    rows = clerk.browser.locator('[data-list="changes"] > li')
    needs = [row.get_attribute("data-needs") or "" for row in rows.all()]
    chained = next(i for i, others in enumerate(needs) if others)
    clerk.browser.locator('[data-do="all"]').uncheck()
    boxes = clerk.browser.locator('[data-list="changes"] input')
    boxes.nth(chained).check()
    # Whoever moves leaves another post: that change is taken with this one.
    taken = [i for i in range(len(changes)) if boxes.nth(i).is_checked()]
    assert set(map(int, needs[chained].split())) < set(taken)
    clerk.wait()
    clerk.take_picture("staff-chain")
    clerk.browser.locator('[data-do="accept-changes"]').click()
    expect(clerk.browser.locator("[data-outcome=accepted]")).to_have_text(
        f"已调整 {len(taken)} 个岗位。"
    )
    given = sum("卸任" not in changes[i] for i in taken)
    with personnel.connect() as connection:
        count = sa.text("SELECT count(*) FROM assignment WHERE lower(period) >= :begun")
        assert connection.scalar(count, {"begun": begun}) == given


def test_a_lasso_gives_one_person_many_micro_grids_or_none(
    clerk: Page, personnel: sa.Engine
) -> None:
    clerk.open("#/staff/nanjie?level=3")
    clerk.choose("批量")
    clerk.browser.locator('[data-do="lasso"]').click()
    longitude, latitude, _ = clerk.camera
    east, north = 0.0018, 0.0014
    clerk.draw(
        [
            (longitude - east, latitude - north),
            (longitude + east, latitude - north),
            (longitude + east, latitude + north),
            (longitude - east, latitude + north),
        ]
    )
    inside = clerk.browser.locator("[data-count]")
    expect(inside).to_be_visible()
    chosen = int(inside.get_attribute("data-count") or 0)
    assert chosen > 2
    clerk.browser.locator("select[name=bulk-role]").select_option("volunteer")
    clerk.browser.locator("select[name=bulk-person]").select_option(index=1)
    who = int(clerk.browser.locator("select[name=bulk-person]").input_value())
    held = sa.text(
        "SELECT count(*) FROM assignment"
        " WHERE staff_id = :who AND upper_inf(period) AND role = 'volunteer'"
    )
    with personnel.connect() as connection:
        before = connection.scalar(held, {"who": who})
    clerk.browser.locator('[data-do="bulk"]').click()
    expect(clerk.browser.locator('[data-list="targets"] .why-not').first).to_have_text(
        "超出此人可承担的岗位数"
    )
    with personnel.connect() as connection:
        assert connection.scalar(held, {"who": who}) == before
    clerk.take_picture("staff-lasso")
    clerk.browser.locator('[data-do="beyond"]').check()
    clerk.browser.locator('[data-do="bulk"]').click()
    expect(clerk.browser.locator("[data-outcome=bulk]")).to_have_text(f"已安排 {chosen} 个岗位。")
    with personnel.connect() as connection:
        assert connection.scalar(held, {"who": who}) == before + chosen


def test_an_area_is_chosen_first_and_its_people_are_locked_there(
    clerk: Page, personnel: sa.Engine
) -> None:
    clerk.open("#/staff/nanjie")
    clerk.press_row("grids", 2)
    row = clerk.browser.locator('[data-list="area-posts"] > li').first
    number = int(row.get_attribute("data-assignment") or 0)
    row.locator('[data-do="lock"]').click()
    expect(
        clerk.browser.locator(f'[data-assignment="{number}"][data-locked="true"]')
    ).to_be_visible()
    with personnel.connect() as connection:
        locked = sa.text("SELECT locked FROM assignment WHERE id = :number")
        assert connection.scalar(locked, {"number": number})
    clerk.browser.locator("select[name=area-role]").select_option("volunteer")
    clerk.browser.locator('[data-do="find-somebody"]').click()
    expect(clerk.browser.locator('[data-list="candidates"] > li').first).to_be_visible()
    clerk.wait()
    clerk.take_picture("staff-area-first")


def test_load_colours_the_grids_and_enterprises_are_cut_into_areas(clerk: Page) -> None:
    clerk.open("#/staff/nanjie")
    clerk.choose("负荷")
    first = clerk.read_rows("loads")[0]
    assert "户" in first
    clerk.browser.locator('[data-list="loads"] button').first.click()
    clerk.wait()
    clerk.take_picture("staff-load")
    clerk.choose("分片")
    clerk.browser.locator("select[name=area-category]").select_option("aed")
    clerk.browser.locator('[data-do="cut"]').click()
    areas = clerk.read_rows("areas")
    assert len(areas) == 3
    clerk.wait()
    clerk.take_picture("staff-areas")


def test_the_staff_room_works_by_keyboard_on_a_narrow_screen_in_english(clerk: Page) -> None:
    clerk.browser.set_viewport_size({"width": 390, "height": 800})
    clerk.open("#/staff/nanjie?lang=en")
    clerk.open_vacancy("micro-grid-worker")
    clerk.take_picture("staff-phone")
    wide = clerk.browser.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    expect(clerk.browser.locator(".candidates")).to_contain_text("on foot")
    clerk.browser.locator('[data-do="assign"]').first.focus()
    clerk.press("Enter")
    expect(clerk.browser.locator("[data-outcome=assigned]")).to_contain_text("micro-grid worker")
