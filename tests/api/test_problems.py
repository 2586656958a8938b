"""Requests that nobody should send: each is answered with one problem document, and nothing breaks.

The table follows the hostile inputs that a public service meets; the server stays the same process
through all of them, and its log stays free of traces.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import logging
from collections.abc import Iterator
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest
import sqlalchemy as sa
from starlette.requests import Request

from gridmap import errors
from gridmap.api import problems
from gridmap.api.app import create_app
from gridmap.settings import Settings
from gridmap.store import features
from gridmap.store.layers import find_layer
from tests import town

BUILDINGS = "/collections/buildings/items"
INCIDENTS = "/collections/incidents/items"


@pytest.fixture(scope="module", autouse=True)
def _town(engine: sa.Engine) -> None:
    town.insert(engine)


@pytest.fixture(autouse=True)
def _no_trace_in_the_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    yield
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


def ask(
    server: str,
    target: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> tuple[int, dict[str, str], bytes]:
    """Send a request as it is written here: httpx would mend what is wrong with it."""
    parts = urlsplit(server)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=20)
    connection.putrequest(method, target, skip_host="Host" in (headers or {}))
    for name, value in (headers or {}).items():
        connection.putheader(name, value)
    if body is not None:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response.status, {key.lower(): value for key, value in response.getheaders()}, content


def assert_problem(
    answer: tuple[int, dict[str, str], bytes], status: int, *, field: str | None = None
) -> dict:
    got, headers, content = answer
    assert got == status, content
    assert headers["content-type"] == "application/problem+json"
    document = json.loads(content)
    assert document["status"] == status
    assert document["type"].startswith("urn:gridmap:problem:")
    assert {"title", "detail"} <= set(document)
    assert "Traceback" not in document["detail"]
    if field is not None:
        assert field in [fault.get("field") for fault in document["faults"]]
    return document


QUERIES = [
    # windows
    (f"{BUILDINGS}?bbox=1,2,3", 400, "bbox"),
    (f"{BUILDINGS}?bbox=1,2,3,4,5", 400, "bbox"),
    (f"{BUILDINGS}?bbox=", 400, "bbox"),
    (f"{BUILDINGS}?bbox=a,b,c,d", 400, "bbox"),
    (f"{BUILDINGS}?bbox=nan,0,1,1", 400, "bbox"),
    (f"{BUILDINGS}?bbox=-inf,-inf,inf,inf", 400, "bbox"),
    (f"{BUILDINGS}?bbox=0,0,1e999,1", 400, "bbox"),
    (f"{BUILDINGS}?bbox=100,26,101,25", 400, "bbox"),  # upside down
    (f"{BUILDINGS}?bbox=100,25,9,101,26,1", 400, "bbox"),
    (f"{BUILDINGS}?bbox=5000,25,5001,26", 400, "bbox"),
    (f"{BUILDINGS}?bbox=100,25,101,91", 400, "bbox"),
    (
        f"{BUILDINGS}?bbox=0,0,9e9,9e9&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/3857",
        400,
        "bbox",
    ),
    (f"{BUILDINGS}?bbox-crs=EPSG:28992", 400, "bbox-crs"),
    (f"{BUILDINGS}?crs=http://www.opengis.net/def/crs/EPSG/0/1", 400, "crs"),
    # pages
    (f"{BUILDINGS}?limit=0", 400, "limit"),
    (f"{BUILDINGS}?limit=-1", 400, "limit"),
    (f"{BUILDINGS}?limit=", 400, "limit"),
    (f"{BUILDINGS}?limit=1.5", 400, "limit"),
    (f"{BUILDINGS}?limit=1e3", 400, "limit"),
    (f"{BUILDINGS}?limit={'9' * 5000}", 400, "limit"),
    (f"{BUILDINGS}?limit=%D9%A1", 400, "limit"),  # an Arabic digit
    (f"{BUILDINGS}?offset=1000000000000", 400, "offset"),
    (f"{BUILDINGS}?cursor=1", 400, "cursor"),
    (f"{BUILDINGS}?cursor=after--1", 400, "cursor"),
    (f"{BUILDINGS}?cursor=after-{2**80}", 400, "cursor"),
    (f"{BUILDINGS}?cursor={'A' * 5000}", 400, "cursor"),
    (f"{BUILDINGS}?cursor=%FF", 400, None),
    # properties
    ("/collections/grids/items?level=two", 400, "level"),
    ("/collections/grids/items?level=2.0", 400, "level"),
    (f"/collections/grids/items?level={2**63}", 400, "level"),
    ("/collections/grids/items?area_m2=NaN", 400, "area_m2"),
    ("/collections/grids/items?name=a%00b", 400, "name"),
    ("/collections/grids/items?name=%FF%FE", 400, None),
    ("/collections/grids/items?name=%ED%A0%80", 400, None),  # half a surrogate pair
    ("/collections/grids/items?geom=1", 400, "geom"),
    ("/collections/grids/items?valid=1", 400, "valid"),  # a column, but no property
    ("/collections/grids/items?level=1&level=2", 400, "level"),
    ("/collections/grids/items?sortby=name;drop%20table%20grid", 400, "sortby"),
    ("/collections/grids/items?filter=1=1", 400, "filter"),
    (f"/collections/grids/items?{'&'.join(f'p{n}=1' for n in range(200))}", 400, None),
    # times
    (f"{INCIDENTS}?datetime=yesterday", 400, "datetime"),
    (f"{INCIDENTS}?datetime=2026-10-01", 400, "datetime"),
    (f"{INCIDENTS}?datetime=2026-10-01T00:00:00", 400, "datetime"),
    (f"{INCIDENTS}?datetime=../..", 400, "datetime"),
    (f"{INCIDENTS}?datetime=/", 400, "datetime"),
    (f"{INCIDENTS}?datetime=2026-10-02T00:00:00Z/2026-10-01T00:00:00Z", 400, "datetime"),
    (f"{INCIDENTS}?datetime=2026-13-01T00:00:00Z", 400, "datetime"),
    (f"{INCIDENTS}?datetime=0000-01-01T00:00:00Z", 400, "datetime"),
    (f"{INCIDENTS}?datetime=2026-10-01T00:00:00Z/2026-10-02T00:00:00Z/x", 400, "datetime"),
    (f"{INCIDENTS}?datetime=0001-01-01T00:00:00%2B14:00", 400, "datetime"),
    (f"{INCIDENTS}?datetime=9999-12-31T23:59:59-14:00", 400, "datetime"),
    (f"{INCIDENTS}?reported_at=2026-10-01T00:00:00", 400, "reported_at"),
    # formats and what is not there
    ("/collections/grids?f=xml", 400, "f"),
    ("/?f=xml", 400, "f"),
    ("/conformance?x=1", 400, "x"),
    ("/collections/nothing", 404, None),
    ("/collections/nothing/items?limit=0", 404, None),
    ("/collections/grid/items", 404, None),  # the table's name is not the layer's
    ("/collections/pg_class/items", 404, None),
    ("/collections/grids;drop%20table%20grid/items", 404, None),
    ("/collections/%FF/items", 404, None),
    ("/collections/" + "x" * 5000, 404, None),
    (f"{BUILDINGS}/999999", 404, None),
    (f"{BUILDINGS}/{2**80}", 404, None),
    (f"{BUILDINGS}/-1", 404, None),
    (f"{BUILDINGS}/1%20OR%201=1", 404, None),
    (f"{BUILDINGS}/1e3", 404, None),
    (f"{BUILDINGS}/1000?x=1", 400, "x"),
    ("/nothing", 404, None),
    ("/collections/grids/items/../../../etc/passwd", 404, None),
    # points
    ("/locate", 400, "lon"),
    ("/locate?lon=1", 400, "lat"),
    ("/locate?lon=NaN&lat=1", 400, "lon"),
    ("/locate?lon=Infinity&lat=1", 400, "lon"),
    ("/locate?lon=1e999&lat=1", 400, "lon"),
    ("/locate?lon=5000&lat=1", 400, "lon"),
    ("/locate?lon=1&lat=91", 400, "lat"),
    ("/locate?lon=%EF%BC%91&lat=1", 400, "lon"),  # a full-width digit
    ("/locate?lon=1&lat=1&datum=mars", 400, "datum"),
    ("/locate?lon=1&lat=1&limit=51", 400, "limit"),
    ("/locate?lon=1&lat=1&longitude=1", 400, "longitude"),
    (f"/locate?lon=1&lat=1&network={'x' * 201}", 400, "network"),
    ("/places?key=1", 400, "key"),
]


@pytest.mark.parametrize(("target", "status", "field"), QUERIES)
def test_a_bad_query_is_refused_and_the_fault_is_named(
    server: str, target: str, status: int, field: str | None
) -> None:
    assert_problem(ask(server, target), status, field=field)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example/path",
        "a b",
        'x"><script>',
        "user@host",
        "host:port",
        "h\u00f6st",
        "a,b",
        "-x",
    ],
)
def test_a_host_that_is_none_gets_into_no_link(server: str, host: str) -> None:
    status, headers, content = ask(server, "/collections", headers={"Host": host})
    assert status == 400
    assert b"collections" not in content
    if headers["content-type"] != "text/plain; charset=utf-8":  # of the HTTP parser itself
        assert_problem((status, headers, content), 400)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_what_cannot_be_done_to_a_layer_is_405(server: str, method: str) -> None:
    answer = ask(server, BUILDINGS, method=method, body=b"{}")
    assert_problem(answer, 405)
    assert "GET" in answer[1]["allow"]


BODIES = [
    (b"", "application/json", 400),
    (b"[", "application/json", 400),
    (b"[NaN, 1]", "application/json", 400),
    (b"[[Infinity, 1]]", "application/json", 400),
    (b"[[1e999, 1]]", "application/json", 400),
    (b"[[" + b"9" * 5000 + b", 1]]", "application/json", 400),
    (b'["\\ud800"]', "application/json", 400),
    (b'{"type": "FeatureCollection", "features": [], "type": "x"}', "application/json", 400),
    (b"[" * 100_000, "application/json", 400),
    (b'{"a":' * 100_000, "application/json", 400),
    (b'["\xff\xfe"]', "application/json", 400),
    (b"\xff\xfe[\x00]\x00", "application/json", 400),
    (b"{}", "application/json", 422),
    (b"null", "application/json", 422),
    (b'"points"', "application/geo+json", 422),
    (b'{"type": "FeatureCollection"}', "application/geo+json", 422),
    (b'{"type": "FeatureCollection", "features": {"0": 1}}', "application/geo+json", 422),
    (b'{"type": "Feature", "geometry": null}', "application/geo+json", 422),
    (b"[" + b"1," * 100_001 + b"1]", "application/json", 413),
    (b"", "text/csv", 422),
    (b"a,b\n1,2\n", "text/csv", 422),
    (b'lon,lat\n"1,2\n', "text/csv", 422),
    (b"lon,lat\n1,2\n", "text/csv; charset=klingon", 422),
    (b"lon,lat\n\xff\xff,2\n", "text/csv", 422),
    (b"lon,lat\n" + b"1,2\n" * 100_001, "text/csv", 413),
    (b"lon,lat\n" + b"," * 2_000_000, "text/csv", 413),
    (b"lon,lat" + b",x" * 2000, "text/csv", 413),
    (b'lon,lat\n1,"' + b"x" * 10_000_000, "text/csv", 413),
    (b"lon,lat\n1,2\n", "application/x-www-form-urlencoded", 415),
    (b"lon,lat\n1,2\n", "", 415),
    (b"PK\x03\x04", "application/zip", 415),
]


@pytest.mark.parametrize(
    ("body", "kind", "status"), BODIES, ids=[f"{kind}-{body[:24]!r}" for body, kind, _ in BODIES]
)
def test_a_bad_body_is_refused(server: str, body: bytes, kind: str, status: int) -> None:
    headers = {"Content-Type": kind} if kind else {}
    assert_problem(ask(server, "/locate", method="POST", body=body, headers=headers), status)


@pytest.mark.parametrize("depth", [100, 500, 900, 940, 960, 970, 980, 990, 995, 1000, 1100])
def test_no_depth_of_a_body_breaks_the_server(server: str, depth: int) -> None:
    nested = b"[" * depth + b"]" * depth
    body = b'{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,"properties":{"a":%b}}]}'
    status, _, _ = ask(
        server, "/locate", method="POST", body=body % nested, headers={"Content-Type": "application/json"}
    )  # fmt: skip
    assert status in {200, 400}


def test_a_body_that_says_it_is_too_large_is_not_read(server: str) -> None:
    parts = urlsplit(server)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    connection.putrequest("POST", "/locate")
    connection.putheader("Content-Type", "text/csv")
    connection.putheader("Content-Length", "50000001")
    connection.endheaders()  # and nothing of the body
    response = connection.getresponse()
    assert response.status == 413
    assert json.loads(response.read())["type"].endswith(":TooLarge")
    connection.close()


def test_a_body_without_an_end_is_cut_off(server: str) -> None:
    chunk = b"x" * 1_000_000

    def chunks() -> Iterator[bytes]:
        for _ in range(60):
            yield chunk

    try:
        response = httpx.post(
            f"{server}/locate", content=chunks(), headers={"Content-Type": "text/csv"}, timeout=60
        )
    except (httpx.WriteError, httpx.ReadError):
        return  # the server has closed the connection while we were still sending
    assert response.status_code == 413


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_compressed_body_is_not_unpacked(server: str, coding: str) -> None:
    headers = {"Content-Type": "text/csv", "Content-Encoding": coding}
    assert_problem(ask(server, "/locate", method="POST", body=b"\x1f\x8b", headers=headers), 415)


def test_values_are_never_sql(server: str, engine: sa.Engine) -> None:
    for value in ("'; DROP TABLE grid; --", "1) OR (1=1", "$1", "%s", ":name", "{0}"):
        answer = httpx.get(f"{server}/collections/grids/items", params={"name": value})
        assert answer.json()["numberMatched"] == 0
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM grid")) == 14


def test_a_script_in_a_query_comes_back_as_json_only(server: str) -> None:
    status, headers, _ = ask(server, "/collections/%3Cscript%3Ealert(1)%3C/script%3E")
    assert status == 404
    assert headers["content-type"] == "application/problem+json"


# --- What is wrong with gridmap itself ------------------------------------------------------------


def test_a_defect_is_500_with_a_number_and_its_trace_in_the_log_only(
    tmp_path, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(Settings(data_dir=tmp_path), "postgresql://nobody@127.0.0.1:1/none")

    @app.get("/defect")
    async def defect(_request: Request) -> None:
        raise RuntimeError("the secret of the house")

    async def get() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get("/defect", headers={"X-Request-Id": "abc-1"})

    response = asyncio.run(get())
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["instance"] == "urn:gridmap:request:abc-1"
    assert "secret" not in response.text
    assert "the secret of the house" in caplog.text
    assert "abc-1" in caplog.text
    caplog.clear()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.InvalidInput("x"), 422),
        (errors.UnreadableFile("x"), 422),
        (errors.TooLarge("x"), 413),
        (errors.NotFound("x"), 404),
        (errors.Conflict("x"), 409),
        (errors.NotAllowed("x"), 401),
        (errors.Unavailable("x"), 503),
        (errors.EngineMissing("x"), 503),
        (problems.InvalidQuery("x"), 400),
        (problems.UnreadableBody("x"), 400),
        (problems.UnsupportedMedia("x"), 415),
        (problems.SlowBody("x"), 408),
    ],
)
def test_every_class_of_error_has_its_status(error: errors.GridmapError, status: int) -> None:
    response = problems.render(error)
    assert response.status_code == status
    assert json.loads(response.body)["type"] == f"urn:gridmap:problem:{type(error).__name__}"
    assert ("retry-after" in response.headers) == (status == 503)
    assert ("www-authenticate" in response.headers) == (status == 401)


def test_every_class_of_the_error_tree_stands_in_the_table() -> None:
    def below(kind: type) -> set[type]:
        return {kind}.union(*(below(child) for child in kind.__subclasses__()))

    named = {kind for kind in below(errors.GridmapError) if kind.__module__ == "gridmap.errors"}
    assert named <= set(problems.STATUS)


def test_half_a_surrogate_pair_in_a_sentence_does_not_break_its_rendering() -> None:
    response = problems.render(errors.InvalidInput("no \ud800 here"))
    assert json.loads(response.body)["detail"] == "no ? here"


def test_without_a_database_the_answer_is_503_and_says_when_to_ask_again() -> None:
    async def read() -> None:
        async with (
            asyncpg.create_pool("postgresql://nobody@127.0.0.1:1/none", min_size=0) as pool,
            features.snapshot(pool) as connection,
        ):
            await features.read_version(connection, find_layer("grids"))

    with pytest.raises(errors.Unavailable) as raised:
        asyncio.run(read())
    response = problems.render(raised.value)
    assert (response.status_code, response.headers["retry-after"]) == (503, "5")
