"""Pictures of few colours as PNG, without a library: a palette, and rows of numbers into it."""

from __future__ import annotations

import struct
import zlib

import numpy as np
from numpy.typing import NDArray


def make_png(
    numbers: NDArray[np.uint8], colours: list[str], opacities: list[int] | None = None
) -> bytes:
    """Write a paletted PNG (ISO/IEC 15948, colour type 3).

    Parameters
    ----------
    numbers
        Number of each pixel's colour, shape (rows, columns), the northernmost row first.
    colours
        `#rrggbb` each, at most 256.
    opacities
        0 to 255 each; all 255 by default.
    """
    rows, columns = numbers.shape
    palette = b"".join(bytes.fromhex(colour.removeprefix("#")) for colour in colours)
    # Each row begins with the number of its filter: none.
    raw = np.zeros((rows, columns + 1), np.uint8)
    raw[:, 1:] = numbers
    parts = [
        _chunk(b"IHDR", struct.pack(">IIBBBBB", columns, rows, 8, 3, 0, 0, 0)),
        _chunk(b"PLTE", palette),
    ]
    if opacities is not None:
        parts.append(_chunk(b"tRNS", bytes(opacities)))
    parts += [_chunk(b"IDAT", zlib.compress(raw.tobytes(), 6)), _chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
