"""Text as it is safe to show and short enough to send."""

import re
import unicodedata
from typing import Final

_FORMATTING: Final = re.compile(
    "[\x02\x0f\x11\x16\x1d\x1e\x1f]|\x03(?:\\d{1,2}(?:,\\d{1,2})?)?|\x04(?:[0-9A-Fa-f]{6}(?:,[0-9A-Fa-f]{6})?)?"
)


def visible(text: str) -> str:
    """Return the text with control and invisible format characters made visible, for a console or a log.

    C0 controls become Unicode's control pictures (ESC → ␛); other control, format, surrogate and
    line-separating characters, bidirectional overrides among them, become `<U+202E>`, and so do the
    noncharacters at the end of each plane, which XML forbids.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_visible_char(char) for char in text)


def visible_bytes(raw: bytes) -> str:
    """Return bytes as text that is safe to show; those that are not UTF-8 stand as `\\xd0`."""
    return visible(raw.decode("utf-8", "backslashreplace"))


def _visible_char(char: str) -> str:
    if char < " ":
        return chr(0x2400 + ord(char))
    if char == "\x7f":
        return "␡"
    if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") or ord(char) & 0xFFFE == 0xFFFE:
        return f"<U+{ord(char):04X}>"
    return char


def strip_formatting(text: str) -> str:
    """Remove mIRC colours and formatting codes (modern.ircdocs.horse/formatting)."""
    return _FORMATTING.sub("", text)


def cut(text: str, limit: int) -> str:
    """Return the longest beginning of the text that takes at most `limit` bytes of UTF-8."""
    raw = text.encode("utf-8")
    return text if len(raw) <= limit else raw[:limit].decode("utf-8", "ignore")


def split(text: str, limit: int) -> list[str]:
    """Split the text into pieces of at most `limit` bytes of UTF-8, at spaces where there are any.

    No letter is cut and nothing but the spaces at the joints is lost.

    Raises:
        ValueError: `limit` is less than 4, the bytes of the longest character.
    """
    if limit < 4:
        raise ValueError(f"limit {limit} holds no character")
    pieces: list[str] = []
    while len(text.encode("utf-8")) > limit:
        piece = cut(text, limit)
        space = piece.rfind(" ") if text[len(piece) : len(piece) + 1] != " " else len(piece)
        if space > 0:
            piece = text[:space]
        pieces.append(piece)
        text = text[len(piece) :].removeprefix(" ")
    if text or not pieces:
        pieces.append(text)
    return pieces
