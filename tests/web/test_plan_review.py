"""Two people and one plan: submitted, commented on, sent back, published, compared, looked up."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import shapely
import sqlalchemy as sa
from playwright.sync_api import BrowserContext, expect
from shapely.geometry import shape

from tests.web.conftest import served
from tests.web.page import Page

pytestmark = pytest.mark.browser

PLACES = ("chengzhen",)
ANN, BOB = "陈静", "李明"


@pytest.fixture(scope="module")
def bureau(engine: sa.Engine) -> sa.Engine:
    """A database of its own with one place."""
    return engine


@pytest.fixture(scope="module")
def counter(bureau: sa.Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a service on the bureau's database."""
    log = tmp_path_factory.mktemp("bureau") / "log"
    with served(bureau, log) as (url, _):
        yield url
    assert log.read_text() == "", "the log of the service is clean"


@pytest.fixture
def desk(tab: BrowserContext, counter: str, pictures: Path) -> Iterator[Page]:
    """The page; at the end its log is clean."""
    made = Page(tab.new_page(), counter, pictures)
    made.browser.set_viewport_size({"width": 1280, "height": 800})
    yield made
    assert made.log == []
    assert made.foreign == []


def row(engine: sa.Engine, question: str, **values: Any) -> Any:
    with engine.connect() as connection:
        return connection.execute(sa.text(question), values).one()


def merge_two(counter: str, plan: int) -> tuple[str, Any]:
    """Merge two neighbours, as the author; the name of the one that goes, and a point in it."""
    features = httpx.get(f"{counter}/plans/{plan}/grids").json()["features"]
    first = features[0]
    other = max(
        features[1:],
        key=lambda item: (
            shapely.intersection(
                shape(item["geometry"]).boundary, shape(first["geometry"]).boundary
            ).length
        ),
    )
    answer = httpx.post(
        f"{counter}/plans/{plan}/edits",
        json={"kind": "merge", "grids": [other["id"]], "into": first["id"], "revision": 0},
    )
    assert answer.status_code == 200, answer.text
    return other["properties"]["name"], shape(other["geometry"]).representative_point()


def test_a_plan_goes_from_author_to_reviewer_and_back_and_is_published(
    desk: Page, bureau: sa.Engine, counter: str
) -> None:
    browser = desk.browser
    desk.open("#/plans/chengzhen?network=governance")
    desk.make_draft("2027 年合并", ANN)
    plan = row(bureau, "SELECT max(id) FROM plan")[0]
    gone, place = merge_two(counter, plan)
    # The open plan is in the permalink: whoever gets it sees the same.
    assert f"plan={plan}" in browser.url
    desk.reload()
    desk.wait_for_revision(1)

    browser.locator("[data-do=submit]").click()
    expect(desk.plan).to_have_attribute("data-state", "in review")
    expect(browser.locator(".toolbar")).to_have_count(0)  # nobody draws on it now
    browser.locator("[name=actor]").fill(BOB)
    browser.locator("[data-do=pin]").click()
    desk.click_map(place.x, place.y)
    browser.locator("[name=comment]").fill("合并后太大")
    browser.locator("[data-do=comment]").click()
    expect(browser.locator("[data-list=comments] .comment")).to_have_count(1)
    said = row(
        bureau,
        "SELECT actor, body, ST_X(geom) AS x, ST_Y(geom) AS y FROM plan_comment"
        " WHERE plan_id = :plan",
        plan=plan,
    )
    assert (said.actor, said.body) == (BOB, "合并后太大")
    assert (said.x, said.y) == pytest.approx((place.x, place.y), abs=5e-5)
    desk.wait()
    desk.take_picture("plan-comment")

    browser.locator("[name=reason]").fill("请看意见")
    browser.locator("[data-do=return]").click()
    expect(desk.plan).to_have_attribute("data-state", "draft")
    expect(browser.locator("[data-list=comments] .comment")).to_have_count(2)
    browser.locator("[data-do=resolve]").first.click()
    expect(browser.locator(".comment[data-resolved=true]")).to_have_count(1)
    assert row(bureau, "SELECT state FROM plan WHERE id = :plan", plan=plan)[0] == "draft"

    browser.locator("[data-do=submit]").click()
    browser.locator("[data-do=publish]").click()
    expect(desk.plan).to_have_attribute("data-state", "published")
    stored = row(
        bureau,
        "SELECT state, author, reviewer, lower(valid) = current_date AS today FROM plan"
        " WHERE id = :plan",
        plan=plan,
    )
    assert tuple(stored) == ("published", ANN, BOB, True)
    expect(browser.locator(".certificate [data-holds=true]")).to_be_visible()

    compare_by_swipe(desk, plan, gone)
    look_back(desk, bureau, gone)


