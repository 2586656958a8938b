"""Settings: read once, refused with all their faults at once, documented, and discreet."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from pathlib import Path

import pytest

from gridmap.errors import InvalidInput
from gridmap.settings import Settings, default_data_dir, read_settings

README = Path(__file__).resolve().parents[1] / "README.md"


def test_nothing_set_gives_the_defaults() -> None:
    assert read_settings({"PATH": "/bin"}) == Settings(data_dir=default_data_dir())


def test_an_empty_variable_counts_as_not_set() -> None:
    assert read_settings({"GRIDMAP_PORT": " ", "GRIDMAP_TOKEN": ""}).port == 8080


def test_values_are_read_in_their_kind(tmp_path: Path) -> None:
    settings = read_settings(
        {
            "GRIDMAP_DATA_DIR": str(tmp_path / "不动产"),
            "GRIDMAP_DATABASE_URL": "postgresql://u:p%40ss@db.example:5433/city?sslmode=require",
            "GRIDMAP_PORT": "0",
            "GRIDMAP_WORKERS": "4",
            "GRIDMAP_BASEMAP": "pmtiles",
            "GRIDMAP_BASEMAP_URL": "/maps/town.pmtiles",
            "GRIDMAP_TILE_CACHE_MB": "64",
        }
    )
    assert settings.data_dir == tmp_path / "不动产"
    assert (settings.port, settings.workers, settings.tile_cache_mb) == (0, 4, 64)


def test_a_relative_or_home_folder_becomes_absolute() -> None:
    assert read_settings({"GRIDMAP_DATA_DIR": "~/maps"}).data_dir == Path.home() / "maps"
    assert read_settings({"GRIDMAP_DATA_DIR": "maps"}).data_dir == Path.cwd() / "maps"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("GRIDMAP_PROT", "8080"),
        ("GRIDMAP_PORT", "80a"),
        ("GRIDMAP_PORT", "-1"),
        ("GRIDMAP_PORT", "65536"),
        ("GRIDMAP_PORT", "８０"),
        ("GRIDMAP_WORKERS", "0"),
        ("GRIDMAP_BASEMAP", "google"),
        ("GRIDMAP_LOG_LEVEL", "loud"),
        ("GRIDMAP_TOKEN", "two words"),
        ("GRIDMAP_TOKEN", "密码"),
        ("GRIDMAP_DATA_DIR", "~nobody-has-this-name/x"),
        ("GRIDMAP_DATABASE_URL", "mysql://u:p@h/db"),
        ("GRIDMAP_DATABASE_URL", "postgresql+psycopg://u:p@h/db"),
    ],
)
def test_a_wrong_value_is_refused_by_the_name_of_its_variable(variable: str, value: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_settings({variable: value})
    assert [fault.field for fault in refused.value.faults] == [variable]


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(InvalidInput) as refused:
        read_settings({"GRIDMAP_PORT": "x", "GRIDMAP_WORKERS": "x", "GRIDMAP_X": "x"})
    assert {fault.field for fault in refused.value.faults} == {
        "GRIDMAP_PORT",
        "GRIDMAP_WORKERS",
        "GRIDMAP_X",
    }


@pytest.mark.parametrize(
    ("basemap", "needed"),
    [("tianditu", "GRIDMAP_TIANDITU_KEY"), ("pmtiles", "GRIDMAP_BASEMAP_URL")],
)
def test_a_base_map_without_what_it_needs_is_refused(basemap: str, needed: str) -> None:
    with pytest.raises(InvalidInput, match=needed):
        read_settings({"GRIDMAP_BASEMAP": basemap})


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:hunter2/x@h/db",
        "postgresql://u:hunter2#x@h/db",
        "postgresql://u:12#hunter2@h/db",
        "http://u:hunter2@h/db",
        "postgresql://u:p@h:hunter2/db",
        "hunter2",
    ],
)
def test_a_wrong_url_of_a_database_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_settings({"GRIDMAP_DATABASE_URL": url})
    assert "hunter2" not in refused.value.message + str(refused.value.faults)
    assert "%40" in refused.value.message


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    settings = read_settings(
        {
            "GRIDMAP_DATABASE_URL": "postgresql://u:hunter2@h/db",
            "GRIDMAP_TOKEN": "hunter2",
            "GRIDMAP_TIANDITU_KEY": "hunter2",
        }
    )
    assert "hunter2" not in repr(settings)


def test_the_readme_has_every_setting_and_its_default() -> None:
    rows = re.findall(r"^\| `(GRIDMAP_\w+)` \| (.*?) \|", README.read_text("utf-8"), re.MULTILINE)
    documented = dict(rows)
    assert list(documented) == [f"GRIDMAP_{each.name.upper()}" for each in fields(Settings)]
    for each in fields(Settings):
        if each.default is not MISSING:
            shown = "–" if each.default is None else f"`{each.default}`"
            assert documented[f"GRIDMAP_{each.name.upper()}"] == shown
