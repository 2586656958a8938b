"""What the README promises is what there is."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from gridmap.api.app import create_app
from gridmap.api.openapi import describe
from gridmap.cli.main import COMMANDS
from gridmap.settings import Settings
from gridmap.store.layers import LAYERS

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_setting_stands_in_the_table() -> None:
    for field in dataclasses.fields(Settings):
        assert f"| `GRIDMAP_{field.name.upper()}` |" in README


def test_every_command_stands_in_the_readme() -> None:
    for name in COMMANDS:
        assert re.search(rf"`gridmap {name}\b", README), name


def test_every_layer_stands_in_the_readme() -> None:
    for name in LAYERS:
        assert f"`{name}`" in README


def test_every_first_step_of_a_path_stands_in_the_readme() -> None:
    app = create_app(Settings(data_dir=Path("/nowhere")), "postgresql://nobody@localhost/nothing")
    for path in describe(app)["paths"]:
        step = path.split("/")[1]
        assert not step or f"/{step}" in README, path


@pytest.mark.parametrize(
    "path", sorted((ROOT / "docs" / "decisions").glob("*.md")), ids=lambda p: p.stem
)
def test_a_decision_has_context_decision_and_consequence(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.match(r"# \S", text)
    for word in ("Context", "Decision", "Consequence"):
        assert re.search(rf"\b{word}", text), word


def test_every_picture_and_file_that_the_readme_links_to_is_there() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
