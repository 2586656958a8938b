"""Columns find their properties by what people call them, and no value is lost or invented."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from gridmap.services.transfer import values
from gridmap.services.transfer.mapping import ColumnMapping
from gridmap.services.transfer.pages import Page
from gridmap.services.transfer.report import LayerLedger
from gridmap.services.transfer.vocabulary import FIELDS
from gridmap.store.layers import LAYERS
from gridmap.store.tables import metadata

SHANGHAI = ZoneInfo("Asia/Shanghai")


def apply(layer: str, columns: dict, mapped: dict | None = None, **options):
    count = len(next(iter(columns.values())))
    page = Page(layer, 1, columns, np.full(count, None, dtype=object))
    ledger = LayerLedger(layer)
    mapping = ColumnMapping(layer, mapped or {}, zone=SHANGHAI, **options)
    return mapping.apply(page, ledger), ledger


def test_every_property_that_an_import_fills_is_a_column_of_its_table() -> None:
    derived = {"parent_name", "general"}  # of grids: they make the levels above
    for layer, fields in FIELDS.items():
        table = metadata.tables[LAYERS[layer].table]
        assert {item.name for item in fields} - derived <= set(table.c.keys())


def test_words_of_an_enumeration_are_those_that_the_table_takes() -> None:
    for layer, fields in FIELDS.items():
        for item in fields:
            words = {word for known in item.words.values() for word in known.values()} - {"", "*"}
            assert not item.allowed or words <= set(item.allowed), (layer, item.name)


@pytest.mark.parametrize(
    ("column", "layer", "target"),
    [
        ("名称", "buildings", "name"), ("name:zh", "streets", "name"), ("NAME", "water", "name"),
        ("name:en", "buildings", "name_en"), ("building:levels", "buildings", "floors"),
        ("层数", "buildings", "floors"), ("户数", "buildings", "households"),
        ("人口", "buildings", "residents"), ("编码", "resource-points", "code"),
        ("opening_hours", "resource-points", "opening_hours"), ("上报时间", "incidents", "reported_at"),
        ("上级编码", "micro-grids", "parent"), ("Parent Code", "grids", "parent"),
        ("highway", "streets", "kind"), ("行政区划代码", "territories", "code"),
    ],
)  # fmt: skip
def test_a_column_is_found_by_its_name(column, layer, target) -> None:
    _, ledger = apply(layer, {column: ["1"], "other": ["x"]})
    assert [(use.used_as, use.why) for use in ledger.columns] == [
        (target, "by its name"),
        ("properties", "kept as it is"),
    ]


def test_what_the_user_maps_wins_and_a_dropped_column_is_gone() -> None:
    read, ledger = apply(
        "buildings",
        {"name": ["a"], "title": ["b"], "secret": ["c"], "户数": ["7"]},
        {"title": "name", "secret": "-", "户数": "properties"},
    )
    assert read.columns["name"] == ["b"]
    assert "households" not in read.columns
    assert read.kept == [{"name": "a", "户数": "7"}]
    assert [use.used_as for use in ledger.columns] == [
        "properties", "name", "nothing", "properties",
    ]  # fmt: skip


def test_a_second_column_fills_in_where_the_first_says_nothing() -> None:
    read, _ = apply("streets", {"name:zh": ["中山路", None], "name": [None, "Lane 5"]})
    assert read.columns["name"] == ["中山路", "Lane 5"]


def test_words_are_translated_and_what_was_said_is_kept() -> None:
    read, ledger = apply(
        "streets", {"highway": ["residential", "footway", "motorway_link", "moon", None]}
    )
    assert read.columns["kind"] == ["street", "path", "motorway", "street", "street"]
    assert [row.get("highway") for row in read.kept] == [
        "residential", "footway", "motorway_link", "moon", None,
    ]  # fmt: skip
    assert ledger.unknown_values == {("kind", "moon"): 1}
    assert ledger.defaults["kind"] == 2


@pytest.mark.parametrize(
    ("layer", "column", "value", "name", "word"),
    [
        ("buildings", "building", "apartments", "usage", "residential"),
        ("buildings", "building", "yes", "usage", "residential"),
        ("buildings", "shop", "mall", "usage", "commercial"),
        ("buildings", "用途", "写字楼", "usage", "office"),
        ("resource-points", "amenity", "police", "category", "police-post"),
        ("resource-points", "shop", "books", "category", "enterprise"),
        ("resource-points", "emergency", "fire_hydrant", "category", "hydrant"),
        ("resource-points", "类别", "调解室", "category", "mediation-room"),
        ("resource-points", "category", "Tea House", "category", "tea-house"),
        ("water", "natural", "water", "kind", "water"),
        ("water", "waterway", "stream", "kind", "river"),
        ("land-use", "landuse", "farmyard", "kind", "farmland"),
        ("incidents", "来源", "12345热线", "channel", "hotline"),
        ("incidents", "状态", "已办结", "state", "closed"),
        ("incidents", "等级", "重大", "severity", "4"),
    ],
)
def test_values_of_other_people_become_words_of_gridmap(layer, column, value, name, word) -> None:
    read, _ = apply(layer, {column: [value]})
    assert read.columns[name] == [word]


def test_an_address_is_put_together_from_street_and_number() -> None:
    read, _ = apply(
        "buildings", {"addr:street": ["滨江大道", "Main Street"], "addr:housenumber": ["2727", "5"]}
    )
    assert read.columns["address"] == ["滨江大道2727", "Main Street 5"]


def test_names_that_dbase_has_cut_are_recognised() -> None:
    read, _ = apply(
        "resource-points", {"opening_ho": ["08-18"], "organisati": ["x"]}, short_names=True
    )
    assert read.columns["opening_hours"] == ["08-18"]
    assert read.columns["organisation"] == ["x"]


def test_free_text_that_is_no_number_is_left_out_of_an_extract_and_kept() -> None:
    read, ledger = apply("buildings", {"building:levels": ["3", "ground"]}, lenient=True)
    assert read.columns["floors"] == [3, None]
    assert read.faults == {}
    assert read.kept is None or read.kept[1] == {"building:levels": "ground"}
    assert ledger.unknown_values == {("floors", "ground"): 1}


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("12", 12),
        ("１２", 12),
        ("12.0", 12),
        (" 1,234 户", 1234),
        ("8层", 8),
        (7.0, 7),
        ("", None),
        (None, None),
    ],
)
def test_counts_as_people_write_them(value, number) -> None:
    assert values.read_counts([value]) == ([number], {})


@pytest.mark.parametrize(
    "value", ["many", "1.5", "-1", -1, "inf", float("inf"), 2**31, "1e30", True, "12,5"]
)
def test_what_is_no_count_is_a_fault(value) -> None:
    assert list(values.read_counts([value])[1]) == [0]


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-31T08:05:00+08:00", "2026-10-31T00:05:00Z", "2026-10-31 08:05", "2026/10/31 8:05:00",
        "2026.10.31 08:05", "2026年10月31日 8时5分", "2026年10月31日8:05", "2026-10-31T08:05:00.000",
    ],
)  # fmt: skip
def test_times_as_people_write_them_are_in_the_zone_of_their_place(text) -> None:
    (time,), faults = values.read_times([text], SHANGHAI)
    assert faults == {}
    assert time.astimezone(UTC) == datetime(2026, 10, 31, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["31/10/2026", "10-31-26", "2026-13-01", "yesterday", "0001-01-01", 20261031]
)
def test_what_is_no_certain_time_is_a_fault(text) -> None:
    assert list(values.read_times([text], SHANGHAI)[1]) == [0]


def test_lists_are_split_where_chinese_splits_them() -> None:
    assert values.read_lists(["调解、法律援助；咨询", ["a", "b"], None])[0] == [
        ["调解", "法律援助", "咨询"], ["a", "b"], None,
    ]  # fmt: skip


def test_spaces_around_a_text_go_and_those_inside_stay() -> None:
    assert values.read_texts([" a b", None])[0] == ["a b", None]
    assert values.read_texts(["a b", ""])[0] == ["a b", None]
    assert values.read_texts(["a", "b\u3000", " "])[0] == ["a", "b", None]


def test_numpy_columns_read_like_lists() -> None:
    assert values.read_counts(np.array([1, 2]))[0] == [1, 2]
    assert values.read_counts(np.array([1.0, np.nan]))[0] == [1, None]
    assert values.read_texts(np.array([5, 6]))[0] == ["5", "6"]
    assert list(values.read_counts(np.array([3, -2]))[1]) == [1]
