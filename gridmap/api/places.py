"""`GET /places`: every place, what it has and where it lies."""

from __future__ import annotations

from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response

from gridmap.api.deps import Parameters, get_memory, get_pool
from gridmap.api.rendering import answer, dump
from gridmap.api.selection import take_format
from gridmap.store import features, overview

_LEVEL_COUNTS = {2: "grids", 3: "micro_grids"}

router = APIRouter(include_in_schema=False)


@router.api_route("/places", methods=["GET", "HEAD"])
async def places(request: Request) -> Response:
    """All places; counts are of what is valid today."""
    parameters = Parameters(request)
    take_format(parameters)
    parameters.finish()
    memory = get_memory(request)
    async with features.snapshot(get_pool(request)) as connection:
        versions = await overview.read_versions(connection)
        listed = await overview.read_places(connection)
        grids = await memory.recall(
            ("grids", versions["grid"]), partial(overview.count_grids, connection)
        )
        networks = await overview.read_networks(connection, grids)
        counts = [
            await memory.recall(
                ("places", table, versions[table]),
                partial(overview.count_by_place, connection, table),
            )
            for table in overview.COUNTED_TABLES
        ]
    document = {
        "places": [
            {
                **place,
                "counts": _counts(place["key"], networks.get(place["key"], []), counts),
                "networks": networks.get(place["key"], []),
            }
            for place in listed
        ]
    }
    return answer(request, dump(document), headers={"Cache-Control": "no-cache"})


def _counts(
    key: str, networks: list[dict[str, Any]], counts: list[dict[str, dict[str, int]]]
) -> dict[str, int]:
    """Put the counts of one place together; grids are those of its authoritative networks."""
    made = dict.fromkeys(overview.COUNT_NAMES, 0)
    for counted in counts:
        made |= counted.get(key, {})
    for network in networks:
        if network["authoritative"]:
            for level in network["levels"]:
                if level["level"] in _LEVEL_COUNTS:
                    made[_LEVEL_COUNTS[level["level"]]] += level["count"]
    return made
