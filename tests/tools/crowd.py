"""Many clients of a server in one thread: what measurements and the soak test need."""

import re
import selectors
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from tests.tools.irc import Client

_STAMP: Final = re.compile(r"PRIVMSG #lab :@(\d+\.\d+) ")


class Talker(Client):
    """A client that registers, joins `#lab`, answers PING, and notes how late each message came."""

    def __init__(self, address: tuple[str, int], nick: str) -> None:
        """Connect, and send what lets it in; `joined` tells when it is there."""
        super().__init__(address, nick)
        self.joined = False
        self.introduce(nick)
        self.send("JOIN #lab")

    def offer(self, line: str) -> None:
        """Send a line; what the socket does not take at once is given up."""
        self.socket.settimeout(0)
        with suppress(BlockingIOError):
            self.socket.send(line.encode() + b"\r\n")

    def stamp(self, text: str) -> None:
        """Say a text in the room, with the time at which it was said before it."""
        self.offer(f"PRIVMSG #lab :@{time.monotonic():.6f} {text}")

    def read(self) -> list[float]:
        """Take what has come; return how late each message came, in seconds."""
        now = time.monotonic()
        delays = []
        for line in self.take():
            if stamp := _STAMP.search(line):
                delays.append(now - float(stamp[1]))
            elif " 366 " in line:
                self.joined = True
            elif line.startswith("PING"):
                self.offer(line.replace("PING", "PONG", 1))
        self.lines.clear()
        return delays


class Crowd:
    """Clients that are served by one selector."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address
        self.talkers: list[Talker] = []
        self.delays: list[float] = []
        """Seconds from sending to receiving, of each message received."""
        self._selector = selectors.DefaultSelector()

    def join(self, nick: str) -> None:
        """Connect another client."""
        talker = Talker(self.address, nick)
        self.talkers.append(talker)
        self._selector.register(talker.socket, selectors.EVENT_READ, talker)

    def leave(self, talker: Talker, *, politely: bool = True) -> None:
        """Disconnect a client, with QUIT or without a word."""
        if politely:
            with suppress(OSError):
                talker.offer("QUIT :bye")
        self._selector.unregister(talker.socket)
        talker.close()
        self.talkers.remove(talker)

    def run(self, until: Callable[[], bool], seconds: float) -> bool:
        """Read until a condition holds or the time is over; tell whether it holds."""
        deadline = time.monotonic() + seconds
        while not until():
            if time.monotonic() > deadline:
                return False
            self.read(0.02)
        return True

    def read(self, timeout: float) -> None:
        """Take what has come for anybody."""
        for key, _events in self._selector.select(timeout):
            self.delays += key.data.read()
            if key.data.closed:
                self.leave(key.data, politely=False)

    def close(self) -> None:
        for talker in list(self.talkers):
            self.leave(talker)
        self._selector.close()
