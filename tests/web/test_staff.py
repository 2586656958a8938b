"""The staff room in a real Chromium: what is done there is what the database has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import BrowserContext, expect

from gridmap.services.places import load_place
from gridmap.store import database
from tests.web.conftest import served
from tests.web.page import Page

pytestmark = pytest.mark.browser

DATA = Path(__file__).resolve().parents[2] / "data" / "geojson"


@pytest.fixture(scope="module")
def personnel(cluster_url: str, template_database: str) -> Iterator[sa.Engine]:
    """A database of its own with one place: here posts are given."""
    url = sa.make_url(cluster_url).set(database="personnel")
    admin = database.connect_engine(cluster_url)
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text(f'CREATE DATABASE personnel TEMPLATE "{template_database}"'))
    admin.dispose()
    engine = database.connect_engine(url.render_as_string(hide_password=False))
    load_place(engine, DATA / "nanjie", actor="test")
    yield engine
    engine.dispose()


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
    for row in clerk.browser.locator('[data-list="empty"] small').all_inner_texts():
        assert row.endswith("。")
    clerk.take_picture("staff-proposal")
    with personnel.connect() as connection:
        begun = connection.scalar(sa.text("SELECT now()"))
    fills = next(i for i, row in enumerate(changes) if "新任" in row)
    clerk.accept_changes([fills])
    expect(clerk.browser.locator("[data-outcome=accepted]")).to_have_text("已调整 1 个岗位。")
    with personnel.connect() as connection:
        count = sa.text("SELECT count(*) FROM assignment WHERE lower(period) >= :begun")
        assert connection.scalar(count, {"begun": begun}) == 1


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
