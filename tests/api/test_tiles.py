"""Tiles as a client gets them."""

from __future__ import annotations

import gzip
import itertools
import json
import re
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import httpx
import mapbox_vector_tile
import pytest
import sqlalchemy as sa

from gridmap.store.layers import LAYERS
from tests import town

TILE = "14/12743/7016"  # the town's west
EVERYTHING = ",".join(LAYERS)
NOTHING = "14/0/0"


@pytest.fixture(scope="module", autouse=True)
def _the_town(engine: sa.Engine) -> None:
    town.insert(engine)
    with engine.begin() as connection:
        # The town counts its ids by itself.
        connection.execute(sa.text("ALTER TABLE resource_point ALTER id RESTART WITH 100"))


@pytest.fixture
def at(client: httpx.Client) -> Callable[..., httpx.Response]:
    def get(names: str, tile: str = TILE, query: str = "", **headers: str) -> httpx.Response:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.get(f"/tiles/{names}/{tile}.mvt{query}", headers=sent)

    return get


At = Callable[..., httpx.Response]


def raw(client: httpx.Client, path: str, accept: str) -> tuple[dict[str, str], bytes]:
    """The bytes as they travel, which httpx would unpack."""
    with client.stream("GET", path, headers={"accept-encoding": accept}) as answer:
        return dict(answer.headers), b"".join(answer.iter_raw())


