"""Styles: complete, with absolute addresses, and in step with what the tiles carry."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gridmap.api import styles
from gridmap.api.styles import points
from gridmap.api.styles.palette import HOUSEHOLD_BREAKS, HOUSEHOLDS
from gridmap.errors import InvalidInput, NotFound, UnreadableFile
from gridmap.settings import Settings
from gridmap.store.layers import LAYERS
from gridmap.store.zooms import ZOOMS

BASE = "https://maps.example/town"
BLANK = Settings(data_dir=Path())


def made(name: str = "gridmap", settings: Settings = BLANK) -> dict[str, Any]:
    return styles.compose(name, settings, BASE)


def texts(value: object) -> list[str]:
    """All texts inside an expression."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [text for part in value for text in texts(part)]
    return []


def properties(value: object) -> set[str]:
    """The names of properties that an expression reads."""
    if not isinstance(value, list):
        return (
            {name for part in value.values() for name in properties(part)}
            if isinstance(value, dict)
            else set()
        )
    if len(value) == 2 and value[0] in {"get", "has"} and isinstance(value[1], str):
        return {value[1]}
    return {name for part in value for name in properties(part)}


@pytest.mark.parametrize("name", styles.STYLES)
def test_every_layer_draws_a_source_layer_that_its_source_holds(name: str) -> None:
    style = made(name)
    ids = [layer["id"] for layer in style["layers"]]
    assert len(ids) == len(set(ids))
    for layer in style["layers"]:
        if layer["type"] == "background":
            continue
        listed = styles.SOURCES[layer["source"]].split(",")
        assert layer["source-layer"] in listed
        assert layer["metadata"]["gridmap:theme"]


def test_every_layer_that_is_served_is_drawn() -> None:
    drawn = {layer.get("source-layer") for layer in made()["layers"]}
    # Micro-grids are grids of level 3.
    assert drawn - {None} == set(LAYERS) - {"micro-grids"}


def test_expressions_read_only_properties_that_tiles_carry() -> None:
    for layer in made()["layers"]:
        if "source-layer" not in layer:
            continue
        name = layer["source-layer"]
        carried = {item.name for item in LAYERS[name].properties if item.in_tiles}
        read = properties(
            [layer.get("filter", []), layer.get("layout", {}), layer.get("paint", {})]
        )
        assert read <= carried | {"count"}, layer["id"]


def test_merged_features_are_never_drawn_as_single_ones() -> None:
    for layer in made()["layers"]:
        zooms = ZOOMS.get(layer.get("source-layer", ""))
        if zooms is None or not zooms.merged_below:
            continue
        knows_count = "count" in properties(layer.get("filter", []))
        assert knows_count or layer.get("minzoom", 0) >= zooms.merged_below, layer["id"]


def test_addresses_are_absolute_so_that_other_clients_can_use_the_style() -> None:
    for source in made()["sources"].values():
        assert source["url"].startswith(f"{BASE}/tiles/")
        assert source["url"].endswith("/tilejson.json")
    assert "glyphs" not in made(), "labels are drawn from the reader's own fonts"
    assert "sprite" not in made()


def test_the_english_style_differs_in_words_only() -> None:
    chinese, english = made("gridmap"), made("gridmap-en")
    assert [layer["id"] for layer in chinese["layers"]] == [
        layer["id"] for layer in english["layers"]
    ]
    for one, other in zip(chinese["layers"], english["layers"], strict=True):
        assert one.get("paint") == other.get("paint")
        assert one.get("filter") == other.get("filter")
    said = "".join(
        texts(
            [
                layer["layout"].get("text-field", "")
                for layer in english["layers"]
                if "layout" in layer
            ]
        )
    )
    assert "name_en" in said
    assert "户" not in said


def test_households_have_a_colour_for_each_class() -> None:
    for breaks in HOUSEHOLD_BREAKS.values():
        assert len(breaks) == len(HOUSEHOLDS) - 1
        assert list(breaks) == sorted(breaks)


def test_every_category_of_resource_points_has_a_sign_of_its_own() -> None:
    for column in (1, 2):
        signs = [of[column] for of in points.CATEGORIES.values()]
        assert len(signs) == len(set(signs))
    assert {of[0] for of in points.CATEGORIES.values()} == set(points.GROUPS)


def test_an_unknown_style_names_those_that_there_are() -> None:
    with pytest.raises(NotFound) as raised:
        made("satellite")
    assert "gridmap-en" in (raised.value.hint or "")


def test_a_base_map_hides_our_own_ground_and_keeps_the_rest() -> None:
    style = made(settings=Settings(data_dir=Path(), basemap="osm"))
    shown = {
        layer["id"]: layer.get("layout", {}).get("visibility", "visible")
        for layer in style["layers"]
    }
    assert shown["basemap"] == "visible"
    assert shown["land-use"] == shown["streets"] == "none"
    assert shown["grids-line"] == shown["buildings"] == "visible"
    assert "OpenStreetMap" in style["sources"]["basemap"]["attribution"]


def test_tianditu_needs_a_key_and_then_brings_map_and_names() -> None:
    with pytest.raises(InvalidInput) as raised:
        made(settings=Settings(data_dir=Path(), basemap="tianditu"))
    assert raised.value.faults[0].field == "GRIDMAP_TIANDITU_KEY"
    style = made(settings=Settings(data_dir=Path(), basemap="tianditu", tianditu_key="k3y"))
    assert all("tk=k3y" in url for url in style["sources"]["basemap-names"]["tiles"])


def test_pmtiles_are_read_from_the_address_of_the_settings() -> None:
    with pytest.raises(InvalidInput):
        made(settings=Settings(data_dir=Path(), basemap="pmtiles"))
    url = "https://tiles.example/china.pmtiles"
    style = made(settings=Settings(data_dir=Path(), basemap="pmtiles", basemap_url=url))
    assert style["sources"]["basemap"]["url"] == f"pmtiles://{url}"


def archive(folder: Path, kind: int) -> Path:
    """The header of a PMTiles archive of version 3; byte 99 says what its tiles are."""
    header = bytearray(127)
    header[:8] = b"PMTiles\x03"
    header[99] = kind
    path = folder / "china.pmtiles"
    path.write_bytes(header)
    return path


@pytest.mark.parametrize(("kind", "drawn_as"), [(1, "vector"), (2, "raster")])
def test_a_pmtiles_archive_on_this_machine_is_served_and_drawn_as_what_it_is(
    tmp_path: Path, kind: int, drawn_as: str
) -> None:
    path = archive(tmp_path, kind)
    style = made(settings=Settings(data_dir=Path(), basemap="pmtiles", basemap_url=str(path)))
    assert style["sources"]["basemap"]["type"] == drawn_as
    assert style["sources"]["basemap"]["url"] == f"pmtiles://{BASE}/basemap.pmtiles"


def test_a_file_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "map.pmtiles").write_text("PMTiles, I promise")
    for name in ("map.pmtiles", "none.pmtiles"):
        settings = Settings(data_dir=Path(), basemap="pmtiles", basemap_url=str(tmp_path / name))
        with pytest.raises(UnreadableFile):
            made(settings=settings)


def test_styles_are_plain_json() -> None:
    json.dumps(made(), allow_nan=False)
