"""Whoever writes, a plan that does not cover its territory exactly is refused at COMMIT."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from gridmap.errors import GridmapError
from gridmap.store import database

PLACES = ("nanjie",)

# Each statement damages the governance plan of nanjie in one way.
PLAN = "(SELECT p.id FROM plan p JOIN network n ON n.id = p.network_id WHERE n.key = 'governance')"
ATOM = f"(SELECT min(atom_id) FROM plan_atom WHERE plan_id = {PLAN})"
LEAF = f"(SELECT min(id) FROM grid WHERE plan_id = {PLAN} AND lowest)"
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
}


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


@pytest.mark.parametrize("defect", DEFECTS)
def test_a_planted_defect_is_refused_and_nothing_stays(nanjie: sa.Engine, defect: str) -> None:
    before = fingerprint(nanjie)
    with (
        pytest.raises(GridmapError),
        database.transaction(nanjie, actor="mallory") as connection,
    ):
        connection.execute(sa.text(DEFECTS[defect]))
    assert fingerprint(nanjie) == before


def test_the_independent_check_finds_nothing_in_what_was_loaded(nanjie: sa.Engine) -> None:
    with nanjie.connect() as connection:
        assert not connection.execute(
            sa.text("SELECT r.* FROM plan p, LATERAL plan_residue(p.id) r")
        ).all()
        assert not connection.execute(
            sa.text("SELECT * FROM grid_residue((SELECT array_agg(id) FROM grid))")
        ).all()
