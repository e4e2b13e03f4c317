"""Bytes in hexadecimal and as text, the message boundaries and the letters of UTF-8 marked. No widgets."""

from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from protocol.text import visible

MAX_BYTES: Final = 4096
"""Bytes that are shown of one call."""


class Cell(NamedTuple):
    """One byte: how it is written on the left and on the right, and what it is part of."""

    digits: str
    text: str
    tag: str
    """`end`: CR or LF; `letter0`, `letter1` in turn: a letter of several bytes; `bad`: not UTF-8; else ""."""


def cells(data: bytes) -> Iterator[Cell]:
    """Yield a cell for each byte; CR is `←`, LF is `↓`.

    The first cell of a letter of several bytes holds the letter, the others `·`.
    """
    at, odd = 0, False
    while at < len(data):
        byte, length = data[at], letter_length(data, at)
        digits = f"{byte:02x}"
        if byte in b"\r\n":
            yield Cell(digits, "←" if byte == 13 else "↓", "end")
        elif byte < 0x80:
            yield Cell(digits, visible(chr(byte)), "")
        elif length == 0:
            yield Cell(digits, "?", "bad")
        else:
            odd = not odd
            letter = visible(data[at : at + length].decode())
            for index, part in enumerate(data[at : at + length]):
                shown = (letter if len(letter) == 1 else "?") if index == 0 else "·"
                yield Cell(f"{part:02x}", shown, f"letter{int(odd)}")
        at += max(1, length)


def letter_length(data: bytes, at: int) -> int:
    """Return the length in bytes of the letter of several that begins there; 0 if no whole one does."""
    first = data[at]
    length = 2 if 0xC2 <= first < 0xE0 else 3 if 0xE0 <= first < 0xF0 else 4 if 0xF0 <= first < 0xF5 else 0
    try:
        return length if length and len(data[at : at + length].decode()) == 1 else 0
    except UnicodeDecodeError:
        return 0


Piece = tuple[str, tuple[str, ...]]


def pieces(data: bytes, width: int = 16) -> Iterator[Piece]:
    """Yield the dump as text with tags, `width` bytes a row; a row begins with the offset (tag `offset`)."""
    shown = list(islice(cells(data), MAX_BYTES))
    for start in range(0, len(shown), width):
        row = shown[start : start + width]
        yield f"{start:04x} ", ("offset",)
        for index, cell in enumerate(row):
            yield cell.digits, (cell.tag,) if cell.tag else ()
            together = (
                index + 1 < len(row) and cell.tag.startswith("letter") and row[index + 1].tag == cell.tag
            )
            yield " ", (cell.tag,) if together else ()
        yield "   " * (width - len(row)) + " ", ()
        for cell in row:
            yield cell.text, (cell.tag,) if cell.tag else ()
        yield "\n", ()


def plain(data: bytes) -> str:
    """Return the dump as plain text."""
    return "".join(text for text, _tags in pieces(data))
