"""The coverage of every plan is proved at COMMIT, whoever writes.

The proof is segment cancellation. The atoms that a transaction links and unlinks are summed up as
directed segments: when they cancel, the atoms cover what they covered before. Otherwise the whole
plan is summed up against its territory's outline. Grids are compared with their atoms or children
in the same way, so that no polygon can say something else than the links.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan_change",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("xact", sa.BigInteger(), nullable=False),
        sa.Column("atom_id", sa.BigInteger(), nullable=True),
        sa.Column("grid_id", sa.BigInteger(), nullable=True),
        sa.Column("sign", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_change")),
    )
    op.create_index("ix_plan_change_plan_id_xact", "plan_change", ["plan_id", "xact"])
    op.create_table(
        "plan_proof",
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("xact", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("plan_id", "xact", name=op.f("pk_plan_proof")),
    )
    op.execute("""
        CREATE FUNCTION directed_segments(shape geometry)
        RETURNS TABLE (x1 double precision, y1 double precision,
                       x2 double precision, y2 double precision, sign integer)
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
          SELECT least_x, least_y, most_x, most_y, direction FROM (
            SELECT ST_X(a) AS ax, ST_Y(a) AS ay, ST_X(b) AS bx, ST_Y(b) AS by
            FROM (SELECT ST_PointN(s.geom, 1) AS a, ST_PointN(s.geom, 2) AS b
                  FROM ST_DumpSegments(ST_ForcePolygonCCW(shape)) AS s) AS ends
          ) AS e, LATERAL (
            SELECT CASE WHEN (ax, ay) < (bx, by) THEN ax ELSE bx END AS least_x,
                   CASE WHEN (ax, ay) < (bx, by) THEN ay ELSE by END AS least_y,
                   CASE WHEN (ax, ay) < (bx, by) THEN bx ELSE ax END AS most_x,
                   CASE WHEN (ax, ay) < (bx, by) THEN by ELSE ay END AS most_y,
                   CASE WHEN (ax, ay) < (bx, by) THEN 1 ELSE -1 END AS direction
          ) AS canonical
        $$
    """)
    op.execute("""
        CREATE FUNCTION plan_residue(plan bigint)
        RETURNS TABLE (lon double precision, lat double precision, net bigint)
        LANGUAGE sql STABLE AS $$
          WITH part AS (
            SELECT s.* FROM plan_atom pa JOIN atom a ON a.id = pa.atom_id,
                   LATERAL directed_segments(a.geom) AS s WHERE pa.plan_id = plan
            UNION ALL
            SELECT s.x1, s.y1, s.x2, s.y2, -s.sign
            FROM plan p JOIN network n ON n.id = p.network_id JOIN territory t ON t.id = n.territory_id,
                 LATERAL directed_segments(t.geom) AS s
            WHERE p.id = plan AND EXISTS (SELECT FROM plan_atom pa WHERE pa.plan_id = plan)
          )
          SELECT (x1 + x2) / 2, (y1 + y2) / 2, sum(sign) FROM part
          GROUP BY x1, y1, x2, y2 HAVING sum(sign) <> 0
        $$
    """)
    op.execute(
        "COMMENT ON FUNCTION plan_residue IS 'Segments of a plan''s atoms that nothing cancels: none means an exact coverage of the territory'"
    )
    op.execute("""
        CREATE FUNCTION grid_residue(grids bigint[])
        RETURNS TABLE (grid_id bigint, lon double precision, lat double precision)
        LANGUAGE sql STABLE AS $$
          WITH part AS (
            SELECT g.id, s.x1, s.y1, s.x2, s.y2, -s.sign AS sign
            FROM grid g, LATERAL directed_segments(g.geom) AS s WHERE g.id = ANY(grids)
            UNION ALL
            SELECT g.id, s.x1, s.y1, s.x2, s.y2, s.sign
            FROM grid g JOIN plan_atom pa ON pa.plan_id = g.plan_id AND pa.grid_id = g.id
                 JOIN atom a ON a.id = pa.atom_id, LATERAL directed_segments(a.geom) AS s
            WHERE g.id = ANY(grids) AND g.lowest
            UNION ALL
            SELECT g.id, s.x1, s.y1, s.x2, s.y2, s.sign
            FROM grid g JOIN grid c ON c.parent_id = g.id, LATERAL directed_segments(c.geom) AS s
            WHERE g.id = ANY(grids) AND NOT g.lowest
          )
          SELECT DISTINCT ON (id) id, (x1 + x2) / 2, (y1 + y2) / 2 FROM part
          GROUP BY id, x1, y1, x2, y2 HAVING sum(sign) <> 0
        $$
    """)
    op.execute("""
        CREATE FUNCTION prove_plan() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE bad record; changed bigint[];
        BEGIN
          IF EXISTS (
            SELECT FROM (
              SELECT atom_id, sum(sign) AS net FROM plan_change
              WHERE plan_id = NEW.plan_id AND xact = NEW.xact AND atom_id IS NOT NULL
              GROUP BY atom_id HAVING sum(sign) <> 0
            ) c JOIN atom a ON a.id = c.atom_id, LATERAL directed_segments(a.geom) AS s
            GROUP BY s.x1, s.y1, s.x2, s.y2 HAVING sum(c.net * s.sign) <> 0
          ) THEN
            SELECT * INTO bad FROM plan_residue(NEW.plan_id) LIMIT 1;
            IF FOUND THEN
              RAISE EXCEPTION 'plan % does not cover its territory exactly, for example at % %',
                NEW.plan_id, bad.lon, bad.lat USING ERRCODE = '23514', CONSTRAINT = 'plan_covers_territory';
            END IF;
          END IF;
          SELECT array_agg(DISTINCT g.id) INTO changed FROM plan_change c JOIN grid g ON g.id = c.grid_id
          WHERE c.plan_id = NEW.plan_id AND c.xact = NEW.xact;
          SELECT * INTO bad FROM grid_residue(changed) LIMIT 1;
          IF FOUND THEN
            RAISE EXCEPTION 'the polygon of grid % is not the union of what belongs to it, for example at % %',
              bad.grid_id, bad.lon, bad.lat USING ERRCODE = '23514', CONSTRAINT = 'grid_is_union_of_atoms';
          END IF;
          DELETE FROM plan_change WHERE plan_id = NEW.plan_id AND xact = NEW.xact;
          DELETE FROM plan_proof WHERE plan_id = NEW.plan_id AND xact = NEW.xact;
          RETURN NULL;
        END $$
    """)
    op.execute("""
        CREATE CONSTRAINT TRIGGER prove_plan AFTER INSERT ON plan_proof
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION prove_plan()
    """)
    op.execute("""
        CREATE FUNCTION note_links() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE now_in bigint := pg_current_xact_id()::text::bigint;
        BEGIN
          IF TG_OP <> 'INSERT' THEN
            INSERT INTO plan_change (plan_id, xact, atom_id, grid_id, sign)
            SELECT plan_id, now_in, atom_id, grid_id, -1 FROM gone;
            INSERT INTO plan_proof SELECT DISTINCT plan_id, now_in FROM gone ON CONFLICT DO NOTHING;
          END IF;
          IF TG_OP <> 'DELETE' THEN
            INSERT INTO plan_change (plan_id, xact, atom_id, grid_id, sign)
            SELECT plan_id, now_in, atom_id, grid_id, 1 FROM come;
            INSERT INTO plan_proof SELECT DISTINCT plan_id, now_in FROM come ON CONFLICT DO NOTHING;
          END IF;
          RETURN NULL;
        END $$
    """)
    op.execute(
        "CREATE TRIGGER note_links_in AFTER INSERT ON plan_atom REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION note_links()"
    )
    op.execute(
        "CREATE TRIGGER note_links_out AFTER DELETE ON plan_atom REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION note_links()"
    )
    op.execute(
        "CREATE TRIGGER note_links_moved AFTER UPDATE ON plan_atom REFERENCING OLD TABLE AS gone NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION note_links()"
    )
    op.execute("""
        CREATE FUNCTION note_grids() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE now_in bigint := pg_current_xact_id()::text::bigint;
        BEGIN
          IF TG_OP = 'UPDATE' THEN
            INSERT INTO plan_change (plan_id, xact, grid_id, sign)
            SELECT c.plan_id, now_in, unnest(ARRAY[c.id, c.parent_id, g.parent_id]), 0
            FROM come c JOIN gone g USING (id)
            WHERE c.geom IS DISTINCT FROM g.geom OR c.parent_id IS DISTINCT FROM g.parent_id
               OR c.lowest <> g.lowest;
          ELSIF TG_OP = 'INSERT' THEN
            INSERT INTO plan_change (plan_id, xact, grid_id, sign)
            SELECT plan_id, now_in, unnest(ARRAY[id, parent_id]), 0 FROM come;
          ELSE
            INSERT INTO plan_change (plan_id, xact, grid_id, sign)
            SELECT plan_id, now_in, parent_id, 0 FROM gone WHERE parent_id IS NOT NULL;
          END IF;
          INSERT INTO plan_proof
          SELECT DISTINCT plan_id, now_in FROM plan_change WHERE xact = now_in ON CONFLICT DO NOTHING;
          RETURN NULL;
        END $$
    """)
    op.execute(
        "CREATE TRIGGER note_grids_in AFTER INSERT ON grid REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION note_grids()"
    )
    op.execute(
        "CREATE TRIGGER note_grids_out AFTER DELETE ON grid REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION note_grids()"
    )
    op.execute(
        "CREATE TRIGGER note_grids_moved AFTER UPDATE ON grid REFERENCING OLD TABLE AS gone NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION note_grids()"
    )
    op.execute("""
        CREATE FUNCTION refuse_atom_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION 'atoms never change: an edit makes new ones' USING ERRCODE = '23000';
        END $$
    """)
    op.execute(
        "CREATE TRIGGER immutable BEFORE UPDATE ON atom FOR EACH STATEMENT EXECUTE FUNCTION refuse_atom_change()"
    )
    op.execute("""
        CREATE FUNCTION refuse_outline_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF EXISTS (SELECT FROM network n JOIN plan p ON p.network_id = n.id
                     JOIN plan_atom pa ON pa.plan_id = p.id WHERE n.territory_id = NEW.id) THEN
            RAISE EXCEPTION 'the outline of territory % is frozen: plans cover it', NEW.code
              USING ERRCODE = '23000';
          END IF;
          RETURN NEW;
        END $$
    """)
    # As bytes: a dump cannot say which `=` of geometries IS DISTINCT FROM means, and would not load.
    op.execute("""
        CREATE TRIGGER frozen BEFORE UPDATE OF geom ON territory FOR EACH ROW
        WHEN (ST_AsEWKB(OLD.geom) IS DISTINCT FROM ST_AsEWKB(NEW.geom))
        EXECUTE FUNCTION refuse_outline_change()
    """)


def downgrade() -> None:
    op.execute("DROP TRIGGER frozen ON territory")
    op.execute("DROP TRIGGER immutable ON atom")
    for name in ("in", "out", "moved"):
        op.execute(f"DROP TRIGGER note_grids_{name} ON grid")
        op.execute(f"DROP TRIGGER note_links_{name} ON plan_atom")
    op.drop_table("plan_proof")
    op.drop_table("plan_change")
    op.execute(
        "DROP FUNCTION refuse_outline_change, refuse_atom_change, note_grids, note_links, prove_plan, grid_residue, "
        "plan_residue, directed_segments"
    )
