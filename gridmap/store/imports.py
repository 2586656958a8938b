"""What an import asks and leaves behind, besides the rows themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import shapely
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy import exc

from gridmap.errors import Conflict
from gridmap.store import tables
from gridmap.store.loading import copy_rows, reserve_ids

Bounds = tuple[float, float, float, float]
Geometries = NDArray[np.object_]


@dataclass(frozen=True)
class PlaceRow:
    """A place that is stored."""

    key: str
    name: str
    meridian: int
    time_zone: str


@dataclass(frozen=True)
class EarlierImport:
    """An import that stored something."""

    id: int
    at: datetime
    actor: str
    source: str
    accepted: int


def read_place(connection: sa.Connection, key: str) -> PlaceRow | None:
    """Give a place, or None."""
    place = tables.place
    row = connection.execute(
        sa.select(place.c.key, place.c.name, place.c.meridian, place.c.time_zone).where(
            place.c.key == key
        )
    ).one_or_none()
    return PlaceRow(*row) if row else None


def lock_imports(connection: sa.Connection, layer: str, place: str | None) -> None:
    """Let one import at a time into a layer of a place; held until the transaction ends."""
    connection.execute(
        sa.text("SELECT pg_advisory_xact_lock(hashtext('gridmap.import'), hashtext(:what))"),
        {"what": f"{layer} {place or ''}"},
    )


def find_earlier(
    connection: sa.Connection,
    *,
    sha256: bytes,
    source_layer: str | None,
    layer: str,
    place: str | None,
    network: str | None = None,
) -> EarlierImport | None:
    """Give the last import of the same bytes into the same layer, place and network."""
    run = tables.import_run
    row = connection.execute(
        sa.select(run.c.id, run.c.at, run.c.actor, run.c.source, run.c.accepted)
        .where(
            run.c.sha256 == sha256,
            run.c.layer == layer,
            run.c.place.is_not_distinct_from(place),
            run.c.report["source_layer"].astext.is_not_distinct_from(source_layer),
            run.c.report[("plan", "network")].astext.is_not_distinct_from(network),
        )
        .order_by(run.c.id.desc())
        .limit(1)
    ).one_or_none()
    return EarlierImport(*row) if row else None


def insert_run(
    connection: sa.Connection,
    *,
    actor: str,
    layer: str,
    place: str | None,
    source: str,
    sha256: bytes,
    accepted: int,
    repaired: int,
    refused: int,
) -> int:
    """Record an import; its report follows by `finish_run`."""
    run = tables.import_run
    return int(
        connection.execute(
            sa.insert(run)
            .values(
                actor=actor,
                layer=layer,
                place=place,
                source=source,
                sha256=sha256,
                accepted=accepted,
                repaired=repaired,
                refused=refused,
                report={},
            )
            .returning(run.c.id)
        ).scalar_one()
    )


def finish_run(connection: sa.Connection, run_id: int, report: dict[str, Any]) -> None:
    """Keep the report of an import."""
    run = tables.import_run
    connection.execute(sa.update(run).where(run.c.id == run_id).values(report=report))


def delete_rows(connection: sa.Connection, table: str, place: str) -> int:
    """Delete the rows of a place in one table of a layer, and give their number.

    Raises
    ------
    Conflict
        Something of another table points to one of them.
    """
    target = tables.metadata.tables[table]
    try:
        return connection.execute(sa.delete(target).where(target.c.place == place)).rowcount
    except exc.IntegrityError as error:
        raise Conflict(
            f"Rows of {place} cannot be replaced: something else points to them, such as the "
            "assignment of a person",
            hint="End those assignments first, or import with --again.",
        ) from error


def has_codes(connection: sa.Connection, table: str, place: str | None) -> bool:
    """Say whether any row of a place has a code."""
    target = tables.metadata.tables[table]
    found = connection.scalar(
        sa.select(sa.literal(1))
        .where(target.c.code.is_not(None), target.c.place.is_not_distinct_from(place))
        .limit(1)
    )
    return found is not None


def find_codes(
    connection: sa.Connection, table: str, place: str | None, codes: Sequence[str]
) -> set[str]:
    """Give those of `codes` that rows of a place have."""
    target = tables.metadata.tables[table]
    found = connection.scalars(
        sa.select(target.c.code).where(
            target.c.code == sa.any_(sa.bindparam("codes", list(codes), sa.ARRAY(sa.Text))),
            target.c.place.is_not_distinct_from(place),
        )
    )
    return set(found)


def find_territory_codes(connection: sa.Connection, codes: Sequence[str]) -> set[str]:
    """Give those of `codes` that territories have today, of whatever place."""
    territory = tables.territory
    found = connection.scalars(
        sa.select(territory.c.code).where(
            territory.c.code == sa.any_(sa.bindparam("codes", list(codes), sa.ARRAY(sa.Text))),
            territory.c.valid.op("@>")(sa.func.current_date()),
        )
    )
    return set(found)


def read_extent(connection: sa.Connection, place: str) -> Bounds | None:
    """West, south, east, north of a place: of its territories, or else of all that lies in it."""
    for group in (("territory",), tuple(name for name in tables.LAYER_TABLES if name != "grid")):
        boxes = " UNION ALL ".join(
            f"SELECT ST_Extent(geom)::geometry AS box FROM {name} WHERE place = :place"
            for name in group
        )
        row = connection.execute(
            sa.text(
                "SELECT ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box) "
                f"FROM (SELECT ST_Extent(box) AS box FROM ({boxes}) AS each) AS whole"
            ),
            {"place": place},
        ).one()
        if row[0] is not None:
            return (row[0], row[1], row[2], row[3])
    return None


def read_territories(
    connection: sa.Connection, bounds: Bounds | None = None, place: str | None = None
) -> tuple[list[str], Geometries]:
    """Places and shapes of the outermost territories that have a place, today.

    Outermost in their place: a community inside a street of the same place adds nothing.
    """
    conditions = ["t.place IS NOT NULL", "t.valid @> current_date"]
    values: dict[str, Any] = {}
    if bounds is not None:
        conditions.append("t.geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326)")
        values |= dict(zip(("west", "south", "east", "north"), bounds, strict=True))
    if place is not None:
        conditions.append("t.place = :place")
        values["place"] = place
    rows = connection.execute(
        sa.text(
            "SELECT t.place, ST_AsBinary(t.geom) FROM territory t "
            f"WHERE {' AND '.join(conditions)} AND NOT EXISTS (SELECT FROM territory p "
            "WHERE p.code = t.parent AND p.place = t.place AND p.valid @> current_date) "
            # The smaller one has the point where territories of two places overlap.
            "ORDER BY ST_Area(t.geom)"
        ),
        values,
    ).all()
    return [row[0] for row in rows], _geometries([row[1] for row in rows])


@dataclass(frozen=True)
class TerritoryRow:
    """A territory of a place; `frozen` when plans cover it, so that its outline never changes."""

    id: int
    code: str
    name: str
    geometry: Any
    frozen: bool


def read_place_territories(connection: sa.Connection, place: str) -> list[TerritoryRow]:
    """Give all territories that a place has today, the smallest first."""
    rows = connection.execute(
        sa.text(
            "SELECT t.id, t.code, t.name, ST_AsBinary(t.geom), EXISTS (SELECT FROM network n "
            "JOIN plan p ON p.network_id = n.id JOIN plan_atom pa ON pa.plan_id = p.id "
            "WHERE n.territory_id = t.id) FROM territory t "
            "WHERE t.place = :place AND t.valid @> current_date ORDER BY ST_Area(t.geom)"
        ),
        {"place": place},
    )
    return [TerritoryRow(row[0], row[1], row[2], shapely.from_wkb(row[3]), row[4]) for row in rows]


def insert_territory(
    connection: sa.Connection, *, place: str, code: str, name: str, kind: str, outline: Any
) -> int:
    """Store a territory and give its id."""
    territory_id = int(reserve_ids(connection, "territory", 1)[0])
    copy_rows(
        connection,
        "territory",
        ("id", "place", "code", "name", "kind", "geom"),
        [(territory_id, place, code, name, kind, outline)],
    )
    return territory_id


def set_outline(connection: sa.Connection, territory_id: int, outline: Any) -> None:
    """Give a territory the outline with the vertices of its plan; refused once plans cover it."""
    connection.execute(
        sa.text(
            "UPDATE territory SET geom = ST_Multi(ST_GeomFromWKB(:wkb, 4326)), updated_at = now() "
            "WHERE id = :id"
        ),
        {"id": territory_id, "wkb": shapely.to_wkb(outline)},
    )


def has_published_plan(connection: sa.Connection, territory_id: int, network: str) -> bool:
    """Say whether a network of a territory has a published plan, from today or a later day on."""
    found = connection.scalar(
        sa.text(
            "SELECT 1 FROM plan p JOIN network n ON n.id = p.network_id "
            "WHERE n.territory_id = :territory AND n.key = :network AND p.state = 'published' "
            "AND (upper_inf(p.valid) OR upper(p.valid) > current_date) LIMIT 1"
        ),
        {"territory": territory_id, "network": network},
    )
    return found is not None


def has_authoritative_network(connection: sa.Connection, territory_id: int) -> bool:
    """Say whether a territory has its authoritative network."""
    network = tables.network
    found = connection.scalar(
        sa.select(sa.literal(1)).where(
            network.c.territory_id == territory_id, network.c.authoritative
        )
    )
    return found is not None


def read_today(connection: sa.Connection) -> date:
    """The database's own day, which decides what is valid today."""
    today = connection.scalar(sa.text("SELECT current_date"))
    assert isinstance(today, date)
    return today


