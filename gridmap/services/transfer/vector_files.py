"""GeoPackage, FlatGeobuf and Shapefile, read by GDAL page by page.

GDAL opens what it is given: hundreds of formats, addresses, files that name other files. So it is
given only a link in a folder of our own, made after the file's first bytes were recognised, and its
network file systems are switched off.
"""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Generator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import pyogrio
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError

from gridmap.errors import InvalidInput, TooLarge, UnreadableFile
from gridmap.services.transfer import shapefiles
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
# Names of feature tables that mean a layer.
_MEANS = {
    "streets": {"streets", "street", "roads", "road", "highways", "道路"},
    "buildings": {"buildings", "building", "楼栋", "建筑"},
    "water": {"water", "waters", "waterways", "水系"},
    "land-use": {"landuse", "land_use", "land-use", "用地"},
    "resource-points": {"pois", "poi", "points_of_interest", "resource_points", "resource-points"},
    "territories": {"territories", "territory", "counties", "communities", "辖区"},
    "grids": {"grids", "grid", "网格"},
    "micro-grids": {"micro-grids", "micro_grids", "microgrids", "微网格"},
    "incidents": {"incidents", "incident", "events", "事件"},
}

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
        Name of the layer inside a GeoPackage.
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
        if kind == "geopackage":
            _check_database(path)
        link = folder / f"source{suffix}"
        link.symlink_to(path.absolute())
    notes: list[str] = []
    name = _choose_layer(link, kind, layer, source_layer, notes)
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
        yield Page(layer, done + 1, named, geometry, faults, repairs)
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


def _choose_layer(link: Path, kind: Kind, layer: str, wanted: str | None, notes: list[str]) -> str:
    listed = _called(pyogrio.list_layers, link)
    names = [str(name) for name, geometry in listed if geometry is not None]
    if not names:
        raise UnreadableFile("The file is broken, or it has no layer with geometries")
    if kind == "shapefile":
        return names[0]
    if wanted is not None:
        if wanted not in names:
            raise InvalidInput(
                f"The file has no layer {wanted!r}", hint=f"It has {', '.join(names)}."
            )
        return wanted
    if len(names) == 1:
        return names[0]
    meant = [name for name in names if name.casefold() in _MEANS.get(layer, {layer})]
    if len(meant) == 1:
        notes.append(f"Of the layers {', '.join(names)} the one called {meant[0]} was read")
        return meant[0]
    raise InvalidInput(
        f"The file has several layers: {', '.join(names)}",
        hint="Say which one with --source-layer NAME.",
    )


def _check_database(path: Path) -> None:
    """Refuse an SQLite file that is no plain GeoPackage.

    Views and virtual tables can read other files and tables when they are opened; a GeoPackage for
    exchange needs neither, apart from its spatial index.
    """
    address = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
    try:
        connection = sqlite3.connect(address, uri=True)
        try:
            rows = connection.execute(
                "SELECT type, name, coalesce(sql, '') FROM sqlite_master"
            ).fetchall()
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise UnreadableFile(f"{path.name} is a broken SQLite file: {error}") from error
    if "gpkg_contents" not in {name for _, name, _ in rows}:
        raise UnreadableFile(f"{path.name} is an SQLite file, but no GeoPackage")
    for type_, name, statement in rows:
        if type_ == "view":
            raise UnreadableFile(
                f"{path.name} has a view ({name}); gridmap reads tables only",
                hint="Export the table into a GeoPackage of its own.",
            )
        text = statement.casefold()
        if "virtual table" in text and " using rtree" not in text.replace('"', " "):
            raise UnreadableFile(f"{path.name} has a virtual table ({name}), which is not opened")
