"""What an import asks and leaves behind, besides the rows themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import shapely
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy import exc

from gridmap.errors import Conflict
from gridmap.store import tables

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
) -> EarlierImport | None:
    """Give the last import of the same bytes into the same layer and place."""
    run = tables.import_run
    row = connection.execute(
        sa.select(run.c.id, run.c.at, run.c.actor, run.c.source, run.c.accepted)
        .where(
            run.c.sha256 == sha256,
            run.c.layer == layer,
            run.c.place.is_not_distinct_from(place),
            run.c.report["source_layer"].astext.is_not_distinct_from(source_layer),
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


def analyze(connection: sa.Connection, table: str) -> None:
    """Let the planner see what was written."""
    connection.execute(sa.text(f"ANALYZE {tables.metadata.tables[table].name}"))


def _geometries(wkb: list[bytes]) -> Geometries:
    return np.asarray(shapely.from_wkb(np.array(wkb, dtype=object)), dtype=object)
