"""From a path to a source: what kind of file is it, and who reads it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from gridmap.errors import InvalidInput
from gridmap.services.transfer.archives import unpack
from gridmap.services.transfer.detection import Kind, detect
from gridmap.services.transfer.options import ImportOptions
from gridmap.services.transfer.pages import Source

_COORDINATES = {"lon", "lat", "wkt"}


def hash_file(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def open_source(  # noqa: PLR0911 - one for each reader
    path: Path, kind: Kind, folder: Path, options: ImportOptions
) -> Source:
    """Open a file whose kind was detected.

    Parameters
    ----------
    path, kind
        The file, and what `detect` says about it.
    folder
        An empty folder of our own, for what is unpacked and for links.
    options
        What the user says about it.

    Raises
    ------
    InvalidInput, UnreadableFile, TooLarge
        As the readers say.
    """
    source_layer = options.source_layer
    if kind == "zip":
        path = unpack(path, folder, wanted=source_layer)
        kind = detect(path)
        if kind == "zip":
            raise InvalidInput("The archive holds another archive", hint="Unpack it yourself.")
        # The name has chosen the dataset in the archive; it is none inside of it.
        source_layer = None
    layer, *more = options.layers_for(is_osm=kind == "osm")
    if kind == "osm":
        from gridmap.services.transfer.osm_files import open_osm  # noqa: PLC0415 - a large library

        return open_osm(path, (layer, *more))
    if kind == "geojson":
        from gridmap.services.transfer.geojson import open_geojson  # noqa: PLC0415

        return open_geojson(path, layer)
    if kind == "geojson-lines":
        from gridmap.services.transfer.geojson import open_lines  # noqa: PLC0415

        return open_lines(path, layer)
    if kind == "geoparquet":
        from gridmap.services.transfer.parquet_files import open_parquet  # noqa: PLC0415

        return open_parquet(path, layer)
    if kind == "csv":
        from gridmap.services.transfer.csv_files import open_csv  # noqa: PLC0415

        mapped = {name: to for name, to in options.mapped.items() if to in _COORDINATES}
        return open_csv(path, layer, mapped=mapped, encoding=options.encoding)
    if kind == "geopackage":
        from gridmap.services.transfer import geopackages  # noqa: PLC0415

        # Only GDAL makes straight lines of curves.
        if not geopackages.has_curves(path):
            return geopackages.open_geopackage(path, layer=layer, source_layer=source_layer)
    from gridmap.services.transfer.vector_files import open_vector_file  # noqa: PLC0415

    return open_vector_file(
        path,
        kind,
        folder,
        layer=layer,
        source_layer=source_layer,
        encoding=options.encoding,
    )