def until(found: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not found():
        assert time.monotonic() < deadline, "it does not happen"


def write(engine: sa.Engine, lon: float = 100.0041, lat: float = 25.0041) -> int:
    with engine.begin() as connection:
        number: int = connection.scalar(
            sa.text(
                "INSERT INTO resource_point (name, category, geom) VALUES"
                " ('new', 'aed', ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)) RETURNING id"
            ),
            {"lon": lon, "lat": lat},
        )
        return number


def points(answer: httpx.Response) -> set[int]:
    layers = mapbox_vector_tile.decode(answer.content)
    return {feature["id"] for feature in layers["resource-points"]["features"]}


# --- What comes -----------------------------------------------------------------------------------


def test_a_tile_has_the_layers_in_the_order_of_the_request(at: At) -> None:
    answer = at("water,grids,buildings")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    layers = mapbox_vector_tile.decode(answer.content)
    assert list(layers) == ["water", "grids", "buildings"]
    assert layers["buildings"]["extent"] == 4096
    assert all(layer["version"] == 2 for layer in layers.values())


def test_several_layers_are_the_bytes_of_each_one_after_the_other(at: At) -> None:
    assert at(EVERYTHING).content == b"".join(at(name).content for name in LAYERS)


@pytest.mark.parametrize("names", ["grids", "grids,water", EVERYTHING])
def test_gzip_and_plain_are_the_same_tile(client: httpx.Client, names: str) -> None:
    path = f"/tiles/{names}/{TILE}.mvt"
    headers, plain = raw(client, path, "identity")
    assert "content-encoding" not in headers
    packed_headers, packed = raw(client, path, "br, gzip;q=0.8")
    assert packed_headers["content-encoding"] == "gzip"
    assert headers["vary"] == packed_headers["vary"] == "accept-encoding"
    assert headers["etag"] == packed_headers["etag"]
    assert int(packed_headers["content-length"]) == len(packed)
    assert gzip.decompress(packed) == plain
    # One member and nothing behind it: browsers stop after the first.
    reader = zlib.decompressobj(31)
    assert reader.decompress(packed) == plain
    assert reader.eof
    assert reader.unused_data == b""


@pytest.mark.parametrize(
    ("accept", "packed"),
    [("gzip", True), ("*", True), ("GZIP ; q=0.5", True), ("x-gzip", False), ("gzip;q=0", False),
     ("gzip; q=0.000", False), ("deflate, br", False), ("", False)],
)  # fmt: skip
def test_gzip_is_sent_to_those_who_take_it(
    client: httpx.Client, accept: str, *, packed: bool
) -> None:
    headers, _ = raw(client, f"/tiles/grids/{TILE}.mvt", accept)
    assert (headers.get("content-encoding") == "gzip") is packed


def test_an_empty_tile_has_no_content_but_a_tag(at: At) -> None:
    answer = at(EVERYTHING, NOTHING)
    assert answer.status_code == 204
    assert answer.content == b""
    assert answer.headers["etag"] == at(EVERYTHING).headers["etag"]
    assert at(EVERYTHING, NOTHING, if_none_match=answer.headers["etag"]).status_code == 304


def test_head_is_get_without_the_body(client: httpx.Client) -> None:
    path = f"/tiles/grids,buildings/{TILE}.mvt"
    got, head = client.get(path), client.head(path)
    assert head.status_code == 200
    assert head.content == b""
    got.headers.pop("date")
    head.headers.pop("date")
    assert head.headers == got.headers


def test_pages_of_other_sites_may_read_tiles(client: httpx.Client) -> None:
    path = f"/tiles/grids/{TILE}.mvt"
    for answer in (
        client.get(path),
        client.get("/tiles/grids/tilejson.json"),
        client.get("/tiles/nonsense/1/1/1.mvt"),
        client.options(path, headers={"access-control-request-method": "GET"}),
    ):
        assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"])
def test_tiles_are_read_only(client: httpx.Client, method: str) -> None:
    answer = client.request(method, f"/tiles/grids/{TILE}.mvt", content=b"x" * 100)
    assert answer.status_code in {400, 405}  # the parser itself refuses what is no method
    if answer.status_code == 405:
        assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
        assert answer.headers["content-type"] == "application/problem+json"


# --- What is kept ---------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["{}", '"other", {}', "*", 'W/"x" , {} ,', "strong"])
def test_what_the_client_has_is_not_sent_again(at: At, form: str) -> None:
    tag = at("grids,buildings").headers["etag"]
    known = tag.removeprefix("W/") if form == "strong" else form.format(tag)
    answer = at("grids,buildings", if_none_match=known)
    assert answer.status_code == 304
    assert answer.content == b""
    assert answer.headers["etag"] == tag
    assert at("grids,buildings", if_none_match='W/"1.1-00000000"').status_code == 200


def test_the_url_with_the_current_version_is_kept_for_ever(at: At) -> None:
    current = at("grids,water").headers["etag"][3:-1]
    for_ever = at("grids,water", query=f"?v={current}")
    assert for_ever.headers["cache-control"] == "public, max-age=31536000, immutable"
    again = at("grids,water", query=f"?v={current}", if_none_match=for_ever.headers["etag"])
    assert again.status_code == 304
    assert "immutable" in again.headers["cache-control"]


@pytest.mark.parametrize(
    "version",
    ["", "0", "1.1-00000000", "x" * 5000, "%00", "%ff", "9" * 300 + "-00000000", "..-........",
     "1d-", "٣", "999999999999.9-{identity}", "1.1-{identity}", "d.d-{identity}"],
)  # fmt: skip
def test_the_url_with_another_version_is_asked_for_each_time(at: At, version: str) -> None:
    tag = at("grids,water").headers["etag"]
    answer = at("grids,water", query=f"?v={version.format(identity=tag[-9:-1])}")
    assert answer.status_code in {200, 400}
    assert "immutable" not in answer.headers.get("cache-control", "")


def test_a_write_makes_the_next_tile_another_one(at: At, engine: sa.Engine) -> None:
    before, others = at("resource-points"), at("buildings")
    version = before.headers["etag"][3:-1]
    number = write(engine)
    until(lambda: at("resource-points").headers["etag"] != before.headers["etag"])
    after = at("resource-points")
    assert points(after) == points(before) | {number}
    # The tag that the client has is old now, and so is its URL.
    assert at("resource-points", if_none_match=before.headers["etag"]).status_code == 200
    old = at("resource-points", query=f"?v={version}")
    assert points(old) == points(after)
    assert "immutable" not in old.headers["cache-control"]
    assert at("buildings").headers["etag"] == others.headers["etag"]


def test_whoever_knows_of_a_commit_gets_it_at_once(at: At, engine: sa.Engine) -> None:
    """The version in the URL says more than the server has heard: it asks, and does not poll."""
    for _ in range(20):
        revision, _, identity = at("resource-points").headers["etag"][3:-1].partition("-")
        number = write(engine)
        answer = at("resource-points", query=f"?v={int(revision) + 1}-{identity}")
        assert number in points(answer)
        assert "immutable" in answer.headers["cache-control"]


def test_no_tile_is_ever_shown_under_a_version_that_it_does_not_have(
    server: str, engine: sa.Engine
) -> None:
    """One commit is one revision and one point more, so each answer can be checked by itself."""
    tile = "18/203904/112257"  # all points are written here
    lon, lat = 100.0208, 25.0041
    with engine.connect() as connection:
        start: int = connection.scalar(
            sa.text("SELECT revision FROM layer_revision WHERE source = 'resource_point'")
        )
    stop = threading.Event()
    wrong: list[str] = []
    seen: set[int] = set()

    def read() -> None:
        with httpx.Client(base_url=server, timeout=20) as client:
            version = ""
            while not stop.is_set():
                answer = client.get(f"/tiles/resource-points,grids/{tile}.mvt?v={version}")
                version = answer.headers["etag"][3:-1]
                revision = int(version.partition(".")[0])
                layers = mapbox_vector_tile.decode(answer.content)
                count = len(layers.get("resource-points", {"features": []})["features"])
                seen.add(revision)
                if count != revision - start:
                    wrong.append(f"{count} points at revision {start} + {revision - start}")

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    try:
        for _ in range(150):
            write(engine, lon, lat)
        until(lambda: start + 150 in seen)
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert wrong == []
    assert len(seen) > 10


# --- What is refused ------------------------------------------------------------------------------


def assert_problem(answer: httpx.Response, status: int) -> dict[str, object]:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, object] = answer.json()
    assert document["status"] == status
    assert str(document["type"]).startswith("urn:gridmap:problem:")
    assert document["detail"]
    return document


