"""What a handler takes from its request."""

from __future__ import annotations

import asyncio
import http.client
import json
from urllib.parse import urlsplit

import pytest

from gridmap.api import deps
from gridmap.errors import Unavailable


def test_a_body_that_does_not_arrive_is_408(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deps, "_MOST_BODY_S", 0.2)
    parts = urlsplit(server)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    connection.putrequest("POST", "/locate")
    connection.putheader("Content-Type", "text/csv")
    connection.putheader("Content-Length", "100")
    connection.endheaders(b"lon,lat\n")  # and then nothing
    response = connection.getresponse()
    assert response.status == 408
    assert json.loads(response.read())["type"].endswith(":SlowBody")
    connection.close()


def test_two_compute_some_wait_and_more_are_sent_away() -> None:
    async def crowd() -> tuple[int, int]:
        batches = deps.Batches(at_once=2, waiting=3)
        computing = most = refused = 0
        enough = asyncio.Event()

        async def one() -> None:
            nonlocal computing, most, refused
            try:
                with batches.admitted() as turn:
                    async with turn:
                        computing += 1
                        most = max(most, computing)
                        await enough.wait()
                        computing -= 1
            except Unavailable:
                refused += 1
                enough.set()

        await asyncio.gather(*(one() for _ in range(8)))
        with batches.admitted():
            pass  # everybody has left
        return most, refused

    assert asyncio.run(crowd()) == (2, 3)


@pytest.mark.parametrize("text", ["1", "+1", "-1", "007", str(2**63 - 1), str(-(2**63))])
def test_whole_numbers_of_64_bits_are_read(text: str) -> None:
    assert deps.parse_integer(text) == int(text)


@pytest.mark.parametrize(
    "text", ["", "1.0", "1e3", " 1", "0x10", "1_000", "１", str(2**63), str(-(2**63) - 1), "1" * 50]
)
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="whole number"):
        deps.parse_integer(text)


@pytest.mark.parametrize("text", ["0", "-0.0", "1.", ".5", "1e-3", "+1E+2", "1" * 300])
def test_finite_numbers_are_read(text: str) -> None:
    assert deps.parse_number(text) == float(text)


@pytest.mark.parametrize(
    "text", ["", "nan", "inf", "-Infinity", "1e999", "1,5", "１", "0x1p3", "--1"]
)
def test_what_is_no_finite_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="number"):
        deps.parse_number(text)