def compare_by_swipe(desk: Page, plan: int, gone: str) -> None:
    """The published plan beside the one before: what changed, and both on one map."""
    browser = desk.browser
    before = browser.locator("[name=compare] option").nth(1).get_attribute("value")
    browser.locator("[name=compare]").select_option(before)
    expect(browser.locator("[data-list=changed] tbody tr")).to_have_count(2)
    expect(browser.locator("[data-list=changed]")).to_contain_text(f"{gone}取消")
    browser.locator("[data-do=swipe]").click()
    handle = browser.locator("[name=plan-swipe]")
    expect(handle).to_have_value("50")
    expect(browser.locator(".swipe-map[data-idle]")).to_have_count(1)
    handle.focus()
    browser.keyboard.press("ArrowRight")
    expect(handle).to_have_value("51")
    expect(browser.locator(".swipe-map")).to_have_css("clip-path", re.compile("49%"))
    desk.take_picture("plan-swipe")
    browser.locator("[data-do=swipe]").click()
    expect(handle).to_have_count(0)


def look_back(desk: Page, bureau: sa.Engine, gone: str) -> None:
    """The plan of yesterday is a day away, and in the permalink."""
    yesterday = str(row(bureau, "SELECT current_date - 1")[0])
    desk.open("#/plans/chengzhen?network=governance")
    grids = desk.browser.locator("[data-list=grids]")
    expect(grids).not_to_contain_text(gone)
    desk.browser.locator("[name=day]").fill(yesterday)
    expect(grids).to_contain_text(gone)
    expect(desk.browser.locator(".day-shown")).to_contain_text(yesterday)
    assert f"day={yesterday}" in desk.browser.url
    desk.wait()
    desk.take_picture("plan-yesterday")
    desk.browser.locator("[data-do=today]").click()
    expect(grids).not_to_contain_text(gone)


def test_a_file_of_dirty_areas_becomes_a_draft_with_a_report(
    desk: Page, bureau: sa.Engine, counter: str, tmp_path: Path
) -> None:
    items = httpx.get(
        f"{counter}/collections/grids/items",
        params={"place": "chengzhen", "network": "party", "limit": 100},
    ).json()
    items["features"] = [
        {
            "type": "Feature",
            "properties": {"name": item["properties"]["name"]},
            "geometry": item["geometry"],
        }
        for item in items["features"]
    ][1:]
    dirty = tmp_path / "dirty.geojson"
    collection = {"type": "FeatureCollection", "features": items["features"]}
    dirty.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
    desk.open("#/plans/chengzhen?network=party")
    browser = desk.browser
    browser.locator("[name=source]").select_option("file")
    browser.locator("[name=file]").set_input_files(dirty)
    browser.locator("[name=draft-name]").fill("导入的网格")
    browser.locator("[name=actor]").fill(ANN)
    browser.locator("[data-form=new-plan] .primary").click()
    expect(browser.locator(".plan-title")).to_contain_text("导入的网格")
    expect(browser.locator("[data-list=left] li")).to_have_count(1)
    expect(browser.locator("[data-list=left]")).to_contain_text("空白")
    desk.wait()
    desk.take_picture("plan-import")
    found = row(
        bureau,
        "SELECT count(*) FILTER (WHERE kind = 'unassigned') AS open, count(*) AS grids FROM grid"
        " WHERE plan_id = (SELECT max(id) FROM plan)",
    )
    assert tuple(found) == (1, len(items["features"]) + 1)


def test_two_networks_lie_over_each_other_in_a_list_and_on_the_map(
    desk: Page, counter: str
) -> None:
    browser = desk.browser
    query = {"place": "chengzhen", "one": "governance", "other": "party"}
    told = httpx.get(f"{counter}/crosswalk", params=query).json()
    desk.open("#/plans/chengzhen?network=governance")
    browser.locator("[name=crossing]").select_option("party")
    cut = browser.locator("[data-list=cut]")
    expect(cut).to_be_attached()
    desk.wait()
    desk.take_picture("plan-crosswalk")
    browser.locator(".crosswalk summary").first.click()
    row = cut.locator("button").first
    row.click()
    expect(row).to_have_attribute("aria-pressed", "true")
    desk.wait()
    desk.take_picture("plan-crosswalk-grid")
    grid = int(row.get_attribute("data-grid") or 0)
    pairs = [pair for pair in told["pairs"] if grid in {pair["one_id"], pair["other_id"]}]
    assert len(pairs) > 1
    expect(browser.locator("[data-list=matrix] tbody tr")).to_have_count(len(pairs))
    item = httpx.get(f"{counter}/collections/grids/items/{grid}").json()
    west, south, east, north = shape(item["geometry"]).bounds
    longitude, latitude, _ = desk.camera
    assert west < longitude < east
    assert south < latitude < north
    row.click()
    expect(browser.locator("[data-list=matrix] tbody tr")).to_have_count(len(told["pairs"]))
