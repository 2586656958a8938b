"""What a handler takes from its request: connections, parameters, the base of its links, a body."""

from __future__ import annotations

import asyncio
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any, NoReturn, TypeVar
from urllib.parse import parse_qsl

from starlette.requests import Request

from gridmap import errors
from gridmap.api.memory import Memory
from gridmap.api.problems import InvalidQuery, SlowBody, UnreadableBody, UnsupportedMedia
from gridmap.store.database import Engine
from gridmap.store.features import Pool

T = TypeVar("T")

# A name or an address, with a port or without; what stands in a link of an answer comes from here.
_HOST = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252})|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?", re.ASCII
)
_MOST_BODY_S = 120
_INTEGER = re.compile(r"[+-]?\d{1,19}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def get_pool(request: Request) -> Pool:
    """The asynchronous pool of the application."""
    pool: Pool = request.app.state.pool
    return pool


def get_memory(request: Request) -> Memory:
    """What the process remembers of earlier answers."""
    memory: Memory = request.app.state.memory
    return memory


class Batches:
    """Heavy requests: two are computed at a time, some wait, and more are sent away at once.

    Who waits holds a body of many megabytes; without an end to the queue, memory is the end.
    """

    def __init__(self, *, at_once: int = 2, waiting: int = 6) -> None:
        self._turns = asyncio.Semaphore(at_once)
        self._most = at_once + waiting
        self._admitted = 0

    @contextmanager
    def admitted(self) -> Iterator[asyncio.Semaphore]:
        """Be one of those who compute or wait; the turn to compute is then waited for.

        Raises
        ------
        Unavailable
            Too many are there already.
        """
        if self._admitted >= self._most:
            raise errors.Unavailable(
                "Too many files are being read at this moment", hint="Try again in some seconds."
            )
        self._admitted += 1
        try:
            yield self._turns
        finally:
            self._admitted -= 1


def get_batches(request: Request) -> Batches:
    """The queue of heavy requests."""
    batches: Batches = request.app.state.batches
    return batches


def get_engine(request: Request) -> Engine:
    """The engine of the application, for services."""
    engine: Engine = request.app.state.engine
    return engine


def base_url(request: Request) -> str:
    """The address of the landing page without a slash at its end, as this client reached it.

    Scheme and root path are the server's own; only `Host` is the client's, and only in the form of
    a host. `X-Forwarded-…` counts where the server in front is trusted to set it, not here.

    Raises
    ------
    InvalidQuery
        `Host` is no host.
    """
    host = request.headers.get("host")
    if host is None:
        name, port = request.scope.get("server") or ("localhost", None)
        host = f"{name}:{port}" if port else str(name)
    if not _HOST.fullmatch(host):
        raise InvalidQuery(
            "The Host header is no name or address of a host",
            faults=(errors.Fault("not a host, with or without a port", field="Host"),),
        )
    return f"{request.scope['scheme']}://{host}{request.scope.get('root_path', '').rstrip('/')}"


class Parameters:
    """The query of a request: each parameter is taken once, and what nobody takes is refused.

    Faults are collected, and `finish` raises them together, so that a caller mends all at once.
    """

    def __init__(self, request: Request) -> None:
        self._values: dict[str, str] = {}
        self._faults: list[errors.Fault] = []
        self._known: list[str] = []
        try:
            pairs = parse_qsl(
                request.scope["query_string"].decode("ascii"),
                keep_blank_values=True,
                errors="strict",
                max_num_fields=100,
            )
        except ValueError as error:
            raise InvalidQuery(
                "The query cannot be read: it is no percent-encoded UTF-8, or has over 100 parts"
            ) from error
        for name, value in pairs:
            if name in self._values:
                self.refuse(name, "given more than once")
            elif "\0" in value:
                self.refuse(name, "has a NUL character")
            self._values[name] = value

    def refuse(self, name: str, reason: str) -> None:
        """Note a fault of a parameter."""
        self._faults.append(errors.Fault(reason, field=name[:100]))

    def take(self, name: str, parse: Callable[[str], T], default: T) -> T:
        """Take a parameter; `parse` raises ValueError with the reason why it cannot be used."""
        self._known.append(name)
        value = self._values.pop(name, None)
        if value is None:
            return default
        try:
            return parse(value)
        except ValueError as error:
            self.refuse(name, str(error))
            return default

    def text(self, name: str, *, most: int = 200) -> str | None:
        """Take a text of at most so many characters."""

        def parse(value: str) -> str | None:
            if len(value) > most:
                raise ValueError(f"longer than {most} characters")
            return value

        return self.take(name, parse, None)

    def required_text(self, name: str, *, most: int) -> str:
        """Take a text that must be there and say something."""
        text = self.text(name, most=most)
        if not (text or "").strip() and not any(fault.field == name for fault in self._faults):
            self.refuse(name, "missing or blank")
        return text or ""

    def choice(self, name: str, choices: Iterable[str], default: str) -> str:
        """Take one of several words."""

        def parse(value: str) -> str:
            if value not in choices:
                raise ValueError(f"choose one of {', '.join(choices)}")
            return value

        return self.take(name, parse, default)

    def integer(self, name: str, *, low: int, high: int, default: int) -> int:
        """Take a whole number from `low` to `high`, both allowed."""

        def parse(value: str) -> int:
            number = parse_integer(value)
            if not low <= number <= high:
                raise ValueError(f"not from {low} to {high}")
            return number

        return self.take(name, parse, default)

    def required_number(self, name: str, *, low: float, high: float) -> float:
        """Take a number from `low` to `high` that must be there."""

        def parse(value: str) -> float:
            number = parse_number(value)
            if not low <= number <= high:
                raise ValueError(f"not from {low:g} to {high:g}")
            return number

        if name not in self._values:
            self.refuse(name, "missing")
        return self.take(name, parse, math.nan)

    def finish(self) -> None:
        """Refuse what is left.

        Raises
        ------
        InvalidQuery
            A parameter is unknown or cannot be used; the faults name each.
        """
        unknown = [name for name in self._values if name not in self._known]
        for name in unknown:
            self.refuse(name, "not a parameter here")
        if self._faults:
            listed = "; ".join(f"{fault.field}: {fault.reason}" for fault in self._faults)
            known = ", ".join(dict.fromkeys(self._known)) or "none"
            raise InvalidQuery(
                f"The query cannot be used: {listed}",
                hint=f"Parameters: {known}." if unknown else None,
                faults=tuple(self._faults),
            )


def parse_integer(value: str) -> int:
    """Read a whole number of 64 bits; ValueError says what is wrong."""
    if not _INTEGER.fullmatch(value) or not -(2**63) <= int(value) < 2**63:
        raise ValueError("not a whole number of at most 64 bits")
    return int(value)


def parse_number(value: str) -> float:
    """Read a finite decimal number; ValueError says what is wrong."""
    if not _NUMBER.fullmatch(value):
        raise ValueError("not a number")
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("not a finite number")
    return number


def parse_instant(value: str) -> datetime:
    """Read a date-time of RFC 3339, zone included; ValueError says what is wrong."""
    if len(value) < len("2026-01-01T00:00Z") or value[10] not in "Tt ":
        raise ValueError("not a date-time such as 2026-10-31T08:00:00Z")
    try:
        # A plus sign that nobody encoded arrives as a space.
        instant = datetime.fromisoformat(f"{value[:10]}T{value[11:].replace(' ', '+')}".upper())
        if instant.tzinfo is not None:
            return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("not a date-time such as 2026-10-31T08:00:00Z") from None
    raise ValueError("has no time zone, such as the Z at the end of 2026-10-31T08:00:00Z")


def parse_day(value: str) -> date:
    """Read a day such as 2026-10-31, or the day that a date-time is written with."""
    try:
        if _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        raise ValueError("no day of the calendar") from None
    parse_instant(value)
    return date.fromisoformat(value[:10])


async def read_body(request: Request, *, most_bytes: int) -> bytes:
    """Read a body without ever holding more than `most_bytes`.

    Raises
    ------
    TooLarge
        It is longer, by its own account or in fact.
    SlowBody
        It takes more than two minutes to arrive.
    UnsupportedMedia
        It is compressed.
    """
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise UnsupportedMedia("A compressed body is not taken", hint="Send it as it is.")
    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told[:20]) > most_bytes:
        _too_large(most_bytes)
    parts: list[bytes] = []
    length = 0
    try:
        async with asyncio.timeout(_MOST_BODY_S):
            async for part in request.stream():
                length += len(part)
                if length > most_bytes:
                    _too_large(most_bytes)
                parts.append(part)
    except TimeoutError:
        raise SlowBody(f"The body has not arrived within {_MOST_BODY_S} s") from None
    return b"".join(parts)


