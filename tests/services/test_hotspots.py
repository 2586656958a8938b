"""The planted clusters are found, in first place, and chance is not."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from gridmap.errors import InvalidInput, NotFound
from gridmap.services.hotspots import Question, find_hotspots
from gridmap.services.places import load_demo

DATA = Path(__file__).resolve().parents[2] / "data" / "geojson"
PLACES = ("nanjie", "xiameiqiao", "wenyuan", "chengzhen", "donghu")
YEAR = (
    datetime.fromisoformat("2025-11-01T00:00:00+08:00"),
    datetime.fromisoformat("2026-11-01T00:00:00+08:00"),
)


@pytest.fixture(scope="module")
def demo(engine: sa.Engine) -> sa.Engine:
    load_demo(engine)
    return engine


def metres(one: list[float], lon: float, lat: float) -> float:
    return float(
        np.hypot((one[0] - lon) * 111_320 * np.cos(np.radians(lat)), (one[1] - lat) * 110_900)
    )


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("number", [0, 1])
def test_a_planted_cluster_is_the_first_hotspot_of_its_category_and_time(
    demo: sa.Engine, place: str, number: int
) -> None:
    planted = json.loads((DATA / place / "place.json").read_text())["clusters"][number]
    found = find_hotspots(
        demo,
        Question(
            place,
            datetime.fromisoformat(planted["from"]),
            datetime.fromisoformat(planted["to"]),
            categories=(planted["category"],),
        ),
    )
    first = found["hotspots"][0]
    away = metres(first["centre"], planted["lon"], planted["lat"])
    assert away < planted["radius_m"] + found["cell_size_m"]
    assert first["class"] >= 2  # 95 % confident, after correction


def test_the_same_question_gives_the_same_answer(demo: sa.Engine) -> None:
    question = Question("donghu", *YEAR)
    assert find_hotspots(demo, question) == find_hotspots(demo, question)


def test_every_incident_of_the_window_is_counted_once(demo: sa.Engine) -> None:
    found = find_hotspots(demo, Question("chengzhen", *YEAR))
    total = sum(item["properties"]["count"] for item in found["cells"]["features"])
    assert total == found["incidents"] == sum(map(sum, found["clock"])) == sum(found["months"])


def test_the_clock_runs_in_the_time_of_the_place(demo: sa.Engine) -> None:
    found = find_hotspots(demo, Question("chengzhen", *YEAR))
    night, day = (
        sum(row[hour] for row in found["clock"] for hour in hours)
        for hours in (range(1, 5), range(9, 13))
    )
    assert day > 2 * night


def test_an_empty_window_answers_without_a_hotspot(demo: sa.Engine) -> None:
    begins = datetime.fromisoformat("1990-01-01T00:00:00+08:00")
    found = find_hotspots(demo, Question("donghu", begins, begins.replace(year=1991)))
    assert found["incidents"] == 0
    assert found["hotspots"] == []


def test_what_cannot_be_asked_is_refused(demo: sa.Engine) -> None:
    with pytest.raises(InvalidInput):
        find_hotspots(demo, Question("donghu", YEAR[1], YEAR[0]))
    with pytest.raises(NotFound):
        find_hotspots(demo, Question("atlantis", *YEAR))
    with pytest.raises(InvalidInput, match="too small"):
        find_hotspots(demo, Question("xiameiqiao", *YEAR, size_m=2.0))
