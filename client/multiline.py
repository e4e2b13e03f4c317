"""Messages of several lines, such as pasted code (IRCv3 draft/multiline).

On the wire such a message is a batch; inside the client it is one `Message` whose text holds line feeds.

    BATCH +ref draft/multiline #lab
    @batch=ref PRIVMSG #lab :first line
    @batch=ref PRIVMSG #lab :a line that is too long for
    @batch=ref;draft/multiline-concat PRIVMSG #lab : one line of the protocol
    BATCH -ref
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from protocol.message import Message, format_message
from protocol.text import cut

CAPABILITY: Final = "draft/multiline"
CONCAT: Final = "draft/multiline-concat"
DEFAULT_BYTES: Final = 4096
"""Where a server does not say `max-bytes`, though it must."""
DEFAULT_LINES: Final = 100
"""Where a server does not say `max-lines`."""
SMALLEST_BYTES: Final = 256
"""A limit below this is not believed."""
MAX_BATCHES: Final = 20
"""Messages that may be coming at the same time; a lying server could begin them without end."""
MAX_RECEIVED: Final = 32 * 1024
"""Characters of a message that comes; the rest is left out."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one message may hold."""

    max_bytes: int = DEFAULT_BYTES
    max_lines: int = DEFAULT_LINES

    @classmethod
    def parse(cls, value: str) -> Limits:
        """Read the capability's value, `max-bytes=8192,max-lines=100`; what is no number is as default."""
        found = dict(token.partition("=")[::2] for token in value.split(","))

        def number(key: str, default: int, lowest: int) -> int:
            text = found.get(key, "")
            return max(int(text[:9]), lowest) if text.isascii() and text.isdigit() else default

        return cls(number("max-bytes", DEFAULT_BYTES, SMALLEST_BYTES), number("max-lines", DEFAULT_LINES, 1))


def pieces(text: str, room: int) -> Iterator[tuple[str, bool]]:
    """Give the lines of a text, cut to `room` bytes; with each, whether it continues the one before.

    Nothing is lost: a cut comes behind a space where there is one.
    """
    for line in text.split("\n"):
        rest, continues = line, False
        while len(rest.encode()) > room:
            piece = cut(rest, room)
            space = piece.rfind(" ") + 1
            piece = piece[:space] if piece[:space].strip() else piece
            yield piece, continues
            rest, continues = rest[len(piece) :], True
        yield rest, continues


def messages(text: str, limits: Limits, room: int) -> list[str]:
    """Split a text into as few messages as the limits allow, at line ends where that is possible.

    Messages begin and end with a line that is not empty.
    """
    made: list[str] = []
    size = lines = 0
    for piece, continues in pieces(text, min(room, limits.max_bytes)):
        added = len(piece.encode()) + (0 if continues else 1)
        if not made or size + added > limits.max_bytes or lines == limits.max_lines:
            made.append(piece)
            size, lines = len(piece.encode()), 1
        else:
            made[-1] += piece if continues else "\n" + piece
            size, lines = size + added, lines + 1
    return [whole for message in made if (whole := message.strip("\n"))]


def batch(command: str, target: str, text: str, reference: str, room: int, tags: dict[str, str]) -> list[str]:
    """Return the lines that send a message of several lines; `tags` go with the whole of it.

    Raises:
        ValueError: a part cannot stand in a line.
    """
    lines = [Message("BATCH", (f"+{reference}", CAPABILITY, target), tags=tags)]
    for piece, continues in pieces(text, room):
        concat = {CONCAT: ""} if continues else {}
        lines.append(Message(command, (target, piece), tags={"batch": reference, **concat}))
    return [format_message(line) for line in [*lines, Message("BATCH", (f"-{reference}",))]]


@dataclass(slots=True)
class _Coming:
    opening: Message
    command: str = ""
    text: str = ""
    lines: int = 0


class Incoming:
    """Puts together the batches that come."""

    def __init__(self) -> None:
        self._coming: dict[str, _Coming] = {}

    def clear(self) -> None:
        """The connection is lost: what has begun does not end."""
        self._coming.clear()

    def takes(self, message: Message) -> bool:
        """Keep a line that is part of a message of several lines, and the line that begins one."""
        if message.command == "BATCH":
            reference = message.param(0)
            if reference[:1] != "+" or message.param(1) != CAPABILITY:
                return False
            if len(self._coming) < MAX_BATCHES:
                self._coming[reference[1:]] = _Coming(message)
            return True
        coming = self._coming.get(message.tags.get("batch", ""))
        if coming is None or message.command not in ("PRIVMSG", "NOTICE"):
            return False
        joint = "\n" if coming.lines and CONCAT not in message.tags else ""
        coming.command = message.command
        coming.text = (coming.text + joint + message.param(1))[:MAX_RECEIVED]
        coming.lines += 1
        return True

    def ended(self, message: Message) -> Message | None:
        """Return the whole message if this `BATCH -reference` ends one."""
        reference = message.param(0)
        coming = self._coming.pop(reference[1:], None) if reference[:1] == "-" else None
        if coming is None or not coming.command:
            return None
        opening = coming.opening
        return Message(coming.command, (opening.param(2), coming.text), opening.source, opening.tags)
