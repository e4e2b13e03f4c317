"""Draw the executable's icon, the same as that of the program's windows: `python3 -m executable.icon`.

Writes `icon.ico` next to this file; it is committed, so that a build needs no drawing.
"""

import struct
from pathlib import Path
from typing import Final

from gui.toolkit.palette import LIGHT
from gui.toolkit.shapes import Rows, icon, png, rounded

FILE: Final = Path(__file__).resolve().parent / "icon.ico"
SIZES: Final = (16, 20, 24, 32, 40, 48, 64, 128, 256)
"""Pixels: what Windows asks for between 100 % and 400 %, in lists, on the desktop and in the taskbar."""
LARGEST_BITMAP: Final = 48
"""Pixels; larger pictures are PNG, as Windows accepts, but some programs expect small ones as bitmaps."""


def draw(size: int) -> Rows:
    """Return the icon as rows of RGBA pixels."""
    within = max(size * 3 // 4, 12)
    sign = icon("bubble", within, LIGHT.on_accent, 2.6 if size <= 24 else 1.9)
    rows = [bytearray(row) for row in rounded(size, size, size / 4, LIGHT.accent)]
    edge = (size - within) // 2
    for y, line in enumerate(sign):
        for x in range(within):
            red, green, blue, alpha = line[4 * x : 4 * x + 4]
            at = 4 * (edge + x)
            below = rows[edge + y]
            for offset, value in enumerate((red, green, blue)):
                below[at + offset] = round(below[at + offset] + (value - below[at + offset]) * alpha / 255)
    return tuple(map(bytes, rows))


def ico(pictures: dict[int, Rows]) -> bytes:
    """Return an icon file (Microsoft's ICO format) of square pictures, given by their size in pixels."""
    images = [_bitmap(rows) if size <= LARGEST_BITMAP else png(rows) for size, rows in pictures.items()]
    entries = b""
    offset = 6 + 16 * len(images)
    for size, image in zip(pictures, images, strict=True):
        entries += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(image), offset)
        offset += len(image)
    return struct.pack("<HHH", 0, 1, len(images)) + entries + b"".join(images)


def _bitmap(rows: Rows) -> bytes:
    """Return a device-independent bitmap (BGRA, bottom row first) followed by the mask that icons have."""
    size = len(rows)
    header = struct.pack("<IiiHHIIiiII", 40, size, 2 * size, 1, 32, 0, 0, 0, 0, 0, 0)
    pixels = bytearray()
    for row in reversed(rows):
        for red, green, blue, alpha in struct.iter_unpack("4B", row):
            pixels += bytes((blue, green, red, alpha))
    mask = bytes((size + 31) // 32 * 4 * size)
    return header + bytes(pixels) + mask


if __name__ == "__main__":
    FILE.write_bytes(ico({size: draw(size) for size in SIZES}))
