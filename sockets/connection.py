"""One client's connection at the server: read by a thread of its own, written by the hub without waiting."""

import contextlib
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Final

from protocol.framing import MAX_LINE, LineReader
from sockets.hangup import has_hung_up
from sockets.starter import ThreadStarter
from sockets.tap import ActivityTap, Call, Tap
from translations import later

RECV_SIZE: Final = 64 * 1024
IDLE_SECONDS: Final = 90.0
"""A client that has been silent for so long is sent PING; after the same time again it is dropped."""
MAX_TURN: Final = 40
"""Lines of a throttled client that the hub gets at once."""
MAX_UNTHROTTLED_TURN: Final = 1000
GONE_SECONDS: Final = 2.0
"""How long after the other side has hung up its bytes that wait are still read."""
PROBE_SECONDS: Final = 5.0
"""How often a client that is slowed down is sent something. The end of its stream may be stuck behind bytes
that are not read; if it has hung up, its system answers that nobody is there."""
MAX_SENDQ: Final = 1024 * 1024
"""Bytes that may wait for a client in the long run, and that it has to take in SENDQ_SECONDS when more
wait."""
SENDQ_SECONDS: Final = 5.0
MOST_SENDQ: Final = 8 * MAX_SENDQ
"""Bytes that may wait for a client at all."""
TLS_HANDSHAKE: Final = b"\x16\x03"
"""How a client begins that speaks TLS (RFC 8446 section 5.1); no line does."""
ANSWER_ROOM: Final = 128 * 1024
"""With more bytes waiting for it, a client is given no more answers: its own next lines wait."""


@dataclass(frozen=True)
class Event:
    """What has happened on a connection."""

    connection: "Connection"


class ClientConnected(Event):
    """The first event of a connection."""


@dataclass(frozen=True)
class LinesReceived(Event):
    """Lines that came in one `recv`, without line ends. To parse them is work, and so the hub's."""

    lines: list[bytes]


class ClientIdle(Event):
    """Nothing has come for IDLE_SECONDS."""


@dataclass(frozen=True)
class ClientDisconnected(Event):
    """The last event of a connection, and why it has ended."""

    reason: str


class ClientSlowed(Event):
    """What the client sends has not been read for PROBE_SECONDS, because it sends too much."""


class ClientCaughtUp(Event):
    """Of what waited for the client, more than ANSWER_ROOM, less is left: it can be given answers again."""


Inbox = SimpleQueue[Event | Callable[[], object] | None]
"""What client threads put in and the hub takes out. A function is called by it; None asks it to stop."""


