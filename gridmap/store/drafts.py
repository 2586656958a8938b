"""Reading and changing a draft: only the rows that an edit touches.

A change is a difference of rows, written as JSON, and its inverse is the same with the two sides
exchanged. Atoms are never changed or deleted by an edit, so undo finds them bit for bit.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
import sqlalchemy as sa
from numpy.typing import NDArray

from gridmap.errors import Conflict, NotFound
from gridmap.store import tables
from gridmap.store.loading import copy_rows, reserve_ids

Ints = NDArray[np.int64]
_ATTRIBUTES = (
    "level",
    "lowest",
    "code",
    "name",
    "name_en",
    "kind",
    "parent_id",
    "parent",
    "locked",
)


@dataclass(frozen=True)
class Draft:
    """A plan that is open for changes, locked for this transaction."""

    id: int
    place: str
    meridian: int
    network: str
    network_id: int
    territory_id: int
    revision: int
    author: str
    state: str


@dataclass(frozen=True)
class GridRow:
    """What an edit has to know of a grid."""

    id: int
    level: int
    lowest: bool
    code: str
    name: str
    parent_id: int | None
    locked: bool
    kind: str


@dataclass(frozen=True)
class Atoms:
    """Atoms of a draft: ids, polygons in degrees, lowest grids, and roots that they were cut from.

    The rows are ordered by id.
    """

    ids: Ints
    polygons: NDArray[np.object_]
    grids: Ints
    roots: Ints


@dataclass(frozen=True)
class Difference:
    """Rows that an edit takes away and puts in their place.

    `unlinked` and `linked` are pairs (atom id, grid id). `grids_before` and `grids_after` are whole
    rows of grids, by id; a grid that is made stands only in the second, one that goes only in the
    first.
    """

    unlinked: list[tuple[int, int]] = field(default_factory=list)
    linked: list[tuple[int, int]] = field(default_factory=list)
    grids_before: list[dict[str, Any]] = field(default_factory=list)
    grids_after: list[dict[str, Any]] = field(default_factory=list)

    def inverse(self) -> Difference:
        """The difference that takes this one back."""
        return Difference(self.linked, self.unlinked, self.grids_after, self.grids_before)

    def as_json(self) -> dict[str, Any]:
        """For the edit log."""
        return {
            "unlinked": self.unlinked,
            "linked": self.linked,
            "grids_before": self.grids_before,
            "grids_after": self.grids_after,
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Difference:
        """From the edit log."""
        return cls(**value)

    def touched(self) -> list[int]:
        """Ids of the lowest grids whose atoms change."""
        return sorted({grid for _, grid in (*self.unlinked, *self.linked)})


def lock_draft(connection: sa.Connection, plan_id: int, revision: int | None) -> Draft:
    """Lock a draft for this transaction.

    Raises
    ------
    NotFound
        No such plan.
    Conflict
        It is no draft any more, or somebody changed it after `revision`.
    """
    row = connection.execute(
        sa.text(
            "SELECT p.id, n.place, pl.meridian, n.key AS network, n.id AS network_id, "
            "n.territory_id, p.revision, p.author, p.state "
            "FROM plan p JOIN network n ON n.id = p.network_id JOIN place pl ON pl.key = n.place "
            "WHERE p.id = :id FOR UPDATE OF p"
        ),
        {"id": plan_id},
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no plan {plan_id}")
    draft = Draft(**row._asdict())
    if draft.state != "draft":
        raise Conflict(
            f"Plan {plan_id} is {draft.state}, and only drafts can be changed",
            hint="Make a draft from it.",
        )
    if revision is not None and revision != draft.revision:
        since = connection.execute(
            sa.text(
                "SELECT revision, kind, actor FROM plan_edit "
                "WHERE plan_id = :id AND revision > :seen ORDER BY revision"
            ),
            {"id": plan_id, "seen": revision},
        ).all()
        listed = "; ".join(f"{item.revision}: {item.kind} by {item.actor}" for item in since)
        raise Conflict(
            f"The draft is at revision {draft.revision}, not {revision} ({listed})",
            hint="Read it again, and draw on what is there now.",
        )
    return draft


def read_grids(connection: sa.Connection, plan_id: int) -> dict[int, GridRow]:
    """Every grid of a plan by id, without its polygon."""
    grid = tables.grid
    columns = (
        grid.c.id, grid.c.level, grid.c.lowest, grid.c.code, grid.c.name, grid.c.parent_id,
        grid.c.locked, grid.c.kind,
    )  # fmt: skip
    rows = connection.execute(sa.select(*columns).where(grid.c.plan_id == plan_id))
    return {row.id: GridRow(**row._asdict()) for row in rows}


def read_atoms(
    connection: sa.Connection,
    plan_id: int,
    leaves: Sequence[int],
    near: Any | None = None,
    reach: float = 0.0,
) -> Atoms:
    """Atoms of some lowest grids, and all others of the plan within reach of a geometry.

    Parameters
    ----------
    leaves
        Ids of lowest grids.
    near
        A geometry in degrees, or None.
    reach
        Degrees that the box of `near` is widened by.
    """
    rows = connection.execute(
        sa.text(
            "SELECT a.id, ST_AsBinary(a.geom) AS geom, pa.grid_id, coalesce(a.root, a.id) AS root "
            "FROM plan_atom pa "
            "JOIN atom a ON a.id = pa.atom_id WHERE pa.plan_id = :plan "
            "AND (pa.grid_id = ANY(:leaves) OR ("
            "CAST(:near AS text) IS NOT NULL AND a.geom && ST_Expand("
            "ST_GeomFromText(CAST(:near AS text), 4326), :reach))) ORDER BY a.id"
        ),
        {
            "plan": plan_id,
            "leaves": list(leaves),
            "near": None if near is None else shapely.to_wkt(near, rounding_precision=9),
            "reach": reach,
        },
    ).all()
    return Atoms(
        np.array([row.id for row in rows], dtype=np.int64),
        np.asarray(shapely.from_wkb([bytes(row.geom) for row in rows]), dtype=object),
        np.array([row.grid_id for row in rows], dtype=np.int64),
        np.array([row.root for row in rows], dtype=np.int64),
    )


def insert_pieces(
    connection: sa.Connection, territory_id: int, polygons: Sequence[Any], roots: Sequence[int]
) -> list[int]:
    """Store atoms that an edit has cut (degrees, bit for bit); give their ids in the same order."""
    ids: list[int] = reserve_ids(connection, "atom", len(polygons)).tolist()
    copy_rows(
        connection,
        "atom",
        ("id", "territory_id", "root", "geom"),
        [
            (key, territory_id, int(root), polygon)
            for key, root, polygon in zip(ids, roots, polygons, strict=True)
        ],
    )
    return ids


def read_outline(connection: sa.Connection, territory_id: int) -> Any:
    """The frozen outline of a territory, in degrees."""
    found = connection.scalar(
        sa.text("SELECT ST_AsBinary(geom) FROM territory WHERE id = :id"), {"id": territory_id}
    )
    return shapely.from_wkb(bytes(found))


def read_grid_rows(connection: sa.Connection, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Rows of grids as an edit log keeps them: every attribute, no derived value."""
    grid = tables.grid
    columns = [grid.c.id, *(grid.c[name] for name in _ATTRIBUTES)]
    rows = connection.execute(sa.select(*columns).where(grid.c.id.in_(ids)).order_by(grid.c.id))
    return [row._asdict() for row in rows]