@pytest.mark.parametrize("path", ["nonsense/1/0/0.mvt", "grids,nonsense/1/0/0.mvt", "/1/0/0.mvt",
                                  "Grids/1/0/0.mvt", "grids,/1/0/0.mvt", "grids,grids/1/0/0.mvt",
                                  "nonsense/tilejson.json", "grid/1/0/0.mvt"])  # fmt: skip
def test_an_unknown_layer_is_answered_with_those_that_there_are(
    client: httpx.Client, path: str
) -> None:
    document = assert_problem(client.get(f"/tiles/{path}"), 404)
    for name in LAYERS:
        assert name in str(document["hint"])


HOSTILE = [
    "", "/", "//", "/grids", "/grids/", "/grids/1", "/grids/1/0", "/grids/1/0/0", "/grids/1/0/0.",
    "/grids/1/0/0.pbf", "/grids/1/0/0.mvt/", "/grids/1/0/0.mvt/x", "/grids//1/0/0.mvt",
    "/grids/-1/0/0.mvt", "/grids/1/-1/0.mvt", "/grids/+1/0/0.mvt", "/grids/1e3/0/0.mvt",
    "/grids/1.0/0/0.mvt", "/grids/0x1/0/0.mvt", "/grids/01/0/0.mvt", "/grids/ 1/0/0.mvt",
    "/grids/1/0/%30.mvt%00", "/grids/%00/0/0.mvt", "/grids/1/0/0%2emvt%ff", "/grids/%zz/0/0.mvt",
    "/grids/%/0/0.mvt", "/%ff%fe/1/0/0.mvt", "/grids/1/%F0%9F%92%A9/0.mvt",
    "/grids/%D9%A1/0/0.mvt", "/grids/%EF%BC%91/0/0.mvt", "/grids/1/%C2%B2/0.mvt",
    "/grids/23/0/0.mvt", "/grids/40/0/0.mvt", "/grids/99/0/0.mvt", "/grids/999999999/0/0.mvt",
    "/grids/1/2/0.mvt", "/grids/1/0/2.mvt", "/grids/22/4194304/0.mvt", "/grids/0/1/0.mvt",
    "/grids/14/99999999999999999999/0.mvt", "/grids/nan/inf/null.mvt", "/grids/{z}/{x}/{y}.mvt",
    "/../grids/1/0/0.mvt", "/%2e%2e/%2e%2e/etc/passwd", "/grids/..%2f..%2f1/0/0.mvt",
    "/grids;drop table grid/1/0/0.mvt", "/grids'--/1/0/0.mvt",
    "/grids\\/1/0/0.mvt", "/" + "a" * 10_000 + "/1/0/0.mvt", "/grids/" + "1" * 10_000 + "/0/0.mvt",
    "/" + "grids," * 1500 + "/1/0/0.mvt", "/" + "%41" * 3000, "/grids/tilejson", "/tilejson.json",
    "/grids/tilejson.json/", "/grids/1/0/tilejson.json", "/grids/1/0/0.mvt;v=1",
]  # fmt: skip


