"""What gridmap needs of a PostgreSQL server, its own or somebody else's."""

from __future__ import annotations

EXTENSIONS = ("postgis", "btree_gist", "pg_trgm")

# Oldest major version: the schema uses UNIQUE NULLS NOT DISTINCT.
OLDEST_SERVER = 15
