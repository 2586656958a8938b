"""Tiles of what is not in any table: features of an answer, drawn by PostGIS all the same."""

from __future__ import annotations

import sqlalchemy as sa


def draw_tile(
    connection: sa.Connection,
    layer: str,
    address: tuple[int, int, int],
    rows: list[tuple[int, bytes, int, float | None]],
) -> bytes:
    """Draw features as one layer of a vector tile.

    Parameters
    ----------
    layer
        Name of the layer.
    address
        Zoom, column and row (from the north-west).
    rows
        Id, geometry as WKB in degrees, class, and count (or None) of each feature.
    """
    drawn = connection.scalar(
        sa.text("""
            SELECT ST_AsMVT(tile, :layer, 4096, 'geom', 'id') FROM (
              SELECT r.id, r.class, r.count,
                     ST_AsMVTGeom(ST_Transform(ST_GeomFromWKB(r.wkb, 4326), 3857),
                                  ST_TileEnvelope(:z, :x, :y), 4096, 64, true) AS geom
              FROM unnest(CAST(:ids AS bigint[]), CAST(:wkb AS bytea[]), CAST(:classes AS int[]),
                          CAST(:counts AS float8[])) AS r (id, wkb, class, count)
            ) AS tile WHERE geom IS NOT NULL
        """),
        {
            "layer": layer,
            "z": address[0],
            "x": address[1],
            "y": address[2],
            "ids": [row[0] for row in rows],
            "wkb": [row[1] for row in rows],
            "classes": [row[2] for row in rows],
            "counts": [row[3] for row in rows],
        },
    )
    return bytes(drawn or b"")
