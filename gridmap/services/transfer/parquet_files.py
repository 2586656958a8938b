"""GeoParquet 1.x, by pyarrow; an optional part of the installation."""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

import numpy as np

from gridmap.errors import InvalidInput, TooLarge, UnreadableFile
from gridmap.services.transfer.geojson import WGS84
from gridmap.services.transfer.pages import PAGE_ROWS, Page, Source, geometries_of

# What the columns claim unpacked, against the file: run-length encoding packs well, not endlessly.
_MOST_BYTES = 2 * 1024**3
_MOST_RATIO = 100


def open_parquet(path: Path, layer: str) -> Source:
    """Open a GeoParquet file.

    Raises
    ------
    InvalidInput
        pyarrow is not installed.
    UnreadableFile
        No Parquet, no GeoParquet, or geometries in another form than WKB.
    TooLarge
        It claims to unpack to more than it can.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra
        import pyarrow.parquet as pq  # noqa: PLC0415
    except ImportError as error:
        raise InvalidInput(
            "GeoParquet needs pyarrow, which is not installed",
            hint="pip install 'gridmap[arrow]'",
        ) from error
    try:
        opened = pq.ParquetFile(path)
        described = (opened.schema_arrow.metadata or {}).get(b"geo")
    except (pa.ArrowException, OSError) as error:
        raise UnreadableFile(f"{path.name} is a broken Parquet file: {error}") from error
    _check_size(opened, path)
    column, crs = _geometry_column(described, opened.schema_arrow.names, path.name)

    def pages() -> Generator[Page, None, None]:
        first = 1
        try:
            for batch in opened.iter_batches(batch_size=PAGE_ROWS):
                page = _page(batch, column, layer, first)
                yield page
                first += len(page)
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise UnreadableFile(f"{path.name} is a broken Parquet file: {error}") from error

    rows = opened.metadata.num_rows
    return Source("GeoParquet", pages(), crs=crs, rows=rows, handle=opened)


def _page(batch: Any, column: str, layer: str, first: int) -> Page:
    wkb = np.empty(len(batch), dtype=object)
    wkb[:] = batch.column(batch.schema.get_field_index(column)).to_pylist()
    geometry, faults, repairs = geometries_of(wkb)
    columns = {
        name: batch.column(i).to_pylist()
        for i, name in enumerate(batch.schema.names)
        if name != column and not _is_binary(batch.schema.types[i])
    }
    return Page(layer, first, columns, geometry, faults, repairs, wkb=wkb)


def _is_binary(kind: Any) -> bool:
    return "binary" in str(kind)


def _check_size(opened: Any, path: Path) -> None:
    metadata = opened.metadata
    claimed = sum(metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups))
    if claimed > _MOST_BYTES and claimed > _MOST_RATIO * path.stat().st_size:
        raise TooLarge(f"{path.name} claims {claimed / 1024**3:,.1f} GB unpacked")


def _geometry_column(
    described: bytes | None, names: list[str], file: str
) -> tuple[str, str | None]:
    """Name of the primary geometry column, and its CRS."""
    if described is None:
        raise UnreadableFile(
            f"{file} is a Parquet file without the metadata of GeoParquet",
            hint="Write it with GeoPandas or GDAL, or give CSV with coordinates.",
        )
    try:
        geo = json.loads(described)
        column = geo["primary_column"]
        about = geo["columns"][column]
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableFile(f"{file} has broken metadata of GeoParquet") from error
    if about.get("encoding") != "WKB" or column not in names:
        raise UnreadableFile(f"{file} has geometries in another form than WKB")
    if "crs" not in about:
        return column, WGS84
    crs = about["crs"]
    return column, None if crs is None else json.dumps(crs)
