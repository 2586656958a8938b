"""Layers as OGC API – Features, asked over HTTP."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
from datetime import datetime

import httpx
import pytest
import sqlalchemy as sa

from gridmap.store import database
from tests import town

ITEMS = "/collections/{}/items"
CRS = "http://www.opengis.net/def/crs/"


@pytest.fixture(scope="module", autouse=True)
def _town(engine: sa.Engine) -> None:
    town.insert(engine)


def items(client: httpx.Client, layer: str, **parameters: object) -> dict:
    response = client.get(ITEMS.format(layer), params=parameters)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/geo+json"
    return response.json()


def ids(page: dict) -> list[int]:
    return [feature["id"] for feature in page["features"]]


def link(document: dict, rel: str) -> str | None:
    return next((item["href"] for item in document["links"] if item["rel"] == rel), None)


# --- Landing page, conformance, collections -------------------------------------------------------


def test_the_landing_page_links_to_everything_and_the_links_work(client: httpx.Client) -> None:
    document = client.get("/").json()
    for rel in ("self", "service-desc", "conformance", "data"):
        href = link(document, rel)
        assert href.startswith(str(client.base_url))
        assert client.get(href).status_code == 200


@pytest.mark.parametrize(
    ("accept", "query", "kind"),
    [
        ("*/*", "", "application/json"),
        ("application/json", "", "application/json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "", "text/html"),
        ("text/html;q=0.5,application/json", "", "application/json"),
        ("text/html", "?f=json", "application/json"),
        ("application/json", "?f=html", "text/html"),
    ],
)
def test_the_landing_page_is_html_for_who_prefers_it(
    client: httpx.Client, accept: str, query: str, kind: str
) -> None:
    response = client.get("/" + query, headers={"Accept": accept})
    assert response.headers["content-type"].split(";")[0] == kind
    assert "Accept" in response.headers["vary"]


def test_conformance_names_parts_one_and_two(client: httpx.Client) -> None:
    classes = client.get("/conformance").json()["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in classes
    assert "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs" in classes


def test_collections_describe_every_layer_with_its_extent(client: httpx.Client) -> None:
    found = {item["id"]: item for item in client.get("/collections").json()["collections"]}
    assert set(found) == {
        "territories", "grids", "micro-grids", "buildings", "resource-points", "incidents",
        "streets", "water", "land-use",
    }  # fmt: skip
    assert found["grids"]["extent"]["spatial"]["bbox"] == [[100, 25, 100.02, 25.01]]
    assert "extent" not in found["land-use"], "nothing is there"
    assert found["incidents"]["extent"]["temporal"]["interval"] == [
        ["2026-10-01T04:00:00Z", "2026-10-30T04:00:00Z"]
    ]
    one = client.get(link(found["water"], "self")).json()
    assert one == found["water"]


def test_the_extent_follows_the_data(client: httpx.Client, engine: sa.Engine) -> None:
    def extent() -> list[float]:
        return client.get("/collections/land-use").json()["extent"]["spatial"]["bbox"][0]

    with database.transaction(engine, actor="test") as connection:
        connection.exec_driver_sql(
            "INSERT INTO land_use (kind, geom) VALUES ('park', ST_Multi(ST_MakeEnvelope(1, 2, 3, 4, 4326)))"
        )
    assert extent() == [1, 2, 3, 4]
    with database.transaction(engine, actor="test") as connection:
        connection.exec_driver_sql(
            "UPDATE land_use SET geom = ST_Multi(ST_MakeEnvelope(1, 2, 5, 4, 4326))"
        )
    assert extent() == [1, 2, 5, 4]


def test_the_schema_says_the_type_of_every_property(client: httpx.Client) -> None:
    response = client.get("/collections/resource-points/schema")
    assert response.headers["content-type"] == "application/schema+json"
    properties = response.json()["properties"]["properties"]["properties"]
    assert properties["capacity"]["type"] == "integer"
    assert properties["services"] == {
        "type": "array", "items": {"type": "string"}, "title": "服务内容 services",
    }  # fmt: skip
    assert properties["updated_at"]["format"] == "date-time"


# --- Items ----------------------------------------------------------------------------------------


def test_a_page_has_features_counts_and_links(client: httpx.Client) -> None:
    page = items(client, "grids", place="town", level=2)
    assert page["type"] == "FeatureCollection"
    assert page["numberMatched"] == page["numberReturned"] == 4
    assert datetime.fromisoformat(page["timeStamp"])
    assert link(page, "next") is None
    feature = page["features"][0]
    assert feature["id"] == 10
    assert feature["geometry"]["type"] == "MultiPolygon"
    assert feature["properties"] | {"updated_at": ""} == {
        "place": "town", "network": "governance", "level": 2, "code": "110101001001001",
        "name": "第1网格", "name_en": "Grid 1", "kind": "comprehensive", "parent": town.WEST,
        "plan": 1, "households": 100, "residents": 0, "buildings": 0, "dossiers": 0,
        "area_m2": 0, "updated_at": "",
    }  # fmt: skip


def test_drafts_and_what_is_not_valid_today_are_not_served(client: httpx.Client) -> None:
    assert 201 not in ids(items(client, "grids"))
    assert ids(items(client, "territories")) == [1, 2, 3]
    assert client.get("/collections/grids/items/201").status_code == 404
    assert ids(items(client, "micro-grids")) == list(range(100, 108))


@pytest.mark.parametrize("limit", [1, 7, 10, 29, 30, 31])
def test_next_links_lead_through_every_feature_once(client: httpx.Client, limit: int) -> None:
    seen: list[int] = []
    page = items(client, "incidents", limit=limit, place="town")
    for _ in range(40):
        assert page["numberMatched"] == 30
        assert page["numberReturned"] == len(page["features"]) <= limit
        seen += ids(page)
        following = link(page, "next")
        if following is None:
            break
        assert "place=town" in following
        page = client.get(following).json()
    assert seen == list(range(1, 31))


def test_a_page_that_ends_with_the_last_feature_has_no_next(client: httpx.Client) -> None:
    assert link(items(client, "incidents", limit=30), "next") is None
    assert link(items(client, "incidents", limit=29), "next") is not None


@pytest.mark.parametrize("limit", [10_000, 10_001, 2**80])
def test_a_limit_above_the_maximum_is_the_maximum_and_no_error(
    client: httpx.Client, limit: int
) -> None:
    """Requirement 22 of Part 1, C."""
    assert items(client, "incidents", limit=limit)["numberReturned"] == 30


def test_hits_are_counted_and_not_sent(client: httpx.Client) -> None:
    page = items(client, "incidents", resultType="hits", category="dispute")
    assert (page["numberMatched"], page["features"]) == (10, [])
    assert link(page, "next") is None


@pytest.mark.parametrize(
    ("layer", "filters", "expected"),
    [
        ("grids", {"network": "police"}, [200]),
        ("grids", {"level": 3, "parent": "110101001001001"}, [100, 101]),
        ("buildings", {"code": "B0003"}, [1003]),
        ("buildings", {"name": "幸福小區2號樓"}, [1002]),
        ("buildings", {"name": "幸福小区2号楼"}, []),  # a filter is exact; /search folds
        ("buildings", {"floors": "6", "households": "+10"}, [1000]),
        ("buildings", {"households": "9223372036854775807"}, []),
        ("buildings", {"households": "-9223372036854775808"}, []),
        ("resource-points", {"services": "调解"}, [1]),
        ("resource-points", {"category": "aed' OR '1'='1"}, []),
        ("incidents", {"severity": 1, "category": "dispute"}, [12, 24]),
        ("incidents", {"reported_at": "2026-10-02T12:00:00+08:00"}, [2]),
        ("grids", {"area_m2": "0.0", "level": 1}, [200]),
        ("streets", {"name": "东湖路"}, [1, 2]),
    ],
)
def test_properties_filter_by_their_type(
    client: httpx.Client, layer: str, filters: dict[str, object], expected: list[int]
) -> None:
    page = items(client, layer, **filters)
    assert ids(page) == expected
    assert page["numberMatched"] == len(expected)


@pytest.mark.parametrize(
    ("bbox", "crs", "expected"),
    [
        ("100,25,100.004,25.004", None, [100]),
        # Windows are closed: a shared corner is in all four.
        ("100.005,25.005,100.005,25.005", None, [100, 101, 102, 103]),
        ("100.005,25,100.005,25.001", None, [100, 102]),
        ("100.001,25.005,100.002,25.005", None, [100, 101]),
        ("100.0049,25,100.0051,25.001", None, [100, 102]),
        ("100,25,0,100.004,25.004,50", None, [100]),
        ("25,100,25.004,100.004", f"{CRS}EPSG/0/4326", [100]),
        ("25,100,25.004,100.004", f"{CRS}EPSG/0/4490", [100]),
        ("11131949.1,2875744.7,11132394.3,2876235.8", f"{CRS}EPSG/0/3857", [100]),
        ("-180,-90,180,90", None, list(range(100, 108))),
        ("101,25,102,26", None, []),
        # Across the antimeridian, the long way around.
        ("100.016,25,100.001,25.001", None, [100, 106]),
        ("170,25,-170,26", None, []),
    ],
)
def test_a_window_gives_what_it_meets(
    client: httpx.Client, bbox: str, crs: str | None, expected: list[int]
) -> None:
    page = items(client, "micro-grids", bbox=bbox, **({"bbox-crs": crs} if crs else {}))
    assert ids(page) == expected
    assert page["numberMatched"] == len(expected)


def test_a_window_is_exact_and_not_a_box_of_the_feature(
    client: httpx.Client, engine: sa.Engine
) -> None:
    with database.transaction(engine, actor="test") as connection:
        connection.exec_driver_sql(
            "INSERT INTO street (id, name, geom) OVERRIDING SYSTEM VALUE VALUES (50, '斜街',"
            " ST_GeomFromText('MULTILINESTRING((120 30, 121 31))', 4326))"
        )
    assert ids(items(client, "streets", bbox="120.1,30.7,120.3,30.9")) == []
    assert ids(items(client, "streets", bbox="120.4,30.4,120.6,30.6")) == [50]
    # A feature 10 cm outside is outside: the boxes of the index have single precision.
    assert ids(items(client, "streets", bbox="121.000001,30,122,32")) == []
    assert ids(items(client, "streets", bbox="110,29,120.9999,32")) == [50]


def test_a_window_across_the_antimeridian(client: httpx.Client) -> None:
    assert ids(items(client, "water", bbox="179,24,-179,26")) == [2]
    assert ids(items(client, "water", bbox="-180,24,-179,26")) == []


@pytest.mark.parametrize(
    ("during", "expected"),
    [
        ("2026-10-02T04:00:00Z", [2]),
        ("2026-10-02T12:00:00+08:00", [2]),
        ("2026-10-02T04:00:00Z/2026-10-04T04:00:00Z", [2, 3, 4]),
        ("2026-10-29T04:00:01Z/..", [30]),
        ("../2026-10-01T04:00:00Z", [1]),
        ("/2026-10-01T04:00:00Z", [1]),
        ("2026-10-30T04:00:00Z/", [30]),
        ("2000-01-01T00:00:00Z/2001-01-01T00:00:00Z", []),
        ("0001-01-01T00:00:00Z/9999-12-31T23:59:59.999999Z", list(range(1, 31))),
    ],
)
def test_time_filters_incidents(client: httpx.Client, during: str, expected: list[int]) -> None:
    assert ids(items(client, "incidents", datetime=during)) == expected


def test_time_filters_other_layers_by_their_last_change(client: httpx.Client) -> None:
    assert items(client, "buildings", datetime="2000-01-01T00:00:00Z/..")["numberMatched"] == 9
    assert items(client, "buildings", datetime="../2000-01-01T00:00:00Z")["numberMatched"] == 0


def test_coordinates_come_in_the_crs_that_is_asked_for(client: httpx.Client) -> None:
    def first(crs: str | None) -> tuple[str, list[float]]:
        response = client.get(
            ITEMS.format("resource-points"), params={"limit": 1} | ({"crs": crs} if crs else {})
        )
        return response.headers["content-crs"], response.json()["features"][0]["geometry"][
            "coordinates"
        ]

    assert first(None) == (f"<{CRS}OGC/1.3/CRS84>", [100.003, 25.0025])
    for code in ("4326", "4490"):
        assert first(f"{CRS}EPSG/0/{code}") == (f"<{CRS}EPSG/0/{code}>", [25.0025, 100.003])
    header, (x, y) = first(f"{CRS}EPSG/0/3857")
    assert header == f"<{CRS}EPSG/0/3857>"
    sphere_m = 6378137
    assert x == pytest.approx(sphere_m * math.radians(100.003), abs=0.01)
    assert y == pytest.approx(sphere_m * math.asinh(math.tan(math.radians(25.0025))), abs=0.01)


def test_one_feature_has_links(client: httpx.Client) -> None:
    response = client.get("/collections/buildings/items/1003")
    feature = response.json()
    assert response.headers["content-type"] == "application/geo+json"
    assert (feature["id"], feature["properties"]["code"]) == (1003, "B0003")
    assert link(feature, "self") == str(client.base_url.join("/collections/buildings/items/1003"))
    assert link(feature, "collection").endswith("/collections/buildings")


def test_head_is_answered_like_get_without_a_body(client: httpx.Client) -> None:
    response = client.head("/collections/buildings/items?limit=1")
    assert (response.status_code, response.content) == (200, b"")


# --- Caching, compression, links ------------------------------------------------------------------


def test_what_a_client_has_is_not_sent_again_until_the_layer_changes(
    client: httpx.Client, engine: sa.Engine
) -> None:
    url = "/collections/water/items?limit=1"
    etag = client.get(url).headers["etag"]
    known = {"If-None-Match": f'"other", {etag}'}
    assert client.get(url, headers=known).status_code == 304
    assert client.get("/collections/water/items?limit=2", headers=known).status_code == 200
    one = "/collections/water/items/1"
    item_etag = client.get(one).headers["etag"]
    assert client.get(one, headers={"If-None-Match": item_etag}).status_code == 304
    with database.transaction(engine, actor="test") as connection:
        connection.exec_driver_sql("UPDATE water SET name = '湖' WHERE id = 1")
    fresh = client.get(url, headers=known)
    assert fresh.status_code == 200
    assert fresh.json()["features"][0]["properties"]["name"] == "湖"


def test_counts_follow_the_data(client: httpx.Client, engine: sa.Engine) -> None:
    def matched() -> int:
        return items(client, "incidents", category="fire")["numberMatched"]

    assert matched() == 0
    with database.transaction(engine, actor="test") as connection:
        connection.exec_driver_sql(
            "INSERT INTO incident (category, reported_at, geom) VALUES ('fire', now(), ST_SetSRID(ST_MakePoint(1, 1), 4326))"
        )
    assert matched() == 1
    with database.transaction(engine, actor="test") as connection:
        connection.exec_driver_sql("DELETE FROM incident WHERE category = 'fire'")
    assert matched() == 0


def test_large_answers_are_compressed_for_who_takes_it(client: httpx.Client) -> None:
    url = "/collections/grids/items"
    plain = client.get(url, headers={"Accept-Encoding": "identity"})
    packed = client.get(url, headers={"Accept-Encoding": "br;q=0.5, gzip"})
    refused = client.get(url, headers={"Accept-Encoding": "gzip;q=0"})
    assert "content-encoding" not in plain.headers
    assert "content-encoding" not in refused.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.json()["features"] == plain.json()["features"]
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 3
    small = client.get("/collections/grids/items?limit=1&resultType=hits")
    assert "content-encoding" not in small.headers


def test_links_carry_the_name_by_which_the_client_came(client: httpx.Client) -> None:
    page = client.get("/collections/grids/items?limit=1", headers={"Host": "map.example:8443"})
    assert link(page.json(), "next").startswith("http://map.example:8443/collections/grids/items?")


def test_forwarded_headers_of_a_client_do_not_get_into_links(client: httpx.Client) -> None:
    forged = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    assert "evil.example" not in client.get("/collections", headers=forged).text


# --- A client that people use ---------------------------------------------------------------------


@pytest.fixture
def ogr(server: str):
    if shutil.which("ogrinfo") is None:
        pytest.fail("gdal-bin is not installed")

    def run(*arguments: str) -> str:
        done = subprocess.run(
            ["ogrinfo", f"OAPIF:{server}", *arguments],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
            env={"PATH": "/usr/bin:/bin", "CPL_DEBUG": "ON"},
        )
        return done.stdout + done.stderr

    return run


def test_gdal_counts_and_reads_every_page(ogr) -> None:
    assert "Feature Count: 30" in ogr("-so", "incidents")
    read = ogr("-oo", "PAGE_SIZE=7", "incidents")
    assert read.count("OGRFeature(incidents)") == 30


def test_gdal_takes_types_from_the_schema(ogr) -> None:
    said = ogr("-so", "resource-points")
    assert "capacity: Integer" in said, "though it is null on the whole page"
    assert "services: StringList" in said
    assert "updated_at: DateTime" in said


def test_gdal_lets_the_server_filter(ogr) -> None:
    said = ogr("grids", "-where", "level = 3 AND parent = '110101001001001'")
    assert said.count("OGRFeature(grids)") == 2
    assert "level=3&parent=110101001001001" in said, "asked by HTTP, not filtered afterwards"
    assert "client side" not in said


def test_gdal_lets_the_server_cut_out_a_window_and_a_period(ogr) -> None:
    said = ogr("micro-grids", "-spat", "100.001", "25.001", "100.002", "25.002")
    assert said.count("OGRFeature(micro-grids)") == 1
    assert "bbox=100.00" in said
    said = ogr("incidents", "-where", "reported_at >= '2026-10-29T00:00:00Z'")
    assert said.count("OGRFeature(incidents)") == 2


def test_geojson_of_a_page_is_read_by_gdal_itself(client: httpx.Client, tmp_path) -> None:
    import pyogrio

    path = tmp_path / "page.geojson"
    path.write_text(json.dumps(items(client, "buildings")), encoding="utf-8")
    assert pyogrio.read_info(path)["features"] == 9
