"""The picture of the schema in the README is the schema."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from gridmap.store import diagram
from gridmap.store.tables import metadata

README = Path(__file__).resolve().parents[2] / "README.md"


def test_the_readme_has_the_diagram_of_the_tables() -> None:
    text = README.read_text(encoding="utf-8")
    assert "<!-- schema -->\n" in text
    assert diagram.write_into(text) == text, "run: python -m gridmap.store.diagram README.md"


def test_every_table_and_every_foreign_key_is_in_the_diagram() -> None:
    lines = diagram.render().splitlines()
    assert lines[0] == "erDiagram"
    for table in metadata.tables.values():
        assert f"    {table.name} {{" in lines
    assert sum("--" in line for line in lines) == sum(
        len(table.foreign_key_constraints) for table in metadata.tables.values()
    )


def test_relations_say_how_many() -> None:
    schema = sa.MetaData()
    sa.Table("house", schema, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table(
        "flat",
        schema,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("house_id", sa.ForeignKey("house.id"), nullable=False),
        sa.Column("seller_id", sa.ForeignKey("house.id")),
    )
    sa.Table("roof", schema, sa.Column("house_id", sa.ForeignKey("house.id"), primary_key=True))
    lines = diagram.render(schema).splitlines()
    assert "    house ||--o{ flat : house_id" in lines
    assert "    house |o--o{ flat : seller_id" in lines
    assert "    house ||--o| roof : house_id" in lines
    assert "        integer house_id PK, FK" in lines


def test_a_text_without_marks_stays_as_it_is() -> None:
    assert diagram.write_into("# Nothing here\n") == "# Nothing here\n"
