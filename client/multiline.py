"""Messages of several lines, such as pasted code (IRCv3 draft/multiline).

On the wire such a message is a batch; inside the client it is one `Message` whose text holds line feeds.

    BATCH +ref draft/multiline #lab
    @batch=ref PRIVMSG #lab :first line
    @batch=ref PRIVMSG #lab :a line that is too long for
    @batch=ref;draft/multiline-concat PRIVMSG #lab : one line of the protocol
    BATCH -ref
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from protocol import ircv3
from protocol.message import Message, format_message
from protocol.text import cut
from protocol.words import number

DEFAULT_BYTES: Final = 4096
"""Where a server does not say `max-bytes`, though it must."""
DEFAULT_LINES: Final = 100
"""Where a server does not say `max-lines`."""
SMALLEST_BYTES: Final = 256
"""A limit below this is not believed."""
MAX_BATCHES: Final = 20
"""Messages that may be coming at the same time; a lying server could begin them without end."""
MAX_BYTES: Final = 32 * 1024
"""Bytes of a message: of one that comes, the rest is left out, and none that is longer is sent."""
PATIENCE: Final = 20.0
"""Seconds after the last line of a message, after which its end is not waited for."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one message may hold."""

    max_bytes: int = DEFAULT_BYTES
    max_lines: int = DEFAULT_LINES

    @classmethod
    def parse(cls, value: str) -> "Limits":
        """Read the capability's value, `max-bytes=8192,max-lines=100`; what is no number is as default."""
        found = dict(token.partition("=")[::2] for token in value.split(","))

        def limit(key: str, default: int, lowest: int) -> int:
            value = number(found.get(key, ""))
            return default if value is None else max(value, lowest)

        most_bytes = min(limit("max-bytes", DEFAULT_BYTES, SMALLEST_BYTES), MAX_BYTES)
        return cls(most_bytes, limit("max-lines", DEFAULT_LINES, 1))


def split_lines(text: str, space: int) -> Iterator[tuple[str, bool]]:
    """Give the lines of a text, cut to `space` bytes; with each, whether it continues the one before.

    Nothing is lost: a cut comes behind a space where there is one.
    """
    for line in text.split("\n"):
        rest, continues = line, False
        while len(rest.encode()) > space:
            piece = cut(rest, space)
            end = piece.rfind(" ") + 1
            piece = piece[:end] if piece[:end].strip() else piece
            yield piece, continues
            rest, continues = rest[len(piece) :], True
        yield rest, continues


def split_into_messages(text: str, limits: Limits, space: int) -> list[str]:
    """Split a text into as few messages as the limits allow, at line ends where that is possible.

    Messages begin and end with a line that is not empty.
    """
    made: list[str] = []
    size = lines = 0
    for piece, continues in split_lines(text, min(space, limits.max_bytes)):
        added = len(piece.encode()) + (0 if continues else 1)
        if not made or size + added > limits.max_bytes or lines == limits.max_lines:
            made.append(piece)
            size, lines = len(piece.encode()), 1
        else:
            made[-1] += piece if continues else "\n" + piece
            size, lines = size + added, lines + 1
    return [whole for message in made if (whole := message.strip("\n"))]


def format_batch(
    command: str, target: str, text: str, reference: str, space: int, tags: dict[str, str]
) -> list[str]:
    """Return the lines that send a message of several lines; `tags` go with the whole of it.

    Raises:
        ValueError: a part cannot stand in a line.
    """
    lines = [Message("BATCH", (f"+{reference}", ircv3.MULTILINE, target), tags=tags)]
    for piece, continues in split_lines(text, space):
        concat = {ircv3.TAG_CONCAT: ""} if continues else {}
        lines.append(Message(command, (target, piece), tags={ircv3.TAG_BATCH: reference, **concat}))
    return [format_message(line) for line in [*lines, Message("BATCH", (f"-{reference}",))]]


@dataclass(slots=True)
class _Coming:
    opening: Message
    at: float
    """When its last line came."""
    command: str = ""
    pieces: list[str] = field(default_factory=list)
    space: int = MAX_BYTES

    def add_line(self, message: Message) -> None:
        joint = "\n" if self.pieces and ircv3.TAG_CONCAT not in message.tags else ""
        self.command = message.command
        if self.space > 0:  # an empty line takes a byte too
            piece = cut(joint + message.param(1), self.space)
            self.space -= len(piece.encode()) or 1
            self.pieces.append(piece)

    def whole(self) -> Message | None:
        if not self.command:
            return None
        return self.opening._replace(
            command=self.command, params=(self.opening.param(2), "".join(self.pieces))
        )


class Incoming:
    """Puts together the batches that come."""

    def __init__(self) -> None:
        self._coming: dict[str, _Coming] = {}

    def give_up_late(self, now: float) -> list[Message]:
        """Return what has come of messages whose end does not come.

        To be called about once a second, and when the connection is lost, with `math.inf`.
        """
        return self._end([key for key, coming in self._coming.items() if coming.at + PATIENCE < now])

    def collect(self, message: Message, now: float) -> list[Message]:
        """Return what is whole with this line, in order.

        That is the message itself, if it is no part of a multi-line one; or what it ends, if that has any
        text: also one that is open in a batch that ends, or whose reference is used anew.
        """
        key = message.param(0)[1:]
        if message.command == "BATCH" and message.param(0)[:1] == "+" and message.param(1) == ircv3.MULTILINE:
            over = self._end([key] if key in self._coming else [])
            if len(self._coming) < MAX_BATCHES:
                self._coming[key] = _Coming(message, now)
            return over
        if message.command == "BATCH" and message.param(0)[:1] == "-":
            if key in self._coming:
                return self._end([key])
            inside = [
                inner for inner, one in self._coming.items() if one.opening.tags.get(ircv3.TAG_BATCH) == key
            ]
            return [*self._end(inside), message]
        coming = self._coming.get(message.tags.get(ircv3.TAG_BATCH, ""))
        if coming is None or message.command not in ("PRIVMSG", "NOTICE"):
            return [message]
        coming.add_line(message)
        coming.at = now
        return []

    def _end(self, keys: Iterable[str]) -> list[Message]:
        return list(filter(None, [self._coming.pop(key).whole() for key in keys]))
