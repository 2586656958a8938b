"""An answer as one page of PDF: the map in vectors, its legend, the first places, how it was made.

Written by hand (ISO 32000-1): a page of shapes and lines needs no library. Chinese is set in
STSong, which is not embedded: readers have it, or take another Chinese font (poppler needs
poppler-data for that).
"""

from __future__ import annotations

import zlib
from itertools import groupby
from typing import Any

import numpy as np
import shapely

from gridmap.services.hotspots.answer import Answer
from gridmap.services.hotspots.names import METHOD_NAMES

_WIDTH, _HEIGHT = 842.0, 595.0  # A4, landscape, in points
_MAP = (36.0, 60.0, 520.0, 470.0)  # left, bottom, width, height
_ASIDE = 575.0
_MOST_LISTED = 12
_LINE = 13.0
_WIDE = 38.0  # columns of latin letters beside the map, at 9 points


def write_pdf(answer: Answer, language: str) -> bytes:
    """One A4 page, landscape, in `zh` or `en`."""
    document = answer.document
    page = [*_draw_map(answer), *_write_head(answer, language), *_write_aside(document, language)]
    stream = zlib.compress("\n".join(page).encode("ascii"))
    return _assemble(stream)


def _draw_map(answer: Answer) -> list[str]:
    finding, area = answer.finding, answer.case.area
    west, south, east, north = area.bounds
    left, bottom, width, height = _MAP
    scale = min(width / (east - west), height / (north - south))

    def place(xy: Any) -> Any:
        return np.column_stack(
            ((xy[:, 0] - west) * scale + left, (xy[:, 1] - south) * scale + bottom)
        )

    colours = {entry.kind: entry.colour for entry in finding.legend}
    drawn = ["0.3 w 0.55 G"]
    chosen = np.arange(len(finding.ids)) if finding.shown is None else np.flatnonzero(finding.shown)
    for number in chosen:
        colour = colours.get(int(finding.kinds[number]), "#eeeeee")
        drawn += _draw(shapely.transform(finding.shapes[number], place), colour)
    drawn += ["0.9 w 0.2 G", *_outline(shapely.transform(area, place))]
    for rank, spot in enumerate(finding.spots[:_MOST_LISTED], 1):
        x, y = place(np.array([spot.centre]))[0]
        drawn.append(f"1 g {x - 7:.1f} {y - 5:.1f} 14 11 re f 0 g")
        drawn.append(_text(x - 5, y - 3, 8, str(rank)))
    metres = 10.0 ** np.floor(np.log10((east - west) / 3))
    drawn.append(f"1 w 0 G {left:.1f} 46 m {left + metres * scale:.1f} 46 l S")
    drawn.append(_text(left + metres * scale + 5, 43, 8, f"{metres:,.0f} m"))
    return drawn


def _draw(shape: Any, colour: str) -> list[str]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    paint = f"{red:.3f} {green:.3f} {blue:.3f}"
    made = []
    for part in shapely.get_parts(shape):
        if part.geom_type == "Point":
            made.append(f"{paint} rg {part.x - 1.5:.1f} {part.y - 1.5:.1f} 3 3 re f")
        elif part.geom_type == "LineString":
            made.append(f"{paint} RG 2 w {_path(part.coords)} S 0.3 w 0.55 G")
        elif part.geom_type == "Polygon":
            rings = [part.exterior, *part.interiors]
            paths = " ".join(f"{_path(ring.coords)} h" for ring in rings)
            made.append(f"{paint} rg {paths} B*")
    return made


def _outline(shape: Any) -> list[str]:
    return [f"{_path(part.exterior.coords)} h S" for part in shapely.get_parts(shape)]


def _path(coordinates: Any) -> str:
    return " ".join(
        f"{x:.2f} {y:.2f} {'l' if number else 'm'}" for number, (x, y, *_) in enumerate(coordinates)
    )


