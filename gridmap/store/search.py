"""Find territories, grids, points, buildings, streets and incidents by name or code.

A name is found through the index of its pairs of characters (migration 0003): the whole name, its
beginning, or any part. A code is found by its beginning. Names and question are folded alike, so
traditional and simplified characters, full and half width, upper and lower case find each other.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import Any

import asyncpg

from gridmap.store.layers import LAYERS

# Of what only contains the words, the first so many in a table are looked at and ranked: who types
# 小区 over a million buildings does not wait for a hundred thousand of them to be sorted.
_LOOKED_AT = 200

_START, _END = "\x02", "\x03"  # the marks that `gridmap_grams` puts around a name


@dataclass(frozen=True)
class _Source:
    """A layer that is searched, and what is told of a hit beside code and name."""

    layer: str
    has_name: bool = True
    has_code: bool = True
    more: tuple[str, ...] = ()


# In the order in which equally good hits are listed.
_SOURCES = (
    _Source("territories", more=("kind",)),
    _Source("grids", more=("network", "level")),
    _Source("resource-points", more=("category",)),
    _Source("buildings"),
    _Source("streets", has_code=False, more=("kind",)),
    _Source("incidents", has_name=False, more=("category",)),
)


async def find(
    connection: asyncpg.Connection,
    text: str,
    *,
    place: str | None,
    most: int,
    without: Container[str] = (),
) -> list[dict[str, Any]]:
    """Find what is called `text`, the best first: the whole, then the beginning, then any part.

    Layers named in `without` are not looked into.

    Several words must all be in the name. Pieces of one street are one hit, with the bounding box
    of those that were looked at.
    """
    folded: str = await connection.fetchval("SELECT gridmap_fold($1)", text)
    words = folded.split()
    if not words:
        return []
    # The planner would rather read a whole table for a frequent pair, and is slow when the rows
    # that have it stand at its end; the index is never slow.
    await connection.execute("SET LOCAL enable_seqscan = off")
    found: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
    for order, source in enumerate(_SOURCES):
        if source.layer in without:
            continue
        rows = await _find_in(connection, source, words, place, most)
        found.extend(
            ((row["rank"], order, row["length"], row["name"] or "", row["id"]), row) for row in rows
        )
    found.sort(key=lambda item: item[0])
    return _merge_streets([row for _, row in found])[:most]


async def _find_in(
    connection: asyncpg.Connection,
    source: _Source,
    words: list[str],
    place: str | None,
    most: int,
) -> list[dict[str, Any]]:
    if not source.has_name and len(words) > 1:
        return []  # a code is one word
    layer = LAYERS[source.layer]
    values: list[Any] = []

    def value(given: Any, kind: str = "text") -> str:
        values.append(given)
        return f"${len(values)}::{kind}"

    conditions = [f"({layer.condition})"] if layer.condition else []
    if place is not None:
        conditions.append(f"place = {value(place)}")
    within = "".join(f" AND {condition}" for condition in conditions)
    hits = [
        f"SELECT {rank} AS rank, id FROM {layer.table} WHERE {matches}{within} LIMIT {limit}"
        for rank, matches, limit in _matches(source, " ".join(words), words, value, most)
    ]
    name = "t.name, t.name_en" if source.has_name else "NULL::text AS name, NULL::text AS name_en"
    code = "t.code" if source.has_code else "NULL::text AS code"
    more = "".join(f", t.{column}" for column in source.more)
    kept = _LOOKED_AT if source.layer == "streets" else most
    called = "t.name" if source.has_name else "t.code"
    rows = await connection.fetch(
        f"WITH hit AS MATERIALIZED ("
        f"SELECT id, min(rank) AS rank FROM ({' UNION ALL '.join(f'({hit})' for hit in hits)}) AS h"
        f" GROUP BY id),"
        f" best AS MATERIALIZED ("
        f"SELECT hit.rank, coalesce(length({called}), 0) AS length, t.* FROM hit"
        f" JOIN {layer.table} AS t USING (id) WHERE t.geom IS NOT NULL"
        f" ORDER BY hit.rank, length({called}), {called}, id LIMIT {value(kept, 'integer')})"
        f" SELECT t.rank, t.length, t.id, {code}, {name}, t.place{more},"
        f" ST_X(inner_point) AS lon, ST_Y(inner_point) AS lat,"
        f" ST_XMin(t.geom) AS west, ST_YMin(t.geom) AS south,"
        f" ST_XMax(t.geom) AS east, ST_YMax(t.geom) AS north"
        f" FROM best AS t, LATERAL ST_PointOnSurface(t.geom) AS inner_point",
        *values,
    )
    return [_as_result(source, row) for row in rows]


def _matches(
    source: _Source, whole: str, words: list[str], value: Any, most: int
) -> list[tuple[int, str, int]]:
    """SQL of the ways in which a row matches: rank, condition, how many rows are enough."""
    made = []
    if source.has_name:
        folded = "gridmap_fold(name)", "gridmap_fold(name_en)"
        named = "(name IS NOT NULL OR name_en IS NOT NULL)"  # what the index is about
        grams = f"{named} AND gridmap_grams({', '.join(folded)}) @@ "

        def either(operator: str, wanted: str) -> str:
            return f"({folded[0]} {operator} {wanted} OR {folded[1]} {operator} {wanted})"

        exact = value(_grams_query(_START + whole + _END), "text::tsquery")
        made.append((0, f"{grams}{exact} AND {either('=', value(whole))}", most))
        start = value(_grams_query(_START + whole), "text::tsquery")
        pattern = value(f"{_escape(whole)}%")
        made.append((1, f"{grams}{start} AND {either('LIKE', pattern)}", _LOOKED_AT))
        part = value(" & ".join(_grams_query(word) for word in words), "text::tsquery")
        patterns = value([f"%{_escape(word)}%" for word in words], "text[]")
        made.append((2, f"{grams}{part} AND {either('LIKE ALL', f'({patterns})')}", _LOOKED_AT))
    if source.has_code and len(words) == 1:
        coded = "code IS NOT NULL AND lower(code)"
        made.append((0, f"{coded} = {value(whole)}", most))
        pattern = value(f"{_escape(whole)}%")
        made.append((1, f"{coded} LIKE {pattern}", most))
    return made


def _grams_query(text: str) -> str:
    """Make the question for all pairs of a text; one character asks for the pairs it begins."""
    if len(text) == 1:
        return f"{_lexeme(text)}:*"
    return " & ".join(_lexeme(text[i : i + 2]) for i in range(len(text) - 1))


def _lexeme(text: str) -> str:
    quoted = text.replace("\\", "\\\\").replace("'", "''")
    return f"'{quoted}'"


def _escape(text: str) -> str:
    """Take the meaning from the characters that have one in a LIKE pattern."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _as_result(source: _Source, row: asyncpg.Record) -> dict[str, Any]:
    return {
        "layer": source.layer,
        **{key: row[key] for key in ("rank", "length", "id", "code", "name", "name_en", "place")},
        **{key: row[key] for key in source.more},
        "lon": round(row["lon"], 7),
        "lat": round(row["lat"], 7),
        "bbox": [row[side] for side in ("west", "south", "east", "north")],
    }


def _merge_streets(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    merged: list[dict[str, Any]] = []
    streets: dict[tuple[Any, Any], dict[str, Any]] = {}
    for row in rows:
        rest = {key: value for key, value in row.items() if key not in {"rank", "length"}}
        key = (row["place"], row["name"])
        if row["layer"] == "streets" and key in streets:
            west, south, east, north = streets[key]["bbox"]
            w, s, e, n = rest["bbox"]
            streets[key]["bbox"] = [min(west, w), min(south, s), max(east, e), max(north, n)]
            continue
        if row["layer"] == "streets":
            streets[key] = rest
        merged.append(rest)
    return merged
