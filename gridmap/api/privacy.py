"""What of the service is somebody's, and is read with the token where one is set.

Exact incidents with their titles, whatever is worked out of them cell by cell in windows that a
reader chooses, and everything about staff. Everybody reads `/public/incidents` and `/responsible`
instead, which are made so that nothing of a person can be computed from them.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from http.cookies import CookieError, SimpleCookie

from starlette.requests import Request
from starlette.types import Message, Send

SESSION = "gridmap_session"  # the cookie of a browser that has shown the token

_PERSONAL = re.compile(
    r"/(?:hotspots|staffing)(?:/.*)?"
    r"|/collections/(?:incidents/items|hotspots:[^/]*)(?:/.*)?"
    r"|/tiles/hotspots/.*"
    # A tile of several layers is as personal as one of them; what TileJSON tells is nobody's.
    r"|/tiles/(?:[^/]*,)?incidents(?:,[^/]*)?/\d.*",
    re.DOTALL,
)


def is_personal(path: str) -> bool:
    """Say whether a path leads to what is somebody's."""
    return _PERSONAL.fullmatch(path) is not None


def is_trusted(request: Request) -> bool:
    """Say whether a request has the token, or none is set."""
    trusted: bool = request.state.trusted
    return trusted


def session_of(token: str) -> str:
    """What the cookie of a browser holds that has shown the token; another token ends it."""
    return hmac.new(token.encode(), b"gridmap session", hashlib.sha256).hexdigest()


def has_session(header: bytes, token: str) -> bool:
    """Say whether a Cookie header holds the session of a token."""
    try:
        found = SimpleCookie(header.decode("latin-1")).get(SESSION)
    except CookieError:
        return False
    given = found.value.encode("latin-1", "replace") if found else b""
    return hmac.compare_digest(given, session_of(token).encode())


def kept_private(send: Send) -> Send:
    """Send with no shared cache keeping the answer: it is for who has the token."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [
                (name, value.replace(b"public", b"private") if name == b"cache-control" else value)
                for name, value in message.get("headers", ())
            ]
            if not any(name == b"cache-control" for name, _ in headers):
                headers.append((b"cache-control", b"private"))
            message = {**message, "headers": headers}
        await send(message)

    return sent
