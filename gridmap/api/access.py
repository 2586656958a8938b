"""Who asks, and what everybody may: the outermost piece of everything but tiles.

Plain ASGI. Each request gets a number (`X-Request-Id`) and an actor, which handlers find as
`request.state.request_id` and `request.state.actor`. Until there are accounts, where a token is set
writing needs it, and so does reading what is somebody's (see `privacy`); `request.state.trusted`
says whether a request has it. Without one gridmap listens on this machine only, and then other web
sites must not write through the browser of somebody who sits at it.
"""

from __future__ import annotations

import hmac
import re
import secrets
from time import perf_counter
from urllib.parse import unquote_to_bytes, urlsplit

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gridmap.api import privacy, problems
from gridmap.api.metrics import Metrics
from gridmap.errors import Fault, GridmapError, NotAllowed, TooLarge

DEFAULT_ACTOR = "local"
MOST_BYTES = 10_000_000  # of a body; /locate has a limit of its own

_LONGEST_ACTOR = 100  # characters
_READING = {"GET", "HEAD", "OPTIONS"}
_COMPUTING = ("POST", "/locate")  # asks with a body and writes nothing
_ASKING = ("POST", "/hotspots")  # the same, within the limit of a body
_OPENING = {("POST", "/session"), ("DELETE", "/session")}  # the token is in the body, or given up
_UPLOADING = ("POST", "/plans/imports")  # a whole file, with a limit of its own
_ONCE = (b"host", b"authorization", b"content-length", b"x-gridmap-actor", b"x-request-id")
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}", re.ASCII)
# Classes of routes in metrics, by the first step of the path.
_ROUTES = {
    "": "page",
    "assets": "page",
    "collections": "features",
    "conformance": "api",
    "openapi.json": "api",
    "locate": "locate",
    "responsible": "locate",
    "places": "places",
    "search": "search",
    "styles": "styles",
    "hotspots": "hotspots",
    "healthz": "health",
    "readyz": "health",
    "metrics": "health",
}

Headers = dict[bytes, bytes]


class Access:
    """Lets requests through to `app`, or answers them."""

    def __init__(self, app: ASGIApp, metrics: Metrics, *, token: str | None) -> None:
        self._app = app
        self._metrics = metrics
        self._token = token.encode() if token else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        began = perf_counter()
        status = 500
        number = b""

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", number)]
            await send(message)

        headers, repeated = _read_headers(scope)
        number = _number_of(headers)
        scope.setdefault("state", {})["request_id"] = number.decode()
        try:
            refusal = self._examine(scope, headers, repeated)
            if refusal is None:
                personal = self._token is not None and privacy.is_personal(scope["path"])
                answered = privacy.kept_private(watched) if personal else watched
                await self._app(scope, _limited(scope, receive), answered)
            else:
                await refusal(scope, receive, watched)
        finally:
            route = _ROUTES.get(scope["path"][1:60].partition("/")[0], "other")
            self._metrics.count(route, status, perf_counter() - began)

    def refuse_personal(self, scope: Scope) -> Response | None:
        """The refusal of a request, without the token, for what is somebody's."""
        if self._token is None or scope["method"] == "OPTIONS":
            return None
        if not privacy.is_personal(scope["path"]):
            return None
        headers, _ = _read_headers(scope)
        if self._knows_token(headers):
            return None
        return problems.render(
            NotAllowed(
                "This is read with the token of this server",
                hint="Send the value of GRIDMAP_TOKEN as Authorization: Bearer TOKEN;"
                " /public/incidents and /responsible need none.",
            )
        )

    def _examine(self, scope: Scope, headers: Headers, repeated: bytes | None) -> Response | None:
        """Find out who asks, and refuse what may not go on."""
        try:
            if repeated:
                raise _unusable(repeated.decode(), "given more than once")
            scope["state"]["actor"] = _actor_of(headers)
            length = headers.get(b"content-length", b"")
            if _is_limited(scope) and length.isdigit() and int(length[:20]) > MOST_BYTES:
                raise _too_large()
            trusted = self._token is None or self._knows_token(headers)
            scope["state"]["trusted"] = trusted
            asked = (scope["method"], scope["path"])
            if scope["method"] in _READING or asked in (_COMPUTING, _ASKING):
                return self.refuse_personal(scope)
            if asked not in _OPENING and not trusted:
                raise _without_token(headers)
            by_header = self._token is not None and b"authorization" in headers
            if not by_header and _comes_from_elsewhere(headers):
                return problems.problem(
                    403,
                    "A page of another site may not write here",
                    kind="CrossSiteWrite",
                    hint="Set GRIDMAP_TOKEN and send it as Authorization: Bearer TOKEN.",
                )
        except GridmapError as error:
            response = problems.render(error)
            if isinstance(error, TooLarge):
                response.headers["Connection"] = "close"  # nobody will read the body
            return response
        return None

    def _knows_token(self, headers: Headers) -> bool:
        """Say whether the token is in a header, or was shown by this browser."""
        expected = self._token or b""
        scheme, _, given = headers.get(b"authorization", b"").partition(b" ")
        # Compared in full, whatever comes: the time tells nothing about the token.
        if hmac.compare_digest(given.strip(), expected) and scheme.lower() == b"bearer":
            return True
        return b"cookie" in headers and privacy.has_session(headers[b"cookie"], expected.decode())


