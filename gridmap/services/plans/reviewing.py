"""The review of a draft: it is submitted, commented on, sent back, and published by another."""

from __future__ import annotations

from typing import Any

from gridmap.errors import Conflict, Fault, InvalidInput
from gridmap.store import audit, database, plans, reviews
from gridmap.store.database import Connection, Engine

MOST_TEXT = 2_000


def submit(engine: Engine, plan_id: int, *, revision: int | None, actor: str) -> None:
    """Give a draft to review; nobody edits it until it is sent back.

    Raises
    ------
    NotFound
        No such plan.
    Conflict
        It is no draft, or was changed after `revision`.
    """
    with database.transaction(engine, actor=actor) as connection:
        draft = reviews.lock(connection, plan_id, revision, state="draft", act="submitted")
        reviews.set_state(connection, plan_id, "in review")
        _record(connection, "submit", plan_id, actor, revision=draft.revision)


def send_back(engine: Engine, plan_id: int, *, reason: str | None, actor: str) -> None:
    """Send a plan back from review; the author may take it back without a reason.

    Raises
    ------
    Conflict
        It is not in review.
    InvalidInput
        Somebody else than the author gives no reason.
    """
    said = _text(reason, "reason") if reason else None
    with database.transaction(engine, actor=actor) as connection:
        plan = reviews.lock(connection, plan_id, None, state="in review", act="sent back")
        if said is None and actor != plan.author:
            raise InvalidInput(
                "A plan is sent back with a reason", faults=(Fault("is missing", field="reason"),)
            )
        reviews.set_state(connection, plan_id, "draft")
        if said is not None:
            reviews.insert_comment(connection, plan_id, author=actor, text=said, place=None)
        _record(connection, "send back", plan_id, actor, reason=said)


def comment(
    engine: Engine,
    plan_id: int,
    *,
    text: str,
    place: tuple[float, float] | None,
    actor: str,
) -> dict[str, Any]:
    """Pin a comment to a place (longitude, latitude in degrees), or to the plan as a whole.

    A plan that is in force, or was, may be commented on too: that is how the next one begins.

    Raises
    ------
    NotFound
        No such plan.
    InvalidInput
        The text is empty or too long.
    """
    said = _text(text, "text")
    with database.transaction(engine, actor=actor) as connection:
        plans.read_plan(connection, plan_id)
        number = reviews.insert_comment(connection, plan_id, author=actor, text=said, place=place)
        _record(connection, "comment", plan_id, actor, comment=number)
        return next(
            item for item in reviews.read_comments(connection, plan_id) if item["id"] == number
        )


def resolve_comment(
    engine: Engine, plan_id: int, comment_id: int, *, resolved: bool, actor: str
) -> dict[str, Any]:
    """Say that a comment is settled, or open again.

    Raises
    ------
    NotFound
        The plan has no such comment.
    """
    with database.transaction(engine, actor=actor) as connection:
        changed = reviews.set_resolved(
            connection, plan_id, comment_id, resolved=resolved, actor=actor
        )
        act = "resolve" if resolved else "reopen"
        _record(connection, act, plan_id, actor, comment=comment_id)
    return changed


def read_comments(engine: Engine, plan_id: int) -> list[dict[str, Any]]:
    """The comments on a plan, the first one first.

    Raises
    ------
    NotFound
        No such plan.
    """
    with database.translated(), engine.connect() as connection:
        plans.read_plan(connection, plan_id)
        return reviews.read_comments(connection, plan_id)


def certify(connection: Connection, plan_id: int) -> dict[str, Any]:
    """What a certificate says of a plan as it is: hashes of outline, atoms and result, counts."""
    found = reviews.read_hashes(connection, plan_id)
    return {
        "outline_sha256": found["outline"],
        "atoms_sha256": found["atoms"],
        "result_sha256": found["result"],
        "atoms": found["atom_count"],
        "grids": found["grid_count"],
    }


def read_certificate(engine: Engine, plan_id: int) -> dict[str, Any]:
    """The certificate of a published plan, and whether what is stored still is what it says.

    `holds` compares the hashes with the rows of now; None where the certificate has no hashes, as
    that of a plan that was taken over as it was.

    Raises
    ------
    NotFound
        No such plan.
    Conflict
        It was never published.
    """
    with database.translated(), engine.connect() as connection:
        certificate = reviews.read_certificate(connection, plan_id)
        if certificate is None:
            raise Conflict(
                f"Plan {plan_id} has no certificate",
                hint="A plan gets one when it is published.",
            )
        now = certify(connection, plan_id)
    hashed = [name for name in now if name.endswith("_sha256") and name in certificate]
    holds = all(certificate[name] == now[name] for name in hashed) if hashed else None
    return {"certificate": certificate, "now": now, "holds": holds}


def _text(value: str, field: str) -> str:
    said = value.strip()
    if not said or len(said) > MOST_TEXT or "\0" in said:
        raise InvalidInput(
            f"A {'comment' if field == 'text' else field} has 1 to {MOST_TEXT} characters",
            faults=(Fault("unusable", field=field),),
        )
    return said


def _record(connection: Connection, action: str, plan_id: int, actor: str, **detail: Any) -> None:
    audit.record(
        connection, actor=actor, action=action, noun="plan", noun_id=str(plan_id), detail=detail
    )
