"""Smooth small pictures, made here: Tk's own canvas draws jagged edges, and image files would need a licence.

`rounded` and `icon` draw rows of pixels with transparency, of which `png` makes a file's bytes.
"""

import math
import struct
import zlib
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

Point = tuple[float, float]
Rows = tuple[bytes, ...]
"""The rows of a picture: RGBA pixels, four bytes each."""
PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_COLOUR_TYPES: Final = {3: 2, 4: 6}
"""Of a PNG, by its channels."""


def png(rows: Sequence[bytes | bytearray], channels: int = 4, level: int = 1) -> bytes:
    """Return the bytes of a PNG, for `tk.PhotoImage(data=…)` (PNG specification, colour types 2 and 6).

    Args:
        rows: their pixels have a byte for each channel: red, green, blue and, where there are four, alpha.
        level: of the compression, from 1, which is the fastest, to 9.
    """
    header = struct.pack(">IIBBBBB", len(rows[0]) // channels, len(rows), 8, _COLOUR_TYPES[channels], 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + row for row in rows), level)
    return PNG_SIGNATURE + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", body) + png_chunk(b"IEND", b"")


def png_chunk(kind: bytes, data: bytes) -> bytes:
    """Return a chunk of a PNG (PNG specification, section 5.3)."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _pixel(colour: tuple[float, ...], alpha: float) -> bytes:
    return bytes((*(round(part) for part in colour), round(255 * max(0.0, min(1.0, alpha)))))


def rounded(
    width: int, height: int, radius: float, fill: str, *, border: str = "", thickness: float = 1.0
) -> Rows:
    """Return a filled rectangle with round corners; all measures in pixels, colours as `#rrggbb`."""
    radius = min(radius, width / 2, height / 2)
    inside = _rgb(fill)
    outline = _rgb(border) if border else inside

    def pixel(x: int, y: int) -> bytes:
        dx = max(radius - (x + 0.5), 0.0)
        dy = max(radius - (y + 0.5), 0.0)
        depth = radius - math.hypot(dx, dy) if dx and dy else min(x, y) + 0.5
        mix = max(0.0, min(1.0, depth - thickness + 0.5)) if border else 1.0
        colour = tuple(a * (1 - mix) + b * mix for a, b in zip(outline, inside, strict=True))
        return _pixel(colour, depth + 0.5)

    # Only a corner is computed; the rest of a row repeats its last pixel, and the rows below mirror it.
    edge = math.ceil(radius) + math.ceil(thickness) + 1
    across, down = min(edge, (width + 1) // 2), min(edge, (height + 1) // 2)
    rows = []
    for y in range(down):
        corner = [pixel(x, y) for x in range(across)]
        left = corner[: width // 2]
        rows.append(b"".join(left) + corner[-1] * (width - 2 * len(left)) + b"".join(reversed(left)))
    top = rows[: height // 2]
    return (*top, *[rows[-1]] * (height - 2 * len(top)), *reversed(top))


def _arc(x: float, y: float, radius: float, start: float, end: float) -> tuple[Point, ...]:
    """Points of an arc; angles in degrees, clockwise from the right."""
    steps = 12
    angles = [math.radians(start + (end - start) * step / steps) for step in range(steps + 1)]
    return tuple((x + radius * math.cos(angle), y + radius * math.sin(angle)) for angle in angles)


ICONS: Final[dict[str, tuple[tuple[Point, ...], ...]]] = {
    "menu": (((4, 7), (20, 7)), ((4, 12), (20, 12)), ((4, 17), (20, 17))),
    "search": (_arc(10.5, 10.5, 5.7, 0, 360), ((15, 15), (20, 20))),
    "people": (
        _arc(9, 8.5, 3.3, 0, 360),
        _arc(9, 20, 6, 180, 360),
        _arc(16.2, 9.2, 2.6, -110, 110),
        _arc(15.4, 19.5, 5.4, 300, 360),
    ),
    "send": (((12, 19), (12, 5)), ((6, 11), (12, 5), (18, 11))),
    "close": (((7, 7), (17, 17)), ((17, 7), (7, 17))),
    "plus": (((12, 5.5), (12, 18.5)), ((5.5, 12), (18.5, 12))),
    "next": (((6, 9.5), (12, 15.5), (18, 9.5)),),
    "previous": (((6, 14.5), (12, 8.5), (18, 14.5)),),
    "server": (
        ((4, 5), (20, 5), (20, 11), (4, 11), (4, 5)),
        ((4, 14), (20, 14), (20, 20), (4, 20), (4, 14)),
        ((7.5, 8), (7.6, 8)),
        ((7.5, 17), (7.6, 17)),
    ),
    "bubble": (((4, 5), (20, 5), (20, 16), (11, 16), (7, 20), (7, 16), (4, 16), (4, 5)),),
    "tick": (((5.5, 12.5), (10, 17), (18.5, 7.5)),),
    "hand": (
        ((16, 6), (16, 15), (15, 18.5), (12.5, 20.5), (10, 20), (8, 18), (4.3, 12.8), (5.6, 12), (7.3, 14)),
        ((7.3, 14), (7.3, 6)),
        ((10.2, 12), (10.2, 4)),
        ((13.1, 12), (13.1, 4.4)),
    ),
    "smile": (
        _arc(12, 12, 8.2, 0, 360),
        ((9, 9.8), (9.1, 9.8)),
        ((15, 9.8), (15.1, 9.8)),
        _arc(12, 12.2, 4.3, 25, 155),
    ),
    "sidebar": (((4, 5), (20, 5), (20, 19), (4, 19), (4, 5)), ((9.5, 5), (9.5, 19))),
    "play": (((7, 5), (19, 12), (7, 19), (7, 5)),),
}
"""Strokes on a grid of 24 by 24."""


def icon(name: str, size: int, colour: str, stroke: float = 1.9) -> Rows:
    """Return an icon of `size` by `size` pixels; `stroke` is its line width on the 24-grid."""
    unit = size / 24
    half = stroke * unit / 2
    segments = [
        (ax * unit, ay * unit, bx * unit, by * unit)
        for points in ICONS[name]
        for (ax, ay), (bx, by) in pairwise(points)
    ]
    alpha = [[0.0] * size for _ in range(size)]
    for ax, ay, bx, by in segments:
        dx, dy = bx - ax, by - ay
        length = dx * dx + dy * dy
        reach = half + 1
        for y in range(max(0, int(min(ay, by) - reach)), min(size, int(max(ay, by) + reach) + 1)):
            row, py = alpha[y], y + 0.5
            for x in range(max(0, int(min(ax, bx) - reach)), min(size, int(max(ax, bx) + reach) + 1)):
                px = x + 0.5
                along = ((px - ax) * dx + (py - ay) * dy) / length if length else 0.0
                along = max(0.0, min(1.0, along))
                near = half + 0.5 - math.hypot(px - ax - along * dx, py - ay - along * dy)
                row[x] = max(row[x], near)
    rgb = _rgb(colour)
    return tuple(b"".join(_pixel(rgb, value) for value in row) for row in alpha)
