"""The way of a plan through its review: its state, comments pinned to places, its certificate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from gridmap.errors import Conflict, NotFound
from gridmap.store import drafts, tables
from gridmap.store.drafts import Draft


def lock(
    connection: sa.Connection, plan_id: int, revision: int | None, *, state: str, act: str
) -> Draft:
    """Lock a plan that is in a state, for this transaction.

    Parameters
    ----------
    revision
        What the caller saw; None does not compare.
    state
        The state that the plan has to be in.
    act
        What is about to be done, as a participle, for the message.

    Raises
    ------
    NotFound
        No such plan.
    Conflict
        It is in another state, or was changed after `revision`.
    """
    if state == "draft":
        return drafts.lock_draft(connection, plan_id, revision)
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
    plan = Draft(**row._asdict())
    if plan.state != state:
        hint = "Submit it for review first." if plan.state == "draft" else "Make a draft from it."
        raise Conflict(
            f"Plan {plan_id} is {_said(plan.state)}, and only a plan {_said(state)} is {act}",
            hint=hint,
        )
    if revision is not None and revision != plan.revision:
        raise Conflict(
            f"The plan is at revision {plan.revision}, not {revision}",
            hint="Read it again before you decide.",
        )
    return plan


def _said(state: str) -> str:
    return "a draft" if state == "draft" else state


def set_state(connection: sa.Connection, plan_id: int, state: str) -> None:
    """Move a plan from draft to review or back."""
    plan = tables.plan
    connection.execute(sa.update(plan).where(plan.c.id == plan_id).values(state=state))


_COMMENTS = """
    SELECT id, actor AS author, at, body AS text, resolved, resolved_by, ST_X(geom) AS lon,
           ST_Y(geom) AS lat
    FROM plan_comment
"""


def insert_comment(
    connection: sa.Connection,
    plan_id: int,
    *,
    author: str,
    text: str,
    place: tuple[float, float] | None,
) -> int:
    """Store a comment, pinned to a place (longitude, latitude) or on the whole plan."""
    return int(
        connection.execute(
            sa.text(
                "INSERT INTO plan_comment (plan_id, actor, body, geom) VALUES (:plan, :author, "
                ":text, CASE WHEN CAST(:lon AS float8) IS NOT NULL "
                "THEN ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) END) RETURNING id"
            ),
            {
                "plan": plan_id,
                "author": author,
                "text": text,
                "lon": place[0] if place else None,
                "lat": place[1] if place else None,
            },
        ).scalar_one()
    )


def read_comments(connection: sa.Connection, plan_id: int) -> list[dict[str, Any]]:
    """The comments on a plan, the first one first."""
    rows = connection.execute(
        sa.text(f"{_COMMENTS} WHERE plan_id = :plan ORDER BY id"), {"plan": plan_id}
    )
    return [row._asdict() for row in rows]


def set_resolved(
    connection: sa.Connection, plan_id: int, comment_id: int, *, resolved: bool, actor: str
) -> dict[str, Any]:
    """Say that a comment is settled, or that it is not.

    Raises
    ------
    NotFound
        The plan has no such comment.
    """
    changed = connection.execute(
        sa.text(
            "UPDATE plan_comment SET resolved = :resolved, "
            "resolved_by = CASE WHEN :resolved THEN :actor END "
            "WHERE id = :id AND plan_id = :plan"
        ),
        {"id": comment_id, "plan": plan_id, "resolved": resolved, "actor": actor},
    )
    if not changed.rowcount:
        raise NotFound(f"Plan {plan_id} has no comment {comment_id}")
    row = connection.execute(sa.text(f"{_COMMENTS} WHERE id = :id"), {"id": comment_id}).one()
    return row._asdict()


# Little-endian well-known binary, in an order that a copy of the database keeps: the same bytes
# give the same hash anywhere, and `sha256sum` of them is all that it takes to compare.
_HASHES = sa.text("""
    SELECT
      (SELECT encode(sha256(ST_AsBinary(t.geom, 'NDR')), 'hex')
       FROM plan p JOIN network n ON n.id = p.network_id JOIN territory t ON t.id = n.territory_id
       WHERE p.id = :plan) AS outline,
      (SELECT encode(sha256(coalesce(string_agg(ST_AsBinary(a.geom, 'NDR'), ''::bytea
                                                ORDER BY a.id), ''::bytea)), 'hex')
       FROM plan_atom pa JOIN atom a ON a.id = pa.atom_id WHERE pa.plan_id = :plan) AS atoms,
      (SELECT encode(sha256(coalesce(string_agg(
                convert_to(concat_ws('|', level, code, name, kind, parent, ''), 'UTF8')
                || coalesce(ST_AsBinary(geom, 'NDR'), ''::bytea), ''::bytea
                ORDER BY level, code), ''::bytea)), 'hex')
       FROM grid WHERE plan_id = :plan) AS result,
      (SELECT count(*) FROM plan_atom WHERE plan_id = :plan) AS atom_count,
      (SELECT count(*) FROM grid WHERE plan_id = :plan) AS grid_count
""")


def read_hashes(connection: sa.Connection, plan_id: int) -> dict[str, Any]:
    """SHA-256 of the outline, of the atoms and of the resulting grids of a plan, with counts."""
    return connection.execute(_HASHES, {"plan": plan_id}).one()._asdict()


def read_certificate(connection: sa.Connection, plan_id: int) -> dict[str, Any] | None:
    """What was proved when a plan was published.

    Raises
    ------
    NotFound
        No such plan.
    """
    plan = tables.plan
    row = connection.execute(
        sa.select(plan.c.id, plan.c.certificate).where(plan.c.id == plan_id)
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no plan {plan_id}")
    found: dict[str, Any] | None = row.certificate
    return found


def read_unassigned(connection: sa.Connection, plan_id: int) -> Sequence[Any]:
    """Grids of a plan that hold what is given to nobody: code, area in m², longitude, latitude."""
    return connection.execute(
        sa.text(
            "SELECT code, area_m2, ST_X(inner_point) AS lon, ST_Y(inner_point) AS lat "
            "FROM grid, LATERAL (SELECT ST_PointOnSurface(geom) AS inner_point) AS p "
            "WHERE plan_id = :plan AND kind = 'unassigned' AND lowest AND EXISTS "
            "(SELECT FROM plan_atom pa WHERE pa.plan_id = :plan AND pa.grid_id = grid.id) "
            "ORDER BY code"
        ),
        {"plan": plan_id},
    ).all()


def drop_empty_unassigned(connection: sa.Connection, plan_id: int) -> None:
    """Delete grids of the kind `unassigned` that hold nothing any more, from below upwards."""
    for lowest in ("lowest", "NOT lowest"):
        connection.execute(
            sa.text(
                f"DELETE FROM grid g WHERE plan_id = :plan AND kind = 'unassigned' AND {lowest} "
                "AND NOT EXISTS (SELECT FROM plan_atom pa WHERE pa.plan_id = :plan "
                "AND pa.grid_id = g.id) AND NOT EXISTS (SELECT FROM grid c "
                "WHERE c.plan_id = :plan AND c.parent_id = g.id)"
            ),
            {"plan": plan_id},
        )
