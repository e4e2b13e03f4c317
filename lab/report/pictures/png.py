"""PNG files of the pixels of a screen, with a caption in them (PNG specification, sections 11.2 and 11.3)."""

import struct
from dataclasses import dataclass
from typing import Final

from gui.toolkit import shapes
from lab.report.rendering.model import Picture

_TITLE: Final = b"Title\0\0\0\0\0"
"""How a text chunk (iTXt) begins that is not compressed and names no language."""


@dataclass(frozen=True, slots=True)
class Pixels:
    """What stood on a screen: four bytes a pixel, blue, green, red and one that says nothing."""

    width: int
    height: int
    data: bytes

    def part(self, left: int, top: int, width: int, height: int) -> "Pixels":
        """Return a part of them, as far as it lies within."""
        left, top = max(0, left), max(0, top)
        width, height = min(width, self.width - left), min(height, self.height - top)
        starts = range((top * self.width + left) * 4, self.width * (top + height) * 4, self.width * 4)
        return Pixels(width, height, b"".join(self.data[at : at + width * 4] for at in starts))

    def picture(self) -> Picture:
        """Return them as a picture; takes some tenths of a second, so not for a window's thread."""
        colours = bytearray(3 * self.width * self.height)
        for place, source in enumerate((2, 1, 0)):
            colours[place::3] = self.data[source::4]
        stride = 3 * self.width
        rows = [colours[start : start + stride] for start in range(0, len(colours), stride)]
        return Picture(shapes.png(rows, channels=3, level=6), self.width, self.height)


def with_caption(png: bytes, caption: str) -> bytes:
    """Return a PNG with a caption in it, in place of one that it may have."""
    header, *others = [one for one in _chunks(png) if not one[8:].startswith(_TITLE)]
    title = shapes.png_chunk(b"iTXt", _TITLE + caption.encode())
    return b"".join((shapes.PNG_SIGNATURE, header, title, *others))


def read(png: bytes) -> tuple[str, Picture]:
    """Return the caption of a PNG and the picture.

    Raises:
        ValueError: it is none, or not whole.
    """
    chunks = _chunks(png)
    if not chunks or chunks[-1][4:8] != b"IEND" or len(chunks[0]) < 25:
        raise ValueError("no whole PNG")
    width, height = struct.unpack(">II", chunks[0][8:16])
    titles = [one[8 + len(_TITLE) : -4] for one in chunks if one[8:].startswith(_TITLE)]
    return b"".join(titles).decode(errors="replace"), Picture(png, width, height)


def _chunks(png: bytes) -> list[bytes]:
    found = []
    at = len(shapes.PNG_SIGNATURE)
    while png.startswith(shapes.PNG_SIGNATURE) and at + 12 <= len(png):
        size = struct.unpack(">I", png[at : at + 4])[0] + 12
        found.append(png[at : at + size])
        at += size
    return found
