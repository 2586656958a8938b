"""What an operator can set, read once from the environment by `cli` and `api.app`.

Every name here is documented in the table of settings of the README; a test holds that.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs

from gridmap.errors import Fault, InvalidInput

PREFIX = "GRIDMAP_"
BASEMAPS = ("blank", "osm", "tianditu", "pmtiles")
LOG_LEVELS = ("critical", "error", "warning", "info", "debug", "trace")


@dataclass(frozen=True)
class Settings:
    """One process's settings; the variable of `data_dir` is `GRIDMAP_DATA_DIR`, and so on.

    What is secret does not show when settings are printed.
    """

    data_dir: Path
    database_url: str | None = field(default=None, repr=False)
    host: str = "127.0.0.1"
    port: int = 8080
    workers: int = 1
    token: str | None = field(default=None, repr=False)
    basemap: str = "blank"
    basemap_url: str | None = None  # the PMTiles archive, or another raster template
    tianditu_key: str | None = field(default=None, repr=False)
    tile_cache_mb: int = 256
    log_level: str = "info"


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read the `GRIDMAP_…` variables; an empty one counts as not set.

    Raises
    ------
    InvalidInput
        A value of the wrong kind, or an unknown `GRIDMAP_…` variable (most often a typing error).
        The message repeats no secret.
    """
    known = {f"{PREFIX}{each.name.upper()}": each.name for each in fields(Settings)}
    faults = [
        Fault("unknown setting", field=name)
        for name in environ
        if name.startswith(PREFIX) and name not in known
    ]
    values: dict[str, object] = {}
    for variable, name in known.items():
        text = environ.get(variable, "").strip()
        if not text:
            continue
        try:
            values[name] = _READERS.get(name, str)(text)
        except ValueError as error:
            faults.append(Fault(str(error), field=variable))
    needs = {"tianditu": "tianditu_key", "pmtiles": "basemap_url"}.get(str(values.get("basemap")))
    if needs and needs not in values:
        reason = f"is needed for {PREFIX}BASEMAP={values['basemap']}"
        faults.append(Fault(reason, field=f"{PREFIX}{needs.upper()}"))
    if faults:
        listed = "; ".join(f"{fault.field}: {fault.reason}" for fault in faults)
        raise InvalidInput(
            f"The settings cannot be used: {listed}",
            hint="The README has the table of settings.",
            faults=tuple(faults),
        )
    values.setdefault("data_dir", default_data_dir())
    return Settings(**values)  # type: ignore[arg-type]


def default_data_dir() -> Path:
    """The data folder of this user."""
    # root's home is 0700, and the server runs as an ordinary user that must reach its folder.
    if os.name == "posix" and os.geteuid() == 0:
        return Path("/var/lib/gridmap")
    return Path(platformdirs.user_data_dir("gridmap", appauthor=False))


def _folder(text: str) -> Path:
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError as error:  # ~somebody
        raise ValueError(f"{text!r} names no user of this machine") from error


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit()) or not least <= int(text) <= most:
            raise ValueError(f"{text!r} is not a whole number from {least} to {most}")
        return int(text)

    return read


def _one_of(choices: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"choose {', '.join(choices[:-1])} or {choices[-1]}")
        return text

    return read


def _token(text: str) -> str:
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("use printable ASCII without spaces: it travels in an HTTP header")
    return text


def _database_url(text: str) -> str:
    """Check a URL and repeat nothing of it: a password may stand anywhere in a wrong one."""
    try:
        parts = urlsplit(text)
        is_whole = parts.port is None or parts.port > 0
    except ValueError:
        is_whole = False
    if not is_whole or parts.fragment or parts.scheme not in {"postgresql", "postgres"}:
        raise ValueError(
            "is not of the form postgresql://user:password@host:5432/database; in a password, "
            "write @ : / ? # % as %40 %3A %2F %3F %23 %25"
        )
    return text


_READERS: Mapping[str, Callable[[str], object]] = {
    "data_dir": _folder,
    "database_url": _database_url,
    "port": _whole(0, 65535),  # 0: any that is free
    "workers": _whole(1, 256),
    "token": _token,
    "basemap": _one_of(BASEMAPS),
    "tile_cache_mb": _whole(0, 2**20),
    "log_level": _one_of(LOG_LEVELS),
}
