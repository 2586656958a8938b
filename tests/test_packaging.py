"""What is imported at once is required: a plain `pip install` of the wheel has to start."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions, requires
from pathlib import Path

ROOT = Path(__file__).parents[1]


def imported_at_once(statements: list[ast.stmt]) -> Iterator[str]:
    """Packages that a module imports when it is imported itself."""
    for statement in statements:
        if isinstance(statement, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in statement.names)
        elif isinstance(statement, ast.ImportFrom):
            yield str(statement.module).partition(".")[0]
        elif isinstance(statement, ast.If) and ast.unparse(statement.test) == "TYPE_CHECKING":
            yield from imported_at_once(statement.orelse)
        elif isinstance(statement, ast.If | ast.Try | ast.With | ast.ClassDef):
            yield from imported_at_once(statement.body)


def names(requirements: Iterable[str]) -> set[str]:
    """Packages of lines such as `numba>=0.61`."""
    return {re.split(r"[^a-z0-9-]", line.lower().replace("_", "-"))[0] for line in requirements}


def test_every_package_that_is_imported_at_once_is_a_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    required = names(project["dependencies"])
    # FastAPI and folium bring what their users write against.
    for name in ("fastapi", "folium"):
        required |= names(line for line in requires(name) or () if "extra ==" not in line)
    providers = packages_distributions()
    found = {}
    for file in sorted((ROOT / "gridmap").rglob("*.py")):
        inside = file.relative_to(ROOT)
        if "node_modules" in inside.parts or file.name == "build_page.py":  # builds the wheel
            continue
        for name in imported_at_once(ast.parse(file.read_text()).body):
            if name not in sys.stdlib_module_names and name != "gridmap":
                found.setdefault(name, inside)
    missing = {
        name: str(file)
        for name, file in found.items()
        if not {one.lower().replace("_", "-") for one in providers.get(name, [name])} & required
    }
    assert len(found) > 15
    assert missing == {}
