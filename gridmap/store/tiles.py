"""Vector tiles, drawn by the database."""

from __future__ import annotations

import asyncpg

from gridmap.model import Layer


async def draw(pool: asyncpg.Pool, layer: Layer, zoom: int, column: int, row: int) -> bytes:
    """Draw one layer of one tile."""
    columns = ", ".join(
        f"{item.column} AS {item.name}" for item in layer.properties if item.in_tiles
    )
    condition = f"AND {layer.condition}" if layer.condition else ""
    found: bytes | None = await pool.fetchval(
        f"SELECT ST_AsMVT(t, '{layer.name}', 4096, 'geom', 'id') FROM ("
        f"SELECT id, {columns}, ST_AsMVTGeom(mercator, ST_TileEnvelope($1, $2, $3)) AS geom"
        f" FROM {layer.table}"
        f" WHERE geom && ST_Transform(ST_TileEnvelope($1, $2, $3, margin => 64 / 4096.0), 4326)"
        f" {condition}) AS t",
        zoom,
        column,
        row,
    )
    return found or b""