@pytest.mark.parametrize("path", HOSTILE, ids=[f"{n}-{p[:30]}" for n, p in enumerate(HOSTILE)])
def test_a_path_that_is_no_tile_is_not_found(server: str, path: str) -> None:
    status, headers, body = ask(server, f"GET /tiles{path} HTTP/1.1")
    if status == 400 and b"Invalid HTTP" in body:  # the parser does not let it in: spaces, bytes
        return
    if status in {301, 307}:
        pytest.fail(f"a redirect to {headers}")
    assert status == 404, body[:300]
    assert b"content-type: application/problem+json" in headers
    document = json.loads(body)
    assert len(document["detail"]) < 600


def ask(server: str, line: str, *more: bytes) -> tuple[int, bytes, bytes]:
    """Send a request line as it is, which no client library would."""
    address = urlsplit(server)
    with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
        request = [line.encode("latin-1"), b"Host: x", b"Connection: close", *more, b"", b""]
        connection.sendall(b"\r\n".join(request))
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), head.lower(), body


@pytest.mark.parametrize("number", ["0", "1"])
def test_the_corners_of_the_world_are_tiles(at: At, number: str) -> None:
    assert at("grids", f"0/{0}/{0}").status_code in {200, 204}
    assert at("grids", f"1/{number}/{number}").status_code in {200, 204}
    assert at("grids", "22/4194303/4194303").status_code == 204


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?level=x", "level"), ("?level=-1", "level"), ("?level=1e1", "level"), ("?level=", "level"),
        ("?level=%D9%A1", "level"), ("?level=100", "level"), ("?level=2&level=3", "level"),
        ("?place=", "place"), ("?place=%00", "place"), ("?place=%ff", None), ("?place=a%0Ab", "place"),
        ("?place=" + "x" * 101, "place"), ("?network=a&network=a", "network"), ("?" + "a&" * 60, None),
    ],
)  # fmt: skip
def test_a_filter_that_cannot_be_used_is_refused_by_name(
    at: At, query: str, field: str | None
) -> None:
    document = assert_problem(at("grids", query=query), 400)
    if field:
        (fault,) = document["faults"]  # type: ignore[misc]
        assert fault["field"] == field


def test_a_filter_is_for_grids_only(at: At) -> None:
    document = assert_problem(at("grids,buildings", query="?place=town"), 400)
    assert "buildings" in str(document["detail"])


def test_parameters_that_mean_nothing_are_let_pass(at: At) -> None:
    assert at("buildings", query="?_=17&access_token=x&v=1").content == at("buildings").content


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("level=2", {10, 11, 12, 13}),
        ("network=police", {200}),
        ("place=town&level=1", {200}),
        ("level=9", set()),
        ("place='%20OR%20''='", set()),
    ],
)
def test_filters_choose_grids(at: At, query: str, expected: set[int]) -> None:
    answer = at("grids", "12/3185/1754", f"?{query}")
    layers = mapbox_vector_tile.decode(answer.content)
    found = {item["id"] for item in layers.get("grids", {"features": []})["features"]}
    assert found == expected
    # Kept under their own name, not as the whole layer.
    assert len(mapbox_vector_tile.decode(at("grids", "12/3185/1754").content)) == 1


# --- TileJSON -------------------------------------------------------------------------------------


def test_tilejson_says_where_the_tiles_are_and_what_is_in_them(
    client: httpx.Client, server: str
) -> None:
    described = client.get("/tiles/grids,buildings,incidents/tilejson.json").json()
    assert described["tilejson"] == "3.0.0"
    assert described["bounds"] == pytest.approx([100, 25, 110.0002, 30.0002])
    west, south, east, north = described["bounds"]
    lon, lat, zoom = described["center"]
    assert west <= lon <= east
    assert south <= lat <= north
    assert 0 <= described["minzoom"] <= zoom <= described["maxzoom"] <= 22
    names = [layer["id"] for layer in described["vector_layers"]]
    assert names == ["grids", "buildings", "incidents"]
    (template,) = described["tiles"]
    assert template.startswith(f"{server}/tiles/grids,buildings,incidents/{{z}}/{{x}}/{{y}}.mvt?v=")
    zoom_, column, row = TILE.split("/")
    url = template.replace("{z}", zoom_).replace("{x}", column).replace("{y}", row)
    answer = httpx.get(url)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("name", LAYERS)
