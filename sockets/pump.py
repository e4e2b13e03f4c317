"""The thread of a TLS connection: plain bytes on one side, TLS records on the other (see `sockets.tls`)."""

import contextlib
import selectors
import socket
import ssl
import time
from collections.abc import Callable
from typing import Final

from sockets.hangup import has_hung_up

LINGER_SECONDS: Final = 2.0
"""How long, without a byte moving, one direction may stay open after the end of the other was told."""
STALLED_SECONDS: Final = 60.0
"""If the other side takes nothing of what waits for it for so long, the connection is cut."""
BUFFER: Final = 64 * 1024
"""Bytes that may wait in each direction before the pump stops reading what would add to them."""
CHUNK: Final = 16 * 1024  # bytes that one call moves at most: those of a TLS record
RECORDS_AT_ONCE: Final = 64
"""Records that are decrypted before it is looked whether that is too many: each may hold a single byte."""
CHECK_SECONDS: Final = 0.25  # how often who waits looks whether the program has given up
_Selector: Final[type[selectors.BaseSelector]] = getattr(
    selectors, "PollSelector", selectors.SelectSelector
)  # poll: no limit of 1024 descriptors, and none of its own


class Pump:
    """Moves the bytes of one connection; everything here runs in its own thread."""

    def __init__(
        self,
        tcp: socket.socket,
        program: socket.socket,
        tls: ssl.SSLObject,
        incoming: ssl.MemoryBIO,
        outgoing: ssl.MemoryBIO,
        throttle: Callable[[int], float] | None = None,
    ) -> None:
        """Args: throttle: told how many records came, returns how many seconds to wait before the next."""
        self._tcp = tcp
        self._program = program
        self._tls = tls
        self._incoming = incoming
        self._outgoing = outgoing
        self._throttle = throttle
        self._hung_up_at = 0.0
        """When that was seen while the other side was slowed down; 0 if it was not."""
        self._to_encrypt = bytearray()
        self._to_peer = bytearray()
        self._to_program = bytearray()
        self._program_ended = False
        self._peer_ended = False
        self._end_sent = False
        """close_notify stands in `_to_peer`, or was sent."""
        self._peer_told = False
        """Nothing can or will be sent to the other side any more."""
        self._program_told = False

    def run(self, handshake: Callable[[Callable[[], bool]], object] | None) -> None:
        """Move bytes until both directions have ended, or the connection is lost; then close both sockets.

        Args:
            handshake: is to be done first; it asks now and then whether the program has given up.
        """
        self._program.setblocking(False)
        # After an error the program sees the end.
        with self._program, self._tcp, contextlib.suppress(OSError):
            if handshake:
                handshake(self._is_given_up)
            self._tcp.setblocking(False)
            with _Selector() as selector:
                self._exchange(selector)

    def _is_given_up(self) -> bool:
        """The program has closed its end during the handshake."""
        if len(self._to_encrypt) < BUFFER:
            self._read_program()
        return self._program_ended

    def _exchange(self, selector: selectors.BaseSelector) -> None:
        moved_at = time.monotonic()
        while True:
            moved = self._decrypt() | self._encrypt() | self._deliver()
            if self._peer_told and self._program_told:
                return
            now = time.monotonic()
            if moved:  # which may have made room for more
                moved_at = now
                continue
            ending = self._program_ended or self._peer_told
            patience = LINGER_SECONDS if ending else STALLED_SECONDS
            waits = ending or bool(self._to_peer)
            if waits and (now - moved_at > patience or self._is_abandoned()):
                return
            self._watch(selector, self._tcp, self._events_of_tcp())
            self._watch(selector, self._program, self._events_of_program())
            for key, events in selector.select(CHECK_SECONDS if waits else None):
                if events & selectors.EVENT_READ:
                    (self._read_tcp if key.fileobj is self._tcp else self._read_program)()
                    moved_at = time.monotonic()

    def _is_abandoned(self) -> bool:
        """The program has closed its end though not all is sent: an end of file that we are not reading for.

        Where a system does not tell, `STALLED_SECONDS` bounds the wait.
        """
        if self._program_told or self._program_ended:
            return False
        try:
            self._program.send(b"")
        except BlockingIOError:
            return False
        except OSError:
            return True
        return False

    def _events_of_tcp(self) -> int:
        # TLS's own answers may go beyond BUFFER, but not without bound.
        room = len(self._to_program) < BUFFER and len(self._to_peer) < 4 * BUFFER
        read = room and not self._peer_ended and not self._incoming.pending
        return (selectors.EVENT_READ if read else 0) | (selectors.EVENT_WRITE if self._to_peer else 0)

    def _events_of_program(self) -> int:
        read = not self._program_ended and len(self._to_peer) + len(self._to_encrypt) < BUFFER
        return (selectors.EVENT_READ if read else 0) | (selectors.EVENT_WRITE if self._to_program else 0)

    @staticmethod
    def _watch(selector: selectors.BaseSelector, sock: socket.socket, events: int) -> None:
        known = selector.get_map().get(sock)
        if known and not events:
            selector.unregister(sock)
        elif known and known.events != events:
            selector.modify(sock, events)
        elif not known and events:
            selector.register(sock, events)

    def _read_tcp(self) -> None:
        data = _receive(self._tcp)
        if data:
            self._incoming.write(data)
        elif data is not None:
            self._incoming.write_eof()  # without close_notify: lines are whole or not there, as with TCP

    def _read_program(self) -> None:
        data = _receive(self._program)
        if data is not None:
            self._to_encrypt += data
            self._program_ended = not data

    def _is_left(self) -> bool:
        """Tell whether the other side hung up a while ago: its records that wait die with the connection."""
        if not has_hung_up(self._tcp):
            return False
        self._hung_up_at = self._hung_up_at or time.monotonic()
        return time.monotonic() - self._hung_up_at >= LINGER_SECONDS

    def _encrypt(self) -> bool:
        """Turn what the program said, and its end, into TLS records; tell whether there was anything."""
        before = len(self._to_encrypt)
        if self._peer_told:
            self._to_encrypt.clear()
        try:
            while self._to_encrypt:
                del self._to_encrypt[: self._tls.write(self._to_encrypt[:CHUNK])]
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError:
            self._to_encrypt.clear()
        # `unwrap` writes close_notify, then looks for the other side's, and would throw away a record of data
        # that it finds instead: all that came must have been read before.
        read_all = self._peer_ended or not self._incoming.pending
        if self._program_ended and not self._to_encrypt and not self._end_sent and read_all:
            self._end_sent = True
            with contextlib.suppress(ssl.SSLError):
                self._tls.unwrap()
        return len(self._to_encrypt) < before

    def _decrypt(self) -> bool:
        """Turn the records that came into what the other side said; tell whether there was anything."""
        before = len(self._to_program)
        records = 0
        try:
            while not self._peer_ended and len(self._to_program) < BUFFER and records < RECORDS_AT_ONCE:
                data = self._tls.read(CHUNK)
                records += 1
                self._to_program += data
                self._peer_ended = not data
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError:  # close_notify, the end of the stream, or garbage
            self._peer_ended = True
        if self._throttle and records:
            time.sleep(self._throttle(records))
            self._peer_ended |= self._is_left()
        if self._program_told:
            self._to_program.clear()
        return len(self._to_program) > before

    def _deliver(self) -> bool:
        """Send what both sockets take; pass ends on; tell whether anything moved."""
        self._to_peer += self._outgoing.read()
        waiting = len(self._to_peer) + len(self._to_program)
        if not _send_some(self._tcp, self._to_peer):
            self._peer_told = True
        if not _send_some(self._program, self._to_program):
            self._program_told = self._program_ended = True
        if self._end_sent and not self._to_peer and not self._peer_told:
            self._peer_told = True
            _shut_down(self._tcp)
        if self._peer_ended and not self._to_program and not self._program_told:
            self._program_told = True
            _shut_down(self._program)
        return len(self._to_peer) + len(self._to_program) < waiting


def _receive(sock: socket.socket) -> bytes | None:
    """Return what has come, `b""` if nothing comes any more, None if nothing is there yet."""
    try:
        return sock.recv(CHUNK)
    except (BlockingIOError, InterruptedError):
        return None
    except OSError:
        return b""


def _send_some(sock: socket.socket, data: bytearray) -> bool:
    """Send what the socket takes; False, and nothing is left, if the other side takes nothing any more."""
    try:
        while data:
            del data[: sock.send(data)]
    except (BlockingIOError, InterruptedError):
        pass
    except OSError:
        data.clear()
        return False
    return True


def _shut_down(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        sock.shutdown(socket.SHUT_WR)
