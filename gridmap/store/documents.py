"""Plans as a planner sees them: their states, days and people."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from gridmap.errors import NotFound

# A plan whose last day has come is superseded, without anybody who has to write that at midnight.
_STATE = """
    CASE WHEN p.state = 'published' AND upper(p.valid) <= current_date THEN 'superseded'
         ELSE p.state END
"""
_PLANS = f"""
    SELECT p.id, p.name, {_STATE} AS state, p.revision, p.author, p.reviewer, p.based_on,
           p.created_at, p.published_at, lower(p.valid) AS valid_from, upper(p.valid) AS valid_to,
           n.place, n.key AS network, n.name AS network_name, n.name_en AS network_name_en,
           n.levels, n.households_min, n.households_max, t.code AS territory,
           t.name AS territory_name, p.valid @> current_date AS in_force,
           (SELECT count(*) FROM plan_comment c WHERE c.plan_id = p.id AND NOT c.resolved)
             AS open_comments
    FROM plan p JOIN network n ON n.id = p.network_id JOIN territory t ON t.id = n.territory_id
"""


def list_plans(
    connection: sa.Connection, *, place: str | None, network: str | None
) -> list[dict[str, Any]]:
    """Plans of every state, the newest first."""
    rows = connection.execute(
        sa.text(
            f"{_PLANS} WHERE (CAST(:place AS text) IS NULL OR n.place = :place) "
            "AND (CAST(:network AS text) IS NULL OR n.key = :network) ORDER BY p.id DESC"
        ),
        {"place": place, "network": network},
    )
    return [row._asdict() for row in rows]


def describe_plan(connection: sa.Connection, plan_id: int) -> dict[str, Any]:
    """A plan as a planner sees it.

    Raises
    ------
    NotFound
        No such plan.
    """
    row = connection.execute(sa.text(f"{_PLANS} WHERE p.id = :id"), {"id": plan_id}).one_or_none()
    if row is None:
        raise NotFound(f"There is no plan {plan_id}")
    return row._asdict()