def _without_token(headers: Headers) -> NotAllowed:
    return NotAllowed(
        "The token is not the one of this server"
        if headers.get(b"authorization", b"").partition(b" ")[2]
        else "Writing needs the token of this server",
        hint="Send the value of GRIDMAP_TOKEN as Authorization: Bearer TOKEN.",
    )


def _read_headers(scope: Scope) -> tuple[Headers, bytes | None]:
    """The headers by name, and the first that may stand there once but stands there again."""
    headers: Headers = {}
    repeated = None
    for name, value in scope["headers"]:
        if name in headers and name in _ONCE and repeated is None:
            repeated = name
        headers[name] = value
    return headers, repeated


def _number_of(headers: Headers) -> bytes:
    given = headers.get(b"x-request-id", b"")
    return given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8).encode()


def _actor_of(headers: Headers) -> str:
    """The name in `X-Gridmap-Actor`: UTF-8, or percent-encoded as browsers must send Chinese."""
    value = headers.get(b"x-gridmap-actor")
    if value is None:
        return DEFAULT_ACTOR
    try:
        actor = unquote_to_bytes(value).decode("utf-8").strip()
    except UnicodeDecodeError:
        raise _unusable("X-Gridmap-Actor", "no UTF-8, plain or percent-encoded") from None
    if not actor.isprintable() or not 0 < len(actor) <= _LONGEST_ACTOR:
        raise _unusable("X-Gridmap-Actor", f"not 1 to {_LONGEST_ACTOR} printable characters")
    return actor


def _unusable(header: str, reason: str) -> GridmapError:
    return problems.InvalidQuery(
        f"The header {header} cannot be used: {reason}", faults=(Fault(reason, field=header),)
    )


def _comes_from_elsewhere(headers: Headers) -> bool:
    """Say whether a browser sends this for a page that is not gridmap's own (RFC 6454)."""
    origin = headers.get(b"origin")
    if origin is None:
        return headers.get(b"sec-fetch-site", b"none") == b"cross-site"
    try:
        host = urlsplit(origin.decode("ascii")).netloc
    except (UnicodeDecodeError, ValueError):
        return True
    return host.encode() != headers.get(b"host", b"")


def _is_limited(scope: Scope) -> bool:
    asked = (scope["method"], scope["path"])
    return asked not in {_COMPUTING, _UPLOADING}


def _too_large() -> TooLarge:
    return TooLarge(
        f"The body is larger than {MOST_BYTES / 1e6:g} MB",
        hint="Send it in parts, or use gridmap import.",
    )


def _limited(scope: Scope, receive: Receive) -> Receive:
    """Stop a body that does not say its length where it becomes too large."""
    if scope["method"] in _READING or not _is_limited(scope):
        return receive
    received = 0

    async def counted() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > MOST_BYTES:
            # The one exception that FastAPI lets pass while it reads a body.
            raise HTTPException(413, _too_large().message)
        return message

    return counted
