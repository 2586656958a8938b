"""`gridmap demo` loads the five places once, and again when it is told to."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from gridmap.cli.demo import command


@pytest.mark.slow
def test_the_five_places_are_loaded_once_and_the_next_step_is_named(database_url, engine):
    environ = {"GRIDMAP_DATABASE_URL": database_url}
    first = CliRunner().invoke(command, [], env=environ, catch_exceptions=False)
    assert first.exit_code == 0
    assert "5 places loaded" in first.output
    assert first.output.endswith("Next: gridmap serve\n")
    second = CliRunner().invoke(command, [], env=environ, catch_exceptions=False)
    assert "loaded already" in second.output
    with engine.connect() as connection:
        levels = connection.execute(
            sa.text("SELECT level, count(*) FROM grid WHERE place = 'nanjie' GROUP BY 1 ORDER BY 1")
        ).all()
        units = connection.scalar(
            sa.text(
                "SELECT count(*) FROM unit JOIN building ON building.id = building_id "
                "WHERE place = 'wenyuan'"
            )
        )
    assert [tuple(row) for row in levels] == [(1, 1), (2, 27), (3, 247)]
    assert units == 319
