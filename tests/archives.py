"""Archives of invented incidents, as large as a test wants them."""

from __future__ import annotations

import json
from datetime import UTC, date
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from gridmap.services.archives.layout import PLACES, Ground, write_part
from gridmap.services.archives.months import after, microseconds, midnight, months_between

BOX = (116.2, 39.75, 116.6, 40.02)  # 34 × 30 km of Beijing
ZONE = ZoneInfo("Asia/Shanghai")
CATEGORIES = np.array(["dispute", "environment", "facility", "hazard"])


def make_archive(folder: Path, incidents: int, *, year: int = 2026, place: str = "made") -> Path:
    """Write a year of incidents, half of them in clusters 300 m wide; the same ones every time."""
    rng = np.random.default_rng(7)
    west, south, east, north = BOX
    middles = rng.uniform((west, south), (east, north), (400, 2))
    ground = Ground(place, 117, "Asia/Shanghai")
    number = 0
    for month in months_between(date(year, 1, 1), date(year, 12, 1)):
        size = incidents // 12
        near = middles[rng.integers(0, 400, size // 2)] + rng.normal(0, 0.003, (size // 2, 2))
        far = rng.uniform((west, south), (east, north), (size - size // 2, 2))
        lonlat = np.clip(np.concatenate((near, far)), (west, south), (east, north))
        begins, ends = (
            microseconds(midnight(day, ZONE).astimezone(UTC)) for day in (month, after(month))
        )
        at = rng.integers(begins, ends, size)
        columns = {
            "id": np.arange(number, number + size),
            "code": np.full(size, ""),
            "reported_at": at,
            "closed_at": at + 3_600_000_000,
            "category": CATEGORIES[rng.integers(0, 4, size)],
            "severity": rng.integers(1, 5, size).astype(np.int8),
            "channel": np.full(size, "patrol"),
            "state": np.full(size, "closed"),
            "lon": lonlat[:, 0],
            "lat": lonlat[:, 1],
        }
        home = folder / f"place={place}" / f"month={month:%Y-%m}"
        home.mkdir(parents=True)
        write_part(home / "part-0.parquet", columns, ground, f"{month:%Y-%m}")
        number += size
    box = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    feature = {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [box]},
        "properties": {"key": place, "name": place, "meridian": 117, "time_zone": str(ZONE)},
    }
    text = json.dumps({"type": "FeatureCollection", "features": [feature]})
    (folder / PLACES).write_text(text, encoding="utf-8")
    return folder
