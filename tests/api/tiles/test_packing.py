"""Layers compressed once and joined without being compressed again."""

from __future__ import annotations

import gzip
import zlib

from hypothesis import given
from hypothesis import strategies as st

from gridmap.api.tiles.packing import join, pack, unpack

layers = st.lists(st.binary(max_size=5000) | st.binary(max_size=40).map(lambda part: part * 999))


@given(layers)
def test_joined_layers_are_one_gzip_member_of_all_their_bytes(parts: list[bytes]) -> None:
    packed = [pack("1-a", part) for part in parts]
    whole = b"".join(parts)
    joined = join(packed)
    assert unpack(packed) == whole
    if not whole:
        assert joined == b""
        return
    reader = zlib.decompressobj(31)
    assert reader.decompress(joined) + reader.flush() == whole
    assert reader.eof
    assert reader.unused_data == b""


@given(st.binary(min_size=1))
def test_a_single_layer_is_sent_as_it_is_kept(mvt: bytes) -> None:
    packed = pack("1-a", mvt)
    assert join([packed]) is packed.gzip
    assert gzip.decompress(packed.gzip) == mvt


def test_what_compresses_well_is_small() -> None:
    packed = pack("1-a", b"grid" * 10_000)
    assert len(packed.gzip) < 1000
    assert packed.cost > len(packed.gzip)
