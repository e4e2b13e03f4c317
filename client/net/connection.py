"""A client's connection: one thread receives, one thread sends, and neither knows of any window.

    receiving thread   connect, then recv → LineReader → Message → queue.Queue ─→ owner (Tk polls it)
    sending thread     owner → queue → sendall

The receiving thread lives as long as the `Connection` and connects again after a loss, with a growing pause.
Each connection has a sending thread of its own. No lock guards the socket: one thread reads, another writes.
"""

import contextlib
import errno
import queue
import random
import socket
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from client.model.costs import OBJECT, cost_of
from client.model.events import (
    Problem,
    TransportClosed,
    TransportConnecting,
    TransportEvent,
    TransportOpened,
    TransportReceived,
)
from client.net.address import format_address
from client.net.sized_queue import SizedQueue
from client.net.tls import Tls, TlsProblemError
from protocol import ircv3
from protocol.class_words import DESK_TAGS
from protocol.framing import LineReader
from protocol.message import MalformedLineError, Message, parse
from sockets.tap import ActivityTap, Call, CallName, Tap

CONNECT_TIMEOUT: Final = 10.0
"""Seconds for each of the host's addresses."""
FIRST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 30.0
"""Seconds between two tries: 1, 2, 4 … 30, each varied by `JITTER`."""
JITTER: Final = 0.2
"""Part by which a pause varies, so that a class does not come back all at the same moment."""
STABLE_AFTER: Final = 20.0
"""Seconds after which a connection counts as good, and the pauses start again from the shortest."""
GOODBYE_PATIENCE: Final = 2.0
"""Seconds that the server has to close the connection after our QUIT."""
STALLED_AFTER: Final = 60.0
"""Seconds in which the server takes none of our bytes, after which the connection counts as lost."""
RECEIVE_SIZE: Final = 65536
MAX_MESSAGES: Final = 100
"""Messages in one `TransportReceived`: what the owner handles without a look at anything else."""
MAX_UNSENT: Final = 256 * 1024
"""Bytes that wait for the sending thread, beyond which the owner should handle nothing that may add more."""
MAX_RECEIVED: Final = 1024 * 1024
"""Bytes of the events in the owner's queue; when it is full, TCP's flow control slows the server down."""
_USED_TAGS: Final = DESK_TAGS | {name for key, name in vars(ircv3).items() if key.startswith("TAG_")}
_END: Final = b""
_TLS_RECORDS: Final = (b"\x15\x03", b"\x16\x03")
"""How an alert and a handshake of TLS begin (RFC 8446 section 5.1)."""
_EXHAUSTED: Final = (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS)
_LONG: Final = 3600.0
"""Seconds after which a quiet `recv` is repeated; the session's PING finds dead connections much earlier."""
_CHECK: Final = 0.25
"""Seconds after which a thread that waits for the owner or for the peer looks whether it should end."""


def new_event_queue() -> "queue.Queue[TransportEvent]":
    """Return a queue of the right size for a `Connection`."""
    return SizedQueue(MAX_RECEIVED, _cost_of_event)


def _cost_of_event(event: TransportEvent) -> int:
    return OBJECT + (sum(map(cost_of, event.messages)) if isinstance(event, TransportReceived) else 0)


