"""Shapefiles: their parts, what their headers claim, and the bytes of their texts.

A shapefile is at least four files. Their headers are compared with each other and with their sizes
before GDAL sees them. Texts come as bytes; which characters they are is said by the `.cpg`, by the
header of the `.dbf`, or by the user, and never guessed: a wrong guess is noticed years later.
"""

from __future__ import annotations

import codecs
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gridmap.errors import InvalidInput, UnreadableFile

_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
# Code pages of the dBASE header that name an encoding of Chinese, Japanese or Korean.
_BY_LANGUAGE_DRIVER = {
    0x4D: "gb18030", 0x4E: "cp949", 0x4F: "big5", 0x13: "cp932", 0x78: "big5", 0x7A: "gb18030",
    0x7B: "cp932",
}  # fmt: skip
_CODE_PAGES = {
    "936": "gb18030", "cp936": "gb18030", "gbk": "gb18030", "gb2312": "gb18030", "950": "big5",
    "65001": "utf-8", "utf8": "utf-8", "88591": "iso-8859-1", "1252": "cp1252",
    "ansi 1252": "cp1252",
}  # fmt: skip


@dataclass(frozen=True)
class Shapefile:
    """The parts of a shapefile, and the encoding of its texts where something names one."""

    shp: Path
    records: int
    crs_wkt: str | None
    encoding: str | None
    encoding_from: str


def gather(shp: Path, folder: Path, *, encoding: str | None) -> Shapefile:
    """Find the parts beside `shp`, check their headers, and link them into `folder`.

    Raises
    ------
    UnreadableFile
        A part is missing or says something else than the others.
    """
    parts = {
        item.suffix.casefold(): item
        for item in shp.parent.iterdir()
        if item.stem == shp.stem and item.suffix.casefold() in _PARTS
    }
    missing = [suffix for suffix in (".shx", ".dbf") if suffix not in parts]
    if missing:
        raise UnreadableFile(
            f"{shp.name} is only a part of a shapefile: {' and '.join(missing)} "
            f"{'is' if len(missing) == 1 else 'are'} missing",
            hint="Copy all files of the shapefile, or zip them together.",
        )
    linked = {}
    for suffix in (".shp", ".shx", ".dbf"):
        linked[suffix] = folder / f"source{suffix}"
        linked[suffix].symlink_to(parts[suffix].absolute())
    records, driver = _check_headers(linked)
    named, source = _named_encoding(encoding, parts.get(".cpg"), driver)
    prj = parts.get(".prj")
    wkt = prj.read_text(encoding="utf-8", errors="replace").strip() if prj else None
    return Shapefile(linked[".shp"], records, wkt or None, named, source)


def _check_headers(parts: dict[str, Path]) -> tuple[int, int]:
    """Give the number of records and the language driver of a shapefile that is what it says."""
    sizes = {suffix: path.stat().st_size for suffix, path in parts.items()}
    for suffix in (".shp", ".shx"):
        head = _head(parts[suffix], 100)
        claimed = struct.unpack_from(">i", head, 24)[0] * 2
        if head[:4] != b"\x00\x00\x27\x0a" or claimed > sizes[suffix]:
            raise UnreadableFile(
                f"The {suffix} is broken: it claims {claimed:,} bytes and has {sizes[suffix]:,}"
            )
    shapes = (sizes[".shx"] - 100) // 8
    index = np.fromfile(parts[".shx"], dtype=">i4", offset=100)[: shapes * 2].astype(np.int64)
    ends = 2 * (index[0::2] + index[1::2]) + 8
    if np.any(index < 0) or np.any(ends > sizes[".shp"]):
        raise UnreadableFile("The .shx is broken: it points behind the end of the .shp")
    head = _head(parts[".dbf"], 32)
    records, header, length = struct.unpack_from("<IHH", head, 4)
    if header < 33 or length < 1 or header + records * length > sizes[".dbf"]:
        raise UnreadableFile(
            f"The .dbf is broken: it claims {records:,} records of {length} bytes "
            f"and has {sizes['.dbf']:,} bytes"
        )
    if records != shapes:
        raise UnreadableFile(f"The .dbf has {records:,} records and the .shx {shapes:,} shapes")
    return records, head[29]


def _head(path: Path, length: int) -> bytes:
    with path.open("rb") as stream:
        head = stream.read(length)
    if len(head) < length:
        raise UnreadableFile(f"The {path.suffix} is broken: it ends inside its header")
    return head


def _named_encoding(given: str | None, cpg: Path | None, driver: int) -> tuple[str | None, str]:
    if given is not None:
        return known_encoding(given), "--encoding"
    if cpg is not None:
        text = cpg.read_text(encoding="ascii", errors="replace").strip()
        return known_encoding(text, source=".cpg"), ".cpg"
    if driver in _BY_LANGUAGE_DRIVER:
        return _BY_LANGUAGE_DRIVER[driver], "the header of the .dbf"
    return None, "nothing"


def known_encoding(name: str, *, source: str = "--encoding") -> str:
    """Python's name of an encoding.

    Raises
    ------
    InvalidInput
        There is no such encoding.
    """
    plain = name.strip().casefold()
    plain = _CODE_PAGES.get(plain, _CODE_PAGES.get(plain.replace("-", "").replace("_", ""), plain))
    plain = plain.removeprefix("oem ").removeprefix("ansi ")
    try:
        found = codecs.lookup(_CODE_PAGES.get(plain, plain)).name
    except LookupError as error:
        raise InvalidInput(
            f"The {source} names an encoding {name!r} that does not exist",
            hint="Say it with --encoding, for example UTF-8 or GBK.",
        ) from error
    if found in {"idna", "punycode", "rot13", "base64", "hex", "zlib", "bz2", "uu", "quopri"}:
        raise InvalidInput(f"{name!r} is no encoding of text")
    return found


def decode(
    columns: dict[str, NDArray[Any]], shapefile: Shapefile, *, first_row: int
) -> dict[str, NDArray[Any]]:
    """Turn texts that were read byte by byte (as ISO 8859-1) into characters.

    Raises
    ------
    UnreadableFile
        Bytes that are none of the named encoding, or not ASCII where none is named and they are
        no UTF-8 either.
    """
    encoding = shapefile.encoding or "utf-8"
    decoded = {}
    for name, values in columns.items():
        title = _decoded(name, encoding, shapefile, row=None, column=name)
        if values.dtype != object:
            decoded[title] = values
            continue
        texts = np.empty(len(values), dtype=object)
        for i, value in enumerate(values.tolist()):
            texts[i] = (
                value
                if not isinstance(value, str) or value.isascii()
                else _decoded(value, encoding, shapefile, row=first_row + i, column=title)
            )
        decoded[title] = texts
    return decoded


def _decoded(
    text: str, encoding: str, shapefile: Shapefile, *, row: int | None, column: str
) -> str:
    raw = text.encode("iso-8859-1")
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        # A text that fills its field may end in the middle of a character.
        if error.end == len(raw) and len(raw) >= 10 and error.reason in _CUT_SHORT:
            return raw[: error.start].decode(encoding)
        where = f"row {row}, column {column}" if row else f"the name of column {column!r}"
        said = (
            f"the {shapefile.encoding_from} says {shapefile.encoding}"
            if shapefile.encoding
            else "nothing says which encoding it is (no .cpg)"
        )
        raise UnreadableFile(
            f"The texts of the .dbf cannot be read: {said}, and {where} does not fit",
            hint="Name the encoding with --encoding; Chinese files are GBK or UTF-8.",
        ) from error


_CUT_SHORT = {"unexpected end of data", "incomplete multibyte sequence"}
