"""One shape for every error: RFC 9457 problem+json.

The body says what (`title`, `detail`), what to do (`hint`) and where (`faults`: row, field, place);
`type` names the class of the error, so that a client can tell them apart without reading sentences.

One rule for what a caller can mend: 400 for what is wrong with the request itself – its query, its
headers, a body that is no JSON – as OGC API – Features wants it (7.15, "any parameter … with an
invalid value"); 422 for a body that can be read and cannot be accepted.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gridmap import errors

_log = logging.getLogger(__name__)


class InvalidQuery(errors.InvalidInput):
    """A parameter of the query, the path or a header cannot be used."""


class UnreadableBody(errors.InvalidInput):
    """The body is not what its media type says."""


class SlowBody(errors.InvalidInput):
    """The body does not arrive."""


class UnsupportedMedia(errors.InvalidInput):
    """The body comes in a media type that this address does not take."""


STATUS: dict[type[errors.GridmapError], HTTPStatus] = {
    InvalidQuery: HTTPStatus.BAD_REQUEST,
    UnreadableBody: HTTPStatus.BAD_REQUEST,
    SlowBody: HTTPStatus.REQUEST_TIMEOUT,
    UnsupportedMedia: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    errors.InvalidInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.UnreadableFile: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.NotAllowed: HTTPStatus.UNAUTHORIZED,
    errors.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.EngineMissing: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.GridmapError: HTTPStatus.INTERNAL_SERVER_ERROR,
}


def problem(
    status: int,
    detail: str,
    *,
    kind: str | None = None,
    hint: str | None = None,
    faults: tuple[errors.Fault, ...] = (),
    headers: Mapping[str, str] | None = None,
    instance: str | None = None,
) -> Response:
    """Render one problem document."""
    phrase = HTTPStatus(status).phrase
    body: dict[str, Any] = {
        "type": f"urn:gridmap:problem:{kind or phrase.replace(' ', '')}",
        "title": phrase,
        "status": status,
        "detail": detail,
    }
    if hint:
        body["hint"] = hint
    if faults:
        body["faults"] = [fault.as_dict() for fault in faults]
    if instance:
        body["instance"] = instance
    return Response(
        # A sentence may quote what the caller sent; half a surrogate pair is no UTF-8.
        json.dumps(body, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace"),
        status_code=status,
        headers=dict(headers or {}),
        media_type="application/problem+json",
    )


def status_of(error: errors.GridmapError) -> int:
    """The status of an error: that of its nearest class in the table."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def render(error: errors.GridmapError) -> Response:
    """Render an error of the domain."""
    status = status_of(error)
    headers = {}
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = "5"
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return problem(
        status,
        error.message,
        kind=type(error).__name__,
        hint=error.hint,
        faults=error.faults,
        headers=headers,
    )


def render_unforeseen(scope: Scope, error: Exception) -> Response:
    """Render a defect of gridmap: the log gets the trace, the caller the number to ask about."""
    number = scope.get("state", {}).get("request_id") or uuid.uuid4().hex
    _log.error("request %s: %s %s", number, scope["method"], scope["path"], exc_info=error)
    return problem(
        500,
        "Something went wrong inside gridmap; the log of the server has the details",
        kind="InternalError",
        instance=f"urn:gridmap:request:{number}",
    )


class LastResort:
    """The innermost middleware: no exception passes it as long as there is somebody to answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever happens."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except ClientDisconnect:
            return
        except Exception as error:
            if started:
                raise
            await render_unforeseen(scope, error)(scope, receive, send)


def install(app: FastAPI) -> None:
    """Give every error of the application the one shape."""
    app.add_middleware(LastResort)

    @app.exception_handler(errors.GridmapError)
    async def of_domain(_request: Request, error: errors.GridmapError) -> Response:
        return render(error)

    @app.exception_handler(RequestValidationError)
    async def of_validation(_request: Request, error: RequestValidationError) -> Response:
        return render(_as_domain_error(error))

    @app.exception_handler(HTTPException)
    async def of_http(request: Request, error: HTTPException) -> Response:
        path = request.url.path[:200]
        said = {
            404: f"There is nothing at {path}",
            405: f"{request.method} is not possible at {path}",
        }.get(error.status_code, str(error.detail))
        return problem(error.status_code, said, headers=error.headers)

    @app.exception_handler(Exception)
    async def of_middleware(request: Request, error: Exception) -> Response:
        return render_unforeseen(request.scope, error)


def _as_domain_error(error: RequestValidationError) -> errors.InvalidInput:
    """Turn what FastAPI finds in a declared parameter or body into one of ours."""
    found = error.errors()
    faults = tuple(
        errors.Fault(
            str(item["msg"]), field=".".join(str(step) for step in item["loc"][1:]) or None
        )
        for item in found
    )
    listed = "; ".join(
        f"{fault.field}: {fault.reason}" if fault.field else fault.reason for fault in faults
    )
    said = f"The request cannot be used: {listed}"
    if any(item["type"] == "json_invalid" for item in found):
        return UnreadableBody(said, faults=faults)
    if all(item["loc"][0] == "body" for item in found):
        return errors.InvalidInput(said, faults=faults)
    return InvalidQuery(said, faults=faults)
