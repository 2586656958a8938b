"""Folding and the index of pairs."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from gridmap.store import database


@pytest.mark.parametrize(
    ("given", "folded"),
    [
        ("東湖社區", "东湖社区"),
        ("臺灣", "台湾"),
        ("ＡＢＣ１２", "abc12"),
        ("Ⅳ", "iv"),
        ("Café", "café"),
        ("ｶﾞ", "ガ"),
        ("東ＡB湖", "东ab湖"),
        ("", ""),
    ],
)
def test_folding_makes_equal_what_reads_as_equal(
    engine: sa.Engine, given: str, folded: str
) -> None:
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT gridmap_fold(:given)"), {"given": given}) == folded


def test_folding_twice_changes_nothing_for_any_character_of_the_map(engine: sa.Engine) -> None:
    versions = Path(database.__file__).parent / "migrations" / "versions"
    traditional, simplified = (versions / "0003_simplified.txt").read_text("utf-8").split()
    assert len(traditional) == len(simplified) > 4000
    with engine.connect() as connection:
        for start in range(0, len(traditional), 100):
            part = slice(start, start + 100)
            for given in (traditional[part], simplified[part]):
                folded = connection.scalar(sa.text("SELECT gridmap_fold(:given)"), {"given": given})
                assert folded == simplified[part]


def test_a_name_of_a_megabyte_can_be_stored(engine: sa.Engine) -> None:
    with database.transaction(engine, actor="test") as connection:
        connection.execute(
            sa.text(
                "INSERT INTO building (name, geom)"
                " VALUES (repeat('樓房', 500000), ST_Multi(ST_MakeEnvelope(1, 1, 2, 2, 4326)))"
            )
        )


def test_search_uses_the_index_for_two_characters(engine: sa.Engine) -> None:
    with database.transaction(engine, actor="test") as connection:
        connection.exec_driver_sql("""
            INSERT INTO building (name, geom)
            SELECT '幸福小区' || n || '号楼', ST_Multi(ST_MakeEnvelope(1, 1, 2, 2, 4326))
            FROM generate_series(1, 5000) AS n
        """)
        connection.exec_driver_sql("ANALYZE building")
        plan = "\n".join(
            connection.scalars(
                sa.text(
                    "EXPLAIN SELECT id FROM building"
                    " WHERE (name IS NOT NULL OR name_en IS NOT NULL) AND gridmap_grams(gridmap_fold(name), gridmap_fold(name_en)) @@ '''龙凤'''::tsquery"
                )
            )
        )
    assert "ix_building_search" in plan
