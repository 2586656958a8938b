"""What there is: every place with its window, its networks and how much of everything."""

from __future__ import annotations

import json
from typing import Any

import asyncpg

# One row for each place that has rows: counts by name. The conditions are those of the layers.
_COUNTS = {
    "territory": """
        SELECT place, count(*) AS territories FROM territory
        WHERE valid @> current_date GROUP BY place
    """,
    "building": """
        SELECT place, count(*) AS buildings, sum(households) AS households,
               sum(residents) AS residents
        FROM building GROUP BY place
    """,
    "resource_point": """
        SELECT place, count(*) AS resource_points FROM resource_point GROUP BY place
    """,
    "incident": "SELECT place, count(*) AS incidents FROM incident GROUP BY place",
}
COUNT_NAMES = (
    "territories", "grids", "micro_grids", "buildings", "households", "residents",
    "resource_points", "incidents",
)  # fmt: skip
COUNTED_TABLES = tuple(_COUNTS)


async def read_versions(connection: asyncpg.Connection) -> dict[str, tuple[int, Any]]:
    """Read what the counts of each table depend on: its revision and the day."""
    rows = await connection.fetch("SELECT source, revision, current_date FROM layer_revision")
    return {row[0]: (row[1], row[2]) for row in rows}


async def count_by_place(connection: asyncpg.Connection, table: str) -> dict[str, dict[str, int]]:
    """Count what a table has for each place: key of the place → name of the count → number."""
    rows = await connection.fetch(_COUNTS[table])
    return {
        row["place"]: {name: int(row[name] or 0) for name in row.keys() if name != "place"}  # noqa: SIM118
        for row in rows
    }


async def read_places(connection: asyncpg.Connection) -> list[dict[str, Any]]:
    """Read every place with its window (None when it has no territory), in the order of codes."""
    rows = await connection.fetch("""
        SELECT p.key, p.code, p.name, p.name_en, p.time_zone, p.demo,
               ST_XMin(t.box) AS west, ST_YMin(t.box) AS south,
               ST_XMax(t.box) AS east, ST_YMax(t.box) AS north
        FROM place AS p
        LEFT JOIN (
          SELECT place, ST_Extent(geom) AS box FROM territory
          WHERE valid @> current_date GROUP BY place
        ) AS t ON t.place = p.key
        ORDER BY p.code, p.key
    """)
    return [
        {
            **{name: row[name] for name in ("key", "code", "name", "name_en", "time_zone", "demo")},
            "bbox": (
                None
                if row["west"] is None
                else [row[side] for side in ("west", "south", "east", "north")]
            ),
        }
        for row in rows
    ]


async def count_grids(connection: asyncpg.Connection) -> dict[int, dict[int, int]]:
    """Count the current grids: id of the network → level → number."""
    rows = await connection.fetch("""
        SELECT p.network_id, g.level, count(*) AS number
        FROM grid AS g JOIN plan AS p ON p.id = g.plan_id
        WHERE g.valid @> current_date GROUP BY p.network_id, g.level
    """)
    numbers: dict[int, dict[int, int]] = {}
    for row in rows:
        numbers.setdefault(row["network_id"], {})[row["level"]] = row["number"]
    return numbers


async def read_networks(
    connection: asyncpg.Connection, numbers: dict[int, dict[int, int]]
) -> dict[str, list[dict[str, Any]]]:
    """Read the networks by key of their place, the authoritative first.

    `numbers` of grids comes from `count_grids`.
    """
    rows = await connection.fetch("""
        SELECT n.id, n.place, n.key, n.name, n.name_en, n.authoritative, n.levels,
               t.code AS territory, t.name AS territory_name
        FROM network AS n JOIN territory AS t ON t.id = n.territory_id
        ORDER BY n.place, n.authoritative DESC, n.id
    """)
    named = ("key", "name", "name_en", "authoritative", "territory", "territory_name")
    networks: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        counted = numbers.get(row["id"], {})
        levels = [
            {
                "level": level["level"],
                "name": level.get("name"),
                "name_en": level.get("name_en"),
                "count": counted.get(level["level"], 0),
            }
            for level in json.loads(row["levels"])
        ]
        networks.setdefault(row["place"], []).append(
            {**{name: row[name] for name in named}, "levels": levels}
        )
    return networks
