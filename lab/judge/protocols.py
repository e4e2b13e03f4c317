"""How a participant introduces himself and speaks, and how texts are found in what came back.

Whatever stands before a text (a name, a time) is the program's own affair.
"""

import contextlib
import struct
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from typing import Final

from lab.judge.check import NotJudgedError
from protocol.message import Message, decode
from translations import _

ROOM: Final = "#lab"
_LENGTH: Final = struct.Struct("!I")


class Protocol(ABC):
    """The contract between the judge and the program."""

    name: str
    patience = 0.3
    """Seconds that a program may take to answer the introduction; most say nothing to it."""
    has_frames = True
    """Whether it says where a message ends; where it does not, there is no right answer to glued messages."""

    def introduce(self, name: str) -> bytes:
        """Return what a participant says first: who he is, which a program may also take for a message."""
        return self.say(name)

    def is_introduced(self, received: bytes) -> bool:
        """Tell whether what has come shows that the participant is in."""
        return bool(received)

    @abstractmethod
    def say(self, text: str) -> bytes:
        """Return a message to everybody."""

    def need_frames(self) -> None:
        """See that the protocol says where a message ends.

        Raises:
            NotJudgedError: it does not.
        """
        if not self.has_frames:
            raise NotJudgedError(
                _(
                    "The protocol “raw” does not say where a message ends, so there is no right answer to "
                    "this: end each message with a line end, and judge again with --protocol lines."
                )
            )

    @abstractmethod
    def frames(self, received: bytes) -> list[bytes]:
        """Return the content of each whole message in what has come, without what marks it off."""

    def count(self, received: bytes, text: str) -> int:
        """Tell how often a text stands in what has come, wherever messages begin and end.

        ASCII is found in UTF-16 too, so that this fault is found by its own check alone.
        """
        return received.replace(b"\0", b"").count(text.encode())

    def find(self, received: bytes, text: str) -> int:
        """Return where a text stands in what has come; only to be compared with other places. -1: nowhere."""
        return received.replace(b"\0", b"").find(text.encode())

    def reply(self, received: bytes) -> bytes:
        """Return what a client has to answer by itself to a whole message."""
        return b""


class Lines(Protocol):
    """UTF-8 text in lines that end with LF or CR LF."""

    name = "lines"

    def say(self, text: str) -> bytes:
        return f"{text}\n".encode()

    def frames(self, received: bytes) -> list[bytes]:
        text = received.replace(b"\0", b"")  # as in `count`
        return [line.removesuffix(b"\r") for line in text.split(b"\n")[:-1]]


class Raw(Protocol):
    """UTF-8 text and nothing else: what one call sends, the other side is believed to read in one call."""

    name = "raw"
    has_frames = False

    def say(self, text: str) -> bytes:
        return text.encode()

    def frames(self, received: bytes) -> list[bytes]:
        return [received] if received else []


class Length(Protocol):
    """Four bytes in network byte order say how many bytes of UTF-8 follow."""

    name = "length"

    def say(self, text: str) -> bytes:
        data = text.encode()
        return _LENGTH.pack(len(data)) + data

    def frames(self, received: bytes) -> list[bytes]:
        found = []
        at = _LENGTH.size
        while at <= len(received):
            (length,) = _LENGTH.unpack_from(received, at - _LENGTH.size)
            if at + length > len(received):
                break
            found.append(received[at : at + length])
            at += length + _LENGTH.size
        return found


class Delimiter(Protocol):
    """UTF-8 text that a zero byte ends."""

    name = "delimiter"

    def say(self, text: str) -> bytes:
        return f"{text}\0".encode()

    def frames(self, received: bytes) -> list[bytes]:
        return received.split(b"\0")[:-1]


class Irc(Protocol):
    """The contract of section 4 of the laboratory report: NICK, USER, JOIN, PRIVMSG, PING."""

    name = "irc"
    patience = 5.0

    def introduce(self, name: str) -> bytes:
        return f"NICK {name}\r\nUSER {name} 0 * :{name}\r\nJOIN {ROOM}\r\n".encode()

    def is_introduced(self, received: bytes) -> bool:
        return b" 366 " in received or b" JOIN " in received

    def say(self, text: str) -> bytes:
        return f"PRIVMSG {ROOM} :{text}\r\n".encode()

    def frames(self, received: bytes) -> list[bytes]:
        return [line.removesuffix(b"\r") for line in received.split(b"\n")[:-1]]

    def reply(self, received: bytes) -> bytes:
        answers = [f"PONG :{one.param(0)}\r\n" for one in irc_messages([received]) if one.command == "PING"]
        return "".join(answers).encode()


def irc_messages(frames: Iterable[bytes]) -> Iterator[Message]:
    """Read lines of IRC; pass over what is none."""
    for frame in frames:
        with contextlib.suppress(ValueError):  # too long, without a command, or in UTF-16
            yield decode(frame)


PROTOCOLS: Final[dict[str, Protocol]] = {
    protocol.name: protocol for protocol in (Lines(), Raw(), Irc(), Length(), Delimiter())
}
"""By name, as `--protocol` takes it."""
