"""A folium map is one file that opens without a network."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from branca.element import Element

from gridmap import maps
from gridmap.errors import InvalidInput, NotFound

PLACES = ("chengzhen",)


@pytest.fixture(scope="module")
def chengzhen(engine: sa.Engine) -> sa.Engine:
    return engine


def test_a_place_is_one_file_that_refers_to_nothing(chengzhen: sa.Engine, tmp_path: Path) -> None:
    path = tmp_path / "map.html"
    maps.place_map(chengzhen, "chengzhen").write(path)
    text = path.read_text(encoding="utf-8")
    assert "L.map(" in text
    names = maps.read_layer(chengzhen, "grids", place="chengzhen", network="governance")["name"]
    for name in names:
        assert name in text or json.dumps(name)[1:-1] in text


def test_a_layer_is_a_frame_with_its_properties(chengzhen: sa.Engine) -> None:
    zones = maps.read_layer(chengzhen, "grids", place="chengzhen", network="governance", level=2)
    assert len(zones) == 15
    assert zones["households"].sum() == 1084
    assert zones.crs.to_epsg() == 4326


def test_an_unknown_property_and_an_unknown_place_are_named(chengzhen: sa.Engine) -> None:
    with pytest.raises(InvalidInput, match="colour"):
        maps.read_layer(chengzhen, "grids", colour="red")
    with pytest.raises(NotFound, match="atlantis"):
        maps.place_map(chengzhen, "atlantis")


def test_something_from_a_network_is_refused(chengzhen: sa.Engine) -> None:
    drawn = maps.place_map(chengzhen, "chengzhen")
    drawn.get_root().html.add_child(Element('<script src="https://example.org/x.js"></script>'))
    with pytest.raises(InvalidInput, match=r"example\.org"):
        drawn.to_html()


@pytest.mark.parametrize(
    ("values", "classes"),
    [([], 1), ([5.0], 1), ([1.0, float("nan"), 9.0], 1), (list(range(100)), 5)],
)
def test_classes_cover_their_values(values: list[float], classes: int) -> None:
    found = maps.classify(values)
    assert 1 <= len(found.colours) <= 5
    assert len(found.legend()) == len(found.colours)
    assert len(found.colours) >= classes
    for value in values:
        assert found.colour(value).startswith("#")


def test_a_heat_map_that_plays_fetches_nothing_and_needs_a_label_for_each_frame() -> None:
    drawn = maps.OfflineMap()
    frames = [[(25.5, 101.24)], [(25.501, 101.241), (25.5, 101.24)]]
    maps.add_played_heat(drawn, frames, ["2026-01", "2026-02"])
    text = drawn.to_html()
    assert "TDHeatmap" in text
    assert "2026-02" in text
    for wrong in ((frames, ["2026-01"]), ([[], []], ["a", "b"])):
        with pytest.raises(InvalidInput):
            maps.add_played_heat(maps.OfflineMap(), *wrong)
