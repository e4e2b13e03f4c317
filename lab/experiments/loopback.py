"""Real sockets on this computer for the experiments: pairs, servers, and clients in a few lines."""

import contextlib
import errno
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator

from lab.experiments.experiment import PATIENCE, Notebook
from protocol.framing import LineReader

HOST = "127.0.0.1"


@contextlib.contextmanager
def connected_sockets() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Yield the two ends of a TCP connection: the one that connected, and the one that was accepted."""
    with (
        socket.create_server((HOST, 0)) as listener,
        socket.create_connection(listener.getsockname(), PATIENCE) as ours,
        listener.accept()[0] as theirs,
    ):
        theirs.settimeout(PATIENCE)
        for end in (ours, theirs):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield ours, theirs


@contextlib.contextmanager
def serving(serve: Callable[[socket.socket], None]) -> Iterator[tuple[str, int]]:
    """Run a small server of `lab/wrong` in a thread; yield its address."""
    listener = socket.create_server((HOST, 0))
    with in_thread(lambda: serve(listener), "wrong server"):
        try:
            yield listener.getsockname()[:2]
        finally:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()


@contextlib.contextmanager
def in_thread(work: Callable[[], None], name: str) -> Iterator[None]:
    """Do something in a thread of its own; wait for its end.

    Raises:
        Exception: what `work` has raised; what the block raises because of it says less.
    """
    failed: list[Exception] = []

    def run() -> None:
        try:
            work()
        except Exception as error:
            failed.append(error)

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    try:
        yield
    except Exception as error:
        if failed:
            raise failed[0] from error
        raise
    finally:
        thread.join(PATIENCE)
    if failed:
        raise failed[0]


def receive(sock: socket.socket) -> bytes:
    """Return the next bytes of a stream that is not at its end.

    Raises:
        ConnectionAbortedError: it has ended; what was to come does not come any more.
        OSError: the system's reasons.
    """
    data = sock.recv(65536)
    if not data:
        raise ConnectionAbortedError(errno.ECONNABORTED, os.strerror(errno.ECONNABORTED))
    return data


def send_in_pieces(
    sock: socket.socket, stream: bytes, size: int, delay: float, notebook: Notebook, who: str
) -> None:
    """Send bytes in pieces of `size`, `delay` seconds apart, and write each `send` down."""
    for start in range(0, len(stream), size):
        if start:
            time.sleep(delay)
        piece = stream[start : start + size]
        notebook.note_call(who, "send", piece)
        sock.sendall(piece)


class PlainClient:
    """A plain IRC client: one socket, no thread; at the end of a `with` it closes without a word."""

    def __init__(
        self, address: tuple[str, int], nick: str, notebook: Notebook | None = None, *, buffer: int = 0
    ) -> None:
        """Connect.

        Args:
            notebook: where its calls are written down, if at all.
            buffer: bytes that the system may keep for it; 0 leaves that to the system.
        """
        self.nick = nick
        self.notebook = notebook
        self.sock = socket.socket()
        if buffer:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(address)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._reader = LineReader()
        self._lines: list[bytes] = []

    def __enter__(self) -> "PlainClient":
        return self

    def __exit__(self, *_error: object) -> None:
        self.sock.close()

    def send(self, *lines: str) -> None:
        """Send lines in one call."""
        data = "".join(f"{line}\r\n" for line in lines).encode()
        if self.notebook:
            self.notebook.note_call(self.nick, "send", data)
        self.sock.sendall(data)

    def wait_for(self, *marks: str, seconds: float = PATIENCE) -> str:
        """Read lines up to the first that holds one of the marks, and return it.

        Raises:
            TimeoutError: it did not come in time.
            ConnectionAbortedError: the stream ended before it.
        """
        deadline = time.monotonic() + seconds
        while True:
            while self._lines:
                line = self._lines.pop(0).decode("utf-8", "replace")
                if any(mark in line for mark in marks):
                    return line
            self.sock.settimeout(max(0.001, deadline - time.monotonic()))
            data = receive(self.sock)
            if self.notebook:
                self.notebook.note_call(self.nick, "recv", data)
            self._lines += self._reader.feed(data)

    def enter(self, room: str) -> None:
        """Register and enter a room."""
        self.send(f"NICK {self.nick}", "USER lab 0 * :lab", f"JOIN {room}")
        self.wait_for(" 366 ")

    def read_to_end(self) -> bytes:
        """Return all bytes that are still to come, up to the end of the stream.

        Raises:
            TimeoutError: the server does not end it.
        """
        received = bytearray()
        self.sock.settimeout(PATIENCE)
        while data := self.sock.recv(65536):
            received += data
        return bytes(received)
