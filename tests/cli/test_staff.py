"""`gridmap staff`, as a person calls it."""

from __future__ import annotations

import json
from datetime import date, time

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result

from gridmap.cli.main import gridmap
from gridmap.errors import GridmapError
from gridmap.services.staffing import rotas

PLACES = ("nanjie",)
HERE = ("--place", "nanjie")


@pytest.fixture
def run(engine: sa.Engine, database_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GRIDMAP_DATABASE_URL", database_url)

    def call(*words: object, code: int = 0) -> Result:
        done = CliRunner().invoke(gridmap, ["staff", *(str(word) for word in words)])
        if isinstance(done.exception, GridmapError):
            raise done.exception
        assert done.exit_code == code, done.output
        return done

    return call


def test_vacancies_are_told_in_sentences_and_as_data(run):
    said = run("vacancies", *HERE).output
    assert "20 of 27 1+1+N complete; missing: " in said
    assert "1+1+N  level 3: 242 of 247 complete" in said
    found = json.loads(run("vacancies", *HERE, "--json").output)
    assert said.count("\nmissing ") == len(found["vacancies"])


def test_a_proposal_says_its_proof_and_why_posts_stay_empty(run):
    said = run("propose", *HERE, "--skill", "grid-head=手语").output
    assert "proved optimal" in said
    assert "0 of them 手语" in said
    found = json.loads(run("propose", *HERE, "--max-walk", 1500, "--json").output)
    assert found["cost"] == found["lower_bound"]
    refused = run("propose", *HERE, "--skill", "grid-head", code=2)
    assert "is not ROLE=SKILL" in refused.output


def test_an_event_sends_each_team_to_a_grid_of_its_own_and_only_once(run):
    asked = ("event", *HERE, "--day", "2026-12-07", "--name", "主题党日")
    lines = run(*asked).output.splitlines()
    grids = {line.rpartition("(")[2] for line in lines}
    assert len(lines) == len(grids) == 7
    with pytest.raises(GridmapError, match="No team is free"):
        run(*asked)
    two = run(
        "event", *HERE, "--day", "2027-01-07", "--name", "扫雪", "--team", "红色先锋队",
        "--team", "紫色文艺队",
    ).output.splitlines()  # fmt: skip
    assert {line.partition(":")[0] for line in two} == {"红色先锋队", "紫色文艺队"}
    with pytest.raises(GridmapError, match="cannot go"):
        run("event", *HERE, "--day", "2027-02-07", "--name", "x", "--team", "无此队")
    assert "does not match" in run(*asked[:4], "7 December", "--name", "x", code=2).output


def test_who_patrols_is_told_day_by_day(run, engine: sa.Engine):
    nobody = run("on-duty", *HERE, "--day", "2026-12-05").output
    assert nobody == "Nobody is on duty in these days.\n"
    rota = rotas.make_rota(
        engine, "nanjie", name="周末巡逻", begins=date(2026, 11, 30),
        teams=["红色先锋队", "紫色文艺队"], weekdays=[6, 7], hours=(time(19), time(21)), actor="ann",
    )  # fmt: skip
    saturday = date(2026, 12, 5)
    rotas.stand_in(
        engine, rota["id"], day=saturday, team="红色先锋队", instead="紫色文艺队", actor="ann"
    )
    lines = run("on-duty", *HERE, "--day", saturday, "--days", 8).output.splitlines()
    assert lines[0] == "2026-12-05  19:00-21:00  紫色文艺队 for 红色先锋队  (周末巡逻)"
    assert [line[:10] for line in lines] == ["2026-12-05", "2026-12-06", "2026-12-12"]
    with pytest.raises(GridmapError, match="atlantis"):
        run("on-duty", "--place", "atlantis")
