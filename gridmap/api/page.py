"""The page: the built application from `gridmap/web/dist`, with a policy that lets nothing else in.

Names under `/assets/` carry a hash of their content, so a browser keeps them for ever; `index.html`
is asked for each time and answered with 304 while it is the same.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from gridmap.api.rendering import accepts, is_known, not_modified
from gridmap.api.styles import basemaps
from gridmap.errors import GridmapError, NotFound
from gridmap.settings import Settings

DIST = Path(__file__).parents[1] / "web" / "dist"

NOT_BUILT = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><title>gridmap</title>
<style>body{font:16px/1.7 system-ui,"Noto Sans CJK SC",sans-serif;max-width:36em;margin:12vh auto;
padding:0 1.5em;color:#1f262b}code{background:#f0f0ec;padding:.1em .4em;border-radius:4px}</style>
<h1>页面还没有构建</h1>
<p>服务和数据接口工作正常，只缺少网页文件。在源代码目录运行 <code>make demo</code>，或者
<code>cd gridmap/web &amp;&amp; npm ci &amp;&amp; npm run build</code>，然后刷新。</p>
<h1 lang="en">The page is not built</h1>
<p lang="en">The service and its API work; only the files of the page are missing. Run
<code>make demo</code> in the source tree, or <code>cd gridmap/web &amp;&amp; npm ci &amp;&amp; npm
run build</code>, and reload.</p>
<p><a href="./?f=json">API</a></p>
</html>
"""

# Names that the build gives; nothing with a slash, and nothing hidden.
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,120}", re.ASCII)

router = APIRouter(include_in_schema=False)
_METHODS = ["GET", "HEAD"]


@dataclass(frozen=True)
class Asset:
    """One file of the page, as it is and compressed."""

    body: bytes
    gzipped: bytes | None
    media_type: str
    etag: str


class Page:
    """Answers with the page; what it may load besides its own files is a matter of the settings."""

    def __init__(self, settings: Settings, dist: Path = DIST) -> None:
        self.dist = dist
        try:
            basemap = basemaps.choose(settings)
        except GridmapError:  # said by the style, which the page then cannot read
            basemap = basemaps.Basemap("blank")
        self.archive = basemap.archive
        self.policy = content_policy(basemap.hosts)

    def index(self, request: Request) -> Response:
        """Answer the application itself, or how to build it."""
        asset = _read(self.dist / "index.html")
        if asset is None:
            response = Response(NOT_BUILT, status_code=503, media_type="text/html")
        elif is_known(request, asset.etag):
            response = not_modified(asset.etag)
        else:
            response = _send(request, asset)
            response.headers["ETag"] = asset.etag
        response.headers["Cache-Control"] = "no-cache"
        response.headers["Vary"] = "Accept, Accept-Encoding"
        response.headers["Content-Security-Policy"] = self.policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    def file(self, request: Request, folder: str, name: str) -> Response:
        """Answer a file that `index.html` asks for.

        Raises
        ------
        NotFound
            No such file.
        """
        asset = _read(self.dist / folder / name) if _NAME.fullmatch(name) else None
        if asset is None:
            raise NotFound(f"The page has no file {name[:80]!r}", hint="Load the page again.")
        response = _send(request, asset)
        response.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if folder else "public, max-age=3600"
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        # A worker has the policy of its own file, not that of the page that starts it.
        response.headers["Content-Security-Policy"] = self.policy
        return response


def content_policy(hosts: tuple[str, ...]) -> str:
    """Write the Content-Security-Policy: this server, and the hosts of the base map."""
    foreign = "".join(f" {host}" for host in hosts)
    return "; ".join(
        (
            "default-src 'self'",
            "worker-src 'self' blob:",
            "style-src 'self' 'unsafe-inline'",
            f"img-src 'self' data: blob:{foreign}",
            f"connect-src 'self'{foreign}",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'self'",
        )
    )


@router.api_route("/assets/{name}", methods=_METHODS)
def read_asset(name: str, request: Request) -> Response:
    """Answer a file whose name carries its hash."""
    page: Page = request.app.state.page
    return page.file(request, "assets", name)


@router.api_route("/icon.svg", methods=_METHODS)
def read_icon(request: Request) -> Response:
    """Answer the icon of the page."""
    page: Page = request.app.state.page
    return page.file(request, "", "icon.svg")


@router.api_route(f"/{basemaps.ARCHIVE}", methods=_METHODS)
def read_archive(request: Request) -> Response:
    """Answer the base map's archive, in the ranges that its reader asks for."""
    page: Page = request.app.state.page
    if page.archive is None:
        raise NotFound("This service has no base map of its own")
    return FileResponse(page.archive, media_type="application/vnd.pmtiles")


@router.api_route("/favicon.ico", methods=_METHODS)
def read_favicon(request: Request) -> Response:
    """Answer browsers that ask without being told of the icon."""
    return read_icon(request)


def _send(request: Request, asset: Asset) -> Response:
    headers = {"Vary": "Accept-Encoding"}
    body = asset.body
    if asset.gzipped and accepts(request.headers.get("accept-encoding", ""), "gzip"):
        body = asset.gzipped
        headers["Content-Encoding"] = "gzip"
    return Response(body, media_type=asset.media_type, headers=headers)


def _read(path: Path) -> Asset | None:
    """Read a file; what was read is kept until the file is written anew."""
    try:
        return _read_as_of(path, path.stat().st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=32)
def _read_as_of(path: Path, written: int) -> Asset:
    body = path.read_bytes()
    digest = hashlib.blake2b(body, digest_size=12).hexdigest()
    kind = "text/javascript" if path.suffix in {".js", ".mjs"} else mimetypes.guess_type(path)[0]
    squeezed = gzip.compress(body, 9, mtime=written // 10**9)
    return Asset(
        body=body,
        gzipped=squeezed if len(squeezed) < len(body) else None,
        media_type=kind or "application/octet-stream",
        etag=f'W/"{digest}"',
    )
