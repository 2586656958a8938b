"""Every notebook runs from its first cell to its last on a real database."""

from __future__ import annotations

import asyncio
from pathlib import Path

import nbformat
import pytest
import sqlalchemy as sa
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
PLACES = ("nanjie",)
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def demo_url(engine: sa.Engine, database_url: str) -> str:
    return database_url


@pytest.mark.filterwarnings("default")  # of the kernel's own libraries
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_to_its_end(
    path: Path, demo_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRIDMAP_DATABASE_URL", demo_url)
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=300, kernel_name="python3")
    asyncio.run(client.async_execute(cwd=str(path.parent)))
    outputs = [out for cell in notebook.cells if cell.cell_type == "code" for out in cell.outputs]
    assert any("text/html" in out.get("data", {}) for out in outputs), (
        "no table and no map was shown"
    )
    assert not [out for out in outputs if out.output_type == "error"]
