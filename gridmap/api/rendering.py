"""Answers: JSON bytes with an ETag, compressed where that is asked for and worth it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from isal import igzip
from starlette.requests import Request
from starlette.responses import Response

JSON = "application/json"
GEOJSON = "application/geo+json"

_WORTH_BYTES = 1000
_QUALITY = re.compile(r"\s*;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", re.ASCII)


def dump(document: Any) -> bytes:
    """Write a document as compact JSON."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def answer(
    request: Request,
    body: bytes,
    media_type: str = JSON,
    *,
    etag: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Answer with a body, compressed when the client takes gzip and it is over 1 kB."""
    sent = {"Vary": "Accept-Encoding", **(headers or {})}
    if etag:
        sent |= {"ETag": etag, "Cache-Control": "no-cache"}
    if len(body) > _WORTH_BYTES and accepts(request.headers.get("accept-encoding", ""), "gzip"):
        body = igzip.compress(body, 1)
        sent["Content-Encoding"] = "gzip"
    return Response(body, media_type=media_type, headers=sent)


def not_modified(etag: str) -> Response:
    """Answer that the client has it already."""
    return Response(
        status_code=304,
        headers={"ETag": etag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"},
    )


def make_etag(*parts: object) -> str:
    """Make a weak ETag: equal parts, equal content (though not equal bytes: gzip, `timeStamp`)."""
    digest = hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()
    return f'W/"{digest}"'


def is_known(request: Request, etag: str) -> bool:
    """Say whether `If-None-Match` names the ETag, by the weak comparison (RFC 9110, 13.1.2)."""
    wanted = request.headers.get("if-none-match", "")
    if wanted.strip() == "*":
        return True
    bare = etag.removeprefix("W/")
    return any(item.strip().removeprefix("W/") == bare for item in wanted.split(","))


def accepts(header: str, coding: str) -> bool:
    """Say whether an Accept-Encoding header takes a coding (RFC 9110, 12.5.3)."""
    return quality(header, (coding, "*")) > 0


def quality(header: str, names: tuple[str, ...]) -> float:
    """Give the weight of the first of `names` that stands in an Accept header; 0 when none does."""
    weights: dict[str, float] = {}
    for item in header.split(","):
        name, semicolon, _ = item.partition(";")
        found = _QUALITY.search(item[len(name) :]) if semicolon else None
        weights[name.strip().lower()] = float(found[1]) if found else 1.0
    return next((weights[name] for name in names if name in weights), 0.0)


def prefers_html(request: Request) -> bool:
    """Say whether a client would rather read HTML than JSON, as browsers do."""
    header = request.headers.get("accept", "")
    return quality(header, ("text/html",)) > quality(header, (JSON, GEOJSON))
