"""Whoever writes, a plan that does not cover its territory exactly is refused at COMMIT."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa

from gridmap.errors import InvalidInput
from gridmap.store import database

PLACES = ("nanjie",)

# Each statement damages the governance plan of nanjie in one way.
PLAN = "(SELECT p.id FROM plan p JOIN network n ON n.id = p.network_id WHERE n.key = 'governance')"
ATOM = f"(SELECT min(atom_id) FROM plan_atom WHERE plan_id = {PLAN})"
LEAF = f"(SELECT min(id) FROM grid WHERE plan_id = {PLAN} AND lowest)"
UPPER = f"(SELECT min(id) FROM grid WHERE plan_id = {PLAN} AND level = 2)"
ELSEWHERE = """INSERT INTO territory (place, code, name, kind, geom)
    SELECT place, '532325101999', 'elsewhere', kind, ST_Translate(geom, 1, 0) FROM territory
    WHERE code = '532325101003'"""
HERE = "(SELECT id FROM territory WHERE code = '532325101003')"
THERE = "(SELECT id FROM territory WHERE code = '532325101999')"
# An area that cancels itself: its hole is its shell.
HOLLOW = "'SRID=4326;POLYGON((101 25,102 25,102 26,101 25),(101 25,102 25,102 26,101 25))'"
ASLEEP = "SET LOCAL session_replication_role = replica"
DEFECTS = {
    "an atom is left out": f"DELETE FROM plan_atom WHERE plan_id = {PLAN} AND atom_id = {ATOM}",
    "an atom is put in twice": f"""
        WITH copy AS (INSERT INTO atom (territory_id, geom)
                      SELECT territory_id, geom FROM atom WHERE id = {ATOM} RETURNING id)
        INSERT INTO plan_atom SELECT {PLAN}, id, {LEAF} FROM copy""",
    "an atom is replaced by one a nanometre off": f"""
        WITH moved AS (INSERT INTO atom (territory_id, geom)
                       SELECT territory_id, ST_Translate(geom, 1e-9, 0) FROM atom WHERE id = {ATOM}
                       RETURNING id)
        UPDATE plan_atom SET atom_id = (SELECT id FROM moved)
        WHERE plan_id = {PLAN} AND atom_id = {ATOM}""",
    "an atom is replaced by its simplified self": f"""
        WITH plain AS (INSERT INTO atom (territory_id, geom)
                       SELECT territory_id, ST_Envelope(geom) FROM atom WHERE id = {ATOM} RETURNING id)
        UPDATE plan_atom SET atom_id = (SELECT id FROM plain)
        WHERE plan_id = {PLAN} AND atom_id = {ATOM}""",
    "an atom outside the territory is added": f"""
        WITH far AS (INSERT INTO atom (territory_id, geom)
                     SELECT territory_id, ST_Translate(geom, 1, 0) FROM atom WHERE id = {ATOM}
                     RETURNING id)
        INSERT INTO plan_atom SELECT {PLAN}, id, {LEAF} FROM far""",
    "an atom changes hands and the polygons do not follow": f"""
        UPDATE plan_atom SET grid_id = (SELECT max(g.id) FROM grid g WHERE g.plan_id = {PLAN} AND g.lowest
          AND g.id <> plan_atom.grid_id)
        WHERE plan_id = {PLAN} AND atom_id = {ATOM}""",
    "a micro-grid's polygon is moved": f"""
        UPDATE grid SET geom = ST_Translate(geom, 1e-8, 0) WHERE id = {LEAF}""",
    "a micro-grid's polygon is emptied": f"UPDATE grid SET geom = NULL WHERE id = {LEAF}",
    "a grid's polygon is simplified": f"""
        UPDATE grid SET geom = ST_Multi(ST_ConvexHull(geom))
        WHERE id = (SELECT min(id) FROM grid WHERE plan_id = {PLAN} AND level = 2)""",
    "a micro-grid goes to another grid and the polygons do not follow": f"""
        UPDATE grid SET parent_id = (SELECT max(id) FROM grid WHERE plan_id = {PLAN} AND level = 2)
        WHERE id = {LEAF}""",
    "an atom is bent": f"UPDATE atom SET geom = ST_Envelope(geom) WHERE id = {ATOM}",
    "the territory's outline is moved": """
        UPDATE territory SET geom = ST_Translate(geom, 1e-6, 0) WHERE code = '532325101003'""",
    "a grid that has atoms is deleted": f"DELETE FROM grid WHERE id = {LEAF}",
    "two atoms change their owners": f"""
        WITH two AS (SELECT min(atom_id) AS a, max(atom_id) AS b FROM plan_atom WHERE plan_id = {PLAN})
        UPDATE plan_atom SET grid_id = other.grid_id FROM two, plan_atom other
        WHERE plan_atom.plan_id = {PLAN} AND other.plan_id = {PLAN}
          AND (plan_atom.atom_id, other.atom_id) IN ((two.a, two.b), (two.b, two.a))""",
    "an atom is merged away": f"""
        MERGE INTO plan_atom USING (SELECT {ATOM} AS atom) AS s
        ON plan_atom.atom_id = s.atom AND plan_atom.plan_id = {PLAN} WHEN MATCHED THEN DELETE""",
    "an atom's owner is put over": f"""
        INSERT INTO plan_atom SELECT plan_id, atom_id, (SELECT max(g.id) FROM grid g
          WHERE g.plan_id = {PLAN} AND g.lowest AND g.id <> plan_atom.grid_id)
        FROM plan_atom WHERE plan_id = {PLAN} AND atom_id = {ATOM}
        ON CONFLICT (plan_id, atom_id) DO UPDATE SET grid_id = excluded.grid_id""",
    "everything is truncated": "TRUNCATE plan_atom",
    "atoms are truncated, and what hangs on them": "TRUNCATE atom CASCADE",
    "grids are truncated, and what hangs on them": "TRUNCATE grid CASCADE",
    "places are truncated, and what hangs on them": "TRUNCATE place CASCADE",
    "triggers sleep, a link is deleted": f"""{ASLEEP};
        DELETE FROM plan_atom WHERE plan_id = {PLAN} AND atom_id = {ATOM}""",
    "triggers sleep, an atom is deleted": f"{ASLEEP}; DELETE FROM atom WHERE id = {ATOM}",
    "triggers sleep, an atom is bent": f"""{ASLEEP};
        UPDATE atom SET geom = ST_Envelope(geom) WHERE id = {ATOM}""",
    "triggers sleep, the outline moves": f"""{ASLEEP};
        UPDATE territory SET geom = ST_Translate(geom, 1e-9, 0) WHERE id = {HERE}""",
    "triggers sleep, a micro-grid is deleted": f"{ASLEEP}; DELETE FROM grid WHERE id = {LEAF}",
    "a link is deleted, and the note of it": f"""
        DELETE FROM plan_atom WHERE plan_id = {PLAN} AND atom_id = {ATOM};
        DELETE FROM plan_change""",
    "a link is deleted, and its note made up for": f"""
        DELETE FROM plan_atom WHERE plan_id = {PLAN} AND atom_id = {ATOM};
        INSERT INTO plan_change (plan_id, xact, atom_id, grid_id, sign)
        SELECT {PLAN}, CAST(CAST(pg_current_xact_id() AS text) AS bigint), min(id), {LEAF}, 1 FROM atom""",
    "a link is deleted after a proof in between": f"""
        SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED;
        DELETE FROM plan_atom WHERE plan_id = {PLAN} AND atom_id = {ATOM}""",
    "all atoms go, and every polygon": f"""
        DELETE FROM plan_atom WHERE plan_id = {PLAN};
        UPDATE grid SET geom = NULL WHERE plan_id = {PLAN}""",
    "a plan is published that has no areas": f"""
        INSERT INTO plan (network_id, name, author, state, valid)
        SELECT network_id, 'x', 'x', 'superseded', '[2001-01-01,2001-02-01)' FROM plan
        WHERE id = {PLAN}""",
    "the network is said to be of another territory": f"""{ELSEWHERE};
        UPDATE network SET territory_id = {THERE} WHERE territory_id = {HERE}""",
    "the plan is said to be of another network": f"""{ELSEWHERE};
        INSERT INTO network (place, territory_id, key, name, levels)
        VALUES ('nanjie', {THERE}, 'x', 'x', '[]');
        UPDATE plan SET network_id = (SELECT id FROM network WHERE key = 'x') WHERE id = {PLAN}""",
    "an atom without area is added": f"""
        INSERT INTO atom (territory_id, geom) VALUES ({HERE}, 'SRID=4326;POLYGON EMPTY')""",
    "an atom that cancels itself is added": f"""
        INSERT INTO atom (territory_id, geom) VALUES ({HERE}, {HOLLOW})""",
    "a polygon gets a part that cancels itself": f"""
        UPDATE grid SET geom = ST_Multi(ST_Collect(ARRAY[ST_GeometryN(geom, 1), {HOLLOW}]))
        WHERE id = {LEAF}""",
    "a micro-grid is said to be a grid": f"UPDATE grid SET level = 2 WHERE id = {LEAF}",
    "a grid is said to be below its micro-grids": f"UPDATE grid SET level = 9 WHERE id = {UPPER}",
    "a micro-grid is said to have parts": f"UPDATE grid SET lowest = false WHERE id = {LEAF}",
    "a grid is its own parent": f"UPDATE grid SET parent_id = id WHERE id = {UPPER}",
    "micro-grids are left alone, and their grid goes": f"""
        DELETE FROM assignment;
        UPDATE grid SET parent_id = NULL WHERE parent_id = {UPPER};
        UPDATE grid SET geom = (SELECT ST_Multi(ST_Union(c.geom)) FROM grid c
          WHERE c.parent_id = grid.id AND c.id <> {UPPER}) WHERE level = 1;
        DELETE FROM grid WHERE id = {UPPER}""",
}

_REPLACED = """WITH made AS (INSERT INTO atom (territory_id, geom)
      SELECT territory_id, {} FROM atom WHERE id = :atom RETURNING id)
    UPDATE plan_atom SET atom_id = (SELECT id FROM made) WHERE plan_id = :plan AND atom_id = :atom"""
SABOTAGE = (
    "DELETE FROM plan_atom WHERE plan_id = :plan AND atom_id = :atom",
    "DELETE FROM plan_atom WHERE plan_id = :plan AND grid_id = :leaf",
    "UPDATE plan_atom SET grid_id = :other WHERE plan_id = :plan AND atom_id = :atom",
    _REPLACED.format("ST_Translate(geom, :dx, 0)"),
    _REPLACED.format("ST_Translate(geom, 0, :dx)"),
    _REPLACED.format("ST_MakePolygon(ST_RemovePoint(ST_ExteriorRing(geom), 1))"),
    _REPLACED.format("ST_RemoveRepeatedPoints(ST_SnapToGrid(geom, 1e-7))"),
    _REPLACED.format("ST_ConvexHull(ST_Buffer(geom, abs(:dx)))"),
    "UPDATE grid SET geom = ST_Translate(geom, :dx, 0) WHERE id = :leaf",
    "UPDATE grid SET geom = (SELECT geom FROM grid WHERE id = :other) WHERE id = :leaf",
    "UPDATE grid SET geom = ST_Multi(ST_Union(geom, ST_Buffer(geom, abs(:dx)))) WHERE id = :leaf",
    "UPDATE grid SET parent_id = NULL WHERE id = :leaf",
    "UPDATE grid SET parent_id = :other WHERE id = :leaf",
    "UPDATE grid SET level = level + 1 + :vertex WHERE id = :leaf",
    "INSERT INTO plan_atom SELECT :plan, id, :other FROM atom WHERE id = :atom",
)


@pytest.fixture(scope="module")
def nanjie(engine: sa.Engine) -> sa.Engine:
    return engine


def fingerprint(engine: sa.Engine) -> tuple:
    with engine.connect() as connection:
        return tuple(
            connection.execute(
                sa.text(
                    "SELECT (SELECT md5(string_agg(geom::text, '' ORDER BY id)) FROM grid), "
                    "(SELECT md5(string_agg(pa::text, '' ORDER BY pa)) FROM plan_atom pa), "
                    "(SELECT count(*) FROM atom), (SELECT count(*) FROM plan_change)"
                )
            ).one()
        )


def commit(engine: sa.Engine, text: str, **values: Any) -> None:
    """Run statements in one transaction; a semicolon inside of a literal stands after an SRID."""
    with database.transaction(engine, actor="mallory") as connection:
        for part in re.split(r"(?<!SRID=4326);", text):
            statement = sa.text(part)
            wanted = {name: values[name] for name in statement.compile().params}
            connection.execute(statement, wanted)


def copy_in(engine: sa.Engine, row: tuple[int, ...]) -> None:
    with database.transaction(engine, actor="mallory") as connection:
        cursor = connection.connection.cursor()
        with cursor.copy("COPY plan_atom (plan_id, atom_id, grid_id) FROM STDIN") as copy:
            copy.write_row(row)


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_planted_defect_is_refused_and_nothing_stays(nanjie: sa.Engine, defect: str) -> None:
    before = fingerprint(nanjie)
    with pytest.raises(InvalidInput):
        commit(nanjie, DEFECTS[defect])
    assert fingerprint(nanjie) == before


def test_links_that_are_copied_in_are_proved_like_others(nanjie: sa.Engine) -> None:
    with database.transaction(nanjie, actor="mallory") as connection:
        atom = connection.scalar(
            sa.text(
                f"INSERT INTO atom (territory_id, geom) "
                f"SELECT {HERE}, ST_SetSRID(ST_MakeEnvelope(1, 1, 2, 2), 4326) RETURNING id"
            )
        )
        plan, leaf = connection.execute(sa.text(f"SELECT {PLAN}, {LEAF}")).one()
    before = fingerprint(nanjie)
    with pytest.raises(InvalidInput, match="does not cover"):
        copy_in(nanjie, (plan, atom, leaf))
    assert fingerprint(nanjie) == before


@pytest.mark.parametrize("count", [25, pytest.param(1000, marks=pytest.mark.long)])
def test_random_sabotage_is_refused_every_time(nanjie: sa.Engine, count: int) -> None:
    rng = np.random.default_rng(count)
    before = fingerprint(nanjie)
    with nanjie.connect() as connection:
        plan = connection.scalar(sa.text(f"SELECT {PLAN}"))
        links = connection.execute(
            sa.text("SELECT atom_id, grid_id FROM plan_atom WHERE plan_id = :p"), {"p": plan}
        ).all()
    leaves = sorted({grid for _, grid in links})
    for _ in range(count):
        atom, owner = links[int(rng.integers(len(links)))]
        values = {
            "plan": plan,
            "atom": atom,
            "leaf": owner,
            "other": int(rng.choice([leaf for leaf in leaves if leaf != owner])),
            "dx": float(rng.choice([-1, 1])) * 10 ** -float(rng.integers(2, 10)),
            "vertex": int(rng.integers(0, 3)),
        }
        with pytest.raises(InvalidInput):
            commit(nanjie, str(rng.choice(SABOTAGE)), **values)
    assert fingerprint(nanjie) == before


def test_the_independent_check_finds_nothing_in_what_was_loaded(nanjie: sa.Engine) -> None:
    with nanjie.connect() as connection:
        assert not connection.execute(
            sa.text("SELECT r.* FROM plan p, LATERAL plan_residue(p.id) r")
        ).all()
        assert not connection.execute(
            sa.text("SELECT * FROM grid_residue((SELECT array_agg(id) FROM grid))")
        ).all()
