"""What each thread is doing now, as the threads themselves tell it; and slow motion for demonstrations."""

import threading
import time
from collections import deque
from typing import Final, NamedTuple

REMEMBERED: Final = 500
"""Activities that are kept for a reader that has not fetched them yet."""
MAX_THREADS: Final = 2000
"""Threads that are remembered; of more, those that came first are forgotten."""
WAITING: Final = frozenset({"accept", "recv", "wait", "turn", "pause", "throttle"})
"""Activities of a thread that waits anyway; slow motion does not prolong them."""


class Activity(NamedTuple):
    """What a thread was about to do."""

    thread: str
    name: str
    """One of the words of `sockets.tap.ActivityTap`."""
    about: str
    """Which connection it concerns; "" for none."""
    since: float
    """By `time.monotonic`."""


class ActivityTracker:
    """Remembers what each thread is doing (`sockets.tap.ActivityTap`). May be used from any thread.

    Slow motion is off unless `set_pace` is called.
    """

    def __init__(self) -> None:
        self.pace = 0.0
        """Seconds that a thread waits before each step that moves a message."""
        self._now: dict[str, Activity] = {}
        self._steps: deque[tuple[int, Activity]] = deque(maxlen=REMEMBERED)
        self._count = 0
        self._lock = threading.Lock()
        self._hurry = threading.Event()

    def __call__(self, name: str, about: str) -> None:
        """Remember what the calling thread is about to do; in slow motion, wait."""
        activity = Activity(threading.current_thread().name, name, about, time.monotonic())
        with self._lock:
            if len(self._now) >= MAX_THREADS and activity.thread not in self._now:
                self._now.pop(next(iter(self._now)))
            self._now[activity.thread] = activity
            self._count += 1
            self._steps.append((self._count, activity))
        if self.pace and name not in WAITING:
            self._hurry.wait(self.pace)

    def current(self, thread: str) -> Activity | None:
        """Return what the thread of this name is doing; None if it has not told anything."""
        return self._now.get(thread)

    def activities_since(self, cursor: int) -> tuple[list[Activity], int]:
        """Return the activities after the cursor that are still remembered, and the next cursor."""
        with self._lock:
            return [activity for number, activity in self._steps if number > cursor], self._count

    def set_pace(self, seconds: float) -> None:
        """Let each step wait this long; 0 lets every thread go on at once."""
        self.pace = seconds
        if seconds:
            self._hurry.clear()
        else:
            self._hurry.set()
