"""The schema as a picture: a Mermaid diagram of the tables, their keys and their relations.

`python -m gridmap.store.diagram` prints it; with a file as argument it is written between the
file's marks `<!-- schema -->` and `<!-- /schema -->`.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import sqlalchemy as sa

from gridmap.store.tables import metadata

_DIALECT = sa.make_url("postgresql+psycopg://").get_dialect()()
_MARKS = re.compile(r"(<!-- schema -->\n).*?(<!-- /schema -->)", re.DOTALL)

# Columns that say what a table is about, beside its keys; the rest is in `tables.py`.
_TELLING = ("code", "key", "kind", "level", "state", "valid", "period", "reported_at", "geom")


def render(schema: sa.MetaData = metadata) -> str:
    """Render the diagram: keys and what a table is about, and one line for each foreign key."""
    tables = sorted(schema.tables.values(), key=lambda table: table.name)
    lines = ["erDiagram"]
    for table in tables:
        lines.extend(
            sorted(f"    {_relation(table, key)}" for key in table.foreign_key_constraints)
        )
    for table in tables:
        lines.append(f"    {table.name} {{")
        lines.extend(
            f"        {_type(column)} {column.name}{_role(column)}"
            for column in table.columns
            if column.primary_key or column.foreign_keys or column.name in _TELLING
        )
        lines.append("    }")
    return "\n".join(lines)


def _relation(table: sa.Table, constraint: sa.ForeignKeyConstraint) -> str:
    own = list(constraint.columns)
    # A row points to one other or to none; at it point any number, or one if it is their key.
    far_end = "|o" if any(column.nullable for column in own) else "||"
    near_end = "o|" if set(own) == set(table.primary_key) else "o{"
    # A key of two columns says with `id` which row; the other keeps both in one plan or month.
    names = {key.column.name: key.parent.name for key in constraint.elements}
    label = names.get("id", own[0].name)
    return f"{constraint.referred_table.name} {far_end}--{near_end} {table.name} : {label}"


def _type(column: sa.Column[object]) -> str:
    kind = getattr(column.type, "geometry_type", None)
    words = str(kind or column.type.compile(dialect=_DIALECT)).lower()
    return words.replace("timestamp with time zone", "timestamptz")


def _role(column: sa.Column[object]) -> str:
    roles = [
        name
        for name, holds in (("PK", column.primary_key), ("FK", bool(column.foreign_keys)))
        if holds
    ]
    return f" {', '.join(roles)}" if roles else ""


def write_into(text: str) -> str:
    """Give back a text with the diagram between its marks; without marks, the same text."""
    return _MARKS.sub(lambda marks: f"{marks[1]}```mermaid\n{render()}\n```\n{marks[2]}", text)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        file = Path(sys.argv[1])
        file.write_text(write_into(file.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        print(render())
