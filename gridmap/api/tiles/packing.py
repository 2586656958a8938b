"""Tiles as they are kept: each layer compressed once, for good.

The layers of a vector tile are concatenated, and so are their compressed forms: every layer is a
run of deflate blocks that ends on a byte and refers to nothing before it, so the runs of several
layers, one empty last block and the combined checksum make one gzip stream of one member. (Several
members one after another would be legal too, but browsers stop after the first.)
"""

from __future__ import annotations

import struct
from typing import NamedTuple

from isal import isal_zlib

_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # RFC 1952: deflate, no name, no time
_LAST = b"\x03\x00"  # an empty last block
_TRAILER = struct.Struct("<II")  # checksum and length of what was compressed
_HEAD, _TAIL = len(_HEADER), len(_LAST) + _TRAILER.size
# Of a kept layer beside its bytes: its key, this object, its place in the cache.
_OVERHEAD = 600


class Packed(NamedTuple):
    """One layer of one tile: a complete gzip file, and what is needed to join it to others.

    `version` names the state of the database that it shows; an empty layer has no bytes at all.
    """

    version: str
    gzip: bytes
    checksum: int
    length: int

    @property
    def cost(self) -> int:
        """Bytes of memory, about."""
        return len(self.gzip) + _OVERHEAD


def pack(version: str, mvt: bytes) -> Packed:
    """Compress one layer: level 1 of isal, a tenth of zlib's time for nearly its size."""
    if not mvt:
        return Packed(version, b"", 0, 0)
    engine = isal_zlib.compressobj(1, isal_zlib.DEFLATED, -isal_zlib.MAX_WBITS)
    blocks = engine.compress(mvt) + engine.flush(isal_zlib.Z_FULL_FLUSH)
    checksum = isal_zlib.crc32(mvt)
    trailer = _TRAILER.pack(checksum, len(mvt))
    return Packed(version, b"".join((_HEADER, blocks, _LAST, trailer)), checksum, len(mvt))


def join(layers: list[Packed]) -> bytes:
    """Make one gzip file of layers, without compressing anything again."""
    filled = [layer for layer in layers if layer.length]
    if len(filled) < 2:
        return filled[0].gzip if filled else b""
    checksum = length = 0
    parts = [_HEADER]
    for layer in filled:
        parts.append(layer.gzip[_HEAD:-_TAIL])
        checksum = isal_zlib.crc32_combine(checksum, layer.checksum, layer.length)
        length += layer.length
    parts += (_LAST, _TRAILER.pack(checksum, length & 0xFFFFFFFF))
    return b"".join(parts)


def unpack(layers: list[Packed]) -> bytes:
    """Make the plain bytes of layers, for the rare client that takes no gzip."""
    filled = (layer for layer in layers if layer.length)
    return b"".join(isal_zlib.decompress(layer.gzip, wbits=31) for layer in filled)
