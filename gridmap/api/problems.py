"""One shape for every error: RFC 9457 problem+json.

The body says what (`title`, `detail`), what to do (`hint`) and where (`faults`: row, field, place);
`type` names the class of the error, so that a client can tell them apart without reading sentences.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from gridmap import errors

STATUS: dict[type[errors.GridmapError], HTTPStatus] = {
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
    return Response(
        json.dumps(body, ensure_ascii=False, allow_nan=False).encode(),
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


def install(app: FastAPI) -> None:
    """Give every error of the application the one shape."""

    @app.exception_handler(errors.GridmapError)
    def of_domain(_request: Request, error: errors.GridmapError) -> Response:
        return render(error)

    @app.exception_handler(RequestValidationError)
    def of_validation(_request: Request, error: RequestValidationError) -> Response:
        faults = tuple(
            errors.Fault(
                str(item["msg"]), field=".".join(str(step) for step in item["loc"][1:]) or None
            )
            for item in error.errors()
        )
        listed = "; ".join(f"{fault.field}: {fault.reason}" for fault in faults)
        return problem(
            422, f"The request cannot be read: {listed}", kind="InvalidInput", faults=faults
        )

    @app.exception_handler(HTTPException)
    def of_http(_request: Request, error: HTTPException) -> Response:
        return problem(error.status_code, str(error.detail), headers=error.headers)
