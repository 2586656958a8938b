"""`/session`: a browser shows the token once, because pictures and links can send no header."""

from __future__ import annotations

import hmac
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from gridmap.api.privacy import SESSION, session_of
from gridmap.errors import NotAllowed, NotFound

router = APIRouter(tags=["Access"])


class Shown(BaseModel):
    """The token of the server."""

    model_config = ConfigDict(extra="forbid")

    token: Annotated[str, Field(min_length=1, max_length=1_000)]


@router.post("/session", status_code=204, response_class=Response)
def open_session(request: Request, shown: Shown) -> Response:
    """Let this browser read and write as with the token, until it is closed."""
    token: str | None = request.app.state.settings.token
    if token is None:
        raise NotFound("This server asks for no token", hint="Everything can be read without one.")
    if not hmac.compare_digest(shown.token.encode(), token.encode()):
        raise NotAllowed(
            "The token is not the one of this server",
            hint="It is the value of GRIDMAP_TOKEN where the server was started.",
        )
    answer = Response(status_code=204)
    answer.set_cookie(
        SESSION,
        session_of(token),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return answer


@router.delete("/session", status_code=204, response_class=Response)
def close_session() -> Response:
    """Forget the token in this browser."""
    answer = Response(status_code=204)
    answer.delete_cookie(SESSION, httponly=True, samesite="strict")
    return answer
