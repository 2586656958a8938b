"""Networks, plans, atoms and grids: how a territory is cut."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import shapely
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import Range

from gridmap.errors import Conflict, NotFound
from gridmap.store import tables
from gridmap.store.loading import copy_rows, reserve_ids


@dataclass(frozen=True)
class NewGrid:
    """A grid about to be stored; `key` and `parent_key` are the caller's own, for links.

    `geometry` is the exact union of the grid's atoms, in degrees, vertices as in the atoms.
    """

    key: str
    level: int
    code: str
    name: str
    parent_key: str | None
    parent_code: str | None
    geometry: shapely.MultiPolygon
    name_en: str | None = None
    kind: str = "comprehensive"
    properties: dict[str, Any] = field(default_factory=dict)


def find_or_insert_network(
    connection: sa.Connection,
    *,
    place: str,
    territory_id: int,
    key: str,
    name: str,
    name_en: str | None,
    authoritative: bool,
    levels: Sequence[dict[str, Any]],
    households_min: int | None = None,
    households_max: int | None = None,
) -> int:
    """Give the id of a territory's network; make it when it is new."""
    network = tables.network
    found = connection.scalar(
        sa.select(network.c.id).where(network.c.territory_id == territory_id, network.c.key == key)
    )
    if found is not None:
        return int(found)
    return int(
        connection.execute(
            sa.insert(network)
            .values(
                place=place,
                territory_id=territory_id,
                key=key,
                name=name,
                name_en=name_en,
                authoritative=authoritative,
                levels=list(levels),
                households_min=households_min,
                households_max=households_max,
            )
            .returning(network.c.id)
        ).scalar_one()
    )


def insert_plan(
    connection: sa.Connection,
    *,
    network_id: int,
    name: str,
    author: str,
    based_on: int | None = None,
) -> int:
    """Store a new draft without areas and give its id."""
    plan = tables.plan
    return int(
        connection.execute(
            sa.insert(plan)
            .values(network_id=network_id, name=name, author=author, based_on=based_on)
            .returning(plan.c.id)
        ).scalar_one()
    )


@dataclass(frozen=True)
class PlanRow:
    """A plan and what it cuts."""

    id: int
    name: str
    state: str
    revision: int
    author: str
    place: str
    meridian: int
    network: str
    territory_id: int


