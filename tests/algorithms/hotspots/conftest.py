"""The reference answers beside the project, and loops that may have to be compiled first."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings

from gridmap.algorithms import hotspots

# A first call imports scipy or compiles a loop; a busy machine does the rest.
settings.register_profile("compiled", deadline=None)
settings.load_profile("compiled")


@pytest.fixture(scope="session")
def reference(shared: Path) -> Path:
    """Answers that others published, or that a reference program gave."""
    folder = shared / "data" / "hotspots"
    if not folder.is_dir():
        pytest.skip("the reference answers are not here")
    return folder


@pytest.fixture(scope="session")
def read_table(reference: Path) -> Callable[..., dict[str, np.ndarray]]:
    """Read a CSV file of the reference answers as columns: numbers where all are numbers."""

    def read(name: str, *, skip: int = 0) -> dict[str, np.ndarray]:
        lines = (reference / name).read_text().splitlines()[skip:]
        rows = list(csv.DictReader(lines))
        columns = {}
        for key in rows[0]:
            values = [row[key] for row in rows]
            try:
                columns[key] = np.array([float(value) for value in values])
            except ValueError:
                columns[key] = np.array(values)
        return columns

    return read


@pytest.fixture(scope="session")
def read_answers(reference: Path) -> Callable[[str], Any]:
    """Read a JSON file of the reference answers."""
    return lambda name: json.loads((reference / name).read_text())


@pytest.fixture(scope="session")
def read_gal(reference: Path) -> Callable[[str], tuple[list[str], hotspots.Neighbours]]:
    """Read a GAL file: the ids in its order, and their neighbours."""

    def read(name: str) -> tuple[list[str], hotspots.Neighbours]:
        lines = (reference / name).read_text().splitlines()[1:]
        ids = [line.split()[0] for line in lines[::2]]
        at = {key: place for place, key in enumerate(ids)}
        pairs = [
            (place, at[other]) for place, line in enumerate(lines[1::2]) for other in line.split()
        ]
        first, second = np.array(pairs).T
        return ids, hotspots.neighbours_from_pairs(len(ids), first, second)

    return read
