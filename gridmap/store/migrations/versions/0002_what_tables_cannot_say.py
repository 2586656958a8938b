"""Partitions and triggers: what `tables.py` cannot say."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

LAYER_TABLES = (
    "territory",
    "street",
    "water",
    "land_use",
    "building",
    "resource_point",
    "grid",
    "incident",
)


def upgrade() -> None:
    op.execute("CREATE TABLE incident_default PARTITION OF incident DEFAULT")
    op.execute("""
        CREATE FUNCTION note_layer_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          INSERT INTO layer_change (source, xact)
          VALUES (TG_ARGV[0], pg_current_xact_id()::text::bigint) ON CONFLICT DO NOTHING;
          RETURN NULL;
        END $$
    """)
    op.execute("""
        CREATE FUNCTION publish_layer_change() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE now_at bigint;
        BEGIN
          UPDATE layer_revision SET revision = revision + 1, updated_at = clock_timestamp()
          WHERE source = NEW.source RETURNING revision INTO now_at;
          DELETE FROM layer_change WHERE source = NEW.source AND xact = NEW.xact;
          PERFORM pg_notify('gridmap_layers', NEW.source || ' ' || now_at);
          RETURN NULL;
        END $$
    """)
    op.execute("""
        CREATE CONSTRAINT TRIGGER publish_layer_change AFTER INSERT ON layer_change
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION publish_layer_change()
    """)
    for table in LAYER_TABLES:
        op.execute(f"INSERT INTO layer_revision (source) VALUES ('{table}')")
        op.execute(f"""
            CREATE TRIGGER note_layer_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION note_layer_change('{table}')
        """)
    op.execute("""
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION 'the table % is append-only', TG_TABLE_NAME USING ERRCODE = '23000';
        END $$
    """)
    op.execute("""
        CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
    """)


def downgrade() -> None:
    op.execute("DROP TRIGGER append_only ON audit")
    for table in LAYER_TABLES:
        op.execute(f"DROP TRIGGER note_layer_change ON {table}")
    op.execute("DROP TRIGGER publish_layer_change ON layer_change")
    op.execute("DELETE FROM layer_revision")
    op.execute("DROP FUNCTION refuse_change, note_layer_change, publish_layer_change")
    op.execute("DROP TABLE incident_default")