def read_plan(connection: sa.Connection, plan_id: int) -> PlanRow:
    """Read a plan.

    Raises
    ------
    NotFound
        No such plan.
    """
    row = connection.execute(
        sa.text(
            "SELECT p.id, p.name, p.state, p.revision, p.author, n.place, pl.meridian, "
            "n.key AS network, n.territory_id FROM plan p JOIN network n ON n.id = p.network_id "
            "JOIN place pl ON pl.key = n.place WHERE p.id = :id"
        ),
        {"id": plan_id},
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no plan {plan_id}")
    return PlanRow(**row._asdict())


def read_areas(
    connection: sa.Connection,
    plan_id: int,
    *,
    level: int | None = None,
    ids: Sequence[int] | None = None,
) -> list[dict[str, Any]]:
    """The grids of a plan as GeoJSON features: all, those of one level, or some by id."""
    rows = connection.execute(
        sa.text(
            "SELECT json_build_object('type', 'Feature', 'id', id, 'geometry', "
            "ST_AsGeoJSON(geom, 9)::json, 'properties', json_build_object('level', level, "
            "'code', code, 'name', name, 'name_en', name_en, 'kind', kind, 'parent_id', parent_id, "
            "'locked', locked, 'households', households, 'residents', residents, "
            "'buildings', buildings, 'dossiers', dossiers, 'area_m2', area_m2)) AS feature "
            "FROM grid WHERE plan_id = :plan AND (CAST(:level AS int) IS NULL OR level = :level) "
            "AND (CAST(:ids AS bigint[]) IS NULL OR id = ANY(:ids)) ORDER BY level, code"
        ),
        {"plan": plan_id, "level": level, "ids": None if ids is None else list(ids)},
    )
    return [row.feature for row in rows]


def copy_plan(connection: sa.Connection, plan_id: int, *, name: str, author: str) -> int:
    """Copy a plan with its grids and links into a new draft; the atoms are shared.

    Raises
    ------
    NotFound
        No such plan.
    """
    read_plan(connection, plan_id)
    new_id = int(
        connection.execute(
            sa.text(
                "INSERT INTO plan (network_id, name, author, based_on) "
                "SELECT network_id, :name, :author, id FROM plan WHERE id = :id RETURNING id"
            ),
            {"id": plan_id, "name": name, "author": author},
        ).scalar_one()
    )
    connection.execute(
        sa.text("""
            WITH new AS MATERIALIZED (
              SELECT id AS old, nextval(pg_get_serial_sequence('grid', 'id')) AS id
              FROM grid WHERE plan_id = :old
            ), copied AS (
              INSERT INTO grid (id, plan_id, place, network, level, lowest, code, name, name_en,
                kind, parent_id, parent, locked, households, residents, buildings, dossiers,
                area_m2, properties, geom)
              SELECT new.id, :new, g.place, g.network, g.level, g.lowest, g.code, g.name, g.name_en,
                g.kind, up.id, g.parent, g.locked, g.households, g.residents, g.buildings,
                g.dossiers, g.area_m2, g.properties, g.geom
              FROM grid g JOIN new ON new.old = g.id LEFT JOIN new up ON up.old = g.parent_id
            )
            INSERT INTO plan_atom (plan_id, atom_id, grid_id)
            SELECT :new, pa.atom_id, new.id
            FROM plan_atom pa JOIN new ON new.old = pa.grid_id WHERE pa.plan_id = :old
        """),
        {"old": plan_id, "new": new_id},
    )
    return new_id


def insert_atoms(
    connection: sa.Connection, territory_ids: Sequence[int], polygons: Sequence[shapely.Polygon]
) -> list[int]:
    """Store atoms (degrees, vertices bit for bit) and give their ids in the same order."""
    ids: list[int] = reserve_ids(connection, "atom", len(polygons)).tolist()
    copy_rows(
        connection,
        "atom",
        ("id", "territory_id", "geom"),
        zip(ids, territory_ids, polygons, strict=True),
    )
    return ids


def insert_grids(
    connection: sa.Connection, *, plan_id: int, place: str, network: str, grids: Sequence[NewGrid]
) -> dict[str, int]:
    """Store the grids of a draft and give the id of each key.

    Those that are nobody's parent are the lowest ones, to which atoms are linked.
    """
    ids = dict(
        zip(
            (grid.key for grid in grids),
            reserve_ids(connection, "grid", len(grids)).tolist(),
            strict=True,
        )
    )
    parents = {grid.parent_key for grid in grids}
    columns = (
        "id", "plan_id", "place", "network", "level", "lowest", "code", "name", "name_en", "kind",
        "parent_id", "parent", "properties", "geom",
    )  # fmt: skip
    rows = (
        (
            ids[grid.key],
            plan_id,
            place,
            network,
            grid.level,
            grid.key not in parents,
            grid.code,
            grid.name,
            grid.name_en,
            grid.kind,
            None if grid.parent_key is None else ids[grid.parent_key],
            grid.parent_code,
            grid.properties,
            grid.geometry,
        )
        for grid in grids
    )
    copy_rows(connection, "grid", columns, rows)
    return ids


def link_atoms(connection: sa.Connection, plan_id: int, links: Iterable[tuple[int, int]]) -> None:
    """Store which lowest grid each atom belongs to: pairs (atom id, grid id)."""
    copy_rows(
        connection,
        "plan_atom",
        ("plan_id", "atom_id", "grid_id"),
        ((plan_id, atom_id, grid_id) for atom_id, grid_id in links),
    )


# Each building counts where a point inside it lies; on a shared edge the atom with the lowest id
# has it, so that no household counts twice. Then every level adds up its children.
_RECOUNT = sa.text("""
    WITH RECURSIVE located AS (
      SELECT DISTINCT ON (b.id) pa.grid_id, b.households, b.residents, b.dossiers
      FROM plan_atom pa
      JOIN atom a ON a.id = pa.atom_id
      JOIN building b ON b.geom && a.geom AND ST_Intersects(a.geom, ST_PointOnSurface(b.geom))
      WHERE pa.plan_id = :plan
      ORDER BY b.id, a.id
    ), counted AS (
      SELECT grid_id, count(*) AS buildings, sum(households) AS households,
             sum(residents) AS residents, sum(dossiers) AS dossiers
      FROM located GROUP BY grid_id
    ), risen AS (
      SELECT g.id, g.parent_id, coalesce(c.buildings, 0) AS buildings,
             coalesce(c.households, 0) AS households, coalesce(c.residents, 0) AS residents,
             coalesce(c.dossiers, 0) AS dossiers
      FROM grid g LEFT JOIN counted c ON c.grid_id = g.id
      WHERE g.plan_id = :plan AND g.lowest
      UNION ALL
      SELECT g.id, g.parent_id, r.buildings, r.households, r.residents, r.dossiers
      FROM risen r JOIN grid g ON g.id = r.parent_id
    ), total AS (
      SELECT id, sum(buildings) AS buildings, sum(households) AS households,
             sum(residents) AS residents, sum(dossiers) AS dossiers
      FROM risen GROUP BY id
    )
    UPDATE grid SET buildings = t.buildings, households = t.households, residents = t.residents,
           dossiers = t.dossiers, area_m2 = ST_Area(geom::geography)
    FROM total t WHERE grid.id = t.id
""")


def recount(connection: sa.Connection, plan_id: int) -> None:
    """Count again what every grid of a plan holds, and its area."""
    connection.execute(_RECOUNT, {"plan": plan_id})


def read_counts(connection: sa.Connection, plan_id: int) -> dict[str, dict[str, int]]:
    """Give the stored counts of a plan's grids by code; codes are of one level or nested."""
    grid = tables.grid
    rows = connection.execute(
        sa.select(
            grid.c.code, grid.c.households, grid.c.residents, grid.c.buildings, grid.c.dossiers
        ).where(grid.c.plan_id == plan_id)
    )
    return {row.code: row._asdict() for row in rows}


def publish(
    connection: sa.Connection,
    plan_id: int,
    *,
    starts: date,
    reviewer: str | None,
    certificate: dict[str, Any],
) -> int | None:
    """Make a plan the one of its network from a day on, and end the one before it on that day.

    Gives the id of the plan before it, if there is one.

    The caller has proved the coverage; `certificate` says how. No reviewer is recorded for what
    was taken over as it was, such as an import.

    Raises
    ------
    Conflict
        A plan of this network starts on the same day or later.
    """
    plan, grid = tables.plan, tables.grid
    network_id = connection.scalar(sa.select(plan.c.network_id).where(plan.c.id == plan_id))
    open_end: Range[date] = Range(starts, None)
    before = connection.execute(
        sa.select(plan.c.id, plan.c.valid).where(
            plan.c.network_id == network_id,
            plan.c.state == "published",
            plan.c.valid.overlaps(open_end),
        )
    ).all()
    for earlier, valid in before:
        if valid.lower is not None and valid.lower >= starts:
            raise Conflict(
                f"Plan {earlier} of this network starts on {valid.lower}, not before {starts}",
                hint="Publish from a later day.",
            )
        ended: Range[date] = Range(valid.lower, starts)
        # Until that day it is the plan in force, and readers are told so (`_STATE`).
        connection.execute(
            sa.update(plan)
            .where(plan.c.id == earlier)
            .values(
                valid=ended,
                state=sa.case((sa.func.current_date() >= starts, "superseded"), else_="published"),
            )
        )
        connection.execute(sa.update(grid).where(grid.c.plan_id == earlier).values(valid=ended))
    connection.execute(
        sa.update(plan)
        .where(plan.c.id == plan_id)
        .values(
            state="published",
            valid=open_end,
            published_at=sa.func.now(),
            reviewer=reviewer,
            certificate=certificate,
        )
    )
    connection.execute(sa.update(grid).where(grid.c.plan_id == plan_id).values(valid=open_end))
    return int(before[-1][0]) if before else None
