"""Search: one folded form of a name, and its pairs of characters in an index.

`gridmap_fold` makes equal what a reader takes for equal: full and half width (NFKC), upper and
lower case, traditional and simplified characters. The map of characters is that of OpenCC
(TSCharacters, Apache License 2.0; the first simplified form of each), kept in
`0003_simplified.txt`: traditional characters in the first line, theirs in the second. Only the
first 200 characters of a name count, or a name of a megabyte would take a minute.

`gridmap_grams` makes the pairs of neighbouring characters of names, with a mark before the first
and after the last one. An index over them finds two Chinese characters in the middle of a name,
which trigrams cannot, and it does so in a database of any locale. What has no name is left out:
loading buildings, most of which have none, costs 4 % more with the index, not 60 %. A function that an index uses
must not call another one of ours: restoring a dump runs with an empty search path.
"""

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NAMED = ("territory", "grid", "street", "building", "resource_point")
CODED = ("territory", "grid", "building", "resource_point", "incident")


def upgrade() -> None:
    traditional, simplified = (
        (Path(__file__).parent / "0003_simplified.txt").read_text(encoding="utf-8").split()
    )
    # `translate` walks through the whole map for each character, 0.2 ms a name: only where the
    # pattern, 2 µs a name, has found a traditional character.
    op.get_bind().exec_driver_sql(f"""
        CREATE FUNCTION gridmap_fold(said text) RETURNS text
        LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
        DECLARE folded text;
        BEGIN
          folded := left(said, 200);
          IF octet_length(folded) = length(folded) THEN RETURN lower(folded); END IF;
          folded := lower(normalize(folded, NFKC));
          IF folded ~ '[{traditional}]' THEN
            RETURN translate(folded, '{traditional}', '{simplified}');
          END IF;
          RETURN folded;
        END $$
    """)
    op.get_bind().exec_driver_sql("""
        CREATE FUNCTION gridmap_grams(name text, name_en text) RETURNS tsvector
        LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
        DECLARE
          grams text[] := '{}';
          marked text;
        BEGIN
          FOREACH marked IN ARRAY ARRAY[name, name_en] LOOP
            CONTINUE WHEN coalesce(marked, '') = '';
            marked := E'\\x02' || marked || E'\\x03';
            FOR i IN 1 .. length(marked) - 1 LOOP
              grams := grams || substr(marked, i, 2);
            END LOOP;
          END LOOP;
          RETURN array_to_tsvector(grams);
        END $$
    """)
    for table in NAMED:
        op.execute(f"""
            CREATE INDEX ix_{table}_search ON {table} USING gin
            (gridmap_grams(gridmap_fold(name), gridmap_fold(name_en)))
            WHERE name IS NOT NULL OR name_en IS NOT NULL
        """)
    for table in CODED:
        op.execute(f"""
            CREATE INDEX ix_{table}_code_search ON {table}
            (lower(code) text_pattern_ops) WHERE code IS NOT NULL
        """)


def downgrade() -> None:
    for table in CODED:
        op.execute(f"DROP INDEX ix_{table}_code_search")
    for table in NAMED:
        op.execute(f"DROP INDEX ix_{table}_search")
    op.execute("DROP FUNCTION gridmap_grams")
    op.execute("DROP FUNCTION gridmap_fold")
