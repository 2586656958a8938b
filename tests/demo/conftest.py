"""The committed files of the five places, read once."""

from __future__ import annotations

import functools
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from gridmap.geometry.crs import LocalCRS

FOLDER = Path(__file__).resolve().parents[2] / "data" / "geojson"
KEYS = ("nanjie", "xiameiqiao", "wenyuan", "chengzhen", "donghu")


@dataclass
class Layer:
    """A file: geometries in degrees and their properties."""

    geometries: Any
    properties: list[dict[str, Any]]

    def column(self, name: str) -> list[Any]:
        return [row[name] for row in self.properties]

    def where(self, **wanted: Any) -> Layer:
        keep = [
            i
            for i, row in enumerate(self.properties)
            if all(row[name] == value for name, value in wanted.items())
        ]
        return Layer(self.geometries[keep], [self.properties[i] for i in keep])

    def total(self, name: str) -> int:
        return sum(self.column(name))

    def __len__(self) -> int:
        return len(self.properties)


class PlaceFiles:
    """One place's folder."""

    def __init__(self, key: str) -> None:
        self.key, self.folder = key, FOLDER / key
        self.document = json.loads((self.folder / "place.json").read_text("utf-8"))
        self.crs = LocalCRS(self.document["meridian"])

    @functools.cache  # noqa: B019 - lives as long as the run
    def layer(self, name: str) -> Layer:
        document = json.loads((self.folder / f"{name}.geojson").read_text("utf-8"))
        geometries = shapely.from_geojson(
            np.array([json.dumps(f["geometry"]) for f in document["features"]])
        )
        return Layer(geometries, [f["properties"] for f in document["features"]])

    def metric(self, name: str) -> Any:
        return self.crs.receive(self.layer(name).geometries)

    def network(self, key: str) -> dict[str, Any]:
        return next(n for n in self.document["networks"] if n["key"] == key)

    def assignments(self, **wanted: Any) -> list[dict[str, Any]]:
        return [
            item
            for item in self.document["assignments"]
            if all(item[name] == value for name, value in wanted.items())
        ]

    def teams(self) -> Counter[str]:
        return Counter(team for teams in self.layer("staff").column("teams") for team in teams)


@functools.cache
def read_place(key: str) -> PlaceFiles:
    return PlaceFiles(key)


@pytest.fixture
def folder() -> Path:
    """The folder of the five places."""
    return FOLDER


@pytest.fixture
def places() -> Callable[[str], PlaceFiles]:
    """Any place by its key."""
    return read_place


@pytest.fixture(params=KEYS)
def place(request: pytest.FixtureRequest) -> PlaceFiles:
    """Each of the five places in turn."""
    return read_place(request.param)


@pytest.fixture
def nanjie() -> PlaceFiles:
    return read_place("nanjie")


@pytest.fixture
def xiameiqiao() -> PlaceFiles:
    return read_place("xiameiqiao")


@pytest.fixture
def wenyuan() -> PlaceFiles:
    return read_place("wenyuan")


@pytest.fixture
def chengzhen() -> PlaceFiles:
    return read_place("chengzhen")


@pytest.fixture
def donghu() -> PlaceFiles:
    return read_place("donghu")