def decode_tolerantly(raw: bytes) -> Message | None:
    """Parse a line as a client must: UTF-8, else Windows-1251 as on old networks; None if malformed.

    Tags that nobody here looks at are left out: a line has room for four thousand of them.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("cp1251", "replace")
    try:
        message = parse(text)
    except MalformedLineError:
        return None
    if message.tags.keys() <= _USED_TAGS:
        return message
    return message._replace(tags={key: message.tags[key] for key in _USED_TAGS & message.tags.keys()})


class _Link:
    """One established connection: its socket and its sending thread.

    1. Only the receiving thread MUST read the socket, and only the sending thread MUST write to it.
    2. `put`, `end` and `break_off` MUST NOT wait for the peer: the window's thread calls them.
    3. Lines MUST go out whole, in the order in which they were put.
    4. After `end`, what was put before it MUST be sent before the connection is closed, if the peer takes it
       within `GOODBYE_PATIENCE`.
    5. After `break_off`, both threads MUST end soon, whatever the peer does: one that floods, one that reads
       nothing, one whose cable is pulled.
    6. A descriptor MUST NOT be closed while another thread may be about to use it, except on Windows, where
       nothing else wakes a `recv`.
    """

    def __init__(
        self, sock: socket.socket, local: str, peer: str, tap: Tap | None, activity_tap: ActivityTap
    ) -> None:
        """Raises OSError, with the socket still the caller's to close, if it is closed already."""
        self.sock = sock
        self.local = local
        self.peer = peer
        self.over = threading.Event()
        """Set when nothing is received any more."""
        self.broken = threading.Event()
        """Set when nothing should be received any more: under a flood `recv` goes on after `shutdown`."""
        self.stalled = False
        """The peer took nothing for too long."""
        self._tap = tap
        self._activity_tap = activity_tap
        self._outgoing: SizedQueue[bytes] = SizedQueue(0, lambda line: len(line) or 1)
        """Not bounded: nobody who puts lines may wait here. An empty line: there will be no more."""
        # A timeout belongs to the Python object, so each thread has its own. Both need one, because below
        # it the system's socket, which the two share, is non-blocking.
        self._out = sock.dup()
        self._out.settimeout(_CHECK)
        sock.settimeout(_LONG)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._send_lines, name="sender", daemon=True)
        try:
            self._thread.start()
        except RuntimeError:  # there are too many threads
            self._out.close()
            raise

    def put(self, lines: Sequence[str]) -> None:
        """Send these lines; may be called from any thread, does not wait."""
        for line in lines:
            if self.broken.is_set():
                break
            text = line.replace("\r", " ").replace("\n", " ")
            self._outgoing.put(text.encode("utf-8", "replace") + b"\r\n")

    @property
    def waiting(self) -> int:
        """Lines that wait to be sent."""
        return self._outgoing.qsize()

    @property
    def is_full(self) -> bool:
        """Tell whether so much waits to be sent that no more should be added."""
        return self._outgoing.size > MAX_UNSENT and not self.broken.is_set()

    def end(self) -> None:
        """Send what waits, then close the connection; may be called from any thread, does not wait."""
        self._ending.set()
        self._outgoing.put(_END)

    def break_off(self) -> None:
        """Wake both threads, once; may be called from any thread, does not wait."""
        if self.broken.is_set():
            return
        self.broken.set()
        with contextlib.suppress(OSError):
            self._out.shutdown(socket.SHUT_RDWR)
        # On Linux `shutdown` wakes a `recv` that waits, on Windows `close` does; but a socket that is closed
        # just before another thread's `recv` would let that one wait for ever on Linux.
        if sys.platform == "win32":
            self.sock.close()
        self._outgoing.put(_END)

    def close(self) -> None:
        """Close the connection and wait for the sending thread; for the receiving thread."""
        self.over.set()
        self.break_off()
        self._thread.join()
        self._out.close()
        self.sock.close()
        self.report("close")

    def report(
        self,
        name: CallName,
        data: bytes = b"",
        before: bytes = b"",
        after: bytes = b"",
        began: float | None = None,
    ) -> None:
        """Show a call to the watcher, if there is one; `began`: the time, if it is not now."""
        if self._tap:
            when = time.time() if began is None else began
            self._tap(Call(name, self.peer, data, before, after, time=when, local=self.local))

    def _send_lines(self) -> None:
        whole = True
        while whole:
            self._activity_tap("wait", self.peer)
            line = self._outgoing.get()
            if line == _END:
                break
            self._activity_tap("send", self.peer)
            whole = self._send_all(line)
        if whole and self._ending.is_set():
            # Closing at once could discard the QUIT on its way: the server closes when it has read it.
            with contextlib.suppress(OSError):
                self._out.shutdown(socket.SHUT_WR)
            self.over.wait(GOODBYE_PATIENCE)
        self.break_off()

    def _send_all(self, data: bytes) -> bool:
        """`socket.sendall` that can be ended; False if the connection is lost."""
        moved_at = time.monotonic()
        while data:
            patience = GOODBYE_PATIENCE if self._ending.is_set() else STALLED_AFTER
            began = time.time()  # the answer may come before `send` is back
            try:
                count = self._out.send(data)
            except TimeoutError:
                if time.monotonic() - moved_at > patience:
                    self.stalled = True
                    return False
                continue
            except OSError:
                return False
            self.report("send", data[:count], after=data[count:], began=began)
            data = data[count:]
            moved_at = time.monotonic()
        return True


