"""Files made on the spot, and imports into a real database."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
import sqlalchemy as sa

from gridmap.services.transfer import ImportOptions, Report, import_file
from gridmap.store.tables import LAYER_TABLES

WATCHED = (*LAYER_TABLES, "place", "network", "plan", "atom", "plan_atom", "import_run", "audit")


@pytest.fixture
def load(engine: sa.Engine) -> Callable[..., Report]:
    """Import a file with options by name."""

    def run(path: Path, **options: Any) -> Report:
        return import_file(engine, path, ImportOptions(**options), actor="tester")

    return run


@pytest.fixture
def rows(engine: sa.Engine) -> Callable[..., list[dict[str, Any]]]:
    """Rows of a table as dictionaries, geometries as WKT."""

    def read(table: str, where: str = "true", order: str = "id") -> list[dict[str, Any]]:
        with engine.connect() as connection:
            found = connection.execute(
                sa.text(
                    f"SELECT *, ST_AsText(geom) AS wkt FROM {table} WHERE {where} ORDER BY {order}"
                )
            )
            return [row._asdict() for row in found]

    return read


@pytest.fixture
def everything(engine: sa.Engine) -> Callable[[], dict[str, int]]:
    """How many rows every table has: what must be equal before and after a refused import."""

    def count() -> dict[str, int]:
        with engine.connect() as connection:
            return {
                table: connection.scalar(sa.text(f"SELECT count(*) FROM {table}"))
                for table in WATCHED
            }

    return count


@pytest.fixture
def geojson(tmp_path: Path) -> Callable[..., Path]:
    """Write features, each a geometry (shapely, GeoJSON or raw text) and properties."""

    def write(*features: tuple[Any, dict[str, Any]], name: str = "file.geojson") -> Path:
        texts = []
        for geometry, properties in features:
            if isinstance(geometry, str):
                shown = geometry
            elif geometry is None or isinstance(geometry, dict):
                shown = json.dumps(geometry)
            else:
                shown = shapely.to_geojson(geometry)
            texts.append(
                f'{{"type":"Feature","properties":{json.dumps(properties)},"geometry":{shown}}}'
            )
        path = tmp_path / name
        path.write_text(
            '{"type":"FeatureCollection","features":[' + ",\n".join(texts) + "]}", encoding="utf-8"
        )
        return path

    return write


@pytest.fixture
def vector(tmp_path: Path) -> Callable[..., Path]:
    """Write a file by GDAL; the driver follows from the name."""

    def write(
        name: str,
        geometry: Any,
        /,
        *,
        crs: str | None = "EPSG:4326",
        encoding: str | None = None,
        layer: str | None = None,
        **columns: Any,
    ) -> Path:
        shapes = np.asarray(geometry, dtype=object)
        kinds = set(shapely.get_type_id(shapes).tolist())
        deep = bool(shapely.has_z(shapes).any())
        names = {0: "Point", 1: "LineString", 3: "Polygon", 5: "MultiLineString", 6: "MultiPolygon"}
        values = [
            np.array(column, dtype=object if isinstance(column[0], str | None) else None)
            for column in columns.values()
        ]
        path = tmp_path / name
        pyogrio.raw.write(
            path,
            shapely.to_wkb(shapes),
            values,
            list(columns),
            geometry_type=names[kinds.pop()] + " Z" * deep if len(kinds) == 1 else "Unknown",
            crs=crs,
            encoding=encoding,
            layer=layer,
            append=layer is not None and path.exists(),
        )
        return path

    return write


@pytest.fixture
def houses() -> Callable[..., np.ndarray]:
    """Make footprints in a row, 20 m apart, from a corner in degrees."""

    def make(count: int, longitude: float = 101.24, latitude: float = 25.5) -> np.ndarray:
        west = longitude + np.arange(count) * 2e-4
        return np.asarray(shapely.box(west, latitude, west + 1e-4, latitude + 1e-4))

    return make
