"""A generated place as files: GeoJSON, one feature a line, compact and byte for byte the same."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from gridmap.geometry.crs import DECIMALS, LocalCRS

BASE_DECIMALS = 6  # 11 cm: enough for what is drawn, and for footprints with gaps of metres


def write_features(
    path: Path,
    features: Iterable[tuple[Any, dict[str, Any]]],
    crs: LocalCRS,
    *,
    decimals: int = DECIMALS,
) -> None:
    """Write metric geometries with their properties as a FeatureCollection in degrees."""
    listed = list(features)
    geometries = crs.publish(np.array([g for g, _ in listed], dtype=object), decimals=decimals)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write('{"type":"FeatureCollection","features":[\n')
        lines = (
            _dump({"type": "Feature", "properties": properties, "geometry": _geometry(geometry)})
            for geometry, (_, properties) in zip(geometries, listed, strict=True)
        )
        file.write(",\n".join(lines))
        file.write("\n]}\n")


def write_document(path: Path, document: dict[str, Any]) -> None:
    """Write place.json, its long lists one entry a line."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("{\n")
        parts = []
        for key, value in document.items():
            if isinstance(value, list) and value and isinstance(value[0], dict):
                inner = ",\n".join(f"  {_dump(item)}" for item in value)
                parts.append(f'"{key}":[\n{inner}\n]')
            else:
                parts.append(f"{_dump(key)}:{_dump(value)}")
        file.write(",\n".join(parts))
        file.write("\n}\n")


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _geometry(geometry: Any) -> dict[str, Any]:
    """GeoJSON's form; coordinates come from NumPy rounding, so `repr` writes no more decimals."""
    return dict(shapely.geometry.mapping(geometry))
