"""Tiles as the database draws them, decoded and compared with the rows."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterator
from typing import Any

import mapbox_vector_tile
import pytest
import shapely
import sqlalchemy as sa

from gridmap.errors import NotFound
from gridmap.store import tiles
from gridmap.store.layers import LAYERS
from gridmap.store.tiles import Tile
from gridmap.store.zooms import BUFFER, DEEPEST, EXTENT, SQUARES, ZOOMS
from tests import town

Draw = Callable[..., list[dict[str, Any]]]
MIDDLE = (100.01, 25.005)


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as made:
        yield made


@pytest.fixture(scope="module")
def connections(
    engine: sa.Engine, database_url: str, runner: asyncio.Runner
) -> Iterator[tiles.Connections]:
    town.insert(engine)
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO land_use (place, name, kind, geom)"
                " SELECT 'town', '公园', 'park', geom FROM grid WHERE id = 100"
            )
        )
    opened = tiles.open_connections(database_url, size=1)
    yield runner.run(opened.__aenter__())
    runner.run(opened.__aexit__(None, None, None))


@pytest.fixture(scope="module")
def draw(connections: tiles.Connections, runner: asyncio.Runner) -> Draw:
    """Draw and decode: features with geometry in tile units, rows counted downwards."""

    def drawn(name: str, tile: Tile, **chosen: str | int) -> list[dict[str, Any]]:
        found = runner.run(tiles.draw(connections, LAYERS[name], tile, tuple(chosen.items())))
        options = {"y_coord_down": True}
        layers = mapbox_vector_tile.decode(found.mvt, default_options=options)
        assert set(layers) <= {name}
        features: list[dict[str, Any]] = layers.get(name, {"features": []})["features"]
        return features

    return drawn


def tile_at(lon: float, lat: float, zoom: int) -> Tile:
    size = 2**zoom
    down = (1 - math.log(math.tan(math.radians(45 + lat / 2))) / math.pi) / 2
    return Tile(zoom, int((lon + 180) / 360 * size), int(down * size))


def around(zoom: int) -> list[Tile]:
    """All tiles that hold a part of the town."""
    west, north = tile_at(100.0, 25.01, zoom)[1:]
    east, south = tile_at(100.02, 25.0, zoom)[1:]
    return [
        Tile(zoom, column, row)
        for column in range(west, east + 1)
        for row in range(north, south + 1)
    ]


def ids(features: list[dict[str, Any]]) -> set[int]:
    return {feature["id"] for feature in features}


# --- One by one -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("zoom", [14, 16, 18])
def test_a_tile_has_every_row_that_reaches_it_with_its_buffer(
    draw: Draw, engine: sa.Engine, name: str, zoom: int
) -> None:
    layer = LAYERS[name]
    for tile in around(zoom)[:6]:
        with engine.connect() as connection:
            expected = connection.scalars(
                sa.text(
                    f"SELECT id FROM {layer.table} WHERE {layer.condition or 'true'} AND"
                    " ST_Intersects(mercator, ST_TileEnvelope(:zoom, :column, :row,"
                    f" margin => {BUFFER / EXTENT}))"
                ),
                tile._asdict(),
            )
            assert ids(draw(name, tile)) == set(expected)


@pytest.mark.parametrize("name", LAYERS)
def test_features_carry_the_properties_that_are_meant_for_tiles_and_no_others(
    draw: Draw, engine: sa.Engine, name: str
) -> None:
    layer = LAYERS[name]
    listed = [item for item in layer.properties if item.in_tiles]
    columns = ", ".join(
        f"extract(epoch FROM {item.column})::bigint AS {item.name}"
        if item.type == "datetime"
        else f"{item.column} AS {item.name}"
        for item in listed
    )
    features = [feature for tile in around(16) for feature in draw(name, tile)]
    assert features
    with engine.connect() as connection:
        rows = connection.execute(sa.text(f"SELECT id, {columns} FROM {layer.table}")).mappings()
        known = {
            row["id"]: {item.name: row[item.name] for item in listed if row[item.name] is not None}
            for row in rows
        }
    for feature in features:
        assert feature["properties"] == known[feature["id"]]


def test_geometry_is_right_to_a_unit_of_the_tile(draw: Draw, engine: sa.Engine) -> None:
    tile = tile_at(100.0025, 25.0025, 16)
    west, south, east, north = tiles_envelope(engine, tile)
    (building,) = (item for item in draw("buildings", tile) if item["id"] == 1000)
    with engine.connect() as connection:
        wkb = connection.scalar(sa.text("SELECT ST_AsBinary(mercator) FROM building WHERE id=1000"))
    expected = shapely.transform(
        shapely.from_wkb(bytes(wkb)),
        lambda xy: (xy - [west, north]) * [EXTENT / (east - west), EXTENT / (south - north)],
    )
    assert shapely.hausdorff_distance(shapely.geometry.shape(building["geometry"]), expected) < 1


def tiles_envelope(engine: sa.Engine, tile: Tile) -> tuple[float, float, float, float]:
    with engine.connect() as connection:
        row = connection.execute(
            sa.text(
                "SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e)"
                " FROM ST_TileEnvelope(:zoom, :column, :row) AS e"
            ),
            tile._asdict(),
        ).one()
    return tuple(row)  # type: ignore[return-value]


def test_what_is_a_draft_or_over_is_not_drawn(draw: Draw) -> None:
    assert 201 not in ids(draw("grids", tile_at(*MIDDLE, 14)))
    assert 4 not in ids(draw("territories", tile_at(*MIDDLE, 14)))


@pytest.mark.parametrize(
    ("zoom", "levels"), [(9, {1}), (10, {1, 2}), (11, {1, 2}), (12, {1, 2, 3})]
)
def test_lower_levels_of_grids_wait_for_nearer_zooms(
    draw: Draw, zoom: int, levels: set[int]
) -> None:
    found = {feature["properties"]["level"] for feature in draw("grids", tile_at(*MIDDLE, zoom))}
    assert found == levels


def test_micro_grids_are_drawn_from_their_first_zoom(draw: Draw) -> None:
    assert draw("micro-grids", tile_at(*MIDDLE, 11)) == []
    assert ids(draw("micro-grids", tile_at(*MIDDLE, 12))) == set(range(100, 108))


@pytest.mark.parametrize("zoom", [12, 13, 15])
def test_neighbours_still_meet_after_rounding(draw: Draw, zoom: int) -> None:
    for tile in around(zoom):
        areas = [shapely.geometry.shape(item["geometry"]) for item in draw("micro-grids", tile)]
        together = shapely.union_all(areas)
        assert together.area == pytest.approx(sum(area.area for area in areas))
        assert shapely.get_num_geometries(together) == 1
        assert len(together.interiors) == 0


def test_streets_are_drawn_by_kind(draw: Draw, engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO street (id, kind, geom) SELECT 50 + n, kind, ST_GeomFromText("
                "'MULTILINESTRING((120 30, 120.5 30.5))', 4326) FROM unnest(ARRAY['motorway',"
                " 'arterial', 'street', 'lane', 'path', 'railway']) WITH ORDINALITY AS t (kind, n)"
            )
        )

    def kinds(zoom: int) -> set[str]:
        return {
            item["properties"]["kind"] for item in draw("streets", tile_at(120.25, 30.2505, zoom))
        }

    assert kinds(6) == {"motorway", "arterial"}
    assert kinds(9) == {"motorway", "arterial", "railway"}
    assert kinds(12) == {"motorway", "arterial", "railway", "street"}
    assert kinds(14) == {"motorway", "arterial", "railway", "street", "lane", "path"}


def test_only_what_is_smaller_than_a_pixel_is_left_out(draw: Draw, engine: sa.Engine) -> None:
    # A pixel of 512 at zoom 9 is 153 m at the equator: a pond of 100 m, one of 200 m.
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO water (id, kind, geom) VALUES"
                " (60, 'pond', ST_MakeEnvelope(10, 0.001, 10.0009, 0.0019, 4326)),"
                " (61, 'pond', ST_MakeEnvelope(10, 0.001, 10.0018, 0.0028, 4326))"
            )
        )
    assert ids(draw("water", tile_at(10.0005, 0.0015, 9))) == {61}
    assert ids(draw("water", tile_at(10.0005, 0.0015, 10))) == {60, 61}


# --- Merged ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("zoom", range(13))
def test_every_building_counts_once_at_every_low_zoom(
    draw: Draw, engine: sa.Engine, zoom: int
) -> None:
    squares = [feature for tile in around(zoom) for feature in draw("buildings", tile)]
    with engine.connect() as connection:
        expected = connection.execute(
            sa.text("SELECT count(*), sum(households) FROM building WHERE place = 'town'")
        ).one()
    far = 1 if zoom < 5 else 0  # the building of another city is in the same tile
    assert sum(item["properties"]["count"] for item in squares) == expected[0] + far
    assert sum(item["properties"]["households"] for item in squares) == expected[1]


def test_squares_lie_on_their_raster_and_have_no_id(draw: Draw) -> None:
    unit = EXTENT // SQUARES
    for square in draw("buildings", tile_at(*MIDDLE, 12)):
        assert set(square["properties"]) == {"count", "households"}
        assert square["id"] == 0  # what the decoder says of none
        shape = shapely.geometry.shape(square["geometry"])
        west, north, east, south = shape.bounds
        assert (east - west, south - north) == (unit, unit)
        assert west % unit == north % unit == 0
        assert 0 <= west < EXTENT
        assert 0 <= north < EXTENT
        # Clockwise as it is seen; with rows downwards that is counter-clockwise by the formula.
        assert shapely.is_ccw(shape.exterior)


def test_squares_are_where_the_buildings_are(draw: Draw, engine: sa.Engine) -> None:
    tile = tile_at(*MIDDLE, 12)
    west, south, east, north = tiles_envelope(engine, tile)
    with engine.connect() as connection:
        points = connection.execute(
            sa.text(
                "SELECT ST_X(c), ST_Y(c) FROM building, ST_Centroid(mercator) AS c"
                " WHERE c && ST_TileEnvelope(:zoom, :column, :row)"
            ),
            tile._asdict(),
        ).all()
    assert len(points) >= 2
    drawn = shapely.union_all(
        [shapely.geometry.shape(item["geometry"]) for item in draw("buildings", tile)]
    )
    for x, y in points:
        at = (x - west) / (east - west) * EXTENT, (north - y) / (north - south) * EXTENT
        assert drawn.buffer(0.01).contains(shapely.Point(at))


@pytest.mark.parametrize("zoom", range(14))
def test_every_point_counts_once_at_every_low_zoom(draw: Draw, zoom: int) -> None:
    for name, total in (("resource-points", 3), ("incidents", 30)):
        tiles_ = set(around(zoom)) | {tile_at(100.015, 25.0075, zoom)}
        found = [feature for tile in tiles_ for feature in draw(name, tile)]
        assert sum(feature["properties"].get("count", 1) for feature in found) == total


def test_a_point_that_is_alone_stays_itself(draw: Draw) -> None:
    (first, second) = sorted(
        draw("resource-points", tile_at(100.01, 25.0025, 12)), key=lambda item: item["id"]
    )
    assert first["properties"] == {"count": 2}
    assert first["id"] == 0
    assert second["id"] == 3
    assert second["properties"]["category"] == "aed"


def test_a_cluster_lies_in_the_middle_of_its_points(draw: Draw) -> None:
    tile = tile_at(100.0028, 25.0027, 13)
    (cluster,) = (item for item in draw("resource-points", tile) if "count" in item["properties"])
    low, _, high, _ = tile._replace(column=tile.column).bounds()
    margin = BUFFER / EXTENT
    width = (high - low) / (1 + 2 * margin)
    lon = low + width * (margin + cluster["geometry"]["coordinates"][0] / EXTENT)
    # Counted in squares of 1/2^20 of the world: 0.00034°.
    assert lon == pytest.approx((100.0030 + 100.0025) / 2, abs=0.00034)


@pytest.mark.parametrize(
    ("point", "square"),
    [
        ("POINT(-180 85.06)", 0),
        ("POINT(180 0)", (2**19 << 20) + 2**20 - 1),
        ("POINT(0 90)", 2**19),
        ("POINT(0 -90)", (2**20 - 1 << 20) + 2**19),
        ("POINT(-181 0)", 2**19 << 20),
        ("POINT EMPTY", None),
    ],
)
def test_the_edge_of_the_world_has_squares_too(
    engine: sa.Engine, point: str, square: int | None
) -> None:
    with engine.connect() as connection:
        found = connection.scalar(
            sa.text("SELECT web_square(ST_GeomFromText(:wkt, 4326))"), {"wkt": point}
        )
    assert found == square


# --- Filters, addresses, revisions, plans ---------------------------------------------------------


def test_grids_can_be_chosen(draw: Draw) -> None:
    tile = tile_at(*MIDDLE, 13)
    assert ids(draw("grids", tile, level=2)) == {10, 11, 12, 13}
    assert ids(draw("grids", tile, network="police")) == {200}
    assert ids(draw("grids", tile, place="town", network="governance", level=3)) == set(
        range(100, 108)
    )
    assert draw("grids", tile, place="void") == []


@pytest.mark.parametrize("tile", [(-1, 0, 0), (23, 0, 0), (40, 1, 1), (2, 4, 0), (2, 0, -1)])
def test_tiles_outside_the_world_are_not_found(tile: tuple[int, int, int]) -> None:
    with pytest.raises(NotFound):
        tiles.check(Tile(*tile))


@pytest.mark.parametrize("name", LAYERS)
def test_every_statement_can_be_run_at_every_zoom(
    connections: tiles.Connections, runner: asyncio.Runner, name: str
) -> None:
    for zoom in range(DEEPEST + 1):
        found = runner.run(tiles.draw(connections, LAYERS[name], tile_at(*MIDDLE, zoom)))
        assert found.revision > 0
        if zoom < ZOOMS[name].first:
            assert found.mvt == b""


def test_bytes_come_with_the_revision_that_they_show(
    connections: tiles.Connections, runner: asyncio.Runner, engine: sa.Engine
) -> None:
    tile = tile_at(50, 50, 16)

    def drawn() -> tiles.Drawn:
        return runner.run(tiles.draw(connections, LAYERS["buildings"], tile))

    before = drawn()
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO building (geom)"
                " VALUES (ST_Multi(ST_MakeEnvelope(50, 50, 50.0001, 50.0001, 4326)))"
            )
        )
        assert drawn() == before
    after = drawn()
    assert after.revision == before.revision + 1
    assert before.mvt == b""
    assert len(after.mvt) > 0


def test_a_survey_gives_bounds_and_credits(
    connections: tiles.Connections, runner: asyncio.Runner, engine: sa.Engine
) -> None:
    def surveyed(*names: str, **chosen: str | int) -> tiles.Survey:
        layers = tuple(LAYERS[name] for name in names)
        return runner.run(tiles.survey(connections, layers, tuple(chosen.items())))

    assert surveyed("grids").bounds == pytest.approx((100, 25, 100.02, 25.01))
    assert surveyed("grids", place="void") == tiles.Survey(None, ())
    reports = {
        "streets": '{"format": "OpenStreetMap"}',
        "water": '{"format": "OpenStreetMap"}',
        "buildings": '{"format": "GeoPackage", "attribution": "自然资源局"}',
        "land-use": '{"format": "GeoPackage"}',
    }
    with engine.begin() as connection:
        for layer, report in reports.items():
            connection.execute(
                sa.text(
                    "INSERT INTO import_run (actor, layer, source, sha256, accepted, repaired,"
                    " refused, report) VALUES ('test', :layer, 'x', '', 1, 0, 0, :report)"
                ),
                {"layer": layer, "report": report},
            )
    osm = "© OpenStreetMap contributors"
    assert surveyed("streets", "water").credits == (osm,)
    assert set(surveyed("streets", "buildings", "land-use").credits) == {osm, "自然资源局"}
    assert surveyed("grids").credits == ()


@pytest.mark.parametrize(
    ("name", "zoom"),
    [(name, zoom) for name in LAYERS for zoom in (8, 12, 16) if zoom >= ZOOMS[name].first],
)
def test_rows_are_found_by_an_index(engine: sa.Engine, name: str, zoom: int) -> None:
    sql = tiles.statement(name, zoom)
    tile = tile_at(*MIDDLE, zoom)
    values = ", ".join(str(value) for value in (*tile, *tile.bounds()))
    with engine.connect() as connection:
        # A table of ten rows is read whole, whatever its indexes; the question is if they serve.
        connection.execute(sa.text("SET LOCAL enable_seqscan = off"))
        connection.execute(sa.text("SET LOCAL plan_cache_mode = force_generic_plan"))
        types = "int, int, int, float8, float8, float8, float8"
        connection.exec_driver_sql(f"PREPARE drawn ({types}) AS {sql}")
        plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN EXECUTE drawn ({values})").scalars())
        connection.exec_driver_sql("DEALLOCATE drawn")
    table = LAYERS[name].table
    assert f"Seq Scan on {table}" not in plan
    index = "square" if ZOOMS[name].is_merged(zoom) else "geom"
    assert f"{table}_{index}" in plan or f"{table}_default_{index}" in plan
