"""A prepared place is loaded with its plans proved, or not at all."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from gridmap.errors import InvalidInput, UnreadableFile
from gridmap.services.places import load_place

DATA = Path(__file__).resolve().parents[2] / "data" / "geojson"


def count(engine: sa.Engine, table: str, where: str = "true") -> int:
    with engine.connect() as connection:
        return connection.scalar(sa.text(f"SELECT count(*) FROM {table} WHERE {where}"))


@pytest.fixture(scope="module")
def loaded(engine: sa.Engine) -> sa.Engine:
    assert load_place(engine, DATA / "nanjie", actor="test")
    return engine


def test_the_grids_of_every_level_are_there_and_add_up(loaded: sa.Engine) -> None:
    of = "place = 'nanjie' AND network = 'governance' AND level = {}"
    assert [count(loaded, "grid", of.format(level)) for level in (1, 2, 3)] == [1, 27, 247]
    with loaded.connect() as connection:
        sums = connection.execute(
            sa.text(
                "SELECT sum(households), sum(residents), sum(buildings) FROM grid "
                "WHERE network = 'governance' GROUP BY level"
            )
        ).all()
    assert len(set(sums)) == 1


def test_every_atom_has_one_grid_of_the_lowest_level(loaded: sa.Engine) -> None:
    links = count(
        loaded,
        "plan_atom pa JOIN plan p ON p.id = pa.plan_id JOIN network n ON n.id = p.network_id",
        "n.key = 'governance'",
    )
    assert links == count(loaded, "atom")


def test_a_second_load_changes_nothing_and_a_replacing_one_leaves_one_place(
    loaded: sa.Engine,
) -> None:
    before = count(loaded, "building"), count(loaded, "assignment"), count(loaded, "incident")
    assert not load_place(loaded, DATA / "nanjie", actor="test")
    assert load_place(loaded, DATA / "nanjie", actor="test", replace=True)
    assert before == (
        count(loaded, "building"),
        count(loaded, "assignment"),
        count(loaded, "incident"),
    )


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """The same place under another key, to be spoilt."""
    folder = tmp_path / "other"
    shutil.copytree(DATA / "nanjie", folder)
    document = json.loads((folder / "place.json").read_text())
    (folder / "place.json").write_text(json.dumps(document | {"key": "other"}))
    territories = (folder / "territories.geojson").read_text()
    (folder / "territories.geojson").write_text(territories.replace("532325101", "532325901"))
    for name in ("atoms", "grids"):
        text = (folder / f"{name}.geojson").read_text()
        (folder / f"{name}.geojson").write_text(text.replace("532325101", "532325901"))
    document = json.loads((folder / "place.json").read_text().replace("532325101", "532325901"))
    (folder / "place.json").write_text(json.dumps(document))
    return folder


def test_a_plan_with_a_gap_is_refused_and_nothing_is_stored(loaded: sa.Engine, other: Path) -> None:
    atoms = json.loads((other / "atoms.geojson").read_text())
    atoms["features"].pop(len(atoms["features"]) // 2)
    (other / "atoms.geojson").write_text(json.dumps(atoms))
    with pytest.raises(InvalidInput, match="no exact coverage") as caught:
        load_place(loaded, other, actor="test")
    assert caught.value.faults[0].place is not None
    assert count(loaded, "place", "key = 'other'") == 0
    assert count(loaded, "building", "place = 'other'") == 0


def test_counts_that_do_not_add_up_are_refused_by_name(loaded: sa.Engine, other: Path) -> None:
    grids = json.loads((other / "grids.geojson").read_text())
    grids["features"][3]["properties"]["households"] += 1
    (other / "grids.geojson").write_text(json.dumps(grids))
    with pytest.raises(InvalidInput, match="do not add up") as caught:
        load_place(loaded, other, actor="test")
    assert str(caught.value.faults[0].field).endswith(".households")


def test_a_missing_file_is_named(loaded: sa.Engine, other: Path) -> None:
    (other / "water.geojson").unlink()
    with pytest.raises(UnreadableFile, match=r"water\.geojson"):
        load_place(loaded, other, actor="test")
    assert count(loaded, "place", "key = 'other'") == 0
