"""Bytes in hexadecimal and as text, the message boundaries and the letters of UTF-8 marked. No widgets."""

from collections.abc import Iterator
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
        byte = data[at]
        if byte in b"\r\n":
            yield Cell(f"{byte:02x}", "←" if byte == 13 else "↓", "end")
            at += 1
            continue
        if byte < 0x80:
            yield Cell(f"{byte:02x}", visible(chr(byte)), "")
            at += 1
            continue
        length = letter_length(data, at)
        if not length:
            yield Cell(f"{byte:02x}", "?", "bad")
            at += 1
            continue
        odd = not odd
        letter = visible(data[at : at + length].decode())
        for index in range(length):
            shown = (letter if len(letter) == 1 else "?") if index == 0 else "·"
            yield Cell(f"{data[at + index]:02x}", shown, f"letter{int(odd)}")
        at += length


def letter_length(data: bytes, at: int) -> int:
    """Return the length in bytes of the letter that begins there; 0 if no whole letter does."""
    first = data[at]
    length = 2 if 0xC2 <= first < 0xE0 else 3 if 0xE0 <= first < 0xF0 else 4 if 0xF0 <= first < 0xF5 else 0
    try:
        return length if length and len(data[at : at + length].decode()) == 1 else 0
    except UnicodeDecodeError:
        return 0


Piece = tuple[str, tuple[str, ...]]


def pieces(data: bytes, width: int = 16) -> Iterator[Piece]:
    """Yield the dump as text with tags, `width` bytes a row; a row begins with the offset (tag `offset`)."""
    shown = list(cells(data[:MAX_BYTES]))
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
