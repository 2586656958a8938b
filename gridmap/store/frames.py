"""Layers as GeoDataFrames, for notebooks and maps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from gridmap.errors import Fault, InvalidInput
from gridmap.store.layers import find_layer

if TYPE_CHECKING:
    import geopandas as gpd


def read_layer(connection: sa.Connection, name: str, **wanted: Any) -> gpd.GeoDataFrame:
    """Read a layer, or the features whose properties have the wanted values.

    Parameters
    ----------
    connection
        An open connection.
    name
        Public name of a layer, such as `micro-grids`.
    **wanted
        Property = value, such as `place="nanjie"`, `level=2`.

    Returns
    -------
    geopandas.GeoDataFrame
        Indexed by id, one column a property, geometry in EPSG:4326, longitude first.

    Raises
    ------
    NotFound
        No such layer.
    InvalidInput
        No such property.
    """
    import geopandas as gpd  # noqa: PLC0415 - a second that the command line does not pay
    import shapely  # noqa: PLC0415

    layer = find_layer(name)
    unknown = [key for key in wanted if layer.property(key) is None]
    if unknown:
        known = ", ".join(item.name for item in layer.properties)
        raise InvalidInput(
            f"Layer {name} has no property {', '.join(unknown)}",
            hint=f"Properties: {known}.",
            faults=tuple(Fault("no such property", field=key) for key in unknown),
        )
    columns = ", ".join(f'{item.column} AS "{item.name}"' for item in layer.properties)
    conditions = [layer.condition] if layer.condition else []
    conditions += [f"{layer.property(key).column} = :{key}" for key in wanted]  # type: ignore[union-attr]
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    rows = connection.execute(
        sa.text(
            f"SELECT id, {columns}, ST_AsBinary(geom) AS geom FROM {layer.table}{where} ORDER BY id"
        ),
        wanted,
    )
    names = [column for column in rows.keys() if column != "geom"]  # noqa: SIM118 - not a dict
    records = rows.all()
    geometry = shapely.from_wkb([bytes(record.geom) for record in records])
    frame = gpd.GeoDataFrame(
        [record[:-1] for record in records], columns=names, geometry=geometry, crs="EPSG:4326"
    )
    return frame.set_index("id")
