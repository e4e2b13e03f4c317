"""IRC clients of the tests: plain sockets that send lines and expect lines, with a deadline.

def test_a_message_reaches_the_room(irc):
    anna, boris = irc.client("Анна"), irc.client("Борис")
    for client in (anna, boris):
        client.enter()
    anna.send("PRIVMSG #lab :Привет!")
    boris.expect(r"^:Анна!\\S+ PRIVMSG #lab :Привет!$")
"""

import itertools
import re
import socket
import time
from collections import deque
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

DEADLINE: Final = 10.0
"""Seconds that an expected line may take."""
TAGS: Final = ("message-tags", "server-time", "echo-message", "batch")
"""Capabilities without which our server's messages have no tags, echoes or pages."""
RECV_SIZE: Final = 65536
_TOKENS: Final = itertools.count(1)


class Client:
    """One connection to an IRC server. It answers nothing by itself, not even PING."""

    def __init__(self, address: tuple[str, int], name: str = "") -> None:
        """Connect.

        Args:
            address: host and port of the server.
            name: what failures call this client.

        Raises:
            OSError: nobody listens there.
        """
        self.name = name
        self.lines: list[str] = []
        """Every line received so far, without line ends."""
        self.closed = False
        """The server has closed the connection."""
        self._waiting: deque[str] = deque()
        self._rest = b""
        self._missed: list[str] = []
        self.socket = socket.create_connection(address, DEADLINE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def register(self, nick: str, *, password: str = "", capabilities: Iterable[str] = ()) -> None:
        """Introduce oneself (RFC 2812 section 3.1) and wait for the end of the greeting (376 or 422).

        Raises:
            AssertionError: the server does not let this client in.
        """
        wanted = " ".join(capabilities)
        if wanted:
            self.send("CAP LS 302")
            self.send(f"CAP REQ :{wanted}")
        if password:
            self.send(f"PASS {password}")
        self.introduce(nick)
        if wanted:
            self.expect(r" CAP \S+ ACK ")
            self.send("CAP END")
        self.expect(r"^\S+ (376|422) ")

    def introduce(self, nick: str) -> None:
        """Send NICK and USER, and wait for nothing."""
        self.name = nick
        self.send(f"NICK {nick}")
        self.send("USER test 0 * :A test")

    def enter(self, *rooms: str) -> Self:
        """Join rooms, `#lab` unless others are named, and wait for the end of each list of names (366).

        Args:
            rooms: names, each with its key behind a space where it has one.

        Raises:
            AssertionError: the server does not let this client in.
        """
        for room in rooms or ("#lab",):
            self.send(f"JOIN {room}")
            self.expect(rf" 366 \S+ {re.escape(room.split()[0])} ")
        return self

    def send(self, line: str) -> None:
        """Send a line; its line end is added."""
        self.send_bytes(line.encode("utf-8") + b"\r\n")

    def send_bytes(self, raw: bytes) -> None:
        """Send bytes as they are."""
        self.socket.settimeout(DEADLINE)
        self.socket.sendall(raw)

    def expect(self, pattern: str, timeout: float = DEADLINE) -> re.Match[str]:
        """Wait for a line in which the regular expression is found; it and all lines before it are consumed.

        Raises:
            AssertionError: no such line within `timeout` seconds, or the server closed the connection before.
        """
        deadline = time.monotonic() + timeout
        wanted = re.compile(pattern)
        self._missed.clear()
        while True:
            line = self._next_line(deadline)
            if line is None:
                raise AssertionError(self._failure(f"no line matched {pattern!r}"))
            found = wanted.search(line)
            if found:
                return found
            self._missed.append(line)

    def expect_nothing(self) -> None:
        """Check that the server had nothing to say.

        Raises:
            AssertionError: another line came.
        """
        self.expect_nothing_but("(?!)")

    def expect_nothing_but(self, pattern: str) -> None:
        """Check what the server had to say before the PONG to a fresh PING: only lines that match.

        Raises:
            AssertionError: another line came.
        """
        token = f"nothing-{next(_TOKENS)}"
        self.send(f"PING {token}")
        self.expect(rf"PONG .*{token}")
        self._missed = [line for line in self._missed if not re.search(pattern, line)]
        if self._missed:
            raise AssertionError(self._failure(f"expected nothing but {pattern!r}"))

    def expect_closed(self, timeout: float = DEADLINE) -> list[str]:
        """Wait until the server closes the connection; return the lines that came before.

        Raises:
            AssertionError: it is still open after `timeout` seconds.
        """
        deadline = time.monotonic() + timeout
        self._missed.clear()
        while (line := self._next_line(deadline)) is not None:
            self._missed.append(line)
        if not self.closed:
            raise AssertionError(self._failure("the connection was not closed"))
        return list(self._missed)

    def take(self) -> list[str]:
        """Return the lines that have come and that nobody has waited for; wait for no others."""
        self._receive(0)
        taken = list(self._waiting)
        self._waiting.clear()
        return taken

    def close(self) -> None:
        """Close the connection without a word; again is allowed."""
        self.socket.close()

    def _next_line(self, deadline: float) -> str | None:
        while not self._waiting and not self.closed:
            left = deadline - time.monotonic()
            if left <= 0 or not self._receive(left):
                return None
        return self._waiting.popleft() if self._waiting else None

    def _receive(self, timeout: float) -> bool:
        """Receive once; return False if nothing came within `timeout` seconds."""
        self.socket.settimeout(timeout)
        try:
            data = self.socket.recv(RECV_SIZE)
        except (TimeoutError, BlockingIOError):
            return False
        except ConnectionError:
            data = b""
        self.closed = not data
        *whole, self._rest = (self._rest + data).split(b"\r\n")
        lines = [line.decode("utf-8", "backslashreplace") for line in whole]
        self._waiting += lines
        self.lines += lines
        return True

    def _failure(self, what: str) -> str:
        received = "\n    ".join(self._missed) or "(nothing)"
        end = "\n    (closed by the server)" if self.closed else ""
        return f"{self.name or 'client'}: {what}; received:\n    {received}{end}"


class Irc:
    """A real server in this process, started when it is first needed, and its test clients.

    Everything that it started ends with the test.
    """

    def __init__(self, folder: Path) -> None:
        """Args: folder: where the history is kept."""
        self._folder = folder
        self._clients: list[Client] = []
        self._servers: list[Any] = []
        self.tap: Any = None
        """A tap for the servers that start from now on (`sockets.tap`)."""

    @property
    def address(self) -> tuple[str, int]:
        """Where the newest server listens; starts one if there is none."""
        if not self._servers:
            self.server()
        host, port = self._servers[-1].address
        return host, port

    @property
    def history(self) -> Path:
        """The history file of the servers that are not given another."""
        return self._folder / "history.sqlite3"

    def server(self, **options: Any) -> Any:
        """Start a server (`server.ChatServer`) on a free port; new clients connect to it.

        Args:
            options: fields of `server.ServerOptions` and `chatroom.config.Config`; others are as the command
                line has them, but the history is in the test's folder and nothing is throttled.
        """
        import server
        from chatroom.config import Config

        settings = {name: options.pop(name) for name in Config.__slots__ if name in options}
        chosen: dict[str, Any] = {
            "port": 0,
            "history": self.history,
            "quiet": True,
            "config": Config(**{"throttle": False} | settings),
        }
        started = server.ChatServer(server.ServerOptions(**chosen | options), self.tap)
        started.start()
        self._servers.append(started)
        return started

    def stop(self, started: Any) -> None:
        """Stop a server that `server` started."""
        self._servers.remove(started)
        started.stop()

    def raw(self) -> Client:
        """A client that is connected and has said nothing."""
        client = Client(self.address)
        self._clients.append(client)
        return client

    def client(self, nick: str, *, password: str = "", capabilities: Iterable[str] = ()) -> Client:
        """A client that is registered and has read the greeting."""
        client = self.raw()
        client.register(nick, password=password, capabilities=capabilities)
        return client

    def close(self) -> None:
        """Close the clients and stop the servers."""
        for client in self._clients:
            client.close()
        while self._servers:
            self._servers.pop().stop()
