"""`GET /locate` and `POST /locate`."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

import httpx
import numpy as np
import pyproj
import pytest
import sqlalchemy as sa

from gridmap.geometry.datum import from_wgs84
from gridmap.services.locate import COLUMNS
from gridmap.store import database
from tests import town

# In the building of the micro-grid in the south-west.
HOME = (100.0025, 25.0025)


@pytest.fixture(scope="module", autouse=True)
def _town(engine: sa.Engine) -> None:
    town.insert(engine)


def locate(client: httpx.Client, lon: float, lat: float, **parameters: object) -> dict:
    response = client.get("/locate", params={"lon": lon, "lat": lat, **parameters})
    assert response.status_code == 200, response.text
    return response.json()


# --- One point ------------------------------------------------------------------------------------


def test_a_point_has_its_whole_chain(client: httpx.Client) -> None:
    found = locate(client, *HOME)
    assert (found["lon"], found["lat"]) == HOME
    assert [item["code"] for item in found["territories"]] == [town.STREET, town.WEST]
    assert found["territory"] == found["territories"][-1]
    assert {
        network: {level: area["id"] for level, area in levels.items()}
        for network, levels in found["grids"].items()
    } == {"governance": {"2": 10, "3": 100}, "police": {"1": 200}}
    assert found["grid"] == found["grids"]["governance"]["2"]
    assert found["micro_grid"] == found["grids"]["governance"]["3"]
    assert found["grid"]["households"] == 100
    assert "note" not in found


def test_a_point_in_a_building_has_that_building(client: httpx.Client) -> None:
    building = locate(client, *HOME)["building"]
    assert (building["id"], building["code"], building["distance_m"]) == (1000, "B0000", 0)
    assert building["address"] == "幸福路0号"


def test_a_point_near_a_building_has_it_with_its_distance(client: httpx.Client) -> None:
    # The wall is at 100.0024; one meridian degree of longitude here is about 100.9 km.
    building = locate(client, 100.0022, 25.0025)["building"]
    expected = pyproj.Geod(ellps="WGS84").inv(100.0022, 25.0025, 100.0024, 25.0025)[2]
    assert building["id"] == 1000
    assert building["distance_m"] == pytest.approx(expected, abs=0.1)
    assert locate(client, 100.0020, 25.0025)["building"] is None, "40 m are too many"


def test_who_is_responsible_now_is_told_by_rank_and_without_a_home(client: httpx.Client) -> None:
    response = client.get("/locate", params={"lon": HOME[0], "lat": HOME[1]})
    people = response.json()["responsible"]
    assert [(person["role"], person["name"]) for person in people] == [
        ("grid-head", "赵一"),
        ("micro-grid-worker", "钱二"),
        ("unit-head", "李四"),
        ("building-head", "孙三"),
        ("police-officer", "周五"),
    ]
    assert people[0]["target"] == {
        "kind": "grid", "code": "110101001001001", "name": "第1网格", "name_en": "Grid 1",
        "network": "governance", "level": 2,
    }  # fmt: skip
    assert people[2]["target"]["unit"] == 2
    assert people[0]["role_name"], people[0]["role_name_en"] == ("网格长", "grid head")
    assert "吴六" not in response.text, "his time is over"
    assert "100.0123" not in response.text, "where they live is nobody's business"


def test_resource_points_come_by_their_distance_on_the_ground(client: httpx.Client) -> None:
    near = locate(client, *HOME, limit=2)["resource_points"]
    geod = pyproj.Geod(ellps="WGS84")
    # In degrees the clinic, 0.0004 to the north, is nearer than the centre, 0.0005 to the east.
    distances = [geod.inv(*HOME, 100.0025, 25.0029)[2], geod.inv(*HOME, 100.0030, 25.0025)[2]]
    assert [point["id"] for point in near] == [2, 1]
    assert [point["distance_m"] for point in near] == pytest.approx(distances, abs=0.06)
    assert [point["id"] for point in locate(client, *HOME, category="aed")["resource_points"]] == [
        3
    ]
    both = locate(client, *HOME, category="aed,clinic")["resource_points"]
    assert [point["category"] for point in both] == ["clinic", "aed"]
    assert locate(client, *HOME, limit=0)["resource_points"] == []
    assert locate(client, *HOME, category="hydrant")["resource_points"] == []


def test_the_nearest_on_the_ground_may_be_farther_in_degrees(
    client: httpx.Client, engine: sa.Engine
) -> None:
    with database.transaction(engine, actor="test") as connection:
        connection.exec_driver_sql("""
            INSERT INTO resource_point (id, name, category, geom) OVERRIDING SYSTEM VALUE VALUES
              (71, '东', 'market', ST_SetSRID(ST_MakePoint(10.0015, 60), 4326)),
              (72, '北', 'market', ST_SetSRID(ST_MakePoint(10, 60.001), 4326))
        """)
    near = locate(client, 10, 60, category="market", limit=1)["resource_points"]
    assert [point["id"] for point in near] == [71], "84 m; the other 111 m, but 0.001 degrees"


@pytest.mark.parametrize(
    ("lon", "lat", "territory", "grid", "micro_grid"),
    [
        # On an edge or a corner: one area, the lower id, and the chain of that side.
        (100.0025, 25.005, 2, 10, 100),
        (100.005, 25.0025, 2, 10, 100),
        (100.005, 25.005, 2, 10, 100),
        (100.010, 25.0025, 2, 11, 102),
        (100.015, 25.005, 3, 12, 104),
        (100.0, 25.0, 2, 10, 100),
        (100.02, 25.01, 3, 13, 107),
    ],
)
def test_a_point_on_a_boundary_has_exactly_one_area_of_each_level(
    client: httpx.Client, lon: float, lat: float, territory: int, grid: int, micro_grid: int
) -> None:
    found = locate(client, lon, lat)
    assert (found["territory"]["id"], found["grid"]["id"], found["micro_grid"]["id"]) == (
        territory, grid, micro_grid,
    )  # fmt: skip
    assert found["micro_grid"]["code"].startswith(found["grid"]["code"])
    assert found["grid"]["code"].startswith(found["territory"]["code"])


def test_outside_everything_there_are_nulls_and_the_nearest_territory(client: httpx.Client) -> None:
    found = locate(client, 100.03, 25.005)
    for name in ("territory", "grid", "micro_grid", "building"):
        assert found[name] is None
    assert (found["territories"], found["grids"], found["responsible"]) == ([], {}, [])
    expected = pyproj.Geod(ellps="WGS84").inv(100.03, 25.005, 100.02, 25.005)[2]
    assert found["nearest_territory"]["distance_m"] == pytest.approx(expected, abs=0.1)
    assert found["nearest_territory"]["code"] == town.EAST, "the smallest that is as near"
    assert "1.0 km" in found["note"]


@pytest.mark.parametrize(
    ("lon", "lat"), [(180, 0), (-180, 0), (0, 90), (0, -90), (179.9999, 89.9999), (-0.0, 0)]
)
def test_the_edges_of_the_world_are_answered(client: httpx.Client, lon: float, lat: float) -> None:
    assert locate(client, lon, lat)["territory"] is None


@pytest.mark.parametrize("datum", ["gcj02", "bd09", "wgs84", "cgcs2000"])
def test_coordinates_of_web_maps_come_to_the_same_building(
    client: httpx.Client, datum: str
) -> None:
    (shifted,) = from_wgs84(np.array([HOME]), datum).tolist()
    found = locate(client, *shifted, datum=datum)
    assert (found["lon"], found["lat"]) == pytest.approx(HOME, abs=1e-8)
    assert found["building"]["id"] == 1000
    if datum in {"gcj02", "bd09"}:
        assert locate(client, *shifted)["building"] is None, "read as WGS 84 it is elsewhere"


@pytest.mark.parametrize(("lon", "lat"), [(-179, -89), (180, 90), (72.01, 0.83), (0, 0)])
@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_far_from_china_the_datums_of_web_maps_shift_nothing_and_break_nothing(
    client: httpx.Client, lon: float, lat: float, datum: str
) -> None:
    found = locate(client, lon, lat, datum=datum)
    assert (found["lon"], found["lat"]) == pytest.approx((lon, lat), abs=0.02)


def test_another_network_has_its_own_grid(client: httpx.Client) -> None:
    found = locate(client, *HOME, network="police")
    assert found["grid"]["id"] == 200
    assert found["micro_grid"] is None
    nothing = locate(client, *HOME, network="party")
    assert (nothing["grid"], nothing["micro_grid"]) == (None, None)


# --- A file ---------------------------------------------------------------------------------------


def post(
    client: httpx.Client, body: str | bytes, kind: str, **parameters: object
) -> httpx.Response:
    response = client.post(
        "/locate",
        content=body.encode() if isinstance(body, str) else body,
        headers={"Content-Type": kind},
        params=parameters,
    )
    assert response.status_code == 200, response.text
    return response


def rows(response: httpx.Response, encoding: str = "utf-8", delimiter: str = ",") -> list[dict]:
    text = response.content.decode(encoding)
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def test_a_csv_comes_back_with_its_codes(client: httpx.Client) -> None:
    response = post(
        client, "id,lng,lat,地址\r\n7,100.0025,25.0025,东路\r\n8,99,25,\r\n", "text/csv"
    )
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    first, second = rows(response)
    assert list(first) == ["id", "lng", "lat", "地址", *COLUMNS, "error"]
    assert first == {
        "id": "7", "lng": "100.0025", "lat": "25.0025", "地址": "东路",
        "territory": town.WEST, "territory_name": "西社区",
        "community": town.WEST, "community_name": "西社区",
        "grid": "110101001001001", "grid_name": "第1网格",
        "micro_grid": "110101001001001001", "micro_grid_name": "第1微网格",
        "building": "B0000", "building_id": "1000", "building_name": "幸福小區0號樓",
        "building_distance_m": "0.0", "error": "",
    }  # fmt: skip
    assert second["id"] == "8"
    assert {second[name] for name in (*COLUMNS, "error")} == {""}, "outside is no error"


def test_bad_rows_stay_in_their_place_and_say_why(client: httpx.Client) -> None:
    body = (
        "name,lon,lat\na,100.0025,25.0025\nb,,\nc,x,1\nd,25.0025,100.0025\ne,nan,1\nf,inf,1\n"
        "g,1e999,1\nh,100\ni,100.0025,25.0025,9,9\nj,1_0,1\n\nk,11132283,2876051"
    )
    answered = rows(post(client, body, "text/csv"))
    assert [row["name"] for row in answered] == list("abcdefghijk")
    errors = [row["error"] for row in answered]
    assert errors[0] == ""
    assert errors[1] == "a coordinate is empty"
    assert "'x' is not a number" in errors[2]
    assert "swapped" in errors[3]
    assert "not finite" in errors[4]
    assert all(errors[1:])
    assert {row["grid"] for row in answered[1:]} == {""}


@pytest.mark.parametrize(
    ("header", "parameters"),
    [
        ("lon,lat", {}),
        ("Longitude,Latitude", {}),
        (" LNG , LAT ", {}),
        ("经度,纬度", {}),
        ("x,y", {}),
        ("a,b", {"lon_column": "a", "lat_column": "B"}),
    ],
)
def test_columns_are_found_by_their_usual_names_or_named(
    client: httpx.Client, header: str, parameters: dict
) -> None:
    (row,) = rows(post(client, f"{header}\n100.0025,25.0025\n", "text/csv", **parameters))
    assert row["micro_grid"] == "110101001001001001"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_that_of_the_header(client: httpx.Client, delimiter: str) -> None:
    body = f"lon{delimiter}lat{delimiter}n\n100.0025{delimiter}25.0025{delimiter}1\n"
    (row,) = rows(post(client, body, "text/csv"), delimiter=delimiter)
    assert (row["n"], row["grid"]) == ("1", "110101001001001")


@pytest.mark.parametrize(
    ("encoding", "kind", "charset"),
    [
        ("utf-8", "text/csv", "utf-8"),
        ("utf-8-sig", "text/csv", "utf-8"),
        ("gb18030", "text/csv", "gb18030"),
        ("gbk", "text/csv; charset=GBK", "gbk"),
        ("big5", "text/csv; charset=big5", "big5"),
        ("utf-16", "text/csv", "utf-16"),
    ],
)
def test_a_file_comes_back_in_its_encoding(
    client: httpx.Client, encoding: str, kind: str, charset: str
) -> None:
    body = "名,lon,lat\n東,100.0025,25.0025\n".encode(encoding)
    response = post(client, body, kind)
    assert response.headers["content-type"] == f"text/csv; charset={charset}"
    (row,) = rows(response, encoding)
    assert row["名"] == "東"
    if encoding != "big5":  # which has no simplified characters
        assert row["grid_name"] == "第1网格"


def test_what_was_sent_is_not_overwritten(client: httpx.Client) -> None:
    (row,) = rows(post(client, "lon,lat,grid,error\n100.0025,25.0025,mine,e\n", "text/csv"))
    assert (row["grid"], row["error"]) == ("mine", "e")
    assert (row["gridmap_grid"], row["gridmap_error"]) == ("110101001001001", "")


def test_a_formula_that_we_add_is_only_text_and_what_was_sent_is_untouched(
    client: httpx.Client,
) -> None:
    (row,) = rows(post(client, "lon,lat,n\n110.0001,30.0001,=1+1\n", "text/csv"))
    assert row["building_name"] == '\'=HYPERLINK("x")'
    assert row["n"] == "=1+1"


def test_quotes_commas_and_line_breaks_survive(client: httpx.Client) -> None:
    body = 'lon,lat,n\r\n100.0025,25.0025,"a, ""b""\r\nc"\r\n'
    (row,) = rows(post(client, body, "text/csv"))
    assert row["n"] == 'a, "b"\r\nc'


def test_a_feature_collection_comes_back_with_its_codes_among_the_properties(
    client: httpx.Client,
) -> None:
    sent = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "id": "x", "geometry": {"type": "Point", "coordinates": [*HOME, 5]},
             "properties": {"name": "甲", "grid": 1}},
            {"type": "Feature", "geometry": {"type": "LineString", "coordinates": []}, "properties": None},
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": [True, 1]}, "properties": {}},
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": [10**400, 1]}},
            None,
        ],
    }  # fmt: skip
    response = post(client, json.dumps(sent), "application/geo+json")
    assert response.headers["content-type"] == "application/geo+json"
    features = response.json()["features"]
    assert len(features) == 5
    first = features[0]
    assert (first["id"], first["geometry"]) == ("x", sent["features"][0]["geometry"])
    assert first["properties"]["name"] == "甲"
    assert first["properties"]["grid"] == 1
    assert first["properties"]["gridmap_grid"] == "110101001001001"
    assert "error" not in first["properties"]
    assert all(feature["properties"]["error"] for feature in features[1:])


def test_an_array_of_positions_comes_back_as_features(client: httpx.Client) -> None:
    response = post(client, json.dumps([HOME, [99, 25], "x", [1]]), "application/json")
    features = response.json()["features"]
    assert [feature["properties"]["community"] for feature in features] == [
        town.WEST, None, None, None,
    ]  # fmt: skip
    assert [feature["geometry"] is None for feature in features] == [False, False, True, True]
    assert ["error" in feature["properties"] for feature in features] == [False, False, True, True]


@pytest.mark.parametrize(("body", "kind"), [("lon,lat\n", "text/csv"), ("[]", "application/json")])
def test_no_points_are_no_rows(client: httpx.Client, body: str, kind: str) -> None:
    response = post(client, body, kind)
    if kind == "text/csv":
        assert rows(response) == []
    else:
        assert response.json()["features"] == []


def test_a_file_may_be_in_the_datum_of_a_web_map(client: httpx.Client) -> None:
    ((lon, lat),) = from_wgs84(np.array([HOME]), "bd09").tolist()
    body = f"lon,lat\n{Decimal(lon)},{Decimal(lat)}\n"
    (row,) = rows(post(client, body, "text/csv", datum="bd09"))
    assert row["building"] == "B0000"
    assert row["lon"] == str(Decimal(lon)), "as it was sent"


def test_a_file_and_single_points_get_the_same_answers(client: httpx.Client) -> None:
    points = [(100 + n % 9 * 0.0025, 25 + n // 9 * 0.00125) for n in range(81)]
    body = "lon,lat\n" + "".join(f"{lon!r},{lat!r}\n" for lon, lat in points)
    answered = rows(post(client, body, "text/csv"))
    for (lon, lat), row in zip(points, answered, strict=True):
        one = locate(client, lon, lat, limit=0)
        for column, area in (
            ("territory", "territory"),
            ("grid", "grid"),
            ("micro_grid", "micro_grid"),
        ):
            assert row[column] == (one[area]["code"] if one[area] else ""), (lon, lat)
        assert row["building_id"] == (str(one["building"]["id"]) if one["building"] else "")


def test_reading_a_file_writes_nothing(client: httpx.Client, engine: sa.Engine) -> None:
    def revisions() -> list:
        with engine.connect() as connection:
            return connection.execute(sa.text("SELECT * FROM layer_revision ORDER BY 1")).all()

    before = revisions()
    post(client, "lon,lat\n100.0025,25.0025\n", "text/csv")
    assert revisions() == before
