"""The laboratory's memory of socket calls: bounded, filled by the threads that call, read by a window.

ring = Ring()
ChatServer(options, tap=ring)
calls, cursor = ring.calls_since(cursor)
"""

import threading
from collections import deque
from itertools import count, islice
from typing import Final, NamedTuple

from lab.wire.passwords import mask_call
from sockets.tap import Call

DEFAULT_SIZE: Final = 5000
"""Calls that are remembered unless the caller says otherwise."""
MAX_BYTES: Final = 8 * 1024 * 1024
"""Of all that the calls moved or held: one can move 64 KiB and hold a megabyte."""


class NumberedCall(NamedTuple):
    """A call and its number in the ring: the first is 1, and no number comes twice."""

    number: int
    call: Call


class Ring:
    """A tap (`sockets.tap.Tap`) that remembers the last calls, with their passwords masked.

    All methods may be called from any thread.
    """

    def __init__(self, size: int = DEFAULT_SIZE) -> None:
        """Args: size: how many calls are remembered; of more (or of MAX_BYTES), the oldest go."""
        self._calls: deque[Call] = deque()
        self._size = size
        self._bytes = 0
        self._last = 0
        """The number of the last call."""
        self._read = 0
        """The greatest cursor that was given to a reader."""
        self._lock = threading.Lock()

    def __call__(self, call: Call) -> None:
        """Remember a call; waits at most for another thread's `append`, and never raises.

        A thread tells of its `send` when that has returned, and another one may be faster to tell of the
        answer: as long as nobody has read that, the call stands before it. A thread's own calls stay as they
        come.
        """
        safe = mask_call(call)
        with self._lock:
            calls, at = self._calls, len(self._calls)
            unread = at - (self._last - self._read)
            while (
                at > unread and at and calls[at - 1].time > safe.time and calls[at - 1].thread != safe.thread
            ):
                at -= 1
            calls.insert(at, safe)
            self._last += 1
            self._bytes += _size(safe)
            while len(calls) > self._size or self._bytes > MAX_BYTES:
                self._bytes -= _size(calls.popleft())

    def calls_since(self, cursor: int = 0) -> tuple[list[NumberedCall], int]:
        """Return the calls after the cursor that are still remembered, oldest first, and the next cursor.

        A gap between the cursor and the first number says how many were forgotten unread.
        """
        with self._lock:
            self._read = self._last
            fresh = list(islice(reversed(self._calls), self._last - cursor))[::-1]
            return list(map(NumberedCall, count(self._last - len(fresh) + 1), fresh)), self._last

    def calls(self) -> list[Call]:
        """Return all calls that are remembered, oldest first."""
        return [numbered.call for numbered in self.calls_since()[0]]

    def clear(self) -> None:
        """Forget all calls; their numbers go on."""
        with self._lock:
            self._calls.clear()
            self._bytes = 0


def _size(call: Call) -> int:
    return len(call.data) + len(call.held_before) + len(call.held_after)
