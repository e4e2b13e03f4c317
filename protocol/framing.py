"""A TCP stream cut into lines.

TCP carries a stream of bytes and keeps no message boundaries: one `recv` may return half a line, or fifty
lines and a half. `LineReader` keeps the unfinished rest until its line end arrives.
"""

from typing import Final

MAX_LINE: Final = 512
"""Bytes of a line with its CR LF and without its tags (RFC 1459 section 2.3)."""
MAX_TAGS: Final = 8191
"""Bytes of the tags with the leading `@` and the space behind them (IRCv3 message-tags, "Size limit")."""
MAX_CLIENT_TAGS: Final = 4096
"""How many of these bytes a client may use; the rest is for the server's own tags."""
_KEPT: Final = MAX_TAGS + MAX_LINE + 1


class LineReader:
    """Collects bytes and gives back whole lines.

    CR, LF and CR LF all end a line, and empty lines vanish (RFC 2812 section 2.3.1: "empty messages are
    silently ignored"). Memory is bounded: of a line longer than any legal one only the beginning is kept,
    one byte more than is legal, so that `protocol.message.decode` sees that it is too long.
    """

    def __init__(self) -> None:
        self.held = b""
        """The unfinished line: bytes that came after the last line end."""

    def feed(self, data: bytes) -> list[bytes]:
        """Take the bytes of one `recv`; return the lines that they complete, without line ends."""
        pieces = (self.held + data).replace(b"\r", b"\n").split(b"\n")
        self.held = pieces.pop()[:_KEPT]
        return [piece if len(piece) <= _KEPT else piece[:_KEPT] for piece in pieces if piece]
