"""COPY brings back what went in, whatever characters and types it has."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest
import shapely
import sqlalchemy as sa

from gridmap.errors import InvalidInput
from gridmap.store import tables
from gridmap.store.database import transaction
from gridmap.store.loading import (
    PackedCopy,
    copy_rows,
    indexes_built_later,
    place_checked_once,
    reserve_ids,
)
from gridmap.store.packing import pack_rows

SQUARE = shapely.MultiPolygon([shapely.box(102.1, 25.1, 102.2, 25.2)])
AWKWARD = "tab\t, newline\n, backslash \\, \\N, quote \", 'single', 中文, 𠮷"


def test_every_type_comes_back_as_it_went_in(engine: sa.Engine) -> None:
    with transaction(engine, actor="test") as connection:
        copy_rows(
            connection,
            tables.place,
            ("key", "name", "meridian", "properties", "demo"),
            [("nanjie", AWKWARD, 102, {"facts": [1, None, AWKWARD]}, True)],
        )
        copy_rows(
            connection,
            "territory",
            ("place", "code", "name", "kind", "valid", "geom"),
            [("nanjie", "532325101003", "南街", "community", (date(2026, 1, 1), None), SQUARE)],
        )
        copy_rows(
            connection,
            "staff",
            ("place", "code", "name", "roles", "absent", "geom"),
            [
                (
                    "nanjie",
                    "s1",
                    "甲",
                    ["grid-head", 'odd "role", {x} \\'],
                    (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)),
                    shapely.Point(102.1, 25.1),
                )
            ],
        )
        place = connection.execute(sa.select(tables.place)).one()
        territory = connection.execute(
            sa.text(
                "SELECT lower(valid) AS since, upper_inf(valid) AS open, st_asewkt(geom) AS geom, mercator IS NOT NULL AS twin FROM territory"
            )
        ).one()
        staff = connection.execute(sa.select(tables.staff.c.roles, tables.staff.c.absent)).one()
    assert place.name == AWKWARD
    assert place.properties == {"facts": [1, None, AWKWARD]}
    assert place.demo is True
    assert (territory.since, territory.open, territory.twin) == (date(2026, 1, 1), True, True)
    assert territory.geom.startswith("SRID=4326;MULTIPOLYGON")
    assert staff.roles == ["grid-head", 'odd "role", {x} \\']
    assert staff.absent.lower == datetime(2026, 1, 1, tzinfo=UTC)


def test_packed_columns_and_constants_make_the_same_rows(engine: sa.Engine) -> None:
    columns = {
        "code": ["a", None, AWKWARD],
        "usage": "residential",
        "households": np.array([1, 2, 3]),
        "height_m": [None, 2.5, 1e300],
        "properties": {"from": AWKWARD},
        "name": None,
        # As shapely has it, as WKB of the whole, as WKB of its only part.
        "geom": np.array(
            [SQUARE, shapely.to_wkb(SQUARE), shapely.to_wkb(SQUARE.geoms[0])], dtype=object
        ),
    }
    with transaction(engine, actor="test") as connection:
        ids = reserve_ids(connection, "building", 3)
        columns = {"id": ids, **columns}
        packed = pack_rows(tables.building, columns, 3)
        with PackedCopy(connection) as copying:
            copying.write("building", list(columns), packed)
        rows = connection.execute(sa.select(tables.building).order_by("id")).all()
        shapes = connection.scalars(
            sa.text("SELECT ST_AsEWKB(geom) FROM building ORDER BY id")
        ).all()
    assert [row.id for row in rows] == ids.tolist()
    assert [row.code for row in rows] == ["a", None, AWKWARD]
    assert [row.name for row in rows] == [None, None, None]
    assert [row.households for row in rows] == [1, 2, 3]
    assert [row.height_m for row in rows] == [None, 2.5, 1e300]
    assert rows[0].properties == {"from": AWKWARD}
    assert {bytes(shape) for shape in shapes} == {
        shapely.to_wkb(shapely.set_srid(SQUARE, 4326), include_srid=True)
    }


def test_packed_times_and_lists_come_back_as_they_went_in(engine: sa.Engine) -> None:
    columns = {
        "category": ["clinic", "aed"],
        "name": ["甲", "乙"],
        "services": [["a", AWKWARD], []],
        "updated_at": [
            datetime(1999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
            datetime(2026, 10, 31, 8, tzinfo=timezone(timedelta(hours=8))),
        ],
        "geom": np.array([shapely.Point(102, 25), shapely.Point(103, 26)]),
    }
    table = tables.resource_point
    with transaction(engine, actor="test") as connection:
        with PackedCopy(connection) as copying:
            copying.write(table, list(columns), pack_rows(table, columns, 2))
        rows = connection.execute(sa.select(table).order_by("id")).all()
    assert [row.services for row in rows] == columns["services"]
    assert [row.updated_at for row in rows] == columns["updated_at"]


def test_one_copy_takes_batch_after_batch_and_other_columns(engine: sa.Engine) -> None:
    def rows(**columns: object) -> list[bytes]:
        return pack_rows(tables.building, {**columns, "geom": SQUARE}, 2)

    count = sa.text("SELECT count(*) FROM building WHERE code LIKE 'batch%' OR floors > 900")
    with transaction(engine, actor="test") as connection, PackedCopy(connection) as copying:
        copying.write("building", ["code", "geom"], rows(code=["batch1", "batch2"]))
        copying.write("building", ["code", "geom"], rows(code=["batch3", "batch4"]))
        copying.write("building", ["floors", "geom"], rows(floors=[901, 902]))
        copying.finish()
        assert connection.scalar(count) == 6
        copying.write("building", ["code", "geom"], rows(code=["batch5", "batch6"]))
    with engine.connect() as connection:
        assert connection.scalar(count) == 8


def test_a_copy_that_is_broken_off_leaves_the_reason_and_no_rows(engine: sa.Engine) -> None:
    good = pack_rows(tables.building, {"floors": [800], "geom": SQUARE}, 1)
    rows = pack_rows(tables.building, {"floors": [-1], "geom": SQUARE}, 1)

    def break_off() -> None:
        with transaction(engine, actor="test") as connection, PackedCopy(connection) as copying:
            copying.write("building", ["floors", "geom"], good)
            raise InvalidInput("broken off")

    with pytest.raises(InvalidInput, match="broken off"):
        break_off()
    # What the server refuses is known when it has read it.
    with (
        pytest.raises(InvalidInput, match="counts"),
        transaction(engine, actor="test") as connection,
        PackedCopy(connection) as copying,
    ):
        copying.write("building", ["floors", "geom"], rows)
    with engine.connect() as connection:
        found = sa.text("SELECT count(*) FROM building WHERE floors IN (800, -1)")
        assert connection.scalar(found) == 0


def test_an_index_that_ends_in_the_id_stays_while_rows_are_loaded(engine: sa.Engine) -> None:
    listed = sa.text("SELECT indexname FROM pg_indexes WHERE tablename = 'building'")
    with transaction(engine, actor="test") as connection:
        before = {*connection.scalars(listed)}
        with indexes_built_later(connection, "building"):
            assert {*connection.scalars(listed)} == {"pk_building", "ix_building_place_id"}
        assert {*connection.scalars(listed)} == before


@pytest.mark.parametrize("text", ["nul\0", "half \ud800"])
def test_a_packed_text_that_is_no_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        pack_rows(tables.water, {"name": [text]}, 1)


@pytest.mark.parametrize("text", ["nul\0", "half \ud800"])
def test_text_that_is_no_text_is_refused_and_nothing_stays(engine: sa.Engine, text: str) -> None:
    with pytest.raises(InvalidInput), transaction(engine, actor="test") as connection:
        copy_rows(connection, "water", ("name", "geom"), [(text, SQUARE)])
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM water")) == 0


def test_a_refusal_of_the_database_is_said_in_words(engine: sa.Engine) -> None:
    with (
        pytest.raises(InvalidInput, match="counts"),
        transaction(engine, actor="test") as connection,
    ):
        copy_rows(connection, "building", ("households", "geom"), [(-1, SQUARE)])


def test_a_place_is_checked_once_and_the_foreign_key_holds_afterwards(engine: sa.Engine) -> None:
    with (
        pytest.raises(InvalidInput, match="no place 'nowhere'"),
        transaction(engine, actor="test") as connection,
        place_checked_once(connection, "building", "nowhere"),
    ):
        pass
    with transaction(engine, actor="test") as connection:
        copy_rows(connection, "place", ("key", "name", "meridian"), [("checked", "x", 102)])
        with place_checked_once(connection, "building", "checked") as done:
            copy_rows(connection, "building", ("place", "geom"), [("checked", SQUARE)])
        assert done
    with pytest.raises(InvalidInput), transaction(engine, actor="test") as connection:
        copy_rows(connection, "building", ("place", "geom"), [("nowhere", SQUARE)])


def test_a_table_in_use_keeps_its_indexes(engine: sa.Engine) -> None:
    with engine.connect() as reader, reader.begin():
        reader.execute(sa.text("SELECT count(*) FROM land_use"))
        with (
            transaction(engine, actor="test") as connection,
            indexes_built_later(connection, "land_use") as later,
        ):
            assert not later
            copy_rows(connection, "land_use", ("kind", "geom"), [("park", SQUARE)])
    with engine.connect() as connection:
        found = connection.scalar(
            sa.text("SELECT count(*) FROM pg_indexes WHERE indexname = 'ix_land_use_geom'")
        )
    assert found == 1


def test_indexes_that_were_taken_away_come_back_also_after_an_error(engine: sa.Engine) -> None:
    with (
        pytest.raises(InvalidInput),
        transaction(engine, actor="test") as connection,
        indexes_built_later(connection, "water"),
    ):
        copy_rows(connection, "water", ("name", "geom"), [("a\0", SQUARE)])
    with transaction(engine, actor="test") as connection, indexes_built_later(connection, "water"):
        copy_rows(connection, "water", ("name", "geom"), [("b", SQUARE)])
    with engine.connect() as connection:
        found = connection.scalar(
            sa.text("SELECT count(*) FROM pg_indexes WHERE indexname = 'ix_water_geom'")
        )
    assert found == 1
