"""The hook through which a watcher sees every socket call; `None` where nobody watches.

`server.py` and `client/net/connection.py` take a `Tap` and call it after each socket call. Whoever passes one
in (the laboratory) must return at once, must not raise, and may be called from any thread.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

CallName = Literal["listen", "accept", "connect", "recv", "send", "close"]


@dataclass(frozen=True, slots=True)
class Call:
    """One socket call as the program sees it (a call, not a TCP segment: no program sees those)."""

    name: CallName
    connection: str
    """Which socket: the address of the other side, `host:port`; of a listener, its own."""
    data: bytes = b""
    """The bytes that the call moved."""
    held_before: bytes = b""
    """`recv`: the unfinished line that was in the line buffer; `send`: nothing."""
    held_after: bytes = b""
    """`recv`: the unfinished line left in the buffer; `send`: the bytes that the socket did not take."""
    thread: str = field(default_factory=lambda: threading.current_thread().name)
    time: float = field(default_factory=time.time)
    """Seconds since the epoch, UTC: of `send` when it began, of the others when they were done. So no answer
    is older than its question."""
    local: str = ""
    """Our side's address, `host:port`, where the caller knows it: two calls with each other's addresses are
    the two ends of one connection."""


Tap = Callable[[Call], None]
ActivityTap = Callable[[str, str], None]
"""A thread calls it just before it does something, with the name of that activity and the connection that
it concerns ("" for none); the watcher knows the thread by `threading.current_thread`. The laboratory shows
it, and its slow motion makes the thread wait in the call, so it must hold no lock then.

The activities are, on the server, `accept` of the accept thread; `recv`, `parse`, `throttle`, `turn` and
`inbox` of a client's thread; `wait`, `act`, `commit` and `send` of the hub; in the client, `connect`, `recv`,
`parse`, `queue` and `pause` of the receiver, `wait` and `send` of the sender.
"""
