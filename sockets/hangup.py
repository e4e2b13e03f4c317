"""Whether the other side has hung up, though bytes that nobody has read yet stand before the end."""

import contextlib
import select
import socket
import sys
from typing import Final

_POLLRDNORM: Final = 0x0100  # winsock2.h
_POLLERR_OR_POLLHUP: Final = 0x0003


def has_hung_up(sock: socket.socket) -> bool:
    """Tell whether the other side has ended its direction, or the connection; nothing is read.

    May be called from any thread, also about a socket that is being closed.
    """
    number = sock.fileno()
    if number < 0:
        return True
    with contextlib.suppress(OSError):
        if sys.platform == "win32":
            return _ask_winsock(number)
        if sys.platform == "linux":
            poll = select.poll()
            poll.register(number, select.POLLRDHUP)
            return bool(poll.poll(0))
        with contextlib.closing(select.kqueue()) as queue:
            wanted = select.kevent(number, select.KQ_FILTER_READ, select.KQ_EV_ADD)
            return any(found.flags & select.KQ_EV_EOF for found in queue.control([wanted], 1, 0))
    return False  # no descriptor is left to ask with: the next time


if sys.platform == "win32":
    import ctypes

    class _PollEntry(ctypes.Structure):
        """WSAPOLLFD."""

        _fields_ = (
            ("socket", ctypes.c_size_t),
            ("events", ctypes.c_short),
            ("found", ctypes.c_short),
        )

    def _ask_winsock(number: int) -> bool:
        entry = _PollEntry(number, _POLLRDNORM, 0)
        ctypes.windll.ws2_32.WSAPoll(ctypes.byref(entry), 1, 0)
        return bool(entry.found & _POLLERR_OR_POLLHUP)
