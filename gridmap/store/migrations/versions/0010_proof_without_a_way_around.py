"""The proof at COMMIT leaves no way around it.

Until now it believed its own notes, and saw neither TRUNCATE nor what a session does whose
triggers sleep (`session_replication_role`). Now nobody but the triggers writes the notes; the
triggers never sleep; tables of plans are not truncated; atoms are valid areas; a plan stays over
its territory, does not lose its last atom, and its levels stand one above the other.
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_NOTE_GRIDS = """
    CREATE OR REPLACE FUNCTION note_grids() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE now_in bigint := pg_current_xact_id()::text::bigint;
    BEGIN
      IF TG_OP = 'UPDATE' THEN
        INSERT INTO plan_change (plan_id, xact, grid_id, sign)
        SELECT unnest(ARRAY[c.plan_id, c.plan_id, g.plan_id]), now_in,
               unnest(ARRAY[c.id, c.parent_id, g.parent_id]), 0
        FROM come c JOIN gone g USING (id)
        WHERE c.geom IS DISTINCT FROM g.geom OR c.parent_id IS DISTINCT FROM g.parent_id
           OR c.lowest <> g.lowest OR c.level <> g.level OR c.plan_id <> g.plan_id;
      ELSIF TG_OP = 'INSERT' THEN
        INSERT INTO plan_change (plan_id, xact, grid_id, sign)
        SELECT plan_id, now_in, unnest(ARRAY[id, parent_id]), 0 FROM come;
      ELSE
        INSERT INTO plan_change (plan_id, xact, grid_id, sign)
        SELECT plan_id, now_in, unnest(ARRAY[id, parent_id]), 0 FROM gone;
      END IF;
      INSERT INTO plan_proof
      SELECT DISTINCT plan_id, now_in FROM plan_change WHERE xact = now_in ON CONFLICT DO NOTHING;
      RETURN NULL;
    END $$
"""

# A row without atom and grid stands for the whole plan.
_NOTE_PLANS = """
    CREATE FUNCTION note_plans() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE now_in bigint := pg_current_xact_id()::text::bigint; plans bigint[];
    BEGIN
      IF TG_TABLE_NAME = 'plan' THEN
        plans := ARRAY[NEW.id];
      ELSIF TG_TABLE_NAME = 'network' THEN
        SELECT array_agg(id) INTO plans FROM plan WHERE network_id = NEW.id;
      ELSE
        SELECT array_agg(DISTINCT plan_id) INTO plans FROM plan_atom WHERE atom_id = OLD.id;
      END IF;
      INSERT INTO plan_change (plan_id, xact, sign) SELECT unnest(plans), now_in, 0;
      INSERT INTO plan_proof SELECT unnest(plans), now_in ON CONFLICT DO NOTHING;
      RETURN NULL;
    END $$
"""

# Before a first ANALYZE the planner expects one grid, and would look through all of them for each.
_LEVEL_RESIDUE = """
    CREATE FUNCTION level_residue(plan bigint) RETURNS TABLE (grid_id bigint)
    LANGUAGE sql STABLE SET enable_nestloop = off AS $$
      WITH step AS (
        SELECT level, lag(level) OVER (ORDER BY level) AS above, max(level) OVER () AS deepest
        FROM grid WHERE plan_id = plan GROUP BY level
      )
      SELECT g.id FROM grid g JOIN step USING (level)
      LEFT JOIN grid up ON up.plan_id = g.plan_id AND up.id = g.parent_id
      WHERE g.plan_id = plan
        AND (g.lowest <> (g.level = step.deepest) OR up.level IS DISTINCT FROM step.above)
      UNION ALL
      SELECT pa.grid_id FROM plan_atom pa
      LEFT JOIN grid g ON g.plan_id = pa.plan_id AND g.id = pa.grid_id
      WHERE pa.plan_id = plan AND g.lowest IS NOT TRUE
    $$
