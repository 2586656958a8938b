"""People are absent for a time: their posts stay theirs, and nobody is sent to them meanwhile."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gridmap.errors import Fault, InvalidInput
from gridmap.store import assignments, audit, database, staffing
from gridmap.store.database import Engine


def set_absence(
    engine: Engine,
    staff_id: int,
    *,
    begins: datetime | None,
    ends: datetime | None = None,
    actor: str,
) -> dict[str, Any]:
    """Record that somebody is absent in a time, open-ended without an end; give the times.

    Without a beginning the person is present again and nothing of an absence is kept.

    Raises
    ------
    NotFound
        No such person.
    InvalidInput
        The absence ends before it begins.
    """
    if begins is None and ends is not None:
        raise InvalidInput(
            "An absence has a beginning", faults=(Fault("is missing", field="begins"),)
        )
    if begins is not None and ends is not None and ends <= begins:
        raise InvalidInput(
            "An absence ends after it begins", faults=(Fault("not after begins", field="ends"),)
        )
    with database.transaction(engine, actor=actor) as connection:
        person = assignments.read_staff(connection, staff_id, booking=True)
        staffing.write_absence(connection, staff_id, begins, ends)
        audit.record(
            connection,
            actor=actor,
            action="absence" if begins else "back",
            noun="staff",
            noun_id=str(staff_id),
            detail={"begins": begins and begins.isoformat(), "ends": ends and ends.isoformat()},
        )
    return {"staff_id": staff_id, "name": person["name"], "begins": begins, "ends": ends}