class Connection:
    """A connection to one server, made again after each loss until `close`.

    Args:
        host: name or address of the server.
        port: its TCP port.
        events: bounded queue that the receiving thread fills; see `new_event_queue`.
        tap: watcher of the socket calls.
        activity_tap: told what the threads do.
        tls: speak TLS, and know the server so; None: speak without.
    """

    def __init__(
        self,
        host: str,
        port: int,
        events: "queue.Queue[TransportEvent]",
        *,
        tap: Tap | None = None,
        activity_tap: ActivityTap | None = None,
        tls: Tls | None = None,
    ) -> None:
        self.address = format_address(host, port)
        self.retrying = True
        """Whether to connect again by itself after a loss; may be set from any thread."""
        self._host, self._port = host, port
        self._events = events
        self._tap = tap
        self._activity_tap = activity_tap or (lambda activity, about: None)
        self._tls = tls
        self._link: _Link | None = None
        self._count = 0
        self._heard = False
        """The server has said something, so it speaks as we do."""
        self._closing = threading.Event()
        self._wake = threading.Event()
        self._thread = threading.Thread(target=self._run, name="receiver", daemon=True)

    def start(self) -> None:
        """Start the receiving thread, which connects; to be called once."""
        self._thread.start()

    def send(self, lines: Sequence[str], number: int | None = None) -> None:
        """Send lines without line ends; does not wait, may be called from any thread.

        Lines for a connection that is gone are dropped: `number` is `TransportOpened.number` of the one that
        they were written for, None means whichever stands.
        """
        link = self._link
        if link and (number is None or number == self._count):
            link.put(lines)

    @property
    def unsent(self) -> int:
        """Lines that wait for the sending thread; may be asked from any thread."""
        link = self._link
        return link.waiting if link else 0

    @property
    def is_full(self) -> bool:
        """Tell whether so much waits for the sending thread that the owner should handle nothing more of what
        the server says: the answers would pile up. May be asked from any thread.
        """
        link = self._link
        return link is not None and link.is_full

    def reconnect_now(self) -> None:
        """Drop the connection if there is one, and connect without a pause; may be called from any thread."""
        self._wake.set()
        link = self._link
        if link:
            link.break_off()

    def close(self, quit_line: str = "") -> None:
        """Send a last line and end both threads; does not wait, may be called from any thread."""
        # First: a link that is made after we have looked for one sees it, and ends.
        self._closing.set()
        self._wake.set()
        link = self._link
        if link:
            if quit_line:
                link.put([quit_line])
            link.end()

    def join(self, timeout: float | None = None) -> bool:
        """Wait, after `close`, until the threads have ended; False if they have not in `timeout` seconds."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        attempt = 0
        while True:
            # `close` sets `_closing` first: a wake that is cleared here cannot be the one that said so.
            self._wake.clear()
            if self._closing.is_set():
                return
            attempt += 1
            self._activity_tap("connect", self.address)
            self._put(TransportConnecting())
            began = time.monotonic()
            try:
                link = self._open()
            except Exception as error:  # whatever it is: who waits for this thread must hear of it
                closed = TransportClosed(_reason(error), str(error), None, getattr(error, "fingerprint", ""))
            else:
                closed = TransportClosed(*self._receive_until_lost(link), None)
                if time.monotonic() - began > STABLE_AFTER:
                    attempt = 1
            self._pause(closed, attempt)

    def _connect(self) -> socket.socket:
        sock = socket.create_connection((self._host, self._port), CONNECT_TIMEOUT)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        return sock

    def _open(self) -> _Link:
        sock = self._connect()
        try:
            local, peer = (format_address(*name[:2]) for name in (sock.getsockname(), sock.getpeername()))
            if self._tls:
                # Python's TLS takes megabytes, and most servers of a lesson speak plain text.
                from client.net.handshake import secure  # noqa: PLC0415

                sock = secure(sock, self._host, self._tls, self._connect, self._closing.is_set)
            link = _Link(sock, local, peer, self._tap, self._activity_tap)
        except TlsProblemError:
            raise
        except OSError as error:
            sock.close()
            raise ConnectionResetError(str(error)) from error
        except RuntimeError:  # there are too many threads
            sock.close()
            raise
        link.report("connect")
        return link

    def _receive_until_lost(self, link: _Link) -> tuple[Problem, str]:
        self._count += 1
        self._link = link
        try:
            if self._closing.is_set():
                link.end()
            self._put(TransportOpened(self._count))
            problem, detail = self._receive(link)
            # Many servers that wait for a TLS handshake hang up when something else comes.
            silent = not (self._heard or self._tls or link.stalled or self._wake.is_set())
            if silent and problem is not Problem.TLS_WANTED:
                problem = Problem.CLOSED_SILENTLY
            return problem, detail
        except Exception as error:
            return Problem.LOST, str(error)
        finally:
            self._link = None
            link.close()

    def _receive(self, link: _Link) -> tuple[Problem, str]:
        reader = LineReader()
        while not link.broken.is_set():
            before = reader.held
            self._activity_tap("recv", link.peer)
            try:
                data = link.sock.recv(RECEIVE_SIZE)
            except TimeoutError:
                continue
            except OSError as error:
                return Problem.LOST, str(error)
            at = time.monotonic()
            if not self._heard and not self._tls and data.startswith(_TLS_RECORDS):
                return Problem.TLS_WANTED, ""
            self._heard |= bool(data)
            self._activity_tap("parse", link.peer)
            lines = reader.feed(data)
            link.report("recv", data, before, reader.held)
            if not data:
                return (Problem.LOST if link.broken.is_set() else Problem.CLOSED_BY_SERVER), ""
            for messages in _portions(lines):
                self._activity_tap("queue", link.peer)
                self._put(TransportReceived(messages, at))
        return Problem.LOST, ""

    def _pause(self, closed: TransportClosed, attempt: int) -> None:
        """Tell the owner that there is no connection; wait until it is time, or until told, to try again."""
        pause = 0.0
        if not self._wake.is_set():
            pause = min(FIRST_PAUSE * 2 ** min(attempt - 1, 10), LONGEST_PAUSE)
            pause *= random.uniform(1 - JITTER, 1 + JITTER)
        self._put(replace(closed, retry_in=pause) if self.retrying else closed)
        self._activity_tap("pause", self.address)
        self._wake.wait(pause)
        if not self.retrying:
            self._wake.wait()

    def _put(self, event: TransportEvent) -> None:
        """Put an event into the owner's queue; wait while it is full, but not when closing."""
        while not self._closing.is_set():
            try:
                self._events.put(event, timeout=_CHECK)
                return
            except queue.Full:
                continue


def _portions(lines: Sequence[bytes]) -> Iterator[list[Message]]:
    for start in range(0, len(lines), MAX_MESSAGES):
        portion = lines[start : start + MAX_MESSAGES]
        if messages := [message for line in portion if (message := decode_tolerantly(line))]:
            yield messages


def _reason(error: Exception) -> Problem:
    if isinstance(error, TlsProblemError):
        return error.problem
    if isinstance(error, socket.gaierror | UnicodeError):
        return Problem.UNKNOWN_HOST
    if isinstance(error, ConnectionRefusedError):
        return Problem.REFUSED
    if isinstance(error, TimeoutError):
        return Problem.TIMEOUT
    is_scarce = isinstance(error, OSError) and error.errno in _EXHAUSTED
    if is_scarce or isinstance(error, RuntimeError | MemoryError):
        return Problem.EXHAUSTED
    if isinstance(error, ConnectionError):
        return Problem.LOST
    return Problem.UNREACHABLE
