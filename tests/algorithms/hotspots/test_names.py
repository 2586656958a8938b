"""One door to all methods, that costs nothing until it is used."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from gridmap.algorithms import hotspots
from gridmap.algorithms.hotspots import kernels
from gridmap.errors import Unavailable

FUNCTIONS = [name for name in hotspots.__all__ if inspect.isfunction(getattr(hotspots, name))]


def test_every_name_is_there_once():
    assert sorted(set(hotspots.__all__)) == hotspots.__all__ == dir(hotspots)
    assert len(FUNCTIONS) > 50
    with pytest.raises(AttributeError):
        _ = hotspots.no_such_method


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_method_says_what_it_takes(name):
    method = getattr(hotspots, name)
    words = inspect.getdoc(method)
    assert words
    assert not words.splitlines()[0].endswith("..")
    described = words.replace("\n", " ")
    keyword_only = [
        parameter.name
        for parameter in inspect.signature(method).parameters.values()
        if parameter.kind is parameter.KEYWORD_ONLY
    ]
    assert all(parameter in described for parameter in keyword_only), name


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_method_stands_in_the_readme(name):
    readme = Path(__file__).resolve().parents[3] / "README.md"
    assert f"`{name}`" in readme.read_text(encoding="utf-8")


def test_importing_it_imports_nothing_heavy():
    code = (
        "import sys; from gridmap.algorithms import hotspots; "
        "print([m for m in ('numpy', 'scipy', 'numba', 'pandas', 'sklearn') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "[]"


def test_what_needs_no_loop_needs_no_numba():
    code = """
import sys
import numpy as np
from gridmap.algorithms import hotspots
cells = hotspots.tessellate((0, 0, 900, 900), 100)
counts = hotspots.count_in_cells(cells, [100.0, 120.0], [300.0, 310.0])
hotspots.getis_ord(counts, hotspots.cell_neighbours(cells))
hotspots.smooth_rates([1, 2, 3], [10, 20, 5])
hotspots.score_map([1, 2], [0, 3])
hotspots.week_clock(["2026-01-01"])
hotspots.compare_counts(3, 9)
assert "numba" not in sys.modules and "pandas" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_without_numba_a_loop_says_what_to_install(monkeypatch):
    for module in list(sys.modules):
        if module.startswith(("numba", kernels.__name__ + ".")):
            monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "numba", None)
    with pytest.raises(Unavailable, match="numba") as refused:
        hotspots.mann_kendall(np.arange(5.0))
    assert refused.value.hint == "pip install gridmap[analysis]"
    with pytest.raises(Unavailable):
        hotspots.dbscan([0.0], [0.0], radius_m=1, min_points=1)


def test_examples_in_docstrings_are_true():
    import doctest

    from gridmap.algorithms.hotspots import local, trends

    for module in (local, trends):
        found = doctest.testmod(module)
        assert found.attempted > 0
        assert found.failed == 0