def reserve_grids(connection: sa.Connection, count: int) -> list[int]:
    """Ids for grids that an edit makes."""
    return [int(number) for number in reserve_ids(connection, "grid", count)]


def apply_difference(connection: sa.Connection, draft: Draft, change: Difference) -> None:
    """Write a difference: grids, then links; derived polygons and counts follow in `rederive`."""
    before = {row["id"]: row for row in change.grids_before}
    after = {row["id"]: row for row in change.grids_after}
    made = [row for key, row in after.items() if key not in before]
    gone = [key for key in before if key not in after]
    grid = tables.grid
    if made:
        connection.execute(
            sa.insert(grid),
            [
                {"plan_id": draft.id, "place": draft.place, "network": draft.network, **row}
                for row in made
            ],
        )
    _rewrite_grids(
        connection, [row for key, row in after.items() if key in before and row != before[key]]
    )
    if change.unlinked:
        deleted = connection.execute(
            sa.text(
                "DELETE FROM plan_atom USING unnest(CAST(:atoms AS bigint[]), "
                "CAST(:grids AS bigint[])) AS gone(atom_id, grid_id) WHERE plan_id = :plan "
                "AND plan_atom.atom_id = gone.atom_id AND plan_atom.grid_id = gone.grid_id"
            ),
            {
                "plan": draft.id,
                "atoms": [atom for atom, _ in change.unlinked],
                "grids": [owner for _, owner in change.unlinked],
            },
        )
        if deleted.rowcount != len(change.unlinked):
            raise Conflict("The draft was changed meanwhile", hint="Read it again.")
    if change.linked:
        connection.execute(
            sa.text(
                "INSERT INTO plan_atom (plan_id, atom_id, grid_id) SELECT :plan, atom_id, grid_id "
                "FROM unnest(CAST(:atoms AS bigint[]), CAST(:grids AS bigint[])) "
                "AS new(atom_id, grid_id)"
            ),
            {
                "plan": draft.id,
                "atoms": [atom for atom, _ in change.linked],
                "grids": [owner for _, owner in change.linked],
            },
        )
    if gone:
        connection.execute(sa.delete(grid).where(grid.c.id.in_(gone)))


