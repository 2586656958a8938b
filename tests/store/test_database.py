"""The schema that the migrations build is the schema of `tables.py`."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from gridmap.store import database
from gridmap.store.tables import metadata


def test_upgrade_from_empty_equals_the_tables(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_object": database.is_compared,
                "compare_type": True,
                "compare_server_default": True,
            },
        )
        assert compare_metadata(context, metadata) == []


def test_a_write_raises_the_revision_of_its_layer_once(engine: sa.Engine) -> None:
    def revision() -> int:
        with engine.connect() as connection:
            return connection.scalar(
                sa.text("SELECT revision FROM layer_revision WHERE source = 'water'")
            )

    before = revision()
    with database.transaction(engine, actor="test") as connection:
        for _ in range(3):
            connection.execute(
                sa.text(
                    "INSERT INTO water (geom) VALUES (ST_GeomFromText('LINESTRING(1 1, 2 2)', 4326))"
                )
            )
    assert revision() == before + 1
