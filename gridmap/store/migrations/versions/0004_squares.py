"""The square of the world that a building or point stands in: what low zooms count by."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Each with what is counted beside it, so that a low zoom reads the index alone.
TABLES = {"building": "households", "resource_point": "id", "incident": "id"}


def upgrade() -> None:
    # The body is stored parsed, so that a restore with an empty search_path understands it.
    op.execute("""
        CREATE FUNCTION web_square(geom geometry) RETURNS bigint
        LANGUAGE sql IMMUTABLE PARALLEL SAFE
        RETURN CASE WHEN NOT ST_IsEmpty(geom) THEN
          (greatest(0, least(1048575, floor(524288 * (1 - ln(tan(radians(
            45 + greatest(-85.06, least(85.06, (@@ (geom::box))[1])) / 2))) / pi()))))::bigint << 20)
          + greatest(0, least(1048575, floor(((@@ (geom::box))[0] + 180) / 360 * 1048576)))::bigint
        END
    """)
    for table, counted in TABLES.items():
        op.execute(f"""
            ALTER TABLE {table} ADD COLUMN square bigint GENERATED ALWAYS AS (web_square(geom)) STORED
        """)
        op.execute(f"CREATE INDEX ix_{table}_square ON {table} (square) INCLUDE ({counted})")


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} DROP COLUMN square")
    op.execute("DROP FUNCTION web_square")