class Connection:
    """One client's socket: its own thread reads it, the hub writes to it without waiting.

    A socket with a timeout is non-blocking underneath, and the timeout belongs to the Python object; so a
    `dup` lets one thread wait in `recv` while another sends without waiting. Each descriptor is closed by
    the one thread that uses it: closed by another, its number could already be another socket's.
    """

    def __init__(
        self,
        sock: socket.socket,
        address: tuple[str, int],
        inbox: Inbox,
        starter: ThreadStarter,
        *,
        secure: bool = False,
        throttle: Callable[[int], float] | None = None,
        outside: socket.socket | None = None,
        tap: Tap | None = None,
        activity_tap: ActivityTap | None = None,
    ) -> None:
        """Take over an accepted socket.

        Args:
            starter: starts the writer thread.
            secure: what came was encrypted on its way here.
            throttle: told how many lines came, returns how many seconds to wait before the next are read.
            outside: the socket to the other side, where this one leads only to a tunnel; asked whether that
                side has hung up.

        Raises:
            OSError: no descriptor is left for the socket's `dup`.
        """
        self.name = f"{address[0]}:{address[1]}"
        self.address = address
        self.secure = secure
        self.turn = threading.Lock()
        """Held while lines of this client wait in the inbox, so that no more are put there."""
        self._inbox = inbox
        self._starter = starter
        self._throttle = throttle
        self.outside = outside or sock
        self._hung_up_since: float | None = None
        self._probed_at = 0.0
        self._tap = tap
        self._activity_tap = activity_tap
        self._socket = sock
        self._socket.settimeout(IDLE_SECONDS)
        self._hub_socket = sock.dup()
        self._hub_socket.settimeout(0)
        self._rest = bytearray()
        self._sent = 0
        """Bytes that a writer thread has sent."""
        self._judged: tuple[float, int] | None = None
        """When more than MAX_SENDQ began to wait, or was last found to become less, and `_sent` then."""
        self._rest_lock = threading.Lock()
        self._writer_thread_runs = False
        self._finishing = False
        self._needed = threading.Lock()
        """Held until the hub needs the connection no more."""
        self._needed.acquire()
        self.thread = threading.Thread(target=self._read, name=f"client {self.name}", daemon=True)

    def _read(self) -> None:
        """Read until the connection ends; the client's own thread.

        1. However it ends, its last event MUST reach the hub, or the client stays in the rooms as a ghost.
        2. It MUST NOT end before the hub has taken note: where thousands hang up at once, so many ending
           threads would hold Python's lock one after the other, and the hub would wait for them.
        """
        reason = "Internal error"
        try:
            self._inbox.put(ClientConnected(self))
            reason = self._read_lines()
        except MemoryError:
            reason = "Out of memory"
        finally:
            self._tell_the_end(reason)
            self._needed.acquire(timeout=IDLE_SECONDS)
            self.close()
        if self._tap:
            self._tap(Call("close", self.name))

    def _tell_the_end(self, reason: str) -> None:
        while True:
            try:
                self._inbox.put(ClientDisconnected(self, reason))
            except MemoryError:
                time.sleep(0.1)
            else:
                return

    def _read_lines(self) -> str:
        """Put what comes into the inbox; return why the connection has ended.

        1. No more than one batch of lines MUST be in the inbox (`turn`); a throttled client's MUST be small.
        2. Who sends too much MUST be slowed by not being read: TCP's flow control pushes back on him alone.
        3. That the other side has hung up MUST be noticed within seconds, also while nothing is read: the end
           of the stream stands behind the bytes that wait, and these die with the connection.
        4. Who speaks TLS to a port without it MUST see the end at once: any answer of ours would be no TLS.
        """
        reader = LineReader()
        is_first = True
        while True:
            self._show_activity("recv")
            try:
                data = self._socket.recv(RECV_SIZE)
            except TimeoutError:
                self._inbox.put(ClientIdle(self))
                continue
            except OSError as error:
                return error.strerror or str(error)
            self._show_activity("parse")
            held = reader.held
            lines = reader.feed(data)
            if self._tap:
                self._tap(Call("recv", self.name, data, held, reader.held))
            if not data:
                return "Connection closed"
            if is_first and data.startswith(TLS_HANDSHAKE):
                return later("TLS at a port without TLS")
            is_first = False
            if self._throttle:
                # Empty lines, an endless one, and one that comes byte by byte are work too.
                unheard = max(len(data) // MAX_LINE - len(lines), 0 if lines else 1)
                if unheard > 0 and not self._pause(self._throttle(unheard)):
                    return "Connection closed"
            step = MAX_TURN if self._throttle else MAX_UNTHROTTLED_TURN
            for start in range(0, len(lines), step):
                if not self._hand_over(lines[start : start + step]):
                    return "Connection closed"

    def _hand_over(self, lines: list[bytes]) -> bool:
        """Put lines into the inbox when it is their turn; False if the other side has gone."""
        if self._throttle and not self._pause(self._throttle(len(lines))):
            return False
        if self._finishing:
            return True
        self._show_activity("turn")
        while not self.turn.acquire(timeout=GONE_SECONDS):
            if self._is_left():
                return False
        self._show_activity("inbox")
        self._inbox.put(LinesReceived(self, lines))
        return True

    def _pause(self, delay: float) -> bool:
        """Do not read for so many seconds; return False if the other side has gone meanwhile."""
        if delay > 0:
            self._show_activity("throttle")
        if delay > 1 and time.monotonic() - self._probed_at >= PROBE_SECONDS:
            self._probed_at = time.monotonic()
            self._inbox.put(ClientSlowed(self))
        while delay > 0 and not self._finishing:
            if self._is_left():
                return False
            time.sleep(min(delay, 0.5))
            delay -= 0.5
        return True

    def _is_left(self) -> bool:
        """Tell whether the other side hung up GONE_SECONDS ago: then nobody waits for what it still said."""
        if not has_hung_up(self.outside):
            return False
        if self._hung_up_since is None:
            self._hung_up_since = time.monotonic()
        return time.monotonic() - self._hung_up_since >= GONE_SECONDS

    def _show_activity(self, activity: str) -> None:
        if self._activity_tap:
            self._activity_tap(activity, self.name)

    @property
    def waiting(self) -> int:
        """Bytes that the socket has not taken yet; may be called from any thread."""
        return len(self._rest)

    def send(self, data: bytes | bytearray) -> bool:
        """Send what the socket takes and keep the rest; return False if nobody can send that.

        Only the hub may call it.

        1. It MUST NOT wait for the socket: all other clients wait for the hub.
        2. It MUST put its bytes behind those that wait: while a writer thread runs, only that thread sends.
        3. After an error it MUST call `abort`: a line may have been cut, and nothing can follow it.
        4. It MUST NOT be called after `finish`.

        The hub asks `is_too_slow` how much that is, and calls `finish` with the reason.
        """
        if self._writer_thread_runs:  # if not, none can start meanwhile: only the hub starts one
            with self._rest_lock:
                if self._writer_thread_runs:
                    self._rest += data
                    return True
        began = time.time() if self._tap else 0.0
        try:
            sent = self._hub_socket.send(data)
        except BlockingIOError:
            sent = 0
        except OSError:
            self.abort()  # what was not sent is lost: nothing can follow it
            return True
        if self._tap:
            rest = bytes(data[sent:])
            self._tap(Call("send", self.name, bytes(data[:sent]), held_after=rest, time=began))
        if sent < len(data):
            self._rest = bytearray(data[sent:])
            return self._start_writer()
        return True

    def is_too_slow(self, now: float) -> bool:
        """Tell whether the client does not take what waits for it. Only the hub may call it.

        What counts is what stays: more than MAX_SENDQ waits, and in SENDQ_SECONDS the client has not taken
        so much. A burst hurts nobody who reads, unless it is greater than MOST_SENDQ.

        Args:
            now: seconds, `time.monotonic`.
        """
        if self.waiting <= MAX_SENDQ:
            self._judged = None
            return False
        since, sent = self._judged or (now, self._sent)
        if now - since >= SENDQ_SECONDS:
            if self._sent - sent < MAX_SENDQ:
                return True
            since, sent = now, self._sent
        self._judged = since, sent
        return self.waiting > MOST_SENDQ

    def _start_writer(self) -> bool:
        """Leave the rest to a writer thread; return False if no descriptor is left for it."""
        try:
            # Not in that thread: by then the hub may have closed its descriptor, and another have its number.
            sock = self._hub_socket.dup()
        except OSError:
            return False
        self._writer_thread_runs = True
        writer = threading.Thread(
            target=self._write_rest, args=(sock,), name=f"writer {self.name}", daemon=True
        )
        self._starter.start(writer, refused=lambda: self._give_up(sock))
        return True

    def _write_rest(self, sock: socket.socket) -> None:
        """Send what the socket did not take at once, until nothing is left; the writer thread."""
        sock.settimeout(IDLE_SECONDS)
        with sock:
            try:
                while chunk := self._next_chunk():
                    began = time.time()
                    sock.sendall(chunk)
                    self._sent += len(chunk)
                    if self._tap:
                        self._tap(Call("send", self.name, chunk, time=began))
                # The hub sends nothing more once it finishes; what it sent just before has another writer.
                if self._finishing and not self._writer_thread_runs:
                    sock.shutdown(socket.SHUT_WR)
            except (OSError, MemoryError):
                self._give_up(sock)

    def _give_up(self, sock: socket.socket) -> None:
        """Throw the rest away: a line may have been cut, so nothing can follow, and the connection ends."""
        self._finishing = True
        with self._rest_lock:
            self._rest.clear()
        with sock, contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)
        self._inbox.put(ClientCaughtUp(self))

    def _next_chunk(self) -> bytes:
        """Take whole lines off the rest, so that `finish` can put another line behind what is on its way."""
        with self._rest_lock:
            end = self._rest.rfind(b"\n", 0, RECV_SIZE) + 1
            chunk = bytes(self._rest[:end])
            before = len(self._rest)
            del self._rest[:end]
            self._writer_thread_runs = bool(chunk)
        if before > ANSWER_ROOM >= before - end:
            self._inbox.put(ClientCaughtUp(self))
        return chunk

    def finish(self, last_line: bytes = b"") -> None:
        """End the stream behind what waits, or behind a last line. Only the hub may call it.

        1. It MUST NOT wait for the socket.
        2. Without a last line, all that waits MUST be sent before the end; with one, of what waits only the
           rest of the line that was begun, so that the other side can read the last one.
        3. The end MUST come behind the last byte: if a writer thread runs, it sends the end.
        4. It MUST leave the reading direction open, so that the client's thread sees the other side's end;
           what still comes is read and thrown away.
        """
        self._finishing = True
        with self._rest_lock:
            if last_line:
                begun = self._rest.find(b"\n") + 1
                self._rest[begun or len(self._rest) :] = last_line
            if self._writer_thread_runs:
                return  # the writer ends the stream behind its last byte
        with contextlib.suppress(OSError):
            self._hub_socket.shutdown(socket.SHUT_WR)

    def abort(self) -> None:
        """End both directions at once. Only the hub may call it, also twice, and after `finish`.

        1. It MUST wake the client's thread out of `recv`, and end a pause within half a second.
        2. It MUST NOT close the hub's descriptor: the client's thread does, at its end.
        3. What waits MAY be lost.
        """
        self._finishing = True
        with contextlib.suppress(OSError):
            self._hub_socket.shutdown(socket.SHUT_RDWR)
        if sys.platform == "win32":  # there only closing wakes a recv
            self._socket.close()

    def release(self) -> None:
        """Let the client's thread end: the hub uses the connection no more. Only the hub may call it."""
        self._needed.release()

    def close(self) -> None:
        """Close both descriptors: at the end of the client's thread, or in place of its start."""
        self._socket.close()
        self._hub_socket.close()
