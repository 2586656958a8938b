"""The room for tiles is bounded by bytes, and what is used stays longest."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gridmap.api.tiles.cache import Cache
from gridmap.api.tiles.packing import Packed


def of_size(size: int, version: str = "1-a") -> Packed:
    return Packed(version, bytes(size), 0, size)


def test_the_longest_unused_goes_first() -> None:
    one = of_size(1000)
    cache = Cache(3 * one.cost)
    for name in "abc":
        cache.keep((name, ""), one)
    assert cache.find(("a", "")) is one
    cache.keep(("d", ""), one)
    assert cache.find(("b", "")) is None
    assert [cache.find((name, "")) is one for name in "acd"] == [True, True, True]
    assert cache.evicted == 1


def test_a_newer_version_takes_the_place_of_the_older() -> None:
    cache = Cache(10_000)
    cache.keep(("a", ""), of_size(1000, "1-a"))
    cache.keep(("a", ""), of_size(500, "2-a"))
    found = cache.find(("a", ""))
    assert found
    assert found.version == "2-a"
    assert cache.size_bytes == found.cost
    assert len(cache) == 1


def test_what_is_larger_than_all_the_room_is_not_kept() -> None:
    cache = Cache(5000)
    cache.keep(("a", ""), of_size(100))
    cache.keep(("b", ""), of_size(10_000))
    assert cache.find(("b", "")) is None
    assert cache.find(("a", "")) is not None
    assert len(Cache(0)) == 0


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 3000))))
def test_the_bound_holds_whatever_is_kept(stored: list[tuple[int, int]]) -> None:
    cache = Cache(8000)
    for name, size in stored:
        cache.keep((str(name), ""), of_size(size))
        assert cache.size_bytes <= 8000
    kept = [cache.find((str(name), "")) for name in range(21)]
    assert cache.size_bytes == sum(item.cost for item in kept if item)
    assert len(cache) == sum(item is not None for item in kept)