def read_near(connection: sa.Connection, table: str, bounds: Bounds, *, limit: int) -> Geometries:
    """Geometries of a layer's table in a bounding box, at most `limit`."""
    rows = connection.scalars(
        sa.text(
            f"SELECT ST_AsBinary(geom) FROM {tables.metadata.tables[table].name} "
            "WHERE geom && ST_MakeEnvelope(:west, :south, :east, :north, 4326) LIMIT :limit"
        ),
        dict(zip(("west", "south", "east", "north"), bounds, strict=True)) | {"limit": limit},
    ).all()
    return _geometries(list(rows))


def has_fewer_rows(connection: sa.Connection, table: str, number: int) -> bool:
    """Say whether a table has fewer rows than a number."""
    name = tables.metadata.tables[table].name
    found = connection.scalar(
        sa.text(f"SELECT count(*) FROM (SELECT FROM {name} LIMIT :number) AS first_ones"),
        {"number": number},
    )
    return int(found or 0) < number


def analyze(connection: sa.Connection, table: str) -> None:
    """Let the planner see roughly what was written; the server's own routine looks closer later."""
    connection.execute(sa.text("SET LOCAL default_statistics_target = 20"))
    connection.execute(sa.text(f"ANALYZE {tables.metadata.tables[table].name}"))


def _geometries(wkb: list[bytes]) -> Geometries:
    return np.asarray(shapely.from_wkb(np.array(wkb, dtype=object)), dtype=object)
