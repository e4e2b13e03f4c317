"""One client's connection at the server: read by a thread of its own, written by the hub without waiting."""

import contextlib
import socket
import sys
import threading
import time
from collections.abc import Callable
from queue import SimpleQueue
from typing import Final

from protocol.framing import MAX_LINE, LineReader
from protocol.message import LineTooLongError, MalformedLineError, Message, decode
from sockets.tap import ActivityTap, Call, Tap

RECV_SIZE: Final = 64 * 1024
IDLE_SECONDS: Final = 90.0
"""A client that says nothing for so long is sent PING; after as long again it is dropped."""
MAX_TURN: Final = 40
"""Lines of a client that is slowed down which the hub gets at once."""
MAX_SENDQ: Final = 1024 * 1024
"""Bytes that may wait for a client that does not read."""

Line = Message | ValueError


def read_line(raw: bytes) -> Line:
    """Parse a line; return, rather than raise, what is wrong with it."""
    try:
        return decode(raw)
    except (LineTooLongError, MalformedLineError, UnicodeDecodeError) as error:
        return error


class Connection:
    """One client's socket: its own thread reads it, the hub writes to it without waiting.

    A socket with a timeout is non-blocking underneath and the timeout belongs to the Python object; so a
    `dup` lets one thread wait in `recv` while another sends without waiting. Each descriptor is closed by
    the one thread that uses it: closed by another, its number could already be somebody else's.
    """

    def __init__(
        self,
        sock: socket.socket,
        address: tuple[str, int],
        inbox: "Inbox",
        *,
        secure: bool = False,
        slow_down: Callable[[int], float] | None = None,
        tap: Tap | None = None,
        activity_tap: ActivityTap | None = None,
    ) -> None:
        """Take over an accepted socket.

        Args:
            secure: what came was encrypted on its way here.
            slow_down: told how many lines came, returns how many seconds to wait before the next are read.

        Raises:
            OSError: no descriptor is left for the second face of the socket.
        """
        self.name = f"{address[0]}:{address[1]}"
        self.address = address
        self.secure = secure
        self.turn = threading.Lock()
        """Held while a chunk of this client waits in the inbox: so long, no other is put there."""
        self._inbox = inbox
        self._slow_down = slow_down
        self._tap = tap
        self._activity_tap = activity_tap
        self._reader = sock
        self._reader.settimeout(IDLE_SECONDS)
        self._writer = sock.dup()
        self._writer.settimeout(0)
        self._rest = bytearray()
        self._rest_lock = threading.Lock()
        self._writer_runs = False
        self._finishing = False
        self.thread = threading.Thread(target=self._read, name=f"client {self.name}", daemon=True)

    def _read(self) -> None:
        """Read until the connection ends; the client's own thread."""
        self._inbox.put((self, None))
        reason = self._read_lines()
        self._inbox.put((self, reason))
        self._reader.close()
        if self._tap:
            self._tap(Call("close", self.name))

    def _read_lines(self) -> str:
        reader = LineReader()
        while True:
            self._tell("recv")
            try:
                data = self._reader.recv(RECV_SIZE)
            except TimeoutError:
                self._inbox.put((self, ()))
                continue
            except OSError as error:
                return error.strerror or str(error)
            held = reader.held
            lines = reader.feed(data)
            if self._tap:
                self._tap(Call("recv", self.name, data, held, reader.held))
            if not data:
                return "Connection closed"
            if self._slow_down and (unheard := len(data) // MAX_LINE - len(lines)) > 0:
                self._pause(self._slow_down(unheard))  # empty lines, or an endless one, are work too
            step = MAX_TURN if self._slow_down else max(1, len(lines))
            for start in range(0, len(lines), step):
                self._hand_over(lines[start : start + step])

    def _tell(self, activity: str) -> None:
        if self._activity_tap:
            self._activity_tap(activity, self.name)

    @property
    def waiting(self) -> int:
        """Bytes that the socket has not taken yet; may be called from any thread."""
        return len(self._rest)

    def _hand_over(self, lines: list[bytes]) -> None:
        """Parse lines and put them into the inbox when it is their turn.

        Who is slowed down has its lines parsed late: that too is work, which takes the hub's time.
        """
        if self._slow_down and not self._finishing:
            self._pause(self._slow_down(len(lines)))
        if not self._finishing:
            self._tell("parse")
            parsed = tuple(map(read_line, lines))
            self._tell("turn")
            self.turn.acquire()
            self._tell("inbox")
            self._inbox.put((self, parsed))

    def _pause(self, delay: float) -> None:
        """A flooder is not read for a while: TCP's flow control pushes back on it alone."""
        if delay > 0:
            self._tell("throttle")
        while delay > 0 and not self._finishing:
            time.sleep(min(delay, 0.5))
            delay -= 0.5

    def send(self, data: bytes | bytearray) -> bool:
        """Send what the socket takes and keep the rest; return False if too much waits.

        For the hub; never blocks.
        """
        with self._rest_lock:
            if self._writer_runs:
                self._rest += data
                return len(self._rest) <= MAX_SENDQ
        began = time.time() if self._tap else 0.0
        try:
            sent = self._writer.send(data)
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
            return self._start_writer() and len(data) - sent <= MAX_SENDQ
        return True

    def _start_writer(self) -> bool:
        """Leave the rest to a writer thread; return False if no descriptor or no thread is left for it."""
        try:
            # Not in that thread: by then the hub may have closed its descriptor, and the number be another's.
            sock = self._writer.dup()
        except OSError:
            return False
        self._writer_runs = True
        try:
            name = f"writer {self.name}"
            threading.Thread(target=self._write_rest, args=(sock,), name=name, daemon=True).start()
        except RuntimeError:
            self._writer_runs = False
            sock.close()
            return False
        return True

    def _write_rest(self, sock: socket.socket) -> None:
        """Send what the socket did not take at once, until nothing is left; the writer thread."""
        sock.settimeout(IDLE_SECONDS)
        with sock:
            try:
                while chunk := self._next_chunk():
                    began = time.time()
                    sock.sendall(chunk)
                    if self._tap:
                        self._tap(Call("send", self.name, chunk, time=began))
                # The hub sends nothing more once it finishes; what it sent just before has another writer.
                if self._finishing and not self._writer_runs:
                    sock.shutdown(socket.SHUT_WR)
            except OSError:
                # A line may have been cut: nothing can follow it, and the client's thread is to end.
                self._finishing = True
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)

    def _next_chunk(self) -> bytes:
        """Take whole lines off the rest, so that `finish` can put another line behind what is on its way."""
        with self._rest_lock:
            end = self._rest.rfind(b"\n", 0, RECV_SIZE) + 1
            chunk = bytes(self._rest[:end])
            del self._rest[:end]
            self._writer_runs = bool(chunk)
            return chunk

    def finish(self, last_line: bytes = b"") -> None:
        """End the stream behind what waits; with a `last_line`, only the line begun is sent before it.

        For the hub.
        """
        self._finishing = True
        with self._rest_lock:
            if last_line:
                begun = self._rest.find(b"\n") + 1
                self._rest[begun or len(self._rest) :] = last_line
            if self._writer_runs:
                return  # the writer ends the stream behind its last byte
        with contextlib.suppress(OSError):
            self._writer.shutdown(socket.SHUT_WR)

    def abort(self) -> None:
        """Wake the client's thread, which then ends. For the hub."""
        self._finishing = True
        with contextlib.suppress(OSError):
            self._writer.shutdown(socket.SHUT_RDWR)
        if sys.platform == "win32":  # there only closing wakes a recv
            self._reader.close()

    def close(self) -> None:
        """Close the hub's descriptor, when the client's thread has ended. For the hub."""
        self._writer.close()


Item = tuple[Connection, tuple[Line, ...] | str | None]
"""A connection and its lines; no lines: it idles; None: it is new; a text: why it ended."""
Inbox = SimpleQueue[Item | None]
"""What client threads put in and the hub takes out; None asks the hub to stop."""
