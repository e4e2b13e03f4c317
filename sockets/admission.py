"""How many may come in: in all, and from one address (of IPv6: one network); this computer is not limited."""

import contextlib
import sys
import threading
from collections import Counter

from protocol.addresses import account_of, is_loopback


class Admission:
    """Counts the connections. May be used from any thread."""

    def __init__(self, most: int, most_from_one: int) -> None:
        self._most = most
        self._most_from_one = most_from_one
        self._here: Counter[str] = Counter()
        self._lock = threading.Lock()

    def admit(self, address: str) -> str:
        """Count a connection in and return "", or return in English why it may not come in."""
        with self._lock:
            if self._here.total() >= self._most:
                return "the server is full; try again later"
            account = account_of(address)
            if self._here[account] >= self._most_from_one and not is_loopback(address):
                return "too many connections from your address"
            self._here[account] += 1
            return ""

    def leave(self, address: str) -> None:
        """Count out a connection that was let in and has ended."""
        with self._lock:
            account = account_of(address)
            self._here[account] -= 1
            if not self._here[account]:
                del self._here[account]


def allow_many_descriptors() -> None:
    """A client takes two descriptors, and many systems allow a process 1024 unless it asks for more."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not on Windows

        _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        with contextlib.suppress(ValueError, OSError):  # macOS calls its limit infinite and refuses that
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
