"""Equal questions share one piece of work, and nobody waits for ever."""

from __future__ import annotations

import asyncio

import pytest

from gridmap.api.tiles.flights import Flights
from gridmap.errors import Unavailable


def test_equal_questions_are_answered_by_one_piece_of_work() -> None:
    async def story() -> None:
        flights: Flights[int] = Flights(5)
        done: list[str] = []

        async def work(name: str) -> int:
            await asyncio.sleep(0)
            done.append(name)
            return len(done)

        names = ["a", "b", "a", "a", "b"]
        found = await asyncio.gather(
            *(flights.join(name, lambda name=name: work(name)) for name in names)
        )
        assert found == [1, 2, 1, 1, 2]
        assert done == ["a", "b"]
        assert flights.shared == 3
        assert await flights.join("a", lambda: work("a")) == 3

    asyncio.run(story())


def test_an_error_is_for_all_who_wait_and_not_for_the_next() -> None:
    async def story() -> None:
        flights: Flights[int] = Flights(5)

        async def fail() -> int:
            await asyncio.sleep(0)
            raise Unavailable("away")

        async def work() -> int:
            return 1

        asked = [flights.join("a", fail) for _ in range(3)]
        found = await asyncio.gather(*asked, return_exceptions=True)
        assert [str(error) for error in found] == ["away"] * 3
        assert await flights.join("a", work) == 1

    asyncio.run(story())


def test_patience_ends_and_the_work_goes_on() -> None:
    async def story() -> None:
        flights: Flights[int] = Flights(0.05)
        may_end, ended = asyncio.Event(), asyncio.Event()

        async def work() -> int:
            await may_end.wait()
            ended.set()
            return 1

        with pytest.raises(Unavailable, match=r"0\.05 s"):
            await flights.join("a", work)
        # While it is still under way nobody starts it again.
        with pytest.raises(Unavailable):
            await flights.join("a", work)
        may_end.set()
        await ended.wait()

    asyncio.run(story())


def test_one_who_leaves_does_not_take_the_work_along() -> None:
    async def story() -> None:
        flights: Flights[int] = Flights(5)
        may_end = asyncio.Event()

        async def work() -> int:
            await may_end.wait()
            return 1

        first = asyncio.create_task(flights.join("a", work))
        second = asyncio.create_task(flights.join("a", work))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.sleep(0)
        may_end.set()
        assert await second == 1
        assert first.cancelled() or await asyncio.gather(first, return_exceptions=True)

    asyncio.run(story())


def test_what_is_under_way_can_be_stopped() -> None:
    async def story() -> None:
        flights: Flights[int] = Flights(5)

        async def work() -> int:
            await asyncio.Event().wait()
            return 1

        waiting = asyncio.create_task(flights.join("a", work))
        await asyncio.sleep(0)
        await flights.close()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(story())
