"""What an operator can set, read once from the environment by `cli` and `api.app`.

Every name here is documented in the table of settings of the README; a test holds that.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import platformdirs

from gridmap.errors import Fault, InvalidInput


@dataclass(frozen=True)
class Settings:
    """One process's settings; the variable of `data_dir` is `GRIDMAP_DATA_DIR`, and so on."""

    data_dir: Path
    database_url: str | None = None
    host: str = "127.0.0.1"
    port: int = 8080
    workers: int = 1
    token: str | None = None
    basemap: str = "blank"  # blank | osm | tianditu | pmtiles
    basemap_url: str | None = None  # the PMTiles archive, or another raster template
    tianditu_key: str | None = None
    tile_cache_mb: int = 256
    log_level: str = "info"


def _default_data_dir() -> Path:
    # root's home is 0700, and the server runs as an ordinary user that must reach its folder.
    if os.name == "posix" and os.geteuid() == 0:
        return Path("/var/lib/gridmap")
    return Path(platformdirs.user_data_dir("gridmap", appauthor=False))


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read the `GRIDMAP_…` variables.

    Raises
    ------
    InvalidInput
        A value of the wrong kind, or an unknown `GRIDMAP_…` variable (most often a typing error).
    """
    known = {f"GRIDMAP_{field.name.upper()}": field for field in fields(Settings)}
    faults = [
        Fault("unknown setting", field=name)
        for name in environ
        if name.startswith("GRIDMAP_") and name not in known
    ]
    values: dict[str, object] = {}
    for name, field in known.items():
        text = environ.get(name, "").strip()
        if not text:
            continue
        if field.type == "int":
            try:
                values[field.name] = int(text)
            except ValueError:
                faults.append(Fault(f"{text!r} is not a whole number", field=name))
        elif field.type == "Path":
            values[field.name] = Path(text).expanduser().absolute()
        else:
            values[field.name] = text
    basemap = values.get("basemap", "blank")
    if basemap not in {"blank", "osm", "tianditu", "pmtiles"}:
        faults.append(Fault("choose blank, osm, tianditu or pmtiles", field="GRIDMAP_BASEMAP"))
    if faults:
        listed = "; ".join(f"{fault.field}: {fault.reason}" for fault in faults)
        raise InvalidInput(
            f"The settings cannot be used: {listed}",
            hint="The README has the table of settings.",
            faults=tuple(faults),
        )
    values.setdefault("data_dir", _default_data_dir())
    return Settings(**values)  # type: ignore[arg-type]