def _too_large(most_bytes: int) -> NoReturn:
    raise errors.TooLarge(
        f"The body is larger than {most_bytes / 1e6:g} MB", hint="Send it in parts."
    )


def parse_json(body: bytes) -> Any:
    """Read JSON strictly: what RFC 8259 leaves open is refused, not guessed.

    Raises
    ------
    UnreadableBody
        No UTF-8, no JSON, a name twice in one object, NaN or Infinity, a number beyond the double,
        an integer of thousands of digits, half a surrogate pair, or too deep.
    """
    try:
        parsed = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_float=_float,
        )
        if _SURROGATE.search(body):
            json.dumps(parsed, ensure_ascii=False).encode("utf-8")
    except RecursionError:
        raise UnreadableBody("The body is no acceptable JSON: nested too deeply") from None
    except UnicodeDecodeError as error:
        raise UnreadableBody(
            f"The body is no UTF-8: byte {error.start} cannot be read",
            hint="JSON is written in UTF-8.",
        ) from None
    except UnicodeEncodeError:
        raise UnreadableBody(
            "The body is no acceptable JSON: half a surrogate pair, which is no character"
        ) from None
    except ValueError as error:
        raise UnreadableBody(f"The body is no acceptable JSON: {error}") from None
    return parsed


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name stands twice in one object")
    return made


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _float(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError("a number is too large for a double")
    return number
