"""The page as files: what is cached how long, what a page may load, and what is not built."""

from __future__ import annotations

import asyncio
import gzip
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI, Request, Response

from gridmap.api import page, problems
from gridmap.settings import Settings

SCRIPT = b"console.log('gridmap');" * 200


class Client:
    """Asks the application itself, without a socket."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app

    def get(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
                return await client.get(path, headers=headers)

        return asyncio.run(ask())


def client_of(settings: Settings, dist: Path) -> Client:
    app = FastAPI()
    app.state.page = page.Page(settings, dist)
    problems.install(app)
    app.include_router(page.router)

    @app.get("/")
    def index(request: Request) -> Response:
        return app.state.page.index(request)

    return Client(app)


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    built = tmp_path / "dist"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text("<!doctype html><title>gridmap</title>")
    (built / "assets" / "index-AbC123.js").write_bytes(SCRIPT)
    (built / "icon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (tmp_path / "secret").write_text("not for the world")
    return built


@pytest.fixture
def client(dist: Path) -> Client:
    return client_of(Settings(data_dir=Path()), dist)


def test_the_index_is_asked_for_each_time_and_answered_shortly(client: Client) -> None:
    first = client.get("/")
    assert first.headers["cache-control"] == "no-cache"
    again = client.get("/", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_assets_are_kept_for_ever_and_sent_compressed(client: Client) -> None:
    answer = client.get("/assets/index-AbC123.js", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.content == SCRIPT
    assert int(answer.headers["content-length"]) < len(SCRIPT)
    plain = client.get("/assets/index-AbC123.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == SCRIPT


@pytest.mark.parametrize(
    "path",
    ["/assets/none.js", "/assets/..%2f..%2fsecret", "/assets/%2e%2e/secret", "/assets/a%00b"],
)
def test_nothing_outside_the_built_page_is_answered(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "not for the world" not in answer.text


def test_the_policy_lets_in_this_server_only(client: Client) -> None:
    policy = client.get("/").headers["content-security-policy"]
    assert "default-src 'self';" in policy
    assert "worker-src 'self' blob:;" in policy
    assert "img-src 'self' data: blob:;" in policy
    assert "http" not in policy


def test_the_policy_lets_in_the_host_of_the_base_map(dist: Path) -> None:
    settings = Settings(data_dir=Path(), basemap="tianditu", tianditu_key="k")
    policy = client_of(settings, dist).get("/").headers["content-security-policy"]
    assert "https://t0.tianditu.gov.cn" in policy
    assert "script-src" not in policy, "scripts come from this server, as by default-src"


def test_an_archive_of_this_machine_is_sent_in_ranges(dist: Path, tmp_path: Path) -> None:
    path = tmp_path / "own.pmtiles"
    path.write_bytes(b"PMTiles\x03" + bytes(119) + b"tiles")
    settings = Settings(data_dir=Path(), basemap="pmtiles", basemap_url=str(path))
    client = client_of(settings, dist)
    part = client.get("/basemap.pmtiles", headers={"Range": "bytes=127-131"})
    assert (part.status_code, part.content) == (206, b"tiles")
    assert "http" not in client.get("/").headers["content-security-policy"]


def test_without_an_archive_there_is_none(client: Client) -> None:
    assert client.get("/basemap.pmtiles").status_code == 404


def test_a_page_that_is_not_built_says_how_to_build_it(tmp_path: Path) -> None:
    answer = client_of(Settings(data_dir=Path()), tmp_path / "nowhere").get("/")
    assert answer.status_code == 503
    assert "npm run build" in answer.text
    assert "页面还没有构建" in answer.text


def test_a_page_that_is_built_anew_is_answered_anew(client: Client, dist: Path) -> None:
    before = client.get("/").headers["etag"]
    (dist / "index.html").write_text("<!doctype html><title>gridmap, newer</title>")
    after = client.get("/")
    assert after.headers["etag"] != before
    assert "newer" in after.text


def test_what_is_sent_compressed_is_what_was_built(dist: Path) -> None:
    asset = page._read(dist / "assets" / "index-AbC123.js")
    assert asset is not None
    assert asset.gzipped is not None
    assert gzip.decompress(asset.gzipped) == SCRIPT