"""

# As before, and no edge of a polygon may occur twice: it would cancel itself.
_GRID_RESIDUE = """
    CREATE OR REPLACE FUNCTION grid_residue(grids bigint[])
    RETURNS TABLE (grid_id bigint, lon double precision, lat double precision)
    LANGUAGE sql STABLE AS $$
      WITH part AS (
        SELECT g.id, s.x1, s.y1, s.x2, s.y2, -s.sign AS sign, 1 AS own
        FROM grid g, LATERAL directed_segments(g.geom) AS s WHERE g.id = ANY(grids)
        UNION ALL
        SELECT g.id, s.x1, s.y1, s.x2, s.y2, s.sign, 0
        FROM grid g JOIN plan_atom pa ON pa.plan_id = g.plan_id AND pa.grid_id = g.id
             JOIN atom a ON a.id = pa.atom_id, LATERAL directed_segments(a.geom) AS s
        WHERE g.id = ANY(grids) AND g.lowest
        UNION ALL
        SELECT g.id, s.x1, s.y1, s.x2, s.y2, s.sign, 0
        FROM grid g JOIN grid c ON c.parent_id = g.id, LATERAL directed_segments(c.geom) AS s
        WHERE g.id = ANY(grids) AND NOT g.lowest
      )
      SELECT DISTINCT ON (id) id, (x1 + x2) / 2, (y1 + y2) / 2 FROM part
      GROUP BY id, x1, y1, x2, y2 HAVING sum(sign) <> 0 OR sum(own) > 1
    $$
"""

_LEVELS = """SELECT * INTO bad FROM level_residue(NEW.plan_id) LIMIT 1;
        IF FOUND THEN
          RAISE EXCEPTION 'grid % of plan % does not stand on the level below its parent',
            bad.grid_id, NEW.plan_id USING ERRCODE = '23514', CONSTRAINT = 'levels_are_nested';
        END IF;
