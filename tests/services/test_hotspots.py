"""The planted clusters are found, in first place, by every method that ranks places."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from gridmap.errors import Conflict, InvalidInput, NotFound
from gridmap.services.hotspots import (
    Question,
    answer_id,
    answer_question,
    ask,
    crowds,
    find_hotspots,
    read_revisions,
)
from gridmap.services.hotspots.answer import METHODS
from gridmap.services.hotspots.question import identify, read_id
from gridmap.services.places import DEMO

DATA = Path(__file__).resolve().parents[2] / "data" / "geojson"
PLACES = DEMO
YEAR = (
    datetime.fromisoformat("2025-11-01T00:00:00+08:00"),
    datetime.fromisoformat("2026-11-01T00:00:00+08:00"),
)
# Methods of space, asked of the window of the cluster; those of space and time find the burst of a
# few weeks in a year of incidents. `change` is asked of the window against the one before.
IN_SPACE = (
    "getis-ord",
    "local-moran",
    "counts",
    "rates",
    "density",
    "street-density",
    "dbscan",
    "hdbscan",
    "scan",
    "bernoulli-scan",
)
IN_TIME = ("st-dbscan", "space-time-scan", "permutation-scan", "emerging", "change")


@pytest.fixture(scope="module")
def demo(engine: sa.Engine) -> sa.Engine:
    return engine


def planted(place: str, number: int) -> dict[str, Any]:
    cluster: dict[str, Any] = json.loads((DATA / place / "place.json").read_text())["clusters"][
        number
    ]
    return cluster


def metres(one: list[float], cluster: dict[str, Any]) -> float:
    east = (one[0] - cluster["lon"]) * 111_320 * math.cos(math.radians(cluster["lat"]))
    return math.hypot(east, (one[1] - cluster["lat"]) * 110_900)


def check_first(found: dict[str, Any], cluster: dict[str, Any]) -> None:
    first = found["hotspots"][0]
    assert metres(first["centre"], cluster) < cluster["radius_m"] + 60
    # What it consists of lies there, too, and not round half of the town.
    assert first["radius_m"] < 3 * cluster["radius_m"]
    assert first["incident_ids"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("method", IN_SPACE)
def test_planted_clusters_are_first_by_every_method_of_space(
    demo: sa.Engine, place: str, method: Any
) -> None:
    for number in (0, 1):
        cluster = planted(place, number)
        window = (datetime.fromisoformat(cluster[name]) for name in ("from", "to"))
        question = Question(
            place,
            *window,
            categories=(cluster["category"],),
            method=method,
            # Traffic piles up at a crossing where nobody lives.
            denominator="buildings" if method == "rates" else "none",
        )
        check_first(find_hotspots(demo, question), cluster)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("method", IN_TIME)
def test_a_burst_of_weeks_is_first_in_a_year_by_every_method_of_time(
    demo: sa.Engine, place: str, method: Any
) -> None:
    cluster = planted(place, 1)
    window = YEAR
    if method == "change":
        window = tuple(datetime.fromisoformat(cluster[name]) for name in ("from", "to"))
    question = Question(place, *window, categories=(cluster["category"],), method=method)
    check_first(find_hotspots(demo, question), cluster)


def test_the_same_question_gives_the_same_answer_whatever_the_order_of_its_lists(
    demo: sa.Engine,
) -> None:
    one = Question("donghu", *YEAR, categories=("order", "fire"), method="scan", replicates=19)
    other = Question("donghu", *YEAR, categories=("fire", "order"), method="scan", replicates=19)
    assert ask(demo, one) == ask(demo, other)
    assert find_hotspots(demo, one) == find_hotspots(demo, one)
    another_seed = Question("donghu", *YEAR, method="scan", replicates=19, seed=2)
    assert ask(demo, another_seed) != ask(demo, Question("donghu", *YEAR, method="scan"))


def test_an_id_holds_the_whole_question(demo: sa.Engine) -> None:
    question = Question("donghu", *YEAR, categories=("order",), unit="grids", size_m=80.5)
    number = ask(demo, question)
    assert read_id(number)[0] == question
    assert answer_id(demo, number).document == find_hotspots(demo, question)


def test_an_id_of_other_data_is_a_conflict_and_no_id_is_not_found(demo: sa.Engine) -> None:
    question = Question("donghu", *YEAR)
    revisions = read_revisions(demo)
    with pytest.raises(Conflict):
        answer_id(demo, identify(question, (revisions[0] + 1, *revisions[1:])))
    for wrong in ("", "x.y", "AAAA.0", "a" * 3000, ask(demo, question)[3:]):
        with pytest.raises(NotFound):
            answer_id(demo, wrong)


def test_a_scan_of_rectangles_gives_blocks_and_has_an_id_of_its_own(demo: sa.Engine) -> None:
    cluster = planted("nanjie", 0)
    window = (datetime.fromisoformat(cluster[name]) for name in ("from", "to"))
    question = Question("nanjie", *window, categories=(cluster["category"],), method="scan")
    grid_shaped = replace(question, unit="square", windows="rectangles", denominator="households")
    assert ask(demo, grid_shaped) != ask(demo, replace(grid_shaped, windows="circles"))
    assert read_id(ask(demo, grid_shaped))[0] == grid_shaped
    found = find_hotspots(demo, grid_shaped)
    check_first(found, cluster)
    assert len(found["hotspots"][0]["geometry"]["coordinates"][0]) == 5
    assert "Rectangles" in found["explanation"]["en"]


def test_what_the_data_choose_is_told_and_gives_the_same_answer_when_it_is_given(
    demo: sa.Engine,
) -> None:
    question = Question("nanjie", *YEAR, categories=("order",), method="dbscan")
    found = find_hotspots(demo, question)
    given = found["settled"]
    again = replace(question, radius_m=given["radius_m"], least_points=given["least_points"])
    assert find_hotspots(demo, again)["hotspots"] == found["hotspots"]
    for method in ("density", "street-density"):
        made = find_hotspots(demo, replace(question, method=method, rule="silverman"))
        sigma = made["settled"]["bandwidth_m"]
        assert f"{sigma:.0f} m, chosen by Silverman's rule" in made["explanation"]["en"]


def test_incidents_without_a_street_are_counted_and_a_wide_bandwidth_along_streets_is_refused(
    demo: sa.Engine,
) -> None:
    question = Question("nanjie", *YEAR, method="street-density")
    found = find_hotspots(demo, question)
    said = re.search(r"([\d,]+) incidents moved .* ([\d,]+) without", found["explanation"]["en"])
    assert said
    moved, left = (int(number.replace(",", "")) for number in said.groups())
    assert moved + left == found["incidents"]
    with pytest.raises(InvalidInput, match="400 m at most"):
        find_hotspots(demo, replace(question, bandwidth_m=800.0))


def test_a_bernoulli_scan_without_controls_says_what_to_choose(demo: sa.Engine) -> None:
    found = find_hotspots(demo, Question("nanjie", *YEAR, method="bernoulli-scan"))
    assert found["hotspots"] == []
    assert "choose some of the categories" in found["summary"]["en"]


def test_a_change_since_before_there_were_any_data_is_no_rise(demo: sa.Engine) -> None:
    found = find_hotspots(demo, Question("nanjie", *YEAR, method="change"))
    assert found["change"]["before"] == 0
    assert found["hotspots"] == []
    assert "nothing is compared" in found["summary"]["en"]


@pytest.mark.parametrize("unit", ["square", "grids", "micro-grids", "buildings", "streets"])
def test_incidents_are_counted_in_what_is_asked_for(demo: sa.Engine, unit: Any) -> None:
    found = find_hotspots(demo, Question("nanjie", *YEAR, unit=unit, method="counts"))
    total = sum(item["properties"]["count"] for item in found["features"])
    assert 0.8 * found["incidents"] < total <= found["incidents"]
    if unit in ("square", "grids"):
        assert total == found["incidents"]
    left_out = f"{found['incidents'] - total:,} of them lie in none"
    assert (left_out in found["explanation"]["en"]) == (total < found["incidents"])


def test_every_incident_of_the_window_is_counted_once(demo: sa.Engine) -> None:
    found = find_hotspots(demo, Question("chengzhen", *YEAR))
    total = sum(item["properties"]["count"] for item in found["features"])
    assert total == found["incidents"] == sum(map(sum, found["clock"])) == sum(found["months"])
    assert total == sum(found["calendar"]["counts"])


def test_every_class_on_the_map_has_its_words_in_the_legend(demo: sa.Engine) -> None:
    for method in METHODS:
        question = Question("wenyuan", *YEAR, categories=("traffic",), method=method)
        found = answer_question(demo, question).document
        named = {entry["class"] for entry in found["legend"]}
        shown = {item["properties"]["class"] for item in found["features"]}
        assert shown - {0} <= named, method
        assert all(entry["zh"] and entry["en"] for entry in found["legend"])
        assert found["summary"]["zh"].endswith("。")
        json.dumps(found, allow_nan=False)


def test_a_legend_says_how_sure_it_is_and_after_how_many_tests(demo: sa.Engine) -> None:
    found = find_hotspots(demo, Question("nanjie", *YEAR))
    assert f"{found['tests']:,} tests" in found["legend"][0]["en"]
    assert "99 % confident" in found["legend"][0]["en"]


def test_the_clock_runs_in_the_time_of_the_place(demo: sa.Engine) -> None:
    found = find_hotspots(demo, Question("chengzhen", *YEAR))
    night, day = (
        sum(row[hour] for row in found["clock"] for hour in hours)
        for hours in (range(1, 5), range(9, 13))
    )
    assert day > 2 * night


@pytest.mark.parametrize("method", METHODS)
def test_an_empty_window_answers_without_a_hotspot(demo: sa.Engine, method: Any) -> None:
    begins = datetime.fromisoformat("1990-01-01T00:00:00+08:00")
    found = find_hotspots(
        demo, Question("donghu", begins, begins.replace(year=1991), method=method)
    )
    assert found["incidents"] == 0
    assert found["hotspots"] == []


def test_what_cannot_be_asked_is_refused(demo: sa.Engine) -> None:
    with pytest.raises(InvalidInput):
        find_hotspots(demo, Question("donghu", YEAR[1], YEAR[0]))
    with pytest.raises(NotFound):
        find_hotspots(demo, Question("atlantis", *YEAR))
    with pytest.raises(InvalidInput, match="too small"):
        find_hotspots(demo, Question("xiameiqiao", *YEAR, size_m=2.0))


def test_of_very_many_incidents_the_ground_of_clusters_is_shown(
    demo: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowds, "MOST_SHOWN", 100)
    found = find_hotspots(demo, Question("nanjie", *YEAR, method="dbscan"))
    assert len(found["features"]) == len(found["hotspots"])
    assert {item["geometry"]["type"] for item in found["features"]} <= {"Polygon", "MultiPolygon"}