def test_tilejson_names_every_field_that_a_tile_has(
    client: httpx.Client, at: At, name: str
) -> None:
    (layer,) = client.get(f"/tiles/{name}/tilejson.json").json()["vector_layers"]
    tiles = [at(name, tile) for tile in (TILE, "14/12743/7015", "12/3185/1754", "8/199/109")]
    layers = [mapbox_vector_tile.decode(tile.content).get(name) for tile in tiles]
    features = [feature for found in layers if found for feature in found["features"]]
    assert features or name == "land-use"  # of which the town has none
    for feature in features:
        assert set(feature["properties"]) <= set(layer["fields"])
    assert "zoom" in layer["description"]


def test_tilejson_of_chosen_grids_leads_to_chosen_tiles(client: httpx.Client) -> None:
    described = client.get("/tiles/grids/tilejson.json?level=2&place=town").json()
    assert re.search(r"\?place=town&level=2&v=", described["tiles"][0])
    url = described["tiles"][0].format(z=12, x=3185, y=1754)
    layers = mapbox_vector_tile.decode(client.get(url).content)
    assert {item["properties"]["level"] for item in layers["grids"]["features"]} == {2}


def test_tilejson_changes_with_the_data(client: httpx.Client, engine: sa.Engine) -> None:
    path = "/tiles/resource-points/tilejson.json"
    before = client.get(path)
    assert client.get(path, headers={"if-none-match": before.headers["etag"]}).status_code == 304
    write(engine)
    after = client.get(path, headers={"if-none-match": before.headers["etag"]})
    assert after.status_code == 200  # at once: it asks the database
    assert after.json()["tiles"] != before.json()["tiles"]


def test_tilejson_of_empty_layers_is_the_world(client: httpx.Client) -> None:
    described = client.get("/tiles/grids/tilejson.json?place=void").json()
    assert described["bounds"] == pytest.approx([-180, -85.051129, 180, 85.051129])


@pytest.mark.parametrize("host", ["evil.example/x?", "a b", "x\u00e4", "[::1", "a,b"])
def test_a_forged_host_is_not_repeated(server: str, host: str) -> None:
    address = urlsplit(server)
    with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
        connection.sendall(
            b"GET /tiles/grids/tilejson.json HTTP/1.1\r\nConnection: close\r\nHost: "
            + host.encode()
            + b"\r\n\r\n"
        )
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 400")


def test_the_api_document_describes_tiles(client: httpx.Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert "get" in paths["/tiles/{layers}/{z}/{x}/{y}.mvt"]
    assert "get" in paths["/tiles/{layers}/tilejson.json"]


def test_other_programs_read_the_tiles(client: httpx.Client, tmp_path: object) -> None:
    pyogrio = pytest.importorskip("pyogrio")
    file = f"{tmp_path}/0.mvt"
    with open(file, "wb") as out:  # noqa: PTH123
        out.write(client.get(f"/tiles/grids,buildings/{TILE}.mvt").content)
    layers = {name for name, _ in pyogrio.list_layers(f"MVT:{file}")}
    assert layers == {"grids", "buildings"}
    decoded = mapbox_vector_tile.decode(client.get(f"/tiles/grids/{TILE}.mvt").content)
    assert pyogrio.read_info(f"MVT:{file}", layer="grids", force_feature_count=True)[
        "features"
    ] == len(decoded["grids"]["features"])


@pytest.fixture(scope="module")
def many(server: str) -> Iterator[list[httpx.Client]]:
    clients = [httpx.Client(base_url=server, timeout=20) for _ in range(8)]
    yield clients
    for each in clients:
        each.close()


def test_equal_questions_at_once_are_drawn_once(many: list[httpx.Client]) -> None:
    def counted(name: str) -> float:
        text = many[0].get("/metrics").text
        return float(re.search(rf"^gridmap_{name}_total (\S+)", text, re.MULTILINE)[1])  # type: ignore[index]

    for column in itertools.count(203_000):
        before = counted("tile_cache_misses"), counted("tile_cache_shared")
        threads = [
            threading.Thread(target=each.get, args=(f"/tiles/buildings/18/{column}/112257.mvt",))
            for each in many
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        misses = counted("tile_cache_misses") - before[0]
        shared = counted("tile_cache_shared") - before[1]
        # Those that came later found it in memory; the database drew it once.
        assert misses - shared == 1
        if shared:
            break
