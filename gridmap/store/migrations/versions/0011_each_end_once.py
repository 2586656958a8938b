"""Segments of the proof are read once; the days of rotas are checked one by one.

The planner had each end of a segment looked up wherever it is named, about fifteen times. And a
check of two ranges comes back from a dump with other brackets than it was made with.
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        CREATE OR REPLACE FUNCTION directed_segments(shape geometry)
        RETURNS TABLE (x1 double precision, y1 double precision,
                       x2 double precision, y2 double precision, sign integer)
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
          SELECT CASE WHEN ahead THEN ax ELSE bx END, CASE WHEN ahead THEN ay ELSE by END,
                 CASE WHEN ahead THEN bx ELSE ax END, CASE WHEN ahead THEN by ELSE ay END,
                 CASE WHEN ahead THEN 1 ELSE -1 END
          -- OFFSET 0: a subquery that is not pulled up is computed once.
          FROM (
            SELECT *, (ax, ay) < (bx, by) AS ahead FROM (
              SELECT ST_X(a) AS ax, ST_Y(a) AS ay, ST_X(b) AS bx, ST_Y(b) AS by FROM (
                SELECT ST_StartPoint(s.geom) AS a, ST_EndPoint(s.geom) AS b
                FROM ST_DumpSegments(ST_ForcePolygonCCW(shape)) AS s OFFSET 0
              ) AS ends OFFSET 0
            ) AS e OFFSET 0
          ) AS canonical
        $$
    """)
    op.drop_constraint(op.f("ck_rota_turn_day"), "rota_turn")
    op.create_check_constraint(op.f("ck_rota_turn_week"), "rota_turn", "week BETWEEN 0 AND 51")
    op.create_check_constraint(op.f("ck_rota_turn_weekday"), "rota_turn", "weekday BETWEEN 1 AND 7")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_rota_turn_weekday"), "rota_turn")
    op.drop_constraint(op.f("ck_rota_turn_week"), "rota_turn")
    # The function stays: it gives the same rows as the one before.
    op.create_check_constraint(
        op.f("ck_rota_turn_day"), "rota_turn", "week BETWEEN 0 AND 51 AND weekday BETWEEN 1 AND 7"
    )
