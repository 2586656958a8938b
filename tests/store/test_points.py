"""Incidents as arrays are the rows of the table, whatever their order on disk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import sqlalchemy as sa

from gridmap.store import points
from gridmap.store.incidents import ensure_months

BEGINS = datetime(2026, 1, 1, tzinfo=UTC)
ENDS = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def filled(engine: sa.Engine) -> sa.Engine:
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO place (key, name, meridian) VALUES ('p', 'P', 117), ('q', 'Q', 99)"
            )
        )
        ensure_months(connection, BEGINS, ENDS)
        connection.execute(
            sa.text(
                "INSERT INTO incident (place, reported_at, category, severity, channel, geom) "
                "SELECT CASE WHEN n % 7 = 0 THEN 'q' ELSE 'p' END, "
                "  timestamptz '2026-03-31 23:59:59.999999+00' - n * interval '1 hour 7 us', "
                "  CASE WHEN n % 3 = 0 THEN 'dispute' ELSE 'hazard' END, 1 + n % 4, 'patrol', "
                "  ST_SetSRID(ST_MakePoint(117 + n / 9999.0, 40 - n / 7777.0), 4326) "
                "FROM generate_series(0, 2999) AS n"
            )
        )
    return engine


@pytest.mark.parametrize(
    ("asked", "condition"),
    [
        ({}, "true"),
        ({"categories": ("dispute",)}, "category = 'dispute'"),
        ({"channels": ("hotline",)}, "channel = 'hotline'"),
        ({"least_severity": 3}, "severity >= 3"),
    ],
)
def test_every_row_of_the_window_is_read_once_ordered_by_id(filled, asked, condition):
    window = (BEGINS + timedelta(days=3), datetime(2026, 3, 31, 23, 59, 59, 999999, tzinfo=UTC))
    with filled.connect() as connection:
        found = points.read_incidents(connection, "p", *window, **asked)
        rows = connection.execute(
            sa.text(
                "SELECT id, ST_X(geom) AS lon, ST_Y(geom) AS lat, reported_at FROM incident "
                "WHERE place = 'p' AND reported_at >= :begins AND reported_at < :ends "
                f"AND {condition} ORDER BY id"
            ),
            {"begins": window[0], "ends": window[1]},
        ).all()
    assert found.id.tolist() == [row.id for row in rows]
    assert found.lon.tolist() == [row.lon for row in rows]
    assert found.lat.tolist() == [row.lat for row in rows]
    micros = np.round(found.at * 1e6).astype(np.int64).tolist()
    since = datetime(1970, 1, 1, tzinfo=UTC)
    assert micros == [(row.reported_at - since) // timedelta(microseconds=1) for row in rows]
    assert all(array.dtype.isnative for array in (found.lon, found.lat, found.at, found.id))