def _write_head(answer: Answer, language: str) -> list[str]:
    document = answer.document
    question = document["question"]
    place = getattr(answer.case.name, language)
    method = getattr(METHOD_NAMES[answer.question.method], language)
    title = "热点分析" if language == "zh" else "Hotspots"
    everything = "全部类别" if language == "zh" else "all categories"
    window = f"{question['begins'][:10]} – {question['ends'][:10]}"
    kinds = ", ".join(question["categories"]) or everything
    return [
        "0 g",
        _text(36, 565, 16, f"{title} · {place} · {method}"),
        _text(36, 548, 10, f"{window} · {kinds}"),
        _text(36, 28, 6, f"gridmap · {document['id']}"[:190]),
    ]


def _write_aside(document: dict[str, Any], language: str) -> list[str]:
    made, y = [], 530.0

    def write(text: str, *, size: float = 9.0, indent: float = 0.0) -> None:
        nonlocal y
        for line in _wrap(text, _WIDE * 9 / size - indent / 8):
            made.append(_text(_ASIDE + indent, y, size, line))
            y -= _LINE * size / 9
        y -= 2

    write(document["summary"][language], size=10.0)
    for entry in document["legend"][:10]:
        red, green, blue = (int(entry["colour"][at : at + 2], 16) / 255 for at in (1, 3, 5))
        made.append(f"{red:.3f} {green:.3f} {blue:.3f} rg {_ASIDE:.1f} {y - 1:.1f} 10 8 re B 0 g")
        write(entry[language], size=8.0, indent=15.0)
    y -= 6
    for rank, spot in enumerate(document["hotspots"][:_MOST_LISTED], 1):
        if y < 150:
            break
        write(f"{rank}. {spot['incidents']} · {spot['words'][language]}", size=8.0)
    y -= 6
    write(document["explanation"][language], size=7.0)
    return made


def _wrap(text: str, columns: float) -> list[str]:
    """Cut into lines; a Chinese character is as wide as two latin letters."""
    lines, line, used, word = [], "", 0.0, ""
    for letter in [*text, "\n"]:
        wide = ord(letter) > 0x2E7F
        if letter in " \n" or wide:
            piece = word + ("" if letter == "\n" else letter)
            size = sum(2.0 if ord(item) > 0x2E7F else 1.0 for item in piece)
            if used + size > columns and line:
                lines.append(line)
                line, used = "", 0.0
            line, used, word = line + piece, used + size, ""
        else:
            word += letter
    return [*lines, line] if line.strip() else lines


def _text(x: float, y: float, size: float, text: str) -> str:
    """One line; latin letters in Helvetica, which every reader has, and the rest in STSong."""
    shown = []
    for wide, run in groupby(text, lambda letter: not _is_latin(letter)):
        letters = "".join(run)
        coded = letters.encode("utf-16-be" if wide else "cp1252").hex()
        shown.append(f"/{'F1' if wide else 'F2'} {size:g} Tf <{coded}> Tj")
    return f"BT 1 0 0 1 {x:.1f} {y:.1f} Tm {' '.join(shown)} ET"


def _is_latin(letter: str) -> bool:
    try:
        letter.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _assemble(stream: bytes) -> bytes:
    """The objects of one page, and where each begins."""
    font = b"/BaseFont /STSong-Light"
    order = b"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 5 >>"
    widths = b"/DW 1000 /W [1 95 500 814 939 500]"
    box = b"/MediaBox [0 0 %d %d]" % (_WIDTH, _HEIGHT)
    fonts = b"/Resources << /Font << /F1 5 0 R /F2 8 0 R >> >>"
    metrics = b"/FontBBox [-25 -254 1000 880] /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R %b /Contents 4 0 R %b >>" % (box, fonts),
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type0 %b /Encoding /UniGB-UTF16-H /DescendantFonts [6 0 R] >>"
        % font,
        b"<< /Type /Font /Subtype /CIDFontType0 %b %b %b /FontDescriptor 7 0 R >>"
        % (font, order, widths),
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /ItalicAngle 0 %b >>" % metrics,
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    body, places = b"%PDF-1.6\n", []
    for number, item in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % at for at in places)
    count = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n" % count
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, len(body))
    return body + head + table + end
