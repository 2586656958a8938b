"""Who did what, and when: rows that nobody can change afterwards."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from gridmap.store import tables


def record(
    connection: sa.Connection,
    *,
    actor: str,
    action: str,
    noun: str,
    noun_id: str | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Write one act into the audit, in the transaction of the act itself."""
    connection.execute(
        sa.insert(tables.audit).values(
            actor=actor, action=action, noun=noun, noun_id=noun_id, detail=detail or {}
        )
    )
