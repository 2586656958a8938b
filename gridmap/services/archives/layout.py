"""How an archive lies on disk, and how one of its parts is written.

::

    DIR/_places.geojson                      key, name, meridian, time zone, ground of each place
    DIR/place=nanjie/month=2026-03/part-0.parquet

Folders are named as Hive names them, so that pyarrow, Dask, DuckDB, Spark and GDAL read the whole
as one table with the columns `place` and `month` (of the place's own time). A part is GeoParquet
1.1: points as WKB in longitude, latitude (OGC:CRS84), and a `bbox` column as covering, so that a
reader skips the row groups that lie elsewhere; rows are ordered along a Z curve for that. `x` and
`y` are the same points in metres of the place's own plane (`gridmap.geometry.crs`), so that
counting projects nothing. Titles and descriptions stay in the database: people are named there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gridmap.errors import Unavailable
from gridmap.geometry.crs import LocalCRS

PLACES = "_places.geojson"
ROW_GROUP = 131_072
FORMAT = 1  # of what stands under "gridmap" in a part's metadata

_WKB_POINT = np.dtype([("order", "u1"), ("kind", "<u4"), ("lon", "<f8"), ("lat", "<f8")])
_COVERING = {side: ["bbox", side] for side in ("xmin", "ymin", "xmax", "ymax")}


@dataclass(frozen=True)
class Ground:
    """What a place's parts share: its key, its metric plane and its clock."""

    key: str
    meridian: int
    time_zone: str


def load_arrow() -> ModuleType:
    """Import pyarrow.

    Raises
    ------
    Unavailable
        It is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 - an optional extra, and 0.1 s
        import pyarrow.parquet  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise Unavailable(
            "Archives need pyarrow, which is not installed.", hint="pip install gridmap[arrow]"
        ) from error
    module: ModuleType = pa
    return module


def write_part(path: Path, columns: dict[str, Any], ground: Ground, month: str) -> None:
    """Write the incidents of one place and month.

    Parameters
    ----------
    path
        The file; its folder is there.
    columns
        Arrays (of numpy or arrow) of equal length: `id`, `code`, `reported_at`, `closed_at`
        (microseconds since 1970, UTC), `category`, `severity`, `channel`, `state`, `lon`, `lat`
        (degrees).
    ground, month
        Whose they are, and the month (`2026-03`) of the place's own time.
    """
    pa = load_arrow()
    lon, lat = (np.asarray(columns[name], np.float64) for name in ("lon", "lat"))
    xy = LocalCRS(ground.meridian).to_metres(np.column_stack((lon, lat)))
    order = _along_a_curve(xy, np.asarray(columns["id"], np.int64))
    lon, lat, xy = lon[order], lat[order], xy[order]
    text = pa.dictionary(pa.int32(), pa.string())
    stamp = pa.timestamp("us", tz="UTC")
    kinds = {
        "id": pa.int64(),
        "code": pa.string(),
        "reported_at": stamp,
        "closed_at": stamp,
        "category": text,
        "severity": pa.int8(),
        "channel": text,
        "state": text,
    }
    made = {name: _column(pa, columns[name], kind).take(order) for name, kind in kinds.items()}
    made["x"], made["y"] = pa.array(xy[:, 0]), pa.array(xy[:, 1])
    made["geometry"] = _points(pa, lon, lat)
    made["bbox"] = _boxes(pa, lon, lat)
    box = [float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())]
    geo = {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {
            "geometry": {
                "encoding": "WKB",
                "geometry_types": ["Point"],
                "bbox": box,
                "covering": {"bbox": _COVERING},
            }
        },
    }
    own = {
        "format": FORMAT,
        "place": ground.key,
        "month": month,
        "meridian": ground.meridian,
        "time_zone": ground.time_zone,
    }
    table = pa.table(made).replace_schema_metadata(
        {"geo": json.dumps(geo), "gridmap": json.dumps(own)}
    )
    pa.parquet.write_table(table, path, compression="zstd", row_group_size=ROW_GROUP)


def _column(pa: ModuleType, values: Any, kind: Any) -> Any:
    """A column of the wanted type, in one chunk; integers become moments."""
    column = values if isinstance(values, (pa.Array, pa.ChunkedArray)) else pa.array(values)
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if pa.types.is_dictionary(kind) and not pa.types.is_dictionary(column.type):
        return column.cast(pa.string()).dictionary_encode()
    return column.cast(kind)


def _along_a_curve(xy: NDArray[np.float64], ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """The order along a Z curve of 65,536 × 65,536 squares; by id within a square."""
    low, high = xy.min(axis=0), xy.max(axis=0)
    scale = 65_535 / np.maximum(high - low, 1.0)
    square = ((xy - low) * scale).astype(np.uint64)
    curve = _spread(square[:, 0]) | (_spread(square[:, 1]) << np.uint64(1))
    return np.lexsort((ids, curve))


def _spread(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Put a 0 between the 16 bits of each number."""
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        bits = (bits | (bits << np.uint64(shift))) & np.uint64(mask)
    return bits


def _points(pa: ModuleType, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Any:
    """Points as well-known binary, without a loop: each has 21 bytes."""
    rows = np.empty(lon.size, _WKB_POINT)
    rows["order"], rows["kind"], rows["lon"], rows["lat"] = 1, 1, lon, lat
    offsets = np.arange(lon.size + 1, dtype=np.int32) * _WKB_POINT.itemsize
    return pa.BinaryArray.from_buffers(
        pa.binary(), lon.size, [None, pa.py_buffer(offsets), pa.py_buffer(rows)]
    )


def decode_points(column: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitude and latitude of a WKB column: at once where all are plain points."""
    import shapely  # noqa: PLC0415

    array = column.combine_chunks() if hasattr(column, "combine_chunks") else column
    _, offsets, data = array.buffers()
    if array.null_count == 0 and array.offset == 0 and data is not None:
        starts = np.frombuffer(offsets, np.int32, len(array) + 1)
        if (np.diff(starts) == _WKB_POINT.itemsize).all():
            rows = np.frombuffer(data, _WKB_POINT, len(array), offset=int(starts[0]))
            if (rows["order"] == 1).all() and (rows["kind"] == 1).all():
                return rows["lon"].copy(), rows["lat"].copy()
    shapes = shapely.from_wkb(np.asarray(array.to_pylist(), dtype=object))
    return shapely.get_x(shapes), shapely.get_y(shapes)


def _boxes(pa: ModuleType, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Any:
    """The covering: 32 bits a side, rounded outwards."""
    sides = {}
    for least, most, values in (("xmin", "xmax", lon), ("ymin", "ymax", lat)):
        near = values.astype(np.float32)
        below, above = np.float32(-np.inf), np.float32(np.inf)
        sides[least] = np.where(near > values, np.nextafter(near, below), near)
        sides[most] = np.where(near < values, np.nextafter(near, above), near)
    return pa.StructArray.from_arrays(
        [pa.array(sides[name]) for name in _COVERING], names=list(_COVERING)
    )
