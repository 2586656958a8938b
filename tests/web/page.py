"""The page as a person uses it: one object, so that tests read like the manual.

Nothing here reaches into the page's program. A point of the map is found as a person finds it, by
where the permalink says that the map stands.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from PIL import Image, ImageStat
from playwright.sync_api import ConsoleMessage, Locator, Request, expect
from playwright.sync_api import Page as Browser

expect.set_options(timeout=20_000)  # a map drawn in software, on a machine that others use

TILE = 512
PATIENCE_MS = 30_000
ROOMS = ("map", "plans", "staff", "incidents", "hotspots")


class Page:
    """One tab with the page in it."""

    def __init__(
        self, browser: Browser, address: str, pictures: Path, *, friends: tuple[str, ...] = ()
    ) -> None:
        self.browser = browser
        self.address = address.rstrip("/")
        self.friends = friends  # other addresses that it may ask
        self.pictures = pictures
        self.log: list[str] = []
        self.foreign: list[str] = []
        self.requests: list[str] = []
        browser.set_default_timeout(PATIENCE_MS)
        browser.on("console", self._hear)
        browser.on("pageerror", lambda error: self.log.append(f"error: {error}"))
        browser.on("request", self._count)
        browser.route(lambda url: not self._is_own(url), lambda route: route.abort())

    def _hear(self, message: ConsoleMessage) -> None:
        # What the software renderer says of itself is not the page's.
        if message.type in {"error", "warning"} and "GPU stall" not in message.text:
            self.log.append(f"{message.type}: {message.text}")

    def _count(self, request: Request) -> None:
        self.requests.append(request.url)
        if not self._is_own(request.url):
            self.foreign.append(request.url)

    def _is_own(self, url: str) -> bool:
        return url.startswith((self.address, "data:", "blob:", *self.friends))

    # --- Coming and going ---

    def open(self, link: str = "") -> None:
        """Open the page, at a permalink if one is given."""
        self.browser.goto(f"{self.address}/{link}")
        self.wait()

    def reload(self) -> None:
        """Load the page again, as it stands in the address."""
        self.browser.reload()
        self.wait()

    def go_back(self) -> None:
        """Press the browser's button "back"."""
        self.browser.go_back()
        self.wait()

    def wait(self) -> None:
        """Wait until the map has drawn all that it was asked for."""
        expect(
            self.browser.locator(
                ".stage[data-state=ready][aria-busy=false] .map[data-idle]:not(.swipe-map)"
            )
        ).to_be_attached(timeout=PATIENCE_MS)

    @property
    def link(self) -> str:
        """The permalink in the address."""
        return f"#{urlsplit(self.browser.url).fragment}"

    @property
    def camera(self) -> tuple[float, float, float]:
        """Longitude, latitude and zoom at which the map stands."""
        at = self._query()["at"][0].split(",")
        longitude, latitude, zoom = (float(part) for part in at[:3])
        return longitude, latitude, zoom

    def _query(self) -> dict[str, list[str]]:
        return parse_qs(self.link.partition("?")[2])

    # --- Rooms, places, language ---

    def enter_room(self, room: str) -> None:
        """Go to one of the rooms."""
        self.browser.locator(f'.rooms a[href*="#/{room}"]').click()
        expect(self.browser.locator(f'.rooms a[href*="#/{room}"]')).to_have_attribute(
            "aria-current", "page"
        )
        self.wait()

    def read_places(self) -> list[str]:
        """The names on the cards of the overview."""
        cards = self.browser.locator(".card-title")
        expect(cards.first).to_be_visible()
        return cards.all_inner_texts()

    def switch_place(self, key: str) -> None:
        """Choose a place in the switcher; an empty key is the overview."""
        self.browser.locator(".place-switcher select").select_option(key)
        self.wait_for_place(key)

    def open_card(self, name: str) -> None:
        """Press the card of a place."""
        self.browser.locator(".card", has_text=name).click()

    def wait_for_place(self, key: str) -> None:
        """Wait until a place is shown with its figures."""
        expect(self.browser).to_have_url(re.compile(f"#/\\w+/{key}\\?at=" if key else r"\?at="))
        if key:
            expect(self.browser.locator("#place-title, #room-title small")).to_be_visible()
        self.wait()

    @property
    def title(self) -> str:
        """The name of the place that is shown."""
        return self.browser.locator("#place-title").inner_text()

    def switch_language(self) -> None:
        """Press the button of the other language."""
        before = self.browser.locator("html").get_attribute("lang") or ""
        self.browser.locator(".language").click()
        expect(self.browser.locator("html")).not_to_have_attribute("lang", before)
        self.wait()

    @property
    def language(self) -> str:
        """The language of the document."""
        return self.browser.locator("html").get_attribute("lang") or ""

    # --- Network, level, layers ---

    def choose(self, text: str) -> None:
        """Choose a network or a level by its name."""
        self.browser.locator(
            ".choice-option", has_text=re.compile(f"^{re.escape(text)}")
        ).first.click()
        self.wait()

    def choices(self) -> list[str]:
        """The networks and levels that can be chosen, as they are written."""
        return [
            re.sub(r"\s+", " ", text.strip())
            for text in self.browser.locator(".choice-option").all_inner_texts()
        ]

    def switch_layer(self, theme: str) -> None:
        """Turn a layer on or off."""
        self.browser.locator(f'[data-theme="{theme}"]').click()
        self.wait()

    def is_on(self, theme: str) -> bool:
        """Say whether a layer is on."""
        return self.browser.locator(f'[data-theme="{theme}"]').is_checked()

    def read_legend(self) -> list[str]:
        """The classes of households in words."""
        rows = self.browser.locator(".legend li")
        expect(rows.first).to_be_visible()
        return [text.strip() for text in rows.all_inner_texts()]

    # --- The map ---

    def spot(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Where a point of the earth is in the window, in pixels."""
        here, there = self.camera, _mercator(longitude, latitude)
        middle = _mercator(here[0], here[1])
        size = TILE * 2 ** here[2]
        box = self.browser.locator(".map").bounding_box()
        assert box is not None
        return (
            box["x"] + box["width"] / 2 + (there[0] - middle[0]) * size,
            box["y"] + box["height"] / 2 + (there[1] - middle[1]) * size,
        )

    def click_map(self, longitude: float, latitude: float) -> None:
        """Click a point of the earth."""
        self.browser.mouse.click(*self.spot(longitude, latitude))

    def click_grid(self, longitude: float, latitude: float) -> None:
        """Click into a grid, and wait for what is known of it."""
        self.click_map(longitude, latitude)
        expect(self.details).to_be_visible()
        self.wait()

    def point_at(self, longitude: float, latitude: float) -> None:
        """Move the pointer to a point of the earth."""
        self.browser.mouse.move(*self.spot(longitude, latitude))

    # --- Details ---

    @property
    def details(self) -> Locator:
        """The heading of what was selected."""
        return self.browser.locator(".details h2")

    def read_name(self) -> str:
        """The name of what was selected."""
        return self.details.inner_text()

    def read_figure(self, name: str) -> int:
        """One of the figures of what is shown, as a number."""
        text = self.browser.locator(f'[data-figure="{name}"]:visible .number').inner_text()
        return int(text.replace(",", ""))

    def read_households(self) -> int:
        """The households of what is shown."""
        return self.read_figure("households")

    def read_facts(self) -> dict[str, str]:
        """Labels and values of the facts."""
        return {
            fact.locator("dt").inner_text(): fact.locator("dd").inner_text()
            for fact in self.browser.locator(".fact").all()
        }

    def read_responsible(self) -> list[str]:
        """Who is responsible, as it is written."""
        return [
            re.sub(r"\s+", " ", text.strip())
            for text in self.browser.locator(".responsible li").all_inner_texts()
        ]

    def close_details(self) -> None:
        """Go back to where one came from."""
        self.browser.locator(".back").click()
        expect(self.details).to_have_count(0)

    def read_rows(self, name: str) -> list[str]:
        """The rows of a list in a room."""
        rows = self.browser.locator(f'[data-list="{name}"] > li')
        expect(rows.first).to_be_visible()
        return [re.sub(r"\s+", " ", text.strip()) for text in rows.all_inner_texts()]

    def press_row(self, name: str, number: int) -> None:
        """Press a row of a list in a room, counted from 0."""
        self.browser.locator(f'[data-list="{name}"] > li button').nth(number).click()
        expect(self.details).to_be_visible()

    # --- Plans ---

    @property
    def plan(self) -> Locator:
        """The open plan, while nothing is being worked out."""
        return self.browser.locator(".plan[aria-busy=false]")

    def make_draft(self, name: str, actor: str) -> None:
        """Make a draft from the published plan, in somebody's name."""
        self.browser.locator("[name=draft-name]").fill(name)
        self.browser.locator("[name=actor]").fill(actor)
        self.browser.locator(".plan-form .primary").click()
        expect(self.browser.locator(".plan-title")).to_contain_text(name)
        self.wait_for_revision(0)

    def select_row(self, grid: int) -> None:
        """Press the row of a grid in the open plan, which goes there."""
        self.browser.locator(f'tr[data-grid="{grid}"] .cell-link').click()
        self.wait()

    def wait_for_revision(self, revision: int) -> None:
        """Wait until the open plan stands at a revision, and the map shows it."""
        expect(self.plan).to_have_attribute("data-revision", str(revision))
        self.wait()

    def take_tool(self, kind: str) -> None:
        """Take one of the tools: redraw, split, merge, lasso."""
        self.browser.locator(f'[data-tool="{kind}"]').click()
        expect(self.browser.locator(".toolbox")).to_be_visible()

    def draw(self, points: Sequence[Sequence[float]]) -> None:
        """Click a line (longitude, latitude) point by point, and its last point again to end."""
        expect(self.browser.locator(".map[data-drawing]")).to_be_attached()
        for longitude, latitude in points:
            self.click_map(longitude, latitude)
        self.click_map(points[-1][0], points[-1][1])

    def read_consequences(self) -> dict[int, tuple[str, str]]:
        """Households of each changed grid as the preview tells them: now, and what they were."""
        expect(self.browser.locator(".consequences")).to_be_visible()
        self.wait()
        found = {}
        for row in self.browser.locator('[data-list="consequences"] tbody tr').all():
            cell = row.locator('[data-column="households"]')
            now = cell.locator("span").inner_text()
            was = cell.locator("small")
            before = was.inner_text() if was.count() else now
            found[int(row.get_attribute("data-grid") or 0)] = (now, re.sub(r"\D", "", before))
        return found

    def accept(self) -> None:
        """Accept what the preview shows."""
        revision = int(self.plan.get_attribute("data-revision") or 0)
        self.browser.locator('[data-do="accept"]').click()
        self.wait_for_revision(revision + 1)

    def read_areas(self) -> dict[int, int]:
        """Households of each grid in the table of the open plan."""
        return {
            int(row.get_attribute("data-grid") or 0): int(
                row.locator('[data-column="households"]').inner_text().replace(",", "")
            )
            for row in self.browser.locator('[data-list="areas"] tr[data-grid]').all()
        }

    # --- Staff ---

    def open_vacancy(self, role: str) -> tuple[int, str]:
        """Press the first vacancy of a role: the id of what it is for, and the role."""
        row = self.browser.locator(f'[data-list="vacancies"] button[data-role="{role}"]').first
        target = int(row.get_attribute("data-target") or 0)
        row.click()
        expect(self.browser.locator('[data-list="candidates"] > li').first).to_be_visible()
        self.wait()
        return target, role

    @property
    def corner(self) -> tuple[float, float]:
        """A point of the earth at the edge of the map, away from what it was fitted to."""
        longitude, latitude, zoom = self.camera
        box = self.browser.locator(".map").bounding_box()
        assert box is not None
        return longitude - (box["width"] / 2 - 12) / (TILE * 2**zoom) * 360, latitude

    def drag_candidate(self, to: Sequence[float]) -> int:
        """Drag the first candidate who can come onto a point of the earth; gives who it was."""
        row = self.browser.locator('[data-list="candidates"] > li[data-able="true"]').first
        box = row.locator(".candidate-words").bounding_box()
        assert box is not None
        mouse = self.browser.mouse
        mouse.move(box["x"] + 20, box["y"] + 10)
        mouse.down()
        mouse.move(*self.spot(to[0], to[1]), steps=3)
        expect(self.browser.locator(".ghost")).to_be_visible()
        who = int(row.get_attribute("data-staff") or 0)
        mouse.up()
        return who

    def propose(self) -> None:
        """Ask for the best staffing."""
        self.browser.locator('[data-do="propose"]').click()
        expect(self.browser.locator(".proposal")).to_be_visible()
        self.wait()

    def accept_changes(self, numbers: Sequence[int]) -> None:
        """Take only some changes of the proposal, counted from 0, and accept them."""
        self.browser.locator('[data-do="all"]').uncheck()
        boxes = self.browser.locator('[data-list="changes"] input')
        for number in numbers:
            boxes.nth(number).check()
        self.browser.locator('[data-do="accept-changes"]').click()

    # --- Hotspots ---

    def find_hotspots(self, *, days: int, category: str) -> list[str]:
        """Ask for hotspots of the last days of the data; the ranked rows as they are written."""
        self.choose(f"{days} 天")
        self.browser.locator("[data-part=categories] > summary").click()
        self.browser.locator(f"input[name=category][value={category}]").check()
        self.browser.locator('[data-do="find"]').click()
        self.wait_for_answer()
        return self.read_rows("hotspots")

    def wait_for_answer(self) -> None:
        """Wait until the last question is answered, and the map shows the answer."""
        expect(self.browser.locator(".hotspots[aria-busy=false]")).to_be_visible()
        self.wait()

    def ask_by(self, method: str) -> list[str]:
        """Ask the same by another method; the legend in words."""
        self.browser.locator("select[name=method]").select_option(method)
        self.browser.locator('[data-do="find"]').click()
        expect(self.browser.locator(f".hotspots[data-method={method}]")).to_be_visible()
        self.wait_for_answer()
        return self.read_rows("classes")

    def show_hotspot(self, number: int) -> tuple[float, float]:
        """Press a hotspot of the list, counted from 0, which goes there; gives its centre."""
        row = self.browser.locator('[data-list="hotspots"] button').nth(number)
        longitude, latitude = (row.get_attribute("data-centre") or "").split(",")
        row.click()
        expect(self.browser.locator(f'.spot[data-spot="{number + 1}"]')).to_be_visible()
        self.wait()
        return float(longitude), float(latitude)

    def read_colour(self, longitude: float, latitude: float) -> tuple[int, int, int]:
        """The middle colour (red, green, blue) of the map around a point of the earth."""
        x, y = self.spot(longitude, latitude)
        clip = {"x": x - 20, "y": y - 20, "width": 40, "height": 40}
        shot = self.browser.screenshot(clip=clip)
        with Image.open(BytesIO(shot)) as picture:
            red, green, blue = ImageStat.Stat(picture.convert("RGB")).median
        return red, green, blue

    # --- Search ---

    @property
    def search_box(self) -> Locator:
        """The field of the search."""
        return self.browser.get_by_role("combobox", name=re.compile("搜索|Search"))

    def search(self, text: str) -> list[str]:
        """Type into the search and read the names that it offers."""
        self.search_box.fill("")
        self.search_box.press_sequentially(text)
        results = self.browser.locator(".search-result:visible .search-name")
        expect(results.first).to_be_visible()
        expect(results.filter(has_text=re.compile("."))).not_to_have_count(0)
        return results.all_inner_texts()

    def take_result(self, number: int = 0) -> None:
        """Press a result of the search."""
        self.browser.locator(".search-result:visible").nth(number).click()
        expect(self.details).to_be_visible()
        self.wait()

    # --- Keyboard ---

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.browser.keyboard.press(key)

    @property
    def focused(self) -> Locator:
        """What has the focus."""
        return self.browser.locator(":focus")

    # --- Pictures ---

    def take_picture(self, name: str) -> Path:
        """Save what is seen."""
        self.browser.mouse.move(0, 0)
        self.wait()
        path = self.pictures / f"{name}.png"
        self.browser.screenshot(path=path, animations="disabled")
        with Image.open(path) as picture:
            # A map has few colours: a third of the bytes, and nothing that an eye would miss.
            few = picture.convert("RGB").quantize(
                method=Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE
            )
            few.save(path, optimize=True)
        return path


def _mercator(longitude: float, latitude: float) -> tuple[float, float]:
    """The place in the web-mercator square of side 1, from the west and from the north."""
    slope = math.asinh(math.tan(math.radians(latitude)))
    return (longitude + 180) / 360, (1 - slope / math.pi) / 2


def pictures_folder(temporary: Path) -> Path:
    """Where screenshots go: the folder that `GRIDMAP_TEST_PICTURES` names, or a temporary one."""
    named = os.environ.get("GRIDMAP_TEST_PICTURES")
    folder = Path(named) if named else temporary
    folder.mkdir(parents=True, exist_ok=True)
    return folder
