"""Incidents: partitioned by month, so that years of them stay fast."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa


def ensure_months(connection: sa.Connection, first: datetime, last: datetime) -> None:
    """Make the partitions of every month between two times, both included.

    Months are those of UTC, so that a partition's bounds do not depend on the session's time zone.
    A month of which rows lie in the default partition already (written past gridmap) stays there.
    """
    year, month = first.astimezone(UTC).year, first.astimezone(UTC).month
    end = last.astimezone(UTC)
    # Two writers of the same new month: the second waits, then finds it.
    connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('gridmap.incident_months'))"))
    while (year, month) <= (end.year, end.month):
        following = (year + month // 12, month % 12 + 1)
        name = f"incident_{year:04d}_{month:02d}"
        start = f"{year:04d}-{month:02d}-01 00:00:00+00"
        stop = f"{following[0]:04d}-{following[1]:02d}-01 00:00:00+00"
        missing = connection.scalar(
            sa.text(
                "SELECT to_regclass(:name) IS NULL AND NOT EXISTS (SELECT FROM incident_default "
                "WHERE reported_at >= CAST(:start AS timestamptz) "
                "AND reported_at < CAST(:stop AS timestamptz))"
            ),
            {"name": name, "start": start, "stop": stop},
        )
        if missing:
            connection.execute(
                sa.text(
                    f"CREATE TABLE {name} PARTITION OF incident "
                    f"FOR VALUES FROM ('{start}') TO ('{stop}')"
                )
            )
        year, month = following
