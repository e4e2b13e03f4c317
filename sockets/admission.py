"""How many may come in: in all, and from one address (of IPv6: one network); this computer is not limited."""

import contextlib
import socket
import sys
import threading

from protocol.addresses import account_of, is_loopback
from sockets.hangup import has_hung_up


class Admission:
    """Counts the connections. May be used from any thread.

    1. Who comes back at once MUST be let in, though the hub has not heard yet that he went: of an address
       that has all its places, those that have hung up are counted out.
    2. They still hold threads and descriptors, so with them too an address MUST NOT have more than twice as
       many connections as it may, nor the server more than it may.
    """

    def __init__(self, most: int, most_from_one: int) -> None:
        self._most = most
        self._most_from_one = most_from_one
        self._here: dict[str, set[socket.socket]] = {}
        self._lock = threading.Lock()

    def admit(self, address: str, sock: socket.socket) -> str:
        """Count a connection in and return "", or return in English why it may not come in."""
        with self._lock:
            if sum(map(len, self._here.values())) >= self._most:
                return "the server is full; try again later"
            here = self._here.setdefault(account_of(address), set())
            if len(here) >= self._most_from_one and not is_loopback(address):
                still_here = len(here) - sum(map(has_hung_up, here))
                if max(still_here, len(here) // 2) >= self._most_from_one:
                    return "too many connections from your address"
            here.add(sock)
            return ""

    def leave(self, address: str, sock: socket.socket) -> None:
        """Count out a connection that was let in and has ended."""
        with self._lock:
            account = account_of(address)
            self._here[account].discard(sock)
            if not self._here[account]:
                del self._here[account]


def allow_many_descriptors() -> None:
    """A client takes two descriptors, and many systems allow a process 1024 unless it asks for more."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not on Windows

        _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        with contextlib.suppress(ValueError, OSError):  # macOS calls its limit infinite and refuses that
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