def _rewrite_grids(connection: sa.Connection, rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    grid = tables.grid
    keys = [row["id"] for row in rows]
    # Codes are unique at every moment, and two grids may exchange theirs.
    connection.execute(
        sa.update(grid)
        .where(grid.c.id.in_(keys))
        .values(code=sa.func.concat("~", sa.cast(grid.c.id, sa.Text)))
    )
    columns = ", ".join(f"{name} = new.{name}" for name in _ATTRIBUTES)
    connection.execute(
        sa.text(
            f"UPDATE grid SET {columns}, updated_at = now() "
            "FROM jsonb_populate_recordset(NULL::grid, CAST(:rows AS jsonb)) AS new "
            "WHERE grid.id = new.id"
        ),
        {"rows": json.dumps(rows)},
    )


_RECOUNT_SOME = sa.text("""
    WITH located AS (
      SELECT DISTINCT ON (b.id) pa.grid_id, b.households, b.residents, b.dossiers
      FROM plan_atom pa
      JOIN atom a ON a.id = pa.atom_id
      JOIN building b ON b.geom && a.geom AND ST_Intersects(a.geom, ST_PointOnSurface(b.geom))
      WHERE pa.plan_id = :plan AND pa.grid_id = ANY(:leaves)
      ORDER BY b.id, a.id
    ), counted AS (
      SELECT grid_id, count(*) AS buildings, sum(households) AS households,
             sum(residents) AS residents, sum(dossiers) AS dossiers
      FROM located GROUP BY grid_id
    )
    UPDATE grid SET buildings = coalesce(c.buildings, 0), households = coalesce(c.households, 0),
           residents = coalesce(c.residents, 0), dossiers = coalesce(c.dossiers, 0),
           area_m2 = ST_Area(geom::geography), updated_at = now()
    FROM unnest(CAST(:leaves AS bigint[])) AS leaf(id) LEFT JOIN counted c ON c.grid_id = leaf.id
    WHERE grid.id = leaf.id AND grid.plan_id = :plan
""")

_SUM_UP = sa.text("""
    UPDATE grid SET buildings = s.buildings, households = s.households, residents = s.residents,
           dossiers = s.dossiers, area_m2 = ST_Area(grid.geom::geography), updated_at = now()
    FROM (SELECT parent_id, sum(buildings) AS buildings, sum(households) AS households,
                 sum(residents) AS residents, sum(dossiers) AS dossiers
          FROM grid WHERE plan_id = :plan AND parent_id = ANY(:parents) GROUP BY parent_id) AS s
    WHERE grid.id = s.parent_id
""")


def rederive(
    connection: sa.Connection, draft: Draft, leaves: Sequence[int], parents: Sequence[Sequence[int]]
) -> None:
    """Make polygons and counts of changed grids again from their atoms.

    Parameters
    ----------
    leaves
        Lowest grids whose atoms changed, those that still exist.
    parents
        Their ancestors, a list for each level from below upwards.
    """
    rows = connection.execute(
        sa.text(
            "SELECT pa.grid_id, ST_AsBinary(a.geom) AS geom FROM plan_atom pa "
            "JOIN atom a ON a.id = pa.atom_id "
            "WHERE pa.plan_id = :plan AND pa.grid_id = ANY(:leaves)"
        ),
        {"plan": draft.id, "leaves": list(leaves)},
    )
    _store_unions(connection, rows.all())
    connection.execute(_RECOUNT_SOME, {"plan": draft.id, "leaves": list(leaves)})
    for level in parents:
        if not level:
            continue
        rows = connection.execute(
            sa.text(
                "SELECT parent_id AS grid_id, ST_AsBinary(geom) AS geom FROM grid "
                "WHERE plan_id = :plan AND parent_id = ANY(:parents)"
            ),
            {"plan": draft.id, "parents": list(level)},
        )
        _store_unions(connection, rows.all())
        connection.execute(_SUM_UP, {"plan": draft.id, "parents": list(level)})


def _store_unions(connection: sa.Connection, rows: Sequence[Any]) -> None:
    if not rows:
        return
    owners = np.array([row.grid_id for row in rows], dtype=np.int64)
    parts = np.asarray(shapely.from_wkb([bytes(row.geom) for row in rows]), dtype=object)
    values = []
    for owner in np.unique(owners):
        # The union of a coverage keeps every vertex, so neighbours go on sharing their edges.
        union = shapely.coverage_union_all(parts[owners == owner])
        union = shapely.MultiPolygon(shapely.get_parts(union).tolist())
        values.append({"key": int(owner), "shape": shapely.to_wkb(union)})
    connection.execute(
        sa.text("UPDATE grid SET geom = ST_SetSRID(ST_GeomFromWKB(:shape), 4326) WHERE id = :key"),
        values,
    )


def log_edit(
    connection: sa.Connection,
    draft: Draft,
    *,
    kind: str,
    actor: str,
    change: Difference,
    undoes: int | None = None,
) -> int:
    """Write an edit and its inverse into the log; give the draft's new revision."""
    revision = draft.revision + 1
    connection.execute(
        sa.insert(tables.plan_edit).values(
            plan_id=draft.id,
            revision=revision,
            kind=kind,
            actor=actor,
            change=change.as_json(),
            inverse=change.inverse().as_json(),
            undoes=undoes,
        )
    )
    connection.execute(
        sa.update(tables.plan).where(tables.plan.c.id == draft.id).values(revision=revision)
    )
    return revision


def read_log(connection: sa.Connection, plan_id: int) -> list[Any]:
    """Revisions, kinds, actors and what each undoes, without the changes themselves."""
    edit = tables.plan_edit
    return list(
        connection.execute(
            sa.select(edit.c.revision, edit.c.kind, edit.c.actor, edit.c.at, edit.c.undoes)
            .where(edit.c.plan_id == plan_id)
            .order_by(edit.c.revision)
        )
    )


def read_change(connection: sa.Connection, plan_id: int, revision: int) -> Difference:
    """The change that an edit made."""
    edit = tables.plan_edit
    found: dict[str, Any] = connection.execute(
        sa.select(edit.c.change).where(edit.c.plan_id == plan_id, edit.c.revision == revision)
    ).scalar_one()
    pairs = {name: [tuple(pair) for pair in found[name]] for name in ("unlinked", "linked")}
    return Difference.from_json(found | pairs)


def count_atoms(connection: sa.Connection, plan_id: int, grid_id: int) -> int:
    """How many atoms a lowest grid has."""
    link = tables.plan_atom
    return int(
        connection.execute(
            sa.select(sa.func.count())
            .select_from(link)
            .where(link.c.plan_id == plan_id, link.c.grid_id == grid_id)
        ).scalar_one()
    )


def read_all_atoms(connection: sa.Connection, plan_id: int) -> NDArray[np.object_]:
    """Every atom of a plan, in degrees."""
    rows = connection.execute(
        sa.text(
            "SELECT ST_AsBinary(a.geom) AS geom FROM plan_atom pa "
            "JOIN atom a ON a.id = pa.atom_id WHERE pa.plan_id = :plan ORDER BY a.id"
        ),
        {"plan": plan_id},
    )
    return np.asarray(shapely.from_wkb([bytes(row.geom) for row in rows]), dtype=object)


def read_atom_ids(connection: sa.Connection, plan_id: int, leaves: Sequence[int]) -> list[int]:
    """Ids of the atoms of some lowest grids."""
    link = tables.plan_atom
    return list(
        connection.scalars(
            sa.select(link.c.atom_id).where(
                link.c.plan_id == plan_id, link.c.grid_id.in_(list(leaves))
            )
        )
    )


def read_owners(connection: sa.Connection, plan_id: int, atoms: Sequence[int]) -> dict[int, int]:
    """The lowest grid of each of some atoms."""
    link = tables.plan_atom
    rows = connection.execute(
        sa.select(link.c.atom_id, link.c.grid_id).where(
            link.c.plan_id == plan_id, link.c.atom_id.in_(list(atoms))
        )
    )
    return {row.atom_id: row.grid_id for row in rows}


def read_middles(connection: sa.Connection, plan_id: int) -> dict[int, tuple[float, float]]:
    """A point inside of each grid of a plan, in degrees, by id."""
    rows = connection.execute(
        sa.text(
            "SELECT id, ST_X(p) AS lon, ST_Y(p) AS lat FROM ("
            "SELECT id, ST_PointOnSurface(geom) AS p FROM grid "
            "WHERE plan_id = :plan AND geom IS NOT NULL) AS inside"
        ),
        {"plan": plan_id},
    )
    return {row.id: (row.lon, row.lat) for row in rows}
