"""Put the page and the five places into the wheel; without either it would be a silent loss."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BuildPage(BuildHookInterface):  # type: ignore[type-arg]
    """Hatch calls `initialize` before it collects the files of a wheel."""

    PLUGIN_NAME = "build-page"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build `dist/` unless it is there already; an editable install needs nothing."""
        web = Path(self.root) / "gridmap" / "web"
        if version == "editable":
            return
        build_data["force_include"]["data/geojson"] = "gridmap/demo/geojson"
        if (web / "dist" / "index.html").exists():
            return
        if not (web / "package.json").exists():
            raise RuntimeError(f"{web} holds no page to build")
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=web, check=True)
        subprocess.run(["npm", "run", "build"], cwd=web, check=True)
