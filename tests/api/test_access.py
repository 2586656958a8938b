"""Who asks and what everybody may: token, actor, limits of a request."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest

from gridmap.api.access import MOST_BYTES, Access
from gridmap.api.metrics import Metrics

Answer = tuple[int, dict[str, str], bytes]
TOKEN = "s3cret-token"


class Inside:
    """The application behind: notes what it is given, reads the body, and answers."""

    def __init__(self) -> None:
        self.state: dict[str, Any] = {}
        self.read = 0
        self.asked = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked = True
        self.state = scope["state"]
        more = True
        while more:
            message = await receive()
            self.read += len(message.get("body", b""))
            more = message.get("more_body", False)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"in"})


@pytest.fixture
def inside() -> Inside:
    return Inside()


def ask(
    inside: Inside,
    method: str = "GET",
    path: str = "/collections",
    *headers: tuple[str, str | bytes],
    token: str | None = None,
    body: Iterable[bytes] = (),
) -> Answer:
    sent: list[Any] = []
    chunks = list(body)

    async def receive() -> dict[str, Any]:
        chunk = chunks.pop(0) if chunks else b""
        return {"type": "http.request", "body": chunk, "more_body": bool(chunks)}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "headers": [
            (name.encode(), value if isinstance(value, bytes) else value.encode())
            for name, value in headers
        ],
    }
    asyncio.run(Access(inside, Metrics(), token=token)(scope, receive, send))
    start, content = sent[0], b"".join(item.get("body", b"") for item in sent[1:])
    return (
        start["status"],
        {name.decode(): value.decode() for name, value in start["headers"]},
        content,
    )


# --- The token ------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"])
@pytest.mark.parametrize(
    "given",
    [None, "", "Bearer", "Bearer ", "Bearer wrong", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}",
     f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN} {TOKEN}", "Bearer \u00e9"],
)  # fmt: skip
def test_writing_without_the_token_is_refused(
    inside: Inside, method: str, given: str | None
) -> None:
    headers = [] if given is None else [("authorization", given)]
    status, answer, body = ask(inside, method, "/plans", *headers, token=TOKEN)
    assert status == 401
    assert answer["www-authenticate"] == "Bearer"
    assert answer["content-type"] == "application/problem+json"
    assert b"GRIDMAP_TOKEN" in body
    assert TOKEN.encode() not in body
    assert not inside.asked


@pytest.mark.parametrize("given", [f"Bearer {TOKEN}", f"bearer {TOKEN}", f"Bearer  {TOKEN} "])
def test_writing_with_the_token_is_let_in(inside: Inside, given: str) -> None:
    assert ask(inside, "POST", "/plans", ("authorization", given), token=TOKEN)[0] == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/plans"), ("HEAD", "/plans"), ("OPTIONS", "/plans"), ("POST", "/locate")],
)
def test_reading_needs_no_token(inside: Inside, method: str, path: str) -> None:
    assert ask(inside, method, path, token=TOKEN)[0] == 200


@pytest.mark.parametrize("path", ["/locate/", "/locate/x", "/Locate", "//locate", "/plans/locate"])
def test_only_locate_itself_computes_without_a_token(inside: Inside, path: str) -> None:
    assert ask(inside, "POST", path, token=TOKEN)[0] == 401
    assert ask(inside, "DELETE", "/locate", token=TOKEN)[0] == 401


@pytest.mark.parametrize(
    "header",
    [("origin", "https://evil.example"), ("origin", "null"), ("origin", "http://[::1"),
     ("origin", "http://127.0.0.1:8081"), ("origin", b"http://\xff"),
     ("sec-fetch-site", "cross-site")],
)  # fmt: skip
def test_pages_of_other_sites_may_not_write_without_a_token(
    inside: Inside, header: tuple[str, str | bytes]
) -> None:
    status, _, body = ask(inside, "POST", "/plans", ("host", "127.0.0.1:8080"), header)
    assert status == 403
    assert b"CrossSiteWrite" in body
    assert not inside.asked
    assert ask(inside, "GET", "/plans", ("host", "127.0.0.1:8080"), header)[0] == 200


@pytest.mark.parametrize(
    "headers",
    [
        [("host", "127.0.0.1:8080"), ("origin", "http://127.0.0.1:8080")],
        [("host", "127.0.0.1:8080"), ("sec-fetch-site", "same-origin")],
        [("host", "127.0.0.1:8080")],
    ],
)
def test_the_page_itself_and_programs_may(inside: Inside, headers: list[tuple[str, str]]) -> None:
    assert ask(inside, "POST", "/plans", *headers)[0] == 200


# --- Actor and number -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "actor"),
    [(None, "local"), ("li.si", "li.si"), ("  王芳 ", "王芳"), ("%E7%8E%8B%E8%8A%B3", "王芳"),
     ("a" * 100, "a" * 100), ("Zoë O'Neil-Smith", "Zoë O'Neil-Smith")],
)  # fmt: skip
def test_every_request_has_an_actor(inside: Inside, given: str | None, actor: str) -> None:
    headers = [] if given is None else [("x-gridmap-actor", given)]
    assert ask(inside, "POST", "/plans", *headers)[0] == 200
    assert inside.state["actor"] == actor


@pytest.mark.parametrize(
    "given",
    ["", "   ", "a" * 101, "a%00b", "a%0Ab", "%1b[31m", "%ff", b"\xff\xfe", "\u202etxt.exe", "\u200b"],
)  # fmt: skip
def test_an_actor_that_cannot_be_shown_is_refused(inside: Inside, given: str | bytes) -> None:
    status, _, body = ask(inside, "GET", "/", ("x-gridmap-actor", given))
    assert status == 400
    assert b"X-Gridmap-Actor" in body
    assert not inside.asked


@pytest.mark.parametrize("name", ["host", "authorization", "x-gridmap-actor", "content-length"])
def test_headers_that_stand_once_are_refused_when_they_stand_twice(
    inside: Inside, name: str
) -> None:
    status, _, body = ask(inside, "GET", "/", (name, "1"), (name, "2"))
    assert status == 400
    assert name.encode() in body


def test_every_answer_has_the_number_of_its_request(inside: Inside) -> None:
    _, first, _ = ask(inside)
    assert inside.state["request_id"] == first["x-request-id"]
    assert first["x-request-id"] != ask(inside)[1]["x-request-id"]
    assert ask(inside, "GET", "/", ("x-request-id", "from-a-proxy.1"))[1]["x-request-id"] == (
        "from-a-proxy.1"
    )
    refused = ask(inside, "POST", "/", token=TOKEN)[1]
    assert refused["x-request-id"]


@pytest.mark.parametrize("given", ["a\r\nb", "x" * 65, "", "<b>", "王", "a b"])
def test_a_number_that_could_do_harm_in_a_log_is_replaced(inside: Inside, given: str) -> None:
    number = ask(inside, "GET", "/", ("x-request-id", given))[1]["x-request-id"]
    assert number != given
    assert number.isalnum()


# --- The body -------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [MOST_BYTES + 1, 10**30])
def test_a_body_that_says_it_is_too_large_is_not_read(inside: Inside, length: int) -> None:
    status, headers, body = ask(inside, "POST", "/plans", ("content-length", str(length)))
    assert status == 413
    assert headers["connection"] == "close"
    assert b"10 MB" in body
    assert not inside.asked


def test_a_body_of_the_largest_size_is_read(inside: Inside) -> None:
    chunks = [b"x" * 1_000_000] * 10
    assert ask(inside, "POST", "/plans", body=chunks)[0] == 200
    assert inside.read == MOST_BYTES


def test_locate_has_a_limit_of_its_own(inside: Inside) -> None:
    chunks = [b"x" * 1_000_000] * 12
    sent = ("content-length", str(12_000_000))
    assert ask(inside, "POST", "/locate", sent, body=chunks)[0] == 200
    assert inside.read == 12_000_000
