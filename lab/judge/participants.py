"""The judge's own sockets: nothing that a program does can hang or crash them, or fill the memory."""

import contextlib
import itertools
import secrets
import selectors
import socket
import struct
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from lab.experiments.experiment import Notebook
from lab.judge.check import CancelledError, WrongError
from lab.judge.protocols import Protocol
from translations import _, plural

CONNECT_SECONDS: Final = 5.0
HEAR_SECONDS: Final = 5.0
"""How long a program may take to pass a message on."""
QUIET_SECONDS: Final = 0.25
"""When nothing has come for so long, nothing more is on its way."""
_MOST_RECEIVED: Final = 4 * 1024 * 1024
"""Bytes that a participant keeps; nobody in a check is told so much without asking for it."""
_MOST_STEPS: Final = 120
"""Calls of one check that are written down."""
_MOST_OF_A_STEP: Final = 512
"""Bytes of one call that are written down."""
_LOOK_AGAIN: Final = 0.1
"""Seconds after which the judge looks whether it was cancelled."""


@dataclass(eq=False, slots=True)
class Participant:
    """One connection to the program."""

    name: str
    sock: socket.socket
    crowd: "Crowd"
    received: bytearray = field(default_factory=bytearray)
    waiting: bytearray = field(default_factory=bytearray)
    """What the socket has not taken yet."""
    is_deaf: bool = False
    """It does not call recv."""
    end: str = ""
    """How the program ended the connection, in the user's language; "" if it did not."""
    _answered: int = 0
    """How many messages were looked at for a question that a client answers by itself."""

    def send(self, data: bytes, note: str = "") -> None:
        """Send bytes; what the socket does not take now, the crowd sends while it waits."""
        self.crowd.note(self.name, "send", data, note)
        self.waiting += data
        self.write()

    def say(self, text: str) -> None:
        """Send a message to everybody."""
        self.send(self.crowd.protocol.say(text))

    def hears(self, text: str) -> bool:
        """Tell whether a text has come, wherever messages begin and end."""
        return self.count(text) > 0

    def count(self, text: str) -> int:
        """Tell how often a text has come."""
        return self.crowd.protocol.count(bytes(self.received), text)

    def with_end(self, meaning: str) -> str:
        """Return what a lack means, and how the program ended the connection, if it did."""
        if not self.end:
            return meaning
        return meaning + " " + _("({name}: {what}.)").format(name=self.name, what=self.end)

    def frames(self) -> list[bytes]:
        """Return the whole messages that have come."""
        return self.crowd.protocol.frames(bytes(self.received))

    def forget(self) -> None:
        """Begin anew with what comes from now on."""
        self.received.clear()
        self._answered = 0

    def write(self) -> None:
        """Send what the socket takes."""
        try:
            while self.waiting and not self.end:
                del self.waiting[: self.sock.send(self.waiting[: 256 * 1024])]
        except BlockingIOError:
            pass
        except OSError:
            self._ended("send", _("the program has broken the connection off"))
        self.crowd.watch(self)

    def read(self) -> None:
        """Take what has come; the socket has something."""
        try:
            data = self.sock.recv(256 * 1024)
        except BlockingIOError:
            return
        except OSError:
            self._ended("recv", _("the program has broken the connection off (RST)"))
            return
        if not data:
            self._ended("recv", _("0 bytes: the program has closed the connection"))
            return
        self.crowd.note(self.name, "recv", data)
        self.received += data
        frames = self.frames() if b"PING" in data else []
        for frame in frames[self._answered :]:
            if answer := self.crowd.protocol.reply(frame):
                self.send(answer)
        self._answered = max(self._answered, len(frames))

    def _ended(self, call: str, how: str) -> None:
        self.end = how
        self.waiting.clear()
        self.crowd.note(self.name, call, b"", how)
        self.crowd.watch(self)

    def stop_sending(self) -> None:
        """Half-close: the program reads to the end and then gets 0 bytes, and can still send."""
        self.crowd.note(self.name, "shutdown", text="SHUT_WR")
        with contextlib.suppress(OSError):
            self.sock.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Leave as a client does that is closed; nothing that was sent to it may be unread."""
        self.crowd.note(self.name, "close")
        self.crowd.release(self)

    def break_off(self) -> None:
        """Leave with RST, as the system does for a program that is killed with unread data."""
        self.crowd.note(self.name, "close", text=_("with RST: the connection is broken off, not closed"))
        with contextlib.suppress(OSError):
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _linger())
        self.crowd.release(self)


def _linger() -> bytes:
    """Return the option that makes `close` send RST: on, for 0 seconds."""
    return struct.pack("hh" if hasattr(socket, "SIO_RCVALL") else "ii", 1, 0)  # Windows has two shorts


class Crowd:
    """The participants of one check, all read and written by one thread, which never waits without an end."""

    def __init__(self, protocol: Protocol, notebook: Notebook, cancelled: Callable[[], bool]) -> None:
        self.protocol = protocol
        self.notebook = notebook
        self.cancelled = cancelled
        self.participants: list[Participant] = []
        self._selector = selectors.DefaultSelector()
        self._steps = 0
        self._moved = 0
        """Bytes that were read; tells whether it is quiet."""

    def connect(self, name: str, address: tuple[str, int], buffer: int = 0) -> Participant:
        """Connect one more participant.

        Args:
            buffer: bytes that the system may keep for it; 0 leaves that to the system.

        Raises:
            OSError: the program does not accept.
        """
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        sock = socket.socket(family)
        try:
            if buffer:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
            sock.settimeout(CONNECT_SECONDS)
            self.note(name, "connect")
            sock.connect(address)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.settimeout(0)
        except OSError:
            sock.close()
            raise
        return self.take(name, sock)

    def take(self, name: str, sock: socket.socket) -> Participant:
        """Take in a connection that has been made; its socket does not block."""
        made = Participant(name, sock, self)
        self.participants.append(made)
        self.watch(made)
        return made

    def turn_page(self, notebook: Notebook) -> None:
        """Write the steps from now on into another notebook."""
        self.notebook = notebook
        self._steps = 0

    def watch(self, one: Participant) -> None:
        """See that the selector waits for what this participant waits for."""
        wanted = 0
        if one in self.participants and not one.end:
            wanted = (0 if one.is_deaf else selectors.EVENT_READ) | (
                selectors.EVENT_WRITE if one.waiting else 0
            )
        known = one.sock in self._selector.get_map() if one.sock.fileno() >= 0 else False
        if known and wanted:
            self._selector.modify(one.sock, wanted, one)
        elif known:
            self._selector.unregister(one.sock)
        elif wanted:
            self._selector.register(one.sock, wanted, one)

    def release(self, one: Participant) -> None:
        """Close the socket of a participant who leaves."""
        if one in self.participants:
            self.participants.remove(one)
        self.watch(one)
        one.sock.close()

    def wait(self, until: Callable[[], bool], seconds: float = HEAR_SECONDS) -> bool:
        """Read and write until a condition holds; return whether it does.

        Raises:
            CancelledError: the user does not want to wait.
            WrongError: the program sends without end.
        """
        deadline = time.monotonic() + seconds
        while not until():
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            if self.cancelled():
                raise CancelledError
            self._turn(min(left, _LOOK_AGAIN))
        return True

    def _turn(self, seconds: float) -> None:
        if not self._selector.get_map():
            time.sleep(seconds)  # everybody has gone, and Windows' select wants at least one socket
            return
        for key, events in self._selector.select(seconds):
            one: Participant = key.data
            if events & selectors.EVENT_READ:
                before = len(one.received)
                one.read()
                self._moved += len(one.received) - before
                if len(one.received) > _MOST_RECEIVED:
                    raise WrongError(
                        _("no more than was said"),
                        _(
                            "Your program sends without end: {bytes} came to {name}, who had not asked "
                            "for it."
                        ).format(
                            bytes=plural("{count} byte", "{count} bytes", len(one.received)), name=one.name
                        ),
                        bytes(one.received[:_MOST_OF_A_STEP]),
                    )
            if events & selectors.EVENT_WRITE and not one.end:
                one.write()

    def settle(self, most: float = 2.0) -> None:
        """Wait until nothing comes any more."""
        deadline = time.monotonic() + most
        while time.monotonic() < deadline:
            before = self._moved
            if not self.wait(lambda before=before: self._moved != before, QUIET_SECONDS):  # type: ignore[misc]
                return

    def pause(self, seconds: float) -> None:
        """Let the program do what it does with what was sent."""
        self.wait(lambda: False, seconds)

    def dismiss(self) -> None:
        """Let everybody go as well-behaved clients do: read all, and close when the program does, or soon."""
        for one in self.participants:
            one.is_deaf = False
            one.forget()
            with contextlib.suppress(OSError):
                one.sock.shutdown(socket.SHUT_WR)
            self.watch(one)
        deadline = time.monotonic() + 1.0
        with contextlib.suppress(CancelledError, WrongError):
            while time.monotonic() < deadline and any(not one.end for one in self.participants):
                self._turn(_LOOK_AGAIN)
                for one in self.participants:
                    one.forget()
        for one in [*self.participants]:
            self.release(one)

    def leave(self) -> None:
        """Let everybody go; nobody joins any more."""
        self.dismiss()
        self._selector.close()

    def note(self, who: str, call: str, data: bytes = b"", text: str = "") -> None:
        """Write a step down; of very many only the first, and of very long ones the beginning."""
        self._steps += 1
        if self._steps < _MOST_STEPS:
            if len(data) > _MOST_OF_A_STEP:
                more = plural("{count} byte in all", "{count} bytes in all", len(data))
                text = f"{text}; {more}" if text else more
            self.notebook.note_call(who, call, data[:_MOST_OF_A_STEP], text)
        elif self._steps == _MOST_STEPS:
            self.notebook.remark(_("The calls that follow are not written down."))


def fresh_words() -> Iterator[str]:
    """Yield texts that nobody has said before, none of which is a part of another."""
    run = secrets.token_hex(2)
    for number in itertools.count(1):
        yield f"hello{number}-{run}"


def names(several: Iterable[Participant]) -> str:
    """Return the names of participants for a sentence."""
    return ", ".join(one.name for one in several)
