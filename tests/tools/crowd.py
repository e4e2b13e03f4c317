"""Many clients of a server in one thread: what measurements and the soak test need."""

import re
import selectors
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

_STAMP: Final = re.compile(rb"PRIVMSG #lab :@(\d+\.\d+) ")
RECV_SIZE: Final = 65536


class Talker:
    """A client that registers, joins `#lab`, answers PING, and notes how late each message came."""

    def __init__(self, crowd: "Crowd", nick: str) -> None:
        self.nick = nick
        self.joined = False
        self.closed = False
        self.received = 0
        self.last_line = b""
        self.rest = b""
        self.socket = socket.create_connection(crowd.address, 10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.send(f"NICK {nick}\r\nUSER {nick} 0 * :{nick}\r\nJOIN #lab\r\n")
        self.socket.setblocking(False)

    def send(self, text: str) -> None:
        """Send a few lines; what the socket does not take at once is not sent, and the line is given up."""
        with suppress(BlockingIOError):
            self.socket.send(text.encode())


class Crowd:
    """Clients that are served by one selector."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address
        self.talkers: list[Talker] = []
        self.delays: list[float] = []
        """Seconds from sending to receiving, of each message received."""
        self._selector = selectors.DefaultSelector()

    def join(self, nick: str) -> Talker:
        """Connect another client."""
        talker = Talker(self, nick)
        self.talkers.append(talker)
        self._selector.register(talker.socket, selectors.EVENT_READ, talker)
        return talker

    def leave(self, talker: Talker, *, politely: bool = True) -> None:
        """Disconnect a client, with QUIT or without a word."""
        if politely:
            with suppress(OSError):
                talker.send("QUIT :bye\r\n")
        self._selector.unregister(talker.socket)
        talker.socket.close()
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
            self._read_one(key.data)

    def close(self) -> None:
        for talker in list(self.talkers):
            self.leave(talker)
        self._selector.close()

    def _read_one(self, talker: Talker) -> None:
        try:
            data = talker.socket.recv(RECV_SIZE)
        except BlockingIOError:
            return
        except ConnectionError:
            data = b""
        if not data:
            talker.closed = True
            self.leave(talker, politely=False)
            return
        now = time.monotonic()
        *lines, talker.rest = (talker.rest + data).split(b"\r\n")
        for line in lines:
            stamp = _STAMP.search(line)
            if stamp:
                talker.received += 1
                self.delays.append(now - float(stamp[1]))
            elif b" 366 " in line:
                talker.joined = True
            elif line.startswith(b"PING"):
                talker.send("PONG" + line[4:].decode() + "\r\n")
            talker.last_line = line
