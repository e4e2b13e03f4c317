"""A drawing as an Enhanced Metafile ([MS-EMF]): the vector format that every word processor draws."""

import math
import struct
from itertools import pairwise
from typing import Final

from lab.report.rendering.drawing import LETTER, Box, Drawing, Label, Line

_FONT: Final = "Courier New"
_UNIT: Final = 20
"""Of a point: what is measured in the file."""
_DASH: Final = 4.0
_GAP: Final = 3.0
"""Points. Dashes are drawn one by one: each program draws a pen's own style as it likes."""
_DEVICE: Final = (1920, 1080, 508, 286)
"""Width and height of the device that the file speaks of: in pixels, in millimetres."""
_FONTS_AT: Final = 2
"""Handles: 1 is the pen; a font for each size of letters follows."""
_WHITE_BRUSH: Final = 0x80000000
_BLACK_BRUSH: Final = 0x80000004
"""Stock objects ([MS-EMF] 2.1.31)."""


class _Writer:
    """Records of the file, one after the other."""

    def __init__(self) -> None:
        self.records: list[bytes] = []

    def add(self, kind: int, body: bytes = b"") -> None:
        body += b"\0" * (-len(body) % 4)
        self.records.append(struct.pack("<II", kind, 8 + len(body)) + body)


def emf(drawing: Drawing) -> bytes:
    """Return a drawing as the bytes of a file."""
    width, height = _units(drawing.width), _units(drawing.height)
    sizes = sorted({shape.size for shape in drawing.shapes if isinstance(shape, Label)})
    writer = _Writer()
    writer.add(17, struct.pack("<I", 8))  # SETMAPMODE: MM_ANISOTROPIC
    writer.add(10, struct.pack("<ii", 0, 0))  # SETWINDOWORGEX
    writer.add(9, struct.pack("<ii", width, height))  # SETWINDOWEXTEX
    writer.add(12, struct.pack("<ii", 0, 0))  # SETVIEWPORTORGEX
    pixels = _pixels(drawing)
    writer.add(11, struct.pack("<ii", *pixels))  # SETVIEWPORTEXTEX
    writer.add(18, struct.pack("<I", 1))  # SETBKMODE: transparent
    writer.add(22, struct.pack("<I", 24))  # SETTEXTALIGN: from the left, on the base line
    writer.add(24, struct.pack("<I", 0))  # SETTEXTCOLOR: black
    writer.add(38, struct.pack("<IIiiI", 1, 0, round(0.7 * _UNIT), 0, 0))  # CREATEPEN: solid, black
    for handle, size in enumerate(sizes, _FONTS_AT):
        writer.add(82, struct.pack("<I", handle) + _font(size))  # EXTCREATEFONTINDIRECTW
    writer.add(37, struct.pack("<I", 1))  # SELECTOBJECT
    for shape in drawing.shapes:
        match shape:
            case Line():
                _draw_line(writer, shape)
            case Box():
                edges = (shape.x, shape.y, shape.x + shape.width, shape.y + shape.height)
                writer.add(37, struct.pack("<I", _WHITE_BRUSH))
                writer.add(43, struct.pack("<iiii", *map(_units, edges)))  # RECTANGLE
            case Label():
                writer.add(37, struct.pack("<I", _FONTS_AT + sizes.index(shape.size)))
                _draw_label(writer, shape)
    writer.add(14, struct.pack("<III", 0, 16, 20))  # EOF
    body = b"".join(writer.records)
    return _header(drawing, len(body), len(writer.records) + 1, _FONTS_AT + len(sizes)) + body


def _units(points: float) -> int:
    return round(points * _UNIT)


def _pixels(drawing: Drawing) -> tuple[int, int]:
    wide, high, wide_mm, high_mm = _DEVICE
    return (
        round(drawing.width / 72 * 25.4 / wide_mm * wide),
        round(drawing.height / 72 * 25.4 / high_mm * high),
    )


def _header(drawing: Drawing, size: int, records: int, handles: int) -> bytes:
    """Return the EMR_HEADER record ([MS-EMF] 2.3.4.2); `size` and `records` are those of what follows it."""
    right, bottom = _pixels(drawing)
    frame = (round(drawing.width / 72 * 2540), round(drawing.height / 72 * 2540))
    return struct.pack(
        "<II4i4iIIIIHHIII2i2i",
        *(1, 88, 0, 0, right, bottom, 0, 0, *frame),
        *(0x464D4520, 0x10000, 88 + size, records, handles, 0, 0, 0, 0),
        *_DEVICE,
    )


def _font(size: float) -> bytes:
    """Return an EXTLOGFONTW ([MS-EMF] 2.2.13, 2.2.14)."""
    logfont = struct.pack("<iiiii8B", -_units(size), 0, 0, 0, 400, 0, 0, 0, 1, 0, 0, 0, 0x31)
    return (logfont + _FONT.encode("utf-16-le")).ljust(320, b"\0")


def _draw_line(writer: _Writer, line: Line) -> None:
    length = math.hypot(line.x2 - line.x1, line.y2 - line.y1)
    parts = [(0.0, length)]
    if line.dashed:
        step = _DASH + _GAP
        parts = [(step * i, min(step * i + _DASH, length)) for i in range(math.ceil(length / step))]
    for part in parts:
        begin, end = (
            (line.x1 + (line.x2 - line.x1) * at / length, line.y1 + (line.y2 - line.y1) * at / length)
            for at in part
        )
        writer.add(27, struct.pack("<ii", *map(_units, begin)))  # MOVETOEX
        writer.add(54, struct.pack("<ii", *map(_units, end)))  # LINETO
    if line.head:
        corners = [_units(measure) for corner in line.arrow_head for measure in corner]
        writer.add(37, struct.pack("<I", _BLACK_BRUSH))
        writer.add(3, struct.pack("<4iI6i", 0, 0, -1, -1, 3, *corners))  # POLYGON


def _draw_label(writer: _Writer, label: Label) -> None:
    """Write an EMR_EXTTEXTOUTW record ([MS-EMF] 2.3.5.8), with the width of each letter."""
    code_units = label.text.encode("utf-16-le")
    count = len(code_units) // 2
    text = code_units + b"\0" * (-len(code_units) % 4)
    edges = [round(index * label.size * LETTER * _UNIT) for index in range(count + 1)]
    widths = [end - begin for begin, end in pairwise(edges)]
    place = (_units(label.left), _units(label.y))
    before = 76
    writer.add(
        84,
        struct.pack("<4iIff", 0, 0, -1, -1, 1, 1.0, 1.0)
        + struct.pack("<iiIIIiiiiI", *place, count, before, 0, 0, 0, -1, -1, before + len(text))
        + text
        + struct.pack(f"<{count}I", *widths),
    )
