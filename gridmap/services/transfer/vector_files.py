"""FlatGeobuf, Shapefile, and GeoPackage with curves, read by GDAL page by page.

GDAL opens what it is given: hundreds of formats, addresses, files that name other files. So it is
given only a link in a folder of our own, made after the file's first bytes were recognised, and its
network file systems are switched off.
"""

from __future__ import annotations

import warnings
from collections.abc import Generator
from pathlib import Path
from typing import Any, Literal

import pyogrio
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError

from gridmap.errors import TooLarge, UnreadableFile
from gridmap.services.transfer import shapefiles
from gridmap.services.transfer.layer_choice import choose_layer
from gridmap.services.transfer.pages import FIRST_PAGE_ROWS, PAGE_ROWS, Page, Source, geometries_of

_OPTIONS = {
    # No address is opened, whatever a file says.
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "CPL_CURL_ENABLE_VSIMEM": "NO",
    "GDAL_HTTP_PROXY": "127.0.0.1:9",
    "GDAL_HTTP_CONNECTTIMEOUT": "1",
    "OGR_SQLITE_LOAD_EXTENSIONS": None,
    "OGR_SQLITE_ALLOW_EXTERNAL_ACCESS": "NO",
    "OGR_SQLITE_LIST_VIRTUAL_OGR": "NO",
    "GDAL_VRT_ENABLE_PYTHON": "NO",
    # Outlines that are not closed are closed by us, and reported.
    "OGR_GEOMETRY_ACCEPT_UNCLOSED_RING": "YES",
}
_LONG_PAGE_ROWS = 100_000
_NOT_TEXT = {"OFTBinary"}
Kind = Literal["geopackage", "flatgeobuf", "shapefile"]
_FORMATS: dict[Kind, tuple[str, str]] = {
    "geopackage": ("GeoPackage", ".gpkg"),
    "flatgeobuf": ("FlatGeobuf", ".fgb"),
    "shapefile": ("Shapefile", ".shp"),
}


def open_vector_file(
    path: Path,
    kind: Kind,
    folder: Path,
    *,
    layer: str,
    source_layer: str | None = None,
    encoding: str | None = None,
) -> Source:
    """Open a file for reading.

    Parameters
    ----------
    path
        The file, whose kind is known from its first bytes.
    kind
        That kind.
    folder
        An empty folder of our own, where links are made.
    layer
        Public name of gridmap's layer that the features are for.
    source_layer
        Name of the layer, if the user has said one.
    encoding
        Encoding of a shapefile's texts.

    Raises
    ------
    UnreadableFile
        A broken file, or one that would make GDAL open other files.
    InvalidInput
        No such layer in the file, or several to choose from.
    """
    pyogrio.set_gdal_config_options(_OPTIONS)
    title, suffix = _FORMATS[kind]
    shapefile = None
    if kind == "shapefile":
        shapefile = shapefiles.gather(path, folder, encoding=encoding)
        link = shapefile.shp
    else:
        link = folder / f"source{suffix}"
        link.symlink_to(path.absolute())
    notes: list[str] = []
    names = [str(found) for found, type_ in _called(pyogrio.list_layers, link) if type_ is not None]
    # The name of a shapefile is that of its file, or has chosen it in its archive.
    wanted = None if kind == "shapefile" else source_layer
    name = choose_layer(names, layer, wanted, notes)
    info = _called(pyogrio.read_info, link, layer=name, encoding=_bytes_as_they_are(shapefile))
    if info["geometry_type"] is None:
        raise UnreadableFile(f"The layer {name!r} of {path.name} has no geometry")
    columns = [
        str(column)
        for column, type_ in zip(info["fields"], info["ogr_types"], strict=True)
        if type_ not in _NOT_TEXT
    ]
    if len(columns) < len(info["fields"]):
        notes.append("Columns of binary data were left out")
    rows = int(info["features"])
    # FlatGeobuf walks to where a page begins: few and long ones are read in less time.
    page_rows = PAGE_ROWS if info["capabilities"]["fast_set_next_by_index"] else _LONG_PAGE_ROWS
    crs = shapefile.crs_wkt if shapefile else info["crs"]
    return Source(
        format=title,
        pages=_pages(link, name, layer, columns, rows, page_rows, shapefile),
        crs=crs,
        rows=rows if rows >= 0 else None,
        layer=None if shapefile else name,
        short_names=shapefile is not None,
        notes=tuple(notes),
    )


def _bytes_as_they_are(shapefile: shapefiles.Shapefile | None) -> str | None:
    """Read every byte as one character: GDAL is not to guess an encoding."""
    return "ISO-8859-1" if shapefile else None


def _pages(
    link: Path,
    name: str,
    layer: str,
    columns: list[str],
    rows: int,
    page_rows: int,
    shapefile: shapefiles.Shapefile | None,
) -> Generator[Page, None, None]:
    done = 0
    while rows < 0 or done < rows:
        meta, _, wkb, values = _called(
            pyogrio.raw.read,
            link,
            layer=name,
            columns=columns,
            encoding=_bytes_as_they_are(shapefile),
            datetime_as_string=True,
            skip_features=done,
            # A short first page: the database begins while the second one is read.
            max_features=page_rows if done else FIRST_PAGE_ROWS,
        )
        if not len(wkb):
            return
        named: dict[str, NDArray[Any]] = dict(
            zip((str(field) for field in meta["fields"]), values, strict=True)
        )
        if shapefile:
            named = shapefiles.decode(named, shapefile, first_row=done + 1)
        geometry, faults, repairs = geometries_of(wkb)
        yield Page(layer, done + 1, named, geometry, faults, repairs, wkb=wkb)
        done += len(wkb)


def _called(function: Any, *args: Any, **kwargs: Any) -> Any:
    """Call GDAL; its errors become ours, its warnings are about files that are refused anyway."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return function(*args, **kwargs)
    except (DataSourceError, DataLayerError, UnicodeDecodeError, ValueError, RuntimeError) as error:
        said = str(error).replace(str(args[0]), Path(args[0]).name).split("; It might help")[0]
        raise UnreadableFile(f"The file is broken: {said}") from error
    except MemoryError as error:
        raise TooLarge("The file asks for more memory than there is") from error
