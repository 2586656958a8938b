"""Alembic's entry: `gridmap.store.database.upgrade` hands over its connection."""

from alembic import context

from gridmap.store.database import is_compared
from gridmap.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    include_object=is_compared,
)
context.run_migrations()