"""

_PROVE_PLAN = """
    CREATE OR REPLACE FUNCTION prove_plan() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE bad record; changed bigint[]; told text;
    BEGIN
      SELECT state INTO told FROM plan WHERE id = NEW.plan_id;
      IF FOUND THEN
        IF NOT EXISTS (SELECT FROM plan_atom WHERE plan_id = NEW.plan_id)
           AND (told <> 'draft' OR EXISTS (SELECT FROM grid WHERE plan_id = NEW.plan_id)) THEN
          RAISE EXCEPTION 'plan % has no atoms, and covers nothing', NEW.plan_id
            USING ERRCODE = '23514', CONSTRAINT = 'plan_covers_territory';
        END IF;
        IF EXISTS (
          SELECT FROM plan_change WHERE plan_id = NEW.plan_id AND xact = NEW.xact
            AND atom_id IS NULL AND grid_id IS NULL
        ) OR EXISTS (
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
              NEW.plan_id, bad.lon, bad.lat
              USING ERRCODE = '23514', CONSTRAINT = 'plan_covers_territory';
          END IF;
        END IF;
        SELECT array_agg(DISTINCT g.id) INTO changed
        FROM plan_change c JOIN grid g ON g.id = c.grid_id
        WHERE c.plan_id = NEW.plan_id AND c.xact = NEW.xact;
        SELECT * INTO bad FROM grid_residue(changed) LIMIT 1;
        IF FOUND THEN
          RAISE EXCEPTION
            'the polygon of grid % is not the union of what belongs to it, for example at % %',
            bad.grid_id, bad.lon, bad.lat
            USING ERRCODE = '23514', CONSTRAINT = 'grid_is_union_of_atoms';
        END IF;
        {levels}
      END IF;
      DELETE FROM plan_change WHERE plan_id = NEW.plan_id AND xact = NEW.xact;
      DELETE FROM plan_proof WHERE plan_id = NEW.plan_id AND xact = NEW.xact;
      RETURN NULL;
    END $$
""".replace("{levels}", _LEVELS)

_REFUSE = (
    """
    CREATE FUNCTION refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'plans are not emptied by TRUNCATE: delete the plan or the place'
        USING ERRCODE = '23000';
    END $$
    """,
    # Depth 1 is a statement of a client, depth 2 one of our own triggers.
    """
    CREATE FUNCTION refuse_strange_notes() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'the notes of the proof are written by its triggers only'
          USING ERRCODE = '23000';
      END IF;
      RETURN NULL;
    END $$
    """,
    """
    CREATE FUNCTION refuse_no_area() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE bad record;
    BEGIN
      SELECT id, ST_IsValidReason(geom) AS reason INTO bad FROM come
      WHERE ST_IsEmpty(geom) OR NOT ST_IsValid(geom) LIMIT 1;
      IF FOUND THEN
        RAISE EXCEPTION 'atom % is no area: %', bad.id, bad.reason USING ERRCODE = '23514',
          CONSTRAINT = 'atom_is_an_area';
      END IF;
      RETURN NULL;
    END $$
    """,
)

# Name and table, and the rest of the statement that makes the trigger.
_TRIGGERS = {
    ("not_truncated", "atom"): "BEFORE TRUNCATE ON atom EXECUTE FUNCTION refuse_truncate()",
    (
        "not_truncated",
        "plan_atom",
    ): "BEFORE TRUNCATE ON plan_atom EXECUTE FUNCTION refuse_truncate()",
    ("not_truncated", "grid"): "BEFORE TRUNCATE ON grid EXECUTE FUNCTION refuse_truncate()",
    (
        "is_an_area",
        "atom",
    ): "AFTER INSERT ON atom REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION refuse_no_area()",
    ("note_atoms_out", "atom"): "AFTER DELETE ON atom FOR EACH ROW EXECUTE FUNCTION note_plans()",
    (
        "note_plans_in",
        "plan",
    ): "AFTER INSERT ON plan FOR EACH ROW WHEN (NEW.state <> 'draft') EXECUTE FUNCTION note_plans()",
    (
        "note_plans_moved",
        "plan",
    ): "AFTER UPDATE OF state, network_id ON plan FOR EACH ROW WHEN (OLD.network_id <> NEW.network_id OR OLD.state = 'draft' AND NEW.state <> 'draft') EXECUTE FUNCTION note_plans()",
    (
        "note_networks_moved",
        "network",
    ): "AFTER UPDATE OF territory_id ON network FOR EACH ROW WHEN (OLD.territory_id <> NEW.territory_id) EXECUTE FUNCTION note_plans()",
    (
        "own_notes",
        "plan_change",
    ): "BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON plan_change EXECUTE FUNCTION refuse_strange_notes()",
    (
        "own_notes",
        "plan_proof",
    ): "BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON plan_proof EXECUTE FUNCTION refuse_strange_notes()",
}

# Those of the first proof, which sleep with the session's other triggers until now.
_EARLIER = (
    ("note_links_in", "plan_atom"),
    ("note_links_out", "plan_atom"),
    ("note_links_moved", "plan_atom"),
    ("note_grids_in", "grid"),
    ("note_grids_out", "grid"),
    ("note_grids_moved", "grid"),
    ("immutable", "atom"),
    ("frozen", "territory"),
    ("prove_plan", "plan_proof"),
)


def upgrade() -> None:
    for statement in (_NOTE_GRIDS, _NOTE_PLANS, _LEVEL_RESIDUE, _GRID_RESIDUE, _PROVE_PLAN):
        op.execute(statement)
    for statement in _REFUSE:
        op.execute(statement)
    op.execute(
        "COMMENT ON FUNCTION level_residue IS 'Grids of a plan that do not stand on the level "
        "below their parent, or hold atoms above the lowest level: none means nested levels'"
    )
    for (name, _), definition in _TRIGGERS.items():
        op.execute(f"CREATE TRIGGER {name} {definition}")
    for name, table in (*_EARLIER, *_TRIGGERS):
        op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def downgrade() -> None:
    for name, table in _TRIGGERS:
        op.execute(f"DROP TRIGGER {name} ON {table}")
    for name, table in _EARLIER:
        op.execute(f"ALTER TABLE {table} ENABLE TRIGGER {name}")
    # The functions that were replaced stay: of what they were asked before they say the same.
    op.execute(_PROVE_PLAN.replace(_LEVELS, ""))
    op.execute(
        "DROP FUNCTION note_plans, level_residue, refuse_truncate, refuse_strange_notes, "
        "refuse_no_area"
    )
