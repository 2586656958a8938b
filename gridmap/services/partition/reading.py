"""The atoms of a file: names, polygons in metres, households."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyogrio
import pyproj
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError

from gridmap.errors import Fault, InvalidInput, UnreadableFile
from gridmap.geometry.crs import local_crs
from gridmap.services.partition.source import Source, refuse

Ints = NDArray[np.int64]

_WEB_MERCATOR = 3857


def read_atoms(source: Source) -> tuple[list[Any], Any, Ints, list[Any] | None]:
    """Read names, polygons in metres, households and, if they are asked for, blocks.

    Raises
    ------
    UnreadableFile
        No such file, or none that GDAL reads.
    InvalidInput
        A layer or column that is not there, names twice, counts that are none, no polygons, or
        coordinates of an unknown system.
    """
    wanted = [source.atom, source.households]
    if source.block is not None and source.adjacency is None:
        wanted.append(source.block)
    try:
        layer = _only_layer(source)
        info = pyogrio.read_info(source.path, layer=layer)
        missing = [name for name in wanted if name not in info["fields"]]
        if missing:
            raise InvalidInput(
                f"{source.path.name} has no column {missing[0]!r}",
                hint=f"Its columns: {', '.join(info['fields']) or 'none'}.",
                faults=tuple(Fault("no such column", field=name) for name in missing),
            )
        meta, _, geometry, values = pyogrio.raw.read(source.path, layer=layer, columns=wanted)
    except (DataSourceError, DataLayerError) as error:
        raise UnreadableFile(f"{source.path} cannot be read: {error}") from error
    columns = dict(zip(meta["fields"], values, strict=True))
    if geometry is None or len(geometry) == 0:
        raise InvalidInput(f"{source.path.name} has no atoms", hint="Is it the right layer?")
    names = [_plain(name) for name in columns[source.atom].tolist()]
    _check_names(names)
    try:
        polygons = shapely.from_wkb(geometry)
    except shapely.errors.ShapelyError as error:
        raise UnreadableFile(f"{source.path.name} has geometries of no known kind") from error
    polygons = _in_metres(polygons, source.crs or meta["crs"])
    households = _whole_numbers(columns[source.households], source.households)
    blocks = columns[source.block].tolist() if len(wanted) > 2 and source.block else None
    return names, polygons, households, blocks


def _only_layer(source: Source) -> str | None:
    """The layer that is meant; refuse one that is not there, and to guess among several."""
    listed = [str(name) for name in pyogrio.list_layers(source.path)[:, 0]]
    if source.layer is None and len(listed) > 1:
        raise InvalidInput(
            f"{source.path.name} has {len(listed)} layers",
            hint=f"Name one with --layer: {', '.join(listed)}.",
            faults=(Fault("not named", field="layer"),),
        )
    if source.layer is not None and source.layer not in listed:
        raise InvalidInput(
            f"{source.path.name} has no layer {source.layer!r}",
            hint=f"Its layers: {', '.join(listed)}.",
            faults=(Fault("no such layer", field="layer"),),
        )
    return source.layer


def _plain(name: Any) -> Any:
    """A name as it stands in tables: formats without whole numbers keep 7 as 7.0."""
    return int(name) if isinstance(name, float) and name.is_integer() else name


def _check_names(names: Sequence[Any]) -> None:
    seen: set[str] = set()
    faults = []
    for row, name in enumerate(names, start=1):
        if name is None or name != name or str(name) == "":  # noqa: PLR0124 - NaN
            faults.append(Fault("an atom without a name", row=row, field="atom"))
        elif str(name) in seen:
            faults.append(Fault(f"{name} stands here twice", row=row, field="atom"))
        seen.add(str(name))
    refuse("The atoms have no names of their own", faults)


def _whole_numbers(values: NDArray[Any], field: str) -> Ints:
    """Counts as whole numbers."""
    try:
        numbers = values.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidInput(
            f"The column {field!r} holds no numbers: {error}", faults=(Fault("text", field=field),)
        ) from error
    faults = []
    for row, number in enumerate(numbers.tolist(), start=1):
        if not math.isfinite(number):
            faults.append(Fault("no number", row=row, field=field))
        elif number < 0:
            faults.append(Fault(f"{number:g} is negative", row=row, field=field))
        elif number != int(number):
            faults.append(Fault(f"{number:g} is not whole", row=row, field=field))
    refuse("Households are counted in whole numbers from 0", faults)
    return numbers.astype(np.int64)


def _in_metres(polygons: Any, crs: str | None) -> Any:
    polygonal = np.isin(shapely.get_type_id(polygons), (3, 6))
    sound = polygonal & ~shapely.is_empty(polygons) & shapely.is_valid(polygons)
    reasons = shapely.is_valid_reason(polygons[~sound])
    refuse(
        "Atoms are valid polygons",
        [
            Fault(
                f"no valid polygon: {reason}" if polygonal[at] else "no polygon",
                row=int(at) + 1,
                field="geometry",
            )
            for at, reason in zip(np.flatnonzero(~sound), reasons, strict=True)
        ],
    )
    if crs is None:
        raise InvalidInput(
            "The file does not say what its coordinates are", hint="Say it: --crs EPSG:4547."
        )
    try:
        given = pyproj.CRS(crs)
    except pyproj.exceptions.CRSError as error:
        raise InvalidInput(
            f"{crs!r} is no coordinate system", faults=(Fault("unknown", field="crs"),)
        ) from error
    if given.is_projected and given.to_epsg() != _WEB_MERCATOR:
        factor = given.axis_info[0].unit_conversion_factor
        return polygons if factor == 1 else shapely.transform(polygons, lambda xy: xy * factor)
    to_degrees = pyproj.Transformer.from_crs(given, "EPSG:4326", always_xy=True)

    def degrees(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(to_degrees.transform(xy[:, 0], xy[:, 1]))

    in_degrees = shapely.transform(polygons, degrees)
    west, _, east, _ = shapely.total_bounds(in_degrees).tolist()
    if not (math.isfinite(west) and -180 <= west <= east <= 180):
        raise InvalidInput(
            "The coordinates are no degrees", hint="Name what they are: --crs EPSG:4547."
        )
    return local_crs((west + east) / 2).project(in_degrees)
