"""What each thread is doing now, as the threads themselves tell it; and slow motion for a demonstration."""

import threading
import time
from collections import deque
from typing import Final, NamedTuple

REMEMBERED: Final = 500
"""Steps that are kept for who has not read them yet."""
MAX_THREADS: Final = 2000
"""Threads that are known; of more, the first that came are forgotten."""
WAITING: Final = frozenset({"accept", "recv", "wait", "turn", "pause", "throttle"})
"""What a thread does while nothing goes on; slow motion does not make it longer."""


class Doing(NamedTuple):
    """What a thread was about to do."""

    thread: str
    stage: str
    """One of the words of `sockets.tap.Stage`."""
    about: str
    since: float
    """By `time.monotonic`."""


class Board:
    """A watcher of stages (`sockets.tap.Stage`). May be used from any thread.

    Slow motion is off unless `set_pace` is called.
    """

    def __init__(self) -> None:
        self.pace = 0.0
        """Seconds that a thread waits before each step that moves a message."""
        self._now: dict[str, Doing] = {}
        self._steps: deque[tuple[int, Doing]] = deque(maxlen=REMEMBERED)
        self._count = 0
        self._lock = threading.Lock()
        self._hurry = threading.Event()

    def __call__(self, stage: str, about: str) -> None:
        """Note what the calling thread is about to do; in slow motion, wait."""
        doing = Doing(threading.current_thread().name, stage, about, time.monotonic())
        with self._lock:
            if len(self._now) >= MAX_THREADS and doing.thread not in self._now:
                self._now.pop(next(iter(self._now)))
            self._now[doing.thread] = doing
            self._count += 1
            self._steps.append((self._count, doing))
        if self.pace and stage not in WAITING:
            self._hurry.wait(self.pace)

    def of(self, thread: str) -> Doing | None:
        """Return what a thread does, by its name; None if it has not told anything."""
        return self._now.get(thread)

    def since(self, cursor: int) -> tuple[list[Doing], int]:
        """Return the steps after the cursor that are still known, and the next cursor."""
        with self._lock:
            return [doing for number, doing in self._steps if number > cursor], self._count

    def set_pace(self, seconds: float) -> None:
        """Let each step wait so long; with 0 everybody goes on at once."""
        self.pace = seconds
        if seconds:
            self._hurry.clear()
        else:
            self._hurry.set()
